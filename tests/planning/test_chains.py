"""Concatenating series, person by person."""

import numpy as np
import pytest

from vidpose.planning.chains import PoseSeries, concatenate, empty_track, renumbered, without_warmup
from vidpose.types.pose import PoseTrack


def track(start, n_frames, value):
    shape = (n_frames, 33)
    return PoseTrack(
        pts=np.arange(start, start + n_frames),
        timestamps_s=np.arange(start, start + n_frames) / 10,
        image_px=np.full((*shape, 2), value),
        z_rel=np.full(shape, value),
        visibility=np.full(shape, 0.9),
        presence=np.full(shape, 0.8),
        world_m=np.full((*shape, 3), value),
        corrupt=np.zeros(n_frames, dtype=bool),
        estimated=np.arange(n_frames) % 2 == 0,
    )


def series(start, values, n_frames=4, n_warmup=0):
    people = {number: track(start, n_frames, value) for number, value in values.items()}
    frames = next(iter(people.values()), None) or empty_track(track(start, n_frames, 0.0))
    warmup = np.arange(n_frames) < n_warmup
    return PoseSeries(people, frames, warmup, {number: (value, 1.0) for number, value in values.items()})


def test_people_are_joined_by_number_and_missing_where_they_are_not():
    joined = concatenate([series(0, {0: 1.0}), series(4, {1: 2.0}), series(8, {0: 3.0, 1: 4.0})], 12)
    assert sorted(joined.people) == [0, 1]
    assert joined.frames.pts.tolist() == list(range(12))
    assert joined.people[0].found.tolist() == [True] * 4 + [False] * 4 + [True] * 4
    assert joined.people[1].found.tolist() == [False] * 4 + [True] * 8
    assert joined.people[1].image_px[-1, 0, 0] == 4.0
    assert np.isnan(joined.people[0].visibility[4:8]).all()
    assert joined.appearances == {0: (3.0, 1.0), 1: (4.0, 1.0)}, "the latest appearance counts"


def test_times_damage_and_sampling_belong_to_the_frames_and_stay():
    missing = empty_track(track(3, 4, 1.0))
    assert not missing.found.any()
    assert missing.pts.tolist() == [3, 4, 5, 6]
    assert missing.estimated.tolist() == [True, False, True, False]


def test_warm_up_frames_are_dropped_everywhere():
    core = without_warmup(series(0, {0: 1.0, 5: 2.0}, n_warmup=3))
    assert core.frames.pts.tolist() == [3]
    assert [person.n_frames for person in core.people.values()] == [1, 1]
    assert core.warmup.tolist() == [False]


def test_new_numbers_go_with_appearances():
    other = renumbered(series(0, {0: 1.0, 1: 2.0}), {0: 7, 1: 0})
    assert other.people[7].image_px[0, 0, 0] == 1.0
    assert other.appearances == {7: (1.0, 1.0), 0: (2.0, 1.0)}


def test_stretches_without_anybody_still_have_frames():
    joined = concatenate([series(0, {}), series(4, {})], 8)
    assert joined.people == {}
    assert joined.frames.n_frames == 8


def test_overlapping_stretches_are_refused():
    with pytest.raises(ValueError, match="increasing"):
        concatenate([series(0, {0: 1.0}), series(2, {0: 1.0})], 8)


def test_people_share_what_belongs_to_the_frames_and_nothing_can_be_written():
    joined = concatenate(iter([series(0, {0: 1.0, 1: 2.0}), series(4, {1: 2.0})]), 8)
    assert joined.people[0].timestamps_s is joined.people[1].timestamps_s
    assert joined.frames is joined.people[0]
    assert not joined.people[1].image_px.flags.writeable


@pytest.mark.parametrize("n_frames", [7, 9])
def test_another_number_of_frames_is_refused(n_frames):
    with pytest.raises(ValueError):
        concatenate([series(0, {0: 1.0}), series(4, {0: 1.0})], n_frames)

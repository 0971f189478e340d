"""Pictures that are stored again are found by their changes, and nothing is measured in them."""

import numpy as np
import pytest

from vidpose.planning.chains import PoseSeries
from vidpose.planning.repeats import find_repeats, repeat_findings, without_repeats
from vidpose.types.pose import PoseTrack


def changes_of(new_hz, stored_hz, seconds=4.0, noise=0.5):
    """Changes from frame to frame of a moving picture that is stored more often than it was filmed."""
    random = np.random.default_rng(0)
    times = np.arange(round(seconds * stored_hz)) / stored_hz
    picture = np.floor(times * new_hz + 1e-9)
    is_new = np.append(True, np.diff(picture) > 0)
    changes = np.where(is_new, random.uniform(8, 40, len(times)), random.uniform(0, noise, len(times)))
    changes[0] = np.nan
    return changes, times, ~is_new


@pytest.mark.parametrize(("new_hz", "stored_hz"), [(20, 60), (24, 30), (25, 30), (30, 60), (15, 30), (10, 240)])
def test_every_repeat_is_found_and_the_real_rate_is_told(new_hz, stored_hz):
    changes, times, is_repeat = changes_of(new_hz, stored_hz)
    inner = slice(stored_hz // 2, -stored_hz // 2)
    found = find_repeats(changes, times)
    assert found[inner].tolist() == is_repeat[inner].tolist()
    assert not (found & ~is_repeat).any()
    (finding,) = repeat_findings(found, times)
    assert finding.details["picture_rate_hz"] == pytest.approx(new_hz, rel=0.05)
    assert f"about {new_hz} are different" in finding.message


def test_who_stands_still_or_turns_round_repeats_no_picture():
    times = np.arange(240) / 60
    still = np.where((times > 1) & (times < 3), 0.0, 20.0)
    turning = 20 * np.abs(np.sin(2 * np.pi * 0.6 * times))
    for changes in (still, turning, np.zeros(240)):
        assert not find_repeats(changes, times).any()


@pytest.mark.parametrize("n_frames", [0, 1, 2, 3])
def test_very_short_videos_have_none(n_frames):
    times = np.arange(n_frames) / 30
    repeated = find_repeats(np.full(n_frames, np.nan), times)
    assert repeated.shape == (n_frames,)
    assert not repeated.any()
    assert repeat_findings(repeated, times) == ()


def series(estimated):
    n = len(estimated)
    values = np.where(estimated, np.arange(n), np.nan).astype(np.float32)

    def like(*shape):
        return np.broadcast_to(values.reshape(-1, 1, *[1] * len(shape)), (n, 33, *shape)).copy()

    track = PoseTrack(
        pts=np.arange(n),
        timestamps_s=np.arange(n) / 60,
        image_px=like(2),
        z_rel=like(),
        visibility=like(),
        presence=like(),
        world_m=like(3),
        corrupt=np.zeros(n, bool),
        estimated=np.array(estimated),
    )
    return PoseSeries({0: track}, track, np.zeros(n, bool), {})


def test_nothing_is_measured_in_a_repeat_and_an_estimate_in_one_belongs_to_the_first_frame():
    repeated = np.array([False, True, True, False, True, True])
    kept = without_repeats(series([True] * 6), repeated)
    assert kept.people[0].estimated.tolist() == [True, False, False, True, False, False]
    assert np.flatnonzero(kept.people[0].found).tolist() == [0, 3]
    moved = without_repeats(series([True, False, False, False, False, True]), repeated)
    assert moved.frames.estimated.tolist() == [True, False, False, True, False, False]
    assert moved.people[0].image_px[3, 0, 0] == 5
    same = series([True] * 6)
    assert without_repeats(same, np.zeros(6, bool)) is same

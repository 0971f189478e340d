"""Cuts between shots: who is in which shot, which frames show none, and what is told."""

import numpy as np

from vidpose.planning.chains import PoseSeries, empty_track
from vidpose.planning.shots import cut_findings, shot_of, shot_starts, whoever_is_seen, without_fades
from vidpose.types.pose import PoseTrack
from vidpose.types.transition import Cut

N = 30
CUTS = (Cut(100, 100), Cut(180, 220, "fade"))


def track(first, last, value=1.0):
    """A person who is seen in frames first to last - 1; stamps are ten times the frame number."""
    seen = (np.arange(N) >= first) & (np.arange(N) < last)

    def filled(*shape):
        values = np.full((N, 33, *shape), np.nan, np.float32)
        values[seen] = value
        return values

    return PoseTrack(
        pts=10 * np.arange(N),
        timestamps_s=np.arange(N) / 10,
        image_px=filled(2),
        z_rel=filled(),
        visibility=filled(),
        presence=filled(),
        world_m=filled(3),
        corrupt=np.zeros(N, bool),
    )


def test_a_person_belongs_to_the_shot_in_which_they_are_first_seen():
    assert [shot_of(track(first, N), CUTS) for first in (0, 9, 10, 18, 22)] == [0, 0, 1, 1, 2]
    assert shot_of(track(0, 0), CUTS) == 0
    assert shot_of(track(5, N), ()) == 0


def test_a_new_stretch_begins_with_every_shot_and_every_fade():
    assert shot_starts(track(0, N), CUTS) == (10, 18, 22)


def test_nobody_is_seen_while_shots_mix():
    one = track(0, N)
    series = PoseSeries({0: one}, one, np.zeros(N, bool), {})
    masked = without_fades(series, CUTS)
    assert np.flatnonzero(~masked.people[0].found).tolist() == [18, 19, 20, 21]
    assert without_fades(series, CUTS[:1]) is series


def test_one_track_shows_whoever_is_seen():
    joined = whoever_is_seen([track(0, 10, 1.0), track(10, 20, 2.0), empty_track(track(0, N))])
    assert joined.found.tolist() == [True] * 20 + [False] * 10
    assert joined.image_px[[0, 9, 10, 19], 0, 0].tolist() == [1, 1, 2, 2]


def test_the_finding_tells_the_times():
    (finding,) = cut_findings(CUTS, track(0, N))
    assert finding.message.startswith("the picture is cut at 1.00 s, 1.80 to 2.20 s (fade): the video has 3 shots")
    assert finding.details["times_s"] == [1.0, 2.2]
    assert cut_findings((), track(0, N)) == ()
    (many,) = cut_findings([Cut(10 * k, 10 * k) for k in range(1, 8)], track(0, N))
    assert "0.50 s and 2 more times: the video has 8 shots" in many.message
    assert len(many.details["cuts"]) == 7

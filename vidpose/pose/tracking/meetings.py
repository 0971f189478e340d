"""Two people near each other: who of them is hidden when both tracks follow one body, and who is who afterwards.

While two are near each other, nothing is learnt of their looks and their motion. What was known before decides later:

* When two tracks follow the same body, the one whose expected place and look fit it less is out of sight.
* When two who met are apart again, or one who was hidden is found, they are compared with what was known; if the
  exchanged numbers fit clearly better, the numbers are exchanged back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from vidpose.pose.estimator import FramePose
from vidpose.pose.tracking.body import distance, pose_distance
from vidpose.pose.tracking.evidence import misfit, swap_evidence, takeover_evidence
from vidpose.pose.tracking.looks import Look
from vidpose.pose.tracking.settings import TrackingSettings
from vidpose.pose.tracking.track import Track, swap_bodies


@dataclass(slots=True)
class Meeting:
    """Two tracks, by their keys, that came near each other; ``parted`` when they are apart but not yet compared."""

    first: int
    second: int
    parted: bool = False

    def export(self) -> dict[str, Any]:
        """Return plain JSON values."""
        return {"first": self.first, "second": self.second, "parted": self.parted}

    def involves(self, *keys: int) -> bool:
        """Return whether all of these tracks take part."""
        return all(key in (self.first, self.second) for key in keys)


def in_company(track: Track, meetings: Sequence[Meeting]) -> bool:
    """Return whether somebody is or was just near another one, so that nothing may be learnt of them."""
    return any(meeting.involves(track.key) for meeting in meetings)


def who_is_hidden(
    tracks: Sequence[Track], poses: Mapping[int, FramePose], settings: TrackingSettings
) -> list[tuple[Track, Track]]:
    """Return those who follow a body that is somebody else's, each with that other one.

    Parameters
    ----------
    tracks
        Everybody in sight.
    poses
        Their poses in this frame, by key.
    settings
        Thresholds.
    """
    hidden: list[tuple[Track, Track]] = []
    gone: set[int] = set()
    for first, second in combinations(tracks, 2):
        if gone & {first.key, second.key}:
            continue
        assert first.body is not None
        assert second.body is not None
        size_px = max(first.body.place.size_px, second.body.place.size_px)
        if pose_distance(poses[first.key], poses[second.key], size_px) < settings.same_body:
            loser, winner = sorted((first, second), key=lambda track: _claim(track, settings))
            hidden.append((loser, winner))
            gone.add(loser.key)
    return hidden


def _claim(track: Track, settings: TrackingSettings) -> tuple[bool, float, int]:
    """Return how good somebody's claim to the body is that they follow; greater is better."""
    assert track.body is not None
    return track.number is not None, -misfit(track, track.body, settings), -track.key


def update_meetings(meetings: list[Meeting], tracks: Sequence[Track], settings: TrackingSettings) -> list[Meeting]:
    """Return the meetings that go on, begin, or have yet to be resolved."""
    by_key = {track.key: track for track in tracks}
    kept = [meeting for meeting in meetings if meeting.first in by_key and meeting.second in by_key]
    for first, second in combinations([track for track in tracks if track.number is not None], 2):
        if first.body is None or second.body is None:
            continue
        apart = distance(first.body.place, second.body.place)
        met = next((meeting for meeting in kept if meeting.involves(first.key, second.key)), None)
        if met is None and apart < settings.near:
            kept.append(Meeting(first.key, second.key))
        elif met is not None and not met.parted and apart > settings.apart:
            met.parted = True
            first.body.look, second.body.look = Look.unknown(), Look.unknown()
        elif met is not None and met.parted and apart < settings.near:
            met.parted = False
    return kept


def resolve(
    meetings: list[Meeting], tracks: Sequence[Track], time_s: float, settings: TrackingSettings
) -> list[Meeting]:
    """Compare those who have parted and exchange their numbers if need be; return the meetings that are left."""
    by_key = {track.key: track for track in tracks}
    left = []
    for meeting in meetings:
        first, second = by_key[meeting.first], by_key[meeting.second]
        if first.body is None or second.body is None:
            hidden, seen = (first, second) if first.body is None else (second, first)
            if seen.body is not None and takeover_evidence(hidden, seen, settings) > settings.min_swap_evidence:
                swap_bodies(first, second)
                hidden.taken_over = True
            if time_s - hidden.motion.time_s <= 2 * settings.alert_s:
                left.append(meeting)
        elif not meeting.parted or min(first.body.look.n_looks, second.body.look.n_looks) < settings.n_swap_looks:
            left.append(meeting)
        elif swap_evidence(first, second, settings) > settings.min_swap_evidence:
            swap_bodies(first, second)
    return left

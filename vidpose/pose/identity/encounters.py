"""Encounters: two people near each other, which of them is hidden meanwhile, and who is who afterwards.

During an encounter nothing is learnt about appearance or motion. What was known before it decides:

* When two tracks follow the same body, the one whose expected position and appearance fit it less is hidden.
* When the two have parted, or the hidden one is found again, both are compared with what was known; if exchanged
  numbers fit clearly better, the numbers are exchanged back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np

from vidpose.pose.estimator import FramePose
from vidpose.pose.identity.appearance import Appearance
from vidpose.pose.identity.body_motion import distance, pose_distance
from vidpose.pose.identity.identity_evidence import misfit, swap_evidence, takeover_evidence
from vidpose.pose.identity.track import FollowedBody, Track, swap_bodies
from vidpose.pose.identity.tracking_settings import TrackingSettings


@dataclass(slots=True)
class Encounter:
    """Two tracks, by their keys, that came near each other; ``parted`` once they are apart but not yet compared."""

    first: int
    second: int
    parted: bool = False

    def export(self) -> dict[str, Any]:
        """Return plain JSON values."""
        return {"first": self.first, "second": self.second, "parted": self.parted}

    def involves(self, *keys: int) -> bool:
        """Return whether all of these tracks take part."""
        return all(key in (self.first, self.second) for key in keys)


def in_encounter(track: Track, encounters: Sequence[Encounter]) -> bool:
    """Return whether a person is, or just was, near another one, so that nothing may be learnt about them."""
    return any(encounter.involves(track.key) for encounter in encounters)


def people_nearby(track: Track, tracks: Sequence[Track], encounters: Sequence[Encounter]) -> list[Track]:
    """Return the people who are near a person now, hidden or not."""
    own = [encounter for encounter in encounters if not encounter.parted and encounter.involves(track.key)]
    return [other for other in tracks if other is not track and any(met.involves(other.key) for met in own)]


def occluders(track: Track, tracks: Sequence[Track], encounters: Sequence[Encounter]) -> list[Track]:
    """Return the people nearby, and those with a limb in the region in which a person's landmarks are read.

    A network that sees another person's arm in its region may take it for the person's own, however far apart the
    trunks are.
    """
    near = {other.key for other in people_nearby(track, tracks, encounters)}
    return [other for other in tracks if other is not track and (other.key in near or _reaches(other, track))]


def _reaches(other: Track, track: Track) -> bool:
    if other.body is None or track.body is None or other.number is None or track.number is None:
        return False
    region = track.body.follower.region
    assert region is not None
    off_px = np.abs(other.body.landmarks.px - (region.centre_x_px, region.centre_y_px)).max(axis=1)
    return bool((off_px < region.side_px / 2).any())


def find_hidden(
    tracks: Sequence[Track], poses: Mapping[int, FramePose], settings: TrackingSettings
) -> list[tuple[Track, Track]]:
    """Return the tracks that follow another person's body, each with that person's track.

    Parameters
    ----------
    tracks
        All visible people.
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
    """Return how strong a track's claim to the body it follows is; greater is stronger."""
    assert track.body is not None
    return track.number is not None, -misfit(track, track.body, settings), -track.key


def update_encounters(
    encounters: list[Encounter], tracks: Sequence[Track], settings: TrackingSettings
) -> list[Encounter]:
    """Return the encounters that continue, begin, or have yet to be resolved."""
    by_key = {track.key: track for track in tracks}
    kept = [encounter for encounter in encounters if encounter.first in by_key and encounter.second in by_key]
    for first, second in combinations([track for track in tracks if track.number is not None], 2):
        if first.body is None or second.body is None:
            continue
        apart = distance(first.body.place, second.body.place)
        met = next((encounter for encounter in kept if encounter.involves(first.key, second.key)), None)
        if met is None and apart < settings.near:
            kept.append(Encounter(first.key, second.key))
        elif met is not None and not met.parted and apart > settings.apart:
            met.parted = True
            first.body.appearance, second.body.appearance = Appearance.unknown(), Appearance.unknown()
        elif met is not None and met.parted and apart < settings.near:
            met.parted = False
    return kept


def resolve_encounters(
    encounters: list[Encounter], tracks: Sequence[Track], time_s: float, settings: TrackingSettings
) -> list[Encounter]:
    """Compare people who have parted and exchange their numbers where needed; return the encounters still open."""
    by_key = {track.key: track for track in tracks}
    still_open = []
    for encounter in encounters:
        first, second = by_key[encounter.first], by_key[encounter.second]
        if first.body is None or second.body is None:
            hidden, seen = (first, second) if first.body is None else (second, first)
            if seen.body is not None and takeover_evidence(hidden, seen, settings) > settings.min_swap_evidence:
                swap_bodies(first, second)
                hidden.taken_over = True
            if time_s - hidden.motion.time_s <= 2 * settings.alert_s:
                still_open.append(encounter)
        elif not encounter.parted or _n_samples(first.body, second.body) < settings.n_swap_samples:
            still_open.append(encounter)
        elif swap_evidence(first, second, settings) > settings.min_swap_evidence:
            swap_bodies(first, second)
    return still_open


def _n_samples(first: FollowedBody, second: FollowedBody) -> int:
    return min(first.appearance.n_samples, second.appearance.n_samples)

"""Telling people apart from frame to frame when everybody is found anew in each.

Those found are matched with those known by the least sum of costs: how far they are from where an even motion would
have taken them, and how different they look. Whoever was out of sight for long is known again by looks alone.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Self

import numpy as np

from vidpose.pose.estimator import State
from vidpose.pose.identity.appearance import Appearance, appearance_distance
from vidpose.pose.identity.assignment import assign
from vidpose.pose.identity.body_motion import Place, motion_of
from vidpose.types.arrays import FloatArray


@dataclass(frozen=True, slots=True)
class FollowSettings:
    """Every threshold of following; all are ours, chosen on made-up paths that cross.

    Lengths in "sizes" are shares of the square root of the box's area, about 0.6 of a standing person's height.

    Attributes
    ----------
    max_drift, drift_growth_per_s
        How far from the expected place, in sizes, somebody is still the same, at once and per second out of sight.
    max_size_ratio
        How much larger or smaller they can be.
    motion_window_s
        Time over which position and velocity are fitted.
    max_forecast_s
        Time for which somebody out of sight is expected to go on moving.
    search_s
        Time out of sight after which only the looks count.
    appearance_weight
        Sizes of drift that a whole difference of looks (1) counts for.
    max_appearance_distance
        Difference of looks, 0 to 1, up to which somebody is known again after ``search_s``.
    max_remembered
        People remembered; those out of sight for longest are forgotten first.
    """

    max_drift: float = 0.6
    drift_growth_per_s: float = 0.8
    max_size_ratio: float = 1.6
    motion_window_s: float = 0.3
    max_forecast_s: float = 0.7
    search_s: float = 1.5
    appearance_weight: float = 1.0
    max_appearance_distance: float = 0.3
    max_remembered: int = 50


@dataclass(frozen=True, slots=True, eq=False)
class Sighting:
    """One person found in one frame.

    Attributes
    ----------
    place
        Middle and size of the box.
    keypoints_px
        Shape (17, 2); NaN where missing or not trusted.
    appearance
        What they wear, see :mod:`vidpose.pose.identity.appearance`; empty when it cannot be seen.
    alone
        True when nobody else overlaps them, so that the appearance is theirs.
    sure
        True when they may get a number of their own.
    """

    place: Place
    keypoints_px: FloatArray
    appearance: FloatArray
    alone: bool
    sure: bool


@dataclass(slots=True)
class Known:
    """Somebody who has a number: the last places within the window, last keypoints, mean look."""

    number: int
    places: list[Place]
    keypoints_px: FloatArray
    appearance: Appearance = field(default_factory=Appearance.unknown)

    @property
    def last_s(self) -> float:
        """When they were seen last."""
        return self.places[-1].time_s

    def see(self, sighting: Sighting, window_s: float) -> None:
        """Take in where and how they are seen."""
        since_s = sighting.place.time_s - window_s
        self.places = [*(place for place in self.places if place.time_s >= since_s), sighting.place]
        self.keypoints_px = sighting.keypoints_px
        if sighting.alone:
            self.appearance.add(sighting.appearance)

    def export(self) -> dict[str, Any]:
        """Return plain JSON values; None stands for NaN."""
        return {
            "number": self.number,
            "places": [[place.time_s, place.x_px, place.y_px, place.size_px] for place in self.places],
            "keypoints_px": [[None if math.isnan(v) else v for v in point] for point in self.keypoints_px.tolist()],
            "look": self.appearance.export(),
        }

    @classmethod
    def restored(cls, state: dict[str, Any]) -> Self:
        """Return the person who was exported."""
        return cls(
            state["number"],
            [Place(*values) for values in state["places"]],
            np.array(state["keypoints_px"], dtype=np.float64),
            Appearance.restored(state["look"]),
        )


class Crowd:
    """Everybody who has a number.

    Parameters
    ----------
    settings
        Thresholds.
    max_people
        People followed at once.
    """

    def __init__(self, settings: FollowSettings, max_people: int) -> None:
        self._settings = settings
        self._max_people = max_people
        self._known: list[Known] = []
        self._n_numbers = 0

    def see(self, sightings: Sequence[Sighting], time_s: float) -> list[tuple[int, int]]:
        """Return (number, index into ``sightings``) of the people followed in this frame, in order of numbers.

        People who are not known get a number while there is room, larger ones first: the person filmed is rarely the
        smallest one. No more than ``max_people`` are returned; those seen before the others come first.
        """
        costs = np.array([[self._cost(known, seen, time_s) for seen in sightings] for known in self._known])
        pairs = assign(costs.reshape(len(self._known), len(sightings)), math.inf)
        pairs.sort(key=lambda pair: (-self._known[pair[0]].last_s, self._known[pair[0]].number))
        followed: list[tuple[int, int]] = []
        for row, column in pairs[: self._max_people]:
            self._known[row].see(sightings[column], self._settings.motion_window_s)
            followed.append((self._known[row].number, column))
        taken = {column for _, column in pairs}
        strangers = [number for number, seen in enumerate(sightings) if seen.sure and number not in taken]
        strangers.sort(key=lambda number: -sightings[number].place.size_px)
        for column in strangers[: self._max_people - len(followed)]:
            followed.append((self._welcome(sightings[column]), column))
        self._forget()
        return sorted(followed)

    def appearances(self) -> dict[int, list[float]]:
        """Return what everybody remembered wears, by number."""
        return {known.number: known.appearance.values.tolist() for known in self._known if len(known.appearance.values)}

    def export(self) -> State:
        """Return plain JSON values."""
        return {"n_numbers": self._n_numbers, "known": [known.export() for known in self._known]}

    def restore(self, state: State) -> None:
        """Go on from an exported state."""
        self._n_numbers = state["n_numbers"]
        self._known = [Known.restored(known) for known in state["known"]]

    def _welcome(self, sighting: Sighting) -> int:
        number = self._n_numbers
        self._n_numbers += 1
        known = Known(number, [], sighting.keypoints_px)
        known.see(sighting, self._settings.motion_window_s)
        self._known.append(known)
        return number

    def _forget(self) -> None:
        """Keep those seen last, in order of their numbers."""
        longest_known = sorted(self._known, key=lambda known: (-known.last_s, known.number))
        self._known = sorted(longest_known[: self._settings.max_remembered], key=lambda known: known.number)

    def _cost(self, known: Known, seen: Sighting, time_s: float) -> float:
        """Return what speaks against somebody seen being somebody known; NaN when they cannot be."""
        limits = self._settings
        gap_s = time_s - known.last_s
        unlike = appearance_distance(known.appearance.values, seen.appearance)
        if gap_s > limits.search_s:
            far = limits.max_drift + limits.drift_growth_per_s * limits.search_s
            return (
                far + limits.appearance_weight * unlike
                if seen.sure and unlike <= limits.max_appearance_distance
                else math.nan
            )
        motion = motion_of(known.places)
        ratio = max(seen.place.size_px, motion.size_px) / min(seen.place.size_px, motion.size_px)
        drift = _drift(known, seen, motion.at(time_s, limits.max_forecast_s))
        if ratio > limits.max_size_ratio or drift > limits.max_drift + limits.drift_growth_per_s * gap_s:
            return math.nan
        return drift + (0.0 if math.isnan(unlike) else limits.appearance_weight * unlike)


def _drift(known: Known, seen: Sighting, expected: Place) -> float:
    """Return how far somebody is from where they are expected, in sizes.

    The median over the keypoints where there are enough, because a box changes when a part of the body is hidden.
    """
    size_px = max(expected.size_px, seen.place.size_px)
    last = known.places[-1]
    moved = np.array([expected.x_px - last.x_px, expected.y_px - last.y_px])
    apart = np.hypot(*(seen.keypoints_px - known.keypoints_px - moved).T)
    both = apart[np.isfinite(apart)]
    if len(both) >= _MIN_KEYPOINTS:
        return float(np.median(both)) / size_px
    return math.hypot(seen.place.x_px - expected.x_px, seen.place.y_px - expected.y_px) / size_px


_MIN_KEYPOINTS = 5  # ours: a limb more than hips and shoulders

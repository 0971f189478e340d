"""Tracking by detection: identifies people from frame to frame when all are detected in each frame.

Detections are assigned to known people at the least total cost: distance from the position expected at constant
velocity, and difference of appearance. People who were out of sight for long are recognised by appearance alone.
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
class DetectionTrackingSettings:
    """Thresholds of tracking by detection; all are ours, chosen on synthetic paths that cross.

    Lengths in "sizes" are shares of the square root of the box's area, about 0.6 of a standing person's height.

    Attributes
    ----------
    max_drift, drift_growth_per_s
        Distance from the expected place, in sizes, within which a detection can be the same person: at once, and
        additionally per second out of sight.
    max_size_ratio
        Largest ratio of sizes of the same person.
    motion_window_s
        Time over which position and velocity are fitted.
    max_forecast_s
        Time for which a person out of sight is expected to keep moving.
    search_s
        Time out of sight after which only appearance counts.
    appearance_weight
        Distance in sizes that the largest difference of appearance (1) is worth.
    max_appearance_distance
        Difference of appearance, 0 to 1, up to which a person is recognised after ``search_s``.
    max_remembered
        Number of people remembered; those out of sight longest are dropped first.
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
class DetectedPerson:
    """One person detected in one frame.

    Attributes
    ----------
    place
        Centre and size of the box.
    keypoints_px
        Shape (17, 2); NaN where missing or not reliable.
    appearance
        Colours, see :mod:`vidpose.pose.identity.appearance`; empty when they cannot be seen.
    alone
        True when no other person overlaps them, so that the colours are theirs.
    sure
        True when they may be given a new number.
    """

    place: Place
    keypoints_px: FloatArray
    appearance: FloatArray
    alone: bool
    sure: bool


@dataclass(slots=True)
class TrackedPerson:
    """A person with a number: places within the window, latest keypoints, mean appearance."""

    number: int
    places: list[Place]
    keypoints_px: FloatArray
    appearance: Appearance = field(default_factory=Appearance.unknown)

    @property
    def last_s(self) -> float:
        """Time of the latest detection."""
        return self.places[-1].time_s

    def update(self, detection: DetectedPerson, window_s: float) -> None:
        """Update from a detection."""
        since_s = detection.place.time_s - window_s
        self.places = [*(place for place in self.places if place.time_s >= since_s), detection.place]
        self.keypoints_px = detection.keypoints_px
        if detection.alone:
            self.appearance.add(detection.appearance)

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


class DetectionTracker:
    """Assigns numbers to the people detected in each frame.

    Parameters
    ----------
    settings
        Thresholds.
    max_people
        People followed at once.

    Attributes
    ----------
    n_not_followed
        How many more people than that were detected in one frame so far.
    """

    def __init__(self, settings: DetectionTrackingSettings, max_people: int) -> None:
        self._settings = settings
        self._max_people = max_people
        self._known: list[TrackedPerson] = []
        self._n_numbers = 0
        self.n_not_followed = 0

    def assign_numbers(self, detections: Sequence[DetectedPerson], time_s: float) -> list[tuple[int, int]]:
        """Return (number, index into ``detections``) of the people tracked in this frame, in order of numbers.

        New people get numbers up to ``max_people``, larger ones first: the person filmed is rarely the smallest. No
        more than ``max_people`` are returned; those seen most recently take precedence.
        """
        costs = np.array([[self._cost(known, seen, time_s) for seen in detections] for known in self._known])
        pairs = assign(costs.reshape(len(self._known), len(detections)), math.inf)
        pairs.sort(key=lambda pair: (-self._known[pair[0]].last_s, self._known[pair[0]].number))
        followed: list[tuple[int, int]] = []
        for row, column in pairs[: self._max_people]:
            self._known[row].update(detections[column], self._settings.motion_window_s)
            followed.append((self._known[row].number, column))
        taken = {column for _, column in pairs}
        newcomers = [number for number, seen in enumerate(detections) if seen.sure and number not in taken]
        newcomers.sort(key=lambda number: -detections[number].place.size_px)
        room = self._max_people - len(followed)
        self.n_not_followed = max(self.n_not_followed, len(newcomers) - room + max(0, len(pairs) - self._max_people))
        for column in newcomers[:room]:
            followed.append((self._add(detections[column]), column))
        self._forget()
        return sorted(followed)

    def appearances(self) -> dict[int, list[float]]:
        """Return the appearances of all people in memory, by number."""
        return {known.number: known.appearance.values.tolist() for known in self._known if len(known.appearance.values)}

    def export(self) -> State:
        """Return plain JSON values."""
        known = [known.export() for known in self._known]
        return {"n_numbers": self._n_numbers, "n_not_followed": self.n_not_followed, "known": known}

    def restore(self, state: State) -> None:
        """Go on from an exported state."""
        self._n_numbers = state["n_numbers"]
        self.n_not_followed = state["n_not_followed"]
        self._known = [TrackedPerson.restored(known) for known in state["known"]]

    def forget(self) -> None:
        """Know nobody any more; numbers begin at 0 again."""
        self._known, self._n_numbers = [], 0

    def _add(self, detection: DetectedPerson) -> int:
        number = self._n_numbers
        self._n_numbers += 1
        known = TrackedPerson(number, [], detection.keypoints_px)
        known.update(detection, self._settings.motion_window_s)
        self._known.append(known)
        return number

    def _forget(self) -> None:
        """Keep the people seen most recently, in order of their numbers."""
        latest_first = sorted(self._known, key=lambda known: (-known.last_s, known.number))
        self._known = sorted(latest_first[: self._settings.max_remembered], key=lambda known: known.number)

    def _cost(self, known: TrackedPerson, seen: DetectedPerson, time_s: float) -> float:
        """Return the cost of a detection being a known person; NaN when it cannot be."""
        limits = self._settings
        gap_s = time_s - known.last_s
        unlike = appearance_distance(known.appearance.values, seen.appearance)
        if gap_s > limits.search_s:
            far = limits.max_drift + limits.drift_growth_per_s * limits.search_s
            same = seen.sure and unlike <= limits.max_appearance_distance
            return far + limits.appearance_weight * unlike if same else math.nan
        motion = motion_of(known.places)
        ratio = max(seen.place.size_px, motion.size_px) / min(seen.place.size_px, motion.size_px)
        drift = _drift(known, seen, motion.at(time_s, limits.max_forecast_s))
        if ratio > limits.max_size_ratio or drift > limits.max_drift + limits.drift_growth_per_s * gap_s:
            return math.nan
        return drift + (0.0 if math.isnan(unlike) else limits.appearance_weight * unlike)


def _drift(known: TrackedPerson, seen: DetectedPerson, expected: Place) -> float:
    """Return the distance of a detection from where a person is expected, in sizes.

    The median over the keypoints where there are enough, because a box changes when part of the body is hidden.
    """
    size_px = max(expected.size_px, seen.place.size_px)
    last = known.places[-1]
    moved = np.array([expected.x_px - last.x_px, expected.y_px - last.y_px])
    apart = np.hypot(*(seen.keypoints_px - known.keypoints_px - moved).T)
    both = apart[np.isfinite(apart)]
    if len(both) >= _MIN_KEYPOINTS:
        return float(np.median(both)) / size_px
    return math.hypot(seen.place.x_px - expected.x_px, seen.place.y_px - expected.y_px) / size_px


_MIN_KEYPOINTS = 5  # ours: one more than hips and shoulders

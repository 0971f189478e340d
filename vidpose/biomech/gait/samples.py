"""One sample per step or contact: times, lengths, heights and angles."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np

from vidpose.biomech.body_size import STATURE_SHARES
from vidpose.biomech.gait.contacts import Contacts, stance_frames
from vidpose.biomech.gait.legs import FEET
from vidpose.biomech.metrics.recording import Recording
from vidpose.types.arrays import FloatArray, IntArray
from vidpose.types.motion import Facing

LEG_LENGTH_BH: Final = STATURE_SHARES["thigh"] + STATURE_SHARES["shank"]
"""Hip to ankle, body heights."""
TRAVELS: Final = 0.7
"""Least ratio of the pelvis' speed in the picture to the floor's speed against it (ours): 1 on the floor, 0 on a
treadmill, between when the camera turns along or the picture is foreshortened."""
MAX_YAW_RAD: Final = float(np.radians(30.0))
"""Turn out of the side view at which lengths ahead are 13 % too short: not given beyond (ours)."""
_PRECISION_S: Final = 0.016
"""Half of the 95 % interval of one event on video, without the frame period: markerless strikes and toe-offs scatter
by about 0.02 s around force plates' (Stenum, Rossi & Roemmich 2021), less a systematic part."""
_RUNNING_PRECISION_S: Final = 0.03
"""The same for running, where the foot lands and leaves at speed (ours)."""
_FAR_FACTOR: Final = 1.5  # ours: the leg behind the other one is seen less well
_LOADING_SHARE: Final = 0.6  # of the contact; later the knee bends for the swing


@dataclass(frozen=True, slots=True)
class Samples:
    """Values of one kind.

    ``values`` has shape (n,), NaN where it was not seen; ``foot`` is the foot that each belongs to (0 left, 1 right,
    -1 neither); ``error`` is half of each value's 95 % interval, NaN when unknown.
    """

    values: FloatArray
    foot: IntArray
    error: FloatArray


@dataclass(frozen=True, slots=True)
class BoutSteps:
    """One bout of gait: what its samples are computed from.

    ``error_s`` is half of the 95 % interval of every strike's time, s, shape (k,).
    """

    recording: Recording
    contacts: Contacts
    error_s: FloatArray

    @classmethod
    def of(cls, recording: Recording, contacts: Contacts) -> BoutSteps:
        """Return the steps of a bout with the errors of their times."""
        return cls(recording, contacts, event_error_s(recording, contacts))

    @property
    def direction(self) -> float:
        """1 for walking and running ahead, -1 for backward: lengths and speeds are positive where the person faces."""
        return self.contacts.bout.run.direction

    @property
    def unknown(self) -> FloatArray:
        """Errors that are not known, one per strike."""
        return np.full(len(self.contacts.foot), np.nan)


def event_error_s(recording: Recording, contacts: Contacts) -> FloatArray:
    """Return half of the 95 % interval of every strike's time, s, shape (k,)."""
    precision_s = _RUNNING_PRECISION_S if contacts.bout.running else _PRECISION_S
    error_s = float(np.hypot(precision_s, contacts.bout.run.period_s / 2))
    return np.where(contacts.foot == near_foot(recording, contacts), error_s, _FAR_FACTOR * error_s)


def near_foot(recording: Recording, contacts: Contacts) -> int:
    """Return the foot nearer to the camera, 0 left, 1 right."""
    return 0 if recording.facing[contacts.bout.run.first] == Facing.LEFT else 1


def cadences(steps: BoutSteps) -> Samples:
    """Return the steps per second, one value per bout."""
    beat_s = steps.contacts.beat_s
    n, count = len(beat_s), np.arange(len(beat_s))
    slope_s, first_s = np.polyfit(count, beat_s, 1)
    scatter_s = float(np.sqrt(np.sum((beat_s - first_s - slope_s * count) ** 2) / max(n - 2, 1)))
    # of a line through n evenly spaced events, which scatter by their measurement or more
    error_s = max(float(np.median(steps.error_s)), 1.96 * scatter_s)
    precision_s = error_s * np.sqrt(12.0 / (n * (n**2 - 1)))
    return _of_neither(np.array([1.0 / slope_s]), np.array([precision_s / slope_s**2]))


def step_times(steps: BoutSteps) -> Samples:
    """Return the time of every step, s."""
    beat_s, error_s = steps.contacts.beat_s, steps.error_s
    return Samples(np.diff(beat_s), steps.contacts.foot[1:], np.hypot(error_s[1:], error_s[:-1]))


def stride_times(steps: BoutSteps) -> Samples:
    """Return the time of every stride, s."""
    beat_s, error_s = steps.contacts.beat_s, steps.error_s
    return Samples(beat_s[2:] - beat_s[:-2], steps.contacts.foot[2:], np.hypot(error_s[2:], error_s[:-2]))


def contact_times(steps: BoutSteps) -> Samples:
    """Return the time from every strike to its toe-off, s."""
    contacts = steps.contacts
    return Samples(contacts.off_s - contacts.strike_s, contacts.foot, _of_two(steps))


def swing_times(steps: BoutSteps) -> Samples:
    """Return the time from every toe-off to the foot's next strike, s."""
    contacts = steps.contacts
    return Samples(contacts.strike_s[2:] - contacts.off_s[:-2], contacts.foot[:-2], _of_two(steps)[:-2])


def duty_factors(steps: BoutSteps) -> Samples:
    """Return the share of every stride in which the foot is on the floor."""
    contacts, stride_s = steps.contacts, _stride_s(steps)
    contact_s = (contacts.off_s - contacts.strike_s)[:-2]
    return Samples(contact_s / stride_s, contacts.foot[:-2], _of_two(steps)[:-2] / stride_s)


def flight_times(steps: BoutSteps) -> Samples | None:
    """Return the time between every toe-off and the next strike of a run, s; None for a walk."""
    if not steps.contacts.bout.running:
        return None
    together_s = _together_s(steps)
    return _of_neither(np.where(together_s < 0, -together_s, np.nan), _of_two(steps)[1:])


def double_supports(steps: BoutSteps) -> Samples | None:
    """Return the share of every stride of a walk in which both feet are on the floor; None for a run."""
    if steps.contacts.bout.running:
        return None
    together_s, stride_s = _together_s(steps), _stride_s(steps)
    share = (together_s[:-1] + together_s[1:]) / stride_s
    return _of_neither(share, np.sqrt(2.0) * _of_two(steps)[1:-1] / stride_s)


def step_lengths(steps: BoutSteps) -> Samples | None:
    """Return the length of every step, body heights; None where the picture does not show it."""
    if not _shows_distances(steps):
        return None
    place = steps.contacts.place * steps.direction
    return Samples(np.diff(place), steps.contacts.foot[1:], steps.unknown[1:])


def stride_lengths(steps: BoutSteps) -> Samples | None:
    """Return the length of every stride, body heights; None where the picture does not show it."""
    if not _shows_distances(steps):
        return None
    place = steps.contacts.place * steps.direction
    return Samples(place[2:] - place[:-2], steps.contacts.foot[2:], steps.unknown[2:])


def speeds(steps: BoutSteps) -> Samples | None:
    """Return the speed of the pelvis, body heights/s, one value per bout; None where the picture does not show it."""
    if not _shows_distances(steps):
        return None
    return _of_neither(np.array([steps.direction * pelvis_speed(steps.contacts)]), steps.unknown[:1])


def oscillations(steps: BoutSteps) -> Samples:
    """Return the vertical excursion of the pelvis in every step, body heights."""
    pelvis = steps.contacts.bout.run.pelvis
    height = [np.ptp(pelvis[step, 1]) if step.stop - step.start > 2 else np.nan for step in _step_frames(steps)]
    return _of_neither(np.array(height), steps.unknown[1:])


def trunk_leans(steps: BoutSteps) -> Samples | None:
    """Return the mean forward lean of the trunk in every step, rad; None out of the side view."""
    if is_oblique(steps.recording, steps.contacts):
        return None
    lean_rad = steps.contacts.bout.run.lean_rad
    lean = [np.mean(lean_rad[step]) if step.stop > step.start else np.nan for step in _step_frames(steps)]
    return _of_neither(np.array(lean), steps.unknown[1:])


def overstrides(steps: BoutSteps) -> Samples | None:
    """Return how far ahead of the hips the ankle is at every strike, leg lengths; None out of the side view."""
    if is_oblique(steps.recording, steps.contacts):
        return None
    reach = steps.direction * _at_strikes(steps, steps.contacts.bout.run.ankle) / LEG_LENGTH_BH
    error = abs(steps.contacts.floor_speed) * steps.error_s / LEG_LENGTH_BH
    return Samples(reach, steps.contacts.foot, error)


def shank_angles(steps: BoutSteps) -> Samples | None:
    """Return the angle of the shank from the vertical at every strike, rad; None out of the side view."""
    if is_oblique(steps.recording, steps.contacts):
        return None
    return Samples(_at_strikes(steps, steps.contacts.bout.run.shank_rad), steps.contacts.foot, steps.unknown)


def stance_knee_flexions(steps: BoutSteps) -> Samples:
    """Return the peak knee flexion of every contact before the knee bends for the swing, rad."""
    recording, contacts = steps.recording, steps.contacts
    peaks, errors = steps.unknown, steps.unknown
    for k, frames in stance_frames(contacts, _LOADING_SHARE):
        column = recording.angles.ids.index(f"knee_flexion_{FEET[contacts.foot[k]][0]}")
        first = contacts.bout.run.first
        seen = slice(frames.start + first, frames.stop + first)
        flexion = recording.angles.values_rad[seen, column]
        if len(flexion) and np.isfinite(flexion).all() and recording.is_reliable(column, seen):
            top = int(np.argmax(flexion))
            peaks[k] = flexion[top]
            errors[k] = 1.96 * recording.angle_precision_rad[frames.start + first + top, column]
    return Samples(peaks, contacts.foot, errors)


def _of_two(steps: BoutSteps) -> FloatArray:
    """Return the error of a time between two events, s, shape (k,)."""
    error_s: FloatArray = np.sqrt(2.0) * steps.error_s
    return error_s


def _stride_s(steps: BoutSteps) -> FloatArray:
    strike_s = steps.contacts.strike_s
    stride_s: FloatArray = strike_s[2:] - strike_s[:-2]
    return stride_s


def _together_s(steps: BoutSteps) -> FloatArray:
    """Return how long both feet are down around every strike but the first, s; negative in flight."""
    together_s: FloatArray = steps.contacts.off_s[:-1] - steps.contacts.strike_s[1:]
    return together_s


def _step_frames(steps: BoutSteps) -> list[slice]:
    run = steps.contacts.bout.run
    return [slice(*np.searchsorted(run.times_s, pair)) for pair in pairwise(steps.contacts.beat_s)]


def _at_strikes(steps: BoutSteps, of_feet: FloatArray) -> FloatArray:
    """Return a series of both feet, shape (n, 2), at every strike, of the foot that strikes."""
    contacts, run = steps.contacts, steps.contacts.bout.run
    values = np.empty(len(contacts.foot))
    for side in range(2):
        own = contacts.foot == side
        values[own] = np.interp(contacts.strike_s[own], run.times_s, of_feet[:, side])
    return values


def _shows_distances(steps: BoutSteps) -> bool:
    return travels(steps.contacts) and not is_oblique(steps.recording, steps.contacts)


def _of_neither(values: FloatArray, error: FloatArray) -> Samples:
    return Samples(values, np.full(len(values), -1, dtype=np.int64), error)


def pelvis_speed(contacts: Contacts) -> float:
    """Return the pelvis' mean speed in the picture, body heights per second, positive in the direction of the steps."""
    times_s, beat_s = contacts.bout.run.times_s, contacts.beat_s
    ends = np.interp(beat_s[[0, -1]], times_s, contacts.bout.run.pelvis[:, 0])
    return float((ends[1] - ends[0]) / (beat_s[-1] - beat_s[0]))


def travels(contacts: Contacts) -> bool:
    """Return whether the body goes over the floor that the picture shows."""
    return pelvis_speed(contacts) >= TRAVELS * contacts.floor_speed > 0  # False for NaN


def stays_in_place(contacts: Contacts) -> bool:
    """Return whether feet that go over a floor do not take the body along in the picture; False when unknown."""
    return contacts.floor_speed > 0 and pelvis_speed(contacts) < TRAVELS * contacts.floor_speed


def is_oblique(recording: Recording, contacts: Contacts) -> bool:
    """Return whether the body is turned too far out of the side view for lengths ahead; False without evidence."""
    frames = slice(*np.searchsorted(recording.times_s, contacts.beat_s[[0, -1]]))
    yaw = recording.yaw_rad[frames]
    known = yaw[np.isfinite(yaw)]
    return len(known) > 0 and float(np.median(known)) > MAX_YAW_RAD

"""What every step and every contact gives: times, lengths, heights and angles, one sample each."""

from __future__ import annotations

from collections.abc import Iterator
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

    ``values`` has shape (n,), NaN where it was not seen; ``foot`` whose it is (0 left, 1 right, -1 nobody's), ``error``
    is half of each value's 95 % interval (NaN unknown).
    """

    values: FloatArray
    foot: IntArray
    error: FloatArray


def event_error_s(recording: Recording, contacts: Contacts) -> FloatArray:
    """Return half of the 95 % interval of every strike's time, s, shape (k,)."""
    precision_s = _RUNNING_PRECISION_S if contacts.bout.running else _PRECISION_S
    error_s = float(np.hypot(precision_s, contacts.bout.run.period_s / 2))
    return np.where(contacts.foot == near_foot(recording, contacts), error_s, _FAR_FACTOR * error_s)


def near_foot(recording: Recording, contacts: Contacts) -> int:
    """Return the foot nearer to the camera, 0 left, 1 right."""
    return 0 if recording.facing[contacts.bout.run.first] == Facing.LEFT else 1


def gait_samples(recording: Recording, found: list[Contacts]) -> dict[str, Samples]:
    """Return all samples of all bouts by kind; see :mod:`vidpose.biomech.gait.gait_metrics` for what they are."""
    parts: dict[str, list[tuple[FloatArray, IntArray, FloatArray]]] = {}
    for contacts in found:
        error_s = event_error_s(recording, contacts)
        for name, values, foot, error in (
            *_rhythm(contacts, error_s),
            *_phases(contacts, error_s),
            *_distances(recording, contacts),
            *_posture(recording, contacts, error_s),
        ):
            parts.setdefault(name, []).append((values, foot, error))
    return {
        name: Samples(*(np.concatenate(column) for column in zip(*part, strict=True))) for name, part in parts.items()
    }


_Part = tuple[str, FloatArray, IntArray, FloatArray]


def _rhythm(contacts: Contacts, error_s: FloatArray) -> Iterator[_Part]:
    beat_s, foot = contacts.beat_s, contacts.foot
    slope_s = float(np.polyfit(np.arange(len(beat_s)), beat_s, 1)[0])
    # of a line through k evenly spaced events
    precision_s = float(np.median(error_s)) * np.sqrt(12.0 / (len(beat_s) * (len(beat_s) ** 2 - 1)))
    yield "cadence", _one(1.0 / slope_s), _nobody(1), _one(precision_s / slope_s**2)
    yield "step_time", np.diff(beat_s), foot[1:], np.hypot(error_s[1:], error_s[:-1])
    yield "stride_time", beat_s[2:] - beat_s[:-2], foot[2:], np.hypot(error_s[2:], error_s[:-2])


def _phases(contacts: Contacts, error_s: FloatArray) -> Iterator[_Part]:
    strike_s, off_s, foot = contacts.strike_s, contacts.off_s, contacts.foot
    both_s = np.sqrt(2.0) * error_s
    stride_s = strike_s[2:] - strike_s[:-2]
    yield "contact_time", off_s - strike_s, foot, both_s
    yield "swing_time", strike_s[2:] - off_s[:-2], foot[:-2], both_s[:-2]
    yield "duty_factor", (off_s - strike_s)[:-2] / stride_s, foot[:-2], both_s[:-2] / stride_s
    together_s = off_s[:-1] - strike_s[1:]  # both feet down; negative in flight
    if contacts.bout.running:
        yield "flight_time", np.where(together_s < 0, -together_s, np.nan), _nobody(len(together_s)), both_s[1:]
        return
    share = (together_s[:-1] + together_s[1:]) / stride_s
    yield "double_support", share, _nobody(len(share)), np.sqrt(2.0) * both_s[1:-1] / stride_s


def _distances(recording: Recording, contacts: Contacts) -> Iterator[_Part]:
    if not travels(contacts) or is_oblique(recording, contacts):
        return
    place, foot = contacts.place, contacts.foot
    nothing = np.full(len(place), np.nan)
    yield "step_length", np.diff(place), foot[1:], nothing[1:]
    yield "stride_length", place[2:] - place[:-2], foot[2:], nothing[2:]
    yield "speed", _one(pelvis_speed(contacts)), _nobody(1), nothing[:1]


def _posture(recording: Recording, contacts: Contacts, error_s: FloatArray) -> Iterator[_Part]:
    run, foot, beat_s = contacts.bout.run, contacts.foot, contacts.beat_s
    steps = [slice(*np.searchsorted(run.times_s, pair)) for pair in pairwise(beat_s)]
    nothing = np.full(len(foot), np.nan)
    height = np.array([np.ptp(run.pelvis[step, 1]) if step.stop - step.start > 2 else np.nan for step in steps])
    yield "vertical_oscillation", height, _nobody(len(steps)), nothing[1:]
    yield "peak_stance_knee_flexion", *_knees(recording, contacts)
    if is_oblique(recording, contacts):
        return
    lean = np.array([np.mean(run.lean_rad[step]) if step.stop > step.start else np.nan for step in steps])
    yield "gait_trunk_lean", lean, _nobody(len(steps)), nothing[1:]
    reach, shank = np.empty(len(foot)), np.empty(len(foot))
    for side in range(2):
        own = foot == side
        reach[own] = np.interp(contacts.strike_s[own], run.times_s, run.ankle[:, side]) / LEG_LENGTH_BH
        shank[own] = np.interp(contacts.strike_s[own], run.times_s, run.shank_rad[:, side])
    yield "overstride", reach, foot, abs(contacts.floor_speed) * error_s / LEG_LENGTH_BH
    yield "shank_angle_at_contact", shank, foot, nothing


def _knees(recording: Recording, contacts: Contacts) -> tuple[FloatArray, IntArray, FloatArray]:
    peaks, errors = np.full(len(contacts.foot), np.nan), np.full(len(contacts.foot), np.nan)
    for k, frames in stance_frames(contacts, _LOADING_SHARE):
        column = recording.angles.ids.index(f"knee_flexion_{FEET[contacts.foot[k]][0]}")
        first = contacts.bout.run.first
        seen = slice(frames.start + first, frames.stop + first)
        flexion = recording.angles.values_rad[seen, column]
        if len(flexion) and np.isfinite(flexion).all() and recording.is_reliable(column, seen):
            top = int(np.argmax(flexion))
            peaks[k] = flexion[top]
            errors[k] = 1.96 * recording.angle_precision_rad[frames.start + first + top, column]
    return peaks, contacts.foot, errors


def pelvis_speed(contacts: Contacts) -> float:
    """Return the pelvis' mean speed in the picture, body heights per second, forward positive."""
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


def _one(value: float) -> FloatArray:
    return np.array([value])


def _nobody(n: int) -> IntArray:
    return np.full(n, -1, dtype=np.int64)

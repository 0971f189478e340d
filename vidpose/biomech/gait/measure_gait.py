"""The front door of the gait analysis: a recording in, events and metrics out."""

from __future__ import annotations

from typing import Final

import numpy as np

from vidpose.biomech.gait.bouts import GaitSettings, find_bouts
from vidpose.biomech.gait.contacts import Contacts, find_contacts
from vidpose.biomech.gait.gait_metrics import METRICS, RHYTHM_RATE_HZ
from vidpose.biomech.gait.legs import FEET, leg_runs
from vidpose.biomech.gait.samples import MAX_YAW_RAD, BoutSteps, event_error_s, near_foot
from vidpose.biomech.gait.step_statistics import Gait
from vidpose.biomech.gaps import frame_period_s
from vidpose.biomech.metrics.gates import blocked
from vidpose.biomech.metrics.metric import evaluate
from vidpose.biomech.metrics.recording import Recording
from vidpose.biomech.metrics.row import MetricRow
from vidpose.biomech.points import named_points
from vidpose.biomech.scale.feet import FOOT_POINTS, why_no_feet
from vidpose.types.arrays import BoolArray, FloatArray
from vidpose.types.metrics import Event, MetricSide, MetricValue

_STEPS_AROUND: Final = 1.5  # before the first and after the last strike of a bout (ours)
_MIN_GAIT_SHARE: Final = 0.5  # of the time with the person, ours, as for views


def find_gait(recording: Recording, settings: GaitSettings) -> list[Contacts]:
    """Return the contacts of every bout of gait in a side view, in order of time; empty for any other movement.

    Parameters
    ----------
    recording
        The movement.
    settings
        What counts as gait.
    """
    return [
        find_contacts(bout, settings)
        for run in leg_runs(recording, settings.min_duration_s)
        for bout in find_bouts(run, settings)
    ]


def gait_spans_s(gait: list[Contacts]) -> list[tuple[float, float]]:
    """Return beginning and end of every bout, with the steps into it and out of it, s."""
    around = [(contacts.bout, _STEPS_AROUND * contacts.bout.step_s) for contacts in gait]
    return [(float(bout.reach_s[0]) - more_s, float(bout.reach_s[-1]) + more_s) for bout, more_s in around]


def gait_events(recording: Recording, gait: list[Contacts]) -> tuple[Event, ...]:
    """Return foot strikes and toe-offs in order of time; none without gait and enough frames per second.

    Parameters
    ----------
    recording
        The movement.
    gait
        Result of :func:`find_gait`.
    """
    events: list[Event] = []
    if recording.rate_hz < 0.98 * RHYTHM_RATE_HZ:
        return ()
    for contacts in gait:
        errors_s = event_error_s(recording, contacts)
        moments = [("foot_strike", k, contacts.strike_s[k]) for k in range(len(errors_s))]
        moments += [("toe_off", k, contacts.off_s[k]) for k in range(len(errors_s))]
        for name, k, time_s in (*moments, ("toe_off", 1, contacts.first_off_s)):
            if np.isfinite(time_s):
                frame = _nearest(recording.times_s, float(time_s))
                events.append(Event(name, FEET[contacts.foot[k]], float(time_s), frame, float(errors_s[k])))
    return tuple(sorted(events, key=lambda event: event.time_s))


def strides(recording: Recording, gait: list[Contacts]) -> dict[MetricSide, FloatArray]:
    """Return when every stride of each foot begins and ends, s, shape (n, 2); ``none``: of the foot near the camera.

    Empty where gait is not what the recording shows: it takes less than half of the time with the person, or there
    are too few frames per second.

    Parameters
    ----------
    recording
        The movement.
    gait
        Result of :func:`find_gait`.
    """
    found = _one_kind(gait)
    there_s = np.count_nonzero(recording.filtered.stretch >= 0) * frame_period_s(recording.times_s)
    walked_s = sum(float(np.ptp(contacts.beat_s)) for contacts in found)
    if recording.rate_hz < 0.98 * RHYTHM_RATE_HZ or not found or walked_s < _MIN_GAIT_SHARE * there_s:
        return {}
    pairs = {
        foot: [np.column_stack([c.beat_s[:-2], c.beat_s[2:]])[c.foot[:-2] == number] for c in found]
        for number, foot in enumerate(FEET)
    }
    of_feet: dict[MetricSide, FloatArray] = {foot: np.concatenate(parts) for foot, parts in pairs.items()}
    near = FEET[near_foot(recording, found[0])]
    return of_feet | {"none": of_feet[near]}


def measure_gait(recording: Recording, gait: list[Contacts]) -> tuple[MetricValue, ...]:
    """Return one value per metric of :mod:`~vidpose.biomech.gait.gait_metrics` and side, in that order.

    Of walking and running in one recording, the one with more steps is measured.

    Parameters
    ----------
    recording
        The movement.
    gait
        Result of :func:`find_gait`.
    """
    measured = Gait(tuple(BoutSteps.of(recording, contacts) for contacts in _one_kind(gait)))
    sideways = (recording.filtered.stretch >= 0) & np.isin(recording.facing, METRICS[0].views)

    def gate(row: MetricRow) -> str:
        if measured.bouts:
            return blocked(row, recording, sideways) or ("irregular" if measured.irregular else "")
        return blocked(row, recording) or why_no_feet(recording.filtered) or _why_no_steps(recording, sideways)

    return tuple(evaluate(METRICS, measured, recording, gate))


def _why_no_steps(recording: Recording, sideways: BoolArray) -> str:
    """Return why steps may have been there although no gait was found; ``not_cyclic`` when they would have been seen.

    Parameters
    ----------
    recording
        The movement.
    sideways
        True for the frames in side view, shape (T,).
    """
    yaw = recording.yaw_rad[sideways]
    if np.isfinite(yaw).any() and float(np.nanmedian(yaw)) > MAX_YAW_RAD:
        return "view"
    feet = named_points(recording.filtered.image_px[sideways], FOOT_POINTS)
    known = np.isfinite(feet).all(axis=(1, 2))
    return "low_confidence" if known.mean() < _MIN_GAIT_SHARE else "not_cyclic"


def _one_kind(found: list[Contacts]) -> list[Contacts]:
    """Return the contacts of the gait, walking or running, that has more steps."""
    steps = [sum(len(c.strike_s) for c in found if c.bout.running == running) for running in (False, True)]
    return [contacts for contacts in found if contacts.bout.running == (steps[1] > steps[0])]


def _nearest(times_s: FloatArray, time_s: float) -> int:
    after = int(np.clip(np.searchsorted(times_s, time_s), 1, max(len(times_s) - 1, 1)))
    return after - 1 if time_s - times_s[after - 1] <= times_s[after] - time_s else after

"""The front door of the gait analysis: a recording in, events and metrics out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

import numpy as np

from vidpose.biomech.gait.bouts import GaitSettings, find_bouts
from vidpose.biomech.gait.contacts import Contacts, find_contacts
from vidpose.biomech.gait.gait_metrics import FINE_IN_RUNNING, METRICS, RHYTHM_RATE_HZ, RUNNING_CONTACT_RATE_HZ
from vidpose.biomech.gait.legs import FEET, leg_runs
from vidpose.biomech.gait.samples import Samples, event_error_s, gait_samples, is_oblique, near_foot, travels
from vidpose.biomech.gaps import frame_period_s
from vidpose.biomech.metrics.gates import absent, blocked
from vidpose.biomech.metrics.recording import Recording
from vidpose.biomech.metrics.row import MetricRow
from vidpose.biomech.scale.feet import why_no_feet
from vidpose.types.arrays import BoolArray, FloatArray
from vidpose.types.metrics import Event, MetricSide, MetricValue

_MIN_FOR_MEAN: Final = 2  # ours
_MIN_FOR_SCATTER: Final = 5  # ours: below, a standard deviation says little
_MIN_GAIT_SHARE: Final = 0.5  # of the time with the person, ours, as for views
_PLACED: Final = {"step_length", "stride_length", "gait_speed"}
_STRAIGHT_ON: Final = _PLACED | {"gait_trunk_lean", "overstride", "shank_angle_at_contact"}
_SAMPLE_OF: Final = {
    "step_time_sd": "step_time",
    "step_time_cv": "step_time",
    "step_time_asymmetry": "step_time",
    "stride_time_cv": "stride_time",
    "step_flight_time": "flight_time",
    "gait_speed": "speed",
}
"""Where a metric's samples carry another name."""
_WHOLE: Final = {"cadence", "speed"}
"""Samples that are one per bout."""


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
    """Return one value per row of :data:`~vidpose.biomech.gait.gait_metrics.METRICS` and side.

    Of walking and running in one recording, the one with more steps is measured.

    Parameters
    ----------
    recording
        The movement.
    gait
        Result of :func:`find_gait`.
    """
    sideways, found = _side_frames(recording), _one_kind(gait)
    samples = gait_samples(recording, found)
    values: list[MetricValue] = []
    for row in METRICS:
        reason = blocked(row, recording, sideways if found else None) or _withheld(row, recording, found)
        values += absent(row, reason, recording) if reason else _values(row, recording, found, samples)
    return tuple(values)


def _side_frames(recording: Recording) -> BoolArray:
    sideways: BoolArray = (recording.filtered.stretch >= 0) & np.isin(recording.facing, METRICS[0].views)
    return sideways


def _one_kind(found: list[Contacts]) -> list[Contacts]:
    """Return the contacts of the gait, walking or running, that has more steps."""
    steps = [sum(len(c.strike_s) for c in found if c.bout.running == running) for running in (False, True)]
    return [contacts for contacts in found if contacts.bout.running == (steps[1] > steps[0])]


def _withheld(row: MetricRow, recording: Recording, found: list[Contacts]) -> str:
    """Return why the gait that was found does not carry a metric, or an empty string."""
    if not found:
        return why_no_feet(recording.filtered) or "not_cyclic"
    kind = row.id.removesuffix("_m")
    if found[0].bout.running and kind in FINE_IN_RUNNING and recording.rate_hz < 0.98 * RUNNING_CONTACT_RATE_HZ:
        return "frame_rate"
    if kind in _STRAIGHT_ON and all(is_oblique(recording, contacts) for contacts in found):
        return "view"
    if kind in _PLACED and not any(travels(contacts) for contacts in found):
        return "in_place"
    return ""


def _values(
    row: MetricRow, recording: Recording, found: list[Contacts], samples: dict[str, Samples]
) -> Iterator[MetricValue]:
    start_s, end_s = float(found[0].strike_s[0]), float(found[-1].strike_s[-1])
    kind = row.id.removesuffix("_m")
    given = samples.get(_SAMPLE_OF.get(kind, kind))
    scale = recording.height_m if row.needs_height and recording.height_m is not None else 1.0
    for side in row.sides:
        value, error, n = _NOTHING if given is None else _statistic(kind)(_of_side(given, side), kind)
        if not np.isfinite(value):
            yield MetricValue(row.id, side, reason="no_events", start_s=start_s, end_s=end_s, n=n)
            continue
        yield MetricValue(row.id, side, scale * value, scale * error, "", start_s, end_s, n)


_Statistic = tuple[float, float, int]
_NOTHING: Final[_Statistic] = (float("nan"), float("nan"), 0)


def _statistic(kind: str) -> Callable[[Samples, str], _Statistic]:
    if kind == "step_time_asymmetry":
        return _asymmetry
    return _scatter if kind.endswith(("_sd", "_cv")) else _mean


def _of_side(samples: Samples, side: MetricSide) -> Samples:
    """Return the finite samples of a side; of both and of the whole body all of them."""
    kept = np.isfinite(samples.values)
    if side in FEET:
        kept &= samples.foot == FEET.index(side)
    return Samples(samples.values[kept], samples.foot[kept], samples.error[kept])


def _mean(samples: Samples, kind: str) -> _Statistic:
    n = len(samples.values)
    if n < (1 if _SAMPLE_OF.get(kind, kind) in _WHOLE else _MIN_FOR_MEAN):
        return float("nan"), float("nan"), n
    return float(np.mean(samples.values)), _error_of_mean(samples.error), n


def _scatter(samples: Samples, kind: str) -> _Statistic:
    n = len(samples.values)
    if n < _MIN_FOR_SCATTER:
        return float("nan"), float("nan"), n
    spread = float(np.std(samples.values, ddof=1))
    return (spread / float(np.mean(samples.values)) if kind.endswith("_cv") else spread), float("nan"), n


def _asymmetry(samples: Samples, kind: str) -> _Statistic:
    left, right = (_of_side(samples, foot) for foot in FEET)
    (left_mean, left_error, n_left), (right_mean, right_error, n_right) = _mean(left, kind), _mean(right, kind)
    middle = (left_mean + right_mean) / 2
    return (right_mean - left_mean) / middle, float(np.hypot(left_error, right_error)) / middle, min(n_left, n_right)


def _error_of_mean(errors: FloatArray) -> float:
    return float(np.sqrt(np.mean(errors**2) / len(errors)))


def _nearest(times_s: FloatArray, time_s: float) -> int:
    after = int(np.clip(np.searchsorted(times_s, time_s), 1, max(len(times_s) - 1, 1)))
    return after - 1 if time_s - times_s[after - 1] <= times_s[after] - time_s else after

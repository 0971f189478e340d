"""A metric: its row of the dictionary together with the function that computes it."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Final, Generic, TypeVar

import numpy as np

from vidpose.biomech.metrics.gates import blocked, span_s
from vidpose.biomech.metrics.recording import Recording
from vidpose.biomech.metrics.row import MetricRow, Unit
from vidpose.types.arrays import BoolArray
from vidpose.types.metrics import MetricSide, MetricValue

Subject = TypeVar("Subject")
"""What a metric is computed from: in each room of biomech a type of its own, for custom metrics a Movement."""

_IN_METRES: Final[dict[Unit, Unit]] = {"body_heights": "m", "body_heights/s": "m/s"}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the function of a metric returns: a number, or the reason why there is none.

    Attributes
    ----------
    value, uncertainty
        In the row's internal unit; lengths and speeds of a row in metres in body heights, as those are multiplied by
        the person's height afterwards. ``uncertainty`` is half the 95 % interval from measurement noise.
    n
        Number of samples, events or cycles behind it.
    reason
        Key of :data:`~vidpose.types.metrics.REASONS` where there is no value.
    start_s, end_s
        Time that the value is about, s; all of the person's time when NaN.
    frames
        The frames behind the value, shape (T,): ``n``, time and view are then taken from them.
    """

    value: float = math.nan
    uncertainty: float = math.nan
    n: int = 0
    reason: str = ""
    start_s: float = math.nan
    end_s: float = math.nan
    frames: BoolArray | None = None


@dataclass(frozen=True)  # no slots: typing tries to set an attribute on what Metric[...](...) makes
class Metric(MetricRow, Generic[Subject]):
    """A row of the dictionary and the function that computes its values.

    Attributes
    ----------
    compute
        Called with the subject and a side of the row. Metrics that share one function share its outcomes.
    """

    compute: Callable[[Subject, MetricSide], Outcome] = field(kw_only=True, compare=False, repr=False)


def evaluate(
    metrics: Iterable[Metric[Subject]], subject: Subject, recording: Recording, gate: Callable[[MetricRow], str]
) -> Iterator[MetricValue]:
    """Yield one value per metric and side.

    Parameters
    ----------
    metrics
        What is measured.
    subject
        What the functions compute from.
    recording
        The movement.
    gate
        Returns why a metric cannot be given whatever its function would say, or an empty string.
    """
    outcomes: dict[Hashable, Outcome] = {}
    for metric in metrics:
        closed = gate(metric)
        for side in metric.sides:
            if closed:
                yield _value(metric, side, Outcome(reason=closed), recording)
                continue
            key = metric.compute, side
            if key not in outcomes:
                outcomes[key] = metric.compute(subject, side)
            yield _value(metric, side, outcomes[key], recording)


def in_metres(metric: Metric[Subject], ending: str = "_m") -> Metric[Subject]:
    """Return a metric in body heights as one in metres, computed by the same function.

    Parameters
    ----------
    metric
        In body heights or body heights per second.
    ending
        Of the new identifier.
    """
    unit = _IN_METRES[metric.unit]
    return replace(
        metric,
        id=metric.id + ending,
        label=f"{metric.label} ({unit})",
        formula=f"height_m × {metric.formula}",
        unit=unit,
        needs_height=True,
        note=f"{metric.note} Valid in the plane through the person parallel to the image.".strip(),
    )


def _value(row: MetricRow, side: MetricSide, found: Outcome, recording: Recording) -> MetricValue:
    found = _of_frames(row, found, recording)
    reason = found.reason or ("" if math.isfinite(found.value) else "no_data")
    start_s, end_s = (found.start_s, found.end_s) if math.isfinite(found.start_s) else span_s(recording)
    if reason:
        return MetricValue(row.id, side, reason=reason, start_s=start_s, end_s=end_s, n=found.n)
    factor = recording.height_m if row.needs_height and recording.height_m is not None else 1.0
    value, uncertainty = float(found.value * factor), float(found.uncertainty * factor)
    return MetricValue(row.id, side, value, uncertainty, "", start_s, end_s, found.n)


def _of_frames(row: MetricRow, found: Outcome, recording: Recording) -> Outcome:
    """Return the outcome with the number, the time and the gates of the frames that it was computed from."""
    frames = found.frames
    if frames is None:
        return found
    reason = blocked(row, recording, frames if frames.any() else None) or found.reason
    if reason or not math.isfinite(found.value):
        return Outcome(reason=reason or "no_data")
    times_s = recording.times_s[np.flatnonzero(frames)]
    return replace(found, n=len(times_s), start_s=float(times_s[0]), end_s=float(times_s[-1]))

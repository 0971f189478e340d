"""A metric: its row of the dictionary together with the function that computes it."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Final, Generic, TypeVar

import numpy as np

from vidpose.biomech.metrics.gates import absent_landmarks, blocked, cut_landmarks, is_cut, lacks_landmarks, span_s
from vidpose.biomech.metrics.recording import Recording
from vidpose.biomech.metrics.row import MetricRow, Unit
from vidpose.errors import UsageError
from vidpose.types.arrays import BoolArray
from vidpose.types.metrics import MetricSide, MetricValue, checked_reason

Source = TypeVar("Source")
"""What a metric is computed from: in each room of biomech a type of its own, for custom metrics a Movement."""

_OF_FEW_DATA: Final = frozenset({"", "no_data", "low_confidence", "too_short", "no_events", "not_cyclic"})
"""Reasons behind which landmarks outside the picture can stand."""
_IN_METRES: Final[dict[Unit, Unit]] = {"body_heights": "m", "body_heights/s": "m/s"}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the function of a metric returns: a number, or the reason why there is none.

    Attributes
    ----------
    value, uncertainty
        In the metric's unit: angles in rad, shares as 0 to 1. For a metric in m or m/s that needs the height, body
        heights (per second), which are multiplied by the height afterwards. ``uncertainty`` is half the 95 % interval
        from measurement noise; NaN where it is not known.
    n
        Number of samples, events or cycles behind it.
    reason
        Why there is no value: a status of ``docs/metrics.md`` such as ``"no_events"``, or a few words of your own.
    start_s, end_s
        Time that the value is about, s; all of the person's time when NaN.
    frames
        True for the frames behind the value, shape (T,): ``n``, time and view are then taken from them.

    Examples
    --------
    >>> import vidpose
    >>> vidpose.Outcome(1.2, uncertainty=0.05, n=5).value
    1.2
    >>> vidpose.Outcome(reason="no squat is deeper than 60 degrees").value
    nan
    """

    value: float = math.nan
    uncertainty: float = math.nan
    n: int = 0
    reason: str = ""
    start_s: float = math.nan
    end_s: float = math.nan
    frames: BoolArray | None = None

    def __post_init__(self) -> None:
        checked_reason(self.reason)


@dataclass(frozen=True)  # no slots: typing tries to set an attribute on what Metric[...](...) makes
class Metric(MetricRow, Generic[Source]):
    """The definition of a metric and the function that computes its values.

    Attributes
    ----------
    id, label
        Name in tables; name for people.
    definition, formula, source
        What it is, in one sentence that a reader can check the number by; how it is computed; who defined it.
    unit
        Of what the function returns: ``rad`` (shown in degrees), ``rad/s``, ``s``, ``1/s`` (shown per minute), ``m``,
        ``m/s``, ``body_heights``, ``body_heights/s``, ``share`` (shown in percent), ``count``, ``none``, ``score``.
    positive, zero
        What a positive value means; what zero means.
    landmarks
        Those that it needs: ``knee`` for the knee of its side, or of both; ``left_knee``, ``mid_hip``, ``neck``,
        ``head``. Where one of them is never given, the value is withheld.
    plane
        ``sagittal``, ``frontal``, ``image`` or ``any``.
    views
        Where the person may face: ``right`` and ``left`` (side view), ``front``, ``back``, ``unknown``.
    sides
        ``left``, ``right``, ``both`` (a comparison or mean), ``none`` (the whole body); one value for each.
    min_rate_hz
        Lowest frame rate at which it is given, Hz; 0 for any.
    needs_height
        Whether it is given only where the person's height is known. The function of a metric in m or m/s then returns
        body heights (per second), which are multiplied by the height; without, it returns metres.
    still_camera, decimals, note
        Whether it assumes a stationary camera; digits shown; remarks.
    compute
        Called with the movement (:class:`vidpose.Movement`) and a side; returns an :class:`vidpose.Outcome`. Metrics
        that share one function share its outcomes.

    Examples
    --------
    >>> import numpy as np, vidpose
    >>> def deepest(movement, side):
    ...     flexion_rad = movement.angle_rad(f"knee_flexion_{side[0]}")
    ...     return vidpose.Outcome(float(np.nanmax(flexion_rad)), n=1)
    >>> depth = vidpose.Metric(
    ...     id="deepest_knee_flexion",
    ...     label="Deepest knee flexion",
    ...     definition="Largest knee flexion of the recording",
    ...     formula="max(knee flexion)",
    ...     unit="rad",
    ...     positive="more flexed",
    ...     zero="straight",
    ...     landmarks=("hip", "knee", "ankle"),
    ...     source="this example",
    ...     views=("right", "left"),
    ...     sides=("left", "right"),
    ...     compute=deepest,
    ... )
    >>> depth.shown_unit
    '°'
    """

    compute: Callable[[Source, MetricSide], Outcome] = field(kw_only=True, compare=False, repr=False)

    def __post_init__(self) -> None:
        MetricRow.__post_init__(self)
        if not callable(self.compute):
            raise UsageError(f"metric {self.id}, compute: expected a function, got {self.compute!r}")


def evaluate(
    metrics: Iterable[Metric[Source]],
    source: Source,
    recording: Recording,
    gate: Callable[[MetricRow], str],
    *,
    all_landmarks: bool = False,
) -> Iterator[MetricValue]:
    """Yield one value per metric and side; where there is none for want of landmarks, that is the reason.

    Parameters
    ----------
    metrics
        What is measured.
    source
        What the functions compute from.
    recording
        The movement.
    gate
        Returns why a metric cannot be given whatever its function would say, or an empty string.
    all_landmarks
        Withhold what lacks one of its landmarks without calling its function; the rooms of the dictionary know
        themselves what they can do without.

    Raises
    ------
    UsageError
        When a function returns something else than an outcome, or an outcome that does not fit.
    """
    absent, cut = absent_landmarks(recording), cut_landmarks(recording)
    outcomes: dict[Hashable, Outcome] = {}
    for metric in metrics:
        closed = gate(metric) or ("camera_moves" if metric.still_camera and recording.camera_moves else "")
        for side in metric.sides:
            lacking = lacks_landmarks(metric, side, absent)
            key = metric.compute, side
            if closed or (lacking and all_landmarks):
                found = Outcome(reason=closed or lacking)
            elif key in outcomes:
                found = outcomes[key]
            else:
                found = outcomes[key] = _computed(metric, source, side)
            cause = lacking or ("cut_by_edge" if found.reason in _OF_FEW_DATA and is_cut(metric, side, cut) else "")
            yield _value(metric, side, found, cause, recording)


def in_metres(metric: Metric[Source], ending: str = "_m") -> Metric[Source]:
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


def _computed(metric: Metric[Source], source: Source, side: MetricSide) -> Outcome:
    """Return what the function of a metric returns; its errors name the metric."""
    try:
        found = metric.compute(source, side)
    except UsageError as error:
        raise UsageError(f"metric {metric.id}, side {side}: {error}") from error
    except Exception as error:
        error.add_note(f"in the function of the metric {metric.id}, side {side}")
        raise
    if not isinstance(found, Outcome):
        raise UsageError(f"metric {metric.id}, compute: expected it to return a vidpose.Outcome, got {found!r}")
    return found


def _value(row: MetricRow, side: MetricSide, found: Outcome, cause: str, recording: Recording) -> MetricValue:
    found = _of_frames(row, found, recording)
    reason = found.reason or ("" if math.isfinite(found.value) else "no_data")
    start_s, end_s = (found.start_s, found.end_s) if math.isfinite(found.start_s) else span_s(recording)
    if reason:
        return MetricValue(row.id, side, reason=cause or reason, start_s=start_s, end_s=end_s, n=found.n)
    factor = recording.height_m if row.per_height and recording.height_m is not None else 1.0
    value, uncertainty = float(found.value * factor), float(found.uncertainty * factor)
    return MetricValue(row.id, side, value, uncertainty, "", start_s, end_s, found.n)


def _of_frames(row: MetricRow, found: Outcome, recording: Recording) -> Outcome:
    """Return the outcome with the number, the time and the gates of the frames that it was computed from."""
    frames = found.frames
    if frames is None:
        return found
    if np.shape(frames) != (recording.n_frames,) or np.asarray(frames).dtype != np.bool_:
        raise UsageError(
            f"metric {row.id}, frames: expected True or False for every frame, shape ({recording.n_frames},), got "
            f"{np.asarray(frames).dtype} of shape {np.shape(frames)}"
        )
    reason = blocked(row, recording, frames if frames.any() else None) or found.reason
    if reason or not math.isfinite(found.value):
        return Outcome(reason=reason or "no_data")
    times_s = recording.times_s[np.flatnonzero(frames)]
    return replace(found, n=len(times_s), start_s=float(times_s[0]), end_s=float(times_s[-1]))

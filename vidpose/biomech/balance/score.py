"""Scores from 0 to 100: weighted penalties, every weight and limit a setting.

score = 100 (1 - sum(w p) / sum(w)), p = clip((|x| - tolerance) / (limit - tolerance), 0, 1).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from vidpose.biomech.metrics.metric import Outcome
from vidpose.types.metrics import MetricSide, MetricValue


@dataclass(frozen=True, slots=True)
class Penalty:
    """One part of a score.

    Attributes
    ----------
    metric_id, side
        What is judged.
    weight
        Its part in the score; only the ratio of weights counts.
    tolerance, limit
        In the metric's internal unit: up to ``tolerance`` there is no penalty, from ``limit`` the whole. A limit
        below the tolerance penalises small values, sign included.
    """

    metric_id: str
    side: MetricSide
    weight: float
    tolerance: float
    limit: float

    def __post_init__(self) -> None:
        if not self.weight > 0:
            raise ValueError(f"weight: expected more than 0, got {self.weight} for {self.metric_id}")
        if self.limit == self.tolerance or not math.isfinite(self.limit - self.tolerance):
            raise ValueError(f"limit: expected another value than the tolerance, got {self.limit} for {self.metric_id}")

    def of(self, value: float) -> float:
        """Return the penalty, 0 to 1."""
        size = abs(value) if self.limit > self.tolerance else value
        return float(np.clip((size - self.tolerance) / (self.limit - self.tolerance), 0.0, 1.0))


def _degrees(metric_id: str, side: MetricSide, weight: float, tolerance_deg: float, limit_deg: float) -> Penalty:
    return Penalty(metric_id, side, weight, math.radians(tolerance_deg), math.radians(limit_deg))


def _frontal() -> tuple[Penalty, ...]:
    return (
        _degrees("shoulder_tilt", "none", 1.0, 2.0, 8.0),
        _degrees("pelvis_tilt", "none", 1.0, 2.0, 8.0),
        _degrees("trunk_lean_lateral", "none", 1.0, 3.0, 10.0),
        _degrees("frontal_knee_angle", "left", 0.5, 5.0, 15.0),
        _degrees("frontal_knee_angle", "right", 0.5, 5.0, 15.0),
    )


def _sagittal() -> tuple[Penalty, ...]:
    return (
        _degrees("trunk_inclination", "none", 1.0, 5.0, 20.0),
        _degrees("head_forward", "none", 1.0, 15.0, 40.0),
    )


def _balance(axis: str) -> tuple[Penalty, ...]:
    return (
        Penalty(f"sway_rms_{axis}", "none", 1.0, 0.003, 0.020),
        Penalty(f"sway_speed_{axis}", "none", 1.0, 0.006, 0.030),
        Penalty(f"margin_of_stability_{axis}", "none", 1.0, 0.040, 0.0),
    )


@dataclass(frozen=True, slots=True)
class ScoreSettings:
    """The parts of every score.

    Tolerances and limits of posture are proposals (ours), of the size that trained raters can distinguish; those of
    balance are ours: 5 mm and 35 mm of sway and 1 and 5 cm/s for 1.75 m, and a margin of 7 cm that shrinks to none.
    """

    posture_frontal: tuple[Penalty, ...] = field(default_factory=_frontal)
    posture_sagittal: tuple[Penalty, ...] = field(default_factory=_sagittal)
    balance_ap: tuple[Penalty, ...] = field(default_factory=lambda: _balance("ap"))
    balance_ml: tuple[Penalty, ...] = field(default_factory=lambda: _balance("ml"))

    def __post_init__(self) -> None:
        for name in ("posture_frontal", "posture_sagittal", "balance_ap", "balance_ml"):
            if not getattr(self, name):
                raise ValueError(f"{name}: expected at least one penalty, got none")


def score(penalties: Sequence[Penalty], values: Sequence[MetricValue]) -> Outcome:
    """Return a score; absent for the reason of the first part that is absent.

    Parameters
    ----------
    penalties
        The parts of the score.
    values
        Metrics, those of all parts among them.

    Raises
    ------
    ValueError
        When a part is not among the values.
    """
    found = {(value.metric_id, value.side): value for value in values}
    parts = [(penalty, found.get((penalty.metric_id, penalty.side))) for penalty in penalties]
    total, change = 0.0, 0.0
    whole = sum(penalty.weight for penalty in penalties)
    for penalty, value in parts:
        if value is None:
            raise ValueError(f"penalty: expected a metric of this room, got {penalty.metric_id}, {penalty.side}")
        if value.reason:
            return Outcome(reason=value.reason, start_s=value.start_s, end_s=value.end_s)
        total += penalty.weight * penalty.of(value.value)
        change += penalty.weight * _change(penalty, value)
    known = [value for _, value in parts if value is not None]
    return Outcome(
        value=100.0 * (1.0 - total / whole),
        uncertainty=100.0 * change / whole,
        start_s=min(value.start_s for value in known),
        end_s=max(value.end_s for value in known),
        n=min(value.n for value in known),
    )


def _change(penalty: Penalty, value: MetricValue) -> float:
    """Return by how much the penalty may change inside the value's interval; NaN when that is unknown."""
    if math.isnan(value.uncertainty):
        return math.nan
    here = penalty.of(value.value)
    sizes = (abs(value.value) + value.uncertainty, max(abs(value.value) - value.uncertainty, 0.0))
    ends = sizes if penalty.limit > penalty.tolerance else tuple(value.value + d * value.uncertainty for d in (-1, 1))
    return max(abs(penalty.of(end) - here) for end in ends)

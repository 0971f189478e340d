"""The metrics of smoothness and consistency: per moving point or joint and measure, and of the cycles themselves."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

import numpy as np

from vidpose.biomech.metrics.metric import Metric, Outcome
from vidpose.biomech.smoothness.consistency import MIN_CYCLES, multiple_correlation, pointwise_spread, variation
from vidpose.biomech.smoothness.judged_cycles import SCORES, JudgedMovement, JudgedPart, ProfileScore
from vidpose.biomech.smoothness.series import JOINTS, Joint
from vidpose.types.arrays import FloatArray
from vidpose.types.metrics import MetricSide

BOTH_SIDES: Final[tuple[MetricSide, ...]] = ("left", "right")
_MIN_RATE_HZ: Final = 24.0
"""Ours: 20 Hz carry the 10 Hz of the spectral arc length in theory; cinema's 24 leave a margin."""
_MIN_RATE_OF_CURVES_HZ: Final = 10.0
"""Ours: a movement of one second, sampled ten times, keeps its extremes within 5 % (cos 18 degrees)."""
_Z95: Final = 1.96
_ROUNDED_95: Final = 0.776  # 95 % of the differences of two times, each rounded to a frame, lie within: 1 - sqrt(0.05)
_MEDIAN_FACTOR: Final = 1.2533  # standard error of a median over that of a mean, normal samples: sqrt(pi / 2)
_HALF_IQR_TO_SD: Final = 1.4826  # half the interquartile range to the standard deviation, normal samples

SmoothnessMetric: TypeAlias = Metric[JudgedMovement]


@dataclass(frozen=True, slots=True)
class MovingPoint:
    """A point whose path through the image is assessed; ``point`` is its landmark, or a derived point."""

    name: str
    label: str
    point: str
    whose: str
    sides: tuple[MetricSide, ...] = BOTH_SIDES


POINTS: Final = (
    MovingPoint("hand", "Hand path", "wrist", "the wrist"),
    MovingPoint("ankle_path", "Ankle path", "ankle", "the ankle"),
    MovingPoint("pelvis", "Pelvis path", "mid_hip", "the midpoint of the hips", ("none",)),
)
"""Points whose path through the image is assessed."""


def _median(values: FloatArray, reason: str) -> Outcome:
    """Return the median with the uncertainty that follows from the scatter of the cycles."""
    if len(values) == 0:
        return Outcome(reason=reason or "undefined")
    median = float(np.median(values))
    if len(values) < MIN_CYCLES:
        return Outcome(median, n=len(values))
    uncertainty = _Z95 * _MEDIAN_FACTOR * _HALF_IQR_TO_SD * _half_range(values) / float(np.sqrt(len(values)))
    return Outcome(median, uncertainty, len(values))


def _spread(values: FloatArray, reason: str) -> Outcome:
    """Return half the interquartile range."""
    if len(values) == 0:
        return Outcome(reason=reason or "undefined")
    if len(values) < MIN_CYCLES:
        return Outcome(n=len(values), reason="not_cyclic")
    return Outcome(_half_range(values), n=len(values))


def _half_range(values: FloatArray) -> float:
    low, high = np.quantile(values, (0.25, 0.75))
    return 0.5 * float(high - low)


def _number(value: float, n: int) -> Outcome:
    return Outcome(value, n=n) if math.isfinite(value) else Outcome(n=n, reason="undefined")


def _timed(found: Outcome, movement: JudgedMovement) -> Outcome:
    return replace(found, start_s=movement.start_s, end_s=movement.end_s)


@dataclass(frozen=True, slots=True)
class OverCycles:
    """A statistic over the scores of all cycles of a part."""

    part: str
    score: ProfileScore
    statistic: Callable[[FloatArray, str], Outcome]

    def __call__(self, movement: JudgedMovement, side: MetricSide) -> Outcome:
        """Return the statistic of the part on one side."""
        judged = movement.parts[self.part, side]
        values = judged.scores[self.score.key]
        return _timed(self.statistic(values[np.isfinite(values)], judged.reason), movement)


@dataclass(frozen=True, slots=True)
class BetweenCycles:
    """A measure of how alike the cycles of a joint are."""

    joint: Joint
    measure: Callable[[JudgedPart], float]

    def __call__(self, movement: JudgedMovement, side: MetricSide) -> Outcome:
        """Return the measure of the joint on one side."""
        judged = movement.parts[self.joint.name, side]
        n = judged.n_cycles
        reason = judged.reason or ("not_cyclic" if n < MIN_CYCLES else "")
        return _timed(Outcome(n=n, reason=reason) if reason else _number(self.measure(judged), n), movement)


def _curve_spread(judged: JudgedPart) -> float:
    return pointwise_spread(judged.curves)


def _curve_correlation(judged: JudgedPart) -> float:
    return multiple_correlation(judged.curves)


def _range_variation(judged: JudgedPart) -> float:
    return variation(judged.ranges)


def cycle_count(movement: JudgedMovement, _: MetricSide) -> Outcome:
    """Return the number of cycles."""
    n = len(movement.cycles_s)
    return _timed(_number(float(n), n) if n else Outcome(reason="not_cyclic"), movement)


def cycle_duration(movement: JudgedMovement, _: MetricSide) -> Outcome:
    """Return the median duration of the cycles, s: all of them may be rounded to frames in the same direction."""
    found = _median(np.diff(movement.cycles_s, axis=1)[:, 0], "not_cyclic")
    uncertainty = math.hypot(found.uncertainty, _ROUNDED_95 * movement.frame_s)
    return _timed(replace(found, uncertainty=uncertainty), movement)


def duration_variation(movement: JudgedMovement, _: MetricSide) -> Outcome:
    """Return the coefficient of variation of the cycles' durations."""
    n = len(movement.cycles_s)
    if n < MIN_CYCLES:
        return _timed(Outcome(n=n, reason="not_cyclic"), movement)
    return _timed(_number(variation(np.diff(movement.cycles_s, axis=1)[:, 0]), n), movement)


_PER_CYCLE: Final = (
    "Calculated per cycle of the joints on the same side (per stride in walking and running seen from the side), never "
    "over a whole set. A cycle comprises a movement and its return: compare it with the same movement only, "
    "not with published values of single reaching movements (about -1.5)."
)
_CYCLES: Final = (
    "Cycles are those of the joint angle with the largest range; in walking and running seen from the side, strides."
)
_ANGLE_CHOICE: Final = (
    "The angle in the image where at least half of the frames have it, otherwise the included 3-D angle."
)


def _smoothness(
    part: MovingPoint | Joint, what: str, landmarks: tuple[str, ...], sides: tuple[MetricSide, ...]
) -> Iterator[SmoothnessMetric]:
    for score in SCORES:
        median = SmoothnessMetric(
            id=f"smoothness_{part.name}_{score.key}",
            label=f"{part.label}, {score.label}",
            definition=f"Median over the cycles of the {score.label} of {what}.",
            formula=score.formula,
            unit="none",
            positive="does not occur; closer to zero is smoother",
            zero="the limit of a perfectly smooth movement",
            plane="image",
            landmarks=landmarks,
            sides=sides,
            source=score.source,
            min_rate_hz=_MIN_RATE_HZ,
            still_camera=isinstance(part, MovingPoint),
            note=f"{_PER_CYCLE} {score.caution}".strip(),
            compute=OverCycles(part.name, score, _median),
        )
        yield median
        yield replace(
            median,
            id=f"{median.id}_spread",
            label=f"{median.label}, spread",
            definition=f"Half the interquartile range over the cycles of the {score.label} of {what}.",
            formula="(75th - 25th percentile over cycles) / 2",
            positive="cycles differ",
            zero="all cycles are equally smooth",
            source=f"{score.source}; spread ours",
            note="Requires three cycles.",
            compute=OverCycles(part.name, score, _spread),
        )


_COUNT: Final = SmoothnessMetric(
    id="cycle_count",
    label="Number of cycles",
    definition="Number of complete cycles of the joint angle with the largest range; in walking and running seen from "
    "the side, strides of the foot nearer to the camera.",
    formula="count of peaks between two low points",
    unit="count",
    positive="more cycles",
    zero="does not occur; not given without a cycle",
    landmarks=(),
    source="ours: turning points of the joint angle with the largest range; strides as in gait",
    min_rate_hz=_MIN_RATE_OF_CURVES_HZ,
    decimals=0,
    note="States what the other values are based on; it is not the number of repetitions of an exercise.",
    compute=cycle_count,
)
_OF_CYCLES: Final = (
    _COUNT,
    replace(
        _COUNT,
        id="cycle_duration",
        label="Cycle duration",
        definition="Median duration of a cycle, without the rest before and after it.",
        formula="median over cycles of (end - start)",
        unit="s",
        positive="longer",
        zero="does not occur",
        decimals=2,
        note="The uncertainty holds the scatter of the cycles and, except for strides, the time between two frames.",
        compute=cycle_duration,
    ),
    replace(
        _COUNT,
        id="consistency_duration_cv",
        label="Cycle duration, coefficient of variation",
        definition="Standard deviation of the cycle durations divided by their mean.",
        formula="SD / mean, n - 1 in the SD",
        unit="share",
        positive="uneven tempo",
        zero="all cycles last equally long",
        decimals=1,
        note="Requires three cycles. In walking and running it is the variation of the strides of one foot.",
        compute=duration_variation,
    ),
)


def _consistency(joint: Joint) -> Iterator[SmoothnessMetric]:
    spread = SmoothnessMetric(
        id=f"consistency_{joint.name}_sd",
        label=f"{joint.label}, spread between cycles",
        definition=f"Standard deviation of the {joint.name} angle between time-normalised cycles, averaged over the "
        "cycle.",
        formula="mean over 101 points of SD over cycles",
        unit="rad",
        positive="cycles differ",
        zero="all cycles are the same",
        plane="image",
        landmarks=joint.landmarks,
        sides=BOTH_SIDES,
        source="common in gait analysis; 101 points",
        min_rate_hz=_MIN_RATE_OF_CURVES_HZ,
        decimals=1,
        note=f"Requires three cycles. {_CYCLES} {_ANGLE_CHOICE}",
        compute=BetweenCycles(joint, _curve_spread),
    )
    yield spread
    yield replace(
        spread,
        id=f"consistency_{joint.name}_cmc",
        label=f"{joint.label}, coefficient of multiple correlation",
        definition=f"Similarity of the time-normalised cycles of the {joint.name} angle.",
        formula="sqrt(1 - [S_within / T(G-1)] / [S_total / (GT-1)]), G cycles of T = 101 points",
        unit="none",
        positive="more similar, at most 1",
        zero="no more similar than by chance",
        source="Kadaba et al. 1989, J Orthop Res 7:849",
        decimals=3,
        compute=BetweenCycles(joint, _curve_correlation),
    )
    yield replace(
        spread,
        id=f"consistency_{joint.name}_rom_cv",
        label=f"{joint.label}, variation of the range of motion",
        definition=f"Standard deviation of the range of motion of the {joint.name} between cycles, divided by its "
        "mean.",
        formula="SD / mean of (max - min) per cycle, n - 1 in the SD",
        unit="share",
        positive="uneven range of motion",
        zero="the same range in all cycles",
        source="ours, as for the tempo",
        compute=BetweenCycles(joint, _range_variation),
    )


def _all_metrics() -> Iterator[SmoothnessMetric]:
    for point in POINTS:
        yield from _smoothness(point, f"the speed of {point.whose} in the image", (point.point,), point.sides)
    for joint in JOINTS:
        yield from _smoothness(joint, f"the angular speed of the {joint.name}", joint.landmarks, BOTH_SIDES)
    yield from _OF_CYCLES
    for joint in JOINTS:
        yield from _consistency(joint)


METRICS: Final[tuple[SmoothnessMetric, ...]] = tuple(_all_metrics())
"""Points' smoothness, joints' smoothness, cycles, joints' consistency."""

"""The metrics that compare the two sides: per joint three indices of three quantities, their level, and the curves."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final, TypeAlias

import numpy as np

from vidpose.biomech.metrics.metric import Metric, Outcome
from vidpose.biomech.smoothness.series import JOINTS, Joint
from vidpose.biomech.symmetry.compare import (
    ComparedQuantity,
    ComparedSides,
    Index,
    curve_distance,
    lag,
    level,
    mean_speeds,
    peaks,
    ranges_of_motion,
    side_index,
)
from vidpose.biomech.symmetry.indices import Side, normalised_index, robinson, symmetry_angle
from vidpose.types.arrays import FloatArray
from vidpose.types.metrics import MetricSide
from vidpose.types.motion import Facing

SYMMETRY_VIEWS: Final = (Facing.FRONT, Facing.BACK)
"""From the side the body hides its far half."""

ComparedJoints: TypeAlias = Mapping[str, ComparedSides | str]
"""Joint's name to its two sides, or to the reason why they cannot be compared."""
SymmetryMetric: TypeAlias = Metric[ComparedJoints]


@dataclass(frozen=True, slots=True)
class OfJoint:
    """A comparison of one joint's sides, as the function of a metric."""

    joint: Joint
    comparison: Callable[[ComparedSides], Outcome]

    def __call__(self, joints: ComparedJoints, _: MetricSide) -> Outcome:
        """Return the comparison, or why there is none."""
        sides = joints[self.joint.name]
        if isinstance(sides, str):
            return Outcome(reason=sides)
        found = self.comparison(sides)
        start_s, end_s = sides.span_s
        return found if found.reason else replace(found, start_s=start_s, end_s=end_s)


def _angle_noise(noise_rad: float, _: float) -> float:
    return noise_rad


def _range_noise(noise_rad: float, _: float) -> float:
    """Return the noise of the difference of two extremes."""
    return float(np.sqrt(2.0) * noise_rad)


def _mean_speed_noise(noise_rad: float, cycle_s: float) -> float:
    return float(2.0 * np.sqrt(2.0) * noise_rad / cycle_s)


def _angle_least(least_rad: float, _: float) -> float:
    return least_rad


def _mean_speed_least(least_rad: float, cycle_s: float) -> float:
    return 2.0 * least_rad / cycle_s


def _robinson(right: Side, left: Side, _: FloatArray) -> tuple[float, float]:
    return robinson(right, left)


def _symmetry_angle(right: Side, left: Side, _: FloatArray) -> tuple[float, float]:
    return symmetry_angle(right, left)


def _normalised(right: Side, left: Side, values: FloatArray) -> tuple[float, float]:
    return normalised_index(right, left, float(values.min()), float(values.max()))


_ROM: Final = ComparedQuantity(
    "rom", "range of motion", "range of the {joint} angle within a cycle, averaged over cycles", 10.0,
    ranges_of_motion, _range_noise, _angle_least,
)  # fmt: skip
_QUANTITIES: Final = (
    _ROM,
    ComparedQuantity(
        "peak", "peak", "largest {joint} angle within a cycle, averaged over cycles", 10.0,
        peaks, _angle_noise, _angle_least,
    ),
    ComparedQuantity(
        "speed", "mean speed", "mean absolute angular velocity of the {joint} within a cycle, averaged over cycles",
        20.0, mean_speeds, _mean_speed_noise, _mean_speed_least,
    ),
)  # fmt: skip
"""Rates ours: ten samples in a second keep the extremes of a one-second movement within 5 %; speeds need twice that."""

_ROBINSON: Final = Index(
    "robinson", "symmetry index", "(R - L) / (0.5 (R + L))", "Robinson, Herzog & Nigg 1987, JMPT 10:172",
    _robinson, one_sign=True,
)  # fmt: skip
_INDICES: Final = (
    _ROBINSON,
    Index(
        "angle", "symmetry angle", "(45 - atan2(L, R)) / 90, in degrees", "Zifchock et al. 2008, Gait Posture 27:622",
        _symmetry_angle,
    ),
    Index(
        "nsi", "normalised symmetry index", "(R - L) / (max(0, all R, all L) - min(0, all R, all L))",
        "Queen et al. 2020, J Biomech 99:109531", _normalised,
    ),
)  # fmt: skip

_LAG_RATE_HZ: Final = 20.0
_RATE_HZ: Final = 10.0
_NOISE_NOTE: Final = (
    "Given only when the sides differ by more than twice the standard error of their difference and by at least "
    "5 degrees, or 15 degrees for an included 3-D angle (speeds: by the corresponding amount over a cycle)."
)
_DEPTH_NOTE: Final = (
    "From the included 3-D angle: in front and back views this joint moves towards the camera, and depth is weak."
)


def _metric(joint: Joint, key: str, comparison: Callable[[ComparedSides], Outcome], **texts: Any) -> SymmetryMetric:
    note = f"{texts.pop('note')} {'' if joint.frontal_plane else _DEPTH_NOTE}".strip()
    return SymmetryMetric(
        id=f"symmetry_{joint.name}_{key}",
        plane="frontal" if joint.frontal_plane else "any",
        landmarks=joint.landmarks,
        views=SYMMETRY_VIEWS,
        sides=("both",),
        note=note,
        compute=OfJoint(joint, comparison),
        **texts,
    )


def _indices(joint: Joint) -> Iterator[SymmetryMetric]:
    for quantity in _QUANTITIES:
        for index in _INDICES:
            yield _metric(
                joint,
                f"{quantity.key}_{index.key}",
                partial(side_index, quantity=quantity, index=index),
                label=f"{joint.label}, {quantity.label}: {index.label}",
                definition=f"{index.label.capitalize()} of right and left for the "
                f"{quantity.what.format(joint=joint.name)}.",
                formula=index.formula,
                unit="share",
                positive="larger on the right",
                zero="both sides equal",
                source=index.source,
                min_rate_hz=quantity.min_rate_hz,
                decimals=1,
                note=_NOISE_NOTE,
            )


def _level(joint: Joint) -> SymmetryMetric:
    return _metric(
        joint,
        "level",
        partial(level, quantity=_ROM, index=_ROBINSON),
        label=f"{joint.label}, level of the side difference",
        definition="0: none, small, or within the noise; 1: noticeable; 2: large.",
        formula="|symmetry index of the range of motion| below 10 %, from 10 %, from 15 %",
        unit="none",
        positive="larger difference",
        zero="no relevant difference",
        source="limits usual in sports medicine, ISBS 2018; noise gate ours",
        min_rate_hz=_RATE_HZ,
        decimals=0,
        note="A convention, not a diagnosis.",
    )


def _curves(joint: Joint) -> Iterator[SymmetryMetric]:
    yield _metric(
        joint,
        "lag",
        lag,
        label=f"{joint.label}, lag between the sides",
        definition="Time by which the right side is late relative to the pattern of the movement (in phase or "
        "alternating).",
        formula="argmax of the cross-correlation, minus half a cycle when the sides alternate",
        unit="s",
        positive="right side later",
        zero="exactly in phase, or exactly half a cycle apart",
        source="scipy.signal.correlate; pattern from the data, ours",
        min_rate_hz=_LAG_RATE_HZ,
        decimals=3,
        note="Not given when the two curves differ in shape (correlation below 0.7).",
    )
    yield _metric(
        joint,
        "rmse",
        curve_distance,
        label=f"{joint.label}, difference between the sides' curves",
        definition="Root mean square difference between the right and the left curve, the left one shifted by half a "
        "cycle when the sides alternate.",
        formula="sqrt(mean((R(t) - L(t - pattern))^2))",
        unit="rad",
        positive="curves differ",
        zero="identical curves",
        source="common measure; pattern from the data, ours",
        min_rate_hz=_RATE_HZ,
        decimals=1,
        note="Given only above 5 degrees (3-D angles: 15) and above twice the combined noise of the two angles.",
    )


METRICS: Final[tuple[SymmetryMetric, ...]] = tuple(
    metric for joint in JOINTS for metric in (*_indices(joint), _level(joint), *_curves(joint))
)
"""Twelve metrics per joint: three indices of three quantities, the level, lag and distance."""

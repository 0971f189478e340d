"""Metrics of posture: how the standing body is aligned with the vertical and horizontal of the image.

They hold for a level camera; :mod:`vidpose.biomech.scale.floor` says when it is not.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

import numpy as np

from vidpose.biomech.balance.balance_context import (
    FORE_AFT,
    SIDEWAYS,
    BalanceContext,
    BalanceMetric,
    ImageAxis,
    select,
)
from vidpose.biomech.balance.noise import CONFIDENCE_95
from vidpose.biomech.body_size import STATURE_SHARES
from vidpose.biomech.metrics.metric import Outcome
from vidpose.biomech.points import named_points
from vidpose.types.arrays import ByteArray, FloatArray
from vidpose.types.metrics import MetricSide
from vidpose.types.motion import Facing

Posture: TypeAlias = Callable[[FloatArray, ByteArray, MetricSide], FloatArray]
"""Landmarks, pixels, shape (T, 33, 2), :class:`Facing`, shape (T,), and side to radians, shape (T,); NaN is missing."""


def shoulder_tilt(image_px: FloatArray, _: ByteArray, __: MetricSide) -> FloatArray:
    """Return the tilt of the line of the shoulders; positive when the left one is higher."""
    return _tilt(image_px, "left_shoulder", "right_shoulder")


def pelvis_tilt(image_px: FloatArray, _: ByteArray, __: MetricSide) -> FloatArray:
    """Return the tilt of the line of the hips; positive when the left one is higher."""
    return _tilt(image_px, "left_hip", "right_hip")


def trunk_lean_lateral(image_px: FloatArray, facing: ByteArray, _: MetricSide) -> FloatArray:
    """Return the lean of the trunk from the vertical, in a front or back view; positive to the person's right."""
    return _lean(image_px, "mid_hip", "neck", np.where(facing == Facing.FRONT, -1.0, 1.0))


def trunk_inclination(image_px: FloatArray, facing: ByteArray, _: MetricSide) -> FloatArray:
    """Return the lean of the trunk from the vertical, in a side view; positive forward."""
    return _lean(image_px, "mid_hip", "neck", _forward(facing))


def head_forward(image_px: FloatArray, facing: ByteArray, _: MetricSide) -> FloatArray:
    """Return the lean of the line from mid-shoulders to mid-ears, in a side view; positive forward."""
    return _lean(image_px, "neck", "head", _forward(facing))


def frontal_knee_angle(image_px: FloatArray, facing: ByteArray, side: MetricSide) -> FloatArray:
    """Return how far a knee is bent in the frontal plane; 0 straight, positive inwards (valgus)."""
    hip, knee, ankle = np.moveaxis(
        named_points(image_px, [f"{side}_{name}" for name in ("hip", "knee", "ankle")]), 1, 0
    )
    thigh, shank = knee - hip, ankle - knee
    cross = thigh[:, 0] * shank[:, 1] - thigh[:, 1] * shank[:, 0]
    # seen from the front, the person's right knee moves to the picture's right when it falls inwards
    inwards = np.where(facing == Facing.FRONT, 1.0, -1.0) * (1.0 if side == "right" else -1.0)
    angle: FloatArray = inwards * np.arctan2(cross, np.sum(thigh * shank, axis=1))
    return angle


@dataclass(frozen=True, slots=True)
class PostureAlignment:
    """The median of an angle during quiet standing; ``line_bh`` is the length of the line that turns, of stature."""

    axis: ImageAxis
    angle: Posture
    line_bh: float

    def __call__(self, context: BalanceContext, side: MetricSide) -> Outcome:
        """Return the median angle, radians."""
        recording = context.recording
        angle = self.angle(recording.filtered.image_px, recording.facing, side)
        found = select(context, self.axis, context.standing, angle, "not_static")
        if found.reason:
            return found
        noise = math.sqrt(2.0) * context.noise_bh / self.line_bh
        return replace(found, value=float(np.median(angle[found.frames])), uncertainty=CONFIDENCE_95 * noise)


def _forward(facing: ByteArray) -> FloatArray:
    return np.where(facing == Facing.RIGHT, 1.0, -1.0)


def _tilt(image_px: FloatArray, left: str, right: str) -> FloatArray:
    ends = named_points(image_px, (left, right))
    across, down = (ends[:, 1] - ends[:, 0]).T
    tilt: FloatArray = np.arctan2(down, np.abs(across))
    return tilt


def _lean(image_px: FloatArray, foot: str, top: str, direction: FloatArray) -> FloatArray:
    ends = named_points(image_px, (foot, top))
    across, down = (ends[:, 1] - ends[:, 0]).T
    lean: FloatArray = np.arctan2(across * direction, -down)
    return lean


_TRUNK: Final = "line from the midpoint of the hips to the midpoint of the shoulders relative to the vertical"
_LEVEL: Final = "The camera must be level: see the slope of the floor."

_SHOULDER_TILT: Final = BalanceMetric(
    id="shoulder_tilt",
    label="Shoulder tilt",
    definition="Median angle of the line through the shoulders relative to the horizontal, during quiet standing",
    formula="median(atan2(y_right - y_left, |x_right - x_left|))",
    unit="rad",
    positive="left higher",
    zero="aligned with the image",
    plane=SIDEWAYS.plane,
    views=SIDEWAYS.views,
    landmarks=("shoulder",),
    source="ours",
    decimals=1,
    note=_LEVEL,
    compute=PostureAlignment(SIDEWAYS, shoulder_tilt, STATURE_SHARES["shoulders"]),
)
_TRUNK_INCLINATION: Final = replace(
    _SHOULDER_TILT,
    id="trunk_inclination",
    label="Inclination of the trunk",
    definition=f"Median angle of the {_TRUNK}, in the sagittal plane, during quiet standing",
    formula="median(atan2(dx forward, dy upwards))",
    positive="forward",
    plane=FORE_AFT.plane,
    views=FORE_AFT.views,
    landmarks=("hip", "shoulder"),
    compute=PostureAlignment(FORE_AFT, trunk_inclination, STATURE_SHARES["trunk"]),
)

POSTURE_METRICS: Final[tuple[BalanceMetric, ...]] = (
    _SHOULDER_TILT,
    replace(
        _SHOULDER_TILT,
        id="pelvis_tilt",
        label="Pelvic tilt in the frontal plane",
        definition="Median angle of the line through the hips relative to the horizontal, during quiet standing",
        landmarks=("hip",),
        compute=PostureAlignment(SIDEWAYS, pelvis_tilt, STATURE_SHARES["pelvis"]),
    ),
    replace(
        _SHOULDER_TILT,
        id="trunk_lean_lateral",
        label="Lateral lean of the trunk",
        definition=f"Median angle of the {_TRUNK}, in the frontal plane, during quiet standing",
        formula="median(atan2(dx to the person's right, dy upwards))",
        positive="to the person's right",
        landmarks=("hip", "shoulder"),
        compute=PostureAlignment(SIDEWAYS, trunk_lean_lateral, STATURE_SHARES["trunk"]),
    ),
    replace(
        _SHOULDER_TILT,
        id="frontal_knee_angle",
        label="Frontal knee angle",
        definition="Median angle between thigh and shank in the frontal plane, during quiet standing",
        formula="median(angle between hip-knee and knee-ankle)",
        positive="inwards (valgus)",
        zero="straight",
        sides=("left", "right"),
        landmarks=("hip", "knee", "ankle"),
        compute=PostureAlignment(SIDEWAYS, frontal_knee_angle, STATURE_SHARES["thigh"]),
    ),
    _TRUNK_INCLINATION,
    replace(
        _TRUNK_INCLINATION,
        id="head_forward",
        label="Forward head angle",
        definition="Median angle of the line from the midpoint of the shoulders to the midpoint of the ears relative "
        "to the vertical, during quiet standing",
        landmarks=("shoulder", "ear"),
        note=f"A proxy for the craniovertebral angle, which requires the seventh cervical vertebra. {_LEVEL}",
        compute=PostureAlignment(FORE_AFT, head_forward, STATURE_SHARES["head"]),
    ),
)
"""Metrics of posture."""

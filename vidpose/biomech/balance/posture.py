"""How a standing body is aligned: angles against the picture's vertical and horizontal.

They hold for a level camera; :mod:`vidpose.biomech.scale.floor` says when it is not.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from vidpose.biomech.body_size import STATURE_SHARES
from vidpose.biomech.points import named_points
from vidpose.types.arrays import ByteArray, FloatArray
from vidpose.types.motion import Facing

Posture = Callable[[FloatArray, ByteArray], FloatArray]
"""Landmarks in pixels, shape (T, 33, 2), and :class:`Facing`, shape (T,), to radians, shape (T,); NaN is missing."""


def shoulder_tilt(image_px: FloatArray, _: ByteArray) -> FloatArray:
    """Return the tilt of the line of the shoulders; positive when the left one is higher."""
    return _tilt(image_px, "left_shoulder", "right_shoulder")


def pelvis_tilt(image_px: FloatArray, _: ByteArray) -> FloatArray:
    """Return the tilt of the line of the hips; positive when the left one is higher."""
    return _tilt(image_px, "left_hip", "right_hip")


def trunk_lean_lateral(image_px: FloatArray, facing: ByteArray) -> FloatArray:
    """Return the lean of the trunk from the vertical, in a front or back view; positive to the person's right."""
    return _lean(image_px, "mid_hip", "neck", np.where(facing == Facing.FRONT, -1.0, 1.0))


def trunk_inclination(image_px: FloatArray, facing: ByteArray) -> FloatArray:
    """Return the lean of the trunk from the vertical, in a side view; positive forward."""
    return _lean(image_px, "mid_hip", "neck", _forward(facing))


def head_forward(image_px: FloatArray, facing: ByteArray) -> FloatArray:
    """Return the lean of the line from mid-shoulders to mid-ears, in a side view; positive forward."""
    return _lean(image_px, "neck", "head", _forward(facing))


def frontal_knee_angle(image_px: FloatArray, facing: ByteArray, side: str) -> FloatArray:
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


ALIGNMENT: Final[dict[tuple[str, str], Posture]] = {
    ("shoulder_tilt", "none"): shoulder_tilt,
    ("pelvis_tilt", "none"): pelvis_tilt,
    ("trunk_lean_lateral", "none"): trunk_lean_lateral,
    ("frontal_knee_angle", "left"): lambda image_px, facing: frontal_knee_angle(image_px, facing, "left"),
    ("frontal_knee_angle", "right"): lambda image_px, facing: frontal_knee_angle(image_px, facing, "right"),
    ("trunk_inclination", "none"): trunk_inclination,
    ("head_forward", "none"): head_forward,
}
"""Metric and side to its function."""

LENGTH_BH: Final[dict[str, float]] = {
    "shoulder_tilt": STATURE_SHARES["shoulders"],
    "pelvis_tilt": STATURE_SHARES["pelvis"],
    "trunk_lean_lateral": STATURE_SHARES["trunk"],
    "frontal_knee_angle": STATURE_SHARES["thigh"],
    "trunk_inclination": STATURE_SHARES["trunk"],
    "head_forward": STATURE_SHARES["head"],
}
"""Length of the line that turns, shares of stature."""


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

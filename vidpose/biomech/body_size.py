"""The person's standing height in pixels, from body-segment lengths instead of the pose."""

from __future__ import annotations

from typing import Final

import numpy as np

from vidpose.biomech.blocks import per_frame
from vidpose.biomech.points import named_points
from vidpose.biomech.rolling import rolling_quantile
from vidpose.types.arrays import FloatArray, IntArray

STATURE_SHARES: Final[dict[str, float]] = {
    "shank": 0.246,
    "thigh": 0.245,
    "trunk": 0.288,
    "head": 0.112,
    "foot": 0.152,
    "arm": 0.186,
    "forearm": 0.146,
    "hand": 0.050,
    "shoulders": 0.259,
    "pelvis": 0.191,
}
"""Usual length of a body segment as a share of standing height.

Drillis & Contini as printed in Winter (2009): knee 0.285 and ankle 0.039, hip 0.530, shoulder 0.818, eye 0.936 of
stature, upper arm, forearm, foot, biacromial and hip width. Head runs from mid-shoulders to the ears (0.93, ours);
hand from the wrist to the knuckle of the index finger (0.05, ours).
"""

_HEIGHT_QUANTILE: Final = 0.75  # ours: foreshortening only shortens, noise lengthens a little
_LOCAL_HALF_WINDOW_S: Final = 1.0
_MIN_SHARE: Final = 0.35  # ours: at least two of the four lengths, so that one bad landmark does not decide


def pose_height_px(image_px: FloatArray) -> FloatArray:
    """Estimate the standing height in every frame, whatever the pose.

    The lengths ankle-knee, knee-hip (the longer of both sides, as the camera only shortens), mid-hip to
    mid-shoulders and mid-shoulders to the ears are added and divided by their share of stature.

    Parameters
    ----------
    image_px
        Pixels, shape (T, 33, 2); NaN is missing.

    Returns
    -------
    FloatArray
        Pixels, shape (T,); NaN where fewer than two of the four lengths are known.
    """
    return per_frame(_pose_height_px, image_px)


def _pose_height_px(image_px: FloatArray) -> FloatArray:
    lengths = {
        "shank": np.fmax(_length(image_px, "left_knee", "left_ankle"), _length(image_px, "right_knee", "right_ankle")),
        "thigh": np.fmax(_length(image_px, "left_hip", "left_knee"), _length(image_px, "right_hip", "right_knee")),
        "trunk": _length(image_px, "mid_hip", "neck"),
        "head": _length(image_px, "neck", "head"),
    }
    total_px = np.zeros(len(image_px))
    share = np.zeros(len(image_px))
    for name, length_px in lengths.items():
        known = np.isfinite(length_px)
        total_px += np.where(known, length_px, 0.0)
        share += np.where(known, STATURE_SHARES[name], 0.0)
    enough = (share >= _MIN_SHARE) & (total_px > 0)
    result: FloatArray = np.where(enough, total_px / np.where(enough, share, 1.0), np.nan)
    return result


def local_height_px(heights_px: FloatArray, timestamps_s: FloatArray, stretch: IntArray) -> FloatArray:
    """Return the upper quartile of the height within a second of every frame, pixels, shape (T,).

    It follows a person who comes nearer, and bridges frames in which the estimate is missing or foreshortened.
    """
    column = heights_px[:, None]
    return rolling_quantile(column, timestamps_s, stretch, _LOCAL_HALF_WINDOW_S, _HEIGHT_QUANTILE)[:, 0]


def body_height_px(heights_px: FloatArray) -> float:
    """Return the upper quartile of the height over all frames, pixels; NaN when no frame has one."""
    known = heights_px[np.isfinite(heights_px)]
    return float(np.quantile(known, _HEIGHT_QUANTILE)) if len(known) else float("nan")


def _length(image_px: FloatArray, first: str, second: str) -> FloatArray:
    ends = named_points(image_px, (first, second))
    return np.asarray(np.hypot(*(ends[:, 0] - ends[:, 1]).T), dtype=np.float64)

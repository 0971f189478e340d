"""The person's standing height, in pixels and in metres of the model, from body-segment lengths in any pose."""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from typing import Final

import numpy as np

from vidpose.biomech.long_series import per_frame
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


_LINES: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    "shank": (("left_knee", "left_ankle"), ("right_knee", "right_ankle")),
    "thigh": (("left_hip", "left_knee"), ("right_hip", "right_knee")),
    "trunk": (("mid_hip", "neck"),),
    "head": (("neck", "head"),),
}
"""The lengths that make up the standing height, from the ankles to the ears: each from one line, or from two sides."""


def pose_height_px(image_px: FloatArray) -> FloatArray:
    """Estimate the standing height in every frame, whatever the pose.

    Of the two sides the longer one counts, as the camera only shortens.

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
    return _standing_height(
        {name: reduce(np.fmax, [_length(image_px, *line) for line in lines]) for name, lines in _LINES.items()}
    )


def world_height_m(world_m: FloatArray) -> float:
    """Return the standing height of the body that the world landmarks show, m; NaN when too little of it is seen.

    Each length is the median over frames and sides: in space nothing is foreshortened, so every pose counts.

    Parameters
    ----------
    world_m
        Metres, shape (T, 33, 3); NaN is missing.
    """
    lengths = {name: np.concatenate([_length(world_m, *line) for line in lines]) for name, lines in _LINES.items()}
    medians = {name: _median(lengths_m[np.isfinite(lengths_m)]) for name, lengths_m in lengths.items()}
    return float(_standing_height(medians))


def _standing_height(lengths: Mapping[str, FloatArray]) -> FloatArray:
    """Return the sum of the known lengths over the sum of their shares of stature; NaN where too few are known."""
    total: FloatArray | float = 0.0
    share: FloatArray | float = 0.0
    for name, length in lengths.items():
        known = np.isfinite(length)
        total = total + np.where(known, length, 0.0)
        share = share + np.where(known, STATURE_SHARES[name], 0.0)
    enough = np.asarray(share >= _MIN_SHARE) & np.asarray(total > 0)
    result: FloatArray = np.where(enough, total / np.where(enough, share, 1.0), np.nan)
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


def metres_per_pixel(recorded_height_px: FloatArray | float, height_m: float | None) -> FloatArray:
    """Return metres per pixel at the person's distance, same shape as the height in pixels.

    Nothing here knows where the camera stands: the scale holds in the plane through the person that is parallel to the
    image, and nowhere else.

    Parameters
    ----------
    recorded_height_px
        Standing height in pixels, of a frame or of the whole video; NaN is unknown.
    height_m
        Standing height, m; None gives NaN everywhere.
    """
    height_px = np.asarray(recorded_height_px, dtype=np.float64)
    known = (height_px > 0) & (height_m is not None)
    result: FloatArray = np.where(known, (height_m or np.nan) / np.where(known, height_px, 1.0), np.nan)
    return result


def _length(positions: FloatArray, first: str, second: str) -> FloatArray:
    ends = named_points(positions, (first, second))
    line = ends[:, 0] - ends[:, 1]
    length = np.hypot(*line.T) if line.shape[1] == 2 else np.linalg.norm(line, axis=1)
    return np.asarray(length, dtype=np.float64)


def _median(known: FloatArray) -> FloatArray:
    return np.asarray(np.median(known) if len(known) else np.nan, dtype=np.float64)

"""From pixels and from the model's average body to the person's metres.

Nothing here knows where the camera stands. A length in the picture becomes metres by the person's own height: standing
height in metres over standing height in pixels, both of the same moment, so the result holds in the plane through the
person that is parallel to the picture, and nowhere else.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from vidpose.biomech.body_size import STATURE_SHARES
from vidpose.biomech.points import named_points
from vidpose.types.arrays import FloatArray

_PATH: Final = (
    ("shank", (("left_knee", "left_ankle"), ("right_knee", "right_ankle"))),
    ("thigh", (("left_hip", "left_knee"), ("right_hip", "right_knee"))),
    ("trunk", (("mid_hip", "neck"),)),
    ("head", (("neck", "head"),)),
)
_MIN_SHARE: Final = 0.35  # of stature, as for the height in pixels: one length alone does not decide


def metres_per_pixel(recorded_height_px: FloatArray | float, height_m: float | None) -> FloatArray:
    """Return metres per pixel at the person's distance, same shape as the height in pixels.

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


def world_height_m(world_m: FloatArray) -> float:
    """Return the standing height of the body that the world landmarks show, m; NaN when too little of it is seen.

    The lengths ankle-knee, knee-hip, mid-hip to mid-shoulders and mid-shoulders to the ears, each the median over
    frames and sides, are added and divided by their share of stature (Drillis & Contini, see
    :data:`~vidpose.biomech.body_size.STATURE_SHARES`). In space nothing is foreshortened, so every pose counts.

    Parameters
    ----------
    world_m
        Metres, shape (T, 33, 3); NaN is missing.
    """
    total_m, share = 0.0, 0.0
    for name, sides in _PATH:
        lengths_m = np.concatenate([_length(world_m, *ends) for ends in sides])
        known = lengths_m[np.isfinite(lengths_m)]
        if len(known):
            total_m += float(np.median(known))
            share += STATURE_SHARES[name]
    return total_m / share if share >= _MIN_SHARE else float("nan")


def _length(world_m: FloatArray, first: str, second: str) -> FloatArray:
    ends = named_points(world_m, (first, second))
    return np.asarray(np.linalg.norm(ends[:, 0] - ends[:, 1], axis=1), dtype=np.float64)

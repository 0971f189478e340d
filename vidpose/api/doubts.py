"""What landmarks of another tool look like when they came in another frame or another unit than expected."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from vidpose.biomech.gaps import frame_period_s
from vidpose.biomech.points import named_points
from vidpose.types.arrays import FloatArray
from vidpose.types.findings import Finding

_MIN_UPSIDE_DOWN: Final = 0.9
"""Share of the frames with the hips above the shoulders from which it is reported (ours): handstands end earlier."""
_MAX_PERIOD_S: Final = 1.0
"""Time between frames from which the unit is in doubt, s (ours)."""


def describe_doubts(image_px: FloatArray, times_s: FloatArray) -> Iterator[Finding]:
    """Yield findings about landmarks that may be in another frame or unit than expected.

    Parameters
    ----------
    image_px
        Landmarks, shape (T, 33, 2); NaN is missing.
    times_s
        Seconds, shape (T,).
    """
    shoulders_y, hips_y = named_points(image_px, ("neck", "mid_hip"))[:, :, 1].T
    known = np.isfinite(shoulders_y) & np.isfinite(hips_y)
    if known.any() and (share := float((hips_y < shoulders_y)[known].mean())) >= _MIN_UPSIDE_DOWN:
        yield Finding("upside_down", f"the hips are above the shoulders in {share:.0%} of the frames")
    period_s = frame_period_s(times_s)
    if period_s >= _MAX_PERIOD_S:
        yield Finding("times_doubtful", f"{period_s:.3g} s lie between two frames", details={"period_s": period_s})


def share_outside(image_px: FloatArray, frame_size: tuple[int, int]) -> float:
    """Return the share of the known landmarks, shape (T, 33, 2), that lie outside the picture, 0 to 1."""
    known = image_px[np.isfinite(image_px).all(axis=2)]
    outside = (known < 0) | (known > np.asarray(frame_size, dtype=np.float64))
    return float(outside.any(axis=1).mean()) if len(known) else 0.0

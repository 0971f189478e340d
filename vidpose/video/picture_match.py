"""Whether one picture can be made of the pieces of another: the same scene, moved, or another one."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from vidpose.types.arrays import ByteArray, Float32Array

UNEXPLAINED: Final = 0.35
"""Share of a picture's detail above which it shows another scene than the picture before (ours)."""
_BLOCK: Final = 8
_REACH: Final = 12  # a tenth of the picture's longer side: a whip pan at 30 frames per second moves less
_FLAT: Final = 0.05  # share of the picture's variance that every block counts as its own at least: flat ones are noise
_NOISE: Final = 4.0  # the same, levels squared


def unexplained_share(before: ByteArray, after: ByteArray) -> float:
    """Return how much of a picture's detail is not in the picture before, as a share of all its detail.

    Every block is searched in the picture before, up to 12 pixels away in every direction.

    Parameters
    ----------
    before, after
        Luma, about 120 pixels along the longer side.
    """
    contrast = float(min(before.std(), after.std()))
    old, new = _even(before, contrast), _even(after, contrast)
    flat = _FLAT * contrast**2 + _NOISE
    padded = cv2.copyMakeBorder(old, _REACH, _REACH, _REACH, _REACH, cv2.BORDER_REPLICATE)
    height, width = new.shape
    missing = detail = 0.0
    for top in range(0, height - _BLOCK + 1, _BLOCK):
        for left in range(0, width - _BLOCK + 1, _BLOCK):
            block = new[top : top + _BLOCK, left : left + _BLOCK]
            around = padded[top : top + _BLOCK + 2 * _REACH, left : left + _BLOCK + 2 * _REACH]
            missing += max(0.0, float(cv2.matchTemplate(around, block, cv2.TM_SQDIFF).min()))
            detail += float(block.var() + flat) * _BLOCK**2
    return missing / detail if detail else 0.0


def _even(luma: ByteArray, contrast: float) -> Float32Array:
    """Return luma with mean 0 and this contrast."""
    values = luma.astype(np.float32)
    even: Float32Array = (values - values.mean()) * np.float32(contrast / max(float(values.std()), 1e-3))
    return even

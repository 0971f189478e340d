"""From luma and chroma to red, green and blue by the integer arithmetic of ffmpeg's converter.

libswscale's fast path for x86, which PyAV and OpenCV use, floors every product of a colour with its coefficient, so
its pictures are one to two grey levels darker than exact arithmetic would make them, uniformly over areas of one
colour. MediaPipe's graph sees such pictures, and one grey level moves its landmarks; so the conversion is reproduced
here. With exact arithmetic the landmarks would be about twice as far from the graph's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from vidpose.types.arrays import ByteArray, FloatArray
from vidpose.types.picture import YuvColour

NEUTRAL: Final = 128.0
"""Chroma of grey."""
_ONE: Final = 8192.0  # coefficients are integers that stand for this part of one


@dataclass(frozen=True, slots=True, eq=False)
class ColourTerms:
    """The converter's steps, all in grey levels and exact in single precision.

    First every pixel's luma becomes a level, ``clip(floor(luma_gain * (luma - black)), 0, 255)``. Then
    ``rgb = clip(sums @ floor(products @ (level, u, v) + offsets), 0, 255)``, with the shapes (3, 5), (5, 3) and (5,).
    The converter itself does not clip levels; a picture differs where chroma meets luma beyond black or white.
    """

    luma_gain: float
    black: float
    products: FloatArray
    offsets: FloatArray
    sums: FloatArray


def colour_terms(colour: YuvColour) -> ColourTerms:
    """Return the converter's terms: level, red from V, green from U, green from V, blue from U."""
    matrix, _ = colour.to_rgb()
    rounded = np.floor(matrix * _ONE + 0.5) / _ONE
    products = np.zeros((5, 3))
    products[0, 0] = 1.0
    products[1, 2] = rounded[0, 2]
    products[2, 1] = rounded[1, 1]
    products[3, 2] = rounded[1, 2]
    products[4, 1] = rounded[2, 1]
    return ColourTerms(
        luma_gain=float(rounded[0, 0]),
        black=0.0 if colour.full_range else 16.0,
        products=products,
        offsets=-products @ np.array([0.0, NEUTRAL, NEUTRAL]),
        sums=np.array([[1.0, 1.0, 0.0, 0.0, 0.0], [1.0, 0.0, 1.0, 1.0, 0.0], [1.0, 0.0, 0.0, 0.0, 1.0]]),
    )


def luma_levels(luma: ByteArray, terms: ColourTerms, levels: ByteArray) -> None:
    """Write the level of every pixel into ``levels``, both of shape (H, W).

    OpenCV rounds where the converter floors: half a level less, and a little more for values that are whole, give the
    same. Values lie on a grid of 1/8192, so "a little" is half of that.
    """
    offset = -terms.luma_gain * terms.black - 0.5 + 0.5 / _ONE
    cv2.addWeighted(luma, terms.luma_gain, luma, 0.0, offset, dst=levels)

"""Colours as luma and chroma."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from vidpose.types.arrays import FloatArray
from vidpose.types.picture import YuvColour

Rgb = tuple[int, int, int]


@lru_cache(maxsize=64)
def yuv_of(rgb: Rgb, colour: YuvColour) -> tuple[int, int, int]:
    """Return the luma and chroma of a colour, 0 to 255."""
    exact = (from_rgb(colour) * (*rgb, 255.0)).sum(axis=1)
    y, u, v = (round(value) for value in np.clip(exact, 0, 255).tolist())
    return y, u, v


@lru_cache(maxsize=16)
def from_rgb(colour: YuvColour) -> FloatArray:
    """Return the matrix that turns (red, green, blue, opacity) into (luma, chroma blue, chroma red), shape (3, 4).

    All on the scale 0 to 255, colours times opacity on both sides (ITU-T H.273, 8.3).
    """
    kr, kg, kb = colour.kr, 1.0 - colour.kr - colour.kb, colour.kb
    black, luma, chroma = (0.0, 1.0, 1.0) if colour.full_range else (16.0, 219.0 / 255.0, 224.0 / 255.0)
    blue_share, red_share = chroma / (2.0 * (1.0 - kb)), chroma / (2.0 * (1.0 - kr))
    return np.array(
        [
            [luma * kr, luma * kg, luma * kb, black / 255.0],
            [-blue_share * kr, -blue_share * kg, blue_share * (1.0 - kb), 128.0 / 255.0],
            [red_share * (1.0 - kr), -red_share * kg, -red_share * kb, 128.0 / 255.0],
        ]
    )

"""One decoded frame as its planes of luma and chroma, still in the orientation in which it was stored."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from vidpose.types.arrays import ByteArray, FloatArray
from vidpose.types.rotation import upright_size


@dataclass(frozen=True, slots=True)
class YuvColour:
    """How luma and chroma are converted to red, green and blue.

    ``kr`` and ``kb`` are the shares of red and blue in luma (ITU-T H.273, 8.3); ``full_range`` says that luma runs
    from 0 to 255 instead of 16 to 235.
    """

    kr: float
    kb: float
    full_range: bool

    def to_rgb(self) -> tuple[FloatArray, FloatArray]:
        """Return (matrix, offset) with ``rgb = matrix @ (y, u, v) + offset``, all on the scale 0 to 255."""
        kg = 1.0 - self.kr - self.kb
        luma, chroma = (1.0, 1.0) if self.full_range else (255.0 / 219.0, 255.0 / 224.0)
        red_v, blue_u = 2.0 * (1.0 - self.kr) * chroma, 2.0 * (1.0 - self.kb) * chroma
        matrix = np.array(
            [
                [luma, 0.0, red_v],
                [luma, -blue_u * self.kb / kg, -red_v * self.kr / kg],
                [luma, blue_u, 0.0],
            ]
        )
        black = np.array([0.0 if self.full_range else 16.0, 128.0, 128.0])
        return matrix, -matrix @ black


BT601 = YuvColour(0.299, 0.114, full_range=False)
"""The default of ffmpeg and OpenCV for files that state no matrix."""


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """One frame in YUV 4:2:0, 8 bits, square pixels, as the decoder left it.

    Attributes
    ----------
    y
        Luma, shape (H, W), read-only view of the decoder's picture, rows not always contiguous to each other.
    u, v
        Chroma, shape (ceil(H / 2), ceil(W / 2)), likewise; a chroma sample lies on the left one of its two
        luma columns and midway between its two rows (MPEG-2, H.264).
    rotation_deg
        Clockwise turn (0, 90, 180, 270) that brings the planes upright.
    colour
        Meaning of the samples.
    rgb
        Makes the upright picture, shape (height, width, 3), contiguous, writeable, owned by the caller; costly.
    """

    y: ByteArray
    u: ByteArray
    v: ByteArray
    rotation_deg: int
    colour: YuvColour
    rgb: Callable[[], ByteArray]

    @property
    def size_px(self) -> tuple[int, int]:
        """Width and height of the upright picture."""
        return upright_size(self.stored_px, self.rotation_deg)

    @property
    def stored_px(self) -> tuple[int, int]:
        """Width and height of the luma plane as it is stored."""
        height, width = self.y.shape
        return width, height

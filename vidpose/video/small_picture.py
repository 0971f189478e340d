"""A frame in few pixels, from the decoded planes: what cuts, repeated pictures and the camera's motion are found in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Self

import cv2
import numpy as np

from vidpose.types.arrays import ByteArray, Float32Array
from vidpose.types.picture import Picture

_LONG_SIDE: Final = 240  # pixels of the small picture (ours): a quarter of a millisecond for a picture of 1920 x 1080
_CELL: Final = 4  # pixels along the side of a cell
_MIN_CELLS: Final = 4


@dataclass(frozen=True, slots=True, eq=False)
class SmallPicture:
    """One frame in few pixels, as stored, not turned upright.

    Attributes
    ----------
    luma
        Shape (h, w), the longer side 240; both are multiples of 4.
    cells
        Mean luma and the two chromas in cells of 4 x 4 such pixels, shape (3, h / 4, w / 4), 0 to 255.
    """

    luma: ByteArray
    cells: Float32Array

    @classmethod
    def of(cls, picture: Picture) -> Self:
        """Make one from the planes of a frame."""
        width, height = picture.stored_px
        unit = _LONG_SIDE / _CELL / max(width, height)
        columns, rows = (max(_MIN_CELLS, round(unit * length)) for length in (width, height))
        size = (_CELL * columns, _CELL * rows)
        # A pixel is the mean of four places of four pixels each; a mean over all pixels takes five times as long.
        double = cv2.resize(picture.y, (2 * size[0], 2 * size[1]), interpolation=cv2.INTER_LINEAR)
        luma = np.asarray(cv2.resize(double, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
        planes = [cv2.resize(luma.astype(np.float32), (columns, rows), interpolation=cv2.INTER_AREA)]
        for chroma in (picture.u, picture.v):
            coarse = cv2.resize(chroma, (2 * columns, 2 * rows), interpolation=cv2.INTER_LINEAR)
            planes.append(cv2.resize(coarse.astype(np.float32), (columns, rows), interpolation=cv2.INTER_AREA))
        return cls(luma, np.stack(planes))


def luma_change(before: Float32Array, after: Float32Array) -> float:
    """Return how much two frames differ where they differ most: the mean over a hundredth of the cells, levels of 255.

    Parameters
    ----------
    before, after
        Cells of two :class:`SmallPicture`.
    """
    change = np.abs(after[0] - before[0]).ravel()
    n_most = max(1, len(change) // 100)
    return float(np.partition(change, -n_most)[-n_most:].mean())

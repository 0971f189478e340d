"""Quarter turns between a picture as it is stored and as it is shown upright.

``rotation_deg`` is always the clockwise turn, 0, 90, 180 or 270, that brings the stored planes upright; sizes are
(width, height). Coordinates are pixel indices (x, y): (0, 0) is the centre of the first pixel.
"""

from __future__ import annotations

import numpy as np

from vidpose.types.arrays import ByteArray, FloatArray

Box = tuple[float, float, float, float]
"""Left, top, right, bottom: indices of the first and the last pixel."""


def upright_size(stored_px: tuple[int, int], rotation_deg: int) -> tuple[int, int]:
    """Return the size of the upright picture; of an upright picture, the size of the stored one."""
    width, height = stored_px
    return (width, height) if rotation_deg % 180 == 0 else (height, width)


def stored_from_upright(rotation_deg: int, stored_px: tuple[int, int]) -> FloatArray:
    """Return the mapping from the upright picture to the stored planes: a 2x3 matrix for column vectors (x, y, 1)."""
    right, bottom = stored_px[0] - 1.0, stored_px[1] - 1.0
    mappings = {
        0: [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]],
        90: [[0.0, 1.0, 0.0], [-1.0, 0.0, bottom]],
        180: [[-1.0, 0.0, right], [0.0, -1.0, bottom]],
        270: [[0.0, -1.0, right], [1.0, 0.0, 0.0]],
    }
    return np.array(mappings[rotation_deg])


def stored_points(points: FloatArray, rotation_deg: int, stored_px: tuple[int, int]) -> FloatArray:
    """Map points of the upright picture, shape (n, 2), to the stored planes."""
    mapping = stored_from_upright(rotation_deg, stored_px)
    stored: FloatArray = points @ mapping[:, :2].T + mapping[:, 2]
    return stored


def stored_box(box: Box, rotation_deg: int, stored_px: tuple[int, int]) -> Box:
    """Map a box of the upright picture to the stored planes; an empty box, right before left, stays empty."""
    mapping = stored_from_upright(rotation_deg, stored_px)
    first, last = stored_points(np.array([box[:2], box[2:]]), rotation_deg, stored_px).tolist()
    backwards = (mapping[:, :2].sum(axis=1) < 0).tolist()
    (left, right), (top, bottom) = (
        (stop, start) if turned else (start, stop) for start, stop, turned in zip(first, last, backwards, strict=True)
    )
    return left, top, right, bottom


def upright_box(box: Box, rotation_deg: int, stored_px: tuple[int, int]) -> Box:
    """Map a box of the stored planes to the upright picture."""
    return stored_box(box, -rotation_deg % 360, upright_size(stored_px, rotation_deg))


def as_stored(upright: ByteArray, rotation_deg: int) -> ByteArray:
    """Return a view of an upright plane in the orientation of the stored ones."""
    return np.rot90(upright, rotation_deg // 90)

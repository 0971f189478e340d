"""Making parts of a picture unrecognisable."""

from __future__ import annotations

import cv2
import numpy as np

from vidpose.types.arrays import ByteArray, FloatArray
from vidpose.video.canvas import Canvas

_CELLS = 5  # across a disc: of a face, fewer are left than eyes, nose and mouth need (ours)


def blur_discs(canvas: Canvas, discs: FloatArray) -> None:
    """Replace what lies in discs by a few shades that run into each other; it cannot be undone.

    Parameters
    ----------
    canvas
        The picture.
    discs
        Centre x and y, and radius, pixels, shape (n, 3).
    """
    for x, y, radius in discs.tolist():
        for plane, scale in zip(canvas.planes, (1.0, 0.5, 0.5), strict=True):
            _blur(plane, x * scale, y * scale, max(radius * scale, 1.0))


def _blur(plane: ByteArray, x: float, y: float, radius: float) -> None:
    height, width = plane.shape
    left, top = max(0, int(x - radius)), max(0, int(y - radius))
    right, bottom = min(width, int(x + radius) + 2), min(height, int(y + radius) + 2)
    if left >= right or top >= bottom:
        return
    part = plane[top:bottom, left:right]
    cells = [max(1, round(_CELLS * side / (2 * radius))) for side in (right - left, bottom - top)]
    few = cv2.resize(part, (cells[0], cells[1]), interpolation=cv2.INTER_AREA)
    smooth = cv2.resize(few, (right - left, bottom - top), interpolation=cv2.INTER_LINEAR)
    rows, columns = np.ogrid[top:bottom, left:right]
    inside = (columns - x) ** 2 + (rows - y) ** 2 <= radius**2
    part[inside] = smooth[inside]

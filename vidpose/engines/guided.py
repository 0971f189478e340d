"""Restricts an estimator to the person that it is to follow."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from vidpose.planning.joining import Guide
from vidpose.types.arrays import ByteArray
from vidpose.types.picture import Picture
from vidpose.types.rotation import Box, stored_box


def blank_outside(picture: Picture, guide: Guide, pts: int) -> Picture:
    """Return a picture that is black outside the guided person's box; all black when the guide has none.

    Parameters
    ----------
    picture
        The frame.
    guide
        Boxes in pixels of the upright picture.
    pts
        Which of them.
    """
    box = guide.boxes_px[guide.pts.index(pts)] if pts in guide.pts else (0.0, 0.0, -1.0, -1.0)
    stored = stored_box(box, picture.rotation_deg, picture.stored_px)
    half = (stored[0] / 2, stored[1] / 2, stored[2] / 2, stored[3] / 2)
    black = 0 if picture.colour.full_range else 16
    return replace(
        picture,
        y=_only(picture.y, stored, black),
        u=_only(picture.u, half, 128),
        v=_only(picture.v, half, 128),
        rgb=lambda: _only(picture.rgb(), box, 0),
    )


def _only(plane: ByteArray, box: Box, blank: int) -> ByteArray:
    left, top, right, bottom = box
    shown = np.full_like(plane, blank, order="C")
    rows = slice(max(0, math.floor(top)), max(0, math.floor(bottom) + 1))
    columns = slice(max(0, math.floor(left)), max(0, math.floor(right) + 1))
    shown[rows, columns] = plane[rows, columns]
    return shown

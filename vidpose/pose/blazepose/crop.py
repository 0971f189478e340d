"""Cutting a rotated square out of a picture's planes, as input of a network."""

from __future__ import annotations

from typing import Final, Literal

import cv2
import numpy as np

from vidpose.pose.blazepose.colour import NEUTRAL, colour_terms, luma_levels
from vidpose.pose.blazepose.mapping import apply, then, upright_from_crop
from vidpose.pose.regions import Region
from vidpose.types.arrays import ByteArray, FloatArray
from vidpose.types.picture import Picture
from vidpose.types.rotation import stored_from_upright

Border = Literal["replicate", "black"]
_BORDERS: Final = {"replicate": cv2.BORDER_REPLICATE, "black": cv2.BORDER_CONSTANT}
_WARP: Final = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
# Where chroma index 0 lies between the luma columns 0 and 1, and between the rows: the centre. Pictures in RGB are made
# by repeating each chroma sample over its 2x2 luma samples, which puts it there, and MediaPipe sees such pictures.
_CHROMA_OFFSET: Final = -0.25
_CACHE_LINE_BYTES: Final = 64


class Cutter:
    """Cuts squares and keeps one buffer for all of them.

    Parameters
    ----------
    border
        What lies beyond the picture's borders: the nearest pixel repeated, or black.
    """

    def __init__(self, border: Border) -> None:
        self._border = _BORDERS[border]
        self._buffer: ByteArray = np.empty(0, dtype=np.uint8)

    def cut(self, picture: Picture, region: Region, planes: ByteArray) -> None:
        """Fill ``planes`` with the square that the region shows: luma levels, U and V at the same resolution.

        Parameters
        ----------
        picture
            The picture to cut from.
        region
            What to cut, in the upright picture; it may extend beyond the picture's borders.
        planes
            Receives the square, shape (3, n, n).
        """
        stored = stored_from_upright(picture.rotation_deg, picture.stored_px)
        mapping = then(upright_from_crop(region, planes.shape[-1]), stored)
        self._cut_luma(picture, mapping, planes[0])
        mapping = mapping * 0.5
        mapping[:, 2] += _CHROMA_OFFSET
        for plane, square in ((picture.u, planes[1]), (picture.v, planes[2])):
            top, bottom, left, right = _bounds(plane, mapping, len(square))
            # A rotated square is read in zigzag, for which the processor does not prefetch. Reading one byte of every
            # cache line in order first makes the cut a third faster.
            plane[top:bottom, left:right:_CACHE_LINE_BYTES].max()
            self._warp(plane, mapping, square, NEUTRAL)

    def _cut_luma(self, picture: Picture, mapping: FloatArray, square: ByteArray) -> None:
        """Floor every pixel's level before levels are mixed, as MediaPipe's pictures have it."""
        top, bottom, left, right = _bounds(picture.y, mapping, len(square))
        shape = (bottom - top, right - left)
        if self._buffer.size < shape[0] * shape[1]:
            self._buffer = np.empty(shape[0] * shape[1], dtype=np.uint8)
        levels = self._buffer[: shape[0] * shape[1]].reshape(shape)
        luma_levels(picture.y[top:bottom, left:right], colour_terms(picture.colour), levels)
        shifted = mapping.copy()
        shifted[:, 2] -= (left, top)
        self._warp(levels, shifted, square, 0.0)

    def _warp(self, plane: ByteArray, mapping: FloatArray, square: ByteArray, black: float) -> None:
        cv2.warpAffine(
            plane, mapping, square.shape, dst=square, flags=_WARP, borderMode=self._border, borderValue=black
        )


def _bounds(plane: ByteArray, mapping: FloatArray, n_px: int) -> tuple[int, int, int, int]:
    """Return top, bottom, left and right of the part of a plane that a square needs; at least one pixel of it."""
    corners = apply(mapping, np.array([[0.0, 0.0], [n_px, 0.0], [0.0, n_px], [n_px, n_px]]))
    last = np.array(plane.shape[::-1]) - 1
    left, top = np.clip(np.floor(corners.min(axis=0)) - 1.0, 0, last).astype(int).tolist()
    right, bottom = np.clip(np.ceil(corners.max(axis=0)) + 1.0, 0, last).astype(int).tolist()
    return top, bottom + 1, left, right + 1

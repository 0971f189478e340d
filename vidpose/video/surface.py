"""The picture to draw on: the decoder's planes copied, scaled and rotated upright."""

from __future__ import annotations

from typing import cast

import cv2
import numpy as np
from av.video.frame import VideoFrame

from vidpose.types.arrays import ByteArray
from vidpose.types.picture import Picture, YuvColour
from vidpose.types.rotation import upright_size
from vidpose.types.video import VideoSource
from vidpose.video.canvas import Canvas
from vidpose.video.picture_conversion import turned_upright


def picture_size(source: VideoSource, height_px: int | None) -> tuple[int, int]:
    """Return width and height of the drawn picture: the source's own, or scaled down to an even size.

    Parameters
    ----------
    source
        The video.
    height_px
        Requested height, pixels; None for that of the source.
    """
    if height_px is None or height_px >= source.height_px:
        return source.width_px, source.height_px
    width = source.width_px * height_px / source.height_px
    return max(2, 2 * round(width / 2)), max(2, 2 * round(height_px / 2))


class Surface:
    """One reusable picture of the encoder.

    Parameters
    ----------
    size_px
        Width and height of the drawn picture; where one is odd, the encoded picture gets one more column or row.
    colour
        Meaning of the samples.
    """

    def __init__(self, size_px: tuple[int, int], colour: YuvColour) -> None:
        self._size_px = size_px
        self._colour = colour
        self.frame = VideoFrame(size_px[0] + size_px[0] % 2, size_px[1] + size_px[1] % 2, "yuv420p")

    def load(self, picture: Picture) -> Canvas:
        """Copy a decoded picture, upright; the decoder needs its own unchanged as a reference for later frames."""
        self.frame.make_writable()
        planes = (_view(self.frame, 0), _view(self.frame, 1), _view(self.frame, 2))
        width, height = self._size_px
        half = ((width + 1) // 2, (height + 1) // 2)
        _place(picture.y, picture.rotation_deg, planes[0], (width, height))
        _place(picture.u, picture.rotation_deg, planes[1], half)
        _place(picture.v, picture.rotation_deg, planes[2], half)
        return Canvas(planes, self._size_px, self._colour)


def _place(given: ByteArray, rotation_deg: int, plane: ByteArray, size_px: tuple[int, int]) -> None:
    """Copy a plane, scaled and rotated, into the upper left of another; the last row and column are repeated."""
    width, height = size_px
    target = plane[:height, :width]
    stored = upright_size(size_px, rotation_deg)
    scaled = given if given.shape == stored[::-1] else _scaled(given, stored)
    if rotation_deg:
        turned_upright(scaled, rotation_deg, target)
    else:
        target[...] = scaled
    plane[height:, :width] = plane[height - 1, :width]
    plane[:, width:] = plane[:, width - 1 : width]


def _scaled(given: ByteArray, size_px: tuple[int, int]) -> ByteArray:
    """Halve by averaging four samples as often as possible, then interpolate: as smooth as area averaging, but fast.

    Chroma stays within a quarter of a luma pixel of its position.
    """
    scaled = given
    while scaled.shape[1] >= 2 * size_px[0] and scaled.shape[0] >= 2 * size_px[1]:
        half = (scaled.shape[1] // 2, scaled.shape[0] // 2)
        scaled = np.asarray(cv2.resize(scaled, half, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    return np.asarray(cv2.resize(scaled, size_px, interpolation=cv2.INTER_LINEAR), dtype=np.uint8)


def _view(frame: VideoFrame, number: int) -> ByteArray:
    plane = frame.planes[number]
    rows = np.frombuffer(cast(memoryview, plane), dtype=np.uint8)[: plane.line_size * plane.height]
    view: ByteArray = rows.reshape(plane.height, plane.line_size)[:, : plane.width]
    return view

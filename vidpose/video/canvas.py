"""Drawing straight on the planes of a picture: luma at full size, chroma at half."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from vidpose.types.arrays import BoolArray, ByteArray, FloatArray, IntArray
from vidpose.types.picture import YuvColour
from vidpose.video.text import Stamp
from vidpose.video.yuv import Rgb, yuv_of

_SHIFT: Final = 4  # OpenCV's fixed point: 1/16 of a sample
_RIM_PX: Final = 1.4  # of a line, both sides together
_DISC_RIM_PX: Final = 0.5  # of a disc, on its radius; both measured
_FixedArray = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Spots:
    """Points ready to draw, in OpenCV's fixed point on the luma plane and on the chroma planes, shape (n, 2) each."""

    luma: _FixedArray
    chroma: _FixedArray


class Canvas:
    """The planes of one upright picture that may be drawn on.

    Everything is anti-aliased and placed to a sixteenth of a sample.

    Parameters
    ----------
    planes
        Luma, shape (H, W), and both chroma planes, shape (H / 2, W / 2), writeable; H and W are even.
    size_px
        Width and height of the picture; where one is odd, the planes hold one more column or row.
    colour
        Meaning of the samples.
    """

    def __init__(
        self, planes: tuple[ByteArray, ByteArray, ByteArray], size_px: tuple[int, int], colour: YuvColour
    ) -> None:
        self.planes = planes
        self.size_px = size_px
        self.colour = colour

    def spots(self, points_px: FloatArray, valid: BoolArray) -> Spots:
        """Prepare points, pixels, shape (n, 2); those not ``valid`` must not be drawn.

        A chroma sample lies on the left one of its two luma columns and midway between its two rows (MPEG-2, H.264).
        """
        points = np.where(valid[:, None], points_px, 0.0)
        scaled = points * (1 << _SHIFT)
        half = scaled / 2
        half[:, 1] -= (1 << _SHIFT) / 4
        return Spots(np.rint(scaled).astype(np.int32), np.rint(half).astype(np.int32))

    def lines(self, spots: Spots, ends: IntArray, width_px: int, colour: Rgb) -> None:
        """Draw straight lines with round ends between pairs of spots.

        Parameters
        ----------
        spots
            From :meth:`spots`.
        ends
            Numbers of both ends, shape (n, 2).
        width_px
            1 or more.
        colour
            Red, green, blue.
        """
        if len(ends):
            _, u, v = yuv_of(colour, self.colour)
            self.line_edges(spots, ends, width_px, colour)
            half, half_px = list(spots.chroma[ends]), _half_width_px(width_px)
            cv2.polylines(self.planes[1], half, False, u, half_px, cv2.LINE_AA, _SHIFT)
            cv2.polylines(self.planes[2], half, False, v, half_px, cv2.LINE_AA, _SHIFT)

    def line_edges(self, spots: Spots, ends: IntArray, width_px: int, colour: Rgb) -> None:
        """Draw as :meth:`lines` does, but on luma only: the hue of a dark, thin edge is not visible."""
        if len(ends):
            luma = yuv_of(colour, self.colour)[0]
            cv2.polylines(self.planes[0], list(spots.luma[ends]), False, luma, width_px, cv2.LINE_AA, _SHIFT)

    def discs(self, spots: Spots, middles: Sequence[int], radius_px: float, colour: Rgb) -> None:
        """Draw discs around spots, given by their numbers."""
        _, u, v = yuv_of(colour, self.colour)
        self.disc_edges(spots, middles, radius_px, colour)
        radius = max(1, round((radius_px - _DISC_RIM_PX) / 2 * (1 << _SHIFT)))
        for x, y in spots.chroma[middles].tolist():
            cv2.circle(self.planes[1], (x, y), radius, u, -1, cv2.LINE_AA, _SHIFT)
            cv2.circle(self.planes[2], (x, y), radius, v, -1, cv2.LINE_AA, _SHIFT)

    def disc_edges(self, spots: Spots, middles: Sequence[int], radius_px: float, colour: Rgb) -> None:
        """Draw as :meth:`discs` does, but on luma only."""
        luma, radius = yuv_of(colour, self.colour)[0], max(1, round(radius_px * (1 << _SHIFT)))
        for x, y in spots.luma[middles].tolist():
            cv2.circle(self.planes[0], (x, y), radius, luma, -1, cv2.LINE_AA, _SHIFT)

    def draw_stamp(self, stamp: Stamp, left_px: int, top_px: int) -> None:
        """Draw a stamp; what lies outside the picture is clipped."""
        if not stamp.ink.size:
            return
        made = stamp.on_planes(self.colour, (left_px % 2, top_px % 2))
        y, u, v = self.planes
        _blend(y, made.y, made.keep, (left_px, top_px))
        corner = (left_px // 2, top_px // 2)
        _blend(u, made.u, made.half_keep, corner)
        _blend(v, made.v, made.half_keep, corner)


def _half_width_px(width_px: int) -> int:
    """Return the width on a chroma plane that comes out half as wide.

    Measured: OpenCV draws anti-aliased lines of width 2k - 1 and 2k alike, as wide as 2k + 1.4; a width of 1 as 1.4.
    """
    if width_px <= 2:
        return 1
    drawn_px = 2 * math.ceil(width_px / 2) + _RIM_PX
    return 2 * round((drawn_px / 2 - _RIM_PX) / 2)


def _blend(plane: ByteArray, ink: ByteArray, keep: ByteArray, corner: tuple[int, int]) -> None:
    left, top = corner
    height, width = ink.shape
    x0, x1 = max(left, 0), min(left + width, plane.shape[1])
    y0, y1 = max(top, 0), min(top + height, plane.shape[0])
    if x0 >= x1 or y0 >= y1:
        return
    inside = np.s_[y0 - top : y1 - top, x0 - left : x1 - left]
    under = plane[y0:y1, x0:x1]
    cv2.add(cv2.multiply(under, keep[inside], scale=1 / 255), ink[inside], dst=under)

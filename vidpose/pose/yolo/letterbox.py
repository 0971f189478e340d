"""Fitting a whole picture into a network's input, and mapping results back.

Two kinds of coordinates: indices, where (0, 0) is the centre of the first pixel, are used to sample pictures;
positions, where (0, 0) is the picture's corner and (width, height) the opposite one, are used by networks and results.
A position is an index plus one half.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Self

import cv2
import numpy as np

from vidpose.pose.blazepose.mapping import then
from vidpose.types.arrays import ByteArray, FloatArray
from vidpose.types.picture import Picture
from vidpose.types.rotation import stored_from_upright

GREY: Final = 114.0 / 255.0
"""Red, green and blue of the margins that ultralytics trains and runs its networks with."""
_WARP: Final = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
_CHROMA_OFFSET: Final = -0.25  # chroma lies at the centre of its 2x2 luma samples, as in vidpose.pose.blazepose.crop


@dataclass(frozen=True, slots=True)
class Letterbox:
    """Where a picture lies in a network's input; all pixels, the picture upright.

    ``input_*`` is the size of the network's input, ``shown_*`` that of the picture inside it, ``left_px`` and
    ``top_px`` the margins before it.
    """

    picture_width_px: int
    picture_height_px: int
    input_width_px: int
    input_height_px: int
    shown_width_px: int
    shown_height_px: int
    left_px: int
    top_px: int

    @classmethod
    def within(cls, picture_px: tuple[int, int], input_px: tuple[int, int]) -> Self:
        """Return the largest placement, aspect kept, in the middle of an input of given width and height."""
        (width, height), (outer_width, outer_height) = picture_px, input_px
        scale = min(outer_width / width, outer_height / height)
        shown_width, shown_height = max(1, round(width * scale)), max(1, round(height * scale))
        left, top = (outer_width - shown_width) // 2, (outer_height - shown_height) // 2
        return cls(width, height, outer_width, outer_height, shown_width, shown_height, left, top)

    @classmethod
    def around(cls, picture_px: tuple[int, int], longest_px: int, stride_px: int) -> Self:
        """Return the placement in the smallest input that the network accepts, its longest side ``longest_px``.

        Both sides are multiples of the stride; the margins are less than a stride in all.
        """
        scale = longest_px / max(picture_px)
        width, height = (-(-max(1, round(side * scale)) // stride_px) * stride_px for side in picture_px)
        return cls.within(picture_px, (width, height))

    @property
    def scale(self) -> FloatArray:
        """Picture pixels per input pixel, in x and y; shape (2,). They differ by the rounding of the shown size."""
        return np.array(
            [self.picture_width_px / self.shown_width_px, self.picture_height_px / self.shown_height_px],
            dtype=np.float64,
        )

    def to_picture(self, positions_px: FloatArray) -> FloatArray:
        """Map positions in the input to positions in the upright picture; the last axis is (x, y)."""
        mapped: FloatArray = (positions_px - np.array([self.left_px, self.top_px])) * self.scale
        return mapped

    def fill(self, picture: Picture, planes: ByteArray) -> None:
        """Scale the picture's planes, without the margins.

        Bilinear between the nearest samples, as ultralytics does; the planes are rotated upright at the same time.

        Parameters
        ----------
        picture
            A picture of the size that this placement is for.
        planes
            Receives Y, U and V at the same resolution, shape (3, ``shown_height_px``, ``shown_width_px``).
        """
        scale = self.scale
        # index -> position -> scaled position -> index
        upright = np.column_stack([np.diag(scale), scale * 0.5 - 0.5])
        luma = then(upright, stored_from_upright(picture.rotation_deg, picture.stored_px))
        chroma = luma * 0.5
        chroma[:, 2] += _CHROMA_OFFSET
        size = (self.shown_width_px, self.shown_height_px)
        sources = zip((picture.y, picture.u, picture.v), (luma, chroma, chroma), planes, strict=True)
        for plane, mapping, scaled in sources:
            cv2.warpAffine(plane, mapping, size, dst=scaled, flags=_WARP, borderMode=cv2.BORDER_REPLICATE)

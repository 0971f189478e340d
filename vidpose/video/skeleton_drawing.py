"""One person's bones and joints on the planes of a picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from vidpose.types.arrays import BoolArray, ByteArray, FloatArray, IntArray
from vidpose.types.pose import Status
from vidpose.types.skeleton import BONES, LANDMARK_NAMES, Side, side_of
from vidpose.video.canvas import Canvas, Spots
from vidpose.video.palette import OUTLINE, SIDE_COLOURS, lighter
from vidpose.video.yuv import Rgb

_LARGE_DOTS: Final = ("shoulder", "elbow", "wrist", "hip", "knee", "ankle")
_SMALL_DOTS: Final = ("nose", "ear", "heel", "foot_index")
_LARGE_SHARE, _SMALL_SHARE = 1.25, 0.8125  # radius of a dot, in line widths (ours)
_LEAST_RADIUS_PX: Final = 1.5
_RING_SHARE: Final = 0.5  # width of the ring of a hollow dot, in line widths (ours)
_THIN_SHARE: Final = 0.6  # width of hand bones and of imputed ones, in line widths (ours)


@dataclass(frozen=True, slots=True)
class DrawnPerson:
    """One person as drawn in one frame.

    Attributes
    ----------
    image_px
        Landmarks, pixels of the drawn picture, shape (33, 2).
    valid
        Which landmarks are drawn, shape (33,).
    imputed
        Which landmarks are interpolated, shape (33,).
    line_px
        Width of a bone.
    order
        Sides from far to near.
    accent
        Colour of the midline; None for the usual one.
    """

    image_px: FloatArray
    valid: BoolArray
    imputed: BoolArray
    line_px: float
    order: tuple[Side, ...]
    accent: Rgb | None = None


def drawable(image_px: FloatArray, status: ByteArray, limit_px: float) -> BoolArray:
    """Return which landmarks may be drawn, shape (..., 33).

    Landmarks far outside the picture are wrong, and would overflow OpenCV's integers.
    """
    known = (status == Status.MEASURED) | (status == Status.IMPUTED)
    # The comparison is False for NaN.
    result: BoolArray = known & (np.abs(image_px) < limit_px).all(axis=-1)
    return result


def draw_skeleton(canvas: Canvas, person: DrawnPerson) -> None:
    """Draw bones and joints, the far side first; imputed bones are thin and light, imputed joints hollow."""
    spots = canvas.spots(person.image_px, person.valid)
    edge_px = max(2, 2 * round(0.3 * person.line_px))  # both sides together
    for side in person.order:
        colour = person.accent if side == "centre" and person.accent else SIDE_COLOURS[side]
        _draw_bones(canvas, spots, person, _PARTS[side], (colour, edge_px))
        for dots, share in (_PARTS[side].large, _LARGE_SHARE), (_PARTS[side].small, _SMALL_SHARE):
            _draw_dots(canvas, spots, person, dots, (share, colour, edge_px))


@dataclass(frozen=True, slots=True)
class _Parts:
    """Bones, shape (n, 2), and dots of one side; ``is_hand`` marks the bones beyond the wrist."""

    bones: IntArray
    is_hand: BoolArray
    large: list[int]
    small: list[int]


def _parts_of(side: Side) -> _Parts:
    bones = [(a, b) for a, b, bone_side in BONES if bone_side == side]
    mine = [(number, name) for number, name in enumerate(LANDMARK_NAMES) if side_of(name) == side]
    return _Parts(
        bones=np.array(bones, dtype=np.int64).reshape(-1, 2),
        is_hand=np.array([max(bone) in range(17, 23) for bone in bones], dtype=np.bool_),
        large=[number for number, name in mine if name.endswith(_LARGE_DOTS)],
        small=[number for number, name in mine if name.endswith(_SMALL_DOTS)],
    )


_SIDES: Final[tuple[Side, ...]] = ("left", "right", "centre")
_PARTS: Final = {side: _parts_of(side) for side in _SIDES}


def _draw_bones(canvas: Canvas, spots: Spots, person: DrawnPerson, parts: _Parts, ink: tuple[Rgb, int]) -> None:
    colour, edge_px = ink
    whole = person.valid[parts.bones].all(axis=1)
    light = whole & person.imputed[parts.bones].any(axis=1)
    full = whole & ~light
    thin_px = _whole(_THIN_SHARE * person.line_px)
    kinds = [
        (parts.bones[full & ~parts.is_hand], _whole(person.line_px), colour),
        (parts.bones[full & parts.is_hand], thin_px, colour),
        (parts.bones[light], thin_px, lighter(colour)),
    ]
    for bones, width_px, _ in kinds:
        canvas.line_edges(spots, bones, width_px + edge_px, OUTLINE)
    for bones, width_px, tint in kinds:
        canvas.lines(spots, bones, width_px, tint)


def _draw_dots(canvas: Canvas, spots: Spots, person: DrawnPerson, dots: list[int], ink: tuple[float, Rgb, int]) -> None:
    share, colour, edge_px = ink
    radius_px = max(_LEAST_RADIUS_PX, share * person.line_px)
    solid = [dot for dot in dots if person.valid[dot] and not person.imputed[dot]]
    hollow = [dot for dot in dots if person.valid[dot] and person.imputed[dot]]
    canvas.disc_edges(spots, solid + hollow, radius_px + edge_px / 2, OUTLINE)
    canvas.discs(spots, solid, radius_px, colour)
    if hollow:
        ring_px = _whole(_RING_SHARE * person.line_px)
        canvas.discs(spots, hollow, radius_px + ring_px / 2, lighter(colour))
        canvas.discs(spots, hollow, radius_px - ring_px / 2 - 1, OUTLINE)


def _whole(width_px: float) -> int:
    return max(1, round(width_px))

"""The mannequin's head: skull with hair as one surface, and a face, without which pose models look elsewhere.

All sizes are shares of stature and ours.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.interpolate import PchipInterpolator

from synthetic.scene import Outfit
from synthetic.surface import Colour, Facets, along, ellipsoid, plain, quads, tube
from vidpose.types.arrays import FloatArray
from vidpose.types.skeleton import LANDMARK_INDEX

_EYE_WHITE: Final[Colour] = (244, 242, 238)
_IRIS: Final[Colour] = (46, 34, 30)
_LIPS: Final[Colour] = (182, 96, 86)

# rings from chin to crown: height, half width, half depth and centre's place ahead, all from between the ears
_HEIGHTS: Final = [-0.062, -0.059, -0.050, -0.034, -0.014, 0.010, 0.034, 0.052, 0.064, 0.069]
_WIDTHS: Final = [0.001, 0.012, 0.024, 0.034, 0.0395, 0.0425, 0.0420, 0.0345, 0.0190, 0.001]
_DEPTHS: Final = [0.001, 0.012, 0.026, 0.040, 0.0465, 0.0510, 0.0500, 0.0400, 0.0220, 0.001]
_AHEAD: Final = [0.030, 0.030, 0.023, 0.012, 0.007, 0.002, -0.001, -0.003, -0.004, -0.004]
_RINGS: Final = np.unique(np.concatenate([np.linspace(-0.062, 0.069, 44), [-0.0605, 0.067, 0.0685]]))
_SHAPE: Final = PchipInterpolator(_HEIGHTS, np.stack([_WIDTHS, _DEPTHS, _AHEAD], axis=1))(_RINGS)
_HAIRLINE_AHEAD: Final = [-0.060, -0.025, -0.012, 0.004, 0.014, 0.030, 0.050]
_HAIRLINE_HEIGHT: Final = [-0.040, -0.034, -0.010, 0.004, 0.024, 0.034, 0.037]
_HAIR_THICKNESS: Final = 0.0060
_N_AROUND: Final = 48


@dataclass(frozen=True, slots=True)
class Figure:
    """One frame of a skeleton: landmarks (33, 3), trunk and head axes (3, 3) with rows forward, up, right; m."""

    landmarks_m: FloatArray
    trunk: FloatArray
    head: FloatArray
    stature_m: float

    def at(self, name: str) -> FloatArray:
        """Return a landmark, shape (3,)."""
        place: FloatArray = self.landmarks_m[LANDMARK_INDEX[name]]
        return place

    def middle(self, part: str) -> FloatArray:
        """Return the point between the left and the right landmark, shape (3,)."""
        return self.middle_of(f"left_{part}", f"right_{part}")

    def middle_of(self, first: str, second: str) -> FloatArray:
        """Return the point between two landmarks, shape (3,)."""
        return (self.at(first) + self.at(second)) / 2


def head(figure: Figure, outfit: Outfit) -> list[Facets]:
    """Return skull with hair, nose and mouth."""
    h, (ahead, up, right) = figure.stature_m, figure.head
    bridge = figure.middle("ear") + h * (0.047 * ahead + 0.006 * up)
    nose = along(bridge, figure.at("nose") - 0.006 * h * ahead, np.linspace(0, 1, 7))
    nose_half = h * np.linspace([0.0035, 0.0035], [0.0080, 0.0070], 7)
    mouth = figure.middle_of("mouth_left", "mouth_right") - 0.005 * h * ahead
    return [
        _skull(figure, outfit),
        tube(nose, nose_half, right, plain(outfit.skin, 7), 12),
        ellipsoid(mouth, h * np.stack([0.006 * ahead, 0.0038 * up, 0.0135 * right]), _LIPS, 0.010),
    ]


def face_side(figure: Figure, side: str, outward: float, outfit: Outfit) -> list[Facets]:
    """Return eye, eyebrow and ear of one side; ``outward`` is +1 on the right."""
    h, (ahead, up, right) = figure.stature_m, figure.head
    eye = figure.at(f"{side}_eye") - 0.005 * h * ahead
    brow = eye + h * (0.002 * ahead + 0.0120 * up)
    ear = figure.at(f"{side}_ear") + 0.002 * h * outward * right
    return [
        ellipsoid(eye, h * np.stack([0.006 * ahead, 0.0048 * up, 0.0085 * right]), _EYE_WHITE, 0.012),
        ellipsoid(eye + 0.003 * h * ahead, h * np.stack([0.005 * ahead, 0.0044 * up, 0.0044 * right]), _IRIS, 0.020),
        ellipsoid(brow, h * np.stack([0.006 * ahead, 0.0018 * up, 0.0105 * right]), outfit.hair, 0.020),
        ellipsoid(ear, h * np.stack([0.0095 * ahead, 0.0155 * up, 0.0065 * right]), outfit.skin, 0.012),
    ]


def _skull(figure: Figure, outfit: Outfit) -> Facets:
    """Return one closed surface; above the hairline it is thicker and has the hair's colour."""
    turn = np.linspace(0.0, 2 * np.pi, _N_AROUND + 1)
    wide, deep, centre = _SHAPE[:, :1], _SHAPE[:, 1:2], _SHAPE[:, 2:]
    ahead = centre + deep * np.cos(turn)
    above = _RINGS[:, None] - np.interp(ahead, _HAIRLINE_AHEAD, _HAIRLINE_HEIGHT)
    grown = 1.0 + _HAIR_THICKNESS / np.maximum(deep, 0.02) * np.clip(above / 0.003, 0.0, 1.0)
    local = np.stack(
        [
            centre + deep * np.cos(turn) * grown,
            np.broadcast_to(_RINGS[:, None], ahead.shape)
            + _HAIR_THICKNESS * np.clip((_RINGS[:, None] - 0.03) / 0.03, 0, 1),
            wide * np.sin(turn) * grown,
        ],
        axis=-1,
    )
    ears = figure.middle("ear")
    rings = ears + figure.stature_m * (local @ figure.head)
    spine = ears + figure.stature_m * np.column_stack([_SHAPE[:, 2], _RINGS, np.zeros_like(_RINGS)]) @ figure.head
    hairy = ((above[:-1, :-1] + above[1:, 1:]) > 0).reshape(-1, 1)
    return quads(rings, spine, np.where(hairy, np.asarray(outfit.hair, float), np.asarray(outfit.skin, float)))

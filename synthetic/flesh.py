"""The mannequin's surface around the skeleton of one frame: trunk, arms and legs with their clothes.

All sizes are shares of stature and ours, chosen so that the figure reads as a clothed person.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from synthetic.body import OUTWARD, SIDES
from synthetic.head import Figure, face_side, head
from synthetic.scene import Outfit
from synthetic.surface import Facets, Outline, along, dyed, merged, outline, plain, tube
from vidpose.types.arrays import FloatArray

_TRUNK: Final = outline(
    [-0.05, 0.0, 0.119, 0.121, 0.30, 0.45, 0.62, 0.78, 0.90, 0.98, 1.05, 1.09],
    [0.066, 0.088, 0.094, 0.0965, 0.085, 0.082, 0.088, 0.099, 0.109, 0.113, 0.092, 0.046],
    [0.040, 0.062, 0.070, 0.072, 0.061, 0.059, 0.062, 0.066, 0.058, 0.049, 0.038, 0.016],
    60,
)
_UPPER_ARM: Final = outline(
    [0.0, 0.16, 0.479, 0.481, 0.7, 1.0], [0.0265, 0.0320, 0.0305, 0.0268, 0.0255, 0.0215], 1.0, 25
)
_FOREARM: Final = outline([0.0, 0.25, 0.7, 1.0], [0.0215, 0.0245, 0.0190, 0.0165], 0.95, 17)
_HAND: Final = outline([0.0, 0.35, 0.7, 1.12], [0.0165, 0.0212, 0.0200, 0.0130], 0.55, 12)
_THUMB: Final = outline([0.3, 1.05], [0.0080, 0.0068], 1.0, 4)
_THIGH: Final = outline([0.0, 0.25, 0.599, 0.601, 0.85, 1.0], [0.0455, 0.0520, 0.0475, 0.0418, 0.0355, 0.0335], 1.0, 27)
_SHANK: Final = outline(
    [0.0, 0.12, 0.30, 0.50, 0.919, 0.921, 1.02], [0.0325, 0.0310, 0.0345, 0.0310, 0.0195, 0.0215, 0.0205], 1.0, 27
)
_SHOE: Final = outline(
    [-0.06, 0.06, 0.24, 0.42, 0.62, 0.82, 1.0, 1.12],
    [0.014, 0.018, 0.019, 0.020, 0.022, 0.024, 0.022, 0.014],
    [0.014, 0.019, 0.022, 0.019, 0.015, 0.0135, 0.012, 0.008],
    18,
)


def dressed(figure: Figure, outfit: Outfit) -> Facets:
    """Return all facets of a person."""
    parts = [*_trunk(figure, outfit), *head(figure, outfit)]
    for k, side in enumerate(SIDES):
        parts += [*_arm(figure, side, outfit), *_leg(figure, side, outfit)]
        parts += face_side(figure, side, float(OUTWARD[k]), outfit)
    return merged(parts)


def _between(
    figure: Figure, ends: tuple[FloatArray, FloatArray], shape: Outline, aside: FloatArray, colours: FloatArray
) -> Facets:
    path = along(ends[0], ends[1], shape.shares)
    return tube(path, shape.half * figure.stature_m, aside, colours)


def _trunk(figure: Figure, outfit: Outfit) -> list[Facets]:
    h, right = figure.stature_m, figure.trunk[2]
    hips, shoulders = figure.middle("hip"), figure.middle("shoulder")
    cloth = dyed(_TRUNK.shares, 0.12, outfit.shorts, outfit.shirt)
    torso = tube(along(hips, shoulders, _TRUNK.shares), _TRUNK.half * h, right, cloth, 48)
    neck = along(shoulders, figure.middle("ear") - 0.02 * h * figure.head[1], np.linspace(0, 1, 10))
    return [torso, tube(neck, np.full((10, 2), 0.030 * h), right, plain(outfit.skin, 10))]


def _arm(figure: Figure, side: str, outfit: Outfit) -> list[Facets]:
    shoulder, elbow, wrist = (figure.at(f"{side}_{part}") for part in ("shoulder", "elbow", "wrist"))
    knuckles = figure.middle_of(f"{side}_index", f"{side}_pinky")
    across = figure.at(f"{side}_index") - figure.at(f"{side}_pinky")
    skin = outfit.skin
    return [
        _between(figure, (shoulder, elbow), _UPPER_ARM, across, dyed(_UPPER_ARM.shares, 0.48, outfit.shirt, skin)),
        _between(figure, (elbow, wrist), _FOREARM, across, plain(skin, len(_FOREARM.shares))),
        _between(figure, (wrist, knuckles), _HAND, across, plain(skin, len(_HAND.shares))),
        _between(figure, (wrist, figure.at(f"{side}_thumb")), _THUMB, across, plain(skin, len(_THUMB.shares))),
    ]


def _leg(figure: Figure, side: str, outfit: Outfit) -> list[Facets]:
    h, right = figure.stature_m, figure.trunk[2]
    hip, knee, ankle = (figure.at(f"{side}_{part}") for part in ("hip", "knee", "ankle"))
    heel, toe = figure.at(f"{side}_heel"), figure.at(f"{side}_foot_index")
    sole = (toe - heel) / np.linalg.norm(toe - heel)
    bulge = np.outer(np.interp(_SHANK.shares, [0, 0.3, 0.7, 1], [0, 0.008, 0.003, 0]) * h, sole)
    calf = along(knee, ankle, _SHANK.shares) - bulge
    up = ankle - (heel + 0.26 * (toe - heel))
    up = up / np.linalg.norm(up)
    shoe = along(heel, toe, _SHOE.shares) + np.outer((_SHOE.half[:, 1] - 0.010) * h, up)
    return [
        _between(figure, (hip, knee), _THIGH, right, dyed(_THIGH.shares, 0.60, outfit.shorts, outfit.skin)),
        tube(calf, _SHANK.half * h, right, dyed(_SHANK.shares, 0.92, outfit.skin, outfit.socks)),
        tube(shoe, _SHOE.half * h, np.cross(toe - heel, up), plain(outfit.shoes, len(_SHOE.shares))),
    ]

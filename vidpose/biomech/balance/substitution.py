"""What stands in for landmarks that are often hidden and carry little mass, so that the centre of mass is still known.

Without substitution a view from the side would have no centre of mass: the body hides the far arm. What it costs, in
shares of stature (Drillis & Contini lengths, de Leva masses):

=========== ============================================ =====================================================
missing     stands in                                    shift of the centre of mass
=========== ============================================ =====================================================
one ear     the other ear                                0.3 % across the head; nothing seen from the side
both ears   the nose                                     0.5 % towards the nose
knuckles    the other knuckle, else the wrist            0.04 %
heel, toes  the ankle                                    0.1 % per foot, mostly upwards
a hidden    the arm of the other side, moved to its own  nothing when both arms move together; 0.8 % along the
arm         shoulder; in side views only                 way when they swing 25 degrees to either side
a hidden    where thigh and shank, as long as the other  0.1 % when the bones' lengths are 5 % off; more when the
knee        leg's, meet in front of hip and ankle; in    leg is straight (0.6 %)
            side views only
=========== ============================================ =====================================================

Shoulders, hips, knees and ankles carry more than four fifths of the mass: without a shoulder, a hip or an ankle there
is no centre of mass, nor without an elbow, a wrist or a knee in a front or back view.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Final

import numpy as np

from vidpose.biomech.conventions import SIDE_VIEWS
from vidpose.types.arrays import BoolArray, ByteArray, FloatArray, IntArray
from vidpose.types.motion import Facing
from vidpose.types.skeleton import LANDMARK_INDEX, mirrored

STAND_INS: Final[dict[str, tuple[str, ...]]] = {
    "left_ear": ("right_ear", "nose"),
    "right_ear": ("left_ear", "nose"),
    **{
        f"{side}_{name}": tuple(f"{side}_{other}" for other in others)
        for side in ("left", "right")
        for name, others in (
            ("pinky", ("index", "wrist")),
            ("index", ("pinky", "wrist")),
            ("heel", ("ankle",)),
            ("foot_index", ("ankle",)),
        )
    },
}
"""Landmark and what stands in for it, the first that is there."""

_ARM: Final = ("elbow", "wrist")


def substitute(positions: FloatArray, facing: ByteArray) -> tuple[FloatArray, IntArray]:
    """Return the landmarks with stand-ins, and which stand-ins each frame has.

    Parameters
    ----------
    positions
        Pixels or metres, shape (T, 33, d); NaN is missing.
    facing
        :class:`~vidpose.types.motion.Facing` per frame, shape (T,).

    Returns
    -------
    tuple
        Positions, shape (T, 33, d); one bit per landmark that has a stand-in, shape (T,). The place jumps by some
        millimetres where the bits change, so nothing should be differentiated across.
    """
    filled = positions.copy()
    bits = np.zeros(len(positions), dtype=np.int64)
    sideways = np.isin(facing, SIDE_VIEWS)
    for side in ("left", "right"):
        for name in _ARM:
            joint = LANDMARK_INDEX[f"{side}_{name}"]
            wanted = _missing(positions, joint) & sideways
            filled[wanted, joint] = _as_the_other_arm(filled[wanted], side, name)
            bits[wanted] |= 1 << joint
        knee = LANDMARK_INDEX[f"{side}_knee"]
        wanted = _missing(positions, knee) & sideways
        filled[wanted, knee] = _bent_knee(positions[wanted], side, facing[wanted])
        bits[wanted] |= 1 << knee
    for name, others in STAND_INS.items():
        joint = LANDMARK_INDEX[name]
        for other in others:
            # a stand-in that has one itself will do: the wrist of a hidden arm, but not the ears for each other
            wanted = _missing(filled, joint)
            filled[wanted, joint] = filled[wanted, LANDMARK_INDEX[other]]
            bits[wanted] |= 1 << joint
    return filled, bits


def _missing(positions: FloatArray, landmark: int) -> BoolArray:
    missing: BoolArray = ~np.isfinite(positions[:, landmark, 0])
    return missing


def _as_the_other_arm(positions: FloatArray, side: str, name: str) -> FloatArray:
    """Return a joint of the arm where the other arm has it, seen from the shoulder, shape (n, d)."""
    shoulder = f"{side}_shoulder"
    other, origin = (LANDMARK_INDEX[mirrored(each)] for each in (f"{side}_{name}", shoulder))
    place: FloatArray = positions[:, LANDMARK_INDEX[shoulder]] + positions[:, other] - positions[:, origin]
    return place


def _bent_knee(positions: FloatArray, side: str, facing: ByteArray) -> FloatArray:
    """Return where a knee is between hip and ankle when its bones are as long as the other leg's, shape (n, d).

    Knees bend forward: seen from the right side (the person faces right when upright) that is anticlockwise of the
    line from hip to ankle, whatever the pose.
    """
    hip, ankle = (positions[:, LANDMARK_INDEX[f"{side}_{name}"]] for name in ("hip", "ankle"))
    chain = [positions[:, LANDMARK_INDEX[mirrored(f"{side}_{name}")]] for name in ("hip", "knee", "ankle")]
    thigh, shank = (np.linalg.norm(last - first, axis=1) for first, last in pairwise(chain))
    line = ankle - hip
    length = np.linalg.norm(line, axis=1)
    known = length > 0
    along = line / np.where(known, length, np.nan)[:, None]
    reach = np.clip((thigh**2 - shank**2 + length**2) / (2.0 * np.where(known, length, np.nan)), 0.0, thigh)
    sign = np.where(facing == Facing.RIGHT, 1.0, -1.0)
    forward = np.zeros_like(line)
    forward[:, 0], forward[:, 1] = sign * along[:, 1], -sign * along[:, 0]
    away = np.sqrt(np.maximum(thigh**2 - reach**2, 0.0))
    place: FloatArray = hip + reach[:, None] * along + away[:, None] * forward
    return place

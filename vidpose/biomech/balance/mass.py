"""How the body's mass is spread over the landmarks.

Every body segment is a rod between two points; its mass sits at a fixed share of the way from the first to the last.
So every landmark carries a fixed share of the whole mass, and the centre of mass is one matrix product.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from vidpose.biomech.metrics.recording import Sex
from vidpose.types.arrays import FloatArray
from vidpose.types.skeleton import LANDMARK_INDEX, N_LANDMARKS


@dataclass(frozen=True, slots=True)
class MassRow:
    """One body segment, or the same one of both sides.

    Attributes
    ----------
    name
        Name of the body segment.
    first, last
        Landmarks whose mean is its first and its last end, ``{side}`` stands for both sides in turn.
    female, male
        Mass as a share of the whole body's, and its place as a share of the way from the first end to the last.
    """

    name: str
    first: tuple[str, ...]
    last: tuple[str, ...]
    female: tuple[float, float]
    male: tuple[float, float]

    @property
    def paired(self) -> bool:
        """Whether there is one on either side."""
        return "{side}" in self.first[0]


_EARS: Final = ("left_ear", "right_ear")
_SHOULDERS: Final = ("left_shoulder", "right_shoulder")
_HIPS: Final = ("left_hip", "right_hip")

DE_LEVA: Final[tuple[MassRow, ...]] = (
    MassRow("head", _EARS, _EARS, (0.0668, 1.0), (0.0694, 1.0)),
    MassRow("trunk", _SHOULDERS, _HIPS, (0.4257, 0.3782), (0.4346, 0.4310)),
    MassRow("upper arm", ("{side}_shoulder",), ("{side}_elbow",), (0.0255, 0.5754), (0.0271, 0.5772)),
    MassRow("forearm", ("{side}_elbow",), ("{side}_wrist",), (0.0138, 0.4559), (0.0162, 0.4574)),
    MassRow("hand", ("{side}_wrist",), ("{side}_pinky", "{side}_index"), (0.0056, 0.7474), (0.0061, 0.7900)),
    MassRow("thigh", ("{side}_hip",), ("{side}_knee",), (0.1478, 0.3612), (0.1416, 0.4095)),
    MassRow("shank", ("{side}_knee",), ("{side}_ankle",), (0.0481, 0.4352), (0.0433, 0.4395)),
    MassRow("foot", ("{side}_heel",), ("{side}_foot_index",), (0.0129, 0.4014), (0.0137, 0.4415)),
)
"""Masses and their places: P. de Leva, J Biomech 29 (1996) 1223, after Zatsiorsky & Seluyanov.

The trunk's end points are the middles of shoulders and hips, as in de Leva's row for them. The head's mass is put at
the ears, where Winter (2009) has the head's centre; de Leva's own end points, vertex and chin, are no landmarks. Masses
add up to 0.9999 (female) and 1.0000 (male) and are made to add up to one.
"""


@lru_cache(maxsize=3)
def landmark_weights(sex: Sex) -> FloatArray:
    """Return the share of the body's mass that every landmark carries, shape (33,), read-only; they add up to one.

    Parameters
    ----------
    sex
        Whose table; ``mean`` is the mean of both.
    """
    weights: FloatArray = np.mean([_weights(row) for row in (["female", "male"] if sex == "mean" else [sex])], axis=0)
    weights.setflags(write=False)
    return weights


def _weights(sex: str) -> FloatArray:
    weights = np.zeros(N_LANDMARKS)
    for row in DE_LEVA:
        mass, place = row.female if sex == "female" else row.male
        for side in ("left", "right") if row.paired else ("",):
            for names, share in ((row.first, 1.0 - place), (row.last, place)):
                for name in names:
                    weights[LANDMARK_INDEX[name.format(side=side)]] += mass * share / len(names)
    total: FloatArray = weights / weights.sum()
    return total

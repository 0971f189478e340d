"""One uninterrupted run of one landmark: what every filter gets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from vidpose.biomech.gaps import interpolate
from vidpose.types.arrays import BoolArray, Float32Array, FloatArray

FILLED_WEIGHT: Final = 0.1
"""How much a filled sample counts beside a measured one where samples have weights.

Ours, from the filter benchmark: with weight 0 a smooth curve bridges gaps better at 60 and 120 frames per second, but
swings out at 30, where a gap of 0.2 s has few neighbours to hold it; with weight 1 it follows the corners of the PCHIP.
"""


@dataclass(frozen=True, slots=True)
class Run:
    """Trusted samples of one landmark, with gaps between them that are short enough to fill.

    Attributes
    ----------
    values
        Coordinates, shape (n, k), any unit, no NaN, n >= 1.
    known_s
        Times of the samples, s, shape (n,), strictly increasing.
    wanted_s
        Times of all frames from the first to the last sample, s, shape (m,), m >= n; they contain ``known_s``.
    visibility
        Confidence of every sample, 0 to 1, shape (n,).
    """

    values: FloatArray
    known_s: FloatArray
    wanted_s: FloatArray
    visibility: FloatArray | Float32Array

    @property
    def measured(self) -> BoolArray:
        """True at the frames of samples, False in gaps, shape (m,)."""
        result: BoolArray = np.isin(self.wanted_s, self.known_s)
        return result

    @property
    def has_gaps(self) -> bool:
        """Whether frames lie between the samples."""
        return len(self.known_s) < len(self.wanted_s)

    def filled(self) -> FloatArray:
        """Return the samples with the gaps filled by PCHIP, shape (m, k)."""
        return interpolate(self.values, self.known_s, self.wanted_s) if self.has_gaps else self.values

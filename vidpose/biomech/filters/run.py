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
    sample_times_s
        Times of the samples, s, shape (n,), strictly increasing.
    frame_times_s
        Times of all frames from the first to the last sample, s, shape (m,), m >= n; they contain ``sample_times_s``.
    visibility
        Confidence of every sample, 0 to 1, shape (n,).
    """

    values: FloatArray
    sample_times_s: FloatArray
    frame_times_s: FloatArray
    visibility: FloatArray | Float32Array

    @property
    def measured(self) -> BoolArray:
        """True at the frames of samples, False in gaps, shape (m,)."""
        result: BoolArray = np.isin(self.frame_times_s, self.sample_times_s)
        return result

    @property
    def has_gaps(self) -> bool:
        """Whether frames lie between the samples."""
        return len(self.sample_times_s) < len(self.frame_times_s)

    def filled(self) -> FloatArray:
        """Return the samples with the gaps filled by PCHIP, shape (m, k)."""
        return interpolate(self.values, self.sample_times_s, self.frame_times_s) if self.has_gaps else self.values

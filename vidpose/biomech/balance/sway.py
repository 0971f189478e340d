"""How much a person sways in quiet standing.

Definitions: T. E. Prieto et al., IEEE Trans Biomed Eng 43 (1996) 956, for the centre of pressure; here they are applied
to the centre of mass, which moves less and more slowly, so the values are not those of a force plate.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from vidpose.types.arrays import FloatArray

CHI2_95_2D: Final = 5.991
"""95 % point of chi-squared with two degrees of freedom."""


@dataclass(frozen=True, slots=True)
class SwaySettings:
    """What is long enough.

    Attributes
    ----------
    min_duration_s
        Shortest quiet stand, s. Ours: a few sways; clinical tests take 30 s and more, and values grow with time.
    """

    min_duration_s: float = 5.0

    def __post_init__(self) -> None:
        if not self.min_duration_s > 0:
            raise ValueError(f"min_duration_s: expected more than 0, got {self.min_duration_s}")


def sway_rms(place: FloatArray) -> float:
    """Return the root mean square about the mean of one axis, unit of the place."""
    return float(np.std(place))


def sway_range(place: FloatArray) -> float:
    """Return the length that holds the middle 95 % of one axis, unit of the place."""
    low, high = np.quantile(place, (0.025, 0.975))
    return float(high - low)


def sway_path(place: FloatArray) -> float:
    """Return the path length along one axis, in the unit of the positions. Noise lengthens it."""
    return float(np.abs(np.diff(place)).sum())


def ellipse_area(places: FloatArray) -> float:
    """Return the area of the ellipse that holds 95 % of normally distributed places, shape (n, 2).

    Returns
    -------
    float
        pi * 5.991 * sqrt(det of the covariance matrix), square of the places' unit.
    """
    determinant = np.linalg.det(np.cov(places.T))
    return float(np.pi * CHI2_95_2D * np.sqrt(max(determinant, 0.0)))

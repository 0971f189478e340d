"""Indices of how far two sides differ, as closed forms with the error that they take over from their inputs.

All are shares (1 is 100 %), 0 when the sides are equal and positive when the right side is larger.
"""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Side:
    """One side's quantity: its value and the standard error of that value, same unit."""

    value: float
    error: float


def robinson(right: Side, left: Side) -> tuple[float, float]:
    """Return the symmetry index (R - L) / (0.5 (R + L)) and its standard error (Robinson, Herzog & Nigg 1987).

    It grows without bound near R = -L: for quantities of one sign only.

    Returns
    -------
    tuple of float
        NaN when the mean is zero.
    """
    total = right.value + left.value
    if total == 0:
        return math.nan, math.nan
    value = 2 * (right.value - left.value) / total
    error = 4 * math.hypot(left.value * right.error, right.value * left.error) / total**2
    return value, error


def symmetry_angle(right: Side, left: Side) -> tuple[float, float]:
    """Return (45 - atan2(L, R)) / 90, angle in degrees, and its standard error (Zifchock et al. 2008).

    It needs no reference and stays within -1 and 1; an angle of more than 90 off is brought back by 180 as published.

    Returns
    -------
    tuple of float
        NaN when both values are zero.
    """
    squared = right.value**2 + left.value**2
    if squared == 0:
        return math.nan, math.nan
    turned = math.pi / 4 - math.atan2(left.value, right.value)
    if turned > math.pi / 2:
        turned -= math.pi
    elif turned < -math.pi / 2:
        turned += math.pi
    error = math.hypot(left.value * right.error, right.value * left.error) / squared
    return turned / (math.pi / 2), error / (math.pi / 2)


def normalised_index(right: Side, left: Side, lowest: float, highest: float) -> tuple[float, float]:
    """Return (R - L) / (max(0, highest) - min(0, lowest)) and its standard error (Queen et al. 2020).

    Parameters
    ----------
    right, left
        The two sides.
    lowest, highest
        Least and largest value of either side in any cycle.

    Returns
    -------
    tuple of float
        NaN when every cycle's value is zero.
    """
    span = max(0.0, highest) - min(0.0, lowest)
    if span == 0:
        return math.nan, math.nan
    return (right.value - left.value) / span, math.hypot(right.error, left.error) / span

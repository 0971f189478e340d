"""How alike the cycles of a repeated movement are."""

from __future__ import annotations

from typing import Final

import numpy as np

from vidpose.types.arrays import FloatArray, IntArray

N_POINTS: Final = 101
"""Points of a time-normalised cycle, 0 to 100 % (usual in gait analysis)."""

MIN_CYCLES: Final = 3
"""Fewer cycles do not say how alike they are (ours)."""


def normalised_cycles(values: FloatArray, times_s: FloatArray, cycles: IntArray) -> FloatArray:
    """Return the cycles on a common time scale of 0 to 100 %.

    Parameters
    ----------
    values
        Series, shape (T,); NaN is missing.
    times_s
        Seconds, shape (T,).
    cycles
        First and last frame of every cycle, shape (n, 2).

    Returns
    -------
    FloatArray
        Shape (n, 101), linear between samples; a cycle with a missing sample is NaN throughout.
    """
    result = np.full((len(cycles), N_POINTS), np.nan)
    share = np.linspace(0.0, 1.0, N_POINTS)
    for row, (first, last) in enumerate(cycles.tolist()):
        part = values[first : last + 1]
        if np.isfinite(part).all():
            start_s, end_s = times_s[first], times_s[last]
            result[row] = np.interp(start_s + share * (end_s - start_s), times_s[first : last + 1], part)
    return result


def pointwise_spread(curves: FloatArray) -> float:
    """Return the mean over the cycle of the standard deviation between cycles, in the curves' unit.

    Parameters
    ----------
    curves
        Cycles by points, shape (n, p), no NaN, n >= 2.
    """
    return float(np.std(curves, axis=0, ddof=1).mean())


def multiple_correlation(curves: FloatArray) -> float:
    """Return the coefficient of multiple correlation within a session (Kadaba et al. 1989).

    sqrt(1 - [sum (y_gt - mean_t)^2 / T(G - 1)] / [sum (y_gt - mean)^2 / (GT - 1)]) for G cycles of T points; 1 when all
    cycles are the same. It falls with the range of motion as well as with the likeness, so it is no measure of error.

    Parameters
    ----------
    curves
        Shape (G, T), no NaN, G >= 2.

    Returns
    -------
    float
        0 to 1; NaN when the cycles differ by more than the movement itself (the root of a negative number) or when
        nothing moves.
    """
    n_cycles, n_points = curves.shape
    within = np.sum((curves - curves.mean(axis=0)) ** 2) / (n_points * (n_cycles - 1))
    total = np.sum((curves - curves.mean()) ** 2) / (n_cycles * n_points - 1)
    share = 1.0 - within / total if total > 0 else -1.0
    return float(np.sqrt(share)) if share >= 0 else float("nan")


def variation(values: FloatArray) -> float:
    """Return the coefficient of variation, sample standard deviation over mean; NaN for a mean that is not positive.

    Parameters
    ----------
    values
        Shape (n,), no NaN, n >= 2.
    """
    mean = float(values.mean())
    return float(np.std(values, ddof=1)) / mean if mean > 0 else float("nan")

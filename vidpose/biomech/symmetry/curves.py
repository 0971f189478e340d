"""Two sides' curves over time: whether they move together or in turn, how late one is, and how far apart they are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vidpose.types.arrays import FloatArray, IntArray


@dataclass(frozen=True, slots=True)
class Alignment:
    """How the curves of the two sides are aligned.

    Attributes
    ----------
    alternating
        True when the sides move in turn, half a cycle apart; False when they move together.
    lag_s
        How much later the right side is than in the pattern, s; negative when the left one is late.
    difference_rad
        Root mean square of right minus left, the left one moved by half a cycle when they alternate.
    correlation
        Pearson correlation of the two at the best lag.
    n
        Samples that are compared.
    """

    alternating: bool
    lag_s: float
    difference_rad: float
    correlation: float
    n: int


def align(right_rad: FloatArray, left_rad: FloatArray, rate_hz: float, cycle_s: float) -> Alignment | None:
    """Find the pattern and the lag of two curves by cross-correlation.

    Parameters
    ----------
    right_rad, left_rad
        Evenly sampled at the same times, no NaN, shape (n,).
    rate_hz
        Samples per second.
    cycle_s
        Time of one cycle, s; NaN when the movement does not repeat, and then the sides can only move together.

    Returns
    -------
    Alignment or None
        None when the curves are shorter than a cycle and a half, or one of them does not move.
    """
    n = len(right_rad)
    cycles = np.isfinite(cycle_s) and cycle_s > 0
    half = round(0.5 * cycle_s * rate_hz) if cycles else 0
    if n < max(4, 3 * half):
        return None
    reach = half + max(1, half // 2) if cycles else n // 4
    lags, strength = _correlation(right_rad, left_rad, reach)
    if strength is None:
        return None
    alternating = half > 0 and _at(lags, strength, half) > strength[lags == 0][0]
    expected = half * (1 if strength[lags == half][0] >= strength[lags == -half][0] else -1) if alternating else 0
    window = np.flatnonzero(np.abs(lags - expected) <= max(1, half // 2 if cycles else reach))
    best = int(window[np.argmax(strength[window])])
    lag = lags[best] + _vertex(strength, best)
    true_half = 0.5 * cycle_s * rate_hz * np.sign(expected) if alternating else 0.0
    right, left = _overlap(right_rad, left_rad, int(expected))
    return Alignment(
        alternating=bool(alternating),
        lag_s=float((lag - true_half) / rate_hz),
        difference_rad=float(np.sqrt(np.mean((right - left) ** 2))),
        correlation=float(strength[best]),
        n=len(right),
    )


def _correlation(right: FloatArray, left: FloatArray, reach: int) -> tuple[IntArray, FloatArray | None]:
    """Return lags (samples by which right is later) and the correlation coefficient at each of them."""
    from scipy.signal import correlate, correlation_lags

    n = len(right)
    lags = np.asarray(correlation_lags(n, n), dtype=np.int64)
    keep = np.abs(lags) <= min(reach, n - 2)
    right, left = right - right.mean(), left - left.mean()
    if not (right.any() and left.any()):
        return lags[keep], None
    products = correlate(right, left)[keep]
    # the overlap shrinks with the lag: products are judged by the energy of the parts that overlap
    energy = np.sqrt(_energy(right, lags[keep]) * _energy(left, -lags[keep]))
    strength: FloatArray = np.divide(products, energy, out=np.zeros(len(products)), where=energy > 0)
    return lags[keep], strength


def _energy(values: FloatArray, lags: IntArray) -> FloatArray:
    """Return the sum of squares over the part of ``values`` that stays inside when it is read ``lags`` later."""
    total = np.concatenate([[0.0], np.cumsum(values**2)])
    first, last = np.clip(lags, 0, None), len(values) + np.clip(lags, None, 0)
    return np.asarray(total[last] - total[first], dtype=np.float64)


def _at(lags: IntArray, strength: FloatArray, half: int) -> float:
    return float(max(strength[lags == half][0], strength[lags == -half][0]))


def _vertex(strength: FloatArray, best: int) -> float:
    """Return the place of the parabola's top through a sample and its neighbours, samples from it."""
    if not 0 < best < len(strength) - 1:
        return 0.0
    before, top, after = strength[best - 1 : best + 2]
    bend = before - 2 * top + after
    return float(0.5 * (before - after) / bend) if bend < 0 else 0.0


def _overlap(right: FloatArray, left: FloatArray, lag: int) -> tuple[FloatArray, FloatArray]:
    n = len(right) - abs(lag)
    return right[max(lag, 0) :][:n], left[max(-lag, 0) :][:n]

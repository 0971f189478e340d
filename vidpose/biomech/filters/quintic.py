"""Natural quintic smoothing splines: the work horse behind the Kalman smoother and the GCV spline.

The curve f minimises ``sum w_i (y_i - f(t_i))^2 + smoothness * integral f'''(t)^2 dt``. By Reinsch (1967, Numer. Math.
10, 177; any order in de Hoog & Hutchinson 1986, Numer. Math. 50, 311) its third derivative is a combination of
quadratic B-splines M_i with coefficients c, where

    (G + smoothness * D W^-1 D') c = D y,    f(t) = y - smoothness * W^-1 D' c,

D holds third divided differences (scaled so that D f = G c) and G the inner products of the M_i. All are banded, so
that a run costs time and memory in proportion to its length. On an even grid with unit weights the curve is the output
of a filter without phase that leaves ``1 / (1 + smoothness * period * w^6)`` of an amplitude (w in rad/s).

Own code: scipy's ``make_smoothing_spline`` is cubic, so that accelerations vanish at both ends of every run, which is
why movement science uses quintic ones (Woltring 1986, Adv. Eng. Software 8, 104). The banded solver is scipy's.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import factorial
from typing import Any, Final

import numpy as np

from vidpose.biomech.smoothing import is_uniform
from vidpose.types.arrays import BoolArray, FloatArray

ORDER: Final = 3  # the derivative that is kept small
_MIN_SPACING: Final = 0.1  # median periods; divided differences over closer samples would only show rounding
_EVEN_GRAM: Final = (66 / 120, 26 / 120, 1 / 120)  # quintic B-spline at whole numbers
_EVEN_DIFFERENCE: Final = (-1.0, 3.0, -3.0, 1.0)


def smoothness_of(cutoff_hz: float, period_s: float) -> float:
    """Return the smoothness, in periods to the fifth, at which the curve leaves 1/sqrt(2) at the cut-off (-3 dB).

    From ``smoothness * period * w^6 = sqrt(2) - 1``; in units of the period the smoothness is without unit.
    """
    return float((np.sqrt(2.0) - 1.0) / (2.0 * np.pi * cutoff_hz * period_s) ** (2 * ORDER))


def spaced(times_s: FloatArray) -> BoolArray:
    """Return which samples to keep so that no two are closer than a tenth of the median period, shape (n,).

    The first and the last one are kept.
    """
    keep = np.ones(len(times_s), dtype=np.bool_)
    steps_s = np.diff(times_s)
    if len(steps_s) == 0 or steps_s.min() >= (least_s := _MIN_SPACING * float(np.median(steps_s))):
        return keep
    last_s = -np.inf
    for sample, time_s in enumerate(times_s.tolist()):
        keep[sample] = time_s - last_s >= least_s
        last_s = time_s if keep[sample] else last_s
    if not keep[-1]:
        keep[np.flatnonzero(keep)[-1]] = False
        keep[-1] = True
    return keep


@dataclass(frozen=True, slots=True)
class QuinticSystem:
    """The banded matrices of one set of times, in units of the median period.

    Attributes
    ----------
    difference
        Row j of D: factors of samples j to j + 3, shape (n - 3, 4).
    gram
        Lower bands of G, shape (3, n - 3).
    """

    difference: FloatArray
    gram: FloatArray

    @classmethod
    def of(cls, times_s: FloatArray) -> QuinticSystem:
        """Build the matrices; at least four times, strictly increasing, shape (n,)."""
        n_coefficients = len(times_s) - ORDER
        if is_uniform(times_s):  # rounded time stamps count as even, as in the Butterworth filter
            difference = np.tile(_EVEN_DIFFERENCE, (n_coefficients, 1))
            return cls(difference, np.repeat(np.array(_EVEN_GRAM)[:, None], n_coefficients, axis=1))
        knots = (times_s - times_s[0]) / float(np.median(np.diff(times_s)))
        return cls(_differences(knots), _gram(knots))

    def misfit(self, values: FloatArray, weights: FloatArray, smoothness: float) -> FloatArray:
        """Return ``values`` minus the curve at the samples, shape (n, k).

        Parameters
        ----------
        values
            Shape (n, k), no NaN.
        weights
            Positive, shape (n,).
        smoothness
            In periods to the fifth, see :func:`smoothness_of`.
        """
        from scipy.linalg import solveh_banded

        rows = len(self.difference)
        bands = np.zeros((ORDER + 1, rows))
        bands[:ORDER] = self.gram
        for offset in range(ORDER + 1):
            stop = rows - offset
            if stop <= 0:
                break
            for column in range(ORDER + 1 - offset):
                first, second = self.difference[:stop, column + offset], self.difference[offset:, column]
                start = offset + column
                bands[offset, :stop] += smoothness * first * second / weights[start : start + stop]
        right = np.zeros((rows, values.shape[1]))
        for i in range(ORDER + 1):
            right += self.difference[:, i, None] * values[i : i + rows]
        kept = min(len(bands), rows)
        coefficients = solveh_banded(bands[:kept], right, lower=True, overwrite_ab=True, overwrite_b=True)
        misfit = np.zeros_like(values)
        for i in range(ORDER + 1):
            misfit[i : i + rows] += self.difference[:, i, None] * coefficients
        misfit *= smoothness / weights[:, None]
        return misfit


def _differences(knots: FloatArray) -> FloatArray:
    """Return 3! times the third divided differences of samples j to j + 3, shape (n - 3, 4)."""
    n_rows = len(knots) - ORDER
    window = np.stack([knots[i : i + n_rows] for i in range(ORDER + 1)], axis=1)
    result = np.empty_like(window)
    for i in range(ORDER + 1):
        others = [window[:, i] - window[:, j] for j in range(ORDER + 1) if j != i]
        result[:, i] = factorial(ORDER) / np.prod(others, axis=0)
    return np.asarray(result, dtype=np.float64)


def _gram(knots: FloatArray) -> FloatArray:
    """Return the inner products of quadratic B-splines of unit area, lower bands, by exact Gauss-Legendre sums."""
    from scipy.interpolate import BSpline
    from scipy.special import roots_legendre

    degree = ORDER - 1
    nodes, node_weights = roots_legendre(ORDER)
    half = np.diff(knots) / 2
    points = ((knots[1:] + knots[:-1])[:, None] / 2 + half[:, None] * nodes).ravel()
    padded = np.concatenate([np.repeat(knots[0], degree), knots, np.repeat(knots[-1], degree)])
    basis: Any = BSpline.design_matrix(points, padded, degree)[:, degree:-degree]
    area = (knots[ORDER:] - knots[:-ORDER]) / ORDER
    measure = (half[:, None] * node_weights).ravel()
    products = (basis.T @ basis.multiply(measure[:, None]).tocsr()).tocsr()
    bands = np.zeros((ORDER, len(area)))
    for offset in range(min(ORDER, len(area))):
        stop = len(area) - offset
        bands[offset, :stop] = products.diagonal(-offset) / (area[offset:] * area[:stop])
    return bands

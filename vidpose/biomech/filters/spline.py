"""Smoothing spline whose smoothness the data choose: generalised cross-validation (GCV).

The score of a smoothness is ``mean squared misfit / (1 - degrees of freedom / n)^2`` (Craven & Wahba 1979, Numer. Math.
31, 377); the smallest one wins, per landmark and run, for all coordinates together, as in Woltring's GCVSPL.

Known traps, and what is done
    GCV takes correlated noise, such as a pose model's slow drift, for movement and then smooths nothing; and it rounds
    off movements with corners, such as triangular waves (scipy issue 23472). So the choice is limited to cut-offs that
    movements have, 3 to 15 Hz. Runs that are too short to choose from get the middle of that range.
Own code
    scipy's ``make_smoothing_spline`` chooses by loops in Python: 0.25 ms per sample and series, 40 ms per frame for
    the 165 series of a person. Here the degrees of freedom are those of a long even run in closed form, and the misfit
    comes from a few banded solutions for all coordinates at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from vidpose.biomech.filters.quintic import ORDER, QuinticSystem, smoothness_of, spaced
from vidpose.biomech.filters.run import FILLED_WEIGHT, Run
from vidpose.biomech.gaps import interpolate
from vidpose.types.arrays import FloatArray

_N_TRIALS: Final = 9  # neighbours differ by a fifth in cut-off over the usual range; a parabola finds the rest
_MIN_SAMPLES: Final = 16  # ours: fewer misfits than that do not tell noise from movement
_N_ANGLES: Final = 512


@dataclass(frozen=True, slots=True)
class GcvSettings:
    """Limits of what cross-validation may choose.

    Attributes
    ----------
    min_cutoff_hz, max_cutoff_hz
        Lowest and highest cut-off (-3 dB). Ours: 3 Hz is the lower end of the advice for walking, 15 Hz the upper end
        for running and throwing (Sports2D).
    """

    min_cutoff_hz: float = 3.0
    max_cutoff_hz: float = 15.0

    def __post_init__(self) -> None:
        if not 0 < self.min_cutoff_hz <= self.max_cutoff_hz:
            raise ValueError(
                f"min_cutoff_hz: expected more than 0 and at most max_cutoff_hz, got {self.min_cutoff_hz} "
                f"and {self.max_cutoff_hz}"
            )


def gcv_spline(run: Run, settings: GcvSettings) -> FloatArray:
    """Return the smoothed positions at all frames of the run.

    Parameters
    ----------
    run
        Samples of one landmark; filled ones count as little as :data:`~vidpose.biomech.filters.run.FILLED_WEIGHT` and
        are not asked for the smoothness.
    settings
        See :class:`GcvSettings`.

    Returns
    -------
    FloatArray
        Shape (m, k); up to three frames come back as they are.
    """
    keep = spaced(run.frame_times_s)
    times_s, values = run.frame_times_s[keep], run.filled()[keep]
    if len(times_s) <= ORDER:
        return run.filled()
    system, weights = QuinticSystem.of(times_s), np.where(run.measured, 1.0, FILLED_WEIGHT)[keep]
    period_s = float(np.median(np.diff(times_s)))
    cutoff_hz = _choose_cutoff_hz(system, values, weights, period_s, settings)
    smooth = values - system.misfit(values, weights, smoothness_of(cutoff_hz, period_s))
    return smooth if keep.all() else interpolate(smooth, times_s, run.frame_times_s)


def freedom(smoothness: float, n_samples: int) -> float:
    """Return the degrees of freedom of the spline on an even run: the trace of the matrix that smooths it.

    Per sample they are the mean gain over all frequencies; the free ends add up to half the order (ours: right to 0.15
    for 20 samples and more, tested against the trace).
    """
    kept = _mean_gain(smoothness)
    return n_samples * kept + ORDER / 2 * (1 - kept**2)


def noise_shares(rate_hz: float, settings: GcvSettings) -> tuple[FloatArray, FloatArray]:
    """Return the shares of white noise's power that the spline takes away and leaves, from the highest cut-off down.

    Each of shape (n,), for cut-offs that may be chosen; what is taken away grows from one to the next. They are those
    of a long even run.
    """
    cutoffs_hz = np.geomspace(settings.max_cutoff_hz, settings.min_cutoff_hz, _N_TRIALS)
    gains = [_gain(smoothness_of(float(cutoff_hz), 1.0 / rate_hz)) for cutoff_hz in cutoffs_hz]
    return np.array([np.mean((1.0 - gain) ** 2) for gain in gains]), np.array([np.mean(gain**2) for gain in gains])


@lru_cache(maxsize=1024)
def _mean_gain(smoothness: float) -> float:
    return float(np.mean(_gain(smoothness)))


def _gain(smoothness: float) -> FloatArray:
    """Return the share of an amplitude that is left, at frequencies evenly spread up to half the rate, shape (n,)."""
    angle = (np.arange(_N_ANGLES) + 0.5) * np.pi / _N_ANGLES
    gram = (66 + 52 * np.cos(angle) + 2 * np.cos(2 * angle)) / 120
    penalty = smoothness * (2 * np.sin(angle / 2)) ** (2 * ORDER)
    result: FloatArray = gram / (gram + penalty)
    return result


def _choose_cutoff_hz(
    system: QuinticSystem, values: FloatArray, weights: FloatArray, period_s: float, settings: GcvSettings
) -> float:
    """Return the cut-off with the smallest score; only samples of full weight, which were measured, are asked."""
    lowest, highest = settings.min_cutoff_hz, settings.max_cutoff_hz
    measured = weights == 1.0
    n_samples = int(measured.sum())
    if n_samples < _MIN_SAMPLES:
        return float(np.sqrt(lowest * highest))
    trials_hz = np.geomspace(lowest, highest, _N_TRIALS)
    scores = np.empty(_N_TRIALS)
    for trial, cutoff_hz in enumerate(trials_hz):
        smoothness = smoothness_of(float(cutoff_hz), period_s)
        misfit = system.misfit(values, weights, smoothness)[measured]
        scores[trial] = np.log(np.mean(misfit**2) + np.finfo(float).tiny) - 2 * np.log1p(
            -freedom(smoothness, n_samples) / n_samples
        )
    return float(np.exp(_lowest_point(np.log(trials_hz), scores)))


def _lowest_point(places: FloatArray, scores: FloatArray) -> float:
    """Return where the parabola through the smallest score and its neighbours is lowest; evenly spaced places."""
    best = int(np.argmin(scores))
    if best in {0, len(scores) - 1}:
        return float(places[best])
    before, here, after = scores[best - 1 : best + 2]
    bend = before - 2 * here + after
    shift = 0.5 * (before - after) / bend if bend > 0 else 0.0
    return float(places[best] + shift * (places[1] - places[0]))

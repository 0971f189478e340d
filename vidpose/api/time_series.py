"""Filters, gap filling and derivatives of time series in arrays: NaN in, NaN out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from vidpose.api.landmarks import increasing
from vidpose.biomech.balance.centre_of_mass import velocity
from vidpose.biomech.filters.kalman import KalmanSettings, kalman_smooth
from vidpose.biomech.filters.residual import residual_cutoff
from vidpose.biomech.filters.run import Run
from vidpose.biomech.filters.spline import GcvSettings
from vidpose.biomech.filters.spline import gcv_spline as smoothing_spline
from vidpose.biomech.gaps import GapSettings, contiguous_runs, interpolate, linked_spans
from vidpose.biomech.smoothing import ButterworthSettings, lowpass
from vidpose.errors import UsageError
from vidpose.types.arrays import BoolArray, Float32Array, FloatArray

_MIN_KALMAN_SAMPLES: Final = 4


def butterworth(values: npt.ArrayLike, time_s: npt.ArrayLike, *, cutoff_hz: float = 6.0, order: int = 4) -> FloatArray:
    """Low-pass filter without delay: a Butterworth filter forwards and backwards, on the true times.

    Parameters
    ----------
    values
        Shape (T, ...), any unit; NaN is missing, and nothing is filtered across it.
    time_s
        Seconds, shape (T,), strictly increasing; uneven times are resampled and read back.
    cutoff_hz
        Frequency at which both passes together leave 1/sqrt(2) of the amplitude (Winter 2009, 3.4.4.2).
    order
        Order of both passes together, even.

    Returns
    -------
    numpy.ndarray
        Same shape; NaN where ``values`` is. Runs of fewer than three samples come back as they are.

    Raises
    ------
    UsageError
        When the frame rate is too low for the cut-off.

    See Also
    --------
    vidpose.fill_gaps : Fills short gaps before.
    vidpose.residual_cutoff_hz : Finds a cut-off.

    Examples
    --------
    >>> import numpy as np, vidpose
    >>> time_s = np.arange(300) / 100
    >>> slow, fast = np.sin(2 * np.pi * 1 * time_s), np.sin(2 * np.pi * 25 * time_s)
    >>> smooth = vidpose.butterworth(slow + 0.1 * fast, time_s, cutoff_hz=6)
    >>> bool(np.abs(smooth - slow)[30:-30].max() < 0.01)
    True
    """
    settings = _settings(ButterworthSettings, cutoff_hz=cutoff_hz, order=order)

    def smooth(run: FloatArray, times: FloatArray, _: None) -> FloatArray:
        result = lowpass(run, times, settings)
        if result is None:
            rate_hz = 1.0 / float(np.median(np.diff(times)))
            raise UsageError(
                f"cutoff_hz: {cutoff_hz:g} Hz needs more than {cutoff_hz / 0.45:.1f} frames per second, got "
                f"{rate_hz:.1f}"
            )
        return result

    return _each_run(values, time_s, smooth)


def kalman(
    values: npt.ArrayLike, time_s: npt.ArrayLike, *, cutoff_hz: float = 6.0, confidence: npt.ArrayLike | None = None
) -> FloatArray:
    """Smooth with a Kalman smoother of constant acceleration that trusts samples by their confidence.

    Parameters
    ----------
    values
        Shape (T, ...), any unit; NaN is missing, and nothing is smoothed across it.
    time_s
        Seconds, shape (T,), strictly increasing.
    cutoff_hz
        Frequency at which samples of full confidence keep 1/sqrt(2) of their amplitude.
    confidence
        0 to 1, shape (T,); None counts every sample fully.

    Returns
    -------
    numpy.ndarray
        Same shape; NaN where ``values`` is. Runs of up to three samples come back as they are.

    Notes
    -----
    Rauch, Tung & Striebel (1965), computed as a quintic smoothing spline (Wahba 1978).

    Examples
    --------
    >>> import numpy as np, vidpose
    >>> time_s = np.arange(90) / 30
    >>> heights = np.where(np.arange(90) == 40, np.nan, 1.0)
    >>> np.flatnonzero(np.isnan(vidpose.kalman(heights, time_s))).tolist()
    [40]
    """
    trust = (
        np.ones(len(np.asarray(time_s)), dtype=np.float32)
        if confidence is None
        else np.asarray(confidence, dtype=np.float32)
    )

    def smooth(run: FloatArray, times: FloatArray, visibility: Float32Array | None) -> FloatArray:
        if len(times) < _MIN_KALMAN_SAMPLES or visibility is None:
            return run
        return kalman_smooth(Run(run, times, times, visibility), cutoff_hz, KalmanSettings())

    return _each_run(values, time_s, smooth, trust)


def gcv_spline(
    values: npt.ArrayLike, time_s: npt.ArrayLike, *, min_cutoff_hz: float = 3.0, max_cutoff_hz: float = 15.0
) -> FloatArray:
    """Smooth with a quintic spline whose smoothness the data choose by generalised cross-validation.

    Parameters
    ----------
    values
        Shape (T, ...), any unit; NaN is missing, and nothing is smoothed across it.
    time_s
        Seconds, shape (T,), strictly increasing.
    min_cutoff_hz, max_cutoff_hz
        Lowest and highest cut-off that may be chosen.

    Returns
    -------
    numpy.ndarray
        Same shape; NaN where ``values`` is. Runs of up to three samples come back as they are.

    Notes
    -----
    Craven & Wahba (1979); Woltring's GCVSPL.

    Examples
    --------
    >>> import numpy as np, vidpose
    >>> time_s = np.arange(120) / 60
    >>> noisy = np.sin(2 * np.pi * time_s) + np.random.default_rng(1).normal(0, 0.02, 120)
    >>> bool(np.std(vidpose.gcv_spline(noisy, time_s) - np.sin(2 * np.pi * time_s)) < 0.015)
    True
    """
    settings = _settings(GcvSettings, min_cutoff_hz=min_cutoff_hz, max_cutoff_hz=max_cutoff_hz)

    def smooth(run: FloatArray, times: FloatArray, _: None) -> FloatArray:
        return smoothing_spline(Run(run, times, times, np.ones(len(times), dtype=np.float32)), settings)

    return _each_run(values, time_s, smooth)


def residual_cutoff_hz(values: npt.ArrayLike, time_s: npt.ArrayLike) -> float:
    """Return the cut-off that a residual analysis finds in the data (Winter 2009, 3.4.4.3).

    Parameters
    ----------
    values
        Shape (T,) or (T, k), any unit; the longest run without NaN is used, its columns together.
    time_s
        Seconds, shape (T,), strictly increasing.

    Returns
    -------
    float
        3 to 15 Hz; NaN when the run is too short or the frame rate too low.

    Examples
    --------
    >>> import numpy as np, vidpose
    >>> time_s = np.arange(600) / 120
    >>> noisy = np.sin(2 * np.pi * time_s) + np.random.default_rng(1).normal(0, 0.02, 600)
    >>> 3 <= vidpose.residual_cutoff_hz(noisy, time_s) <= 15
    True
    """
    series, times = _series(values, time_s)
    known: BoolArray = np.asarray(np.isfinite(series).all(axis=1))
    runs = list(contiguous_runs(known, np.zeros(len(times), dtype=np.int64)))
    if not runs:
        return float("nan")
    longest = max(runs, key=lambda run: run.stop - run.start)
    return residual_cutoff(series[longest], times[longest])[0]


def fill_gaps(values: npt.ArrayLike, time_s: npt.ArrayLike, *, max_gap_s: float = 0.25) -> FloatArray:
    """Fill short gaps by shape-preserving cubics, which never overshoot (PCHIP; Fritsch & Butland 1984).

    Parameters
    ----------
    values
        Shape (T, ...), any unit; NaN is missing. Each column is filled by itself.
    time_s
        Seconds, shape (T,), strictly increasing.
    max_gap_s
        Longest missing time that is filled, s.

    Returns
    -------
    numpy.ndarray
        Same shape; longer gaps, and what is missing at either end, stay NaN.

    Examples
    --------
    >>> import numpy as np, vidpose
    >>> nan = np.nan
    >>> vidpose.fill_gaps([nan, 1, nan, 3, nan, nan, nan, 7], np.arange(8) / 10, max_gap_s=0.1).tolist()
    [nan, 1.0, 2.0, 3.0, nan, nan, nan, 7.0]
    """
    series, times = _series(values, time_s)
    settings = _settings(GapSettings, max_gap_s=max_gap_s)
    result = series.copy()
    one_stretch = np.zeros(len(times), dtype=np.int64)
    for column in range(series.shape[1]):
        known: BoolArray = np.isfinite(series[:, column])
        for first, last in zip(*linked_spans(known, times, one_stretch, settings), strict=True):
            frames = slice(int(first), int(last) + 1)
            good = known[frames]
            if not good.all():
                filled = interpolate(series[frames][good, column, None], times[frames][good], times[frames])
                result[frames, column] = filled[:, 0]
    return result.reshape(np.shape(values))


def derivative(values: npt.ArrayLike, time_s: npt.ArrayLike) -> FloatArray:
    """Return the rate of change by central differences, second order also on uneven times.

    Parameters
    ----------
    values
        Shape (T, ...), any unit; NaN is missing. Smooth before: differences make noise louder.
    time_s
        Seconds, shape (T,), strictly increasing.

    Returns
    -------
    numpy.ndarray
        Unit per second, same shape; NaN where ``values`` is and in runs of fewer than three samples.

    Examples
    --------
    >>> import numpy as np, vidpose
    >>> time_s = np.arange(5) / 10
    >>> vidpose.derivative(3 * time_s, time_s).round(6).tolist()
    [3.0, 3.0, 3.0, 3.0, 3.0]
    """

    def slope(run: FloatArray, times: FloatArray, _: None) -> FloatArray:
        return velocity(run, times, np.zeros(len(times), dtype=np.int64))

    return _each_run(values, time_s, slope)


def _settings(kind: Any, **values: Any) -> Any:
    try:
        return kind(**values)
    except ValueError as error:
        raise UsageError(str(error)) from None


def _series(values: npt.ArrayLike, time_s: npt.ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Return the values as shape (T, n), and the times."""
    array, times = np.asarray(values, dtype=np.float64), np.asarray(time_s, dtype=np.float64)
    if array.ndim == 0 or times.shape != array.shape[:1]:
        raise UsageError(f"time_s: expected one time per sample, got {times.shape} for values of shape {array.shape}")
    return array.reshape(len(array), -1), increasing(times)


def _each_run(
    values: npt.ArrayLike, time_s: npt.ArrayLike, smooth: Callable[..., FloatArray], trust: Float32Array | None = None
) -> FloatArray:
    """Return ``smooth(run, times, trust)`` of every run without NaN of every column; NaN elsewhere."""
    series, times = _series(values, time_s)
    result = np.full(series.shape, np.nan)
    for column in range(series.shape[1]):
        known = np.isfinite(series[:, column])
        for run in contiguous_runs(known, np.zeros(len(times), dtype=np.int64)):
            part = None if trust is None else trust[run]
            result[run, column] = smooth(series[run, column, None], times[run], part)[:, 0]
    return result.reshape(np.shape(values))

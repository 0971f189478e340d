"""Sums over windows of time by running totals: linear in the number of frames, whatever the window."""

from __future__ import annotations

import numpy as np

from vidpose.types.arrays import FloatArray, IntArray

_TIME_SLACK_S = 1e-6  # a frame exactly on the border of the window belongs to it


def window_frames(timestamps_s: FloatArray, stretch: IntArray, half_window_s: float) -> tuple[IntArray, IntArray]:
    """Return the first frame and the end of the window around every frame, inside its stretch, each shape (T,).

    Parameters
    ----------
    timestamps_s
        Strictly increasing times, s, shape (T,).
    stretch
        Number of the stretch of every frame, shape (T,).
    half_window_s
        A window holds the frames at most this far away on either side, s.
    """
    n_frames = len(timestamps_s)
    borders = np.flatnonzero(np.diff(stretch)) + 1
    number = np.searchsorted(borders, np.arange(n_frames), side="right")
    begins = np.concatenate([[0], borders])[number]
    ends = np.concatenate([borders, [n_frames]])[number]
    reach_s = half_window_s + _TIME_SLACK_S
    first = np.maximum(np.searchsorted(timestamps_s, timestamps_s - reach_s, side="left"), begins)
    stop = np.minimum(np.searchsorted(timestamps_s, timestamps_s + reach_s, side="right"), ends)
    return first.astype(np.int64), stop.astype(np.int64)


def rolling_rms(values: FloatArray, window: tuple[IntArray, IntArray]) -> FloatArray:
    """Return the root mean square of the finite values in each window, shape of ``values``; NaN without any.

    Parameters
    ----------
    values
        Shape (T, ...); NaN is missing.
    window
        See :func:`window_frames`.
    """
    first, stop = window
    known = np.isfinite(values)
    zero = np.zeros((1, *values.shape[1:]))
    squares = np.concatenate([zero, np.cumsum(np.where(known, values, 0.0) ** 2, axis=0)])
    counts = np.concatenate([zero, np.cumsum(known, axis=0)])
    n = counts[stop] - counts[first]
    total = np.maximum(squares[stop] - squares[first], 0.0)  # the difference of totals can round to below 0
    result: FloatArray = np.where(n > 0, np.sqrt(total / np.maximum(n, 1)), np.nan)
    return result

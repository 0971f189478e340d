"""Windows of a fixed length in time around every frame, for medians and other quantiles."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from vidpose.types.arrays import FloatArray, IntArray

_BLOCK_VALUES: Final = 2_000_000  # values held at once; bounds memory for hour-long series
_TIME_SLACK_S: Final = 1e-6  # a frame exactly on the border of the window belongs to it


def time_windows(
    values: FloatArray, timestamps_s: FloatArray, stretch: IntArray, half_window_s: float
) -> Iterator[tuple[slice, FloatArray]]:
    """Yield blocks of frames with the samples around each of them.

    Parameters
    ----------
    values
        Any series, shape (T, k); NaN is missing.
    timestamps_s
        Strictly increasing times, s, shape (T,).
    stretch
        Number of the stretch of every frame, shape (T,); samples of another stretch are left out.
    half_window_s
        A window holds the frames at most this far away on either side, s.

    Yields
    ------
    tuple
        The frames of the block, and an array of shape (frames, window, k) with NaN where the window is shorter.
    """
    n_frames, width = values.shape
    if n_frames == 0 or width == 0:
        return
    reach_s = half_window_s + _TIME_SLACK_S
    first = np.searchsorted(timestamps_s, timestamps_s - reach_s, side="left")
    stop = np.searchsorted(timestamps_s, timestamps_s + reach_s, side="right")
    length = int(np.max(stop - first))
    step = max(1, _BLOCK_VALUES // (length * width))
    for start in range(0, n_frames, step):
        rows = slice(start, min(start + step, n_frames))
        frames = first[rows, None] + np.arange(length)
        inside = frames < stop[rows, None]
        frames = np.minimum(frames, n_frames - 1)
        inside &= stretch[frames] == stretch[rows, None]
        yield rows, np.where(inside[:, :, None], values[frames], np.nan)


def window_quantile(windows: FloatArray, quantile: float) -> tuple[FloatArray, IntArray]:
    """Return the quantile of the finite samples of every window, and how many there are.

    Parameters
    ----------
    windows
        Shape (frames, window, k); NaN is left out.
    quantile
        Between 0 and 1; linear interpolation between samples.

    Returns
    -------
    tuple
        Quantiles, shape (frames, k), NaN for a window without samples; counts, shape (frames, k).
    """
    ordered = np.sort(windows, axis=1)  # NaN sorts to the end
    counts: IntArray = np.isfinite(windows).sum(axis=1)
    position = quantile * np.maximum(counts - 1, 0)
    lower = np.floor(position).astype(np.int64)
    upper = np.ceil(position).astype(np.int64)
    low = np.take_along_axis(ordered, lower[:, None, :], axis=1)[:, 0]
    high = np.take_along_axis(ordered, upper[:, None, :], axis=1)[:, 0]
    return low + (high - low) * (position - lower), counts


def rolling_quantile(
    values: FloatArray, timestamps_s: FloatArray, stretch: IntArray, half_window_s: float, quantile: float
) -> FloatArray:
    """Return the quantile of the window around every frame, shape (T, k); see :func:`time_windows`."""
    result = np.full(values.shape, np.nan)
    for rows, windows in time_windows(values, timestamps_s, stretch, half_window_s):
        result[rows], _ = window_quantile(windows, quantile)
    return result

"""How fast something moves on the whole, with the jitter of single frames left out."""

from __future__ import annotations

from typing import Final

import numpy as np

from vidpose.biomech.gaps import contiguous_runs
from vidpose.types.arrays import BoolArray, FloatArray, IntArray

_MIN_SAMPLES: Final = 3


def drift_speed(positions: FloatArray, timestamps_s: FloatArray, stretch: IntArray, half_window_s: float) -> FloatArray:
    """Return the net displacement over a window around every frame, divided by the window's length.

    Unlike the length of the path, it does not add up noise: a landmark that trembles about one place has no drift.

    Parameters
    ----------
    positions
        Any unit, shape (T, d); NaN is missing.
    timestamps_s, stretch
        Seconds and number of the stretch, shape (T,); nothing is joined across two stretches.
    half_window_s
        Reach of the window on either side, s; cut off at the ends of a run.

    Returns
    -------
    FloatArray
        Unit of the positions per second, shape (T,); NaN in runs of fewer than three frames.
    """
    speed = np.full(len(positions), np.nan)
    for run in contiguous_runs(np.all(np.isfinite(positions), axis=1), stretch):
        if run.stop - run.start < _MIN_SAMPLES:
            continue
        times = timestamps_s[run]
        before = np.maximum(times - half_window_s, times[0])
        after = np.minimum(times + half_window_s, times[-1])
        moved = [np.interp(after, times, axis) - np.interp(before, times, axis) for axis in positions[run].T]
        speed[run] = np.linalg.norm(moved, axis=0) / (after - before)
    return speed


def lasting(frames: BoolArray, timestamps_s: FloatArray, stretch: IntArray, min_duration_s: float) -> BoolArray:
    """Return the frames without the runs that are shorter than ``min_duration_s``, shape (T,).

    A run lasts from its first to its last frame.
    """
    kept = np.zeros(len(frames), dtype=bool)
    for run in contiguous_runs(frames, stretch):
        if timestamps_s[run.stop - 1] - timestamps_s[run.start] >= min_duration_s - 1e-9:
            kept[run] = True
    return kept

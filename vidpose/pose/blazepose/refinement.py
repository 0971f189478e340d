"""Refining landmarks by their heatmaps (MediaPipe's RefineLandmarksFromHeatmapCalculator)."""

from __future__ import annotations

from typing import Final

import numpy as np

from vidpose.types.arrays import BoolArray, Float32Array, FloatArray, IntArray

# The wheel's graph behaves as with the calculator's default kernel of 9; a kernel of 7, which MediaPipe's sources name
# for poses, leaves residuals a hundred times as large.
_REACH: Final = 4
_STEPS: Final = np.arange(-_REACH, _REACH + 1)
_MIN_CONFIDENCE: Final = 0.5


def refined(points: FloatArray, heatmaps: Float32Array) -> FloatArray:
    """Return the centres of mass of the heatmaps around the points, or the points where the maps are uncertain.

    Parameters
    ----------
    points
        (x, y) as shares of the side, shape (n, 2); points outside [0, 1) are returned as they are.
    heatmaps
        Logits, shape (rows, columns, at least n).
    """
    from scipy.special import expit

    n_rows, n_columns = heatmaps.shape[:2]
    size = np.array([n_columns, n_rows])
    middle = np.trunc(points * size).astype(np.int64)
    inside = ((middle >= 0) & (middle < size)).all(axis=1)
    columns, in_columns = _window(middle[:, 0], n_columns)
    rows, in_rows = _window(middle[:, 1], n_rows)
    which = np.arange(len(points))[:, np.newaxis, np.newaxis]
    chances = expit(heatmaps[rows[:, :, np.newaxis], columns[:, np.newaxis, :], which])
    chances = chances * (in_rows[:, :, np.newaxis] & in_columns[:, np.newaxis, :])
    total = chances.sum(axis=(1, 2), dtype=np.float64)
    x = (chances.sum(axis=1) * columns).sum(axis=1) / np.maximum(total, np.finfo(np.float64).tiny)
    y = (chances.sum(axis=2) * rows).sum(axis=1) / np.maximum(total, np.finfo(np.float64).tiny)
    sure = inside & (chances.max(axis=(1, 2)) >= _MIN_CONFIDENCE) & (total > 0.0)
    result: FloatArray = np.where(sure[:, np.newaxis], np.column_stack([x, y]) / size, points)
    return result


def _window(middle: IntArray, length: int) -> tuple[IntArray, BoolArray]:
    """Return the indices around each middle, kept inside, and whether they were inside; shape (n, 9)."""
    indices = middle[:, np.newaxis] + _STEPS
    return np.clip(indices, 0, length - 1), (indices >= 0) & (indices < length)

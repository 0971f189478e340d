"""Why a metric is not given: the gates that every metric passes through in the same order."""

from __future__ import annotations

import math

import numpy as np

from vidpose.biomech.metrics.recording import Recording
from vidpose.biomech.metrics.row import MetricRow
from vidpose.types.arrays import BoolArray

MIN_VIEW_SHARE = 0.5
"""Share of the frames with a person that must be in one of the metric's views (ours)."""


def blocked(row: MetricRow, recording: Recording, frames: BoolArray | None = None) -> str:
    """Return the first reason why a metric cannot be given, or an empty string.

    Parameters
    ----------
    row
        The metric's needs.
    recording
        The movement.
    frames
        Frames that it would be computed from, shape (T,); all frames with a person when None.
    """
    present = recording.filtered.stretch >= 0 if frames is None else frames
    if not present.any():
        return "no_data"
    if row.needs_height and recording.height_m is None:
        return "no_height"
    # true rates such as 29.97 count as the 30 that they are called
    if row.min_rate_hz > 0 and recording.rate_hz < 0.98 * row.min_rate_hz:
        return "frame_rate"
    if np.isin(recording.facing[present], row.views).mean() < MIN_VIEW_SHARE:
        return "view"
    return ""


def always_open(_: MetricRow) -> str:
    """Return an empty string: the function of the metric itself says which frames its gates look at."""
    return ""


def span_s(recording: Recording) -> tuple[float, float]:
    """Return the time of the first and of the last frame with a person, s; NaN without any."""
    frames = np.flatnonzero(recording.filtered.stretch >= 0)
    if len(frames) == 0:
        return math.nan, math.nan
    return float(recording.times_s[frames[0]]), float(recording.times_s[frames[-1]])

"""Why a metric is not given: the gates that every metric passes through in the same order."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from vidpose.biomech.metrics.recording import Recording
from vidpose.biomech.metrics.row import MetricRow
from vidpose.biomech.points import columns_of
from vidpose.types.arrays import BoolArray
from vidpose.types.metrics import MetricSide
from vidpose.types.pose import Status
from vidpose.types.skeleton import LANDMARK_INDEX

_FEET: Final = {LANDMARK_INDEX[f"{side}_{name}"] for side in ("left", "right") for name in ("heel", "foot_index")}
MIN_VIEW_SHARE: Final = 0.5
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
    if row.still_camera and recording.camera_moves:
        return "camera_moves"
    if np.isin(recording.facing[present], row.views).mean() < MIN_VIEW_SHARE:
        return "view"
    return ""


def absent_landmarks(recording: Recording) -> frozenset[int]:
    """Return the landmarks that the layout or pose model never gives; none of them where no person is found."""
    filtered = recording.filtered
    if not (filtered.stretch >= 0).any():
        return frozenset()
    return frozenset(np.flatnonzero((filtered.status == Status.MISSING).all(axis=0)).tolist())


def cut_landmarks(recording: Recording) -> frozenset[int]:
    """Return the landmarks that lie outside the picture in at least half of the frames with a person."""
    status = recording.filtered.status[recording.filtered.stretch >= 0]
    return frozenset(np.flatnonzero(2 * (status == Status.OUTSIDE).sum(axis=0) >= max(len(status), 1)).tolist())


def lacks_landmarks(row: MetricRow, side: MetricSide, absent: frozenset[int]) -> str:
    """Return ``no_feet`` or ``no_data`` where a landmark that a metric needs is absent, or an empty string.

    Parameters
    ----------
    row
        The metric.
    side
        One of its sides.
    absent
        Result of :func:`absent_landmarks`.
    """
    lacking = absent & _needed(row, side)
    if not lacking:
        return ""
    return "no_feet" if lacking & _FEET else "no_data"


def is_cut(row: MetricRow, side: MetricSide, cut: frozenset[int]) -> bool:
    """Return whether one of :func:`cut_landmarks` is needed by a metric."""
    return bool(cut & _needed(row, side))


def _needed(row: MetricRow, side: MetricSide) -> set[int]:
    return {column for name in row.landmarks for column in columns_of(name, side)}


def always_open(_: MetricRow) -> str:
    """Return an empty string: the function of the metric itself says which frames its gates look at."""
    return ""


def span_s(recording: Recording) -> tuple[float, float]:
    """Return the time of the first and of the last frame with a person, s; NaN without any."""
    frames = np.flatnonzero(recording.filtered.stretch >= 0)
    if len(frames) == 0:
        return math.nan, math.nan
    return float(recording.times_s[frames[0]]), float(recording.times_s[frames[-1]])

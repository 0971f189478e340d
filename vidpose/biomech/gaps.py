"""Stretches of uninterrupted data, and interpolation over short gaps inside them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from vidpose.types.arrays import BoolArray, FloatArray, IntArray

OUTSIDE: Final = -1
"""Stretch number of a frame without the person."""

_TIME_SLACK_S: Final = 1.5e-3  # containers that round to milliseconds must not decide over a gap


@dataclass(frozen=True, slots=True)
class GapSettings:
    """Interpolation over missing samples.

    Attributes
    ----------
    max_gap_s
        Longest missing time that is interpolated, s: the time between the two good samples around the gap, less one
        frame period. Ours: Sports2D fills 100 frames; a quarter of a second is what a limb at moderate speed can be
        assumed not to turn round in.
    """

    max_gap_s: float = 0.25

    def __post_init__(self) -> None:
        if not self.max_gap_s >= 0:
            raise ValueError(f"max_gap_s: expected at least 0, got {self.max_gap_s}")


def frame_period_s(timestamps_s: FloatArray) -> float:
    """Return the median time between frames, s; 0 for fewer than two frames."""
    return float(np.median(np.diff(timestamps_s))) if len(timestamps_s) > 1 else 0.0


def exceeds(missing_s: FloatArray, settings: GapSettings) -> BoolArray:
    """Return where the missing time is too long to be interpolated."""
    result: BoolArray = missing_s > settings.max_gap_s + _TIME_SLACK_S
    return result


def number_stretches(
    present: BoolArray, timestamps_s: FloatArray, breaks: Sequence[int], settings: GapSettings
) -> IntArray:
    """Number the stretches in which the person is there without a long interruption.

    Parameters
    ----------
    present
        True where at least one landmark is trusted, shape (T,).
    timestamps_s
        Seconds, shape (T,).
    breaks
        Frame numbers at which a new stretch must begin.
    settings
        Length of the longest interruption.

    Returns
    -------
    IntArray
        0, 1, ... and -1 outside every stretch, shape (T,). Frames of a short interruption belong to the stretch.
    """
    stretch = np.full(len(present), OUTSIDE, dtype=np.int64)
    frames = np.flatnonzero(present)
    if len(frames) == 0:
        return stretch
    section = np.searchsorted(np.sort(np.asarray(breaks, dtype=np.int64)), frames, side="right")
    cut = np.append(0, np.flatnonzero(_cuts(frames, section, timestamps_s, settings)) + 1)
    for number, (first, stop) in enumerate(zip(cut, np.append(cut[1:], len(frames)), strict=True)):
        stretch[frames[first] : frames[stop - 1] + 1] = number
    return stretch


def linked_spans(
    good: BoolArray, timestamps_s: FloatArray, stretch: IntArray, settings: GapSettings
) -> tuple[IntArray, IntArray]:
    """Return the first and the last frame of every run of good samples; gaps inside a run are short enough to fill.

    Parameters
    ----------
    good
        True where the sample is trusted, shape (T,).
    timestamps_s
        Seconds, shape (T,).
    stretch
        Stretch of every frame, shape (T,); no run reaches across two.
    settings
        Length of the longest gap.

    Returns
    -------
    tuple
        Frame numbers, each of shape (n runs,).
    """
    frames = np.flatnonzero(good)
    if len(frames) == 0:
        return frames, frames
    cut = np.flatnonzero(_cuts(frames, stretch[frames], timestamps_s, settings))
    return frames[np.append(0, cut + 1)], frames[np.append(cut, len(frames) - 1)]


def contiguous_runs(valid: BoolArray, label: IntArray) -> Iterator[slice]:
    """Yield the slices of neighbouring valid frames that carry one label.

    Parameters
    ----------
    valid
        Shape (T,).
    label
        Shape (T,), for example the stretch number.
    """
    frames = np.flatnonzero(valid)
    if len(frames) == 0:
        return
    cut = (np.diff(frames) > 1) | (np.diff(label[frames]) != 0)
    for run in np.split(frames, np.flatnonzero(cut) + 1):
        yield slice(int(run[0]), int(run[-1]) + 1)


def interpolate(values: FloatArray, sample_times_s: FloatArray, target_times_s: FloatArray) -> FloatArray:
    """Interpolate by shape-preserving cubics (PCHIP; Fritsch & Butland 1984), which never overshoot.

    Parameters
    ----------
    values
        Shape (n, k), no NaN, n >= 2.
    sample_times_s, target_times_s
        Times of the values and target times, s; the target times lie between the first and the last sample.

    Returns
    -------
    FloatArray
        Shape (len(target_times_s), k).
    """
    from scipy.interpolate import PchipInterpolator

    result: FloatArray = np.asarray(PchipInterpolator(sample_times_s, values, axis=0)(target_times_s), dtype=np.float64)
    return result


def _cuts(frames: IntArray, section: IntArray, timestamps_s: FloatArray, settings: GapSettings) -> BoolArray:
    """Return where a run ends between two good frames, shape (len(frames) - 1,)."""
    missing_s = np.diff(timestamps_s[frames]) - frame_period_s(timestamps_s)
    result: BoolArray = exceeds(missing_s, settings) | (np.diff(section) != 0)
    return result

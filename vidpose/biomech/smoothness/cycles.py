"""Where one cycle of a repeated movement ends and the next begins, from the joint angle that moves most.

Small on purpose: it splits a movement so that smoothness, consistency and symmetry are never taken over a whole set.
It does not name the exercise and judges no repetition.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np

from vidpose.biomech.gaps import contiguous_runs, frame_period_s
from vidpose.biomech.metrics.recording import Recording
from vidpose.biomech.smoothness.series import JOINTS, BodySide, joint_trace
from vidpose.types.arrays import BoolArray, FloatArray, IntArray

_SIDES: Final[tuple[BodySide, ...]] = ("right", "left")
_REST_SHARE: Final = 0.05  # of the range: so near to its lowest value the joint rests
_WHOLE_SHARE: Final = 0.6  # a cycle that rises or falls by less than this share of the other way is not whole


@dataclass(frozen=True, slots=True)
class CycleSettings:
    """Search for cycles.

    Attributes
    ----------
    min_range_deg
        A joint that moves through less does not make cycles, degrees. Ours: several times the noise of an angle.
    prominence_share
        A turning point stands out by at least this share of the joint's range. Ours: above the loading response of
        the knee in walking, a quarter of its range; below a repetition half as deep as the others.
    min_duration_s, max_duration_s
        Shortest time between turning points (200 strides a minute); longest time of one cycle, s (ours).
    rest_margin_s
        Rest on either side of the movement that still belongs to the cycle, s (ours).
    odd_factor
        A cycle longer or shorter than the median by more than this factor is another movement (ours).
    """

    min_range_deg: float = 15.0
    prominence_share: float = 0.35
    min_duration_s: float = 0.3
    max_duration_s: float = 20.0
    rest_margin_s: float = 0.2
    odd_factor: float = 2.0

    def __post_init__(self) -> None:
        if not self.min_range_deg > 0:
            raise ValueError(f"min_range_deg: expected more than 0, got {self.min_range_deg}")
        if not 0 < self.prominence_share < 1:
            raise ValueError(f"prominence_share: expected between 0 and 1, got {self.prominence_share}")
        if not 0 < self.min_duration_s < self.max_duration_s:
            raise ValueError("min_duration_s: expected more than 0 and less than max_duration_s")
        if not self.rest_margin_s >= 0:
            raise ValueError(f"rest_margin_s: expected at least 0, got {self.rest_margin_s}")
        if not self.odd_factor > 1:
            raise ValueError(f"odd_factor: expected more than 1, got {self.odd_factor}")


def movement_cycles(
    recording: Recording, frames: BoolArray, settings: CycleSettings, sides: Sequence[BodySide] = _SIDES
) -> IntArray:
    """Return the cycles of the joint angle with the largest range.

    Parameters
    ----------
    recording
        The movement.
    frames
        Frames that cycles may lie in, shape (T,).
    settings
        What counts as a cycle.
    sides
        Sides of the body that are looked at.

    Returns
    -------
    IntArray
        First and last frame of every cycle, shape (n, 2); neighbours may share a frame.
    """
    present = frames & (recording.filtered.stretch >= 0)
    if not present.any():
        return np.empty((0, 2), dtype=np.int64)
    best, best_range = np.full(recording.n_frames, np.nan), 0.0
    for joint in JOINTS:
        for side in sides:
            values = np.where(present, joint_trace(recording, joint, side, present).values_rad, np.nan)
            known = values[np.isfinite(values)]
            span = _robust_range(known) if 2 * len(known) >= present.sum() else 0.0
            if span > best_range:
                best, best_range = values, span
    # a change of the view changes the angle, so it ends a cycle as a new stretch does
    label = recording.filtered.stretch * 8 + recording.facing
    return find_cycles(best, recording.times_s, label, settings)


def find_cycles(values_rad: FloatArray, times_s: FloatArray, label: IntArray, settings: CycleSettings) -> IntArray:
    """Return the cycles of one angle, each from its low values over a peak back to the low values.

    Between two peaks the border is the middle of the rest; a longer rest is left out but for a margin.

    Parameters
    ----------
    values_rad
        Radians, shape (T,); NaN is missing and interrupts.
    times_s
        Seconds, shape (T,).
    label
        No cycle reaches across two labels, shape (T,).
    settings
        What counts as a cycle.

    Returns
    -------
    IntArray
        First and last frame of every cycle, shape (n, 2).
    """
    known = values_rad[np.isfinite(values_rad)]
    span = _robust_range(known) if len(known) else 0.0
    found: list[tuple[int, int]] = []
    if span >= np.deg2rad(settings.min_range_deg):
        for run in contiguous_runs(np.isfinite(values_rad), label):
            cycles = _cycles_of_run(values_rad[run], times_s[run], span, settings)
            found += [(run.start + first, run.start + last) for first, last in cycles]
    return _without_odd(np.asarray(found, dtype=np.int64).reshape(-1, 2), times_s, settings)


def _robust_range(values: FloatArray) -> float:
    low, high = np.quantile(values, (0.02, 0.98))
    return float(high - low)


def _cycles_of_run(
    values: FloatArray, times_s: FloatArray, span: float, settings: CycleSettings
) -> list[tuple[int, int]]:
    from scipy.signal import find_peaks

    period_s = frame_period_s(times_s)
    if period_s <= 0:
        return []
    frames_of = settings.max_duration_s / period_s
    peaks, _ = find_peaks(
        values,
        prominence=settings.prominence_share * span,
        distance=max(1.0, settings.min_duration_s / period_s),
        wlen=max(3, 2 * round(frames_of) + 1),  # keeps the search linear in the length of the recording
    )
    cycles = []
    lows = [_rest(values, first, last, span) for first, last in _between(peaks, len(values))]
    for top, ((_, end_before, middle_before), (begin_after, _, middle_after)) in zip(
        peaks, pairwise(lows), strict=True
    ):
        first = np.searchsorted(times_s, times_s[end_before] - settings.rest_margin_s - period_s / 2)
        last = np.searchsorted(times_s, times_s[begin_after] + settings.rest_margin_s + period_s / 2) - 1
        first, last = max(int(first), middle_before), min(int(last), middle_after)
        ways = values[top] - values[[end_before, begin_after]]
        if ways.min() >= _WHOLE_SHARE * ways.max():
            cycles.append((first, last))
    return cycles


def _between(peaks: IntArray, n_frames: int) -> list[tuple[int, int]]:
    """Return the first and last frame before, between and behind the peaks."""
    edges = [0, *peaks.tolist(), n_frames - 1]
    return list(pairwise(edges)) if len(peaks) else []


def _rest(values: FloatArray, first: int, last: int, span: float) -> tuple[int, int, int]:
    """Return the first, the last and the middle frame of the rest between two frames."""
    part = values[first : last + 1]
    low = np.flatnonzero(part <= part.min() + _REST_SHARE * span)
    begin, end = first + int(low[0]), first + int(low[-1])
    if first == 0:  # before the first peak nothing else limits the rest
        return begin, end, begin
    return begin, end, (end if last == len(values) - 1 else (begin + end) // 2)


def _without_odd(cycles: IntArray, times_s: FloatArray, settings: CycleSettings) -> IntArray:
    if len(cycles) == 0:
        return cycles
    duration_s = times_s[cycles[:, 1]] - times_s[cycles[:, 0]]
    usual = float(np.median(duration_s))
    keep = (duration_s <= settings.odd_factor * usual) & (duration_s >= usual / settings.odd_factor)
    result: IntArray = cycles[keep & (duration_s > 0) & (duration_s <= settings.max_duration_s)]
    return result

"""Smoothness and consistency of one person's movement."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from vidpose.biomech.metrics.gates import absent, blocked
from vidpose.biomech.metrics.recording import Recording
from vidpose.biomech.metrics.row import MetricRow
from vidpose.biomech.smoothness.consistency import (
    MIN_CYCLES,
    multiple_correlation,
    normalised_cycles,
    pointwise_spread,
    variation,
)
from vidpose.biomech.smoothness.cycles import CycleSettings, movement_cycles
from vidpose.biomech.smoothness.jerk import log_dimensionless_jerk
from vidpose.biomech.smoothness.profiles import (
    Moving,
    complete_cycles,
    even_profile,
    extents,
    moving_joint,
    moving_point,
)
from vidpose.biomech.smoothness.series import JOINTS, BodySide, joint_trace
from vidpose.biomech.smoothness.smoothness_metrics import METRICS, POINTS
from vidpose.biomech.smoothness.spectral import SpectralSettings, spectral_arc_length
from vidpose.types.arrays import FloatArray, IntArray
from vidpose.types.metrics import MetricSide, MetricValue

_SIDES: Final[tuple[BodySide, ...]] = ("left", "right")
_Z95: Final = 1.96
_MEDIAN_FACTOR: Final = 1.2533  # standard error of a median over that of a mean, normal samples: sqrt(pi / 2)
_HALF_IQR_TO_SD: Final = 1.4826  # half the interquartile range to the standard deviation, normal samples


@dataclass(frozen=True, slots=True)
class SmoothnessSettings:
    """What smoothness and consistency are measured on.

    Attributes
    ----------
    cycles
        What counts as a cycle.
    spectral
        Constants of the spectral arc length.
    min_path_bh
        A point that stays within less than this during a cycle is not judged, body heights. Ours: five times the
        model's landmark noise of about 1 % of body height; below it the profile is noise.
    min_range_deg
        A joint that moves through less during a cycle is not judged, degrees. Ours: as for the cycles themselves.
    min_measured_share
        Share of a cycle's samples that must be measured, not filled in: interpolation looks smooth (ours).
    """

    cycles: CycleSettings = field(default_factory=CycleSettings)
    spectral: SpectralSettings = field(default_factory=SpectralSettings)
    min_path_bh: float = 0.05
    min_range_deg: float = 15.0
    min_measured_share: float = 0.8

    def __post_init__(self) -> None:
        if not self.min_path_bh >= 0:
            raise ValueError(f"min_path_bh: expected at least 0, got {self.min_path_bh}")
        if not self.min_range_deg >= 0:
            raise ValueError(f"min_range_deg: expected at least 0, got {self.min_range_deg}")
        if not 0 <= self.min_measured_share <= 1:
            raise ValueError(f"min_measured_share: expected 0 to 1, got {self.min_measured_share}")


@dataclass(frozen=True, slots=True)
class _Number:
    """A value with its uncertainty and number of cycles, or a reason."""

    value: float = float("nan")
    uncertainty: float = float("nan")
    n: int = 0
    reason: str = ""


_Numbers = dict[tuple[str, MetricSide], _Number]


def measure_smoothness(
    recording: Recording, settings: SmoothnessSettings, strides_s: Mapping[MetricSide, FloatArray]
) -> tuple[MetricValue, ...]:
    """Measure smoothness per cycle, and how alike the cycles are.

    Parameters
    ----------
    recording
        One person's movement, any length.
    settings
        What is judged.
    strides_s
        Result of :func:`~vidpose.biomech.gait.measure_gait.strides`: the cycles of somebody who walks or runs, whose
        joints turn too gradually for even borders; empty where cycles are to be looked for.

    Returns
    -------
    tuple of MetricValue
        One per row of :mod:`~vidpose.biomech.smoothness.smoothness_metrics` and side, in that order. The uncertainty of
        a median is that of the cycles' scatter, which holds the measurement noise and the person's own variation.
    """
    present = recording.filtered.stretch >= 0
    if strides_s:
        cycles = _frames_of(strides_s["none"], recording.times_s)
        own = {side: _frames_of(strides_s[side], recording.times_s) for side in _SIDES}
    else:
        cycles = movement_cycles(recording, present, settings.cycles)
        # In alternating movement the cycle of one side is half of two cycles of the other: each side has its own.
        own = {side: movement_cycles(recording, present, settings.cycles, (side,)) for side in _SIDES}
    cycles_s = strides_s.get("none", recording.times_s[cycles])
    cycles_of: dict[MetricSide, IntArray] = {side: found if len(found) else cycles for side, found in own.items()}
    numbers: _Numbers = {}
    for name, _, point, sides in POINTS:
        for side in sides:
            moving = moving_point(recording, point, side)
            _add_smoothness(
                numbers,
                (name, side),
                _Judged(recording, moving, cycles_of.get(side, cycles), settings, settings.min_path_bh),
            )
    min_range_rad = float(np.deg2rad(settings.min_range_deg))
    for joint in JOINTS:
        for side in _SIDES:
            moving = moving_joint(recording, joint_trace(recording, joint, side, present), joint.landmarks, side)
            judged = _Judged(recording, moving, cycles_of[side], settings, min_range_rad)
            _add_smoothness(numbers, (joint.name, side), judged)
            _add_consistency(numbers, (joint.name, side), judged)
    _add_cycles(numbers, cycles_s)
    return tuple(value for row in METRICS for value in _values(row, recording, cycles, numbers))


@dataclass(frozen=True, slots=True)
class _Judged:
    """Something that moves, and the cycles that it can be judged by."""

    recording: Recording
    moving: Moving
    cycles: IntArray
    settings: SmoothnessSettings
    min_extent: float

    def usable(self) -> tuple[IntArray, str]:
        """Return the cycles with data and movement, and why there are none."""
        if len(self.cycles) == 0:
            return self.cycles, "not_cyclic"
        complete = self.cycles[complete_cycles(self.moving, self.cycles, self.settings.min_measured_share)]
        if len(complete) == 0:
            return complete, "low_confidence"
        moved = complete[extents(self.moving, complete) >= self.min_extent]
        return moved, "" if len(moved) else "not_moving"


def _add_smoothness(numbers: _Numbers, key: tuple[str, MetricSide], judged: _Judged) -> None:
    name, side = key
    cycles, reason = judged.usable()
    sparc, ldlj = np.empty(len(cycles)), np.empty(len(cycles))
    for row, cycle in enumerate(cycles):
        velocity, rate_hz = even_profile(judged.moving.velocity, judged.recording.times_s, cycle)
        speed = np.sqrt(np.einsum("ij,ij->i", velocity, velocity))
        sparc[row] = spectral_arc_length(speed, rate_hz, judged.settings.spectral)
        ldlj[row] = log_dimensionless_jerk(velocity, rate_hz)
    for measure, values in (("sparc", sparc), ("ldlj", ldlj)):
        median, spread = _middle_and_spread(values[np.isfinite(values)], reason)
        numbers[f"smoothness_{name}_{measure}", side] = median
        numbers[f"smoothness_{name}_{measure}_spread", side] = spread


def _middle_and_spread(values: FloatArray, reason: str) -> tuple[_Number, _Number]:
    if len(values) == 0:
        nothing = _Number(reason=reason or "undefined")
        return nothing, nothing
    median = float(np.median(values))
    if len(values) < MIN_CYCLES:
        return _Number(median, n=len(values)), _Number(n=len(values), reason="not_cyclic")
    low, high = np.quantile(values, (0.25, 0.75))
    spread = 0.5 * float(high - low)
    uncertainty = _Z95 * _MEDIAN_FACTOR * _HALF_IQR_TO_SD * spread / float(np.sqrt(len(values)))
    return _Number(median, uncertainty, len(values)), _Number(spread, n=len(values))


def _add_consistency(numbers: _Numbers, key: tuple[str, MetricSide], judged: _Judged) -> None:
    name, side = key
    cycles, reason = judged.usable()
    if not reason and len(cycles) < MIN_CYCLES:
        reason = "not_cyclic"
    made = dict.fromkeys(("sd", "cmc", "rom_cv"), _Number(n=len(cycles), reason=reason))
    if not reason:
        curves = normalised_cycles(judged.moving.position[:, 0], judged.recording.times_s, cycles)
        ranges_rad = extents(judged.moving, cycles)
        made = {
            "sd": _number(pointwise_spread(curves), len(cycles)),
            "cmc": _number(multiple_correlation(curves), len(cycles)),
            "rom_cv": _number(variation(ranges_rad), len(cycles)),
        }
    for measure, number in made.items():
        numbers[f"consistency_{name}_{measure}", side] = number


def _frames_of(cycles_s: FloatArray, times_s: FloatArray) -> IntArray:
    """Return the first and last frame of every cycle, shape (n, 2): the frames nearest to the ends of its time."""
    after = np.clip(np.searchsorted(times_s, cycles_s), 1, len(times_s) - 1)
    result: IntArray = after - (cycles_s - times_s[after - 1] <= times_s[after] - cycles_s)
    return result


def _add_cycles(numbers: _Numbers, cycles_s: FloatArray) -> None:
    durations_s = np.diff(cycles_s, axis=1)[:, 0]
    n = len(cycles_s)
    missing = _Number(n=n, reason="not_cyclic")
    numbers["cycle_count", "none"] = _number(float(n), n) if n else missing
    numbers["cycle_duration", "none"] = _middle_and_spread(durations_s, "not_cyclic")[0]
    numbers["consistency_duration_cv", "none"] = _number(variation(durations_s), n) if n >= MIN_CYCLES else missing


def _number(value: float, n: int) -> _Number:
    return _Number(value, n=n) if np.isfinite(value) else _Number(n=n, reason="undefined")


def _values(row: MetricRow, recording: Recording, cycles: IntArray, numbers: _Numbers) -> Iterator[MetricValue]:
    reason = blocked(row, recording)
    if reason:
        yield from absent(row, reason, recording)
        return
    times_s = recording.times_s
    start_s, end_s = (float(times_s[cycles[0, 0]]), float(times_s[cycles[-1, 1]])) if len(cycles) else _whole(recording)
    for side in row.sides:
        number = numbers[row.id, side]
        yield MetricValue(
            row.id, side, number.value, number.uncertainty, number.reason, start_s=start_s, end_s=end_s, n=number.n
        )


def _whole(recording: Recording) -> tuple[float, float]:
    present = recording.times_s[recording.filtered.stretch >= 0]
    return float(present[0]), float(present[-1])

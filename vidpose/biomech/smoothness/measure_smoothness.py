"""The front door: smoothness and consistency of one person's movement, each metric with a value or a reason."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np

from vidpose.biomech.metrics.gates import blocked, span_s
from vidpose.biomech.metrics.metric import evaluate
from vidpose.biomech.metrics.recording import Recording
from vidpose.biomech.smoothness.cycles import movement_cycles
from vidpose.biomech.smoothness.judged_cycles import (
    JudgedMovement,
    JudgedPart,
    SmoothnessSettings,
    judge_joint,
    judge_point,
)
from vidpose.biomech.smoothness.profiles import moving_joint, moving_point
from vidpose.biomech.smoothness.series import JOINTS, BodySide, joint_trace
from vidpose.biomech.smoothness.smoothness_metrics import METRICS, POINTS
from vidpose.types.arrays import FloatArray, IntArray
from vidpose.types.metrics import MetricSide, MetricValue

_SIDES: Final[tuple[BodySide, ...]] = ("left", "right")


def measure_smoothness(
    recording: Recording, settings: SmoothnessSettings, strides_s: Mapping[MetricSide, FloatArray]
) -> tuple[MetricValue, ...]:
    """Measure smoothness per cycle, and how alike the cycles are.

    Parameters
    ----------
    recording
        One person's movement, any length.
    settings
        What is assessed.
    strides_s
        Result of :func:`~vidpose.biomech.gait.measure_gait.strides`: the cycles of walking and running, in which
        joints turn too gradually for even borders; empty where cycles are to be looked for.

    Returns
    -------
    tuple of MetricValue
        One per metric of :mod:`~vidpose.biomech.smoothness.smoothness_metrics` and side, in that order. The
        uncertainty of a median is that of the cycles' scatter, which holds the measurement noise and the person's own
        variation; that of the cycles' duration holds the time between frames as well.
    """
    present = recording.filtered.stretch >= 0
    if strides_s:
        cycles = _frames_of(strides_s["none"], recording.times_s)
        own = {side: _frames_of(strides_s[side], recording.times_s) for side in _SIDES}
    else:
        cycles = movement_cycles(recording, present, settings.cycles)
        # In alternating movement the cycle of one side is half of two cycles of the other: each side has its own.
        own = {side: movement_cycles(recording, present, settings.cycles, (side,)) for side in _SIDES}
    cycles_of: dict[MetricSide, IntArray] = {"none": cycles}
    cycles_of |= {side: found if len(found) else cycles for side, found in own.items()}
    parts: dict[tuple[str, MetricSide], JudgedPart] = {}
    for point in POINTS:
        for side in point.sides:
            moving = moving_point(recording, point.point, side)
            parts[point.name, side] = judge_point(recording, moving, cycles_of[side], settings)
    for joint in JOINTS:
        for side in _SIDES:
            moving = moving_joint(recording, joint_trace(recording, joint, side, present), joint.landmarks, side)
            parts[joint.name, side] = judge_joint(recording, moving, cycles_of[side], settings)
    times_s = recording.times_s
    start_s, end_s = (times_s[cycles[0, 0]], times_s[cycles[-1, 1]]) if len(cycles) else span_s(recording)
    frame_s = 0.0 if strides_s or recording.rate_hz == 0 else 1.0 / recording.rate_hz
    movement = JudgedMovement(parts, strides_s.get("none", times_s[cycles]), float(start_s), float(end_s), frame_s)
    return tuple(evaluate(METRICS, movement, recording, lambda row: blocked(row, recording)))


def _frames_of(cycles_s: FloatArray, times_s: FloatArray) -> IntArray:
    """Return the first and last frame of every cycle, shape (n, 2): the frames nearest to the ends of its time."""
    after = np.clip(np.searchsorted(times_s, cycles_s), 1, len(times_s) - 1)
    result: IntArray = after - (cycles_s - times_s[after - 1] <= times_s[after] - cycles_s)
    return result

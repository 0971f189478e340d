"""Velocities cut into cycles, and which of the cycles are fit to be judged."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vidpose.biomech.gaps import contiguous_runs
from vidpose.biomech.metrics.recording import Recording
from vidpose.biomech.points import named_points, worst_status
from vidpose.biomech.smoothness.series import AngleTrace
from vidpose.types.arrays import BoolArray, FloatArray, IntArray
from vidpose.types.metrics import MetricSide
from vidpose.types.pose import Status

_MIN_SAMPLES = 3  # central differences need both neighbours


@dataclass(frozen=True, slots=True)
class Moving:
    """Something that moves: a point in the image or a joint.

    Attributes
    ----------
    velocity
        Image axes or the one angle, any unit, shape (T, d); NaN is missing.
    position
        What the velocity is the derivative of, in units of ``extent``, shape (T, d).
    measured
        True where the sample is measured, not filled in, shape (T,).
    """

    velocity: FloatArray
    position: FloatArray
    measured: BoolArray


def moving_point(recording: Recording, point: str, side: MetricSide) -> Moving:
    """Return a landmark or derived point in the image, in body heights as seen around each frame.

    Parameters
    ----------
    recording
        The movement.
    point
        Landmark without its side, or derived point.
    side
        ``none`` for a derived point.
    """
    name = point if side == "none" else f"{side}_{point}"
    track = recording.filtered
    position = named_points(track.image_px, (name,))[:, 0]
    velocity = np.full(position.shape, np.nan)
    for run in contiguous_runs(np.all(np.isfinite(position), axis=1), track.stretch):
        if run.stop - run.start >= _MIN_SAMPLES:
            velocity[run] = np.gradient(position[run], track.timestamps_s[run], axis=0)
    height_px = recording.local_height_px[:, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        return Moving(velocity, position / height_px, worst_status(track.status, (name,)) == Status.MEASURED)


def moving_joint(recording: Recording, trace: AngleTrace, landmarks: tuple[str, ...], side: MetricSide) -> Moving:
    """Return a joint angle, radians.

    Parameters
    ----------
    recording
        The movement.
    trace
        The angle.
    landmarks
        Landmarks behind it, without their side.
    side
        Side of the body.
    """
    states = worst_status(recording.filtered.status, [f"{side}_{name}" for name in landmarks])
    return Moving(trace.velocity_rad_s[:, None], trace.values_rad[:, None], states == Status.MEASURED)


def complete_cycles(moving: Moving, cycles: IntArray, min_measured_share: float) -> BoolArray:
    """Return which cycles have a velocity in every frame, enough of it measured, shape (n,)."""
    n_frames = cycles[:, 1] - cycles[:, 0] + 1
    known = np.all(np.isfinite(moving.velocity), axis=1)
    result: BoolArray = _count(known, cycles) == n_frames
    return result & (_count(moving.measured, cycles) >= min_measured_share * n_frames)


def extents(moving: Moving, cycles: IntArray) -> FloatArray:
    """Return how far the position goes along its widest axis in every cycle, shape (n,); NaN when it is missing."""
    low = over_cycles(np.minimum, moving.position, cycles)
    result: FloatArray = (over_cycles(np.maximum, moving.position, cycles) - low).max(axis=1, initial=-np.inf)
    return result


def even_profile(velocity: FloatArray, times_s: FloatArray, cycle: IntArray) -> tuple[FloatArray, float]:
    """Return the velocity of one cycle on an even time grid of as many samples, shape (n, d), and its rate, Hz."""
    frames = slice(int(cycle[0]), int(cycle[1]) + 1)
    cycle_times_s, part = times_s[frames], velocity[frames]
    even_s = np.linspace(cycle_times_s[0], cycle_times_s[-1], len(cycle_times_s))
    even = np.stack([np.interp(even_s, cycle_times_s, column) for column in part.T], axis=1)
    return even, (len(cycle_times_s) - 1) / float(cycle_times_s[-1] - cycle_times_s[0])


def _count(flags: BoolArray, cycles: IntArray) -> IntArray:
    total = np.concatenate([[0], np.cumsum(flags)])
    result: IntArray = total[cycles[:, 1] + 1] - total[cycles[:, 0]]
    return result


def over_cycles(function: np.ufunc, values: FloatArray, cycles: IntArray) -> FloatArray:
    """Reduce a series of shape (T, d) over the frames of every cycle by a ufunc, shape (n, d)."""
    if len(cycles) == 0:
        return np.empty((0, values.shape[1]))
    padded = np.concatenate([values, values[-1:]])  # reduceat needs an index behind the last frame
    edges = np.stack([cycles[:, 0], cycles[:, 1] + 1], axis=1).ravel()
    return np.asarray(function.reduceat(padded, edges, axis=0)[::2], dtype=np.float64)

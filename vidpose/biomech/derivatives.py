"""Velocities and accelerations of angles and points, on true time stamps, inside uninterrupted runs only.

Everything is differentiated after filtering, by differences between neighbouring frames (second order for velocity,
also on uneven times). Acceleration is the difference of the two slopes around a frame, not a difference of velocities,
which would average over five frames. Nothing is joined across a missing frame or a new stretch.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from vidpose.biomech.conventions import ANGLES
from vidpose.types.arrays import BoolArray, ByteArray, FloatArray, IntArray
from vidpose.types.pose import FilteredTrack

_PERIODS_RAD: Final = tuple(float(np.deg2rad(360.0 if row.kind == "included_3d" else row.period_deg)) for row in ANGLES)


def angular_velocity(
    angles_rad: FloatArray, timestamps_s: FloatArray, stretch: IntArray, facing: ByteArray
) -> FloatArray:
    """Return the first derivative of every angle.

    A step of more than half an angle's period is a wrap and is undone; across a gap, a new stretch or a change of the
    view nothing is joined.

    Parameters
    ----------
    angles_rad
        Radians, columns as in the table of conventions, shape (T, n); NaN is missing.
    timestamps_s, stretch, facing
        Seconds, number of the stretch and view per frame, shape (T,).

    Returns
    -------
    FloatArray
        Radians per second, shape (T, n); NaN in runs of fewer than three frames. One-sided at the ends of a run.
    """
    joined, steps_s = _view_runs(stretch, facing), np.diff(timestamps_s)
    result = np.empty(angles_rad.shape)
    for column, period_rad in enumerate(_PERIODS_RAD):
        result[:, column] = _velocity(_unwrapped(_steps(angles_rad[:, column], joined), period_rad), steps_s)
    return result


def angular_acceleration(
    angles_rad: FloatArray, timestamps_s: FloatArray, stretch: IntArray, facing: ByteArray
) -> FloatArray:
    """Return the second derivative of every angle; parameters as for :func:`angular_velocity`.

    Returns
    -------
    FloatArray
        Radians per second squared, shape (T, n); NaN in the first and the last frame of every run, which have one
        neighbour only.
    """
    joined, steps_s = _view_runs(stretch, facing), np.diff(timestamps_s)
    result = np.empty(angles_rad.shape)
    for column, period_rad in enumerate(_PERIODS_RAD):
        result[:, column] = _acceleration(_unwrapped(_steps(angles_rad[:, column], joined), period_rad), steps_s)
    return result


def velocity(positions: FloatArray, timestamps_s: FloatArray, stretch: IntArray) -> FloatArray:
    """Return the first derivative of any points.

    Parameters
    ----------
    positions
        Any unit, frames first, shape (T, ...), for example (T, n, 2) or (T, 3); NaN is missing. The coordinates of a
        point, its last axis, are missing together.
    timestamps_s, stretch
        Seconds and number of the stretch per frame, shape (T,).

    Returns
    -------
    FloatArray
        Units per second, shape as ``positions``; NaN where the point is missing and in runs of fewer than three
        frames. One-sided at the ends of a run.
    """
    steps = _steps(_whole(positions), np.diff(stretch) == 0)
    return _velocity(steps, np.diff(timestamps_s))


def acceleration(positions: FloatArray, timestamps_s: FloatArray, stretch: IntArray) -> FloatArray:
    """Return the second derivative of any points; parameters as for :func:`velocity`.

    Returns
    -------
    FloatArray
        Units per second squared, shape as ``positions``; NaN also in the first and the last frame of every run.
    """
    steps = _steps(_whole(positions), np.diff(stretch) == 0)
    return _acceleration(steps, np.diff(timestamps_s))


def landmark_speed(track: FilteredTrack, body_height_px: float) -> FloatArray:
    """Return the speed of every landmark in the image, body heights per second.

    Parameters
    ----------
    track
        Filtered landmarks.
    body_height_px
        Standing height in pixels; NaN makes every speed NaN.

    Returns
    -------
    FloatArray
        Shape (T, 33); NaN where the landmark is missing or its run has fewer than three frames.
    """
    speed = np.empty(track.status.shape)
    for landmark in range(track.status.shape[1]):  # one at a time: the steps of all take much memory
        velocity_px_s = velocity(track.image_px[:, landmark], track.timestamps_s, track.stretch)
        speed[:, landmark] = np.hypot(velocity_px_s[:, 0], velocity_px_s[:, 1]) / body_height_px
    return speed


def _view_runs(stretch: IntArray, facing: ByteArray) -> BoolArray:
    """Return which frames belong together with the next one, shape (T - 1,)."""
    same_view = np.diff(facing.astype(np.int64)) == 0  # a change of the view mirrors the angle: not a movement
    joined: BoolArray = same_view & (np.diff(stretch) == 0)
    return joined


def _whole(positions: FloatArray) -> FloatArray:
    """Return the positions with a point missing altogether where one coordinate is."""
    if np.isfinite(positions).all():
        return positions
    return np.where(np.isfinite(positions).all(axis=-1, keepdims=True), positions, np.nan)


def _steps(values: FloatArray, joined: BoolArray) -> FloatArray:
    """Return the change to the next frame, shape (T - 1, ...); NaN where the two are not of one run."""
    steps: FloatArray = np.diff(values, axis=0)
    steps[~joined] = np.nan
    return steps


def _unwrapped(steps_rad: FloatArray, period_rad: float) -> FloatArray:
    """Return the steps of an angle without whole periods; a step of exactly half a period stays as it is."""
    turns = np.ceil(np.abs(steps_rad) / period_rad - 0.5)
    result: FloatArray = steps_rad - np.sign(steps_rad) * turns * period_rad
    return result


def _velocity(steps: FloatArray, steps_s: FloatArray) -> FloatArray:
    """Return the slope at every frame from the steps before and after it; needs a run of three frames.

    Inside a run it is the derivative of the parabola through three frames, at its ends the slope to the neighbour.
    """
    result = np.full((len(steps) + 1, *steps.shape[1:]), np.nan)
    if len(steps) < 2:
        return result
    across = (-1, *(1,) * (steps.ndim - 1))
    before_s, after_s = steps_s[:-1].reshape(across), steps_s[1:].reshape(across)
    before, after = steps[:-1] / before_s, steps[1:] / after_s
    result[1:-1] = (before * after_s + after * before_s) / (before_s + after_s)
    begins = np.isnan(result[:-2]) & np.isfinite(result[1:-1])
    result[:-2][begins] = before[begins]
    ends = np.isnan(result[2:]) & np.isfinite(result[1:-1])
    result[2:][ends] = after[ends]
    return result


def _acceleration(steps: FloatArray, steps_s: FloatArray) -> FloatArray:
    """Return the change of the slope at every frame that has a step before and after it."""
    result = np.full((len(steps) + 1, *steps.shape[1:]), np.nan)
    across = (-1, *(1,) * (steps.ndim - 1))
    slopes = steps / steps_s.reshape(across)
    result[1:-1] = np.diff(slopes, axis=0) * 2.0 / (steps_s[:-1] + steps_s[1:]).reshape(across)
    return result

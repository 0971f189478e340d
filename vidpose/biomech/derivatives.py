"""Angular velocities and landmark speeds, on true time stamps, inside uninterrupted stretches only."""

from __future__ import annotations

import numpy as np

from vidpose.biomech.conventions import ANGLES
from vidpose.biomech.gaps import contiguous_runs
from vidpose.types.arrays import ByteArray, FloatArray, IntArray
from vidpose.types.pose import FilteredTrack

_MIN_SAMPLES = 3  # central differences need both neighbours


def angular_velocity(
    angles_rad: FloatArray, timestamps_s: FloatArray, stretch: IntArray, facing: ByteArray
) -> FloatArray:
    """Return the first derivative of every angle by central differences (second order on uneven times).

    Inside an uninterrupted run an angle is first made continuous (a step of more than half its period is a wrap);
    across a gap, a new stretch or a change of the view nothing is joined.

    Parameters
    ----------
    angles_rad
        Radians, columns as in the table of conventions, shape (T, n); NaN is missing.
    timestamps_s, stretch, facing
        Seconds, number of the stretch and view per frame, shape (T,).

    Returns
    -------
    FloatArray
        Radians per second, shape (T, n); NaN in runs of fewer than three frames.
    """
    velocity = np.full(angles_rad.shape, np.nan)
    label = stretch * 8 + facing  # a change of the view mirrors the angle: not a movement
    for column, row in enumerate(ANGLES):
        values = angles_rad[:, column]
        period_rad = float(np.deg2rad(360.0 if row.kind == "included_3d" else row.period_deg))
        for run in contiguous_runs(np.isfinite(values), label):
            if run.stop - run.start >= _MIN_SAMPLES:
                continuous = np.unwrap(values[run], period=period_rad)
                velocity[run, column] = np.gradient(continuous, timestamps_s[run])
    return velocity


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
    speed = np.full(track.status.shape, np.nan)
    for landmark in range(speed.shape[1]):
        positions = track.image_px[:, landmark]
        for run in contiguous_runs(np.isfinite(positions).all(axis=1), track.stretch):
            if run.stop - run.start >= _MIN_SAMPLES:
                velocity = np.gradient(positions[run], track.timestamps_s[run], axis=0)
                speed[run, landmark] = np.hypot(velocity[:, 0], velocity[:, 1]) / body_height_px
    return speed

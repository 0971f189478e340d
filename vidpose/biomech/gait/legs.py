"""Where the feet are before or behind the pelvis, in the stretches of a recording that show a person from the side."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np

from vidpose.biomech.gaps import contiguous_runs
from vidpose.biomech.metrics.recording import Recording
from vidpose.biomech.points import named_points
from vidpose.types.arrays import FloatArray
from vidpose.types.motion import Facing

Foot = Literal["left", "right"]
FEET: Final[tuple[Foot, Foot]] = ("left", "right")
"""Columns of every array with an axis of feet."""
_POINTS: Final = (
    "mid_hip",
    "neck",
    *(f"{foot}_{part}" for part in ("heel", "foot_index", "ankle", "knee") for foot in FEET),
)
_MIN_UPRIGHT: Final = 0.12  # body heights from hips up to shoulders, of 0.29; ours: a lean of 65 degrees


@dataclass(frozen=True, slots=True)
class LegRun:
    """An uninterrupted run of frames in one side view.

    Lengths are body heights, ahead is where the person faces, up is up in the image; NaN is missing.

    Attributes
    ----------
    first
        Frame number of the first frame.
    times_s
        Seconds, shape (n,).
    heel, toe, ankle
        How far ahead of the middle of the hips, shape (n, 2), feet as in :data:`FEET`.
    low, height
        Height of the lower one of heel and toe, and their mean height, from the picture's upper edge (so they are
        negative), shape (n, 2).
    pelvis
        Forward and up of the middle of the hips from the picture's corner, shape (n, 2).
    lean_rad
        Forward lean of the trunk from the vertical, rad, shape (n,).
    shank_rad
        How far the ankle is ahead of the knee, as an angle from the vertical, rad, shape (n, 2).
    backward
        Whether ahead is where the person's back is, but for lean and shank: see :meth:`turned`.
    """

    first: int
    times_s: FloatArray
    heel: FloatArray
    toe: FloatArray
    ankle: FloatArray
    low: FloatArray
    height: FloatArray
    pelvis: FloatArray
    lean_rad: FloatArray
    shank_rad: FloatArray
    backward: bool = False

    @property
    def period_s(self) -> float:
        """Median time between frames, s."""
        return float(np.median(np.diff(self.times_s)))

    @property
    def direction(self) -> float:
        """1 when ahead is where the person faces, else -1."""
        return -1.0 if self.backward else 1.0

    def turned(self) -> LegRun:
        """Return the run with the way ahead reversed, for backward walking: the toe lands first, the heel leaves last.

        Lean and shank stay as the person faces.
        """
        pelvis = self.pelvis * np.array([-1.0, 1.0])
        return replace(
            self, heel=-self.toe, toe=-self.heel, ankle=-self.ankle, pelvis=pelvis, backward=not self.backward
        )


def leg_runs(recording: Recording, min_duration_s: float) -> list[LegRun]:
    """Return the runs in side view that last ``min_duration_s`` and in which the trunk is upright.

    Parameters
    ----------
    recording
        The movement.
    min_duration_s
        Shorter runs are left out, s.
    """
    points = named_points(recording.filtered.image_px, _POINTS)
    sideways = (recording.facing == Facing.RIGHT) | (recording.facing == Facing.LEFT)
    rise = (points[:, 0, 1] - points[:, 1, 1]) / recording.local_height_px
    with np.errstate(invalid="ignore"):
        valid = sideways & (rise >= _MIN_UPRIGHT)  # False for NaN
    label = recording.filtered.stretch * 8 + recording.facing
    times_s = recording.times_s
    return [
        _leg_run(recording, points[frames], frames)
        for frames in contiguous_runs(valid, label)
        if times_s[frames.stop - 1] - times_s[frames.start] >= min_duration_s
    ]


def _leg_run(recording: Recording, points_of_run_px: FloatArray, frames: slice) -> LegRun:
    # one scale for the run: a scale that changes within a step would look like movement
    height_px = float(np.median(recording.local_height_px[frames]))
    ahead = 1.0 if recording.facing[frames.start] == Facing.RIGHT else -1.0
    placed = points_of_run_px * np.array([ahead, -1.0]) / height_px
    hip, neck = placed[:, 0], placed[:, 1]
    heel, toe, ankle, knee = placed[:, 2:4], placed[:, 4:6], placed[:, 6:8], placed[:, 8:10]
    return LegRun(
        first=frames.start,
        times_s=recording.times_s[frames],
        heel=heel[:, :, 0] - hip[:, 0, None],
        toe=toe[:, :, 0] - hip[:, 0, None],
        ankle=ankle[:, :, 0] - hip[:, 0, None],
        low=np.minimum(heel[:, :, 1], toe[:, :, 1]),
        height=(heel[:, :, 1] + toe[:, :, 1]) / 2.0,
        pelvis=hip,
        lean_rad=np.arctan2(neck[:, 0] - hip[:, 0], neck[:, 1] - hip[:, 1]),
        shank_rad=np.arctan2(ankle[:, :, 0] - knee[:, :, 0], knee[:, :, 1] - ankle[:, :, 1]),
    )

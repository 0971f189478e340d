"""What every metric is computed from: one person's filtered movement and what is known about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from vidpose.biomech.gaps import frame_period_s
from vidpose.types.arrays import BoolArray, ByteArray, FloatArray
from vidpose.types.motion import AngleSeries
from vidpose.types.pose import FilteredTrack

MIN_VALID_SHARE: Final = 0.5
"""Share of an angle's values that must be valid for a metric to be made of it (ours)."""

Sex = Literal["female", "male", "mean"]
"""Whose body-segment masses are used; ``mean`` when it is not known."""


@dataclass(frozen=True, slots=True)
class Recording:
    """One person's movement, ready to be measured.

    Attributes
    ----------
    filtered
        Landmarks; times are those of the real movement (slow motion already taken out).
    estimated
        False where a frame was left out on request, shape (T,).
    angles
        Angles with status; NaN where withheld.
    angle_precision_rad
        Standard deviation of every angle from landmark noise, shape (T, n); NaN where the angle is.
    facing
        :class:`~vidpose.types.motion.Facing` per frame, shape (T,).
    yaw_rad
        Turn of the body out of the side view, 0 (side) to pi/2 (front or back), shape (T,); NaN without evidence.
    local_height_px
        Standing height around every frame, pixels, shape (T,).
    body_height_px
        Standing height over the whole video, pixels; NaN when unknown.
    height_m
        The person's standing height, m, or None.
    sex
        Whose body-segment masses are used.
    camera_moves
        Whether the camera moves in a way that is not known, so that positions of different frames cannot be compared.
    """

    filtered: FilteredTrack
    estimated: BoolArray
    angles: AngleSeries
    angle_precision_rad: FloatArray
    facing: ByteArray
    yaw_rad: FloatArray
    local_height_px: FloatArray
    body_height_px: float
    height_m: float | None = None
    sex: Sex = "mean"
    camera_moves: bool = False

    def is_reliable(self, column: int, frames: slice | None = None) -> bool:
        """Return whether view and visibility support an angle in at least half of the frames that have it.

        Single frames are not left out: what comes and goes at the limit would cut every movement to pieces.

        Parameters
        ----------
        column
            Of ``angles``.
        frames
            Frames to look at; all when None.
        """
        frames = frames or slice(None)
        given = np.isfinite(self.angles.values_rad[frames, column])
        return bool(given.any()) and bool(self.angles.valid[frames, column][given].mean() >= MIN_VALID_SHARE)

    @property
    def times_s(self) -> FloatArray:
        """Seconds, shape (T,)."""
        return self.filtered.timestamps_s

    @property
    def n_frames(self) -> int:
        """Number of frames."""
        return len(self.filtered.timestamps_s)

    @property
    def rate_hz(self) -> float:
        """One over the median time between estimated frames; 0 for fewer than two."""
        period_s = frame_period_s(self.times_s[np.asarray(self.estimated)])
        return 1.0 / period_s if period_s > 0 else 0.0

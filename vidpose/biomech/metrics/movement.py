"""What the functions of custom metrics compute from."""

from __future__ import annotations

from dataclasses import dataclass

from vidpose.biomech.metrics.recording import Recording
from vidpose.biomech.points import named_points
from vidpose.types.arrays import FloatArray
from vidpose.types.metrics import Event


@dataclass(frozen=True, slots=True)
class Movement:
    """One person's movement with what was found in it.

    Attributes
    ----------
    recording
        Filtered landmarks, angles, views and body size.
    events
        Foot strikes, toe-offs, take-offs and landings, in order of time.
    com_px
        Centre of mass, pixels, x to the right and y down, shape (T, 2); NaN is missing.
    com_velocity_bh_s
        Its velocity, body heights/s, same axes, shape (T, 2); NaN is missing.
    """

    recording: Recording
    events: tuple[Event, ...]
    com_px: FloatArray
    com_velocity_bh_s: FloatArray

    def point_px(self, name: str) -> FloatArray:
        """Return a landmark or derived point (``left_wrist``, ``mid_hip``), pixels, shape (T, 2); NaN is missing."""
        return named_points(self.recording.filtered.image_px, (name,))[:, 0]

    def angle_rad(self, angle_id: str) -> FloatArray:
        """Return an angle (``knee_flexion_l``), radians, shape (T,); NaN where it is missing or withheld."""
        angles = self.recording.angles
        if angle_id not in angles.ids:
            raise ValueError(f"angle_id: expected one of {', '.join(angles.ids)}, got {angle_id!r}")
        series: FloatArray = angles.values_rad[:, angles.ids.index(angle_id)]
        return series

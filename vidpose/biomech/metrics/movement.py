"""What the functions of custom metrics compute from."""

from __future__ import annotations

from dataclasses import dataclass

from vidpose.biomech.metrics.recording import Recording
from vidpose.biomech.points import DERIVED_POINTS, named_points
from vidpose.errors import UsageError, did_you_mean
from vidpose.types.arrays import BoolArray, FloatArray
from vidpose.types.metrics import Event
from vidpose.types.skeleton import LANDMARK_NAMES


@dataclass(frozen=True, slots=True)
class Movement:
    """One person's movement with what was found in it.

    Attributes
    ----------
    recording
        Everything behind it: filtered landmarks, angles, views and body size, as arrays.
    events
        Foot strikes, toe-offs, take-offs and landings, in order of time.
    com_px
        Centre of mass, pixels, x to the right and y down, shape (T, 2); NaN is missing.
    com_velocity_bh_s
        Its velocity, body heights/s, same axes, shape (T, 2); NaN is missing.

    Examples
    --------
    The function of a metric of your own gets one, with a side; here it measures for how long the knee is flexed:

    >>> import numpy as np, vidpose
    >>> def time_flexed(movement, side):
    ...     knee = f"knee_flexion_{side[0]}"
    ...     flexed = movement.angle_valid(knee) & (movement.angle_rad(knee) > np.deg2rad(60))
    ...     return vidpose.Outcome(float(flexed.mean() * np.ptp(movement.times_s)), n=int(flexed.sum()))
    """

    recording: Recording
    events: tuple[Event, ...]
    com_px: FloatArray
    com_velocity_bh_s: FloatArray

    def point_px(self, name: str) -> FloatArray:
        """Return a landmark or derived point (``left_wrist``, ``mid_hip``), pixels, shape (T, 2); NaN is missing."""
        if name not in LANDMARK_NAMES and name not in DERIVED_POINTS:
            names = (*LANDMARK_NAMES, *DERIVED_POINTS)
            raise UsageError(f"point: expected one of {', '.join(names)}, got {name!r}{did_you_mean(name, names)}")
        return named_points(self.recording.filtered.image_px, (name,))[:, 0]

    @property
    def times_s(self) -> FloatArray:
        """Times of the frames, s, shape (T,): of the real movement, so in slow motion less than those of the video."""
        return self.recording.times_s

    def angle_rad(self, angle_id: str) -> FloatArray:
        """Return an angle (``knee_flexion_l``), radians, shape (T,); NaN where it is missing or withheld."""
        series: FloatArray = self.recording.angles.values_rad[:, self._column(angle_id)]
        return series

    def angle_precision_rad(self, angle_id: str) -> FloatArray:
        """Return an angle's standard deviation from landmark noise, radians, shape (T,); NaN where the angle is."""
        series: FloatArray = self.recording.angle_precision_rad[:, self._column(angle_id)]
        return series

    def angle_valid(self, angle_id: str) -> BoolArray:
        """Return where an angle can be relied on, shape (T,)."""
        series: BoolArray = self.recording.angles.valid[:, self._column(angle_id)]
        return series

    def _column(self, angle_id: str) -> int:
        ids = self.recording.angles.ids
        if angle_id not in ids:
            raise UsageError(f"angle: expected one of {', '.join(ids)}, got {angle_id!r}{did_you_mean(angle_id, ids)}")
        return ids.index(angle_id)

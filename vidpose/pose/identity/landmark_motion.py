"""Where a body's landmarks are expected, and which of them jumped, for example onto another person.

Landmarks move at constant velocity between frames; each is corrected by a share of what the network says
(an alpha-beta filter, Benedict and Bordner 1962, IRE Trans. Autom. Control AC-7, 27-32).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from vidpose.pose.estimator import FramePose
from vidpose.pose.identity.tracking_settings import TrackingSettings
from vidpose.types.arrays import BoolArray, FloatArray

_POSITION_SHARE: Final = 0.6  # ours: with 0.8, and 0.4 for the velocity, errors in crossings were larger
_VELOCITY_SHARE: Final = 0.2  # ours: close to what Benedict and Bordner's rule gives for 0.6, share² / (2 - share)


@dataclass(frozen=True, slots=True, eq=False)
class LandmarkMotion:
    """Positions and velocities of a body's landmarks.

    Attributes
    ----------
    time_s
        Time of the latest frame they were compared with.
    px
        Positions, shape (33, 2), pixels of the upright picture.
    velocity_px_s
        Velocities, shape (33, 2).
    trusted_s
        When each landmark was last at a plausible position, shape (33,).
    """

    time_s: float
    px: FloatArray
    velocity_px_s: FloatArray
    trusted_s: FloatArray

    @classmethod
    def of(cls, pose: FramePose, time_s: float) -> LandmarkMotion:
        """Return the landmarks of a pose, at rest."""
        px = pose.image_px.astype(np.float64)
        return cls(time_s, px, np.zeros_like(px), np.full(len(px), time_s))

    def at(self, time_s: float) -> FloatArray:
        """Return where the landmarks are expected, shape (33, 2), pixels."""
        expected: FloatArray = self.px + self.velocity_px_s * (time_s - self.time_s)
        return expected

    def moved(
        self, pose: FramePose, time_s: float, max_jump_px: float, settings: TrackingSettings
    ) -> tuple[LandmarkMotion, BoolArray]:
        """Return the motion after a new pose of the same body, and which landmarks jumped, shape (33,).

        Parameters
        ----------
        pose, time_s
            The pose and the time of its frame.
        max_jump_px
            Distance from the expected place beyond which a landmark jumped; infinite when no other person is near.
        settings
            Landmarks that jumped are accepted after ``max_doubt_s``: by then the expectation was wrong.
        """
        now = LandmarkMotion.of(pose, time_s)
        passed_s = time_s - self.time_s
        if not 0.0 < passed_s <= settings.max_doubt_s:
            return now, np.zeros(len(self.px), dtype=bool)
        expected = self.at(time_s)
        off = now.px - expected
        far = np.hypot(*off.T) > max_jump_px
        old = time_s - self.trusted_s > settings.max_doubt_s
        jumped, anew = far & ~old, (far & old)[:, np.newaxis]
        share = np.where(jumped, 0.0, 1.0)[:, np.newaxis]
        position_share = _POSITION_SHARE if np.isfinite(max_jump_px) else 1.0
        px = np.where(anew, now.px, expected + position_share * share * off)
        velocity = self.velocity_px_s + _VELOCITY_SHARE / passed_s * share * off
        # An unseen limb moves with the body; at its own last velocity it would leave the picture.
        velocity = np.where(far[:, np.newaxis], np.median(self.velocity_px_s, axis=0), velocity)
        trusted_s = np.where(jumped, self.trusted_s, time_s)
        return LandmarkMotion(time_s, px, velocity, trusted_s), jumped

    def export(self) -> list[Any]:
        """Return plain JSON values."""
        return [self.time_s, self.px.tolist(), self.velocity_px_s.tolist(), self.trusted_s.tolist()]

    @classmethod
    def restored(cls, state: list[Any]) -> LandmarkMotion:
        """Return the motion that was exported."""
        return cls(state[0], *(np.array(part, dtype=np.float64) for part in state[1:]))

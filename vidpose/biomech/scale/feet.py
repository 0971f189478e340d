"""Which points of the feet rest on the floor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from vidpose.biomech.metrics.recording import Recording
from vidpose.biomech.points import named_points
from vidpose.biomech.scale.drift import drift_speed, lasting
from vidpose.types.arrays import BoolArray, FloatArray
from vidpose.types.pose import FilteredTrack, Status
from vidpose.types.skeleton import LANDMARK_INDEX

FOOT_POINTS: Final = ("left_heel", "left_foot_index", "right_heel", "right_foot_index")
"""Points of the feet, in the order of every array here."""


@dataclass(frozen=True, slots=True)
class ContactSettings:
    """When a heel or a toe counts as resting on the floor.

    Attributes
    ----------
    max_speed_bh_s
        Largest speed, body heights/s. Ours: 0.4 m/s for a tall person; a swinging foot reaches ten times that.
    max_height_bh
        How far a foot may be above the lower one, in the picture, body heights. Ours: feet 0.3 m apart in depth, seen
        from 6 m by a camera at hip height, differ by 0.03; a foot that is lifted to stand on one leg by 0.1 and more.
    max_world_height_m
        The same in the model's space, m: feet that are further apart in depth still stand on one floor there. One of
        the two must hold. Ours: a real squat, seen obliquely, has 0.08 body heights in the picture and 3 cm in space.
    max_tilt_bh
        How far a heel or toe may be above the other end of its foot, in the picture, body heights. Ours: 0.05 is
        usual from the front, where the toes are nearer to the camera.
    half_window_s
        Reach of the window in which the speed is measured, s.
    min_duration_s
        Shortest contact, s. Ours: at the top of a jump the feet are slower than ``max_speed_bh_s`` for 0.09 s.
    """

    max_speed_bh_s: float = 0.25
    max_height_bh: float = 0.06
    max_world_height_m: float = 0.06
    max_tilt_bh: float = 0.08
    half_window_s: float = 0.1
    min_duration_s: float = 0.15

    def __post_init__(self) -> None:
        for name in ("max_speed_bh_s", "max_height_bh", "max_world_height_m", "max_tilt_bh", "half_window_s"):
            if not getattr(self, name) > 0:
                raise ValueError(f"{name}: expected more than 0, got {getattr(self, name)}")
        if not self.min_duration_s >= 0:
            raise ValueError(f"min_duration_s: expected at least 0, got {self.min_duration_s}")


def foot_contacts(recording: Recording, settings: ContactSettings) -> BoolArray:
    """Return where each of :data:`FOOT_POINTS` rests on the floor, shape (T, 4).

    The floor is where the lower foot is. A person who stands on a raised foot with the other foot lower is not
    recognised. False where a point is missing.
    """
    feet = named_points(recording.filtered.image_px, FOOT_POINTS)
    height_px = recording.local_height_px[:, None]
    times, stretch = recording.times_s, recording.filtered.stretch
    down_bh = feet[:, :, 1] / height_px  # y grows downwards
    down_m = named_points(recording.filtered.world_m, FOOT_POINTS)[:, :, 1]
    contact = np.zeros(feet.shape[:2], dtype=bool)
    with np.errstate(invalid="ignore"):
        on_floor = _above_the_other(down_bh) <= settings.max_height_bh
        on_floor |= _above_the_other(down_m) <= settings.max_world_height_m
        level = _lower_end(down_bh) - down_bh <= settings.max_tilt_bh
        for column in range(len(FOOT_POINTS)):
            slow = drift_speed(feet[:, column], times, stretch, settings.half_window_s)
            rests = level[:, column] & on_floor[:, column] & (slow <= settings.max_speed_bh_s * height_px[:, 0])
            contact[:, column] = lasting(rests, times, stretch, settings.min_duration_s)
    return contact


def why_no_feet(filtered: FilteredTrack) -> str:
    """Return why no heel or toe is known: a reason of :data:`~vidpose.types.metrics.REASONS`, empty where one is.

    Parameters
    ----------
    filtered
        A foot that the model gave and that was never trusted is rejected, not missing.
    """
    columns = [LANDMARK_INDEX[name] for name in FOOT_POINTS]
    if np.isfinite(filtered.image_px[:, columns, 0]).any():
        return ""
    status = filtered.status[:, columns]
    if (status == Status.OUTSIDE).any():
        return "cut_by_edge"
    return "low_confidence" if (status != Status.MISSING).any() else "no_feet"


def _lower_end(down: FloatArray) -> FloatArray:
    """Return for every foot point how low the lower end of its foot is, shape (T, 4)."""
    return np.repeat(np.fmax(down[:, ::2], down[:, 1::2]), 2, axis=1)


def _above_the_other(down: FloatArray) -> FloatArray:
    """Return how far the foot of every point is above the lower foot, shape (T, 4); one foot alone is the lower."""
    lower = _lower_end(down)
    return np.fmax(lower[:, :1], lower[:, 2:3]) - lower

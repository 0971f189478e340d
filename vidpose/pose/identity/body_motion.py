"""Position, size and predicted position of a body: the geometry by which tracks are compared."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from vidpose.pose.estimator import FramePose
from vidpose.types.arrays import FloatArray
from vidpose.types.skeleton import LANDMARK_INDEX

_TRUNK: Final = [LANDMARK_INDEX[f"{side}_{joint}"] for joint in ("shoulder", "hip") for side in ("left", "right")]
_COMPARED: Final = [
    LANDMARK_INDEX[f"{side}_{joint}"]
    for joint in ("shoulder", "elbow", "hip", "knee", "ankle")
    for side in ("left", "right")
]


@dataclass(frozen=True, slots=True)
class Place:
    """A body in one frame: time, centre of the trunk and size, in pixels of the upright picture."""

    time_s: float
    x_px: float
    y_px: float
    size_px: float


@dataclass(frozen=True, slots=True)
class Motion:
    """A body at constant velocity: where it was at ``time_s``, its velocity, its size."""

    time_s: float
    x_px: float
    y_px: float
    size_px: float
    velocity_x_px_s: float
    velocity_y_px_s: float

    def at(self, time_s: float, max_forecast_s: float) -> Place:
        """Return where the body is expected; after ``max_forecast_s`` it is expected to stand still."""
        ahead_s = max(-max_forecast_s, min(time_s - self.time_s, max_forecast_s))
        x_px = self.x_px + ahead_s * self.velocity_x_px_s
        y_px = self.y_px + ahead_s * self.velocity_y_px_s
        return Place(time_s, x_px, y_px, self.size_px)


def place_of(pose: FramePose, time_s: float) -> Place:
    """Return where the body of a pose is.

    The size is the longest of torso, thigh and shank, which changes little when one of them points at the camera.
    """
    px = pose.image_px.astype(np.float64)
    x_px, y_px = px[_TRUNK].mean(axis=0)

    def both(joint: str) -> FloatArray:
        sides: FloatArray = px[[LANDMARK_INDEX[f"left_{joint}"], LANDMARK_INDEX[f"right_{joint}"]]]
        return sides

    def length(first: str, second: str) -> float:
        return float(np.hypot(*(both(first) - both(second)).T).mean())

    torso_px = float(np.hypot(*(both("shoulder") - both("hip")).mean(axis=0)))
    size_px = max(torso_px, length("hip", "knee"), length("knee", "ankle"), 1.0)
    return Place(time_s, float(x_px), float(y_px), size_px)


def motion_of(places: list[Place]) -> Motion:
    """Return the constant-velocity motion that fits the places best (least squares), at the time of the last one.

    Parameters
    ----------
    places
        One or more, in order of time. The velocity is 0 when they span no time.
    """
    values = np.array([(place.time_s, place.x_px, place.y_px, place.size_px) for place in places])
    since_s = values[:, 0] - values[-1, 0]
    centred_s = since_s - since_s.mean()
    spread = float(centred_s @ centred_s)
    velocity = centred_s @ values[:, 1:3] / spread if spread > 0 else np.zeros(2)
    position = values[:, 1:3].mean(axis=0) - velocity * since_s.mean()
    return Motion(
        time_s=places[-1].time_s,
        x_px=float(position[0]),
        y_px=float(position[1]),
        size_px=float(np.median(values[:, 3])),
        velocity_x_px_s=float(velocity[0]),
        velocity_y_px_s=float(velocity[1]),
    )


def distance(first: Place, second: Place) -> float:
    """Return the distance between two trunks, in sizes of the larger body."""
    return math.hypot(first.x_px - second.x_px, first.y_px - second.y_px) / max(first.size_px, second.size_px)


def pose_distance(first: FramePose, second: FramePose, size_px: float) -> float:
    """Return the median distance between corresponding joints of two poses, in sizes; infinite when none is known."""
    apart = np.hypot(*(first.image_px[_COMPARED].astype(np.float64) - second.image_px[_COMPARED]).T)
    known = apart[np.isfinite(apart)]
    return float(np.median(known)) / size_px if len(known) else math.inf

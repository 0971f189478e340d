"""Following one person from frame to frame, as MediaPipe's graph does."""

from __future__ import annotations

import math
from dataclasses import astuple, replace
from typing import Final

import numpy as np

from vidpose.pose.blazepose.mapping import apply, upright_from_crop
from vidpose.pose.blazepose.one_euro import LowPass, OneEuro, OneEuroSettings
from vidpose.pose.estimator import FramePose, PoseSettings, State
from vidpose.pose.regions import Detection, Landmarked, Region
from vidpose.types.arrays import Float32Array, FloatArray

# MediaPipe's pose_landmark_filtering.pbtxt. The auxiliary points are filtered even when smoothing is off.
_AUX: Final = OneEuroSettings(min_cutoff_hz=0.01, beta=10.0)
_IMAGE: Final = OneEuroSettings(min_cutoff_hz=0.05, beta=80.0)
_WORLD: Final = OneEuroSettings(min_cutoff_hz=0.1, beta=40.0)
_VISIBILITY_SHARE: Final = 0.1
_REGION_MARGIN: Final = 1.25  # pose_landmarks_to_roi.pbtxt and pose_detection_to_roi.pbtxt
_MIN_SIZE_PX: Final = 1e-6  # smallest diameter of a body that MediaPipe filters
_CORNERS: Final = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])


def region_around(centre_px: FloatArray, rim_px: FloatArray) -> Region:
    """Return the square around the circle with this centre and a point on it, turned so that the point is on top.

    MediaPipe's AlignmentPointsRectsCalculator and RectTransformationCalculator; both points have shape (2,), pixels.
    """
    across_px, down_px = (float(value) for value in rim_px - centre_px)
    rotation = math.pi / 2.0 - math.atan2(-down_px, across_px)
    return Region(
        centre_x_px=float(centre_px[0]),
        centre_y_px=float(centre_px[1]),
        side_px=2.0 * math.hypot(across_px, down_px) * _REGION_MARGIN,
        rotation_rad=rotation - 2.0 * math.pi * math.floor((rotation + math.pi) / (2.0 * math.pi)),
    )


def region_shift(first: Region, second: Region) -> float:
    """Return the largest displacement of a corner from one region to the other, as share of the larger side.

    It covers translation, scaling and rotation.
    """
    corners = [apply(upright_from_crop(region, 1), _CORNERS) for region in (first, second)]
    farthest_px = float(np.linalg.norm(corners[0] - corners[1], axis=1).max())
    return farthest_px / max(first.side_px, second.side_px)


class Follower:
    """One person's tracking state: where to read the next frame, and the state of the filters.

    Parameters
    ----------
    settings
        ``smooth_landmarks`` decides whether poses are smoothed as MediaPipe smooths them.
    """

    def __init__(self, settings: PoseSettings) -> None:
        self._smooths = settings.smooth_landmarks
        self._aux = OneEuro(_AUX)
        self._image = OneEuro(_IMAGE)
        self._world = OneEuro(_WORLD)
        self._visibility = LowPass(_VISIBILITY_SHARE)
        self._region: Region | None = None

    @property
    def region(self) -> Region | None:
        """Where to read the person's landmarks in the next frame; None when no person is tracked."""
        return self._region

    def begin(self, detection: Detection) -> None:
        """Start following a detected person."""
        self.lost()
        self._region = detection.region

    def accept(self, landmarked: Landmarked, size_px: tuple[int, int], n_periods: float = 1.0) -> FramePose:
        """Update from the landmarks read in :attr:`region`; return the pose to report.

        Parameters
        ----------
        landmarked
            Result of the landmark network, accepted as a person by the caller.
        size_px
            Width and height of the upright picture.
        n_periods
            Time since the last pose in the filters' unit (:meth:`OneEuro.step`).
        """
        centre_px, rim_px = landmarked.aux_px
        scale = 1.0 / max(2.0 * math.hypot(*(rim_px - centre_px)), _MIN_SIZE_PX)
        aux_px = self._aux.step(landmarked.aux_px, scale, n_periods)
        self._region = region_around(aux_px[0], aux_px[1])
        return self._smoothed(landmarked.pose, scale, size_px[0], n_periods) if self._smooths else landmarked.pose

    def lost(self) -> None:
        """Stop following the person."""
        self._region = None
        for memory in (self._aux, self._image, self._world, self._visibility):
            memory.reset()

    def export(self) -> State:
        """Return everything that later frames depend on, as plain JSON values."""
        return {
            "region": None if self._region is None else list(astuple(self._region)),
            "aux": self._aux.export(),
            "image": self._image.export(),
            "world": self._world.export(),
            "visibility": self._visibility.export(),
        }

    def restore(self, state: State) -> None:
        """Continue from an exported state."""
        self._region = None if state["region"] is None else Region(*state["region"])
        self._aux.restore(state["aux"])
        self._image.restore(state["image"])
        self._world.restore(state["world"])
        self._visibility.restore(state["visibility"])

    def _smoothed(self, pose: FramePose, scale: float, width_px: int, n_periods: float) -> FramePose:
        """Filter a pose; depth is filtered in pixels, like x and y."""
        points_px = np.column_stack([pose.image_px, pose.z_rel * np.float32(width_px)]).astype(np.float64)
        points_px = self._image.step(points_px, scale, n_periods)
        return replace(
            pose,
            image_px=_single(points_px[:, :2]),
            z_rel=_single(points_px[:, 2] / width_px),
            world_m=_single(self._world.step(pose.world_m.astype(np.float64), n_periods=n_periods)),
            visibility=_single(self._visibility.step(pose.visibility.astype(np.float64), n_periods)),
        )


def _single(values: FloatArray) -> Float32Array:
    return np.ascontiguousarray(values, dtype=np.float32)

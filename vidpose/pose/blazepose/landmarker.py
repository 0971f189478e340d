"""Reading landmarks in a region with BlazePose's second network, as MediaPipe's pose_landmark_by_roi graph does."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np

from vidpose.pose.blazepose.crop import Cutter
from vidpose.pose.blazepose.hardware import check_precision, resolved_device
from vidpose.pose.blazepose.mapping import apply, upright_from_crop
from vidpose.pose.blazepose.network import Network, NetworkPlan
from vidpose.pose.blazepose.refinement import refined
from vidpose.pose.estimator import FramePose, PoseSettings
from vidpose.pose.models import pose_models
from vidpose.pose.regions import Landmarked, Region
from vidpose.types.arrays import Float32Array, FloatArray
from vidpose.types.picture import Picture, YuvColour
from vidpose.types.skeleton import N_LANDMARKS

_INPUT_PX: Final = 256
_N_POINTS: Final = 39  # 33 landmarks, 2 auxiliary points, 4 that the graph does not use
_N_USED: Final = N_LANDMARKS + 2
# Per point x, y, z in pixels of the input, visibility and presence as logits; presence of a person as probability;
# heatmaps, rows of pixels of points; per point x, y, z in metres.
OUTPUTS: Final = ((1, _N_POINTS * 5), (1, 1), (1, 64, 64, _N_POINTS), (1, _N_POINTS * 3))
_LOW, _HIGH = 0.0, 1.0


class BlazePoseLandmarker:
    """Landmarker of :mod:`vidpose.pose.regions`.

    Parameters
    ----------
    settings
        Models, device and precision.
    n_threads
        Threads of one inference; results do not depend on it.
    """

    def __init__(self, settings: PoseSettings, n_threads: int = 1) -> None:
        check_precision(settings)
        self._model = pose_models(settings).landmarks
        self._plan = NetworkPlan(OUTPUTS, _LOW, _HIGH, settings.precision, resolved_device(settings), n_threads)
        self._cutter = Cutter("replicate")
        self._networks: dict[YuvColour, Network] = {}

    def landmarks(self, picture: Picture, regions: Sequence[Region]) -> list[Landmarked]:
        """Return one result per region, in order; the network runs on them one by one, as batches are no faster."""
        if not regions:
            return []
        network = self._networks.get(picture.colour)
        if network is None:
            network = self._networks[picture.colour] = Network(self._model, self._plan, picture.colour)
        results = []
        for region in regions:
            self._cutter.cut(picture, region, network.planes)
            points, presence, heatmaps, world = network.infer()
            pose, aux_px = read_pose(points, heatmaps, world, region, picture.size_px[0])
            results.append(Landmarked(pose, float(presence[0]), aux_px))
        return results


def read_pose(
    points: Float32Array, heatmaps: Float32Array, world: Float32Array, region: Region, width_px: int
) -> tuple[FramePose, FloatArray]:
    """Turn the network's outputs for a region into a pose and the two auxiliary points.

    MediaPipe's TensorsToLandmarks, RefineLandmarksFromHeatmap, LandmarkProjection and WorldLandmarkProjection.

    Parameters
    ----------
    points
        Shape (195,): per point x, y, z in pixels of the input, visibility and presence as logits.
    heatmaps
        Shape (64, 64, 39).
    world
        Shape (117,): per point x, y, z in metres, turned with the region.
    region
        What the network saw.
    width_px
        Width of the upright picture, the unit of depth.

    Returns
    -------
    tuple
        The pose, and the auxiliary points in pixels of the upright picture, shape (2, 2).
    """
    from scipy.special import expit

    rows = points.reshape(_N_POINTS, 5)[:_N_USED].astype(np.float64)
    upright_px = apply(upright_from_crop(region, 1), refined(rows[:, :2] / _INPUT_PX, heatmaps))
    body = rows[:N_LANDMARKS]
    confidence = expit(body[:, 3:])
    metres = world.reshape(_N_POINTS, 3)[:N_LANDMARKS].astype(np.float64)
    cosine, sine = math.cos(region.rotation_rad), math.sin(region.rotation_rad)
    metres[:, :2] = metres[:, :2] @ np.array([[cosine, sine], [-sine, cosine]])
    pose = FramePose(
        image_px=upright_px[:N_LANDMARKS].astype(np.float32),
        z_rel=(body[:, 2] * (region.side_px / (_INPUT_PX * width_px))).astype(np.float32),
        visibility=confidence[:, 0].astype(np.float32),
        presence=confidence[:, 1].astype(np.float32),
        world_m=metres.astype(np.float32),
    )
    return pose, upright_px[N_LANDMARKS:]

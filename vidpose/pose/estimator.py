"""What every pose estimator offers, and how one is opened by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol, Self

import numpy as np

from vidpose.errors import EstimatorError
from vidpose.types.arrays import ByteArray, Float32Array
from vidpose.types.skeleton import N_LANDMARKS


@dataclass(frozen=True, slots=True)
class PoseSettings:
    """Which estimator is used, and how sure it must be.

    ``min_detection_confidence`` and ``min_tracking_confidence`` are MediaPipe's thresholds in [0, 1].
    ``model_complexity`` chooses MediaPipe's lite (0), full (1) or heavy (2) landmark model.
    """

    estimator: str = "mediapipe"
    model_complexity: int = 1
    min_detection_confidence: float = 0.5
    min_tracking_confidence: float = 0.5

    def __post_init__(self) -> None:
        if self.estimator not in ESTIMATORS:
            raise ValueError(f"estimator: expected one of {', '.join(ESTIMATORS)}, got {self.estimator!r}")
        if self.model_complexity not in (0, 1, 2):
            raise ValueError(f"model_complexity: expected 0, 1 or 2, got {self.model_complexity}")
        for name in ("min_detection_confidence", "min_tracking_confidence"):
            if not 0.0 <= getattr(self, name) <= 1.0:
                raise ValueError(f"{name}: expected 0 to 1, got {getattr(self, name)}")


ESTIMATORS = ("mediapipe",)


@dataclass(frozen=True, slots=True)
class EstimatorInfo:
    """What makes two estimators the same: part of the cache key and of every provenance record.

    ``models`` maps the file name of each network to its SHA-256.
    """

    name: str
    package: str
    version: str
    models: Mapping[str, str]
    settings: PoseSettings


@dataclass(frozen=True, slots=True)
class FramePose:
    """Landmarks of one person in one frame.

    ``image_px`` (33, 2), ``z_rel``, ``visibility``, ``presence`` (33,), ``world_m`` (33, 3), float32;
    NaN where the estimator does not say. See :class:`vidpose.types.pose.PoseTrack` for frames and units.
    """

    image_px: Float32Array
    z_rel: Float32Array
    visibility: Float32Array
    presence: Float32Array
    world_m: Float32Array

    @classmethod
    def missing(cls) -> Self:
        """Return a frame in which nobody was found."""
        nan = np.full(N_LANDMARKS, np.nan, dtype=np.float32)
        return cls(
            image_px=np.full((N_LANDMARKS, 2), np.nan, dtype=np.float32),
            z_rel=nan,
            visibility=nan,
            presence=nan,
            world_m=np.full((N_LANDMARKS, 3), np.nan, dtype=np.float32),
        )


class PoseEstimator(Protocol):
    """Follows one person through the frames of one segment, in order.

    A fresh one is opened for every segment, so a result never depends on what a worker did before.
    """

    def __enter__(self) -> Self:
        """Open the model."""
        ...

    def __exit__(self, *details: object) -> None:
        """Release it."""
        ...

    def estimate(self, rgb: ByteArray) -> FramePose | None:
        """Return the person's landmarks in the next frame (H, W, 3), or None when nobody is found."""
        ...


def describe_estimator(settings: PoseSettings) -> EstimatorInfo:
    """Return name, version and model hashes of the estimator without loading it.

    Raises
    ------
    EstimatorError
        When its package or a model file is missing.
    """
    if settings.estimator == "mediapipe":
        from vidpose.pose import mediapipe

        return mediapipe.describe(settings)
    raise EstimatorError(f"estimator: expected one of {', '.join(ESTIMATORS)}, got {settings.estimator!r}")


def open_estimator(settings: PoseSettings) -> PoseEstimator:
    """Return an estimator, to be used in a ``with`` block."""
    if settings.estimator == "mediapipe":
        from vidpose.pose.mediapipe import MediaPipeEstimator

        return MediaPipeEstimator(settings)
    raise EstimatorError(f"estimator: expected one of {', '.join(ESTIMATORS)}, got {settings.estimator!r}")

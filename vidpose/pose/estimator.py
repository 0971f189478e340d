"""The interface of pose estimators, and the settings they share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, Protocol, Self, runtime_checkable

import numpy as np

from vidpose.types.arrays import Float32Array
from vidpose.types.picture import Picture
from vidpose.types.skeleton import N_LANDMARKS

ESTIMATORS: Final[dict[str, str]] = {
    "blazepose": "vidpose.pose.blazepose_people",
    "mediapipe": "vidpose.pose.mediapipe",
    "yolo": "vidpose.pose.yolo.keypoint_estimator",
    "yolo+blazepose": "vidpose.pose.yolo_blazepose",
    "file": "vidpose.pose.landmark_file",
}
"""The :class:`EstimatorModule` of each estimator by its name; it is imported when the estimator is asked for."""
PRECISIONS: Final = ("f32", "fast")
DEVICES: Final = ("auto", "cpu", "gpu")
State = dict[str, Any]
"""What an estimator knows about the frames so far: plain JSON values, floats exact."""


@dataclass(frozen=True, slots=True)
class PoseSettings:
    """Which estimator is used, and with what thresholds.

    Attributes
    ----------
    estimator
        One of :data:`ESTIMATORS`.
    model
        A ``.task`` file with the networks to use; None for the installed ones.
    model_complexity
        BlazePose's lite (0), full (1) or heavy (2) landmark network.
    min_detection_confidence, min_tracking_confidence
        Thresholds in [0, 1] to accept a detected person, and to continue following them.
    max_people
        Largest number of people followed at once. With 1, the person that MediaPipe's graph would follow.
    precision
        ``"f32"``, or ``"fast"``: most of the network in bfloat16.
    device
        ``"auto"``, ``"cpu"`` or ``"gpu"``.
    smooth_landmarks
        MediaPipe's causal One-Euro smoothing; off by default, because it delays, and the analysis filters without.
    yolo_model
        Name of an ultralytics model, or path of a ``.pt`` file, for the estimators with ``yolo``.
    pose_files
        Folder with landmark files for the estimator ``file``; None for the folder of each video.
    """

    estimator: str = "blazepose"
    model: Path | None = None
    model_complexity: int = 1
    min_detection_confidence: float = 0.5
    min_tracking_confidence: float = 0.5
    max_people: int = 4
    precision: Literal["f32", "fast"] = "f32"
    device: Literal["auto", "cpu", "gpu"] = "auto"
    smooth_landmarks: bool = False
    yolo_model: str = "yolo11n-pose.pt"
    pose_files: Path | None = None

    def __post_init__(self) -> None:
        for name, allowed in (("estimator", tuple(ESTIMATORS)), ("precision", PRECISIONS), ("device", DEVICES)):
            if getattr(self, name) not in allowed:
                raise ValueError(f"{name}: expected one of {', '.join(allowed)}, got {getattr(self, name)!r}")
        if self.model_complexity not in (0, 1, 2):
            raise ValueError(f"model_complexity: expected 0, 1 or 2, got {self.model_complexity}")
        for name in ("min_detection_confidence", "min_tracking_confidence"):
            if not 0.0 <= getattr(self, name) <= 1.0:
                raise ValueError(f"{name}: expected 0 to 1, got {getattr(self, name)}")
        if not 1 <= self.max_people <= 20:
            raise ValueError(f"max_people: expected 1 to 20, got {self.max_people}")


@dataclass(frozen=True, slots=True)
class EstimatorInfo:
    """Identity of an estimator: part of the cache key and of every provenance record.

    ``models`` maps the file name of each network to its SHA-256. ``exports_state`` says that a segment can
    continue exactly where the one before it ended.
    """

    name: str
    package: str
    version: str
    models: Mapping[str, str]
    settings: PoseSettings
    exports_state: bool = False


@dataclass(frozen=True, slots=True)
class FramePose:
    """Landmarks of one person in one frame.

    ``image_px`` (33, 2), ``z_rel``, ``visibility``, ``presence`` (33,), ``world_m`` (33, 3), float32;
    NaN where the estimator gives no value. See :class:`vidpose.types.pose.PoseTrack` for frames and units.
    """

    image_px: Float32Array
    z_rel: Float32Array
    visibility: Float32Array
    presence: Float32Array
    world_m: Float32Array

    @property
    def box_px(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of all landmarks, pixels; at least one must be known."""
        left, top = np.nanmin(self.image_px, axis=0).tolist()
        right, bottom = np.nanmax(self.image_px, axis=0).tolist()
        return left, top, right, bottom

    @classmethod
    def missing(cls) -> Self:
        """Return a frame in which no person was found."""
        nan = np.full(N_LANDMARKS, np.nan, dtype=np.float32)
        return cls(
            image_px=np.full((N_LANDMARKS, 2), np.nan, dtype=np.float32),
            z_rel=nan,
            visibility=nan,
            presence=nan,
            world_m=np.full((N_LANDMARKS, 3), np.nan, dtype=np.float32),
        )


@dataclass(frozen=True, slots=True)
class PersonPose:
    """One person in one frame; ``person`` is their number since the estimator was opened, 0 for the first person."""

    person: int
    pose: FramePose


class PoseEstimator(Protocol):
    """Follows people through the frames of a video, in order.

    Its results depend on the frames alone, never on what else its process did. The process may keep networks, but
    nothing that was learnt from the video.
    """

    def __enter__(self) -> Self:
        """Open the model."""
        ...

    def __exit__(self, *details: object) -> None:
        """Release it."""
        ...

    def estimate(self, picture: Picture, time_s: float) -> Sequence[PersonPose]:
        """Return all people found in the next frame, in order of their numbers.

        ``time_s`` is the frame's time, s; frames may have been left out since the last call.
        """
        ...

    def export_state(self) -> State | None:
        """Return everything that later frames depend on; None when this estimator cannot export it."""
        ...

    def restore_state(self, state: State) -> None:
        """Continue from an exported state."""
        ...

    def forget(self) -> None:
        """Follow nobody any more: the next frame belongs to another shot. Numbers of people begin at 0 again."""
        ...

    def appearances(self) -> Mapping[int, Sequence[float]]:
        """Return colour histograms of each person seen so far, by number; empty when not known."""
        ...

    def n_not_followed(self) -> int:
        """Return how many more people than are followed at once were detected in one frame so far, at least."""
        ...


class FrameByFrame:
    """The methods of a :class:`PoseEstimator` whose frames do not depend on each other: its state is empty."""

    def __enter__(self) -> Self:
        """Open nothing."""
        return self

    def __exit__(self, *details: object) -> None:
        """Release nothing."""

    def export_state(self) -> State | None:
        """Return an empty state."""
        return {}

    def restore_state(self, state: State) -> None:
        """Do nothing."""

    def forget(self) -> None:
        """Do nothing."""

    def appearances(self) -> Mapping[int, Sequence[float]]:
        """Return nothing: people are not told apart by their colours."""
        return {}

    def n_not_followed(self) -> int:
        """Return 0: nobody is left out."""
        return 0


class EstimatorModule(Protocol):
    """What a module named in :data:`ESTIMATORS` has."""

    def describe(self, settings: PoseSettings) -> EstimatorInfo:
        """Return name, version and hashes of the networks, loading none of them.

        Raises
        ------
        EstimatorError
            When a package or a model file is missing; the message says how to get it.
        """
        ...

    def open_estimator(self, settings: PoseSettings, video: Path, n_threads: int) -> PoseEstimator:
        """Return the estimator.

        Parameters
        ----------
        settings
            Thresholds and models.
        video
            The file whose frames it will be given.
        n_threads
            Number of cores it may use; results must not depend on it.
        """
        ...


@runtime_checkable
class BridgesGaps(Protocol):
    """An estimator that follows people differently across frames that were skipped on purpose."""

    def estimate_after_gap(self, picture: Picture, time_s: float, gap_s: float) -> Sequence[PersonPose]:
        """Estimate as :meth:`PoseEstimator.estimate` does; ``gap_s`` is the time since the last call, s."""
        ...

"""MediaPipe's own BlazePose graph, as the mediapipe 0.10.21 wheel carries it.

``smooth_landmarks`` is off: its One-Euro filter is causal and delays fast movements. Filtering is done once, on the
whole series, by :mod:`vidpose.biomech.smoothing`. The graph reports no presence per landmark, so that is NaN.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib import metadata, util
from pathlib import Path
from typing import Any, Self

import numpy as np

from vidpose.errors import EstimatorError
from vidpose.pose.estimator import EstimatorInfo, FramePose, PersonPose, PoseSettings, State
from vidpose.types.picture import Picture
from vidpose.types.skeleton import N_LANDMARKS

KNOWN_MODELS = {
    "pose_detection.tflite": "9ba9dd3d42efaaba86b4ff0122b06f29c4122e756b329d89dca1e297fd8f866c",
    "pose_landmark_full.tflite": "e9a5c5cb17f736fafd4c2ec1da3b3d331d6edbe8a0d32395855aeb2cdfd64b9f",
}
"""SHA-256 of the models inside mediapipe 0.10.21, which all figures in the documentation were made with."""
_LANDMARK_MODELS = ("pose_landmark_lite.tflite", "pose_landmark_full.tflite", "pose_landmark_heavy.tflite")


def describe(settings: PoseSettings) -> EstimatorInfo:
    """Return version and model hashes, without importing mediapipe."""
    spec = util.find_spec("mediapipe")
    if spec is None or spec.origin is None:
        raise EstimatorError("mediapipe is not installed; run: pip install mediapipe==0.10.21")
    modules = Path(spec.origin).parent / "modules"
    files = (
        modules / "pose_detection" / "pose_detection.tflite",
        modules / "pose_landmark" / _LANDMARK_MODELS[settings.model_complexity],
    )
    for file in files:
        if not file.is_file():
            raise EstimatorError(
                f"mediapipe {metadata.version('mediapipe')} carries no {file.name}; expected the model inside the "
                "wheel, as in mediapipe==0.10.21 with model_complexity 1"
            )
    return EstimatorInfo(
        name="mediapipe",
        package="mediapipe",
        version=metadata.version("mediapipe"),
        models={file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files},
        settings=settings,
    )


class MediaPipeEstimator:
    """The graph of ``mediapipe.solutions.pose``, tracking one person."""

    def __init__(self, settings: PoseSettings) -> None:
        self._settings = settings
        self._graph: Any = None

    def __enter__(self) -> Self:
        from mediapipe.python.solutions import pose

        with _few_threads():
            self._graph = pose.Pose(
                static_image_mode=False,
                model_complexity=self._settings.model_complexity,
                smooth_landmarks=self._settings.smooth_landmarks,
                enable_segmentation=False,
                min_detection_confidence=self._settings.min_detection_confidence,
                min_tracking_confidence=self._settings.min_tracking_confidence,
            )
        return self

    def __exit__(self, *details: object) -> None:
        self._graph.close()
        self._graph = None

    def estimate(self, picture: Picture, time_s: float) -> Sequence[PersonPose]:  # noqa: ARG002 - keeps its own time
        """See :class:`vidpose.pose.estimator.PoseEstimator`."""
        rgb = picture.rgb()
        result = self._graph.process(rgb)
        if result.pose_landmarks is None:
            return ()
        height, width = rgb.shape[:2]
        image = np.array(
            [(p.x * width, p.y * height, p.z, p.visibility) for p in result.pose_landmarks.landmark], dtype=np.float32
        )
        world = np.array([(p.x, p.y, p.z) for p in result.pose_world_landmarks.landmark], dtype=np.float32)
        pose = FramePose(
            image_px=image[:, :2],
            z_rel=image[:, 2],
            visibility=image[:, 3],
            presence=np.full(N_LANDMARKS, np.nan, dtype=np.float32),
            world_m=world,
        )
        return (PersonPose(0, pose),)

    def export_state(self) -> State | None:
        """Return None: the graph keeps its state to itself."""
        return None

    def restore_state(self, state: State) -> None:
        """Never called: there is no state to restore."""

    def appearances(self) -> Mapping[int, Sequence[float]]:
        """Return nothing: the graph follows one person only."""
        return {}


@contextmanager
def _few_threads() -> Iterator[None]:
    """Let MediaPipe size its thread pool for one core, then give all its threads every core again.

    The graph starts twice as many threads as the process may use cores; one process per core keeps the machine busy,
    so more threads only cost memory and switches. Results are the same.
    """
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    allowed = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(allowed)})
    try:
        yield
    finally:
        for thread in Path("/proc/self/task").iterdir():
            with _ignore_vanished():
                os.sched_setaffinity(int(thread.name), allowed)


@contextmanager
def _ignore_vanished() -> Iterator[None]:
    try:
        yield
    except ProcessLookupError:
        return

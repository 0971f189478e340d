"""MediaPipe's own BlazePose: the graph that mediapipe 0.10.21 carries, or the task of newer versions.

The graph has its networks in the wheel. The task (``PoseLandmarker``) serves wherever the graph is missing, and where a
file is given or another network asked for than the wheel has; it takes a ``.task`` file, or one made of the networks
that BlazePose uses here.

``smooth_landmarks`` is off: MediaPipe's One-Euro filter is causal and delays fast movements. Filtering is done once, on
the whole series, by :mod:`vidpose.biomech.smoothing`. The task has no switch for it, but filters only when it looks for
one person; so it looks for two, and the one nearest to the last is kept.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib import metadata
from pathlib import Path
from typing import Any, Protocol, Self

import numpy as np

from vidpose.errors import EstimatorError
from vidpose.pose.estimator import EstimatorInfo, FramePose, PersonPose, PoseEstimator, PoseSettings, State
from vidpose.pose.mediapipe_task import task_of
from vidpose.pose.models import installed_models, model_hashes, package_folder, pose_models
from vidpose.types.arrays import ByteArray, Float32Array
from vidpose.types.picture import Picture
from vidpose.types.skeleton import N_LANDMARKS


def describe(settings: PoseSettings) -> EstimatorInfo:
    """Return version and model hashes, without importing mediapipe."""
    if package_folder() is None:
        raise EstimatorError("mediapipe is not installed; run: pip install mediapipe, or choose --estimator blazepose")
    return EstimatorInfo(
        name="mediapipe",
        package="mediapipe",
        version=metadata.version("mediapipe"),
        models=model_hashes(settings),
        settings=settings,
    )


def open_estimator(settings: PoseSettings, video: Path, n_threads: int) -> PoseEstimator:  # noqa: ARG001
    """See :class:`vidpose.pose.estimator.EstimatorModule`."""
    return MediaPipeEstimator(settings)


class MediaPipeEstimator:
    """MediaPipe itself, following one person."""

    def __init__(self, settings: PoseSettings) -> None:
        self._settings = settings
        self._runner: _Runner | None = None

    def __enter__(self) -> Self:
        self._open()
        return self

    def __exit__(self, *details: object) -> None:
        if self._runner is not None:
            self._runner.close()
        self._runner = None

    def _open(self) -> None:
        with _few_threads():
            self._runner = (_Graph if graph_serves(self._settings) else _Task)(self._settings)

    def estimate(self, picture: Picture, time_s: float) -> Sequence[PersonPose]:
        """See :class:`vidpose.pose.estimator.PoseEstimator`."""
        if self._runner is None:
            raise RuntimeError("the estimator is not open; use it in a with block")
        pose = self._runner.pose_in(picture.rgb(), time_s)
        return () if pose is None else (PersonPose(0, pose),)

    def export_state(self) -> State | None:
        """Return None: MediaPipe does not give access to its state."""
        return None

    def restore_state(self, state: State) -> None:
        """Never called: there is no state to restore."""

    def forget(self) -> None:
        """Open MediaPipe anew: it has no other way to follow nobody any more."""
        self.__exit__()
        self._open()

    def appearances(self) -> Mapping[int, Sequence[float]]:
        """Return nothing: one person only is followed."""
        return {}

    def n_not_followed(self) -> int:
        """Return 0: nobody else is looked for."""
        return 0


class _Runner(Protocol):
    """One of MediaPipe's two interfaces: frames in order, one pose out, None where no person is visible."""

    def pose_in(self, rgb: ByteArray, time_s: float) -> FramePose | None: ...

    def close(self) -> None: ...


def graph_serves(settings: PoseSettings) -> bool:
    """Return whether the package has the graph and the networks in the settings."""
    folder = package_folder()
    if settings.model is not None or folder is None or not (folder / "python" / "solutions" / "pose.py").is_file():
        return False
    return installed_models(settings.model_complexity) is not None


class _Graph:
    """``mediapipe.solutions.pose``. It keeps its own time, 1/30 s per frame, and reports no presence."""

    def __init__(self, settings: PoseSettings) -> None:
        from mediapipe.python.solutions import pose

        self._graph: Any = pose.Pose(
            static_image_mode=False,
            model_complexity=settings.model_complexity,
            smooth_landmarks=settings.smooth_landmarks,
            enable_segmentation=False,
            min_detection_confidence=settings.min_detection_confidence,
            min_tracking_confidence=settings.min_tracking_confidence,
        )

    def pose_in(self, rgb: ByteArray, time_s: float) -> FramePose | None:  # noqa: ARG002 - keeps its own time
        result = self._graph.process(rgb)
        if result.pose_landmarks is None:
            return None
        return _frame_pose(
            result.pose_landmarks.landmark,
            result.pose_world_landmarks.landmark,
            rgb,
            np.full(N_LANDMARKS, np.nan, dtype=np.float32),
        )

    def close(self) -> None:
        self._graph.close()


class _Task:
    """``mediapipe.tasks.python.vision.PoseLandmarker`` in its video mode."""

    def __init__(self, settings: PoseSettings) -> None:
        from mediapipe.tasks.python import BaseOptions
        from mediapipe.tasks.python.vision import PoseLandmarker, PoseLandmarkerOptions, RunningMode

        file = settings.model
        if file is not None:
            base = BaseOptions(model_asset_path=str(file))
        else:
            base = BaseOptions(model_asset_buffer=task_of(pose_models(settings)))
        options = PoseLandmarkerOptions(
            base_options=base,
            running_mode=RunningMode.VIDEO,
            num_poses=1 if settings.smooth_landmarks else 2,
            min_pose_detection_confidence=settings.min_detection_confidence,
            # what the graph calls min_tracking_confidence; the task uses that name for an overlap of boxes
            min_pose_presence_confidence=settings.min_tracking_confidence,
        )
        try:
            self._landmarker: Any = PoseLandmarker.create_from_options(options)
        except (OSError, RuntimeError, ValueError) as error:  # which of them depends on the version of mediapipe
            raise EstimatorError(f"{file or 'pose model'}: mediapipe cannot use it: {error}") from error
        self._last_ms = -1
        self._last_px: Float32Array | None = None

    def pose_in(self, rgb: ByteArray, time_s: float) -> FramePose | None:
        from mediapipe import Image, ImageFormat

        # times have to grow; mediapipe 1.2 reads past rows that do not lie one after the other
        self._last_ms = max(self._last_ms + 1, round(1e3 * time_s))
        image = Image(image_format=ImageFormat.SRGB, data=np.ascontiguousarray(rgb))
        result = self._landmarker.detect_for_video(image, self._last_ms)
        poses = [
            _frame_pose(landmarks, world, rgb, np.array([point.presence for point in landmarks], dtype=np.float32))
            for landmarks, world in zip(result.pose_landmarks, result.pose_world_landmarks, strict=True)
        ]
        pose = nearest_pose(poses, self._last_px)
        self._last_px = None if pose is None else pose.image_px
        return pose

    def close(self) -> None:
        self._landmarker.close()


def nearest_pose(poses: Sequence[FramePose], last_px: Float32Array | None) -> FramePose | None:
    """Return the pose whose landmarks lie nearest to where they last were.

    Parameters
    ----------
    poses
        Those of one frame, in MediaPipe's order.
    last_px
        Landmarks of the person in the frame before, (33, 2), px; None when none was seen: then the first pose counts.
    """
    if last_px is None or not poses:
        return next(iter(poses), None)
    return min(poses, key=lambda pose: float(np.linalg.norm(pose.image_px - last_px, axis=1).mean()))


def _frame_pose(landmarks: Any, world: Any, rgb: ByteArray, presence: Float32Array) -> FramePose:
    height, width = rgb.shape[:2]
    image = np.array([(p.x * width, p.y * height, p.z, p.visibility) for p in landmarks], dtype=np.float32)
    return FramePose(
        image_px=image[:, :2],
        z_rel=image[:, 2],
        visibility=image[:, 3],
        presence=presence,
        world_m=np.array([(p.x, p.y, p.z) for p in world], dtype=np.float32),
    )


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

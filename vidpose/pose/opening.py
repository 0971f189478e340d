"""Estimators by name: whether one is installed, its description, and opening it."""

from __future__ import annotations

from dataclasses import replace
from importlib import util
from pathlib import Path

from vidpose.errors import EstimatorError
from vidpose.pose.estimator import ESTIMATORS, EstimatorInfo, PoseEstimator, PoseSettings
from vidpose.pose.regions import Detector
from vidpose.types.findings import Finding


def usable(settings: PoseSettings) -> tuple[PoseSettings, tuple[Finding, ...]]:
    """Return settings of an estimator that is installed, and the findings that every video gets because of it.

    MediaPipe's own graph stands in for BlazePose where OpenVINO is missing: it follows one person, and takes longer.
    """
    if settings.estimator == "yolo":
        from vidpose.pose.yolo.keypoints import limits

        return settings, (limits(),)
    if settings.estimator != "blazepose" or util.find_spec("openvino") is not None:
        return settings, ()
    message = "OpenVINO is not installed: MediaPipe's own graph was used, which follows one person and takes longer"
    return replace(settings, estimator="mediapipe", max_people=1), (Finding("estimator_replaced", message),)


def licence_notice(settings: PoseSettings) -> str | None:
    """Return the licence notice to show before an estimator is used for the first time, if there is one."""
    if "yolo" not in settings.estimator:
        return None
    from vidpose.pose.yolo.store import first_use_notice

    return first_use_notice(settings.yolo_model)


def describe_estimator(settings: PoseSettings) -> EstimatorInfo:
    """Return name, version and model hashes of the estimator without loading it, without any paths.

    Raises
    ------
    EstimatorError
        When its package or a model file is missing.
    """
    info = _describe(settings)
    named = replace(info.settings, model=None, pose_files=None, yolo_model=Path(settings.yolo_model).name)
    return replace(info, settings=named)


def _describe(settings: PoseSettings) -> EstimatorInfo:
    match settings.estimator:
        case "mediapipe":
            from vidpose.pose import mediapipe

            return mediapipe.describe(settings)
        case "blazepose":
            from vidpose.pose.blazepose import person_estimator as blazepose

            return blazepose.describe(settings)
        case "file":
            from vidpose.pose import landmark_file

            return landmark_file.describe(settings)
        case "yolo":
            from vidpose.pose.yolo import keypoint_estimator as yolo

            return yolo.describe(settings)
        case "yolo+blazepose":
            return _both(settings)
        case _:
            raise EstimatorError(f"estimator: expected one of {', '.join(ESTIMATORS)}, got {settings.estimator!r}")


def open_estimator(settings: PoseSettings, video: Path, n_threads: int = 1) -> PoseEstimator:
    """Return an estimator, to be used in a ``with`` block.

    Parameters
    ----------
    settings
        Which one.
    video
        The file whose frames it will be given.
    n_threads
        Number of cores it may use; results do not depend on it.
    """
    match settings.estimator:
        case "mediapipe":
            from vidpose.pose.mediapipe import MediaPipeEstimator

            return MediaPipeEstimator(settings)
        case "blazepose":
            from vidpose.pose.blazepose.person_estimator import BlazePoseEstimator

            return _people(settings, n_threads) if settings.max_people > 1 else BlazePoseEstimator(settings, n_threads)
        case "yolo+blazepose":
            return _people(settings, n_threads)
        case "file":
            from vidpose.pose.landmark_file import FileEstimator, find_landmark_file

            return FileEstimator(find_landmark_file(video, settings.pose_files), settings.max_people)
        case "yolo":
            from vidpose.pose.yolo.keypoint_estimator import YoloPoseEstimator

            return YoloPoseEstimator(settings, n_threads)
        case _:
            raise EstimatorError(f"estimator: expected one of {', '.join(ESTIMATORS)}, got {settings.estimator!r}")


def _both(settings: PoseSettings) -> EstimatorInfo:
    """Describe BlazePose fed by YOLO."""
    from vidpose.pose.blazepose import person_estimator as blazepose
    from vidpose.pose.yolo.facts import read_facts
    from vidpose.pose.yolo.store import converted_model

    body, boxes = blazepose.describe(settings), converted_model(settings.yolo_model)
    read_facts(boxes.folder)  # refuses a network that detects no people here, not video by video
    return replace(body, name="yolo+blazepose", models={**body.models, **dict(boxes.hashes)})


def _people(settings: PoseSettings, n_threads: int) -> PoseEstimator:
    """Return the tracker of several people with BlazePose's landmarks, and its detector or YOLO's."""
    import cv2

    from vidpose.pose.blazepose.detector import BlazePoseDetector
    from vidpose.pose.blazepose.follower import Follower
    from vidpose.pose.blazepose.landmarker import BlazePoseLandmarker
    from vidpose.pose.identity.tracking_settings import TrackingSettings
    from vidpose.pose.tracking.people_estimator import PeopleEstimator

    cv2.setNumThreads(1)  # as in BlazePoseEstimator
    detector: Detector
    if settings.estimator == "yolo+blazepose":
        from vidpose.pose.yolo.detector import YoloDetector

        detector = YoloDetector(settings, n_threads=n_threads)
    else:
        detector = BlazePoseDetector(settings, n_threads=n_threads)
    # YOLO detects small people in the whole picture; searching parts of it would only take time.
    tracking = TrackingSettings(parts=settings.estimator != "yolo+blazepose")
    landmarker = BlazePoseLandmarker(settings, n_threads)
    return PeopleEstimator(settings, detector, landmarker, lambda: Follower(settings), tracking)

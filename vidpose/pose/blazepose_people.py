"""The estimator ``blazepose``: one person as MediaPipe's graph follows them, or several."""

from __future__ import annotations

from pathlib import Path

from vidpose.pose.blazepose.detector import BlazePoseDetector
from vidpose.pose.blazepose.follower import Follower
from vidpose.pose.blazepose.landmarker import BlazePoseLandmarker
from vidpose.pose.blazepose.person_estimator import BlazePoseEstimator, describe
from vidpose.pose.estimator import PoseEstimator, PoseSettings
from vidpose.pose.identity.tracking_settings import TrackingSettings
from vidpose.pose.regions import Detector
from vidpose.pose.tracking.people_estimator import PeopleEstimator

__all__ = ["describe", "open_estimator", "people_estimator"]


def open_estimator(settings: PoseSettings, video: Path, n_threads: int) -> PoseEstimator:  # noqa: ARG001
    """See :class:`vidpose.pose.estimator.EstimatorModule`."""
    if settings.max_people == 1:
        return BlazePoseEstimator(settings, n_threads)
    return people_estimator(settings, BlazePoseDetector(settings, n_threads=n_threads), n_threads, TrackingSettings())


def people_estimator(
    settings: PoseSettings, detector: Detector, n_threads: int, tracking: TrackingSettings
) -> PeopleEstimator:
    """Return the tracker of several people with BlazePose's landmarks.

    Parameters
    ----------
    settings
        Models, thresholds, number of people.
    detector
        Finds people, opened.
    n_threads
        Threads of one inference.
    tracking
        How people are followed.
    """
    import cv2

    cv2.setNumThreads(1)  # as in BlazePoseEstimator
    landmarker = BlazePoseLandmarker(settings, n_threads)
    return PeopleEstimator(settings, detector, landmarker, lambda: Follower(settings), tracking)

"""The estimator ``yolo+blazepose``: YOLO detects the people, BlazePose gives their landmarks."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from vidpose.pose import blazepose_people
from vidpose.pose.estimator import EstimatorInfo, PoseEstimator, PoseSettings
from vidpose.pose.identity.tracking_settings import TrackingSettings
from vidpose.pose.yolo.detector import YoloDetector
from vidpose.pose.yolo.facts import read_facts
from vidpose.pose.yolo.store import converted_model


def describe(settings: PoseSettings) -> EstimatorInfo:
    """Return BlazePose's description with YOLO's network.

    Raises
    ------
    EstimatorError
        When a network is missing, or YOLO's detects no people.
    """
    body, boxes = blazepose_people.describe(settings), converted_model(settings.yolo_model)
    read_facts(boxes.folder)  # refuses a network that detects no people here, not video by video
    return replace(body, name="yolo+blazepose", models={**body.models, **dict(boxes.hashes)})


def open_estimator(settings: PoseSettings, video: Path, n_threads: int) -> PoseEstimator:  # noqa: ARG001
    """See :class:`vidpose.pose.estimator.EstimatorModule`."""
    detector = YoloDetector(settings, n_threads=n_threads)
    # YOLO detects small people in the whole picture; searching parts of it would only take time.
    return blazepose_people.people_estimator(settings, detector, n_threads, TrackingSettings(parts=False))

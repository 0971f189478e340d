"""The estimator ``yolo``: all people in a frame at once, with COCO's 17 keypoints each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from importlib import metadata
from pathlib import Path
from typing import Final, Self

import numpy as np

from vidpose.errors import EstimatorError
from vidpose.pose.blazepose.detector import overlap
from vidpose.pose.blazepose.hardware import resolved_device
from vidpose.pose.estimator import EstimatorInfo, FramePose, PersonPose, PoseEstimator, PoseSettings, State
from vidpose.pose.identity.appearance import read_appearance
from vidpose.pose.identity.body_motion import Place
from vidpose.pose.identity.tracking_by_detection import DetectedPerson, DetectionTracker, DetectionTrackingSettings
from vidpose.pose.yolo.detections import Detections, DetectionSettings
from vidpose.pose.yolo.facts import read_facts
from vidpose.pose.yolo.keypoints import frame_pose
from vidpose.pose.yolo.network import RunSettings, YoloNetwork
from vidpose.pose.yolo.store import ConvertedModel, converted_model
from vidpose.types.picture import Picture

_MAX_OVERLAP: Final = 0.05  # of boxes, above which the colours may be the other person's (ours)
_MIN_CONFIDENCE: Final = 0.3  # of a keypoint used to match people (ours)


def describe(settings: PoseSettings) -> EstimatorInfo:
    """Return version and hashes of weights and network; converts the weights if necessary.

    Raises
    ------
    EstimatorError
        When the weights cannot be found or converted, or give no COCO keypoints.
    """
    if settings.precision != "f32":
        raise EstimatorError(
            f"precision {settings.precision} is not offered by the estimator yolo; use --precision f32"
        )
    model = _pose_model(settings)
    return EstimatorInfo(
        name="yolo",
        package="openvino",
        version=metadata.version("openvino"),
        models=dict(model.hashes),
        settings=replace(settings, device=resolved_device(settings), yolo_model=Path(settings.yolo_model).name),
        exports_state=True,
    )


def open_estimator(settings: PoseSettings, video: Path, n_threads: int) -> PoseEstimator:  # noqa: ARG001
    """See :class:`vidpose.pose.estimator.EstimatorModule`."""
    return YoloPoseEstimator(settings, n_threads)


def _pose_model(settings: PoseSettings) -> ConvertedModel:
    model = converted_model(settings.yolo_model)
    facts = read_facts(model.folder)
    if not facts.has_coco_keypoints:
        raise EstimatorError(
            f"yolo_model: the estimator yolo needs a network with COCO's 17 keypoints, such as yolo11n-pose.pt; "
            f"{Path(settings.yolo_model).name} is for {facts.task} with keypoints {facts.keypoint_shape}; use "
            "--estimator yolo+blazepose with it"
        )
    return model


class YoloPoseEstimator:
    """Detects all people in every frame and keeps their numbers.

    Parameters
    ----------
    settings
        Network, device, thresholds and number of people. A person gets a number at ``min_detection_confidence`` or more
        and keeps it down to ``min_tracking_confidence``.
    n_threads
        Threads of one inference; results do not depend on it.
    """

    def __init__(self, settings: PoseSettings, n_threads: int = 1) -> None:
        self._network = YoloNetwork(_pose_model(settings), RunSettings(resolved_device(settings), n_threads))
        self._min_new_score = settings.min_detection_confidence
        self._decode = DetectionSettings(min(settings.min_detection_confidence, settings.min_tracking_confidence))
        self._tracker = DetectionTracker(DetectionTrackingSettings(), settings.max_people)

    def __enter__(self) -> Self:
        import cv2

        cv2.setNumThreads(1)  # its threads would compete with the network's
        return self

    def __exit__(self, *details: object) -> None:
        """Do nothing: the process keeps the network."""

    def estimate(self, picture: Picture, time_s: float) -> Sequence[PersonPose]:
        """See :class:`vidpose.pose.estimator.PoseEstimator`."""
        found = self._network.find(picture, self._decode)
        poses = [frame_pose(*pair) for pair in zip(found.keypoints_px, found.confidences, strict=True)]
        detected = [self._detected(picture, time_s, found, number, pose) for number, pose in enumerate(poses)]
        return [PersonPose(person, poses[number]) for person, number in self._tracker.assign_numbers(detected, time_s)]

    def export_state(self) -> State | None:
        """Return what is known about all people."""
        return self._tracker.export()

    def restore_state(self, state: State) -> None:
        """Continue from an exported state."""
        self._tracker.restore(state)

    def forget(self) -> None:
        """Follow nobody any more."""
        self._tracker.forget()

    def appearances(self) -> Mapping[int, Sequence[float]]:
        """See :class:`vidpose.pose.estimator.PoseEstimator`."""
        return self._tracker.appearances()

    def n_not_followed(self) -> int:
        """See :class:`vidpose.pose.estimator.PoseEstimator`."""
        return self._tracker.n_not_followed

    def _detected(
        self, picture: Picture, time_s: float, found: Detections, number: int, pose: FramePose
    ) -> DetectedPerson:
        left, top, right, bottom = found.boxes_px[number].tolist()
        others = overlap(found.boxes_px[number], np.delete(found.boxes_px, number, axis=0))
        size_px = max(1.0, ((right - left) * (bottom - top)) ** 0.5)
        trusted = (found.confidences[number] >= _MIN_CONFIDENCE)[:, np.newaxis]
        return DetectedPerson(
            place=Place(time_s, (left + right) / 2, (top + bottom) / 2, size_px),
            keypoints_px=np.where(trusted, found.keypoints_px[number], np.nan),
            appearance=read_appearance(picture, pose),
            alone=bool((others <= _MAX_OVERLAP).all()),
            sure=bool(found.scores[number] >= self._min_new_score),
        )

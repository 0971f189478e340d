"""People's boxes from YOLO, as regions in which BlazePose reads landmarks (estimator ``yolo+blazepose``)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from vidpose.pose.blazepose.follower import region_around
from vidpose.pose.blazepose.hardware import resolved_device
from vidpose.pose.estimator import PoseSettings
from vidpose.pose.regions import Detection, Region
from vidpose.pose.yolo.detections import Detections, DetectionSettings
from vidpose.pose.yolo.keypoints import COCO_INDEX
from vidpose.pose.yolo.network import RunSettings, YoloNetwork
from vidpose.pose.yolo.store import converted_model
from vidpose.types.arrays import FloatArray
from vidpose.types.picture import Picture

# Both ours: the median side then equals that of the square in which BlazePose itself follows people (real clips).
_BOX_MARGIN: Final = 1.4
_REACH_MARGIN: Final = 1.2  # the farthest keypoint is an ankle or a wrist; toes and fingers are further out
_MIN_CONFIDENCE: Final = 0.5  # of a keypoint that defines the square (ours)
_HIPS: Final = [COCO_INDEX["left_hip"], COCO_INDEX["right_hip"]]
_SHOULDERS: Final = [COCO_INDEX["left_shoulder"], COCO_INDEX["right_shoulder"]]


class YoloDetector:
    """Detector of :mod:`vidpose.pose.regions`.

    Parameters
    ----------
    settings
        Network, device and threshold.
    min_score
        Least confidence in [0, 1]; None takes ``min_detection_confidence``.
    n_threads
        Threads of one inference; results do not depend on it.
    """

    def __init__(self, settings: PoseSettings, min_score: float | None = None, n_threads: int = 1) -> None:
        self._network = YoloNetwork(
            converted_model(settings.yolo_model), RunSettings(resolved_device(settings), n_threads)
        )
        self._settings = DetectionSettings(settings.min_detection_confidence if min_score is None else min_score)

    def detect(self, picture: Picture) -> Sequence[Detection]:
        """Return the people detected, most confident first, overlapping detections of one person merged."""
        return detections(self._network.find(picture, self._settings))


def detections(found: Detections) -> list[Detection]:
    """Return the regions in which to read the landmarks of the people detected, in the same order.

    A square derived from keypoints is as good as the one from BlazePose's own points; one derived from a box alone is
    rough.
    """
    return [_detection(found, number) for number in range(len(found))]


def _detection(found: Detections, number: int) -> Detection:
    box = found.boxes_px[number]
    left, top, right, bottom = (float(value) for value in box)
    body = region_of_body(found.keypoints_px[number], found.confidences[number])
    return Detection(
        score=float(found.scores[number]),
        box_px=(left, top, right, bottom),
        region=body or region_of_box(box),
        rough=body is None,
    )


def region_of_box(box_px: FloatArray) -> Region:
    """Return the upright square around a box: left, top, right, bottom, shape (4,)."""
    left, top, right, bottom = (float(value) for value in box_px)
    side_px = _BOX_MARGIN * max(right - left, bottom - top)
    return Region((left + right) / 2, (top + bottom) / 2, side_px, 0.0)


def region_of_body(keypoints_px: FloatArray, confidences: FloatArray) -> Region | None:
    """Return the square that BlazePose would use: around the hips, with the trunk upright in it.

    Parameters
    ----------
    keypoints_px, confidences
        COCO's keypoints of one person, shapes (17, 2) and (17,); NaN where missing.

    Returns
    -------
    Region or None
        None when hips or shoulders are not visible enough to define its direction.
    """
    seen = confidences >= _MIN_CONFIDENCE  # False for NaN
    hips, shoulders = ([number for number in pair if seen[number]] for pair in (_HIPS, _SHOULDERS))
    if not hips or not shoulders:
        return None
    centre = keypoints_px[hips].mean(axis=0)
    up = keypoints_px[shoulders].mean(axis=0) - centre
    length = float(np.hypot(*up))
    if length == 0.0:
        return None
    reach = float(np.hypot(*(keypoints_px[seen] - centre).T).max())
    return region_around(centre, centre + up * (_REACH_MARGIN * reach / length))

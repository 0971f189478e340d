"""Detecting people in a whole picture with BlazePose's detector, as MediaPipe's pose_detection graph does."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from vidpose.pose.blazepose.anchors import INPUT_PX, detector_anchors
from vidpose.pose.blazepose.crop import Cutter
from vidpose.pose.blazepose.follower import region_around
from vidpose.pose.blazepose.hardware import check_precision, resolved_device
from vidpose.pose.blazepose.mapping import apply, upright_from_crop
from vidpose.pose.blazepose.network import Network, NetworkPlan
from vidpose.pose.estimator import PoseSettings
from vidpose.pose.models import pose_models
from vidpose.pose.regions import Detection, Region
from vidpose.types.arrays import Float32Array, FloatArray
from vidpose.types.picture import Picture, YuvColour

# Per anchor: centre and size of the box, then four points: mid-hip, rim of the circle around the body, mid-shoulder,
# rim of the circle around the upper body.
OUTPUTS: Final = ((1, 2254, 12), (1, 2254, 1))
_LOW, _HIGH = -1.0, 1.0
_MAX_LOGIT: Final = 100.0  # score_clipping_thresh of pose_detection_cpu.pbtxt
_MIN_OVERLAP: Final = 0.3  # min_suppression_threshold of the same


class BlazePoseDetector:
    """Detector of :mod:`vidpose.pose.regions`; its boxes are those of the networks, around the head.

    Parameters
    ----------
    settings
        Models, device and threshold; the detector always runs in f32.
    min_score
        Least confidence in [0, 1]; None takes ``min_detection_confidence``. Several people are found with 0.3.
    n_threads
        Threads of one inference; results do not depend on it.
    """

    def __init__(self, settings: PoseSettings, min_score: float | None = None, n_threads: int = 1) -> None:
        check_precision(settings)
        self._model = pose_models(settings).detector
        self._min_score = settings.min_detection_confidence if min_score is None else min_score
        self._plan = NetworkPlan(OUTPUTS, _LOW, _HIGH, "f32", resolved_device(settings), n_threads)
        self._cutter = Cutter("black")
        self._networks: dict[YuvColour, Network] = {}

    def detect(self, picture: Picture) -> Sequence[Detection]:
        """Return the people detected, most confident first, overlapping detections of one person merged."""
        network = self._networks.get(picture.colour)
        if network is None:
            network = self._networks[picture.colour] = Network(self._model, self._plan, picture.colour)
        whole = whole_picture(picture.size_px)
        self._cutter.cut(picture, whole, network.planes)
        boxes, logits = network.infer()
        scores, values = decode(boxes, logits[:, 0], self._min_score)
        scores, values = merge_overlapping(scores, values)
        to_upright = upright_from_crop(whole, 1)
        return [
            _detection(score, apply(to_upright, row.reshape(6, 2)))
            for score, row in zip(scores.tolist(), values, strict=True)
        ]


def whole_picture(size_px: tuple[int, int]) -> Region:
    """Return the smallest upright square with all of the picture, which lies in its middle."""
    width_px, height_px = size_px
    return Region(width_px / 2.0, height_px / 2.0, float(max(size_px)), 0.0)


def decode(boxes: Float32Array, logits: Float32Array, min_score: float) -> tuple[FloatArray, FloatArray]:
    """Return the detections of the network (MediaPipe's TensorsToDetectionsCalculator).

    Parameters
    ----------
    boxes
        Per anchor, pixels of the input: box centre relative to the anchor, box size, four points relative to the
        anchor, each (x, y), shape (2254, 12).
    logits
        Scores before the logistic function, shape (2254,).
    min_score
        Anchors below are left out.

    Returns
    -------
    tuple
        Scores, shape (n,), most confident first; and points as shares of the input's side, shape (n, 12): the box's
        left top, its right bottom, the four points.
    """
    from scipy.special import expit

    scores = expit(np.clip(logits.astype(np.float64), -_MAX_LOGIT, _MAX_LOGIT))
    found = np.flatnonzero(scores >= min_score)
    found = found[np.argsort(-scores[found], kind="stable")]
    points = boxes[found].astype(np.float64).reshape(-1, 6, 2) / INPUT_PX
    half_size = points[:, 1] / 2.0
    points[:, [0, 2, 3, 4, 5]] += detector_anchors()[found][:, np.newaxis]
    centre = points[:, 0].copy()
    points[:, 0], points[:, 1] = centre - half_size, centre + half_size
    real = (half_size >= 0.0).all(axis=1)
    return scores[found][real], points[real].reshape(-1, 12)


def merge_overlapping(scores: FloatArray, values: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Merge detections whose boxes overlap (the weighted mode of MediaPipe's NonMaxSuppressionCalculator).

    The best detection absorbs all that overlap with it: their points are averaged by score, its score stays. Then the
    best of the rest, and so on. Shapes and order as :func:`decode` returns them.
    """
    kept_scores, kept_values = [], []
    while len(scores):
        same = overlap(values[0, :4], values[:, :4]) > _MIN_OVERLAP
        same[0] = True  # a box without area overlaps not even with itself
        kept_scores.append(scores[0])
        kept_values.append(np.average(values[same], axis=0, weights=scores[same]))
        scores, values = scores[~same], values[~same]
    return np.array(kept_scores, dtype=np.float64), np.array(kept_values, dtype=np.float64).reshape(-1, 12)


def overlap(box: FloatArray, boxes: FloatArray) -> FloatArray:
    """Return intersection over union of a box, shape (4,): left, top, right, bottom, with others, shape (n, 4)."""
    size = np.clip(np.minimum(box[2:], boxes[:, 2:]) - np.maximum(box[:2], boxes[:, :2]), 0.0, None)
    common = size.prod(axis=1)
    union = np.prod(box[2:] - box[:2]) + (boxes[:, 2:] - boxes[:, :2]).prod(axis=1) - common
    shares: FloatArray = np.divide(common, union, out=np.zeros_like(common), where=union > 0.0)
    return shares


def _detection(score: float, points_px: FloatArray) -> Detection:
    left, top, right, bottom = points_px[:2].ravel().tolist()
    return Detection(score, (left, top, right, bottom), region_around(points_px[2], points_px[3]))

"""Decoding a YOLO network's output: boxes and keypoints of people in pixels of the network's input.

Two layouts exist (ultralytics 8.4, ``Detect`` and ``Pose`` heads):

* candidates, shape (4 + classes + keypoint values, n): centre x, centre y, width, height; a confidence per class;
  keypoints. One person has many candidates, so overlapping ones are dropped here.
* choice, shape (n, 6 + keypoint values): left, top, right, bottom; confidence, class; keypoints. The network, or layers
  behind it, made the choice; unused rows have confidence 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np

from vidpose.errors import EstimatorError
from vidpose.pose.blazepose.detector import overlap
from vidpose.pose.yolo.facts import N_COCO_KEYPOINTS, NetworkFacts
from vidpose.types.arrays import Float32Array, FloatArray, IntArray


@dataclass(frozen=True, slots=True)
class DetectionSettings:
    """Which detections are kept.

    Attributes
    ----------
    min_score
        Least confidence, [0, 1]; ultralytics' own default.
    max_overlap
        Intersection over union above which two candidates are one person; ultralytics' own default.
    max_candidates
        Number of candidates considered, the most confident ones. Ours: a hundred people in view have fewer.
    """

    min_score: float = 0.25
    max_overlap: float = 0.7
    max_candidates: int = 3000

    def __post_init__(self) -> None:
        for name in ("min_score", "max_overlap"):
            if not 0.0 <= getattr(self, name) <= 1.0:
                raise ValueError(f"{name}: expected 0 to 1, got {getattr(self, name)}")


@dataclass(frozen=True, slots=True, eq=False)
class Detections:
    """People detected in one frame, most confident first.

    Attributes
    ----------
    scores
        Confidence in [0, 1], shape (n,).
    boxes_px
        Left, top, right, bottom, shape (n, 4).
    keypoints_px
        x, y of the 17 COCO keypoints, shape (n, 17, 2); NaN where missing, or when the network gives none.
    confidences
        Of each keypoint, in [0, 1], shape (n, 17); NaN likewise.
    """

    scores: FloatArray
    boxes_px: FloatArray
    keypoints_px: FloatArray
    confidences: FloatArray

    def __len__(self) -> int:
        return len(self.scores)

    def chosen(self, numbers: IntArray | list[int]) -> Self:
        """Return some of the detections, in the given order."""
        return type(self)(*(values[numbers] for values in _arrays(self)))


def _arrays(found: Detections) -> tuple[FloatArray, ...]:
    return found.scores, found.boxes_px, found.keypoints_px, found.confidences


def decode(output: Float32Array, facts: NetworkFacts, settings: DetectionSettings) -> Detections:
    """Decode the people in a network's output.

    Parameters
    ----------
    output
        The network's output for one picture, shape as the module says, with or without a first axis of length 1.
    facts
        Description of the network.
    settings
        Which detections are kept.

    Raises
    ------
    EstimatorError
        When the shape does not agree with the description.
    """
    rows = output[0] if output.ndim == 3 and len(output) == 1 else output
    n_values = facts.keypoint_shape[0] * facts.keypoint_shape[1]
    n_columns = n_values + (6 if facts.chooses else 4 + facts.n_classes)
    rows = rows if facts.chooses else rows.T
    if rows.ndim != 2 or rows.shape[1] != n_columns:
        wanted = f"(n, {n_columns})" if facts.chooses else f"({n_columns}, n)"
        raise EstimatorError(
            f"YOLO network: expected an output of shape {wanted}, got {output.shape}; use a network for detection or "
            "pose that ultralytics 8.4 converted"
        )
    found = _choice(rows, facts, settings) if facts.chooses else _candidates(rows, facts, settings)
    return found if facts.chooses else found.chosen(_distinct(found.boxes_px, settings.max_overlap))


def _choice(rows: Float32Array, facts: NetworkFacts, settings: DetectionSettings) -> Detections:
    scores = np.where(rows[:, 5] == facts.person_class, rows[:, 4], 0.0)
    best = _best(scores, settings)
    return _detections(rows[best, :4], scores[best], rows[best, 6:], facts)


def _candidates(rows: Float32Array, facts: NetworkFacts, settings: DetectionSettings) -> Detections:
    classes = rows[:, 4 : 4 + facts.n_classes]
    scores = classes[:, facts.person_class]
    if facts.n_classes > 1:  # a candidate belongs to its most likely class
        scores = np.where(classes.argmax(axis=1) == facts.person_class, scores, 0.0)
    best = _best(scores, settings)
    centres, halves = rows[best, :2].astype(np.float64), rows[best, 2:4].astype(np.float64) / 2
    boxes = np.concatenate([centres - halves, centres + halves], axis=1)
    return _detections(boxes, scores[best], rows[best, 4 + facts.n_classes :], facts)


def _best(scores: Float32Array, settings: DetectionSettings) -> IntArray:
    """Return the rows of confident detections, best first; equal ones in the network's order."""
    confident = np.flatnonzero((scores >= settings.min_score) & (scores > 0.0))
    order = np.argsort(-scores[confident], kind="stable")
    best: IntArray = confident[order[: settings.max_candidates]]
    return best


def _detections(
    boxes: Float32Array | FloatArray, scores: Float32Array, values: Float32Array, facts: NetworkFacts
) -> Detections:
    n = len(scores)
    keypoints = np.full((n, N_COCO_KEYPOINTS, 3), np.nan)
    if facts.has_coco_keypoints:
        keypoints[:] = values.reshape(n, N_COCO_KEYPOINTS, 3)
        # Some versions of ultralytics write (0, 0) for a keypoint that was not seen.
        keypoints[(keypoints[..., :2] == 0.0).all(axis=-1)] = np.nan
    return Detections(
        scores=scores.astype(np.float64),
        boxes_px=boxes.astype(np.float64),
        keypoints_px=keypoints[..., :2],
        confidences=keypoints[..., 2],
    )


def _distinct(boxes_px: FloatArray, max_overlap: float) -> list[int]:
    """Return the boxes to keep, best first: those that overlap no better one too much (greedy NMS)."""
    kept: list[int] = []
    left = np.arange(len(boxes_px))
    while len(left):
        kept.append(int(left[0]))
        left = left[1:][overlap(boxes_px[left[0]], boxes_px[left[1:]]) <= max_overlap]
    return kept

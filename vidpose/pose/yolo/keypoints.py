"""COCO's 17 keypoints and the 33 landmarks that the rest of vidpose uses."""

from __future__ import annotations

from typing import Final

import numpy as np

from vidpose.pose.estimator import FramePose
from vidpose.types.arrays import FloatArray
from vidpose.types.findings import Finding
from vidpose.types.layouts import LAYOUTS
from vidpose.types.skeleton import LANDMARK_INDEX, LANDMARK_NAMES

COCO_KEYPOINTS: Final = LAYOUTS["coco17"].keypoints
"""Order of the keypoints in COCO (person_keypoints, ``categories[0].keypoints``) and in ultralytics' pose networks."""
COCO_INDEX: Final = {name: number for number, name in enumerate(COCO_KEYPOINTS)}
_LANDMARKS: Final = [LANDMARK_INDEX[name] for name in COCO_KEYPOINTS]


def limits() -> Finding:
    """Return the finding that lists the landmarks that COCO's keypoints do not cover."""
    missing = [name for name in LANDMARK_NAMES if name not in COCO_INDEX]
    return Finding(
        "landmarks_not_estimated",
        f"The estimator yolo gives {len(COCO_KEYPOINTS)} of {len(LANDMARK_NAMES)} landmarks in the picture: no feet, "
        "no fingers, no depth and no metres. Ankle angles, and all values that require these, are missing.",
        severity="info",
        details={"landmarks": missing},
    )


def frame_pose(keypoints_px: FloatArray, confidences: FloatArray) -> FramePose:
    """Return the landmarks of one person; NaN where COCO has none.

    Parameters
    ----------
    keypoints_px
        x, y in the upright picture, shape (17, 2); NaN where missing.
    confidences
        Of each keypoint, [0, 1], shape (17,); they become the visibility.
    """
    missing = FramePose.missing()
    image_px, visibility = missing.image_px.copy(), missing.visibility.copy()
    image_px[_LANDMARKS] = keypoints_px
    visibility[_LANDMARKS] = np.where(np.isfinite(keypoints_px).all(axis=1), confidences, np.nan)
    return FramePose(image_px, missing.z_rel, visibility, missing.presence, missing.world_m)

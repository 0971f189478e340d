"""How far people moved between two estimates: the criterion of the adaptive stride (:mod:`vidpose.pose.sampling`)."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from vidpose.pose.estimator import FramePose, PersonPose
from vidpose.types.arrays import FloatArray
from vidpose.types.skeleton import LANDMARK_INDEX, N_LANDMARKS

_GROUPS: Final[Mapping[str, tuple[float, tuple[str, ...]]]] = {
    "hands": (1.0, ("wrist", "thumb", "index", "pinky")),
    "feet": (1.0, ("ankle", "heel", "foot_index")),
    "elbows": (0.8, ("elbow",)),
    "knees": (0.8, ("knee",)),
    "shoulders": (0.6, ("shoulder",)),
    "hips": (0.6, ("hip",)),
}
"""Weight and landmarks of each part of the body, on either side. Limb ends weigh most (ours)."""


def movement(before: Sequence[PersonPose], after: Sequence[PersonPose]) -> float:
    """Return the movement of the person who moved most, torso lengths.

    Infinite when a person appeared or left, or when a pose lacks its torso, so that the next frames are estimated.
    """
    first, then = ({person.person: person.pose for person in people} for people in (before, after))
    if first.keys() != then.keys():
        return math.inf
    return max((_pose_movement(first[number], then[number]) for number in first), default=0.0)


def _group_table() -> tuple[FloatArray, FloatArray]:
    """Return which landmarks belong to each group (0 or 1), shape (groups, 33), and the groups' weights."""
    rows, weights = [], []
    for weight, names in _GROUPS.values():
        for side in ("left", "right"):
            row = np.zeros(N_LANDMARKS)
            row[[LANDMARK_INDEX[f"{side}_{name}"] for name in names]] = 1.0
            rows.append(row)
            weights.append(weight)
    row = np.zeros(N_LANDMARKS)
    row[[LANDMARK_INDEX[name] for name in ("nose", "left_ear", "right_ear")]] = 1.0
    return np.array([*rows, row]), np.array([*weights, 1.0])


_MEMBERS, _WEIGHTS = _group_table()


def _pose_movement(before: FramePose, after: FramePose) -> float:
    """Return the movement of the part of the body that moved most.

    A part's movement is the mean over its landmarks, because one landmark alone jitters; a landmark is weighted
    by its visibility, because hidden ones are guessed anew in every frame.
    """
    torso_px = float(np.fmax(_torso_px(before), _torso_px(after)))
    distance_px = np.hypot(*(after.image_px.astype(np.float64) - before.image_px).T)
    known = np.isfinite(distance_px)
    if not (torso_px > 0 and known.any()):
        return math.inf
    seen = np.nan_to_num(np.fmin(before.visibility, after.visibility), nan=1.0)
    summed_px = _MEMBERS @ np.where(known, seen * distance_px, 0.0)
    n_known = _MEMBERS @ known
    return float(np.max(_WEIGHTS * summed_px / np.maximum(n_known, 1.0))) / torso_px


def _torso_px(pose: FramePose) -> float:
    """Return the distance from mid-shoulders to mid-hip, pixels; NaN when one of the four is missing."""
    left, right = (
        pose.image_px[LANDMARK_INDEX[f"{side}_shoulder"]] - pose.image_px[LANDMARK_INDEX[f"{side}_hip"]]
        for side in ("left", "right")
    )
    return float(np.hypot(*((left + right) / 2.0)))

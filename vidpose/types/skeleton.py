"""The 33 MediaPipe landmarks: names, sides and the lines drawn between them.

"left" is always the person's left. Source: MediaPipe Pose documentation.
"""

from __future__ import annotations

from typing import Final, Literal

Side = Literal["left", "right", "centre"]

LANDMARK_NAMES: Final[tuple[str, ...]] = (
    "nose",
    "left_eye_inner",
    "left_eye",
    "left_eye_outer",
    "right_eye_inner",
    "right_eye",
    "right_eye_outer",
    "left_ear",
    "right_ear",
    "mouth_left",
    "mouth_right",
    "left_shoulder",
    "right_shoulder",
    "left_elbow",
    "right_elbow",
    "left_wrist",
    "right_wrist",
    "left_pinky",
    "right_pinky",
    "left_index",
    "right_index",
    "left_thumb",
    "right_thumb",
    "left_hip",
    "right_hip",
    "left_knee",
    "right_knee",
    "left_ankle",
    "right_ankle",
    "left_heel",
    "right_heel",
    "left_foot_index",
    "right_foot_index",
)
N_LANDMARKS: Final[int] = len(LANDMARK_NAMES)
LANDMARK_INDEX: Final[dict[str, int]] = {name: i for i, name in enumerate(LANDMARK_NAMES)}


def side_of(name: str) -> Side:
    """Return the side of the body that a landmark belongs to."""
    if "left" in name:
        return "left"
    if "right" in name:
        return "right"
    return "centre"


def mirrored(name: str) -> str:
    """Return the landmark of the other side (``nose`` stays ``nose``)."""
    swap = {"left": "right", "right": "left"}
    return "_".join(swap.get(part, part) for part in name.split("_"))


_ONE_SIDE: Final[tuple[tuple[str, str], ...]] = (
    ("shoulder", "elbow"),
    ("elbow", "wrist"),
    ("wrist", "pinky"),
    ("wrist", "index"),
    ("wrist", "thumb"),
    ("pinky", "index"),
    ("shoulder", "hip"),
    ("hip", "knee"),
    ("knee", "ankle"),
    ("ankle", "heel"),
    ("heel", "foot_index"),
    ("ankle", "foot_index"),
)
BONES: Final[tuple[tuple[int, int, Side], ...]] = (
    *(
        (LANDMARK_INDEX[f"{side}_{a}"], LANDMARK_INDEX[f"{side}_{b}"], side)
        for side in ("left", "right")
        for a, b in _ONE_SIDE
    ),
    (LANDMARK_INDEX["left_shoulder"], LANDMARK_INDEX["right_shoulder"], "centre"),
    (LANDMARK_INDEX["left_hip"], LANDMARK_INDEX["right_hip"], "centre"),
)
"""(first landmark, second landmark, side) of every drawn line."""

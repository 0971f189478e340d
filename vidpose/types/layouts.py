"""Keypoint layouts of other tools, and the landmarks that their keypoints are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from vidpose.types.skeleton import LANDMARK_INDEX, LANDMARK_NAMES


@dataclass(frozen=True, slots=True)
class KeypointLayout:
    """The order in which a tool gives its keypoints.

    Attributes
    ----------
    name
        How it is called here.
    keypoints
        The tool's own names, in its order.
    landmarks
        The landmark of :data:`~vidpose.types.skeleton.LANDMARK_NAMES` that each keypoint is; None where it is none of
        them, such as a neck.
    source
        Where the order is documented.
    """

    name: str
    keypoints: tuple[str, ...]
    landmarks: tuple[str | None, ...]
    source: str

    def __post_init__(self) -> None:
        given = [name for name in self.landmarks if name is not None]
        if len(self.keypoints) != len(self.landmarks) or len(given) != len(set(given)):
            raise ValueError(f"{self.name}: expected one keypoint per entry and no landmark twice")
        unknown = [name for name in given if name not in LANDMARK_INDEX]
        if unknown:
            raise ValueError(f"{self.name}: not among the 33 landmarks: {', '.join(unknown)}")

    @property
    def missing(self) -> tuple[str, ...]:
        """Landmarks that the layout lacks."""
        return tuple(name for name in LANDMARK_NAMES if name not in self.landmarks)


def _layout(name: str, source: str, keypoints: str, other_names: dict[str, str | None]) -> KeypointLayout:
    """Build a layout whose keypoints have the names of landmarks, but for those in ``other_names``."""
    names = tuple(keypoints.split())
    return KeypointLayout(name, names, tuple(other_names.get(one, one) for one in names), source)


_COCO_17: Final = (
    "nose left_eye right_eye left_ear right_ear left_shoulder right_shoulder left_elbow right_elbow left_wrist "
    "right_wrist left_hip right_hip left_knee right_knee left_ankle right_ankle"
)
_FEET: Final = "left_big_toe left_small_toe left_heel right_big_toe right_small_toe right_heel"
_TOES: Final[dict[str, str | None]] = {
    "left_big_toe": "left_foot_index",
    "right_big_toe": "right_foot_index",
    "left_small_toe": None,
    "right_small_toe": None,
}
_OPENPOSE: Final[dict[str, str | None]] = {
    "Nose": "nose",
    "Neck": None,
    "MidHip": None,
    **{
        f"{letter}{part}": f"{side}_{part.lower()}"
        for letter, side in (("L", "left"), ("R", "right"))
        for part in ("Shoulder", "Elbow", "Wrist", "Hip", "Knee", "Ankle", "Eye", "Ear", "Heel")
    },
    "LBigToe": "left_foot_index",
    "RBigToe": "right_foot_index",
    "LSmallToe": None,
    "RSmallToe": None,
}
_ARMS_AND_FACE: Final = "Nose Neck RShoulder RElbow RWrist LShoulder LElbow LWrist"

LAYOUTS: Final[dict[str, KeypointLayout]] = {
    one.name: one
    for one in (
        _layout("blazepose33", "MediaPipe Pose", " ".join(LANDMARK_NAMES), {}),
        _layout("coco17", "COCO person_keypoints, categories[0].keypoints", _COCO_17, {}),
        _layout(
            "openpose18",
            "OpenPose, output format COCO",
            f"{_ARMS_AND_FACE} RHip RKnee RAnkle LHip LKnee LAnkle REye LEye REar LEar",
            _OPENPOSE,
        ),
        _layout(
            "body25",
            "OpenPose, output format BODY_25",
            f"{_ARMS_AND_FACE} MidHip RHip RKnee RAnkle LHip LKnee LAnkle REye LEye REar LEar "
            "LBigToe LSmallToe LHeel RBigToe RSmallToe RHeel",
            _OPENPOSE,
        ),
        _layout(
            "halpe26",
            "Halpe full body, 26 keypoints (AlphaPose, RTMPose body with feet)",
            f"{_COCO_17} head neck hip left_big_toe right_big_toe left_small_toe right_small_toe left_heel right_heel",
            {"head": None, "neck": None, "hip": None, **_TOES},
        ),
        _layout("coco23", "COCO-WholeBody, the body and the feet of its 133 keypoints", f"{_COCO_17} {_FEET}", _TOES),
    )
}
"""Layouts by name. The big toe is the landmark ``foot_index``, as in :mod:`vidpose.biomech.conventions`."""


def landmark_by_keypoint_name() -> dict[str, str]:
    """Return the landmark by every name that a keypoint has in some layout; names are compared in lower case."""
    return {
        keypoint.lower(): landmark
        for layout in LAYOUTS.values()
        for keypoint, landmark in zip(layout.keypoints, layout.landmarks, strict=True)
        if landmark is not None
    }

"""Angle series of the joints that smoothness, consistency and symmetry are measured on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from vidpose.biomech.metrics.recording import Recording
from vidpose.types.arrays import BoolArray, FloatArray

BodySide = Literal["right", "left"]
_MIN_SHARE: Final = 0.5  # ours: an image angle that exists in fewer of the frames gives way to the 3-D one


@dataclass(frozen=True, slots=True)
class Joint:
    """One joint and the angles that describe it.

    Attributes
    ----------
    name, label
        In identifiers; for people.
    image_angle
        Angle in the image, without its side.
    included_angle
        Included angle between world landmarks, without its side.
    opens
        True where the included angle is 180 degrees in the straight joint, so that flexion is pi minus it.
    landmarks
        Landmarks behind it.
    frontal_plane
        True where a front view shows the movement in the image plane; otherwise it goes towards the camera.
    """

    name: str
    label: str
    image_angle: str
    included_angle: str
    opens: bool
    landmarks: tuple[str, ...]
    frontal_plane: bool = False


JOINTS: Final[tuple[Joint, ...]] = (
    Joint("ankle", "Ankle", "ankle_dorsiflexion", "ankle_included_3d", True, ("knee", "ankle", "foot_index")),
    Joint("knee", "Knee", "knee_flexion", "knee_included_3d", True, ("hip", "knee", "ankle")),
    Joint("hip", "Hip", "hip_flexion", "hip_included_3d", True, ("shoulder", "hip", "knee")),
    Joint(
        "shoulder", "Shoulder", "shoulder_flexion", "shoulder_included_3d", False, ("elbow", "shoulder", "hip"), True
    ),
    Joint("elbow", "Elbow", "elbow_flexion", "elbow_included_3d", True, ("shoulder", "elbow", "wrist")),
)
"""Joints with a left and a right side. The wrist is left out: the hand's landmarks are too noisy."""


@dataclass(frozen=True, slots=True)
class AngleTrace:
    """One joint angle over time; growing values are flexion (shoulder: away from the hanging arm).

    ``values_rad``, ``velocity_rad_s`` and ``precision_rad`` (standard deviation from landmark noise) have shape (T,);
    NaN is missing, everywhere when less than half of the angle's values are valid: then it is ``doubtful``.
    """

    values_rad: FloatArray
    velocity_rad_s: FloatArray
    precision_rad: FloatArray
    doubtful: bool = False


def joint_trace(recording: Recording, joint: Joint, side: BodySide, frames: BoolArray) -> AngleTrace:
    """Return the angle in the image where most of the frames have it, else the one between world landmarks.

    Parameters
    ----------
    recording
        The movement.
    joint, side
        Which joint.
    frames
        Frames that the choice is made for, shape (T,).
    """
    image = _trace(recording, f"{joint.image_angle}_{side[0]}", opens=False)
    share = float(np.isfinite(image.values_rad[frames]).mean()) if frames.any() else 0.0
    return image if share >= _MIN_SHARE else included_trace(recording, joint, side)


def image_trace(recording: Recording, joint: Joint, side: BodySide) -> AngleTrace:
    """Return the joint's angle in the image."""
    return _trace(recording, f"{joint.image_angle}_{side[0]}", opens=False)


def included_trace(recording: Recording, joint: Joint, side: BodySide) -> AngleTrace:
    """Return the joint's flexion from its included angle between world landmarks."""
    return _trace(recording, f"{joint.included_angle}_{side[0]}", opens=joint.opens)


def _trace(recording: Recording, angle_id: str, opens: bool) -> AngleTrace:
    column = recording.angles.ids.index(angle_id)
    values, velocity = recording.angles.values_rad[:, column], recording.angles.velocity_rad_s[:, column]
    doubtful = bool(np.isfinite(values).any()) and not recording.is_reliable(column)
    if doubtful:
        values, velocity = np.full_like(values, np.nan), np.full_like(velocity, np.nan)
    if opens:
        values, velocity = np.pi - values, -velocity
    return AngleTrace(values, velocity, recording.angle_precision_rad[:, column], doubtful)

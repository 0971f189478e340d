"""Proportions and forward kinematics of the mannequin: joint angles in, 33 landmarks in space out.

Body frame: x forward, y up, z to the person's right; the origin lies on the floor under the ankles.
Stage frame: x to the image's right, y up, z towards the camera. Heading 0 faces +x, heading 90° faces the camera.
Every array runs frame first; sides run (right, left).

Lengths are shares of stature from Drillis & Contini (1966) as tabulated by Winter, Biomechanics and Motor Control
of Human Movement, fig. 4.1. Joint centres lie inside the outline, so widths are narrowed; those factors and the
places of the face are ours.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Final

import numpy as np

from vidpose.types.arrays import FloatArray, frozen
from vidpose.types.skeleton import LANDMARK_INDEX, N_LANDMARKS

SIDES: Final = ("right", "left")
OUTWARD: Final = np.array([1.0, -1.0])
"""Sign of z on the right and on the left side."""

THIGH: Final = 0.530 - 0.285
SHANK: Final = 0.285 - 0.039
ANKLE_HEIGHT: Final = 0.039
TRUNK: Final = 0.818 - 0.530
UPPER_ARM: Final = 0.186
FOREARM: Final = 0.146
HAND: Final = 0.108
FOOT: Final = 0.152
HIP_HALF_WIDTH: Final = 0.191 / 2 * 0.66
SHOULDER_HALF_WIDTH: Final = 0.259 / 2 * 0.84
SOLE_HEIGHT: Final = 0.010
"""Height of the heel and foot_index landmarks above the floor."""
STANCE: Final = 0.018
"""How far each ankle stands outside its hip."""
TOE_OUT_RAD: Final = float(np.radians(8.0))
HEAD_ABOVE_SHOULDERS: Final = 0.112
"""From the middle of the shoulders to the middle between the ears."""

_FACE: Final[dict[str, tuple[float, float, float]]] = {
    "nose": (0.066, -0.012, 0.0),
    "eye_inner": (0.053, 0.008, 0.010),
    "eye": (0.051, 0.008, 0.018),
    "eye_outer": (0.047, 0.008, 0.026),
    "ear": (-0.003, 0.0, 0.044),
    "mouth": (0.053, -0.036, 0.013),
}
"""Forward, up and outward of the middle between the ears."""


@dataclass(frozen=True, slots=True)
class JointAngles:
    """What drives the mannequin.

    Attributes
    ----------
    hip
        Thigh against the trunk line, rad, 0 in line, flexion positive, shape (T, 2).
    knee
        Shank against the thigh, rad, 0 straight, flexion positive, shape (T, 2).
    ankle
        Sole against the shank, rad, 0 perpendicular, dorsiflexion positive, shape (T, 2).
    knee_valgus
        Turn of the knee about the line from hip to ankle, rad, inwards positive, shape (T, 2). It changes neither
        the foot nor the knee's flexion, and nothing while the leg is straight.
    shoulder
        Arm against the trunk line, rad, 0 hanging, pi overhead, shape (T, 2).
    shoulder_plane
        Where the arm rises: 0 sideways, pi/2 forward, rad, shape (T, 2).
    elbow
        Forearm against the upper arm, rad, 0 straight, flexion positive, shape (T, 2).
    trunk_lean
        Forward lean of the trunk from the vertical, rad, shape (T,).
    trunk_side_lean
        Lean of the trunk to the person's right, rad, shape (T,).
    pelvis_roll
        Right hip above left hip, rad, shape (T,).
    heading
        Where the body faces: 0 the image's right, pi/2 the camera, rad, shape (T,).
    hip_abduction
        Leg outwards of where it stands at rest, rad, shape (T, 2). The sole stays level.
    lift
        Height of the lower foot above the floor, shares of stature, shape (T,).
    pelvis
        How far the middle of the hips is ahead of the body's place, shares of stature, shape (T,); NaN where the
        ankle of the lower foot marks the place instead.
    """

    hip: FloatArray
    knee: FloatArray
    ankle: FloatArray
    knee_valgus: FloatArray
    shoulder: FloatArray
    shoulder_plane: FloatArray
    elbow: FloatArray
    trunk_lean: FloatArray
    trunk_side_lean: FloatArray
    pelvis_roll: FloatArray
    heading: FloatArray
    hip_abduction: FloatArray
    lift: FloatArray
    pelvis: FloatArray

    def __post_init__(self) -> None:
        n = len(self.heading)
        both = {"hip", "knee", "ankle", "knee_valgus", "shoulder", "shoulder_plane", "elbow", "hip_abduction"}
        for item in fields(self):
            shape = (n, 2) if item.name in both else (n,)
            object.__setattr__(self, item.name, frozen(getattr(self, item.name), np.float64, shape, item.name))


@dataclass(frozen=True, slots=True)
class Skeleton:
    """The mannequin in space.

    Attributes
    ----------
    landmarks_m
        The 33 MediaPipe landmarks in the stage frame, m, shape (T, 33, 3).
    trunk_axes, head_axes
        Rows forward, up and right of the trunk and of the head, shape (T, 3, 3).
    """

    landmarks_m: FloatArray
    trunk_axes: FloatArray
    head_axes: FloatArray


def straight(n_frames: int) -> JointAngles:
    """Return the zero pose: upright, arms hanging, facing the image's right."""
    one, two = np.zeros(n_frames), np.zeros((n_frames, 2))
    return JointAngles(two, two, two, two, two, two, two, one, one, one, one, two, one, np.full(n_frames, np.nan))


def joined(parts: list[JointAngles]) -> JointAngles:
    """Return the frames of ``parts`` one after the other."""
    return JointAngles(
        **{item.name: np.concatenate([getattr(part, item.name) for part in parts]) for item in fields(JointAngles)}
    )


def turned(angles: JointAngles, by_rad: float) -> JointAngles:
    """Return the same movement with the heading turned."""
    return replace(angles, heading=angles.heading + by_rad)


def forward_kinematics(angles: JointAngles, stature_m: float) -> Skeleton:
    """Place all landmarks; the lower foot is ``lift`` above the floor, its ankle at x = 0 unless ``pelvis`` says more.

    Parameters
    ----------
    angles
        Joint angles, T frames.
    stature_m
        Standing height.
    """
    n = len(angles.heading)
    trunk = _leaned_axes(angles.trunk_lean, angles.trunk_side_lean)
    # the head keeps looking ahead: it follows a third of the trunk's lean
    head = _leaned_axes(angles.trunk_lean / 3, angles.trunk_side_lean / 3)
    points: dict[str, FloatArray] = {}
    _place_arms(points, angles, trunk)
    _place_head(points, trunk, head)
    _place_legs(points, angles)
    body = np.empty((n, N_LANDMARKS, 3))
    for name, place in points.items():
        body[:, LANDMARK_INDEX[name]] = place
    body -= _standing_point(points, angles)[:, None, :]
    heading = angles.heading
    return Skeleton(
        landmarks_m=turned_about_vertical(body, heading) * stature_m,
        trunk_axes=turned_about_vertical(trunk, heading),
        head_axes=turned_about_vertical(head, heading),
    )


def turned_about_vertical(vectors: FloatArray, heading_rad: FloatArray) -> FloatArray:
    """Turn vectors, shape (T, k, 3), so that +x goes towards +z by ``heading_rad``, shape (T,)."""
    cos, sin = np.cos(heading_rad)[:, None], np.sin(heading_rad)[:, None]
    x, y, z = np.moveaxis(vectors, -1, 0)
    return np.stack([x * cos - z * sin, y, x * sin + z * cos], axis=-1)


def _leaned_axes(lean_rad: FloatArray, side_lean_rad: FloatArray) -> FloatArray:
    """Return rows forward, up, right after a forward lean and then a lean to the right, shape (T, 3, 3)."""
    cos, sin, none = np.cos(lean_rad), np.sin(lean_rad), np.zeros_like(lean_rad)
    forward = np.stack([cos, -sin, none], axis=-1)
    up = np.stack([sin, cos, none], axis=-1)
    right = np.stack([none, none, none + 1.0], axis=-1)
    axes = np.stack([forward, up, right], axis=1)
    cos, sin = np.cos(side_lean_rad)[:, None], np.sin(side_lean_rad)[:, None]
    x, y, z = np.moveaxis(axes, -1, 0)
    return np.stack([x, y * cos - z * sin, y * sin + z * cos], axis=-1)


def _place_arms(points: dict[str, FloatArray], angles: JointAngles, trunk: FloatArray) -> None:
    forward, up, right = trunk[:, 0], trunk[:, 1], trunk[:, 2]
    for k, side in enumerate(SIDES):
        outward = OUTWARD[k] * right
        raised, plane, bend = (a[:, k, None] for a in (angles.shoulder, angles.shoulder_plane, angles.elbow))
        aside = np.sin(plane) * forward + np.cos(plane) * outward
        arm = np.sin(raised) * aside - np.cos(raised) * up
        rising = np.cos(raised) * aside + np.sin(raised) * up
        # an arm raised forward bends upwards, an arm raised sideways bends to the front
        crease = np.sin(plane) * rising + np.cos(plane) * forward
        crease = _unit(crease - _along(crease, arm))
        fore = np.cos(bend) * arm + np.sin(bend) * crease
        thumbward = np.cos(bend) * crease - np.sin(bend) * arm
        shoulder = TRUNK * up + SHOULDER_HALF_WIDTH * outward
        elbow = shoulder + UPPER_ARM * arm
        wrist = elbow + FOREARM * fore
        points[f"{side}_shoulder"], points[f"{side}_elbow"], points[f"{side}_wrist"] = shoulder, elbow, wrist
        points[f"{side}_index"] = wrist + 0.80 * HAND * fore + 0.16 * HAND * thumbward
        points[f"{side}_pinky"] = wrist + 0.72 * HAND * fore - 0.20 * HAND * thumbward
        points[f"{side}_thumb"] = wrist + 0.45 * HAND * fore + 0.32 * HAND * thumbward


def _place_head(points: dict[str, FloatArray], trunk: FloatArray, head: FloatArray) -> None:
    neck = 0.35 * HEAD_ABOVE_SHOULDERS
    between_ears = (TRUNK + neck) * trunk[:, 1] + (HEAD_ABOVE_SHOULDERS - neck) * head[:, 1]
    for part, (ahead, above, aside) in _FACE.items():
        middle = between_ears + ahead * head[:, 0] + above * head[:, 1]
        if part == "nose":
            points["nose"] = middle
            continue
        for k, side in enumerate(SIDES):
            name = f"mouth_{side}" if part == "mouth" else f"{side}_{part}"
            points[name] = middle + OUTWARD[k] * aside * head[:, 2]


def _place_legs(points: dict[str, FloatArray], angles: JointAngles) -> None:
    roll = angles.pelvis_roll
    for k, side in enumerate(SIDES):
        thigh_rad = angles.hip[:, k] - angles.trunk_lean
        shank_rad = thigh_rad - angles.knee[:, k]
        knee = THIGH * _hanging(thigh_rad)
        ankle = knee + SHANK * _hanging(shank_rad)
        # the whole leg leans outwards so far that the ankle keeps its place beside the hip
        rest = np.arcsin(np.clip(STANCE / np.maximum(-ankle[:, 1], STANCE), 0.0, 1.0))
        splay = OUTWARD[k] * (rest + angles.hip_abduction[:, k])
        hip = OUTWARD[k] * HIP_HALF_WIDTH * np.stack([np.zeros_like(roll), np.sin(roll), np.cos(roll)], axis=-1)
        knee, ankle = _splayed(knee, splay), _splayed(ankle, splay)
        knee = _swivelled(knee, _unit(ankle), -OUTWARD[k] * angles.knee_valgus[:, k])
        points[f"{side}_hip"], points[f"{side}_knee"], points[f"{side}_ankle"] = hip, hip + knee, hip + ankle
        _place_foot(points, k, hip + ankle, angles.ankle[:, k] + shank_rad)


def _place_foot(points: dict[str, FloatArray], k: int, ankle: FloatArray, sole_rad: FloatArray) -> None:
    cos, sin = np.cos(sole_rad), np.sin(sole_rad)
    ahead, aside = np.cos(TOE_OUT_RAD), OUTWARD[k] * np.sin(TOE_OUT_RAD)
    toeward = np.stack([cos * ahead, sin, cos * aside], axis=-1)
    upward = np.stack([-sin * ahead, cos, -sin * aside], axis=-1)
    below = ankle - (ANKLE_HEIGHT - SOLE_HEIGHT) * upward
    points[f"{SIDES[k]}_heel"] = below - 0.24 * FOOT * toeward
    points[f"{SIDES[k]}_foot_index"] = below + 0.68 * FOOT * toeward


def _standing_point(points: dict[str, FloatArray], angles: JointAngles) -> FloatArray:
    """Return the point of the floor that marks the body's place, shape (T, 3)."""
    lowest = np.stack(
        [np.minimum(points[f"{side}_heel"][:, 1], points[f"{side}_foot_index"][:, 1]) for side in SIDES], axis=1
    )
    lower_is_right = lowest[:, 0] <= lowest[:, 1]
    x = np.where(lower_is_right, points["right_ankle"][:, 0], points["left_ankle"][:, 0])
    x = np.where(np.isnan(angles.pelvis), x, -angles.pelvis)
    return np.stack([x, lowest.min(axis=1) - SOLE_HEIGHT - angles.lift, np.zeros_like(x)], axis=-1)


def _hanging(forward_rad: FloatArray) -> FloatArray:
    """Return unit vectors that point down, swung forward by the angle, shape (T, 3)."""
    return np.stack([np.sin(forward_rad), -np.cos(forward_rad), np.zeros_like(forward_rad)], axis=-1)


def _splayed(vectors: FloatArray, angle_rad: FloatArray) -> FloatArray:
    """Turn sagittal vectors about the forward axis so that what hangs goes towards +z."""
    x, y, _ = np.moveaxis(vectors, -1, 0)
    return np.stack([x, y * np.cos(angle_rad), -y * np.sin(angle_rad)], axis=-1)


def _swivelled(vectors: FloatArray, axis: FloatArray, angle_rad: FloatArray) -> FloatArray:
    """Turn vectors about unit axes (Rodrigues' formula)."""
    cos, sin = np.cos(angle_rad)[:, None], np.sin(angle_rad)[:, None]
    turned_vectors: FloatArray = vectors * cos + np.cross(axis, vectors) * sin + _along(vectors, axis) * (1.0 - cos)
    return turned_vectors


def _along(vectors: FloatArray, unit: FloatArray) -> FloatArray:
    """Return the part of ``vectors`` along the unit vectors."""
    projected: FloatArray = np.sum(vectors * unit, axis=-1, keepdims=True) * unit
    return projected


def _unit(vectors: FloatArray) -> FloatArray:
    scaled: FloatArray = vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)
    return scaled

"""The truth that belongs to a clip, as plain JSON values.

Layout (schema ``vidpose.synthetic.truth/1``; every list over frames has ``clip.n_frames`` entries)::

    schema
    clip                     width_px, height_px, fps ("30/1"), n_frames, duration_s
    parameters               the scene that made the clip, one key per field of Scene (things only if any); phases carry
                             their class name
    time_s                   [T]
    persons                  [one per actor]
      number                 0, 1, ...
      view                   [T] "side", "front", "back", "oblique", or "turn" while the heading changes
      heading_deg            [T] 0 faces the image's right, 90 the camera, 180 the left, -90 away; of the camera's view
      landmarks_px           {name: [[x, ...], [y, ...]]} of the 33 landmarks; origin in the upper left corner, y down;
                             also where the landmark is hidden or outside the picture
      angles_driver_deg      {angle: [T]} what drove the joints (anatomical)
      angles_image_deg       {angle: [T]} the same from the projected landmarks, as a camera sees them
      repetitions            [{exercise, number, start_s, extreme_s, end_s, peak_driver_deg, peak_image_deg}]
      occluded               {name: [[start, stop), ...]} frames in which something else hides the landmark: an
                             occluder, a thing, the picture's edge or a nearer person. What the own body hides is
                             not listed.
      events                 [{name, side, time_s}] foot strikes, toe-offs, take-offs and landings; only if any

``extreme_s`` is the bottom of a squat, the top of an arm raise, the time with the arms overhead of a jumping jack and
with the leg stretched out of a kick; the peaks are those of the frame nearest to it.

Angles, degrees, ``_r`` and ``_l`` are the person's right and left (zeros and signs as in Sports2D):

==================== ======================= ========================== ================================
knee_flexion         hip, knee, ankle        0 straight                 flexion positive
hip_flexion          trunk line, thigh       0 in line                  thigh forward positive
ankle_dorsiflexion   knee-ankle, heel-toe    0 perpendicular            toes up positive
shoulder_flexion     trunk line, upper arm   0 hanging, 180 overhead    raised positive, (-90, 270]
elbow_flexion        upper arm, forearm      0 straight                 flexion positive
==================== ======================= ========================== ================================

The trunk line runs from the middle of the shoulders to the middle of the hips. ``angles_driver_deg`` holds the arm's
elevation as shoulder_flexion, whatever the plane it rises in. In the image, positive is what is forward for a person
who faces right; the picture is mirrored for one who faces left; seen from the front it is mirrored for the right side
and from behind for the left side, so that an arm raised outwards counts positive.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np

from synthetic.body import SIDES
from synthetic.moments import moments_of
from synthetic.motions import Performance, Repetition
from synthetic.occlusion import occluded_landmarks
from synthetic.scene import Actor, Scene, act, project
from vidpose.types.arrays import BoolArray, FloatArray
from vidpose.types.skeleton import LANDMARK_INDEX, LANDMARK_NAMES

SCHEMA: Final = "vidpose.synthetic.truth/1"
JOINTS: Final = ("knee_flexion", "hip_flexion", "shoulder_flexion", "elbow_flexion", "ankle_dorsiflexion")
ANGLE_IDS: Final = tuple(f"{joint}_{side[0]}" for joint in JOINTS for side in SIDES)
VIEW_TOLERANCE_DEG: Final = 20.0
"""How far the heading may be from a side or front view to be called one (ours)."""

Angles = dict[str, FloatArray]


@dataclass(frozen=True, slots=True)
class ActorTruth:
    """What is known of one actor: angles in degrees, pixels shape (T, 33, 2), heading degrees shape (T,)."""

    performance: Performance
    landmarks_px: FloatArray
    heading_deg: FloatArray
    driver_deg: Angles
    image_deg: Angles


def actor_truth(scene: Scene, actor: Actor) -> ActorTruth:
    """Return what an actor's joints and angles are before the scene's camera."""
    performance, skeleton = act(scene, actor)
    landmarks_px = project(scene, skeleton.landmarks_m)[0]
    heading = np.degrees(performance.angles.heading) + actor.facing_deg + scene.camera.yaw_deg
    heading_deg = (heading + 180.0) % 360.0 - 180.0
    return ActorTruth(
        performance,
        landmarks_px,
        heading_deg,
        driver_angles_deg(performance),
        image_angles_deg(landmarks_px, heading_deg),
    )


def truth_of(scene: Scene) -> dict[str, Any]:
    """Return the truth of a scene; the layout is this module's docstring."""
    hidden = occluded_landmarks(scene)
    return {
        "schema": SCHEMA,
        "clip": {
            "width_px": scene.width_px,
            "height_px": scene.height_px,
            "fps": f"{scene.fps.numerator}/{scene.fps.denominator}",
            "n_frames": scene.n_frames,
            "duration_s": _rounded(scene.n_frames / float(scene.fps), 6),
        },
        "parameters": _parameters(scene),
        "time_s": _rounded(scene.times_s, 6),
        "persons": [
            _person(k, scene.times_s, actor_truth(scene, actor), hidden[k]) | _events(actor, scene.times_s)
            for k, actor in enumerate(scene.actors)
        ],
    }


def driver_angles_deg(performance: Performance) -> Angles:
    """Return the angles that drove the joints, degrees."""
    angles = performance.angles
    columns = (angles.knee, angles.hip, angles.shoulder, angles.elbow, angles.ankle)
    return {
        f"{joint}_{side[0]}": np.degrees(column[:, k])
        for joint, column in zip(JOINTS, columns, strict=True)
        for k, side in enumerate(SIDES)
    }


def image_angles_deg(landmarks_px: FloatArray, heading_deg: FloatArray) -> Angles:
    """Return the angles of projected landmarks, degrees.

    Parameters
    ----------
    landmarks_px
        x right, y down, shape (T, 33, 2).
    heading_deg
        Heading in the camera's view, (-180, 180], shape (T,).
    """

    def at(name: str) -> FloatArray:
        return landmarks_px[:, LANDMARK_INDEX[name]]

    trunk = (at("left_hip") + at("right_hip") - at("left_shoulder") - at("right_shoulder")) / 2
    found: Angles = {}
    for side in SIDES:
        sign = _forward_sign(heading_deg, side)
        thigh = at(f"{side}_knee") - at(f"{side}_hip")
        shank = at(f"{side}_ankle") - at(f"{side}_knee")
        sole = at(f"{side}_foot_index") - at(f"{side}_heel")
        arm = at(f"{side}_elbow") - at(f"{side}_shoulder")
        fore = at(f"{side}_wrist") - at(f"{side}_elbow")
        shoulder = sign * _anticlockwise_deg(trunk, arm)
        found |= {
            f"knee_flexion_{side[0]}": sign * _anticlockwise_deg(shank, thigh),
            f"hip_flexion_{side[0]}": sign * _anticlockwise_deg(trunk, thigh),
            f"shoulder_flexion_{side[0]}": np.where(shoulder <= -90.0, shoulder + 360.0, shoulder),
            f"elbow_flexion_{side[0]}": sign * _anticlockwise_deg(arm, fore),
            f"ankle_dorsiflexion_{side[0]}": (sign * _anticlockwise_deg(shank, sole) + 90.0) % 360.0 - 180.0,
        }
    return {name: found[name] for name in ANGLE_IDS}


def views(heading_deg: FloatArray, turning: BoolArray) -> list[str]:
    """Name the view of every frame."""
    axes = {"side": (0.0, 180.0), "front": (90.0,), "back": (-90.0,)}
    named = np.full(len(heading_deg), "oblique", dtype="<U7")
    for name, centres in axes.items():
        for centre in centres:
            away = np.abs((heading_deg - centre + 180.0) % 360.0 - 180.0)
            named[away <= VIEW_TOLERANCE_DEG] = name
    named[turning] = "turn"
    return [str(name) for name in named]


def frame_spans(flags: BoolArray) -> list[list[int]]:
    """Return the stretches ``[start, stop)`` in which ``flags``, shape (T,), is True."""
    steps = np.diff(np.concatenate([[False], flags, [False]]).astype(np.int8))
    pairs = zip(np.flatnonzero(steps == 1), np.flatnonzero(steps == -1), strict=True)
    return [[int(start), int(stop)] for start, stop in pairs]


def _person(number: int, times_s: FloatArray, truth: ActorTruth, hidden: BoolArray) -> dict[str, Any]:
    return {
        "number": number,
        "view": views(truth.heading_deg, truth.performance.turning),
        "heading_deg": _rounded(truth.heading_deg, 2),
        "landmarks_px": {name: _rounded(truth.landmarks_px[:, k].T, 1) for k, name in enumerate(LANDMARK_NAMES)},
        "angles_driver_deg": {name: _rounded(values, 2) for name, values in truth.driver_deg.items()},
        "angles_image_deg": {name: _rounded(values, 2) for name, values in truth.image_deg.items()},
        "repetitions": [
            _repetition(r, times_s, truth)
            for r in truth.performance.repetitions
            if r.end_s <= times_s[-1] + 1e-9  # what the clip cuts off is no repetition
        ],
        "occluded": {
            name: frame_spans(hidden[:, k]) for k, name in enumerate(LANDMARK_NAMES) if bool(hidden[:, k].any())
        },
    }


def _events(actor: Actor, times_s: FloatArray) -> dict[str, Any]:
    events = [
        {"name": moment.name, "side": moment.side, "time_s": _rounded(moment.time_s, 6)}
        for moment in moments_of(actor.phases, float(times_s[-1]))
    ]
    return {"events": events} if events else {}


def _repetition(repetition: Repetition, times_s: FloatArray, truth: ActorTruth) -> dict[str, Any]:
    frame = int(np.argmin(np.abs(times_s - repetition.extreme_s)))
    return {
        "exercise": repetition.exercise,
        "number": repetition.number,
        "start_s": _rounded(repetition.start_s, 6),
        "extreme_s": _rounded(repetition.extreme_s, 6),
        "end_s": _rounded(repetition.end_s, 6),
        "peak_driver_deg": {name: _rounded(values[frame], 2) for name, values in truth.driver_deg.items()},
        "peak_image_deg": {name: _rounded(values[frame], 2) for name, values in truth.image_deg.items()},
    }


def _parameters(scene: Scene) -> dict[str, Any]:
    values = asdict(scene)
    values["fps"] = str(scene.fps)
    if not scene.things:
        del values["things"]
    for actor, plain in zip(scene.actors, values["actors"], strict=True):
        plain["phases"] = [{"kind": type(p).__name__, **asdict(p)} for p in actor.phases]  # type: ignore[call-overload]
    return values


def _forward_sign(heading_deg: FloatArray, side: str) -> FloatArray:
    """Return +1 where the angle counts anticlockwise in the image, -1 where it counts clockwise, shape (T,)."""
    frontal = 1.0 if side == "left" else -1.0
    faced = np.radians(heading_deg)
    across, towards = np.cos(faced), np.sin(faced)
    seen_frontally = np.abs(towards) > np.abs(across)
    return np.where(seen_frontally, frontal * np.sign(towards), np.where(across >= 0, 1.0, -1.0))


def _anticlockwise_deg(first: FloatArray, second: FloatArray) -> FloatArray:
    """Return the turn from ``first`` to ``second`` as seen in the image (y down), degrees in (-180, 180]."""
    cross = first[:, 1] * second[:, 0] - first[:, 0] * second[:, 1]
    turn_deg: FloatArray = np.degrees(np.arctan2(cross, np.sum(first * second, axis=-1)))
    return turn_deg


def _rounded(values: FloatArray | float, decimals: int) -> Any:
    """Return plain floats; rounding keeps the file small and the same on every processor."""
    return (np.round(values, decimals) + 0.0).tolist()  # + 0.0 turns -0.0 into 0.0

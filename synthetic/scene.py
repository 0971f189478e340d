"""Who stands where before which camera, and what hides them."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

import numpy as np

from synthetic.body import Skeleton, forward_kinematics, turned, turned_about_vertical
from synthetic.motions import Performance, Phase, perform
from synthetic.surface import Colour
from vidpose.errors import UsageError
from vidpose.types.arrays import FloatArray

REFERENCE_STATURE_M = 1.75


@dataclass(frozen=True, slots=True)
class Outfit:
    """Colours, red-green-blue, 0 to 255."""

    skin: Colour = (224, 172, 140)
    hair: Colour = (66, 44, 32)
    shirt: Colour = (226, 92, 62)
    shorts: Colour = (38, 50, 92)
    socks: Colour = (58, 66, 98)
    shoes: Colour = (240, 240, 236)


@dataclass(frozen=True, slots=True)
class Actor:
    """One person: what they do and where.

    ``x_m`` (to the image's right) and ``z_m`` (towards the camera) place the feet at the start, before the camera is
    turned; ``facing_deg`` is the first heading (0 the image's right, 90 the camera, 180 the left); ``travel_m_s``
    moves the feet along x whatever the phases do; who walks goes where they face.
    """

    phases: tuple[Phase, ...]
    stature_m: float = REFERENCE_STATURE_M
    x_m: float = 0.0
    z_m: float = 0.0
    facing_deg: float = 0.0
    travel_m_s: float = 0.0
    outfit: Outfit = Outfit()


@dataclass(frozen=True, slots=True)
class Camera:
    """A level camera; its yaw moves it round the stage's centre, towards the image's right for positive values.

    A person of 1.75 m on the stage's centre is ``stature_share`` of the picture's height tall and stands at
    ``floor_share`` of it (from the top): the lens is shifted, not tilted, so verticals stay vertical.
    """

    yaw_deg: float = 0.0
    distance_m: float = 6.0
    height_m: float = 1.05
    stature_share: float = 0.69
    floor_share: float = 0.93
    projection: Literal["perspective", "orthographic"] = "perspective"


@dataclass(frozen=True, slots=True)
class Occluder:
    """A pillar in front of everybody; edges are shares of the picture's width and height."""

    left: float = 0.44
    right: float = 0.49
    top: float = 0.0
    bottom: float = 1.0


@dataclass(frozen=True, slots=True)
class Plate:
    """A round plate that faces sideways, at rest or carried.

    Places are given as the camera sees the stage: x to the image's right, y up, z towards the camera.

    Attributes
    ----------
    x_m, y_m, z_m
        Its centre; of a carried plate, as seen from the wrist that carries it.
    radius_m
        0.225 m is that of a competition plate.
    carried_by
        Landmark of the first person that it moves with, such as ``right_wrist``; empty at rest. It stays on the floor.
    colour
        Red, green, blue.
    """

    x_m: float = 0.0
    y_m: float = 0.225
    z_m: float = 0.35
    radius_m: float = 0.225
    carried_by: str = ""
    colour: Colour = (40, 42, 46)


@dataclass(frozen=True, slots=True)
class Board:
    """A flat side of something: a box, the seat or a leg of a bench, a bar; edges in metres.

    Attributes
    ----------
    left_m, right_m, bottom_m, top_m
        Its edges.
    z_m
        How far it stands towards the camera.
    colour
        Red, green, blue.
    """

    left_m: float
    right_m: float
    bottom_m: float
    top_m: float
    z_m: float = 0.35
    colour: Colour = (52, 46, 44)


Thing = Plate | Board


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything that makes a clip."""

    actors: tuple[Actor, ...]
    camera: Camera = Camera()
    occluders: tuple[Occluder, ...] = ()
    things: tuple[Thing, ...] = ()
    width_px: int = 1280
    height_px: int = 720
    fps: Fraction = Fraction(30)
    duration_s: float | None = None

    def __post_init__(self) -> None:
        problems = [
            text
            for wrong, text in (
                (not self.actors, "a scene needs at least one actor"),
                (self.width_px % 2 or self.height_px % 2, "width and height must be even for yuv420p video"),
                (min(self.width_px, self.height_px) < 64, "width and height must be at least 64 pixels"),
                (self.fps <= 0, "the frame rate must be positive"),
                (self.n_frames < 1, "the clip must last at least one frame"),
            )
            if wrong
        ]
        if problems:
            raise UsageError("; ".join(problems))

    @property
    def n_frames(self) -> int:
        """Number of frames: of ``duration_s``, else until the last actor has finished."""
        seconds = self.duration_s
        if seconds is None:
            seconds = max((sum(phase.duration_s for phase in actor.phases) for actor in self.actors), default=0.0)
        return round(seconds * self.fps) if self.fps > 0 else 0

    @property
    def times_s(self) -> FloatArray:
        """Time of each frame, s, shape (T,)."""
        return np.arange(self.n_frames) / float(self.fps)


def act(scene: Scene, actor: Actor) -> tuple[Performance, Skeleton]:
    """Return what an actor does and where their joints are as seen by the scene's camera (stage frame, m)."""
    times_s = scene.times_s
    performance = perform(actor.phases, times_s)
    yaw = np.full(len(times_s), np.radians(scene.camera.yaw_deg))
    facing_rad = np.radians(actor.facing_deg)
    skeleton = forward_kinematics(turned(performance.angles, facing_rad), actor.stature_m)
    feet = np.stack([actor.x_m + actor.travel_m_s * times_s, 0 * times_s, actor.z_m + 0 * times_s], axis=-1)
    walked = np.insert(performance.place * actor.stature_m, 1, 0.0, axis=1)
    feet += turned_about_vertical(walked[:, None], np.full(len(times_s), facing_rad))[:, 0]
    return performance, Skeleton(
        landmarks_m=turned_about_vertical(skeleton.landmarks_m + feet[:, None], yaw),
        trunk_axes=turned_about_vertical(skeleton.trunk_axes, yaw),
        head_axes=turned_about_vertical(skeleton.head_axes, yaw),
    )


def focal_px(scene: Scene) -> float:
    """Return the focal length in pixels."""
    camera = scene.camera
    return camera.stature_share * scene.height_px * camera.distance_m / REFERENCE_STATURE_M


def project(scene: Scene, points_m: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Project stage points, shape (..., 3).

    Returns
    -------
    pixels
        x (right) and y (down), shape (..., 2).
    depth_m
        Distance along the optical axis, shape (...).
    """
    camera = scene.camera
    depth_m: FloatArray = camera.distance_m - points_m[..., 2]
    near = np.full_like(depth_m, camera.distance_m) if camera.projection == "orthographic" else depth_m
    scale = focal_px(scene) / near
    horizon_px = camera.floor_share * scene.height_px - focal_px(scene) * camera.height_m / camera.distance_m
    x = scene.width_px / 2 + scale * points_m[..., 0]
    y = horizon_px - scale * (points_m[..., 1] - camera.height_m)
    return np.stack([x, y], axis=-1), depth_m

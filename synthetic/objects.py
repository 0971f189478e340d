"""Drawing what stands or is carried before a person: plates of a barbell, boxes and benches, bars of a rack."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from synthetic.scene import Board, Scene, Thing, act, project
from synthetic.surface import Colour
from vidpose.types.arrays import BoolArray, ByteArray, FloatArray
from vidpose.types.skeleton import LANDMARK_INDEX

_CORNERS: Final = 48
_RINGS: Final = ((1.0, 1.0), (0.86, 0.72), (0.34, 1.15), (0.11, 2.6))
"""Rings of a plate from the outside: share of the radius, and how light."""


@dataclass(frozen=True, slots=True)
class Face:
    """One polygon of a thing in the image over time: its colour, and its corners in pixels, shape (T, k, 2)."""

    colour: Colour
    corners_px: FloatArray


def faces_of(scene: Scene) -> tuple[tuple[Face, ...], ...]:
    """Return the polygons of every thing of a scene, in the order of drawing; the first one is the outline."""
    return tuple(_faces(scene, thing) for thing in scene.things)


def draw_faces(picture: ByteArray, faces: tuple[tuple[Face, ...], ...], frame: int) -> None:
    """Draw all things over the people."""
    for thing in faces:
        for face in thing:
            corners = np.rint(face.corners_px[frame] * 16).astype(np.int32)
            cv2.fillPoly(picture, [corners], face.colour, cv2.LINE_AA, 4)


def behind_things(scene: Scene, pixels: FloatArray) -> BoolArray:
    """Return which points in the image, pixels, shape (T, n, 2), lie behind a thing, shape (T, n)."""
    behind = np.zeros(pixels.shape[:2], dtype=np.bool_)
    for outline, *_ in faces_of(scene):
        for frame, (corners, points) in enumerate(zip(outline.corners_px.astype(np.float32), pixels, strict=True)):
            inside = [cv2.pointPolygonTest(corners, (float(x), float(y)), False) >= 0 for x, y in points]
            behind[frame] |= np.array(inside)
    return behind


def bench(x_m: float = 0.0, z_m: float = 0.35, height_m: float = 0.44, length_m: float = 1.2) -> tuple[Board, ...]:
    """Return a flat bench that stands along the picture: a seat and two legs."""
    left, right = x_m - length_m / 2, x_m + length_m / 2
    legs = [Board(x, x + 0.07, 0.0, height_m - 0.1, z_m, (120, 122, 126)) for x in (left + 0.12, right - 0.19)]
    return Board(left, right, height_m - 0.1, height_m, z_m, (34, 34, 38)), *legs


def _faces(scene: Scene, thing: Thing) -> tuple[Face, ...]:
    n_frames = scene.n_frames
    if isinstance(thing, Board):
        x, y = (thing.left_m, thing.right_m), (thing.bottom_m, thing.top_m)
        corners_m = np.array([(x[i], y[j], thing.z_m) for i, j in ((0, 0), (1, 0), (1, 1), (0, 1))])
        return (Face(thing.colour, np.tile(project(scene, corners_m)[0], (n_frames, 1, 1))),)
    centre_m = np.tile([thing.x_m, thing.y_m, thing.z_m], (n_frames, 1))
    if thing.carried_by:
        centre_m += act(scene, scene.actors[0])[1].landmarks_m[:, LANDMARK_INDEX[thing.carried_by]]
        centre_m[:, 1] = np.maximum(centre_m[:, 1], thing.radius_m)
    turn, yaw = np.linspace(0.0, 2 * np.pi, _CORNERS, endpoint=False), np.radians(scene.camera.yaw_deg)
    ring_m = thing.radius_m * np.stack([np.cos(turn) * np.cos(yaw), np.sin(turn), np.cos(turn) * np.sin(yaw)], axis=1)
    return tuple(
        Face(_shaded(thing.colour, shade), project(scene, centre_m[:, None] + share * ring_m)[0])
        for share, shade in _RINGS
    )


def _shaded(colour: Colour, shade: float) -> Colour:
    red, green, blue = (min(round(part * shade), 255) for part in colour)
    return red, green, blue

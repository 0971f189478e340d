"""Drawing one frame: room, shadows, facets from far to near, occluders."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from synthetic.flesh import dressed
from synthetic.head import Figure
from synthetic.objects import Face, draw_faces, faces_of
from synthetic.room import occluder_panel, room
from synthetic.scene import Scene, act, project
from synthetic.surface import Facets, merged
from vidpose.types.arrays import ByteArray, FloatArray

OVERSAMPLING: Final = 2
"""The people are drawn this many times larger and reduced, against jagged edges."""
_SHIFT: Final = 4
_LIGHT: Final = np.array([-0.38, 0.74, 0.56])
_MARGIN_PX: Final = 6


@dataclass(frozen=True, slots=True)
class Stage:
    """A scene made ready for drawing: the room's picture, every actor's figure per frame, and the things."""

    scene: Scene
    backdrop: ByteArray
    figures: tuple[tuple[Figure, ...], ...]
    things: tuple[tuple[Face, ...], ...]


def set_up(scene: Scene) -> Stage:
    """Compute what all frames of a scene share."""
    figures = []
    for actor in scene.actors:
        skeleton = act(scene, actor)[1]
        figures.append(
            tuple(
                Figure(landmarks, trunk, head, actor.stature_m)
                for landmarks, trunk, head in zip(
                    skeleton.landmarks_m, skeleton.trunk_axes, skeleton.head_axes, strict=True
                )
            )
        )
    return Stage(scene, room(scene), tuple(figures), faces_of(scene))


def draw_frame(stage: Stage, frame: int) -> ByteArray:
    """Draw a frame, red-green-blue, shape (height, width, 3)."""
    scene = stage.scene
    facets = merged(
        [dressed(figures[frame], actor.outfit) for figures, actor in zip(stage.figures, scene.actors, strict=True)]
    )
    picture = stage.backdrop.copy()
    _cast_shadow(picture, scene, facets)
    _paint(picture, scene, facets)
    draw_faces(picture, stage.things, frame)
    for occluder in scene.occluders:
        panel, (left, top) = occluder_panel(scene, occluder)
        picture[top : top + panel.shape[0], left : left + panel.shape[1]] = panel
    return picture


def shaded(facets: Facets, towards_camera: FloatArray) -> FloatArray:
    """Return the facets' colours in light, shape (F, 3): soft key light, sky light from above, darker rims."""
    key = np.clip(0.35 + 0.65 * (facets.normals @ (_LIGHT / np.linalg.norm(_LIGHT))), 0.0, None)
    sky = 0.5 + 0.5 * facets.normals[:, 1]
    rim = np.clip(np.sum(facets.normals * towards_camera, axis=1), 0.0, 1.0) ** 0.5
    light = (0.34 + 0.60 * key + 0.14 * sky) * (0.72 + 0.28 * rim)
    colours: FloatArray = np.clip(facets.colours * light[:, None], 0, 255)
    return colours


def _paint(picture: ByteArray, scene: Scene, facets: Facets) -> None:
    """Draw facets that face the camera into ``picture``, the farthest first."""
    pixels, depth_m = project(scene, facets.corners_m)
    centre = facets.corners_m.mean(axis=1)
    towards = np.array([0.0, scene.camera.height_m, scene.camera.distance_m]) - centre
    towards /= np.linalg.norm(towards, axis=1, keepdims=True)
    seen = np.flatnonzero((np.sum(facets.normals * towards, axis=1) > -0.02) & (depth_m > 0.2).all(axis=1))
    if not len(seen):
        return
    height, width = picture.shape[:2]
    low = np.clip(np.floor(pixels[seen].min(axis=(0, 1))).astype(int) - _MARGIN_PX, 0, (width, height))
    high = np.clip(np.ceil(pixels[seen].max(axis=(0, 1))).astype(int) + _MARGIN_PX, 0, (width, height))
    if (high <= low).any():
        return
    window = picture[low[1] : high[1], low[0] : high[0]]
    canvas = np.repeat(np.repeat(window, OVERSAMPLING, axis=0), OVERSAMPLING, axis=1)
    order = seen[np.argsort(-(depth_m.mean(axis=1) - facets.lift_m)[seen], kind="stable")]
    # pixel centres lie at whole numbers for OpenCV and at halves here
    scaled = ((pixels[order] - low) * OVERSAMPLING - 0.5) * 2**_SHIFT
    colours = shaded(facets, towards)[order].tolist()
    for corners, colour in zip(np.rint(scaled).astype(np.int32), colours, strict=True):
        cv2.fillConvexPoly(canvas, corners, colour, cv2.LINE_8, _SHIFT)
    window[:] = cv2.resize(canvas, (window.shape[1], window.shape[0]), interpolation=cv2.INTER_AREA)


def _cast_shadow(picture: ByteArray, scene: Scene, facets: Facets) -> None:
    """Darken the floor where facets stand between it and the lamp."""
    corners = facets.corners_m
    # the lamp of the shadow hangs higher than that of the shading: a short shadow keeps away from the feet
    floor = corners - corners[..., 1:2] * (_LIGHT * [0.5, 1.0, 0.35] / _LIGHT[1])
    pixels = project(scene, floor)[0] / 2
    height, width = picture.shape[:2]
    mask = np.zeros((height // 2, width // 2), dtype=np.uint8)
    for quad in np.rint(pixels[::2] * 2**_SHIFT).astype(np.int32):
        cv2.fillConvexPoly(mask, quad, 255, cv2.LINE_8, _SHIFT)
    sigma = height / 160
    soft = cv2.resize(cv2.GaussianBlur(mask, (0, 0), sigma), (width, height), interpolation=cv2.INTER_LINEAR)
    rows = np.flatnonzero(soft.any(axis=1))
    if len(rows):
        part = slice(rows[0], rows[-1] + 1)
        shade = 1.0 - 0.42 / 255.0 * soft[part].astype(np.float32)
        picture[part] = (picture[part] * shade[..., None]).astype(np.uint8)

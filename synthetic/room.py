"""The room: a wall with a dado, a wooden floor, a mat, a few things along the wall; and the pillar in front.

The room turns with the camera: only the mat tells where the stage's centre is.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from synthetic.scene import Occluder, Scene, project
from vidpose.types.arrays import ByteArray, Float32Array, FloatArray

_WALL_Z_M: Final = -2.0
_HALF_WIDTH_M: Final = 12.0
_SEED: Final = 20


def room(scene: Scene) -> ByteArray:
    """Draw the empty room, red-green-blue, shape (height, width, 3)."""
    height, width = scene.height_px, scene.width_px
    picture = np.empty((height, width, 3), dtype=np.float32)
    edge = int(np.clip(_pixel(scene, 0.0, 0.0, _WALL_Z_M)[1], 0, height))
    _wall(picture, edge)
    flat = np.clip(picture, 0, 255).astype(np.uint8)
    _floor(flat, scene, edge)
    _along_the_wall(flat, scene)
    return _vignetted(flat)


def occluder_panel(scene: Scene, occluder: Occluder) -> tuple[ByteArray, tuple[int, int]]:
    """Return a pillar's picture and its upper left corner (x, y)."""
    left, right = (round(share * scene.width_px) for share in (occluder.left, occluder.right))
    top, bottom = (round(share * scene.height_px) for share in (occluder.top, occluder.bottom))
    left, top = max(left, 0), max(top, 0)
    right, bottom = max(min(right, scene.width_px), left), max(min(bottom, scene.height_px), top)
    across = np.linspace(0.0, 1.0, right - left, dtype=np.float32)
    light = 0.62 + 0.38 * np.sin(np.pi * (0.12 + 0.7 * across))
    row = np.array([150, 152, 150], dtype=np.float32) * light[:, None]
    panel = np.broadcast_to(row, (bottom - top, right - left, 3)).astype(np.uint8)
    return panel, (left, top)


def _wall(picture: Float32Array, edge: int) -> None:
    rows = np.linspace(0.0, 1.0, picture.shape[0], dtype=np.float32)[:, None, None]
    columns = np.linspace(0.0, 1.0, picture.shape[1], dtype=np.float32)[None, :, None]
    glow = np.exp(-(((columns - 0.36) / 0.42) ** 2) - ((rows - 0.22) / 0.55) ** 2)
    picture[:] = np.array([186, 194, 198]) + glow * np.array([34, 32, 26]) - rows * 10
    dado = round(edge * 0.66)
    picture[dado:] *= np.array([0.72, 0.80, 0.82])
    line = max(1, picture.shape[0] // 240)
    picture[dado - line : dado + line] = (226, 228, 226)


def _floor(flat: ByteArray, scene: Scene, edge: int) -> None:
    """Planks run towards the camera; skirting board at the wall."""
    random = np.random.default_rng(_SEED)
    front_m = min(scene.camera.distance_m - 1.0, 4.5)
    width_m = 0.22
    flat[edge:] = (172, 138, 104)
    for left in np.arange(-_HALF_WIDTH_M, _HALF_WIDTH_M, width_m):
        back_m = _WALL_Z_M
        while back_m < front_m:
            ahead_m = min(back_m + random.uniform(1.2, 2.6), front_m)
            tone = random.uniform(0.93, 1.05)
            colour = tuple(float(c * tone) for c in (172, 138, 104))
            corners = [(left, back_m), (left + width_m, back_m), (left + width_m, ahead_m), (left, ahead_m)]
            _polygon(flat, scene, [(x, 0.0, z) for x, z in corners], colour)
            _polygon(flat, scene, [(x, 0.0, z) for x, z in corners], (140, 110, 82), outline=True)
            back_m = ahead_m
    board = [(x, y, _WALL_Z_M) for x, y in ((-12.0, 0.0), (12.0, 0.0), (12.0, 0.09), (-12.0, 0.09))]
    _polygon(flat, scene, board, (222, 222, 218))
    mat = [(-0.95, 0.0, -0.55), (0.95, 0.0, -0.55), (0.95, 0.0, 0.62), (-0.95, 0.0, 0.62)]
    _polygon(flat, scene, mat, (84, 104, 116))
    _polygon(flat, scene, [(x * 0.97, y, z * 0.94) for x, y, z in mat], (96, 118, 130))


def _along_the_wall(flat: ByteArray, scene: Scene) -> None:
    """A window, a low shelf with dumbbells and a ball."""
    z = _WALL_Z_M
    _box(flat, scene, (-2.75, 1.15, -1.65, 2.25), (226, 230, 230))
    for x in (-2.70, -2.17):
        _box(flat, scene, (x, 1.20, x + 0.47, 2.20), (204, 224, 236))
    _box(flat, scene, (1.55, 0.36, 2.75, 0.42), (92, 80, 70))
    for x in (1.62, 2.62):
        _box(flat, scene, (x, 0.0, x + 0.06, 0.36), (80, 70, 62))
    for k, x in enumerate((1.78, 2.14, 2.50)):
        size = 0.075 + 0.012 * k
        for centre in (x - 0.10, x + 0.10):
            _box(flat, scene, (centre - 0.05, 0.42, centre + 0.05, 0.42 + 2 * size), (58, 62, 66))
        _box(flat, scene, (x - 0.06, 0.40 + size, x + 0.06, 0.44 + size), (150, 152, 154))
    ball = _pixel(scene, -2.15, 0.30, z + 0.35)
    unit = _pixel(scene, -1.15, 0.30, z + 0.35)[0] - ball[0]
    for k in range(14):
        share = k / 13
        centre = (ball + unit * 0.30 * np.array([-0.22, -0.26]) * share) * 16
        colour = tuple(float(c) for c in (1 - share) * np.array([92, 118, 92]) + share * np.array([150, 182, 146]))
        radius = round(float(unit * 0.30 * (1 - 0.82 * share)) * 16)
        cv2.circle(flat, (round(centre[0]), round(centre[1])), radius, colour, -1, cv2.LINE_AA, 4)


def _vignetted(flat: ByteArray) -> ByteArray:
    height, width = flat.shape[:2]
    y = np.linspace(-1.0, 1.0, height, dtype=np.float32)[:, None]
    x = np.linspace(-1.0, 1.0, width, dtype=np.float32)[None, :]
    shade = 1.0 - 0.10 * (x**2 + 0.6 * y**2)
    return np.asarray(np.clip(flat * shade[..., None], 0, 255).astype(np.uint8))


def _pixel(scene: Scene, x_m: float, y_m: float, z_m: float) -> FloatArray:
    return project(scene, np.array([x_m, y_m, z_m]))[0]


def _box(
    flat: ByteArray, scene: Scene, edges_m: tuple[float, float, float, float], colour: tuple[int, int, int]
) -> None:
    """Draw a rectangle (left, bottom, right, top) on the wall."""
    left, bottom, right, top = edges_m
    corners = [(left, bottom, _WALL_Z_M), (right, bottom, _WALL_Z_M), (right, top, _WALL_Z_M), (left, top, _WALL_Z_M)]
    _polygon(flat, scene, corners, tuple(float(c) for c in colour))


def _polygon(
    flat: ByteArray,
    scene: Scene,
    corners_m: list[tuple[float, float, float]],
    colour: tuple[float, ...],
    *,
    outline: bool = False,
) -> None:
    pixels = np.rint(project(scene, np.array(corners_m))[0] * 16).astype(np.int32)
    if outline:
        cv2.polylines(flat, [pixels], True, colour, 1, cv2.LINE_AA, 4)
    else:
        cv2.fillConvexPoly(flat, pixels, colour, cv2.LINE_AA, 4)

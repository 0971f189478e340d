"""Which landmarks something else hides: a pillar, a thing, the picture's edge or a nearer person."""

from __future__ import annotations

from typing import Final

import numpy as np

from synthetic.objects import behind_things
from synthetic.scene import Scene, act, focal_px, project
from vidpose.types.arrays import BoolArray, FloatArray
from vidpose.types.skeleton import LANDMARK_INDEX

_LIMBS: Final[tuple[tuple[str, str, float], ...]] = (
    *(
        (f"{side}_{first}", f"{side}_{second}", radius)
        for side in ("left", "right")
        for first, second, radius in (
            ("shoulder", "elbow", 0.025),
            ("elbow", "wrist", 0.019),
            ("wrist", "index", 0.016),
            ("hip", "knee", 0.040),
            ("knee", "ankle", 0.026),
            ("heel", "foot_index", 0.020),
            ("shoulder", "hip", 0.045),
            ("ear", "eye_outer", 0.045),
        )
    ),
    ("left_shoulder", "right_hip", 0.045),
    ("right_shoulder", "left_hip", 0.045),
    ("left_ear", "right_ear", 0.050),
)
"""What a nearer person covers: lines between landmarks with a radius, shares of stature."""


def occluded_landmarks(scene: Scene) -> list[BoolArray]:
    """Return for each actor where landmarks are hidden, shape (T, 33)."""
    seen = [project(scene, act(scene, actor)[1].landmarks_m) for actor in scene.actors]
    flags = [
        _outside(scene, pixels) | _behind_occluders(scene, pixels) | behind_things(scene, pixels) for pixels, _ in seen
    ]
    for far, (far_px, far_depth_m) in enumerate(seen):
        for near, (near_px, near_depth_m) in enumerate(seen):
            if near == far:
                continue
            nearer = near_depth_m.mean(axis=1) < far_depth_m.mean(axis=1)
            radius_px = focal_px(scene) * scene.actors[near].stature_m / near_depth_m.mean(axis=1)
            flags[far] |= nearer[:, None] & _covered(far_px, near_px, radius_px)
    return flags


def _outside(scene: Scene, pixels: FloatArray) -> BoolArray:
    beyond: BoolArray = np.any((pixels < 0) | (pixels >= [scene.width_px, scene.height_px]), axis=-1)
    return beyond


def _behind_occluders(scene: Scene, pixels: FloatArray) -> BoolArray:
    x, y = pixels[..., 0] / scene.width_px, pixels[..., 1] / scene.height_px
    behind = np.zeros(x.shape, dtype=bool)
    for o in scene.occluders:
        behind |= (x >= o.left) & (x < o.right) & (y >= o.top) & (y < o.bottom)
    return behind


def _covered(points: FloatArray, body: FloatArray, unit_px: FloatArray) -> BoolArray:
    """Tell which points, shape (T, 33, 2), lie within the limbs of ``body``; radii are in ``unit_px``, shape (T,)."""
    covered = np.zeros(points.shape[:2], dtype=bool)
    for first, second, radius in _LIMBS:
        start, end = body[:, None, LANDMARK_INDEX[first]], body[:, None, LANDMARK_INDEX[second]]
        along = end - start
        length_sq = np.maximum(np.sum(along**2, axis=-1), 1e-12)
        share = np.clip(np.sum((points - start) * along, axis=-1) / length_sq, 0.0, 1.0)
        distance = np.linalg.norm(points - start - share[..., None] * along, axis=-1)
        covered |= distance < radius * unit_px[:, None]
    return covered

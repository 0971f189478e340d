"""Refined world landmarks: they project onto the image landmarks, and their bones have a constant length.

The pose model estimates landmarks in the image and, from another branch of its network, in metres. The image landmarks
are more accurate: their horizontal and vertical coordinates are adopted, scaled to metres (weak perspective). The depth
of the world landmarks is weak; it is moved towards the depth that a bone of constant length must have, given its length
in the image. Constant bone lengths for BlazePose were proposed in arXiv 2512.06783; this closed form is ours, as theirs
filters frame by frame without later frames.

Apart from the lengths, everything is local in time, so nothing is carried across stretches.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np

from vidpose.biomech.long_series import per_frame
from vidpose.biomech.points import named_points
from vidpose.biomech.rolling import rolling_quantile
from vidpose.types.arrays import BoolArray, FloatArray
from vidpose.types.pose import FilteredTrack
from vidpose.types.skeleton import LANDMARK_INDEX

SIDES: Final = ("left", "right")

LIMBS: Final[tuple[tuple[str, str], ...]] = (
    ("hip", "knee"),
    ("knee", "ankle"),
    ("shoulder", "elbow"),
    ("elbow", "wrist"),
)
"""Bones of constant length, from the trunk outwards: joint that stays, joint that is moved."""

_ENDS: Final[dict[str, tuple[str, ...]]] = {
    "ankle": ("heel", "foot_index"),
    "wrist": ("pinky", "index", "thumb"),
}
"""Landmarks that move with the end of a limb; their bones are too short for depth to follow from their length."""

_CORE: Final[tuple[int, ...]] = tuple(
    LANDMARK_INDEX[f"{side}_{joint}"]
    for joint in ("shoulder", "elbow", "wrist", "hip", "knee", "ankle")
    for side in SIDES
)
_MIN_CORE: Final = 4  # ours: fewer landmarks give no reliable scale

Lengths = Sequence[tuple[float, float]]
"""Of the left and the right bone, by limb, metres; NaN when it is never visible."""


@dataclass(frozen=True, slots=True)
class RefineSettings:
    """Refinement of world landmarks. Ours, chosen on rendered people and real clips with known angles.

    Attributes
    ----------
    depth_share
        How far the depth of a bone is moved towards the depth that its constant length implies, 0 (not at all) to 1.
        0.5: the length itself is uncertain, and the error of the implied depth grows without bound as a bone approaches
        the image plane.
    depth_doubt_m
        Depth of a bone, m, below which the model is not trusted to know which end is nearer; the implied depth is
        scaled by tanh of the model's depth over this, so that a bone passes smoothly through the image plane.
    min_depth_share
        Share of its length below which a bone's implied depth is rounded off instead of falling to 0 with an infinite
        slope, which would turn pixel noise into jumps.
    max_asymmetry
        Both sides have one length unless they differ by more than this share of it. 0.25: the model's estimates of the
        two sides differ by up to 20 % in symmetric people.
    half_window_s
        The scale from pixels to metres is the median over this time on either side, s.
    """

    depth_share: float = 0.5
    depth_doubt_m: float = 0.1
    min_depth_share: float = 0.1
    max_asymmetry: float = 0.25
    half_window_s: float = 0.5

    def __post_init__(self) -> None:
        if not 0 <= self.depth_share <= 1:
            raise ValueError(f"depth_share: expected 0 to 1, got {self.depth_share}")
        if not self.depth_doubt_m > 0:
            raise ValueError(f"depth_doubt_m: expected above 0, got {self.depth_doubt_m}")
        for name in ("min_depth_share", "max_asymmetry", "half_window_s"):
            if not getattr(self, name) >= 0:
                raise ValueError(f"{name}: expected at least 0, got {getattr(self, name)}")


def refine_world(filtered: FilteredTrack, settings: RefineSettings | None = None) -> FloatArray:
    """Return world landmarks that project onto the image landmarks and whose limbs have a constant length.

    Parameters
    ----------
    filtered
        Landmarks in pixels and in metres.
    settings
        See :class:`RefineSettings`; the defaults when None.

    Returns
    -------
    FloatArray
        x (right), y (down), z (away from the camera) in metres of an average body, origin mid-hip as before, shape
        (T, 33, 3). NaN where ``filtered.world_m`` or ``filtered.image_px`` is. Frames in which the scale is unknown
        (no world landmarks, or hardly any) are returned as they are.
    """
    settings = settings or RefineSettings()
    world_m = filtered.world_m
    scale = pixels_per_metre(filtered, settings.half_window_s)
    if not np.isfinite(scale).any():
        return world_m
    lengths_m = [limb_lengths_m(world_m, *limb, settings.max_asymmetry) for limb in LIMBS]
    return per_frame(partial(_refined, lengths_m=lengths_m, settings=settings), filtered.image_px, world_m, scale)


def pixels_per_metre(filtered: FilteredTrack, half_window_s: float) -> FloatArray:
    """Return the scale between the image and the world landmarks around every frame, shape (T,).

    Per frame it is the least-squares factor between the two sets of shoulders, elbows, wrists, hips, knees and ankles,
    each about its own centre; over time the median. NaN where it is unknown: outside every stretch, without world
    landmarks.

    Parameters
    ----------
    filtered
        Landmarks.
    half_window_s
        The median is taken over this time on either side, s, never across stretches.
    """
    factor = per_frame(_pixels_per_metre, filtered.image_px, filtered.world_m)
    scale = rolling_quantile(factor[:, None], filtered.timestamps_s, filtered.stretch, half_window_s, 0.5)[:, 0]
    return np.where(filtered.stretch >= 0, scale, np.nan)


def _pixels_per_metre(image_px: FloatArray, world_m: FloatArray) -> FloatArray:
    """Return the scale of every single frame, shape (T,); NaN where it has none."""
    image_px, world_m = image_px[:, _CORE], world_m[:, _CORE, :2]
    shared = np.all(np.isfinite(image_px), axis=2) & np.all(np.isfinite(world_m), axis=2)
    image_px, world_m = _centred(image_px, shared), _centred(world_m, shared)
    power = np.sum(world_m * world_m, axis=(1, 2))
    usable = (shared.sum(axis=1) >= _MIN_CORE) & (power > 0)
    factor = np.sum(image_px * world_m, axis=(1, 2)) / np.where(usable, power, 1.0)
    return np.where(usable & (factor > 0), factor, np.nan)


def limb_lengths_m(world_m: FloatArray, first: str, last: str, max_asymmetry: float) -> tuple[float, float]:
    """Return the length of the left and of the right limb bone, metres; NaN when it is never visible.

    Parameters
    ----------
    world_m
        World landmarks, shape (T, 33, 3).
    first, last
        Joints without side.
    max_asymmetry
        Both sides share their mean unless they differ by more than this share of it.
    """
    lengths = []
    for side in SIDES:
        length_m = per_frame(partial(_distance, first=f"{side}_{first}", last=f"{side}_{last}"), world_m)
        length_m = length_m[np.isfinite(length_m)]
        lengths.append(float(np.median(length_m)) if len(length_m) else np.nan)
    left_m, right_m = lengths
    if not np.isfinite(left_m + right_m):
        only = right_m if np.isnan(left_m) else left_m
        return only, only
    mean_m = (left_m + right_m) / 2
    return (left_m, right_m) if abs(left_m - right_m) > max_asymmetry * mean_m else (mean_m, mean_m)


def _distance(positions: FloatArray, first: str, last: str) -> FloatArray:
    ends = named_points(positions, (first, last))
    return np.asarray(np.linalg.norm(ends[:, 1] - ends[:, 0], axis=1))


def _in_metres(image_px: FloatArray, world_m: FloatArray, scale: FloatArray) -> FloatArray:
    """Return the image landmarks in metres, the mid-hip (else the neck) unchanged, shape (T, 33, 2)."""
    image_m = image_px / scale[:, None, None]
    shift_m = named_points(world_m[:, :, :2], ("mid_hip", "neck")) - named_points(image_m, ("mid_hip", "neck"))
    anchor_m = np.where(np.isfinite(shift_m[:, 0]), shift_m[:, 0], shift_m[:, 1])
    placed_m = image_m + anchor_m[:, None]
    return np.where(np.all(np.isfinite(anchor_m), axis=1)[:, None, None], placed_m, world_m[:, :, :2])


def _refined(
    image_px: FloatArray, world_m: FloatArray, scale: FloatArray, lengths_m: Lengths, settings: RefineSettings
) -> FloatArray:
    """Return the refined landmarks of some frames; parameters as for :func:`refine_world`, lengths by limb and side."""
    result: FloatArray = np.array(world_m, dtype=np.float64)
    known = np.isfinite(scale)
    result[known, :, :2] = _in_metres(image_px[known], world_m[known], scale[known])
    result[known, :, 2] = _corrected_depth_m(result[known, :, :2], world_m[known, :, 2], lengths_m, settings)
    result[~np.isfinite(result).all(axis=2)] = np.nan
    return result


def _corrected_depth_m(
    across_m: FloatArray, seen_m: FloatArray, lengths_m: Lengths, settings: RefineSettings
) -> FloatArray:
    """Return the depth of every landmark, limbs corrected from the trunk outwards.

    Parameters
    ----------
    across_m
        x and y, metres, shape (n, 33, 2).
    seen_m
        Estimated by the model, metres, shape (n, 33).
    lengths_m
        Length of the left and the right bone of each of :data:`LIMBS`.
    settings
        See :class:`RefineSettings`.

    Returns
    -------
    FloatArray
        Metres, shape (n, 33). A bone whose beginning is missing stays where it was.
    """
    depth_m = np.array(seen_m)
    for (first, last), of_sides_m in zip(LIMBS, lengths_m, strict=True):
        for side, length_m in zip(SIDES, of_sides_m, strict=True):
            start, end = LANDMARK_INDEX[f"{side}_{first}"], LANDMARK_INDEX[f"{side}_{last}"]
            wide_m = np.linalg.norm(across_m[:, end] - across_m[:, start], axis=1)
            moved_m = depth_m[:, start] + _limb_depth_m(seen_m[:, end] - seen_m[:, start], wide_m, length_m, settings)
            depth_m[:, end] = np.where(np.isfinite(moved_m), moved_m, seen_m[:, end])
            for name in _ENDS.get(last, ()):
                tip = LANDMARK_INDEX[f"{side}_{name}"]
                step_m = depth_m[:, end] - seen_m[:, end]
                depth_m[:, tip] += np.where(np.isfinite(step_m), step_m, 0.0)
    return depth_m


def _limb_depth_m(seen_m: FloatArray, across_m: FloatArray, length_m: float, settings: RefineSettings) -> FloatArray:
    """Return how much farther away the end of a bone is than its beginning, metres, shape (T,).

    Parameters
    ----------
    seen_m
        Estimated by the model, shape (T,).
    across_m
        Length of the bone across the line of sight, shape (T,).
    length_m
        Its constant length.
    settings
        Weights.
    """
    square = length_m**2 - across_m**2
    rounding = (settings.min_depth_share * length_m) ** 2
    implied_m = np.sqrt((square + np.hypot(square, rounding)) / 2)
    towards = np.tanh(seen_m / settings.depth_doubt_m)
    result: FloatArray = seen_m + settings.depth_share * (towards * implied_m - seen_m)
    return result


def _centred(values: FloatArray, shared: BoolArray) -> FloatArray:
    """Return values about the centre of the shared landmarks, 0 elsewhere, shape (T, n, 2)."""
    kept = np.where(shared[:, :, None], values, 0.0)
    centre = kept.sum(axis=1) / np.maximum(shared.sum(axis=1), 1)[:, None]
    result: FloatArray = np.where(shared[:, :, None], kept - centre[:, None], 0.0)
    return result

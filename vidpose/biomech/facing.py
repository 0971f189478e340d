"""Which way the person faces: decided over time from all evidence, never from a single frame.

The view is described by two numbers that a turn of the camera about its axis leaves alone. ``side`` is 1 when the
camera sees the person's right side (an upright person faces right in the image) and -1 for the left side; ``front``
is 1 when the chest faces the camera and -1 when the back does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from vidpose.biomech.gaps import contiguous_runs
from vidpose.biomech.long_series import per_frame
from vidpose.biomech.points import named_points
from vidpose.biomech.rolling import rolling_quantile
from vidpose.types.arrays import ByteArray, FloatArray
from vidpose.types.motion import Facing
from vidpose.types.pose import FilteredTrack

_WORLD_WEIGHT = 1.0
_FOOT_WEIGHT = 1.0
_HEAD_WEIGHT = 0.5  # people look about
_FOOT_SHARE = 0.12  # the model's heel to toe in pure side views, body heights; measured, ours
_NOSE_SHARE = 0.045  # the model's ears to nose in pure side views, body heights; measured, ours
_SHOULDER_SHARE = 0.20  # distance of the model's shoulder landmarks in body heights, ours
_CLEAR_SIDE = 0.5  # says "side view" also without shoulders, ours
_SQUARE_FRONT = 0.8  # a trunk less than 37 degrees out of the front or back view, ours
_MAX_TWIST = 0.5  # feet and head of people who squat and walk obliquely are up to 0.4 from the trunk; ours
_SHOULDER_M, _HIP_M, _EAR_M, _NOSE_M = 0.33, 0.22, 0.14, 0.12  # of the model's body in front views; measured, ours
_FACE_WEIGHT = 1.5
_CLEAR_VOTE = 0.3  # of 5.5: less is the noise of a side view, ours
_MIN_EVIDENCE = 0.2  # a (side, front) vector shorter than this says nothing: the camera looks from above
_SIDEWAYS: Final = (Facing.RIGHT, Facing.LEFT)


@dataclass(frozen=True, slots=True)
class FacingSettings:
    """Decision about the view.

    Attributes
    ----------
    side_share
        The view counts as a side view from this sine of the body's turn out of the front view. Ours: real front views
        give at most 0.2, oblique ones 40 degrees off the front 0.4 to 0.7, and these are to count as side views.
    margin
        A change needs the sine to pass ``side_share`` by this much.
    half_window_s
        Evidence is the median over this time on either side, s; 0.5 covers the hips' swing of a stride.
    hold_s
        A change needs evidence for this long without a break, s.
    """

    side_share: float = 0.35
    margin: float = 0.1
    half_window_s: float = 0.5
    hold_s: float = 0.5

    def __post_init__(self) -> None:
        if not 0 < self.margin < self.side_share < 1 - self.margin:
            raise ValueError("facing: expected 0 < margin < side_share < 1 - margin")
        if min(self.half_window_s, self.hold_s) < 0:
            raise ValueError("facing: expected half_window_s and hold_s of at least 0")


def smooth_view(track: FilteredTrack, height_px: FloatArray, settings: FacingSettings) -> FloatArray:
    """Return the view around every frame, from the median of its evidence.

    Parameters
    ----------
    track
        Filtered landmarks.
    height_px
        Standing height around every frame, pixels, shape (T,).
    settings
        Length of the window.

    Returns
    -------
    FloatArray
        (side, front) of unit length, shape (T, 2); NaN without clear evidence and outside every stretch.
    """
    evidence = rolling_quantile(
        view_evidence(track, height_px), track.timestamps_s, track.stretch, settings.half_window_s, 0.5
    )
    length = np.hypot(evidence[:, 0], evidence[:, 1])
    clear = (length >= _MIN_EVIDENCE) & (track.stretch >= 0)  # False for NaN
    result: FloatArray = np.where(clear[:, None], evidence / np.where(clear, length, 1.0)[:, None], np.nan)
    return result


def find_facing(view: FloatArray, track: FilteredTrack, settings: FacingSettings) -> ByteArray:
    """Return :class:`Facing` per frame, shape (T,), constant but for well-founded changes.

    A frame without evidence keeps the direction of its stretch; a stretch without evidence, and frames outside every
    stretch, are UNKNOWN.

    Parameters
    ----------
    view
        (side, front) of :func:`smooth_view`, shape (T, 2).
    track
        Filtered landmarks, for times and stretches.
    settings
        Thresholds.
    """
    facing = np.full(len(view), Facing.UNKNOWN, dtype=np.uint8)
    for frames in contiguous_runs(track.stretch >= 0, track.stretch):
        facing[frames] = _decide(view[frames], track.timestamps_s[frames], settings)
    return facing


def view_evidence(track: FilteredTrack, height_px: FloatArray) -> FloatArray:
    """Return the evidence of every frame about the view, before any decision.

    World landmarks give the turn of the shoulder and hip lines about the trunk; the image gives the direction of the
    feet against the shanks, of the nose against the ears, and the width of the shoulders. Where world landmarks and
    the width of the shoulders agree that the trunk faces the camera or turns its back on it, feet and head that point
    elsewhere say nothing about it: a golfer at the end of a swing stands on turned feet. Whether the chest or the back
    is seen, the shoulders, the hips and the face decide together, so that exchanged legs do not turn a person round.

    Returns
    -------
    FloatArray
        (side, front), each about -1 to 1, shape (T, 2); NaN without evidence.
    """
    return per_frame(_evidence, track.image_px, track.world_m, height_px)


def _evidence(image_px: FloatArray, world_m: FloatArray, height_px: FloatArray) -> FloatArray:
    world = _world_view(world_m)
    width = shoulder_front(image_px, height_px)
    square = (np.minimum(np.abs(world[:, 1]), np.abs(width)) >= _SQUARE_FRONT) & (world[:, 1] * width > 0)
    feet, head = (
        np.where(square & (np.abs(part - world[:, 0]) > _MAX_TWIST), np.nan, part)
        for part in (_feet_side(image_px, height_px), _head_side(image_px, height_px))
    )
    side = _weighted_mean([world[:, 0], feet, head], [_WORLD_WEIGHT, _FOOT_WEIGHT, _HEAD_WEIGHT])
    front = _weighted_mean([world[:, 1], width], [_WORLD_WEIGHT, _WORLD_WEIGHT])
    front = _as_the_face(front, width, world_m)
    front = np.where(np.isnan(front) & (np.abs(side) >= _CLEAR_SIDE), 0.0, front)  # only the legs are in the picture
    return np.stack([side, np.where(np.isfinite(side), front, np.nan)], axis=1)


def _world_view(world_m: FloatArray) -> FloatArray:
    """Return (side, front) of the body's left-right axis about the trunk, unit length, shape (T, 2).

    x is right, y down, z away from the camera. When the right side is near, the axis from right to left points away:
    its z is ``side``. The chest's normal is axis x trunk; ``front`` is minus its z.
    """
    ends = named_points(world_m, ("left_shoulder", "right_shoulder", "left_hip", "right_hip", "neck", "mid_hip"))
    axis = ends[:, 0] - ends[:, 1] + ends[:, 2] - ends[:, 3]
    trunk = ends[:, 4] - ends[:, 5]
    normal = np.cross(axis, trunk)
    size = np.linalg.norm(normal, axis=1)
    scale = np.linalg.norm(trunk, axis=1)
    known = size > 0
    side = axis[:, 2] * scale / np.where(known, size, 1.0)
    front = -normal[:, 2] / np.where(known, size, 1.0)
    length = np.hypot(side, front)
    known &= length > 0
    pair = np.stack([side, front], axis=1) / np.where(known, length, 1.0)[:, None]
    return np.where(known[:, None], pair, np.nan)


def _feet_side(image_px: FloatArray, height_px: FloatArray) -> FloatArray:
    """Return how far the toes point to the side, mean of the feet; turned-out feet cancel in a front view."""
    values = []
    for side in ("left", "right"):
        knee, ankle, heel, toe = _columns(
            image_px, f"{side}_knee", f"{side}_ankle", f"{side}_heel", f"{side}_foot_index"
        )
        values.append(-_across(ankle - knee, toe - heel) / (_FOOT_SHARE * height_px))
    return np.clip(_weighted_mean(values, [1.0, 1.0]), -1.0, 1.0)


def _head_side(image_px: FloatArray, height_px: FloatArray) -> FloatArray:
    """Return how far the nose points to the side of the trunk, seen from the ears."""
    nose, ears, neck, hip = _columns(image_px, "nose", "head", "neck", "mid_hip")
    return np.clip(_across(neck - hip, nose - ears) / (_NOSE_SHARE * height_px), -1.0, 1.0)


def shoulder_front(image_px: FloatArray, height_px: FloatArray) -> FloatArray:
    """Return the width of the shoulders across the trunk, share of their full width, shape (T,).

    Positive when the left one is on the right, as in a front view.

    Parameters
    ----------
    image_px
        Landmarks, shape (T, 33, 2).
    height_px
        Standing height around every frame, pixels, shape (T,).
    """
    left, right, neck, hip = _columns(image_px, "left_shoulder", "right_shoulder", "neck", "mid_hip")
    return np.clip(_across(neck - hip, left - right) / (_SHOULDER_SHARE * height_px), -1.0, 1.0)


def _as_the_face(front: FloatArray, width: FloatArray, world_m: FloatArray) -> FloatArray:
    """Return ``front`` with the sign for which shoulders, hips and face speak together, shape (T,).

    Each says chest (positive) or back, the more clearly the larger: the width of the shoulders in the image, the order
    of shoulders, hips and ears across the trunk in space, and the depth of the nose before the ears. The hips count
    half, as they are narrow; ears and nose, which are exchanged with no limb, together outvote shoulders and hips.
    """
    left, right, neck, hip = _columns(world_m[:, :, :2], "left_shoulder", "right_shoulder", "neck", "mid_hip")
    left_hip, right_hip, left_ear, right_ear = _columns(
        world_m[:, :, :2], "left_hip", "right_hip", "left_ear", "right_ear"
    )
    trunk = neck - hip
    nose, ears = _columns(world_m, "nose", "head")
    votes = [
        width,
        np.clip(_across(trunk, left - right) / _SHOULDER_M, -1.0, 1.0),
        np.clip(_across(trunk, left_hip - right_hip) / _HIP_M, -1.0, 1.0) / 2.0,
        np.clip(_across(trunk, left_ear - right_ear) / _EAR_M, -1.0, 1.0) * _FACE_WEIGHT,
        np.clip((ears - nose)[:, 2] / _NOSE_M, -1.0, 1.0) * _FACE_WEIGHT,
    ]
    total = np.nansum(np.stack(votes), axis=0)
    contrary = (total * front < 0) & (np.abs(total) >= _CLEAR_VOTE)
    result: FloatArray = np.where(contrary, -front, front)
    return result


def _columns(positions: FloatArray, *names: str) -> list[FloatArray]:
    points = named_points(positions, names)
    return [points[:, column] for column in range(len(names))]


def _across(axis: FloatArray, vector: FloatArray) -> FloatArray:
    """Return the part of ``vector`` to the right of ``axis`` (y down), shape (T,); NaN for an axis of no length."""
    length = np.hypot(axis[:, 0], axis[:, 1])
    known = length > 0
    cross = axis[:, 0] * vector[:, 1] - axis[:, 1] * vector[:, 0]
    result: FloatArray = np.where(known, cross / np.where(known, length, 1.0), np.nan)
    return result


def _weighted_mean(values: list[FloatArray], weights: list[float]) -> FloatArray:
    table = np.stack(values)
    weight = np.where(np.isfinite(table), np.asarray(weights)[:, None], 0.0)
    total = weight.sum(axis=0)
    summed = np.where(np.isfinite(table), table, 0.0) * weight
    result: FloatArray = np.where(total > 0, summed.sum(axis=0) / np.where(total > 0, total, 1.0), np.nan)
    return result


def _decide(unit: FloatArray, timestamps_s: FloatArray, settings: FacingSettings) -> ByteArray:
    """Follow the evidence of one stretch with hysteresis; a change is dated to where its evidence begins.

    Who turns out of the side view was in doubt before: see :func:`_side_view_ends`.
    """
    facing = np.full(len(unit), Facing.UNKNOWN, dtype=np.uint8)
    state: Facing = _first_state(unit, timestamps_s, settings)
    if state is Facing.UNKNOWN:
        return facing
    since: int | None = None
    rival: Facing = state
    for frame, (side, front) in enumerate(unit.tolist()):
        facing[frame] = state
        if np.isnan(side):
            continue
        seen = _classify(side, front, state, settings)
        if seen is state:
            since = None
        elif since is None or seen is not rival:
            since, rival = frame, seen
        elif timestamps_s[frame] - timestamps_s[since] >= settings.hold_s:
            if state in _SIDEWAYS and seen not in _SIDEWAYS:
                since = _side_view_ends(unit, timestamps_s, facing, since, settings)
            state, facing[since : frame + 1] = seen, seen
            since = None
    return facing


def _side_view_ends(
    unit: FloatArray, timestamps_s: FloatArray, facing: ByteArray, since: int, settings: FacingSettings
) -> int:
    """Return the first frame of the turn that led to the front or back view at ``since``.

    Hysteresis keeps a side view longer than it would begin one. That is right for a person who stands obliquely, and
    wrong for one who is turning away: image angles there are those of another plane. So the side view ends where,
    going the other way, it would begin; at most ``hold_s`` earlier.
    """
    border = settings.side_share + settings.margin
    start = since
    while (
        start > 0
        and facing[start - 1] == facing[since]
        and timestamps_s[since] - timestamps_s[start - 1] <= settings.hold_s
        and abs(unit[start - 1, 0]) < border  # False for NaN
    ):
        start -= 1
    return start


def _first_state(unit: FloatArray, timestamps_s: FloatArray, settings: FacingSettings) -> Facing:
    known = np.flatnonzero(np.isfinite(unit[:, 0]))
    if len(known) == 0:
        return Facing.UNKNOWN
    early = known[timestamps_s[known] <= timestamps_s[known[0]] + settings.hold_s]
    side, front = np.median(unit[early], axis=0)
    return _classify(float(side), float(front), Facing.UNKNOWN, settings)


def _classify(side: float, front: float, state: Facing, settings: FacingSettings) -> Facing:
    """Name the view; the border between side and front views moves away from the present state."""
    border = settings.side_share
    if state in _SIDEWAYS:
        border -= settings.margin
    elif state in {Facing.FRONT, Facing.BACK}:
        border += settings.margin
    if abs(side) >= border * np.hypot(side, front):
        return Facing.RIGHT if side > 0 else Facing.LEFT
    return Facing.FRONT if front > 0 else Facing.BACK

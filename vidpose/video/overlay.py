"""Skeleton, joint angles and legend drawn on the frames of a video."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from vidpose.biomech.body_size import local_height_px, pose_height_px
from vidpose.types.arrays import BoolArray, ByteArray, FloatArray
from vidpose.types.motion import AngleStatus, Facing, MotionAnalysis
from vidpose.types.pose import Status
from vidpose.types.skeleton import BONES, LANDMARK_INDEX, LANDMARK_NAMES, Side, side_of
from vidpose.video.palette import OUTLINE, SIDE_COLOURS, Legend, LegendState, Sizes, lighter, quality_of
from vidpose.video.text import LabelPlacer, Stamp, Typeface, blend, outward_directions

_LIMBS: Final = {
    "knee_flexion": ("hip", "knee", "ankle"),
    "hip_flexion": ("shoulder", "hip", "knee"),
    "elbow_flexion": ("shoulder", "elbow", "wrist"),
    "shoulder_flexion": ("hip", "shoulder", "elbow"),
    "ankle_dorsiflexion": ("knee", "ankle", "foot_index"),
}
ANGLE_JOINTS: Final[dict[str, tuple[int, ...]]] = {
    f"{angle}_{side[0]}": tuple(LANDMARK_INDEX[f"{side}_{name}"] for name in names)
    for angle, names in _LIMBS.items()
    for side in ("right", "left")
}
"""Angles that can be shown, in order of importance: landmark above, joint, landmark below."""

_LARGE_DOTS = ("shoulder", "elbow", "wrist", "hip", "knee", "ankle")
_SMALL_DOTS = ("nose", "ear", "heel", "foot_index")
_DOTS = [
    (i, side_of(name), 1.0 if name.endswith(_LARGE_DOTS) else 0.65)
    for i, name in enumerate(LANDMARK_NAMES)
    if name.endswith(_LARGE_DOTS + _SMALL_DOTS)
]
_BONE_ENDS = np.array([(a, b) for a, b, _ in BONES])
_BONE_SIDES = np.array([side for _, _, side in BONES])
_BONE_OF_HAND = np.array([max(a, b) in range(17, 23) for a, b, _ in BONES])
_DRAWN = (Status.MEASURED, Status.IMPUTED)
_SHIFT = 4  # OpenCV's fixed point: 1/16 pixel
_LINE_SHARE = 0.016  # widest line, of the person's height (ours)
_MIN_LABEL_RATIO = 8  # a person lower than this many labels is shown without angles (ours)


@dataclass(frozen=True, slots=True)
class OverlaySettings:
    """What is drawn, and how large.

    Attributes
    ----------
    show_angles
        Whether joint angles are written at the joints.
    angle_ids
        Which of :data:`ANGLE_JOINTS`; earlier ones get the better places.
    show_legend
        Whether the panel with time, quality and colour key is drawn.
    line_scale, text_scale
        Factors on the line widths and font sizes that follow from the frame size.
    """

    show_angles: bool = True
    angle_ids: tuple[str, ...] = tuple(ANGLE_JOINTS)
    show_legend: bool = True
    line_scale: float = 1.0
    text_scale: float = 1.0

    def __post_init__(self) -> None:
        unknown = sorted(set(self.angle_ids) - set(ANGLE_JOINTS))
        if unknown:
            raise ValueError(f"angle_ids: {unknown} cannot be shown at a joint; choose from {sorted(ANGLE_JOINTS)}")
        if not (0 < self.line_scale <= 10 and 0 < self.text_scale <= 10):
            raise ValueError("line_scale, text_scale: expected more than 0 and at most 10")


@dataclass(frozen=True, slots=True)
class _Figure:
    """One person in all frames, with what is prepared once.

    ``height_px`` is the standing height, shape (T,), NaN when unknown; ``directions`` says where the label of each
    of ``angle_ids`` goes, shape (T, n, 2); ``oblique`` that its side views are mostly turned out of the image plane.
    """

    motion: MotionAnalysis
    height_px: FloatArray
    angle_ids: tuple[str, ...]
    directions: FloatArray
    oblique: bool


@dataclass(frozen=True, slots=True)
class _Pose:
    """One person in one frame: ``valid`` marks the landmarks that may be drawn, ``order`` runs from far to near."""

    figure: _Figure
    frame_number: int
    image_px: FloatArray
    valid: BoolArray
    status: ByteArray
    facing: Facing
    line_px: float
    order: tuple[Side, ...]


class Overlay:
    """Draws one video's people on its frames.

    Parameters
    ----------
    people
        Analyses whose arrays count the video's frames.
    timestamps_s
        Time of every frame, s, shape (n_frames,).
    frame_size
        Width and height of the upright frame, pixels.
    settings
        What is drawn.
    """

    def __init__(
        self,
        people: Sequence[MotionAnalysis],
        timestamps_s: FloatArray,
        frame_size: tuple[int, int],
        settings: OverlaySettings,
    ) -> None:
        self._settings = settings
        self._frame_size = frame_size
        self._timestamps_s = np.asarray(timestamps_s, dtype=np.float64)
        self._sizes = Sizes.of(frame_size, settings.line_scale, settings.text_scale)
        self._face = Typeface(self._sizes.label_px)
        self._figures = [_prepare(motion, settings.angle_ids) for motion in people]
        avoid_px = [motion.filtered.image_px[:: 1 + len(motion.facing) // 1000] for motion in people]
        legend = Legend(frame_size, self._sizes, self._timestamps_s, settings.show_angles, avoid_px)
        self._legend = legend if settings.show_legend else None

    def draw(self, frame_number: int, rgb: ByteArray) -> None:
        """Draw on an upright RGB frame, shape (height, width, 3), in place; without data only the legend."""
        width, height = self._frame_size
        if rgb.shape != (height, width, 3) or rgb.dtype != np.uint8:
            raise ValueError(f"rgb: expected uint8 {(height, width, 3)}, got {rgb.dtype} {rgb.shape}")
        canvas = np.ascontiguousarray(rgb)
        poses = [pose for figure in self._figures if (pose := self._pose(figure, frame_number)) is not None]
        for pose in poses:
            _draw_skeleton(canvas, pose)
        if self._settings.show_angles:
            self._draw_angles(canvas, poses)
        if self._legend is not None:
            self._legend.draw(canvas, self._state(frame_number, poses))
        if canvas is not rgb:
            rgb[...] = canvas

    def _pose(self, figure: _Figure, frame_number: int) -> _Pose | None:
        track = figure.motion.filtered
        if not 0 <= frame_number < len(track.timestamps_s):
            return None
        image_px, status = track.image_px[frame_number], track.status[frame_number]
        # Far outside, a landmark is a mistake and OpenCV's integers end; the comparison is False for NaN.
        valid = (np.abs(image_px) < 3 * max(self._frame_size)).all(axis=1) & np.isin(status, _DRAWN)
        facing = Facing(int(figure.motion.facing[frame_number]))
        line_px = float(np.fmin(self._sizes.line_px, _LINE_SHARE * figure.height_px[frame_number]))
        order: tuple[Side, ...] = ("centre", "right", "left") if facing == Facing.LEFT else ("centre", "left", "right")
        return _Pose(figure, frame_number, image_px, valid, status, facing, line_px, order)

    def _state(self, frame_number: int, poses: Sequence[_Pose]) -> LegendState:
        seen = [pose for pose in poses if pose.valid.any()]
        return LegendState(
            time_s=self._timestamps_s[frame_number] if 0 <= frame_number < len(self._timestamps_s) else np.nan,
            frame_number=frame_number,
            n_people=len(seen),
            facing=seen[0].facing if len(seen) == 1 else None,
            quality=quality_of([(pose.valid, pose.status) for pose in poses]),
            oblique=len(seen) == 1 and seen[0].figure.oblique,
        )

    def _draw_angles(self, rgb: ByteArray, poses: Sequence[_Pose]) -> None:
        placer = LabelPlacer(self._frame_size, self._legend.boxes if self._legend else [])
        for pose in poses:
            if pose.figure.height_px[pose.frame_number] < _MIN_LABEL_RATIO * self._face.size_px:
                continue
            labelled: dict[str, FloatArray] = {}
            for angle_id, number, stamp in self._labels(pose):
                at_px = pose.image_px[ANGLE_JOINTS[angle_id][1]]
                twin_px = labelled.get(angle_id[:-1])
                if twin_px is not None and np.hypot(*(at_px - twin_px)) < 2 * stamp.size_px[0]:
                    continue  # the nearer side has its number there
                way = pose.figure.directions[pose.frame_number, number]
                box = placer.place(at_px, way, stamp.size_px, gap_px=1.8 * pose.line_px + 1)
                if box is not None:
                    blend(rgb, stamp, round(box[0]), round(box[1]))
                    if pose.facing in (Facing.RIGHT, Facing.LEFT):
                        labelled[angle_id[:-1]] = at_px

    def _labels(self, pose: _Pose) -> Iterator[tuple[str, int, Stamp]]:
        """Yield the valid angles, the near side first: id, number and picture of the text."""
        angles, frame = pose.figure.motion.angles, pose.frame_number
        for side in pose.order[:0:-1]:
            for number, angle_id in enumerate(pose.figure.angle_ids):
                if not angle_id.endswith(side[0]) or not pose.valid[ANGLE_JOINTS[angle_id][1]]:
                    continue
                column = angles.ids.index(angle_id)
                value_rad, status = angles.values_rad[frame, column], angles.status[frame, column]
                if np.isfinite(value_rad) and status in (AngleStatus.MEASURED, AngleStatus.IMPUTED):
                    imputed = status == AngleStatus.IMPUTED
                    words = f"{'≈' if imputed else ''}{round(np.degrees(value_rad))}°".replace("-", "−")
                    yield angle_id, number, self._face.stamp(words, lighter(SIDE_COLOURS[side], 0.35), OUTLINE)


def _prepare(motion: MotionAnalysis, angle_ids: Sequence[str]) -> _Figure:
    track = motion.filtered
    known_ids = tuple(angle_id for angle_id in angle_ids if angle_id in motion.angles.ids)
    height_px = local_height_px(pose_height_px(track.image_px), track.timestamps_s, track.stretch)
    joints = np.array([ANGLE_JOINTS[angle_id] for angle_id in known_ids], dtype=np.int64).reshape(-1, 3)
    directions = outward_directions(track.image_px, joints, height_px, track.timestamps_s)
    return _Figure(motion, height_px, known_ids, directions, _is_mostly_oblique(motion))


def _is_mostly_oblique(motion: MotionAnalysis) -> bool:
    details = [finding.details for finding in motion.findings if finding.code == "view_oblique"]
    return any(detail["n_oblique"] > 0.5 * detail["n_side"] for detail in details)


def _draw_skeleton(rgb: ByteArray, pose: _Pose) -> None:
    """Draw bones and joints, the far side first; imputed bones are thin and light, imputed joints hollow."""
    spot = np.rint(np.where(pose.valid[:, None], pose.image_px, 0) * (1 << _SHIFT)).astype(np.int32)
    edge_px = max(2, 2 * round(0.3 * pose.line_px))
    whole = pose.valid[_BONE_ENDS].all(axis=1)
    imputed = pose.status == Status.IMPUTED
    thin = imputed[_BONE_ENDS].any(axis=1)
    for side in pose.order:
        colour = SIDE_COLOURS[side]
        mine = whole & (side == _BONE_SIDES)
        kinds = [
            (mine & ~thin & ~_BONE_OF_HAND, max(1, round(pose.line_px)), colour),
            (mine & ~thin & _BONE_OF_HAND, max(1, round(0.6 * pose.line_px)), colour),
            (mine & thin, max(1, round(0.5 * pose.line_px)), lighter(colour)),
        ]
        for chosen, width_px, _ in kinds:
            cv2.polylines(rgb, list(spot[_BONE_ENDS[chosen]]), False, OUTLINE, width_px + edge_px, cv2.LINE_AA, _SHIFT)
        for chosen, width_px, tint in kinds:
            cv2.polylines(rgb, list(spot[_BONE_ENDS[chosen]]), False, tint, width_px, cv2.LINE_AA, _SHIFT)
        for i, dot_side, scale in _DOTS:
            if dot_side != side or not pose.valid[i]:
                continue
            at, radius = spot[i].tolist(), round(max(1.5, 1.25 * scale * pose.line_px) * (1 << _SHIFT))
            rim = edge_px << (_SHIFT - 1)
            cv2.circle(rgb, at, radius + rim, OUTLINE, -1, cv2.LINE_AA, _SHIFT)
            if imputed[i]:
                ring_px = max(1, round(0.5 * pose.line_px))
                cv2.circle(rgb, at, radius, lighter(colour), ring_px, cv2.LINE_AA, _SHIFT)
            else:
                cv2.circle(rgb, at, radius, colour, -1, cv2.LINE_AA, _SHIFT)

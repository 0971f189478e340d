"""Drawing skeleton, joint angles and legend on the frames of a video."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from vidpose.biomech.body_size import local_height_px, pose_height_px
from vidpose.biomech.gaps import frame_period_s
from vidpose.types.arrays import ByteArray, FloatArray, IntArray
from vidpose.types.mapped_arrays import allocate, frame_blocks, to_readonly
from vidpose.types.motion import AngleStatus, Facing, MotionAnalysis
from vidpose.types.pose import Status
from vidpose.types.skeleton import LANDMARK_INDEX, Side
from vidpose.video.canvas import Canvas
from vidpose.video.labels import LabelPlacer, OutwardDirections
from vidpose.video.palette import ACCENTS, OUTLINE, SIDE_COLOURS, Legend, LegendState, Sizes, lighter, quality_of
from vidpose.video.skeleton_drawing import DrawnPerson, draw_skeleton, drawable
from vidpose.video.text import Stamp, Typeface
from vidpose.video.view_words import turned_views
from vidpose.video.yuv import Rgb

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

_LINE_SHARE: Final = 0.016  # widest line, as share of the person's height (ours)
_MIN_LABEL_RATIO: Final = 8  # a person less high than this many labels is shown without angles (ours)
_SAME_TIME_S: Final = 1e-6  # less than the tick of any common time base
_HEAD: Final = [LANDMARK_INDEX[name] for name in ("nose", "left_ear", "right_ear", "left_eye", "right_eye")]
_UP: Final = np.array([0.0, -1.0])
_TAG_SCALE: Final = 1.4  # font size of a person's number, relative to that of the angles (ours)
_TAG_GAP: Final = 5.0  # line widths from the highest landmark of the head to its number (ours)
_SHOWN: Final = (AngleStatus.MEASURED, AngleStatus.IMPUTED)
_LABEL_COLOURS: Final[dict[Side, Rgb]] = {side: lighter(colour, 0.35) for side, colour in SIDE_COLOURS.items()}


@dataclass(frozen=True, slots=True)
class OverlaySettings:
    """What is drawn, and at what size.

    Attributes
    ----------
    show_angles
        Whether joint angles are written at the joints.
    angle_ids
        Which of :data:`ANGLE_JOINTS`; earlier ones are placed first.
    show_legend
        Whether the panel with time, quality and colour key is drawn.
    blur_faces
        Whether the faces of all people are blurred.
    line_scale, text_scale
        Factors on the line widths and font sizes, which are derived from the frame size.
    """

    show_angles: bool = True
    angle_ids: tuple[str, ...] = tuple(ANGLE_JOINTS)
    show_legend: bool = True
    line_scale: float = 1.0
    text_scale: float = 1.0
    blur_faces: bool = False

    def __post_init__(self) -> None:
        unknown = sorted(set(self.angle_ids) - set(ANGLE_JOINTS))
        if unknown:
            raise ValueError(f"angle_ids: {unknown} cannot be shown at a joint; choose from {sorted(ANGLE_JOINTS)}")
        if not (0 < self.line_scale <= 10 and 0 < self.text_scale <= 10):
            raise ValueError("line_scale, text_scale: expected more than 0 and at most 10")


@dataclass(frozen=True, slots=True)
class _Figure:
    """One person in all frames, with what is prepared once.

    ``image_px`` are the landmarks in pixels of the drawn picture, shape (T, 33, 2), ``height_px`` is the standing
    height there, shape (T,), NaN when unknown. ``columns`` finds ``angle_ids`` among the analysis's angles.
    ``turned`` says where side views are oblique, see :func:`turned_views`. ``accent`` and ``tag`` distinguish
    several people.
    """

    motion: MotionAnalysis
    image_px: FloatArray
    height_px: FloatArray
    angle_ids: tuple[str, ...]
    columns: tuple[int, ...]
    directions: OutwardDirections
    turned: IntArray
    accent: Rgb | None = None
    tag: Stamp | None = None


@dataclass(frozen=True, slots=True)
class _Pose:
    """One person in one frame."""

    figure: _Figure
    frame_number: int
    person: DrawnPerson
    status: ByteArray
    facing: Facing


class Overlay:
    """Draws one video's people on its frames.

    Parameters
    ----------
    people
        Analyses over all frames of the video.
    timestamps_s
        Time of every frame, s, shape (n_frames,).
    frame_size
        Width and height of the upright frame, pixels.
    settings
        What is drawn.
    picture_size
        Width and height of the picture to draw on, when frames are scaled first.
    """

    def __init__(
        self,
        people: Sequence[MotionAnalysis],
        timestamps_s: FloatArray,
        frame_size: tuple[int, int],
        settings: OverlaySettings,
        picture_size: tuple[int, int] | None = None,
    ) -> None:
        self._settings = settings
        self._size = picture_size or frame_size
        self._timestamps_s = np.asarray(timestamps_s, dtype=np.float64)
        self._sizes = Sizes.of(self._size, settings.line_scale, settings.text_scale)
        self._face = Typeface(self._sizes.label_px)
        scale = np.asarray(self._size) / np.asarray(frame_size)
        self._figures = [_prepare(motion, settings.angle_ids, scale) for motion in people]
        if len(people) > 1:
            face = Typeface(round(_TAG_SCALE * self._sizes.label_px))
            self._figures = [_distinguished(figure, number, face) for number, figure in enumerate(self._figures)]
        avoid_px = [figure.image_px[:: 1 + len(figure.image_px) // 1000] for figure in self._figures]
        legend = Legend(self._size, self._sizes, self._timestamps_s, settings.show_angles, avoid_px)
        self._legend = legend if settings.show_legend else None

    def draw(self, time_s: float, canvas: Canvas) -> None:
        """Annotate the frame shown at ``time_s`` on the source's clock; without data, draw only the legend."""
        if canvas.size_px != self._size:
            raise ValueError(f"canvas: expected a picture of {self._size} pixels, got {canvas.size_px}")
        frame_number = self._number_at(time_s)
        poses: list[_Pose] = []
        if frame_number is not None:
            found = [self._pose(figure, frame_number) for figure in self._figures]
            poses = [pose for pose in found if pose is not None]
        for pose in poses:
            draw_skeleton(canvas, pose.person)
        self._write(canvas, poses)
        if self._legend is not None:
            self._legend.draw(canvas, _state(time_s, frame_number, poses))

    def _number_at(self, time_s: float) -> int | None:
        """Return the index of the frame with that time; None for a frame of a damaged video that has no index."""
        number = int(np.searchsorted(self._timestamps_s, time_s - _SAME_TIME_S))
        known = number < len(self._timestamps_s) and self._timestamps_s[number] <= time_s + _SAME_TIME_S
        return number if known else None

    def _pose(self, figure: _Figure, frame_number: int) -> _Pose | None:
        track = figure.motion.filtered
        if frame_number >= len(track.timestamps_s):
            return None
        image_px, status = figure.image_px[frame_number], track.status[frame_number]
        facing = Facing(int(figure.motion.facing[frame_number]))
        person = DrawnPerson(
            image_px=image_px,
            valid=drawable(image_px, status, 3 * max(self._size)),
            imputed=status == Status.IMPUTED,
            line_px=float(np.fmin(self._sizes.line_px, _LINE_SHARE * figure.height_px[frame_number])),
            order=("centre", "right", "left") if facing == Facing.LEFT else ("centre", "left", "right"),
            accent=figure.accent,
        )
        return _Pose(figure, frame_number, person, status, facing)

    def _write(self, canvas: Canvas, poses: Sequence[_Pose]) -> None:
        """Write the people's numbers, which are placed first, and the angles."""
        placer = LabelPlacer(self._size, self._legend.boxes if self._legend else [])
        for pose in poses:
            _write_tag(canvas, placer, pose)
        for pose in poses:
            high_enough = pose.figure.height_px[pose.frame_number] >= _MIN_LABEL_RATIO * self._face.size_px
            if self._settings.show_angles and high_enough:
                self._write_angles(canvas, placer, pose)

    def _write_angles(self, canvas: Canvas, placer: LabelPlacer, pose: _Pose) -> None:
        directions = pose.figure.directions.at(pose.frame_number)
        labelled: dict[str, tuple[float, float]] = {}
        for angle_id, number, stamp in self._labels(pose):
            at_px = pose.person.image_px[ANGLE_JOINTS[angle_id][1]]
            x, y = float(at_px[0]), float(at_px[1])
            twin = labelled.get(angle_id[:-1])
            if twin is not None and math.dist(twin, (x, y)) < 2 * stamp.size_px[0]:
                continue  # the nearer side has its label there
            box = placer.place(at_px, directions[number], stamp.size_px, gap_px=1.8 * pose.person.line_px + 1)
            if box is not None:
                canvas.draw_stamp(stamp, round(box[0]), round(box[1]))
                if pose.facing in (Facing.RIGHT, Facing.LEFT):
                    labelled[angle_id[:-1]] = (x, y)

    def _labels(self, pose: _Pose) -> Iterator[tuple[str, int, Stamp]]:
        """Yield the angles with a value, the near side first: id, index and rendered text.

        Interpolated values, and those that view and visibility support poorly, are marked as approximate.
        """
        angles, figure, frame = pose.figure.motion.angles, pose.figure, pose.frame_number
        values_deg, status = np.degrees(angles.values_rad[frame]).tolist(), angles.status[frame].tolist()
        valid = angles.valid[frame].tolist()
        for side in pose.person.order[:0:-1]:
            for number, (angle_id, column) in enumerate(zip(figure.angle_ids, figure.columns, strict=True)):
                if not angle_id.endswith(side[0]) or not pose.person.valid[ANGLE_JOINTS[angle_id][1]]:
                    continue
                if math.isfinite(values_deg[column]) and status[column] in _SHOWN:
                    rough = status[column] == AngleStatus.IMPUTED or not valid[column]
                    words = f"{'≈' if rough else ''}{round(values_deg[column])}°".replace("-", "−")
                    yield angle_id, number, self._face.stamp(words, _LABEL_COLOURS[side], OUTLINE)


def _prepare(motion: MotionAnalysis, angle_ids: Sequence[str], scale: FloatArray) -> _Figure:
    track = motion.filtered
    known_ids = tuple(angle_id for angle_id in angle_ids if angle_id in motion.angles.ids)
    # Whole numbers are centres of pixels; distances from the picture's corner, half a pixel more, are what scales.
    image_px = track.image_px if (scale == 1).all() else _scaled(track.image_px, scale)
    height_px = local_height_px(pose_height_px(image_px), track.timestamps_s, track.stretch)
    joints = np.array([ANGLE_JOINTS[angle_id] for angle_id in known_ids], dtype=np.int64).reshape(-1, 3)
    return _Figure(
        motion=motion,
        image_px=image_px,
        height_px=height_px,
        angle_ids=known_ids,
        columns=tuple(motion.angles.ids.index(angle_id) for angle_id in known_ids),
        directions=OutwardDirections(image_px, joints, height_px, frame_period_s(track.timestamps_s)),
        turned=turned_views(image_px, height_px),
    )


def _scaled(image_px: FloatArray, scale: FloatArray) -> FloatArray:
    scaled = allocate(image_px.shape)
    for rows in frame_blocks(len(image_px)):
        scaled[rows] = (image_px[rows] + 0.5) * scale - 0.5
    return to_readonly(scaled)


def _distinguished(figure: _Figure, number: int, face: Typeface) -> _Figure:
    accent = ACCENTS[number % len(ACCENTS)]
    return replace(figure, accent=accent, tag=face.stamp(f"{number}", accent, OUTLINE))


def _state(time_s: float, frame_number: int | None, poses: Sequence[_Pose]) -> LegendState:
    seen = [pose for pose in poses if pose.person.valid.any()]
    return LegendState(
        time_s=time_s,
        frame_number=frame_number,
        n_people=len(seen),
        facing=seen[0].facing if len(seen) == 1 else None,
        quality=quality_of([(pose.person.valid, pose.status) for pose in poses]),
        turned=int(seen[0].figure.turned[seen[0].frame_number]) if len(seen) == 1 else 0,
    )


def _write_tag(canvas: Canvas, placer: LabelPlacer, pose: _Pose) -> None:
    """Write a person's number above the head, or above the highest visible landmark."""
    tag, valid = pose.figure.tag, pose.person.valid
    if tag is None or not valid.any():
        return
    head = [landmark for landmark in _HEAD if valid[landmark]]
    points_px = pose.person.image_px[head or valid]
    at_px = np.array([points_px[:, 0].mean(), points_px[:, 1].min()])
    box = placer.place(at_px, _UP, tag.size_px, gap_px=_TAG_GAP * pose.person.line_px)
    if box is not None:
        canvas.draw_stamp(tag, round(box[0]), round(box[1]))

"""Angle conventions: points, zero pose, positive direction, range, plane and views of every angle.

Names, zeros and signs of the 12 joint and 14 body-segment angles are those of Sports2D, so that results can be
compared. A raw angle is atan2(first - second) - atan2(third - fourth) in image axes (y down), the value is
``wrap((raw + offset) * scale)``. The image is mirrored first when the person faces left; in a front view it is
mirrored for angles of the right side and in a back view for those of the left side, so that moving away from the
body is positive on both sides.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from vidpose.types.motion import Facing
from vidpose.types.skeleton import Side

Kind = Literal["joint_2d", "body_segment_2d", "included_3d"]

SIDE_VIEWS: Final = (Facing.RIGHT, Facing.LEFT)
IMAGE_VIEWS: Final = (Facing.RIGHT, Facing.LEFT, Facing.FRONT, Facing.BACK)
ANY_VIEW: Final = (Facing.UNKNOWN, *IMAGE_VIEWS)

_SPORTS2D: Final = "Sports2D (Pose2Sim/common.py, angle_dict)"
_SPORTS2D_OTHER_RANGE: Final = f"{_SPORTS2D}; range ours"
_OURS_3D: Final = "ours: three-point angle; not an ISB joint angle"


@dataclass(frozen=True, slots=True)
class AngleRow:
    """One angle.

    Attributes
    ----------
    id, label
        Name in tables; display name.
    kind
        ``joint_2d`` and ``body_segment_2d`` are measured in the image, ``included_3d`` between world landmarks.
    side
        Side of the body; determines mirroring in front and back views.
    points
        Landmarks or derived points: first - second is the measured line, third - fourth (if any) the reference.
        Three points are the ends and, in the middle, the vertex.
    lines
        Body segments along the lines; the angle is withheld when one is too short in the image.
    zero, positive
        Pose at zero; direction of positive values.
    lower_deg, period_deg
        Values lie in (lower, lower + period]; ``included_3d`` in [0, 180].
    plane
        Plane in which the angle is measured.
    views
        Views of the person in which the value is given.
    offset_deg, scale
        See the module's formula.
    possible_deg
        Possible range of the joint in a side view, with a margin; values outside are withheld. None: unlimited.
    standing_deg
        Value when the person stands upright, arms hanging, facing right.
    source
        Source of the definition.
    note
        Further remarks.
    """

    id: str
    label: str
    kind: Kind
    side: Side
    points: tuple[str, ...]
    lines: tuple[str, ...]
    zero: str
    positive: str
    lower_deg: float
    period_deg: float
    plane: str
    views: tuple[Facing, ...]
    offset_deg: float
    scale: int
    standing_deg: float
    source: str
    note: str = ""
    possible_deg: tuple[float, float] | None = None


_SAGITTAL: Final = "image plane = sagittal plane in a side view"
_BOTH_PLANES: Final = "image plane: sagittal in a side view, frontal in a front or back view"
_FRONTAL_SHOULDER: Final = "In a front or back view it is the elevation of the arm in the image plane."
_FRONTAL_ELBOW: Final = (
    "In a front or back view it is the angle in the image plane: positive when the forearm turns "
    "upwards and outwards from a hanging arm, negative with the hands on the hips."
)


POSSIBLE_DEG: Final = {
    "ankle_dorsiflexion": (-100.0, 60.0),
    "knee_flexion": (-30.0, 170.0),
    "hip_flexion": (-60.0, 160.0),
    "elbow_flexion": (-30.0, 180.0),
    "wrist_flexion": (-110.0, 110.0),
}
"""The joints' usual range of motion (American Academy of Orthopaedic Surgeons: ankle -50 to 20, knee 0 to 135, hip
-30 to 120, elbow 0 to 150, wrist -70 to 80) with a margin of 30 to 50 degrees for trained people and landmark errors
(ours). In a side view a value outside means that the joint moves in another plane, or that a landmark is wrong."""


def _joints(side: Side) -> Iterator[AngleRow]:
    end, word = side[0], side.capitalize()

    def at(*names: str) -> tuple[str, ...]:
        return tuple(name if name in {"mid_hip", "neck"} else f"{side}_{name}" for name in names)

    yield AngleRow(
        id=f"ankle_dorsiflexion_{end}",
        label=f"{word} ankle dorsiflexion",
        kind="joint_2d",
        side=side,
        points=at("knee", "ankle", "foot_index", "heel"),
        lines=("shank", "foot"),
        zero="sole perpendicular to the shank",
        positive="dorsiflexion (toes towards the shin)",
        lower_deg=-180,
        period_deg=360,
        plane=_SAGITTAL,
        views=SIDE_VIEWS,
        offset_deg=90,
        scale=1,
        standing_deg=0,
        source=_SPORTS2D,
        note="The big toe is MediaPipe's foot_index.",
        possible_deg=POSSIBLE_DEG["ankle_dorsiflexion"],
    )
    yield AngleRow(
        id=f"knee_flexion_{end}",
        label=f"{word} knee flexion",
        kind="joint_2d",
        side=side,
        points=at("ankle", "knee", "hip"),
        lines=("shank", "thigh"),
        zero="straight",
        positive="flexion",
        lower_deg=-90,
        period_deg=360,
        plane=_SAGITTAL,
        views=SIDE_VIEWS,
        offset_deg=-180,
        scale=1,
        standing_deg=0,
        source=_SPORTS2D_OTHER_RANGE,
        note="The limits of the range are far from a fully flexed knee (about 160, more when foreshortened).",
        possible_deg=POSSIBLE_DEG["knee_flexion"],
    )
    yield AngleRow(
        id=f"hip_flexion_{end}",
        label=f"{word} hip flexion",
        kind="joint_2d",
        side=side,
        points=at("knee", "hip", "mid_hip", "neck"),
        lines=("thigh", "trunk"),
        zero="thigh in line with the trunk",
        positive="flexion",
        lower_deg=-90,
        period_deg=360,
        plane=_SAGITTAL,
        views=SIDE_VIEWS,
        offset_deg=0,
        scale=-1,
        standing_deg=0,
        source=_SPORTS2D_OTHER_RANGE,
        note="The limits of the range are far from a fully flexed hip.",
        possible_deg=POSSIBLE_DEG["hip_flexion"],
    )
    yield AngleRow(
        id=f"shoulder_flexion_{end}",
        label=f"{word} shoulder flexion",
        kind="joint_2d",
        side=side,
        points=at("elbow", "shoulder", "mid_hip", "neck"),
        lines=("arm", "trunk"),
        zero="arm hanging along the trunk",
        positive="forward (front and back view: away from the body)",
        lower_deg=-90,
        period_deg=360,
        plane=_BOTH_PLANES,
        views=IMAGE_VIEWS,
        offset_deg=0,
        scale=-1,
        standing_deg=0,
        source=_SPORTS2D_OTHER_RANGE,
        note=f"The limits of the range are far from the arm overhead (180). {_FRONTAL_SHOULDER}",
    )
    yield AngleRow(
        id=f"elbow_flexion_{end}",
        label=f"{word} elbow flexion",
        kind="joint_2d",
        side=side,
        points=at("wrist", "elbow", "shoulder"),
        lines=("forearm", "arm"),
        zero="straight",
        positive="flexion",
        lower_deg=-120,
        period_deg=360,
        plane=_BOTH_PLANES,
        views=IMAGE_VIEWS,
        offset_deg=180,
        scale=-1,
        standing_deg=0,
        source=_SPORTS2D_OTHER_RANGE,
        note=f"The limits of the range are far from full flexion, and from -90 in a front view. {_FRONTAL_ELBOW}",
        possible_deg=POSSIBLE_DEG["elbow_flexion"],
    )
    yield AngleRow(
        id=f"wrist_flexion_{end}",
        label=f"{word} wrist flexion",
        kind="joint_2d",
        side=side,
        points=at("elbow", "wrist", "index"),
        lines=("forearm", "hand"),
        zero="straight",
        positive="flexion (hand turns forward from a hanging forearm)",
        lower_deg=-180,
        period_deg=360,
        plane=_SAGITTAL,
        views=SIDE_VIEWS,
        offset_deg=-180,
        scale=1,
        standing_deg=0,
        source=_SPORTS2D,
        note="The vertex is the wrist on both sides.",
        possible_deg=POSSIBLE_DEG["wrist_flexion"],
    )


_ANTICLOCKWISE: Final = "anticlockwise in the (mirrored) image"
_LIMB: Final = (
    # name, first point, second point, lower bound, views, value when standing, note
    ("foot", "foot_index", "heel", -180.0, SIDE_VIEWS, 0.0, "0 is a flat foot."),
    ("shank", "ankle", "knee", -225.0, IMAGE_VIEWS, -90.0, ""),
    ("thigh", "knee", "hip", -225.0, IMAGE_VIEWS, -90.0, "Horizontal in a squat: 0."),
    ("arm", "elbow", "shoulder", -180.0, IMAGE_VIEWS, -90.0, ""),
    ("forearm", "wrist", "elbow", -180.0, IMAGE_VIEWS, -90.0, ""),
)
_LEG_RANGE: Final = "The range includes push-ups (-180) and leg raises in supine position (90)."
_AXIS: Final = (
    # name, first point, second point, lower bound, period, value when standing, note
    ("pelvis", "left_hip", "right_hip", -90.0, 180.0, 0.0, "A line without direction."),
    ("trunk", "neck", "mid_hip", -90.0, 360.0, 90.0, ""),
    ("shoulders", "left_shoulder", "right_shoulder", -90.0, 180.0, 0.0, "A line without direction."),
    ("head", "head", "neck", -90.0, 360.0, 90.0, "Head is the mean of the ears; Sports2D uses another point."),
)


def _body_segment(
    name: str, ends: tuple[str, str], side: Side, bounds_deg: tuple[float, float, float], views: tuple[Facing, ...]
) -> AngleRow:
    lower_deg, period_deg, standing_deg = bounds_deg
    notes = {row[0]: row[-1] for row in (*_LIMB, *_AXIS)}
    leg = name in {"shank", "thigh"}
    other_range = lower_deg != -180 and period_deg == 360
    return AngleRow(
        id=name if side == "centre" else f"{name}_{side[0]}",
        label=name.capitalize() if side == "centre" else f"{side.capitalize()} {name}",
        kind="body_segment_2d",
        side=side,
        points=ends,
        lines=(name,),
        zero="along the image's horizontal",
        positive=_ANTICLOCKWISE,
        lower_deg=lower_deg,
        period_deg=period_deg,
        plane=_SAGITTAL if views == SIDE_VIEWS else _BOTH_PLANES,
        views=views,
        offset_deg=0,
        scale=-1,
        standing_deg=standing_deg,
        source=_SPORTS2D_OTHER_RANGE if other_range else _SPORTS2D,
        note=" ".join(part for part in (notes[name], _LEG_RANGE if leg else "") if part),
    )


def _body_segments() -> Iterator[AngleRow]:
    sides: tuple[Side, ...] = ("right", "left")
    for name, first, second, lower, views, standing, _ in _LIMB:
        for side in sides:
            yield _body_segment(name, (f"{side}_{first}", f"{side}_{second}"), side, (lower, 360.0, standing), views)
    for name, first, second, lower, period, standing, _ in _AXIS:
        yield _body_segment(name, (first, second), "centre", (lower, period, standing), IMAGE_VIEWS)


_INCLUDED: Final = (
    # joint, end, vertex, end, value when standing
    ("ankle", "knee", "ankle", "foot_index", 105.0),
    ("knee", "hip", "knee", "ankle", 180.0),
    ("hip", "shoulder", "hip", "knee", 180.0),
    ("shoulder", "elbow", "shoulder", "hip", 0.0),
    ("elbow", "shoulder", "elbow", "wrist", 180.0),
)


def _included(side: Side) -> Iterator[AngleRow]:
    for joint, first, vertex, last, standing in _INCLUDED:
        yield AngleRow(
            id=f"{joint}_included_3d_{side[0]}",
            label=f"{side.capitalize()} {joint}, included angle in 3-D",
            kind="included_3d",
            side=side,
            points=(f"{side}_{first}", f"{side}_{vertex}", f"{side}_{last}"),
            lines=(),
            zero="both lines point in the same direction",
            positive="opening; unsigned",
            lower_deg=0,
            period_deg=180,
            plane="plane of the three points",
            views=ANY_VIEW,
            offset_deg=0,
            scale=1,
            standing_deg=standing,
            source=_OURS_3D,
            note="World landmarks are those of an average body, and their depth is weak: compare with care. "
            "The standing value depends slightly on body proportions.",
        )


ANGLES: Final[tuple[AngleRow, ...]] = (
    *(row for pair in zip(_joints("right"), _joints("left"), strict=True) for row in pair),
    *_body_segments(),
    *(row for pair in zip(_included("right"), _included("left"), strict=True) for row in pair),
)
"""12 joint angles, 14 body-segment angles, 10 included angles, in the order of all tables."""

ANGLE_IDS: Final[tuple[str, ...]] = tuple(row.id for row in ANGLES)
ANGLE_BY_ID: Final[dict[str, AngleRow]] = {row.id: row for row in ANGLES}

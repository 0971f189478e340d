"""The columns of all tables as data; the writers and ``docs/tables.md`` are made from them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from vidpose.biomech.conventions import ANGLES
from vidpose.results.video_result import ANGLE_STATUS_WORDS, BEST_SOURCE_WORDS, FACING_WORDS, STATUS_WORDS
from vidpose.types.skeleton import LANDMARK_NAMES

TABLES_VERSION: Final = "1.3.0"

ColumnType = Literal["words", "whole", "time", "number", "flag"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes
    ----------
    name
        Name with its unit.
    type
        ``words``: text, dictionary coded in Parquet; ``whole``: 32-bit integer; ``time``: 64-bit float, seconds;
        ``number``: 32-bit float; ``flag``: true or false.
    meaning
        What it says, and when it is missing.
    decimals
        Digits after the point of a number or time.
    """

    name: str
    type: ColumnType
    meaning: str
    decimals: int = 0


def _words(words: tuple[str, ...]) -> str:
    return ", ".join(f"`{word}`" for word in words)


_WHERE: Final = (
    Column("video_id", "words", "Path of the video relative to the input folder."),
    Column("person", "whole", "Number of the person, the `id` of the pose model."),
    Column("frame", "whole", "Number of the decoded frame, from 0."),
    Column("time_s", "time", "Time at which a player shows the frame.", 6),
)
_FACING: Final = Column(
    "facing", "words", f"Direction in which the person faces, as seen in the image: {_words(FACING_WORDS)}."
)
_ESTIMATED: Final = Column(
    "estimated", "flag", "False where the frame was skipped because of `--stride` or `--pose_fps`."
)

LANDMARK_COLUMNS: Final = (
    *_WHERE,
    Column("keypoint", "words", "Name of the landmark; left means the person's left."),
    Column("x_raw_px", "number", "Image x, to the right in the upright frame, as estimated by the pose model.", 2),
    Column("y_raw_px", "number", "Image y, downwards in the upright frame, as estimated.", 2),
    Column(
        "x_filtered_px",
        "number",
        "Image x after outlier rejection, gap filling and filtering; null unless measured or imputed.",
        2,
    ),
    Column("y_filtered_px", "number", "The same for image y, downwards.", 2),
    Column("z_rel", "number", "Depth relative to the mid-hip, as estimated; about the scale of x, not metric.", 4),
    Column("visibility", "number", "Model confidence that the landmark is visible, 0 to 1.", 3),
    Column("presence", "number", "Model confidence that the landmark is inside the frame, 0 to 1.", 3),
    Column(
        "world_x_raw_m",
        "number",
        "World x, to the right: metres scaled to an average body, origin at the mid-hip, as estimated.",
        4,
    ),
    Column("world_y_raw_m", "number", "World y, downwards.", 4),
    Column("world_z_raw_m", "number", "World z, away from the camera.", 4),
    Column("world_x_filtered_m", "number", "World x after outlier rejection, gap filling and filtering.", 4),
    Column("world_y_filtered_m", "number", "The same for world y.", 4),
    Column("world_z_filtered_m", "number", "The same for world z.", 4),
    Column("status", "words", f"Origin of the filtered values: {_words(STATUS_WORDS)}."),
    Column(
        "speed_bh_s",
        "number",
        "Speed in the image, assuming a fixed camera, body heights per second; null without filtered values.",
        4,
    ),
    Column(
        "speed_m_s",
        "number",
        "Speed in the image, assuming a fixed camera, metres per second; null unless the height is given.",
        4,
    ),
    _FACING,
    _ESTIMATED,
)
"""``landmarks.parquet``: one row per person, frame and landmark."""

ANGLE_COLUMNS: Final = (
    *_WHERE,
    Column(
        "angle", "words", "Identifier of the angle; its zero and its positive direction are under `angles.csv` below."
    ),
    Column("value_deg", "number", "The angle, from the filtered landmarks; null where `status` withholds it.", 2),
    Column(
        "velocity_deg_s", "number", "Angular velocity; null where the value is, and in stretches that are too short.", 2
    ),
    Column(
        "acceleration_deg_s2",
        "number",
        "Angular acceleration; null where the velocity is, and at the ends of a stretch.",
        1,
    ),
    Column(
        "precision_deg",
        "number",
        "Standard deviation of the value due to landmark noise (precision); bias is not included.",
        2,
    ),
    Column(
        "expected_error_deg",
        "number",
        "Expected error of the value, including that of the view; given also where the value is withheld.",
        2,
    ),
    Column("valid", "flag", "True where the expected error is small enough to rely on the value."),
    Column("status", "words", f"Origin of the value, or why there is none: {_words(ANGLE_STATUS_WORDS)}."),
    _FACING,
    _ESTIMATED,
)
"""``angles.parquet``: one row per person, frame and angle."""

BEST_COLUMNS: Final = (
    *_WHERE,
    Column("joint", "words", "Joint and side."),
    Column(
        "flexion_deg",
        "number",
        "Flexion from the source with the smallest expected error; 0: hip, knee and elbow straight, arm hanging, "
        "ankle at a right angle.",
        2,
    ),
    Column("source", "words", f"Source of the value, or why there is none: {_words(BEST_SOURCE_WORDS)}."),
    Column(
        "expected_error_deg", "number", "Expected error, including bias; given also where the value is withheld.", 2
    ),
    Column("valid", "flag", "True where the expected error is small enough to rely on the value."),
    _FACING,
    _ESTIMATED,
)
"""``best_flexion.parquet``: one row per person, frame and joint."""

BODY_COLUMNS: Final = (
    *_WHERE,
    Column("yaw_deg", "number", "Rotation of the body out of the side view: 0 side view, 90 front or back view.", 2),
    Column("com_x_px", "number", "Image x of the centre of mass, to the right.", 2),
    Column("com_y_px", "number", "Image y of the centre of mass, downwards.", 2),
    Column("com_velocity_x_bh_s", "number", "Velocity of the centre of mass to the right, body heights per second.", 4),
    Column("com_velocity_y_bh_s", "number", "The same, downwards.", 4),
    _FACING,
    _ESTIMATED,
)
"""``body.parquet``: one row per person and frame."""

_WIDE_WHERE: Final = (*_WHERE[1:], _FACING, _ESTIMATED)

ANGLE_CSV_COLUMNS: Final = (
    *_WIDE_WHERE,
    *(Column(f"{row.id}_deg", "number", f"{row.label}. 0: {row.zero}. Positive: {row.positive}.", 2) for row in ANGLES),
)
"""``angles.csv``: one row per person and frame; empty where an angle is withheld."""

LANDMARK_CSV_COLUMNS: Final = (
    *_WIDE_WHERE,
    *(
        column
        for name in LANDMARK_NAMES
        for column in (
            Column(f"{name}_x_px", "number", "Filtered image x, to the right; empty where there is none.", 2),
            Column(f"{name}_y_px", "number", "Filtered image y, downwards.", 2),
            Column(f"{name}_visibility", "number", "Model confidence that the landmark is visible, 0 to 1.", 3),
        )
    ),
)
"""``landmarks.csv``: one row per person and frame, because one row per landmark would not fit into Excel."""

"""The columns of all tables as data; the writers and ``docs/tables.md`` are made from them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from vidpose.biomech.conventions import ANGLES
from vidpose.results.video_result import ANGLE_STATUS_WORDS, BEST_SOURCE_WORDS, FACING_WORDS, STATUS_WORDS
from vidpose.types.skeleton import LANDMARK_NAMES

TABLES_VERSION: Final = "1.2.0"

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
    Column("time_s", "time", "Time stamp of the frame in the video.", 6),
)
_FACING: Final = Column("facing", "words", f"Where the person looks, as seen in the image: {_words(FACING_WORDS)}.")
_ESTIMATED: Final = Column(
    "estimated", "flag", "False where no pose was estimated in the frame because sampling was asked for."
)

LANDMARK_COLUMNS: Final = (
    *_WHERE,
    Column("keypoint", "words", "Name of the landmark; left is the person's left."),
    Column("x_raw_px", "number", "To the right in the upright frame, as the pose model estimated it.", 2),
    Column("y_raw_px", "number", "Down in the upright frame, as estimated.", 2),
    Column(
        "x_filtered_px",
        "number",
        "The same after rejection, gap filling and filter; null unless measured or imputed.",
        2,
    ),
    Column("y_filtered_px", "number", "Likewise, down.", 2),
    Column("z_rel", "number", "Depth relative to the mid-hip as estimated, about the scale of x, not metric.", 4),
    Column("visibility", "number", "The model's confidence that the landmark is seen, 0 to 1.", 3),
    Column("presence", "number", "The model's confidence that the landmark is in the frame, 0 to 1.", 3),
    Column("world_x_raw_m", "number", "To the right, metres of an average body, origin mid-hip, as estimated.", 4),
    Column("world_y_raw_m", "number", "Likewise, down.", 4),
    Column("world_z_raw_m", "number", "Likewise, away from the camera.", 4),
    Column("world_x_filtered_m", "number", "To the right, after rejection, gap filling and filter.", 4),
    Column("world_y_filtered_m", "number", "Likewise, down.", 4),
    Column("world_z_filtered_m", "number", "Likewise, away from the camera.", 4),
    Column("status", "words", f"Where the filtered values come from: {_words(STATUS_WORDS)}."),
    Column(
        "speed_bh_s",
        "number",
        "Speed in the image as if the camera stood still, body heights per second; null without filtered values.",
        4,
    ),
    Column(
        "speed_m_s",
        "number",
        "Speed in the image as if the camera stood still, metres per second; null without a given height.",
        4,
    ),
    _FACING,
    _ESTIMATED,
)
"""``landmarks.parquet``: one row per person, frame and landmark."""

ANGLE_COLUMNS: Final = (
    *_WHERE,
    Column("angle", "words", "Identifier of the angle; `angles.csv` below says what its zero and its sign are."),
    Column("value_deg", "number", "The angle, from the filtered landmarks; null where `status` withholds it.", 2),
    Column("velocity_deg_s", "number", "Its first derivative; null likewise, and in stretches that are too short.", 2),
    Column("acceleration_deg_s2", "number", "Its second derivative; null likewise, and at the ends of a stretch.", 1),
    Column(
        "precision_deg",
        "number",
        "Standard deviation of the value from the noise of the landmarks; it says nothing about bias.",
        2,
    ),
    Column(
        "expected_error_deg",
        "number",
        "Error to be expected of the value, the view's part included; also where the value is withheld.",
        2,
    ),
    Column("valid", "flag", "True where view and visibility support the value well enough to rely on it."),
    Column("status", "words", f"Where the value comes from or why there is none: {_words(ANGLE_STATUS_WORDS)}."),
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
        "The best-supported flexion: hip, knee, elbow 0 straight; shoulder 0 hanging; ankle 0 at right angles.",
        2,
    ),
    Column("source", "words", f"Where it comes from, or why there is none: {_words(BEST_SOURCE_WORDS)}."),
    Column("expected_error_deg", "number", "Error to be expected, bias included; also where it is withheld.", 2),
    Column("valid", "flag", "True where the value can be relied on."),
    _FACING,
    _ESTIMATED,
)
"""``best_flexion.parquet``: one row per person, frame and joint."""

BODY_COLUMNS: Final = (
    *_WHERE,
    Column("yaw_deg", "number", "Turn of the body out of the side view: 0 side, 90 front or back.", 2),
    Column("com_x_px", "number", "Centre of mass in the picture, to the right.", 2),
    Column("com_y_px", "number", "Likewise, down.", 2),
    Column("com_velocity_x_bh_s", "number", "Its velocity to the right, body heights per second.", 4),
    Column("com_velocity_y_bh_s", "number", "Likewise, down.", 4),
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
            Column(f"{name}_x_px", "number", "To the right, filtered; empty where there is no filtered value.", 2),
            Column(f"{name}_y_px", "number", "Down, likewise.", 2),
            Column(f"{name}_visibility", "number", "The model's confidence that the landmark is seen, 0 to 1.", 3),
        )
    ),
)
"""``landmarks.csv``: one row per person and frame, because one row per landmark would not fit into Excel."""

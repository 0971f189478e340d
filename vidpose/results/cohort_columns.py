"""The columns of the cohort as data; the writers and the documentation are made from them."""

from __future__ import annotations

from typing import Final

from vidpose.results.metric_tables import METRIC_COLUMNS
from vidpose.results.table_columns import Column
from vidpose.results.video_result import FACING_WORDS

COHORT_VERSION: Final = "1.1.0"

QUALITY_COLUMNS: Final = (
    Column("frame_rate_hz", "time", "Decoded frames per second of the video.", 3),
    Column("frames", "whole", "Decoded frames of the video."),
    Column("duration_s", "time", "Duration of the video.", 6),
    Column("width_px", "whole", "Width of the upright frame."),
    Column("height_px", "whole", "Height of the upright frame."),
    Column("estimated_share", "time", "Share of the frames in which a pose was estimated.", 4),
    Column("found_share", "time", "Share of those in which this person was found.", 4),
    Column("angle_share", "time", "Share of those in which at least one angle has a value.", 4),
    Column("median_visibility", "time", "Median of `visibility` over all landmarks and frames.", 3),
    *(
        Column(
            f"facing_{word}_share", "time", f"Share of the frames with view `{word}`; see `facing` in the tables.", 4
        )
        for word in FACING_WORDS
    ),
    Column("recorded_at", "words", "Date and time of the recording as the file states it, ISO 8601."),
    Column("timecode", "words", "Timecode of the first frame as the file states it."),
    Column("findings", "words", "Codes of the findings about the video and the person, separated by `;`."),
    Column("video_sha256", "words", "SHA-256 of the video file."),
    Column("config_sha256", "words", "SHA-256 of the settings that affect results."),
    Column("vidpose_version", "words", "Version of vidpose."),
)
"""How good the recording of this person is."""

COHORT_COLUMNS: Final = (*METRIC_COLUMNS, *QUALITY_COLUMNS)
"""``cohort.parquet`` and ``cohort.csv``: one row per video, person, metric and side."""

EXCLUSION_COLUMNS: Final = (
    Column("video_id", "words", "Path of the video relative to the input folder."),
    Column("person", "whole", "Number of the person; null when the whole video is excluded."),
    Column("metric", "words", "Metric that is absent; null when the whole video is excluded."),
    Column("side", "words", "Side of the body; null when the whole video is excluded."),
    Column("code", "words", "Reason for the exclusion, as a code."),
    Column("meaning", "words", "What the code means, or what was found."),
)
"""``cohort_exclusions.parquet`` and ``cohort_exclusions.csv``: what is missing in the cohort, and why."""

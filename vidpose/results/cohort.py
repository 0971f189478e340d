"""All results of a run in one table: every metric of every person and video, with criteria for exclusion.

It is put together from the tables on disk, video by video, so memory does not grow with the run. A video that failed,
or whose tables cannot be read, has no rows in the cohort and one in the list of exclusions.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import orjson
import pyarrow as pa
from pyarrow import compute
from pyarrow import parquet as pa_parquet

from vidpose.results.cohort_columns import COHORT_COLUMNS, COHORT_VERSION, EXCLUSION_COLUMNS
from vidpose.results.csv_files import AS_USUAL, TableSettings
from vidpose.results.metric_entries import STANDS
from vidpose.results.metric_tables import METRIC_COLUMNS
from vidpose.results.run_report import State
from vidpose.results.table_sink import open_sink
from vidpose.results.video_result import FACING_WORDS
from vidpose.state.atomic import write_bytes
from vidpose.state.bounded_reading import read_bounded
from vidpose.state.json_text import displayable, json_bytes
from vidpose.types.findings import Finding
from vidpose.types.left_out import LeftOut

COHORT_FILES: Final = (
    "cohort.parquet",
    "cohort.csv",
    "cohort_exclusions.parquet",
    "cohort_exclusions.csv",
    "cohort_flow.json",
)
SCHEMA: Final = "vidpose.cohort_flow"
NOT_FINISHED: Final = "not_finished"
UNREADABLE: Final = "results_unreadable"
NO_PERSON: Final = "no_person"
WITH_RESULTS: Final = frozenset({"done", "done_with_warnings", "skipped_unchanged"})
_MAX_ROWS: Final = 1_000_000
"""Ours: a person has 300 metrics."""
# What json, the file system and Arrow raise on a file that is missing, cut off or of another kind.
_BROKEN: Final = (OSError, ValueError, KeyError, TypeError, AttributeError, pa.ArrowException)


@dataclass(frozen=True, slots=True)
class CohortVideo:
    """One video of the run.

    Attributes
    ----------
    video_id
        Path relative to the input folder.
    folder
        Folder with its tables and its summary.
    state
        What became of it.
    findings
        Findings of the run.
    """

    video_id: str
    folder: Path
    state: State
    findings: tuple[Finding, ...] = ()


@dataclass(slots=True)
class CohortFlow:
    """Numbers of videos, people and values included, and where others were lost, as in a CONSORT diagram."""

    videos: Counter[str] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)
    excluded_videos: Counter[str] = field(default_factory=Counter)
    people: int = 0
    metrics: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    def as_dict(self) -> dict[str, Any]:
        """Return plain JSON values."""
        statuses: Counter[str] = sum(self.metrics.values(), Counter())
        excluded = {"quarantined", "not_finished", "results_unreadable"}
        return {
            "schema": SCHEMA,
            "schema_version": COHORT_VERSION,
            "videos": {name: self.videos[name] for name in ("found", *sorted(excluded), "analysed", "without_person")},
            "left_out_files_by_code": dict(sorted(self.left_out.items())),
            "excluded_videos_by_code": dict(sorted(self.excluded_videos.items())),
            "people": self.people,
            "values": {
                "possible": statuses.total(),
                "given": statuses[STANDS],
                "absent_by_code": {code: n for code, n in sorted(statuses.items()) if code != STANDS},
            },
            "metrics": {name: dict(sorted(counts.items())) for name, counts in sorted(self.metrics.items())},
        }


def write_cohort(
    folder: Path,
    videos: Iterable[CohortVideo],
    left_out: Sequence[LeftOut] = (),
    settings: TableSettings = AS_USUAL,
) -> list[Path]:
    """Write the files of :data:`COHORT_FILES` over all videos, each atomically; return their paths.

    No video can make it fail: one whose tables are missing, cut off or of another video is named in the exclusions.

    Parameters
    ----------
    folder
        Where the files go.
    videos
        In the order of the rows.
    left_out
        Files that look like videos and were not processed; they stand in the exclusions and in the flow.
    settings
        How the tables are written.
    """
    paths = [folder / name for name in COHORT_FILES]
    flow = CohortFlow()
    with (
        open_sink(paths[0], paths[1], COHORT_COLUMNS, COHORT_VERSION, settings) as rows,
        open_sink(paths[2], paths[3], EXCLUSION_COLUMNS, COHORT_VERSION, settings) as exclusions,
    ):
        for video in videos:
            flow.videos["found"] += 1
            table, excluded = _of_video(video, rows.schema)
            if table is not None:
                rows.add(table)
            exclusions.add(pa.Table.from_pylist([*excluded, *_absent(table)], exclusions.schema))
            _count(flow, table, excluded)
        unused = [
            {"video_id": displayable(one.name), "code": f"left_out_{one.code}", "meaning": one.reason}
            for one in left_out
        ]
        exclusions.add(pa.Table.from_pylist(unused, exclusions.schema))
    flow.left_out.update(one.code for one in left_out)
    text = json_bytes(flow.as_dict(), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    write_bytes(paths[4], text)
    return paths


def _of_video(video: CohortVideo, schema: pa.Schema) -> tuple[pa.Table | None, list[dict[str, Any]]]:
    """Return the rows of a video, None when there are none to be had, and why it is excluded."""
    if video.state not in WITH_RESULTS:
        return None, list(_why_without_results(video))
    try:
        table = _rows(video, schema)
    except _BROKEN as error:
        return None, [_whole_video(video, UNREADABLE, f"{type(error).__name__}: {error}; analyse the video again")]
    nobody = [finding for finding in video.findings if finding.code == NO_PERSON]
    return table, [_whole_video(video, finding.code, finding.message) for finding in nobody]


def _why_without_results(video: CohortVideo) -> Iterator[dict[str, Any]]:
    if video.state != "quarantined" or not video.findings:
        yield _whole_video(video, NOT_FINISHED, "The run ended before the video was done. Run again.")
        return
    fatal = [finding for finding in video.findings if finding.severity == "fatal"]
    for finding in fatal or video.findings:
        yield _whole_video(video, finding.code, finding.message)


def _whole_video(video: CohortVideo, code: str, meaning: str) -> dict[str, Any]:
    return {"video_id": displayable(video.video_id), "code": code, "meaning": displayable(meaning)}


def _rows(video: CohortVideo, schema: pa.Schema) -> pa.Table:
    """Return the video's metrics with the quality columns of each person.

    Raises
    ------
    ValueError
        When the tables are those of another video, or lack a column.
    """
    summary = orjson.loads(read_bounded(video.folder / "summary.json"))
    with pa_parquet.ParquetFile(video.folder / "metrics.parquet") as file:
        if file.metadata.num_rows > _MAX_ROWS:
            raise ValueError(f"metrics.parquet has {file.metadata.num_rows} rows, at most {_MAX_ROWS} are read")
        metadata = file.schema_arrow.metadata or {}
        metrics = file.read([column.name for column in METRIC_COLUMNS], use_threads=False)
    if metadata.get(b"vidpose.video_sha256") != summary["input_sha256"].encode():
        raise ValueError("metrics.parquet and summary.json are not of the same video")
    quality = {person["id"]: _quality(summary, person, video.findings) for person in summary["people"]}
    people = metrics["person"].to_pylist()
    strangers = sorted(set(people) - set(quality))
    if strangers:
        raise ValueError(f"metrics.parquet has people that summary.json does not have: {strangers}")
    for column in COHORT_COLUMNS[len(METRIC_COLUMNS) :]:
        values = [quality[person][column.name] for person in people]
        metrics = metrics.append_column(column.name, pa.array(values, schema.field(column.name).type))
    return metrics.cast(schema)


def _quality(summary: dict[str, Any], person: dict[str, Any], findings: Sequence[Finding]) -> dict[str, Any]:
    facts = summary["video"]
    codes = {entry["code"] for entry in (*summary["findings"], *person["findings"])}
    codes |= {finding.code for finding in findings}
    duration_s = facts["duration_s"] or math.nan
    rate_hz = facts["n_frames"] / duration_s
    return {
        "frame_rate_hz": round(rate_hz, 3) if math.isfinite(rate_hz) else None,
        "frames": facts["n_frames"],
        "duration_s": facts["duration_s"],
        "width_px": facts["width_px"],
        "height_px": facts["height_px"],
        "estimated_share": person["estimated_share"],
        "found_share": person["found_share"],
        "angle_share": person["frames_with_any_angle_share"],
        "median_visibility": person.get("median_visibility"),
        **{f"facing_{word}_share": person["facing_share"][word] for word in FACING_WORDS},
        "recorded_at": facts["recorded_at"],
        "timecode": facts["timecode"],
        "findings": ";".join(sorted(codes)),
        "video_sha256": summary["input_sha256"],
        "config_sha256": summary["config_sha256"],
        "vidpose_version": summary["vidpose_version"],
    }


def _absent(table: pa.Table | None) -> list[dict[str, Any]]:
    """Return an exclusion for every metric without a value."""
    if table is None:
        return []
    absent = table.filter(compute.not_equal(table["status"], STANDS))
    chosen = absent.select(["video_id", "person", "metric", "side", "status", "reason"])
    rows: list[dict[str, Any]] = chosen.rename_columns([column.name for column in EXCLUSION_COLUMNS]).to_pylist()
    return rows


def _count(flow: CohortFlow, table: pa.Table | None, excluded: Sequence[dict[str, Any]]) -> None:
    codes = [row["code"] for row in excluded]
    flow.excluded_videos.update(codes)
    if table is None:
        flow.videos[codes[0] if codes and codes[0] in {NOT_FINISHED, UNREADABLE} else "quarantined"] += 1
        return
    flow.videos["analysed"] += 1
    flow.videos["without_person"] += NO_PERSON in codes
    flow.people += 0 if NO_PERSON in codes else len(set(table["person"].to_pylist()))
    for metric, status in zip(table["metric"].to_pylist(), table["status"].to_pylist(), strict=True):
        flow.metrics[metric][status] += 1

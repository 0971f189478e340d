"""Result tables of a models folder become facts; what is broken is skipped and named."""

from __future__ import annotations

import csv
import hashlib
import io
import itertools
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from vidpose.corpus.example import Fact
from vidpose.corpus.facts.derived import event_facts, extreme_facts, side_differences, video_differences
from vidpose.corpus.facts.fact_dictionary import FACT_DICTIONARY
from vidpose.corpus.facts.fact_table import FactTable, SkippedFolder, fact_id
from vidpose.corpus.facts.stateable import gate
from vidpose.corpus.facts.tables import (
    ANGLES_FILE,
    EVENTS_FILE,
    METRICS_FILE,
    angle_extremes,
    event_counts,
    metric_rows,
    number,
)
from vidpose.corpus.settings.dataset import FactSettings
from vidpose.errors import InputError, UsageError
from vidpose.state.bounded_reading import read_bounded
from vidpose.types.metrics import REASONS

HASH_DIGITS: Final = 16
_MAX_LIST_BYTES: Final = 16 << 20
"""Of a list of athletes (ours): 100 000 rows."""
_STANDS: Final = "ok"


@dataclass(frozen=True, slots=True)
class _Video:
    sha256: str
    group: str
    exercise: str
    facts: tuple[Fact, ...]


def read_facts(models_folder: Path, settings: FactSettings) -> FactTable:
    """Return the facts of all videos below a models folder.

    The memory needed is that of the facts and of one batch of one table. Order of files and folders does not matter.

    Parameters
    ----------
    models_folder
        Holds one folder per video with ``metrics.parquet`` and, where they exist, ``events.parquet`` and
        ``angles.parquet``.
    settings
        Gates, athletes and exercises.

    Raises
    ------
    UsageError
        When the folder does not exist.
    """
    if not models_folder.is_dir():
        raise UsageError(f"{models_folder}: expected a folder with results; run vidpose on videos first")
    videos: dict[str, _Video] = {}
    skipped = []
    for path in _tables(models_folder):
        name = path.parent.relative_to(models_folder).as_posix()
        try:
            video = _read_video(path.parent, settings)
        except InputError as error:
            skipped.append(SkippedFolder(name, str(error)))
            continue
        if video.sha256 in videos:
            skipped.append(SkippedFolder(name, "the same video as another folder"))
        videos.setdefault(video.sha256, video)
    ordered = [videos[key] for key in sorted(videos)]
    facts = [fact for video in ordered for fact in video.facts]
    facts += _compared(ordered, settings)
    hashes = {fact.subject: video.sha256 for video in ordered for fact in video.facts}
    return FactTable(tuple(sorted(facts, key=lambda fact: fact.id)), tuple(skipped), hashes)


def read_assignment(path: Path) -> tuple[dict[str, str], dict[str, str]]:
    """Return the mappings video -> athlete and video -> exercise of a CSV file.

    Parameters
    ----------
    path
        CSV with the columns ``video``, ``athlete`` and, if wanted, ``exercise``.

    Raises
    ------
    UsageError
        When the file cannot be read, lacks a column or names a video twice.
    """
    try:
        rows = list(csv.DictReader(io.StringIO(read_bounded(path, _MAX_LIST_BYTES).decode("utf-8-sig"), newline="")))
    except (OSError, ValueError, csv.Error) as error:
        raise UsageError(f"{path}: expected a CSV file with video and athlete ({error})") from error
    athletes: dict[str, str] = {}
    exercises: dict[str, str] = {}
    for row in rows:
        video = (row.get("video") or "").strip()
        if not video or video in athletes or not (row.get("athlete") or "").strip():
            raise UsageError(f"{path}: expected every row with its own video and an athlete, got {video!r}")
        athletes[video] = row["athlete"].strip()
        exercises[video] = (row.get("exercise") or "").strip()
    return athletes, {video: exercise for video, exercise in exercises.items() if exercise}


def _tables(models_folder: Path) -> Iterator[Path]:
    for path in sorted(models_folder.rglob(METRICS_FILE)):
        if not any(part.startswith(".") for part in path.relative_to(models_folder).parts):
            yield path


def _read_video(folder: Path, settings: FactSettings) -> _Video:
    sha256, rows = metric_rows(folder / METRICS_FILE, settings.max_rows)
    if not rows:
        raise InputError("no person was measured in this video", code="facts")
    video_id = str(rows[0]["video_id"])
    athlete = _assigned(settings.athletes, sha256, video_id)
    video_key = sha256[:HASH_DIGITS]
    group = _pseudonym(athlete) if athlete else video_key
    stem = f"{group}.{video_key}" if athlete else video_key
    facts = [_measured(row, group, stem, settings) for row in rows]
    if len({fact.id for fact in facts}) != len(facts):
        raise InputError(f"{METRICS_FILE}: expected one row per person, metric and side", code="facts")
    if (folder / EVENTS_FILE).exists():
        facts += event_facts(event_counts(folder / EVENTS_FILE, settings.max_rows), group, stem)
    if (folder / ANGLES_FILE).exists():
        facts += extreme_facts(angle_extremes(folder / ANGLES_FILE, settings.max_rows), group, stem, settings)
    facts += side_differences(facts)
    return _Video(sha256, group, _assigned(settings.exercises, sha256, video_id), tuple(facts))


def _measured(row: Mapping[str, Any], group: str, stem: str, settings: FactSettings) -> Fact:
    metric, side, status = str(row["metric"]), row["side"], str(row["status"])
    meaning = FACT_DICTIONARY.get(metric)
    if meaning is None or side not in meaning.sides or row["unit"] != meaning.shown_unit:
        raise InputError(f"{METRICS_FILE}: unknown metric, side or unit: {metric} {side} {row['unit']}", code="facts")
    if status != _STANDS and status not in REASONS:
        raise InputError(f"{METRICS_FILE}: unknown status {status!r}", code="facts")
    value, uncertainty, n = number(row, "value"), number(row, "uncertainty"), int(row["n"] or 0)
    if math.isinf(value) or uncertainty < 0 or math.isinf(uncertainty):
        raise InputError(f"{METRICS_FILE}: {metric} has an impossible value or uncertainty", code="facts")
    reason = gate(meaning, value, uncertainty, n, settings) if status == _STANDS else status
    subject = f"{stem}/{int(row['person'])}"
    return Fact(
        id=fact_id(subject, metric, str(side), "metric"),
        group=group,
        subject=subject,
        metric=metric,
        label=meaning.label,
        kind="metric",
        side=side,
        value=math.nan if reason else value,
        unit=meaning.shown_unit,
        decimals=meaning.decimals,
        uncertainty=math.nan if reason else uncertainty,
        reason=reason,
        start_s=number(row, "start_s"),
        end_s=number(row, "end_s"),
        n=n,
    )


def _assigned(mapping: Mapping[str, str], sha256: str, video_id: str) -> str:
    for key in (sha256, sha256[:HASH_DIGITS], video_id):
        if key in mapping:
            return mapping[key]
    return ""


def _pseudonym(athlete: str) -> str:
    """Return a hash of the athlete's identifier, which may be a name."""
    return "athlete-" + hashlib.sha256(f"vidpose athlete {athlete}".encode()).hexdigest()[:HASH_DIGITS]


def _compared(videos: list[_Video], settings: FactSettings) -> list[Fact]:
    """Return the differences between neighbours of one athlete (and exercise, where known), or of one exercise."""
    together: dict[tuple[str, str], list[_Video]] = {}
    for video in videos:
        if video.group.startswith("athlete-"):
            together.setdefault((video.group, video.exercise), []).append(video)
        if video.exercise:
            together.setdefault(("", video.exercise), []).append(video)
    pairs = {
        (one.sha256, other.sha256): (one, other)
        for _, members in sorted(together.items())
        for one, other in list(itertools.pairwise(members))[: settings.max_pairs]
    }
    return [fact for _, (one, other) in sorted(pairs.items()) for fact in video_differences(one.facts, other.facts)]

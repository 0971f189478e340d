"""The report of a run: the state of every video, speed and memory; as JSON and as text."""

from __future__ import annotations

import dataclasses
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal, get_args

import orjson

from vidpose.state.atomic import atomic_path, write_bytes
from vidpose.state.json_text import displayable, json_bytes
from vidpose.types.findings import CODES, Finding
from vidpose.types.grades import Grade, in_one_line
from vidpose.types.left_out import LeftOut

SCHEMA: Final = "vidpose.run_report"
SCHEMA_VERSION: Final = "1.2.0"

State = Literal["done", "done_with_warnings", "quarantined", "skipped_unchanged", "interrupted"]
STATES: Final[tuple[State, ...]] = get_args(State)
_NAME_WIDTH: Final = 60
_PLACE: Final = "\0videos"


@dataclass(frozen=True, slots=True)
class VideoEntry:
    """What became of one video.

    Attributes
    ----------
    name
        Path relative to the input folder.
    state
        One of :data:`STATES`.
    findings
        Why it is quarantined, or what limits its results.
    grades
        What it can answer about its main person, question by question.
    frames
        Frames that went through the pose model in this run; 0 when nothing was done.
    seconds
        Working time of its units in this run, summed over processes, s.
    outputs
        Paths relative to the output and model folders.
    """

    name: str
    state: State
    findings: tuple[Finding, ...] = ()
    grades: tuple[Grade, ...] = ()
    frames: int = 0
    seconds: float = 0.0
    outputs: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.state not in STATES:
            raise ValueError(f"state: expected one of {STATES}, got {self.state!r}")

    @property
    def frames_per_s(self) -> float | None:
        """Frames per second of working time; None when nothing was done."""
        return _rate(self.frames, self.seconds)


@dataclass(frozen=True, slots=True)
class RunReport:
    """One run.

    Attributes
    ----------
    version
        Version of vidpose.
    options
        The command's options, plain JSON values.
    engine
        What did the work: ``"inline"`` or ``"distributed"``, then what of it did not start.
    started_at, ended_at
        Local time with its offset, ISO 8601; for information only.
    wall_s
        Duration by the monotonic clock, s.
    videos
        One entry per video found, in the order of the scan.
    left_out
        Files that look like videos and were not processed.
    memory
        The governor's report: limit, its origin, peak, excursions; plain JSON values.
    exit_code
        What the command returns.
    ended_by
        The error that ended the run before its time, else None.
    """

    version: str
    options: dict[str, Any]
    engine: str
    started_at: str
    ended_at: str
    wall_s: float
    videos: tuple[VideoEntry, ...]
    left_out: tuple[LeftOut, ...] = ()
    memory: dict[str, Any] = field(default_factory=dict)
    exit_code: int = 0
    ended_by: str | None = None

    @property
    def totals(self) -> dict[str, Any]:
        """Videos by state, frames, and frames per second of wall time."""
        states = Counter(entry.state for entry in self.videos)
        frames = sum(entry.frames for entry in self.videos)
        return {
            "videos": len(self.videos),
            **{state: states[state] for state in STATES},
            "left_out": len(self.left_out),
            "frames": frames,
            "frames_per_s": _rate(frames, self.wall_s),
        }


def write_run_report(path: Path, report: RunReport) -> None:
    """Write the report as JSON to ``path`` and as text beside it, with the suffix ``.txt``."""
    with atomic_path(path) as temporary, temporary.open("wb") as stream:
        stream.writelines(_json_pieces(report))
    write_bytes(path.with_suffix(".txt"), as_table(report).encode())


def _json_pieces(report: RunReport) -> Iterator[bytes]:
    """Yield the report as JSON, the videos one by one: there may be thousands."""
    plain = {item.name: getattr(report, item.name) for item in dataclasses.fields(report)}
    plain |= {"wall_s": round(report.wall_s, 3), "videos": [_PLACE] if report.videos else []}
    plain["left_out"] = [one.as_dict() for one in report.left_out]
    document = {"schema": SCHEMA, "schema_version": SCHEMA_VERSION, **plain, "totals": report.totals}
    text = json_bytes(document, orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    before, _, after = text.partition(orjson.dumps(_PLACE))
    yield before
    for number, entry in enumerate(report.videos):
        lines = json_bytes(_entry(entry), orjson.OPT_INDENT_2).replace(b"\n", b"\n    ")
        yield b",\n    " + lines if number else lines
    yield after


def _entry(entry: VideoEntry) -> dict[str, Any]:
    return {
        "name": entry.name,
        "state": entry.state,
        "frames": entry.frames,
        "seconds": round(entry.seconds, 3),
        "frames_per_s": entry.frames_per_s,
        "grades": [grade.as_dict() for grade in entry.grades],
        "findings": [finding.as_dict() for finding in entry.findings],
        "outputs": list(entry.outputs),
    }


def _rate(frames: int, seconds: float) -> float | None:
    return round(frames / seconds, 2) if frames and seconds > 0 and math.isfinite(seconds) else None


def as_table(report: RunReport) -> str:
    """Return the report as text: one line per video with what it can answer, every kind of warning once, totals."""
    width = max((len(_short(entry.name)) for entry in report.videos), default=5)
    lines = [
        f"vidpose {report.version}, engine {report.engine}, {report.started_at} to {report.ended_at}",
        "",
        *(line for entry in report.videos for line in _entry_lines(entry, width)),
        "",
        *_left_out_lines(report.left_out),
        *_warning_lines(report.videos),
        *_total_lines(report),
    ]
    return "\n".join(lines) + "\n"


def _entry_lines(entry: VideoEntry, width: int) -> Iterable[str]:
    """Yield the line of a video; for one that is given up also why, and what to do."""
    fatal = [finding for finding in entry.findings if finding.severity == "fatal"]
    answers = in_one_line(entry.grades) if entry.grades and not fatal else entry.state.replace("_", " ")
    yield f"{_short(entry.name):<{width}}  {answers}"
    for finding in fatal:
        yield f"    {_one_line(finding.message)}"
        if finding.advice not in finding.message:
            yield f"      -> {finding.advice}"


def _left_out_lines(left_out: Sequence[LeftOut]) -> Iterable[str]:
    """Yield every file that looks like a video and was left out, by reason."""
    if not left_out:
        return
    yield "Left out, though a person may call it a video:"
    by_reason: dict[str, list[str]] = {}
    for one in left_out:
        by_reason.setdefault(one.reason, []).append(_short(one.name))
    for reason, names in by_reason.items():
        yield f"    {', '.join(names)}"
        yield f"      -> {reason}"
    yield ""


def _warning_lines(entries: Sequence[VideoEntry]) -> Iterable[str]:
    """Yield every kind of warning once: in how many videos, and what it costs and what helps."""
    warned = Counter(
        code
        for entry in entries
        for code in {finding.code for finding in entry.findings if finding.severity == "warning"}
    )
    if not warned:
        return
    yield "What limits these results (number of videos; each in run_report.json, or with --verbose):"
    order = {code: number for number, code in enumerate(CODES)}
    for code, n_videos in sorted(warned.items(), key=lambda item: (-item[1], order[item[0]])):
        yield f"{n_videos:>5}  {code.replace('_', ' ')}: {CODES[code]}"
    yield ""


def _total_lines(report: RunReport) -> Iterable[str]:
    if report.ended_by is not None:
        yield f"ended before its time: {_one_line(report.ended_by)}"
    totals = report.totals
    counts = [f"{totals[state]} {state.replace('_', ' ')}" for state in STATES if totals[state]]
    if totals["left_out"]:
        counts.append(f"{totals['left_out']} left out")
    yield f"{totals['videos']} videos: {', '.join(counts) or 'none found'}"
    rate = "" if totals["frames_per_s"] is None else f", {totals['frames_per_s']:.1f} frames/s"
    yield f"{totals['frames']} frames in {report.wall_s:.1f} s{rate}; exit code {report.exit_code}"
    memory = report.memory
    if "peak_bytes" in memory:
        yield (
            f"memory peak {memory['peak_bytes'] / 2**20:.0f} MiB of {memory['limit_bytes'] / 2**20:.0f} MiB "
            f"({_one_line(memory['why'])}); {memory['n_samples_over']} of {memory['n_samples']} samples over"
        )
    if "workers" in memory:
        yield f"workers {_one_line(memory['workers'])}; {memory['n_recycles']} recycled, {memory['n_kills']} killed"


def _one_line(text: str) -> str:
    """Return the text without line breaks and other control characters, which file names may contain."""
    return "".join(character if character.isprintable() else " " for character in displayable(text))


def _short(name: str) -> str:
    """Return a name that fits into the table, cut at its beginning."""
    clean = _one_line(name)
    return clean if len(clean) <= _NAME_WIDTH else "…" + clean[1 - _NAME_WIDTH :]

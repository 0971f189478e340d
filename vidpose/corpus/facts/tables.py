"""Rows of one video's result tables, checked, with bounded memory."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
from pyarrow import compute as pc
from pyarrow import parquet as pq

from vidpose.corpus.facts.fact_dictionary import EXTREME_ANGLES
from vidpose.errors import InputError

METRICS_FILE: Final = "metrics.parquet"
EVENTS_FILE: Final = "events.parquet"
ANGLES_FILE: Final = "angles.parquet"
_BATCH_ROWS: Final = 65_536
_METRIC_COLUMNS: Final = (
    "video_id",
    "person",
    "metric",
    "side",
    "value",
    "uncertainty",
    "unit",
    "status",
    "start_s",
    "end_s",
    "n",
)
_SHORT_SIDES: Final = {"left": "l", "right": "r"}
ANGLE_KEYS: Final = {
    f"{angle}_{short}": (angle, side) for angle in EXTREME_ANGLES for side, short in _SHORT_SIDES.items()
}
"""Name in the angle tables -> angle without side, side."""


@dataclass(frozen=True, slots=True)
class AngleExtremes:
    """Extremes of one angle of one person: values, °, when they were seen, s, frames measured, and frames in all."""

    lowest_deg: float
    lowest_s: float
    highest_deg: float
    highest_s: float
    n_measured: int
    n_frames: int


def metric_rows(path: Path, max_rows: int) -> tuple[str, list[dict[str, Any]]]:
    """Return the hash of the video and the rows of its metric table.

    Raises
    ------
    InputError
        When the file is no metric table; the message says what is wrong, without the path.
    """
    with _opened(path, _METRIC_COLUMNS, max_rows) as table:
        sha256 = (table.schema_arrow.metadata or {}).get(b"vidpose.video_sha256", b"").decode("ascii", "replace")
        if len(sha256) != 64 or set(sha256) - set("0123456789abcdef"):
            raise InputError(f"{METRICS_FILE}: expected vidpose.video_sha256 in its metadata", code="facts")
        return sha256, [row for batch in _batches(table, _METRIC_COLUMNS) for row in batch.to_pylist()]


def event_counts(path: Path, max_rows: int) -> dict[tuple[int, str, str], tuple[int, float, float]]:
    """Return by person, event and side: how many, time of the first and of the last, s."""
    columns = ("person", "event", "side", "time_s")
    counts: dict[tuple[int, str, str], tuple[int, float, float]] = {}
    with _opened(path, columns, max_rows) as table:
        for batch in _batches(table, columns):
            for row in batch.to_pylist():
                key = (int(row["person"]), str(row["event"]), str(row["side"]))
                n, first_s, last_s = counts.get(key, (0, math.inf, -math.inf))
                counts[key] = (n + 1, min(first_s, row["time_s"]), max(last_s, row["time_s"]))
    return counts


def angle_extremes(path: Path, max_rows: int) -> dict[tuple[int, str], AngleExtremes]:
    """Return the extremes of every joint angle by person and angle, from measured frames whose view supports it."""
    columns = ("person", "time_s", "angle", "value_deg", "status", "valid")
    found: dict[tuple[int, str], AngleExtremes] = {}
    wanted = pa.array(sorted(ANGLE_KEYS))
    with _opened(path, columns, max_rows) as table:
        for batch in _batches(table, columns):
            angle = batch.column("angle").cast(pa.string())
            kept = pa.table(batch.set_column(2, "angle", angle)).filter(pc.is_in(angle, value_set=wanted))
            for (person, name), part in _parts(kept):
                found[person, name] = _merged(found.get((person, name)), part)
    return found


def _parts(table: pa.Table) -> Iterator[tuple[tuple[int, str], AngleExtremes]]:
    names = np.asarray(table.column("angle").to_pylist(), dtype=object)
    people = table.column("person").to_numpy()
    times_s = table.column("time_s").to_numpy()
    values_deg = table.column("value_deg").to_numpy().astype(float)
    measured = np.asarray(table.column("status").cast(pa.string()).to_pylist(), dtype=object) == "measured"
    measured &= np.asarray(table.column("valid").to_pylist(), dtype=bool)
    for person in np.unique(people):
        for name in sorted(set(names[people == person])):
            chosen = (people == person) & (names == name)
            usable = chosen & measured & np.isfinite(values_deg)
            if not usable.any():
                yield (int(person), name), AngleExtremes(math.nan, math.nan, math.nan, math.nan, 0, int(chosen.sum()))
                continue
            values, times = values_deg[usable], times_s[usable]
            low, high = int(values.argmin()), int(values.argmax())
            yield (
                (int(person), name),
                AngleExtremes(
                    float(values[low]),
                    float(times[low]),
                    float(values[high]),
                    float(times[high]),
                    int(usable.sum()),
                    int(chosen.sum()),
                ),
            )


def _merged(one: AngleExtremes | None, other: AngleExtremes) -> AngleExtremes:
    if one is None:
        return other
    # a comparison with NaN is False: a part without measured frames never replaces one with some
    low = other if not one.lowest_deg <= other.lowest_deg and other.n_measured else one
    high = other if not one.highest_deg >= other.highest_deg and other.n_measured else one
    return AngleExtremes(
        low.lowest_deg,
        low.lowest_s,
        high.highest_deg,
        high.highest_s,
        one.n_measured + other.n_measured,
        one.n_frames + other.n_frames,
    )


def _opened(path: Path, columns: Sequence[str], max_rows: int) -> pq.ParquetFile:
    try:
        table = pq.ParquetFile(path)
    except FileNotFoundError as error:
        raise InputError(f"{path.name}: expected this table beside the others; it is missing", code="facts") from error
    except (pa.ArrowException, OSError) as error:
        raise InputError(f"{path.name}: expected a Parquet table, got {type(error).__name__}", code="facts") from error
    missing = sorted(set(columns) - set(table.schema_arrow.names))
    if missing or table.metadata.num_rows > max_rows:
        table.close()
        problem = f"lacks {', '.join(missing)}" if missing else f"has more than {max_rows} rows"
        raise InputError(f"{path.name}: {problem}", code="facts")
    return table


def _batches(table: pq.ParquetFile, columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
    try:
        yield from table.iter_batches(batch_size=_BATCH_ROWS, columns=list(columns))
    except (pa.ArrowException, OSError) as error:
        raise InputError(f"the table breaks off: {type(error).__name__}", code="facts") from error


def number(row: Mapping[str, Any], column: str) -> float:
    """Return a number of a row; NaN where it is missing."""
    value = row[column]
    return math.nan if value is None else float(value)

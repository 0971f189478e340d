"""Metrics and events of one video as long Parquet and CSV: one row per person, metric and side; one per event.

What a metric means comes from the metric dictionary, which the caller passes in. A metric that cannot be given keeps
its row: the value is missing and the status says why, in the words of :data:`~vidpose.types.metrics.REASONS`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
from pyarrow import parquet as pa_parquet

from vidpose.biomech.metrics.row import MetricRow
from vidpose.results.csv_files import AS_USUAL, TableSettings, open_csv
from vidpose.results.metric_entries import event_entry, metric_entry
from vidpose.results.table_columns import Column
from vidpose.results.video_result import Provenance
from vidpose.state.atomic import atomic_path
from vidpose.types.metrics import REASONS, Event, MetricValue

METRIC_TABLES_VERSION: Final = "1.1.0"
_TIME_DECIMALS: Final = 6

_WHERE: Final = (
    Column("video_id", "words", "Path of the video relative to the input folder."),
    Column("person", "whole", "Number of the person, the `id` of the pose model."),
)
METRIC_COLUMNS: Final = (
    *_WHERE,
    Column("metric", "words", "Identifier of the metric; its definition is in [metrics.md](metrics.md)."),
    Column("label", "words", "Readable name of the metric."),
    Column("side", "words", "Side of the body: `left`, `right`, `both` (a comparison or mean), `none`."),
    Column("value", "time", "The value in `unit`; null where `status` is not `ok`."),
    Column("uncertainty", "time", "Half width of the 95 % interval from measurement noise (precision, not bias)."),
    Column("unit", "words", "Unit of `value` and `uncertainty`."),
    Column("status", "words", "`ok`, or the code of the reason why there is no value."),
    Column("reason", "words", "What the code means; empty when there is a value."),
    Column("start_s", "time", "Start of the time that was analysed.", _TIME_DECIMALS),
    Column("end_s", "time", "End of that time.", _TIME_DECIMALS),
    Column("n", "whole", "Number of samples, events or cycles behind the value."),
)
"""``metrics.parquet`` and ``metrics.csv``."""

EVENT_COLUMNS: Final = (
    *_WHERE,
    Column("event", "words", "Kind of event: `foot_strike`, `toe_off`, `take_off`, `landing` …"),
    Column("side", "words", "Side of the body."),
    Column("time_s", "time", "Time of the event; it may lie between two frames.", _TIME_DECIMALS),
    Column("frame", "whole", "Number of the nearest frame, from 0."),
    Column(
        "uncertainty_s", "time", "Half width of the 95 % interval, seconds of the video as ``time_s``.", _TIME_DECIMALS
    ),
)
"""``events.parquet`` and ``events.csv``."""

METRIC_TABLE_FILES: Final = ("metrics.parquet", "metrics.csv", "events.parquet", "events.csv")
_TYPES: Final = {
    "words": pa.dictionary(pa.int32(), pa.string()),
    "whole": pa.int32(),
    "time": pa.float64(),
}


@dataclass(frozen=True, slots=True)
class PersonMetrics:
    """Metrics and events of one person.

    Attributes
    ----------
    person
        Number of the person.
    values
        One per row and side of the dictionary, in its order.
    events
        In the order of time.
    """

    person: int
    values: tuple[MetricValue, ...]
    events: tuple[Event, ...] = ()


def write_metric_tables(
    folder: Path,
    people: Sequence[PersonMetrics],
    rows: Mapping[str, MetricRow],
    provenance: Provenance,
    settings: TableSettings = AS_USUAL,
) -> list[Path]:
    """Write the four files of :data:`METRIC_TABLE_FILES`, each atomically; return their paths.

    Parameters
    ----------
    folder
        Where the files go.
    people
        With none the tables have their columns and no rows.
    rows
        The metric dictionary by identifier.
    provenance
        Gives ``video_id`` and, for the Parquet metadata, the fingerprints of the video and of the settings.
    settings
        How the files are written.

    Raises
    ------
    KeyError
        When a value is not in the dictionary.
    """
    video_id = provenance.input_name
    metrics = [_metric(video_id, one.person, value, rows[value.metric_id]) for one in people for value in one.values]
    events = [_event(video_id, one.person, event) for one in people for event in one.events]
    paths = [folder / name for name in METRIC_TABLE_FILES]
    for path, records in zip(paths, (metrics, metrics, events, events), strict=True):
        columns = METRIC_COLUMNS if records is metrics else EVENT_COLUMNS
        table = pa.Table.from_pylist(records, schema_of(columns, _metadata(provenance)))
        write_table(path, table, settings)
    return paths


def schema_of(columns: Sequence[Column], metadata: Mapping[str, str]) -> pa.Schema:
    """Return the Arrow schema of some columns of words, whole numbers and 64-bit numbers.

    Parameters
    ----------
    columns
        The columns.
    metadata
        Key-value metadata of the file.
    """
    return pa.schema([(column.name, _TYPES[column.type]) for column in columns], dict(metadata))


def write_table(path: Path, table: pa.Table, settings: TableSettings) -> None:
    """Write a small table as Parquet or, by the path's suffix, as CSV; atomically.

    Parameters
    ----------
    path
        The file to write.
    table
        The rows.
    settings
        How.
    """
    with atomic_path(path) as temporary:
        if path.suffix == ".csv":
            with open_csv(temporary, table.schema, settings.style) as file:
                file.write(table)
        else:
            words = [field.name for field in table.schema if pa.types.is_dictionary(field.type)]
            pa_parquet.write_table(table, temporary, compression=settings.parquet_compression, use_dictionary=words)


def _metadata(provenance: Provenance) -> dict[str, str]:
    return {
        "vidpose.schema_version": METRIC_TABLES_VERSION,
        "vidpose.version": provenance.vidpose_version,
        "vidpose.video_id": provenance.input_name,
        "vidpose.video_sha256": provenance.input_sha256,
        "vidpose.config_sha256": provenance.config_sha256,
    }


def _metric(video_id: str, person: int, value: MetricValue, row: MetricRow) -> dict[str, Any]:
    reason = REASONS[value.reason] if value.reason else ""
    return {"video_id": video_id, "person": person, "label": row.label, "reason": reason, **metric_entry(value, row)}


def _event(video_id: str, person: int, event: Event) -> dict[str, Any]:
    return {"video_id": video_id, "person": person, **event_entry(event)}

"""A long table that grows piece by piece into a Parquet and a CSV file, both atomically."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
from pyarrow import parquet as pa_parquet

from vidpose.results.csv_files import AS_USUAL, CsvFile, TableSettings, open_csv
from vidpose.results.table_columns import Column
from vidpose.state.atomic import atomic_path

ROWS_PER_GROUP: Final = 20_000
"""Rows that are kept before they are written; bounds the memory."""
_TYPES: Final = {"words": pa.string(), "whole": pa.int32(), "time": pa.float64()}


class TableSink:
    """Collects rows and hands them on in large pieces.

    Parameters
    ----------
    schema
        The columns.
    parquet, text
        The two open files.
    """

    def __init__(self, schema: pa.Schema, parquet: Any, text: CsvFile) -> None:
        self.schema = schema
        self._parquet = parquet
        self._text = text
        self._waiting: list[pa.Table] = []
        self._n_waiting = 0

    def add(self, table: pa.Table) -> None:
        """Add rows; they have the sink's schema."""
        self._waiting.append(table)
        self._n_waiting += table.num_rows
        if self._n_waiting >= ROWS_PER_GROUP:
            self.flush()

    def flush(self) -> None:
        """Write the rows that are kept."""
        if self._n_waiting:
            table = pa.concat_tables(self._waiting).combine_chunks()
            self._parquet.write_table(table)
            self._text.write(table)
        self._waiting, self._n_waiting = [], 0


@contextmanager
def open_sink(
    parquet: Path, text: Path, columns: Sequence[Column], version: str, settings: TableSettings = AS_USUAL
) -> Iterator[TableSink]:
    """Give a sink; when the block ends well both files are there, else neither is touched.

    Parameters
    ----------
    parquet, text
        The Parquet and the CSV file.
    columns
        Words, whole numbers and 64-bit numbers.
    version
        Version of the columns, for the Parquet metadata.
    settings
        How the files are written.
    """
    schema = pa.schema([(c.name, _TYPES[c.type]) for c in columns], {"vidpose.schema_version": version})
    words = [column.name for column in columns if column.type == "words"]
    with (
        atomic_path(parquet) as parquet_part,
        atomic_path(text) as text_part,
        pa_parquet.ParquetWriter(
            parquet_part, schema, compression=settings.parquet_compression, use_dictionary=words
        ) as parquet_writer,
        open_csv(text_part, schema, settings.style) as text_file,
    ):
        sink = TableSink(schema, parquet_writer, text_file)
        yield sink
        sink.flush()

"""Rows of numbers as text, fast and with bounded memory; NaN is written ``nan``."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from pyarrow import csv as pa_csv


def write_rows(stream: BinaryIO, parts: Iterable[list[npt.NDArray[Any]]], delimiter: str = "\t") -> None:
    """Write rows.

    Parameters
    ----------
    stream
        Binary stream, behind its header.
    parts
        Consecutive rows as columns of whole numbers or of rounded 64-bit numbers, each of shape (n,).
    delimiter
        What stands between two numbers.
    """
    layout = pa_csv.WriteOptions(
        include_header=False, delimiter=delimiter, quoting_style="none", quoting_header="none", batch_size=1024
    )
    writer: Any = None
    for columns in parts:
        batch = pa.record_batch(
            [pa.array(_plain(column)) for column in columns], [str(number) for number in range(len(columns))]
        )
        if writer is None:
            writer = pa_csv.CSVWriter(stream, batch.schema, write_options=layout)
        writer.write_batch(batch)
    if writer is not None:
        writer.close()


def _plain(column: npt.NDArray[Any]) -> npt.NDArray[Any]:
    return column + 0.0 if column.dtype == np.float64 else column  # + 0 turns -0.0 into 0.0

"""CSV files that spreadsheets open as they are: byte order mark, separator, decimal sign, no formulas."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, get_args

import pyarrow as pa
from pyarrow import compute as pc
from pyarrow import csv as pa_csv

Compression = Literal["zstd", "snappy", "gzip", "none"]


@dataclass(frozen=True, slots=True)
class CsvStyle:
    """How a CSV file is written.

    Attributes
    ----------
    delimiter
        Between cells.
    decimal
        Decimal sign.
    mark
        Whether the file begins with the byte order mark of UTF-8, by which Excel knows "°" and Japanese.
    """

    delimiter: str = ","
    decimal: str = "."
    mark: bool = True


CSV_STYLES: Final[dict[str, CsvStyle]] = {
    "excel": CsvStyle(),
    "plain": CsvStyle(mark=False),
    "excel-ch": CsvStyle(";"),
    **{f"excel-{country}": CsvStyle(";", ",") for country in ("de", "es", "fr", "it", "nl", "pl", "pt")},
}
"""Styles by name; Excel expects the separator and the decimal sign of the country that the computer is set to."""

_FORMULA: Final = r"^[=+\-@\t\r\n＝＋－＠]"
_NEGATIVE_NUMBER: Final = r"^[+\-]\d+([.,]\d+)?([eE][+\-]?\d+)?$"


@dataclass(frozen=True, slots=True)
class TableSettings:
    """How tables are written.

    Attributes
    ----------
    csv_style
        A key of :data:`CSV_STYLES`.
    parquet_compression
        Compression of the Parquet files; programs that do not know zstd know snappy and gzip.
    """

    csv_style: str = "excel"
    parquet_compression: Compression = "zstd"

    def __post_init__(self) -> None:
        if self.csv_style not in CSV_STYLES:
            raise ValueError(f"csv_style: expected one of {', '.join(CSV_STYLES)}, got {self.csv_style!r}")
        if self.parquet_compression not in get_args(Compression):
            known = ", ".join(get_args(Compression))
            raise ValueError(f"parquet_compression: expected one of {known}, got {self.parquet_compression!r}")

    @property
    def style(self) -> CsvStyle:
        """The chosen style."""
        return CSV_STYLES[self.csv_style]


AS_USUAL: Final = TableSettings()
"""The default."""


class CsvFile:
    """Writes rows into an open CSV file.

    Parameters
    ----------
    stream
        Arrow's stream to the file.
    schema
        The columns.
    style
        Separator and decimal sign.
    quotes
        Whether words are put between quotation marks, because a name may hold a separator.
    """

    def __init__(self, stream: pa.NativeFile, schema: pa.Schema, style: CsvStyle, *, quotes: bool) -> None:
        self._style = style
        # a header has no quotes, so that those of all tables read alike
        options = pa_csv.WriteOptions(
            delimiter=style.delimiter, quoting_style="needed" if quotes else "none", quoting_header="none"
        )
        self._writer = pa_csv.CSVWriter(stream, self._shown(schema.empty_table()).schema, write_options=options)

    def write(self, table: pa.Table) -> None:
        """Add rows."""
        self._writer.write_table(self._shown(table))

    def close(self) -> None:
        """End the file."""
        self._writer.close()

    def _shown(self, table: pa.Table) -> pa.Table:
        return _with_decimal(without_formulas(table), self._style.decimal)


@contextmanager
def open_csv(path: Path, schema: pa.Schema, style: CsvStyle, *, quotes: bool = True) -> Iterator[CsvFile]:
    """Give a CSV file to write to.

    Parameters
    ----------
    path
        The file.
    schema
        The columns.
    style
        Byte order mark, separator and decimal sign.
    quotes
        Whether words are put between quotation marks; without, no word may hold the separator.
    """
    with pa.OSFile(str(path), "wb") as stream:
        if style.mark:
            stream.write(b"\xef\xbb\xbf")
        file = CsvFile(stream, schema, style, quotes=quotes)
        yield file
        file.close()


def without_formulas(table: pa.Table) -> pa.Table:
    """Return the table for a CSV file, with an apostrophe before words that a spreadsheet would compute.

    Such are words that begin with ``=``, ``+``, ``-``, ``@``, also as wide letters, a tab or a line break (OWASP, "CSV
    Injection"); the name of a video may be one. Numbers stay as they are, also where they are words.

    Examples
    --------
    >>> without_formulas(pa.table({"video_id": ["=1+1.mp4", "a.mp4"], "value": [-1, 2]})).to_pydict()
    {'video_id': ["'=1+1.mp4", 'a.mp4'], 'value': [-1, 2]}
    """
    for number, field in enumerate(table.schema):
        if pa.types.is_dictionary(field.type) or pa.types.is_string(field.type):
            words = table.column(number).cast(pa.string())
            negative = pc.match_substring_regex(words, _NEGATIVE_NUMBER)
            computed = pc.and_not(pc.match_substring_regex(words, _FORMULA), negative)
            marked = pc.if_else(computed, pc.binary_join_element_wise("'", words, ""), words)
            table = table.set_column(number, pa.field(field.name, pa.string(), field.nullable), marked)
    return table


def _with_decimal(table: pa.Table, decimal: str) -> pa.Table:
    """Return the table with this decimal sign; the numbers are words then."""
    if decimal == ".":
        return table
    for number, field in enumerate(table.schema):
        if pa.types.is_floating(field.type):
            words = pc.replace_substring(table.column(number).cast(pa.string()), ".", decimal)
            table = table.set_column(number, pa.field(field.name, pa.string()), words)
    return table

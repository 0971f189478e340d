"""Rows of any dataset, ours or not, with file and line; what cannot be read is named instead of skipped."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

Severity = Literal["error", "warning"]
Shape = Literal["chat", "bedrock", "openai_pair", "pair", "unknown"]

BOM: Final = b"\xef\xbb\xbf"
SUFFIXES: Final = (".parquet", ".jsonl")
_SPLIT: Final = re.compile(r"(?<![a-z])(train|validation|valid|val|dev|test|eval)(?:ing)?(?![a-z])")
_SPLIT_NAMES: Final = {"valid": "validation", "val": "validation", "dev": "validation", "eval": "test"}


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that is wrong with a dataset.

    Attributes
    ----------
    code
        Short name; those of OpenAI's checker for its rules.
    file
        File, relative to the folder that was checked.
    line
        Line of a JSONL file or row of a Parquet file, from 1; 0 for the file as a whole.
    message
        What was expected and what came.
    severity
        A warning leaves the dataset usable.
    """

    code: str
    file: str
    line: int
    message: str
    severity: Severity = "error"


@dataclass(frozen=True, slots=True)
class RawRow:
    """One row as it stands in a file.

    Attributes
    ----------
    file
        File, relative to the folder that was checked.
    line
        Line or row, from 1.
    value
        Its content; a mapping when it is as it should be.
    is_table
        Whether it comes from a table, where further columns are normal.
    """

    file: str
    line: int
    value: Any
    is_table: bool

    @property
    def shape(self) -> Shape:
        """The format that its keys belong to."""
        keys = set(self.value) if isinstance(self.value, dict) else set()
        if {"input", "preferred_output"} & keys:
            return "openai_pair"
        if {"chosen", "rejected"} & keys:
            return "pair"
        if "messages" in keys:
            return "bedrock" if "system" in keys or ".anthropic." in self.file else "chat"
        return "unknown"


def data_files(path: Path) -> list[Path]:
    """Return the Parquet and JSONL files of a folder without hidden ones and rejects; or the file itself."""
    if path.is_file():
        return [path]
    found = [one for one in path.rglob("*") if one.suffix in SUFFIXES and one.is_file() and one.stem != "rejects"]
    return sorted(one for one in found if not any(part.startswith(".") for part in one.relative_to(path).parts))


def split_of(file: str) -> str:
    """Return the split that a file's name speaks of: train, validation or test; empty for none."""
    found = _SPLIT.findall(Path(file).name.lower())
    return _SPLIT_NAMES.get(found[-1], found[-1]) if found else ""


def collection_of(file: str) -> str:
    """Return what files that are splits of one thing have in common: folder, and name without the split."""
    path = Path(file)
    stem = re.sub(r"-\d{5}-of-\d{5}$", "", path.stem)
    return f"{path.parent.as_posix()}/{_SPLIT.sub('*', stem.lower())}{path.suffix}"


def read_rows(path: Path, name: str) -> Iterator[RawRow | Problem]:
    """Yield the rows of a file, and a problem for each line that is none.

    Parameters
    ----------
    path
        The file.
    name
        What it is called in problems.
    """
    yield from _parquet_rows(path, name) if path.suffix == ".parquet" else _json_rows(path, name)


def _json_rows(path: Path, name: str) -> Iterator[RawRow | Problem]:
    try:
        with path.open("rb") as stream:
            number = 0
            for number, raw in enumerate(stream, 1):
                line = raw
                if number == 1 and line.startswith(BOM):
                    yield Problem("byte_order_mark", name, 1, "expected UTF-8 without a byte order mark")
                    line = line.removeprefix(BOM)
                yield _json_row(line, name, number)
            if not number:
                yield Problem("empty_file", name, 0, "expected at least one line, got none")
    except OSError as error:
        yield Problem("unreadable_file", name, 0, f"cannot be read ({error.strerror or error})")


def _json_row(line: bytes, name: str, number: int) -> RawRow | Problem:
    try:
        text = line.decode()
    except UnicodeDecodeError as error:
        return Problem("not_utf8", name, number, f"expected UTF-8, got byte {line[error.start]:#04x} at {error.start}")
    if not text.strip():
        return Problem("blank_line", name, number, "expected one JSON object per line, got an empty line")
    if text.endswith("\r\n"):
        return Problem("carriage_return", name, number, "expected lines that end with LF, got CR LF")
    try:
        return RawRow(name, number, orjson.loads(text), is_table=False)
    except orjson.JSONDecodeError as error:
        return Problem("not_json", name, number, f"expected one JSON object, got {text[:60].strip()!r} ({error})")


def _parquet_rows(path: Path, name: str) -> Iterator[RawRow | Problem]:
    number = 0
    try:
        with pq.ParquetFile(path) as table:
            for batch in table.iter_batches(batch_size=1_000):
                for row in batch.to_pylist():
                    number += 1
                    yield RawRow(name, number, row, is_table=True)
    except (OSError, pa.ArrowException) as error:
        yield Problem("unreadable_file", name, number, f"no readable Parquet file behind row {number} ({error})")

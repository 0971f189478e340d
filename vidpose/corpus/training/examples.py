"""Rows of the data set, as training and evaluation need them."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from vidpose.corpus.dataset.evidence_json import read_facts_json
from vidpose.corpus.example import Example, Fact, Message
from vidpose.errors import InputError

Split = Literal["train", "validation", "test"]

COLUMNS: Final = ("id", "task", "language", "group", "generator", "messages", "facts")


@dataclass(frozen=True, slots=True)
class Row:
    """One conversation with the facts that it may state.

    Attributes
    ----------
    example
        The conversation.
    facts
        What its texts may state.
    """

    example: Example
    facts: tuple[Fact, ...]

    @property
    def chat(self) -> list[dict[str, str]]:
        """All turns, as chat templates take them."""
        return [{"role": message.role, "content": message.content} for message in self.example.messages]

    @property
    def prompt(self) -> list[dict[str, str]]:
        """All turns but the last answer."""
        return self.chat[:-1]

    @property
    def answer(self) -> str:
        """The last answer."""
        return self.example.messages[-1].content

    def answered(self, text: str) -> Example:
        """Return the conversation with ``text`` as its last answer."""
        turns = (*self.example.messages[:-1], Message("assistant", text))
        return dataclasses.replace(self.example, messages=turns, spans=())


def read_split(dataset: Path, parts: tuple[str, ...], split: Split) -> tuple[Row, ...]:
    """Read one split of the given parts; no rows when the data set has no such split.

    Raises
    ------
    InputError
        When a file cannot be read or a row is not a conversation; the message names it.
    """
    paths = [path for part in parts for path in sorted((dataset / "data" / part).glob(f"{split}-*.parquet"))]
    return tuple(row for path in paths for row in _read_file(path))


def _read_file(path: Path) -> list[Row]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.ParquetFile(path)
        missing = sorted(set(COLUMNS) - set(table.schema_arrow.names))
        rows = [] if missing else table.read(columns=list(COLUMNS)).to_pylist()
    except (OSError, pa.ArrowException) as error:
        raise _unusable(f"{path.name} is not a readable corpus file ({error})", path) from error
    if missing:
        raise _unusable(f"{path.name} lacks the columns {', '.join(missing)}", path)
    return [_as_row(row, path, number) for number, row in enumerate(rows)]


def _as_row(row: dict[str, Any], path: Path, number: int) -> Row:
    try:
        messages = tuple(Message(turn["role"], turn["content"]) for turn in row["messages"])
        facts = tuple(read_facts_json(row["facts"]).values())
    except (TypeError, KeyError, ValueError) as error:
        raise _unusable(f"{path.name}, row {number}: not a conversation with its facts ({error})", path) from error
    roles = [message.role for message in messages]
    asked = roles[1:] if roles[:1] == ["system"] else roles
    if not asked or asked != ["user", "assistant"] * (len(asked) // 2) or not all(turn.content for turn in messages):
        raise _unusable(f"{path.name}, row {number}: expected user and assistant in turns, got {roles}", path)
    example = Example(
        id=row["id"],
        task=row["task"],
        language=row["language"],
        group=row["group"],
        messages=messages,
        facts=tuple(fact.id for fact in facts),
        generator=row["generator"],
    )
    return Row(example, facts)


def _unusable(message: str, path: Path) -> InputError:
    return InputError(
        f"{message}; check the data set with 'vidpose corpus verify' or build it again",
        file=path.name,
        code="corrupt_corpus",
    )


def part_of(rows: tuple[Row, ...], most: int) -> tuple[Row, ...]:
    """Take at most ``most`` rows, spread evenly over the split: over its tasks and languages, whatever the order.

    Rows are sorted by task, language and id (a hash), and every n-th is taken; so the choice depends on the rows only.
    """
    ordered = sorted(rows, key=lambda row: (row.example.task, row.example.language, row.example.id))
    if len(ordered) <= most:
        return tuple(ordered)
    return tuple(ordered[number * len(ordered) // most] for number in range(most))


def held_out_split(dataset: Path, parts: tuple[str, ...]) -> tuple[Split | None, tuple[Row, ...]]:
    """Return the split to evaluate on: the test split, else the validation split, else none."""
    splits: tuple[Split, ...] = ("test", "validation")
    for split in splits:
        rows = read_split(dataset, parts, split)
        if rows:
            return split, rows
    return None, ()

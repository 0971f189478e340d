"""The columns of the Parquet files, and examples, pairs and rejected examples as rows of them.

Facts and spans are JSON text, so that every file has one schema; no column has a name that TRL reserves.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from vidpose.corpus.dataset.evidence_json import facts_json, facts_of, spans_json
from vidpose.corpus.dataset.formats.openai import plain_messages
from vidpose.corpus.dataset.formats.trl import preference_row
from vidpose.corpus.dataset.preference import PreferencePair
from vidpose.corpus.dataset.tokens import CountTokens, count_conversation, estimate_tokens
from vidpose.corpus.example import Example, Fact, Message

CORPUS_VERSION: Final = "1.0.0"
"""Of the files' layout."""
ROWS_PER_FILE: Final = 50_000
"""Ours: some tens of megabytes each."""

_TURNS: Final = pa.list_(pa.struct([("role", pa.string()), ("content", pa.string())]))
_ABOUT: Final = (("id", pa.string()), ("task", pa.string()), ("language", pa.string()), ("group", pa.string()))
_EVIDENCE: Final = (
    ("generator", pa.string()),
    ("facts", pa.string()),
    ("spans", pa.string()),
    ("parent", pa.string()),
    ("n_statements", pa.int32()),
    ("n_tokens", pa.int32()),
    ("vidpose_version", pa.string()),
)
SFT_SCHEMA: Final = pa.schema([*_ABOUT, ("messages", _TURNS), *_EVIDENCE])
"""``data/sft/*.parquet``, and those of API-written rows."""
PREFERENCE_SCHEMA: Final = pa.schema(
    [*_ABOUT, ("prompt", _TURNS), ("chosen", _TURNS), ("rejected", _TURNS), ("corruption", pa.string()), *_EVIDENCE]
)
"""``data/preference/*.parquet``."""
REJECT_SCHEMA: Final = pa.schema(
    [
        *_ABOUT,
        *((name, pa.string()) for name in ("generator", "stage", "reason", "detail")),
        ("conversation", _TURNS),
    ]
)
"""``rejects.parquet``."""


@dataclass(frozen=True, slots=True)
class Reject:
    """An example that was left out.

    Attributes
    ----------
    example
        The example.
    stage
        Which step left it out: ``check``, ``deduplicate``, ``balance``, ``split``.
    reason
        Short code.
    detail
        What exactly.
    """

    example: Example
    stage: str
    reason: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class RowMaker:
    """Turns examples into rows.

    Attributes
    ----------
    facts
        All facts by id.
    vidpose_version
        Stamped on every row.
    count
        Counts tokens.
    """

    facts: Mapping[str, Fact]
    vidpose_version: str
    count: CountTokens = estimate_tokens

    def sft(self, examples: Iterable[Example]) -> pa.Table:
        """Return examples as a table, in the order given."""
        rows = [
            {**_about(one), "messages": plain_messages(one.messages), **self._evidence(one, one.messages)}
            for one in examples
        ]
        return pa.Table.from_pylist(rows, SFT_SCHEMA)

    def preference(self, pairs: Iterable[PreferencePair]) -> pa.Table:
        """Return pairs as a table, in the order given."""
        return pa.Table.from_pylist([self._pair(pair) for pair in pairs], PREFERENCE_SCHEMA)

    def _pair(self, pair: PreferencePair) -> dict[str, Any]:
        turns = (*pair.example.messages, Message("assistant", pair.rejected))
        evidence = self._evidence(pair.example, turns)
        return {
            **_about(dataclasses.replace(pair.example, id=pair.id)),
            **preference_row(pair.prompt, pair.chosen, pair.rejected),
            "corruption": pair.corruption,
            **evidence,
            "parent": pair.example.id,
        }

    def _evidence(self, example: Example, turns: Sequence[Message]) -> dict[str, Any]:
        return {
            "generator": example.generator,
            "facts": facts_json(facts_of(example, self.facts)),
            "spans": spans_json(example.spans),
            "parent": example.parent,
            "n_statements": len(example.spans),
            "n_tokens": count_conversation(turns, self.count),
            "vidpose_version": self.vidpose_version,
        }


def rejects_table(rejects: Iterable[Reject]) -> pa.Table:
    """Return what was left out as a table, in the order given."""
    rows = [
        {
            **_about(one.example),
            "generator": one.example.generator,
            "stage": one.stage,
            "reason": one.reason,
            "detail": one.detail,
            "conversation": plain_messages(one.example.messages),
        }
        for one in rejects
    ]
    return pa.Table.from_pylist(rows, REJECT_SCHEMA)


def write_parts(folder: Path, split: str, table: pa.Table, rows_per_file: int = ROWS_PER_FILE) -> list[Path]:
    """Write a table as ``<split>-00000-of-0000N.parquet``; return the files, none for an empty table.

    Parameters
    ----------
    folder
        Where to.
    split
        First part of the names.
    table
        The rows.
    rows_per_file
        Most rows in one file.
    """
    n_files = -(-table.num_rows // rows_per_file)
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{split}-{number:05d}-of-{n_files:05d}.parquet" for number in range(n_files)]
    for number, path in enumerate(paths):
        pq.write_table(table.slice(number * rows_per_file, rows_per_file), path, compression="zstd")
    return paths


def _about(example: Example) -> dict[str, str]:
    return {"id": example.id, "task": example.task, "language": example.language, "group": example.group}

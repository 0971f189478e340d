"""Facts and spans as JSON text: columns of one type whatever a row's facts are, and readable again."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterable, Mapping
from typing import Any

import orjson

from vidpose.corpus.example import Example, Fact, Span

_FACT_FIELDS = tuple(field.name for field in dataclasses.fields(Fact))


def facts_json(facts: Iterable[Fact]) -> str:
    """Return facts as JSON, sorted by id; NaN becomes null."""
    return orjson.dumps([dataclasses.asdict(fact) for fact in sorted(facts, key=lambda fact: fact.id)]).decode()


def read_facts_json(text: str) -> dict[str, Fact]:
    """Return the facts of such a text by id.

    Raises
    ------
    ValueError
        When it is no such text; names what is wrong.
    """
    try:
        rows = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise ValueError(f"facts: expected JSON, got {text[:40]!r} ({error})") from error
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise ValueError("facts: expected a list of facts")
    facts = [_fact(row) for row in rows]
    return {fact.id: fact for fact in facts}


def _fact(row: Mapping[str, Any]) -> Fact:
    missing = [name for name in _FACT_FIELDS if name not in row]
    if missing:
        raise ValueError(f"facts: a fact lacks {', '.join(missing)}")
    plain: dict[str, Any] = {name: math.nan if row[name] is None else row[name] for name in _FACT_FIELDS}
    plain["derived_from"] = tuple(row["derived_from"])
    return Fact(**plain)


def facts_of(example: Example, facts: Mapping[str, Fact]) -> list[Fact]:
    """Return the facts that an example may state.

    Parameters
    ----------
    example
        The example.
    facts
        All facts by id.

    Raises
    ------
    KeyError
        When it names a fact that does not exist.
    """
    return [facts[name] for name in example.facts]


def spans_json(spans: Iterable[Span]) -> str:
    """Return spans as JSON."""
    return orjson.dumps([dataclasses.asdict(span) for span in spans]).decode()


def read_spans_json(text: str) -> tuple[Span, ...]:
    """Return the spans of such a text.

    Raises
    ------
    ValueError
        When it is no such text.
    """
    try:
        return tuple(Span(**row) for row in orjson.loads(text))
    except (orjson.JSONDecodeError, TypeError) as error:
        raise ValueError(f"spans: expected a JSON list of spans ({error})") from error

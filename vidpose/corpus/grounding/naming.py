"""Whether a text speaks only of metrics and sides that its facts, or the question, are about."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from typing import Final

from vidpose.corpus.facts.fact_dictionary import FACT_DICTIONARY
from vidpose.corpus.grounding.lexicon import Lexicon
from vidpose.corpus.grounding.matching import Evidence, positive_side
from vidpose.corpus.grounding.text_parts import FoundWords, ReadText
from vidpose.corpus.grounding.verdict import GroundingFailure, Mention

_BETWEEN: Final = re.compile(r"[\s,(]*(?:on the|at the|of the|auf der|an der|am|im)?\s*")
_JSON_KEY: Final = re.compile(r'",\s*"\w+":\s*"')


def failed_names(
    read: ReadText, message: int, words: Lexicon, evidence: Evidence, asked: frozenset[str]
) -> Iterator[GroundingFailure]:
    """Yield metrics that no allowed fact is about, and sides for which there is no fact of their metric.

    Single words for what is counted (``jumps``, ``cycles``) are everyday words and may stand anywhere.

    Parameters
    ----------
    read
        An assistant's turn, taken apart.
    message
        Its number in the conversation.
    words
        Its language.
    evidence
        Allowed facts.
    asked
        Metrics that the user named.
    """
    known = asked | {fact.metric for fact in evidence.allowed}
    for name in read.names:
        everyday = " " not in read.text[name.start : name.end].strip()
        if everyday and all(_is_count(metric) for metric in name.metrics):
            continue
        if not name.metrics & known:
            yield GroundingFailure("wrong_metric", message, name.start, name.end, read.text[name.start : name.end])
            continue
        for side in _sides_beside(name, read):
            if not _has_side(name, side.meaning, evidence):
                start, end = min(name.start, side.start), max(name.end, side.end)
                yield GroundingFailure("wrong_side", message, start, end, read.text[start:end])
    yield from _repeated_sides(read, message, words)


def _is_count(metric: str) -> bool:
    row = FACT_DICTIONARY.get(metric)
    return row is not None and row.unit == "count"


def _sides_beside(name: FoundWords, read: ReadText) -> Iterator[FoundWords]:
    """Yield the sides within a name, right before it, and right behind it."""
    for side in read.sides:
        if side.meaning == "both":
            continue
        inside = name.start <= side.start < name.end
        before = side.end <= name.start and not read.bare[side.end : name.start].strip()
        between = read.bare[name.end : side.start]
        behind = side.start >= name.end and (_BETWEEN.fullmatch(between) or _JSON_KEY.fullmatch(between))
        if inside or before or behind:
            yield side


def _has_side(name: FoundWords, side: str, evidence: Evidence) -> bool:
    """Return whether there is a fact of the metric and side, or one whose sign says a side."""
    own = [fact for fact in evidence.allowed if fact.metric in name.metrics]
    if not own:
        return True  # named by the user only; numbers about it fail anyway
    return any(
        fact.side == side or (fact.kind == "difference" and "|" not in fact.subject) or positive_side(fact.metric) != ""
        for fact in own
    )


def told_twice(read: ReadText, mentions: Sequence[Mention]) -> Iterator[GroundingFailure]:
    """Yield the second of two numbers of one sentence that give one side's value, where both sides were meant.

    Parameters
    ----------
    read
        An assistant's turn, taken apart.
    mentions
        Its numbers, with the facts that agree.
    """
    values = [one for one in mentions if one.role == "value" and not one.moment]
    for one, other in itertools.pairwise(values):
        same = one.facts == other.facts and len(one.facts) == 1 and one.side_stated and other.side_stated
        between = [side for side in read.sides if one.end <= side.start < other.start]
        sentence = any(passage.start <= one.start and other.end <= passage.end for passage in read.passages)
        if same and sentence and any(side.meaning == other.side for side in between):
            yield GroundingFailure(
                "wrong_side", other.message, other.start, other.end, read.text[other.start : other.end]
            )


def _repeated_sides(read: ReadText, message: int, words: Lexicon) -> Iterator[GroundingFailure]:
    """Find ``right and right``, where two different sides are meant."""
    for one, other in itertools.pairwise(read.sides):
        between = read.bare[one.end : other.start].strip()
        joined = any(words.words[kind].fullmatch(between) for kind in ("clause_words", "range_words", "from_words"))
        if one.meaning == other.meaning and joined:
            yield GroundingFailure("wrong_side", message, one.start, other.end, read.text[one.start : other.end])

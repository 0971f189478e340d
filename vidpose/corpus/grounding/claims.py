"""Statements without a number of their own: comparisons, places with respect to a range, forbidden claims."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from vidpose.corpus.example import Fact
from vidpose.corpus.facts.fact_dictionary import FACT_DICTIONARY
from vidpose.corpus.grounding.lexicon import Lexicon
from vidpose.corpus.grounding.matching import Evidence, positive_side
from vidpose.corpus.grounding.text_parts import FoundWords, Passage, ReadText
from vidpose.corpus.grounding.verdict import GroundingFailure, Reason

BANNED: Final = ("diagnosis", "injury", "identity")
_UP: Final[dict[str, int]] = {"larger": 1, "smaller": -1, "later": 1, "earlier": -1}
_SAME: Final = "same"
"""Subject of a comparison of something with itself."""
_NEAR_RANGE: Final = 30
"""Characters between ``above`` and the word for the range. Ours: two or three words."""


@dataclass(frozen=True, slots=True)
class _Comparison:
    """Direction word at ``start``, ``end``; subject ``left``, ``right``, ``first`` or ``second``."""

    start: int
    end: int
    direction: str
    subject: str


def failed_claims(
    read: ReadText, message: int, words: Lexicon, evidence: Evidence, asked: frozenset[str]
) -> Iterator[GroundingFailure]:
    """Yield what a text claims against the facts, beside its numbers.

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
        Metrics of the question, for sentences that name none.
    """
    metrics = asked
    for passage in read.passages:
        named = [one for one in read.names if passage.start <= one.start < passage.end]
        if named:
            metrics = frozenset[str]().union(*(one.metrics for one in named))
        if passage.is_row or passage.is_question:
            continue
        negated = words.words["negations"].search(read.bare, passage.start, passage.end) is not None
        if not negated:
            yield from _banned(read, passage, message, words)
        yield from _multiples(read, passage, message, words)
        # "that means 0.5 s longer" states something; a definition has no numbers
        has_number = any(one.isdigit() for one in read.bare[passage.start : passage.end])
        if not has_number and words.words["definition_words"].search(read.bare, passage.start, passage.end):
            yield from _definition(read, passage, message, words, metrics)
        elif not negated:
            yield from _comparisons(read, passage, message, words, evidence, metrics)
            yield from _relations(read, passage, message, words, evidence, metrics)


def _failure(reason: Reason, read: ReadText, message: int, start: int, end: int) -> GroundingFailure:
    return GroundingFailure(reason, message, start, end, read.text[start:end])


def _banned(read: ReadText, passage: Passage, message: int, words: Lexicon) -> Iterator[GroundingFailure]:
    for kind in BANNED:
        match = words.words[kind].search(read.bare, passage.start, passage.end)
        if match:
            yield _failure("banned_claim", read, message, match.start(), match.end())


def _multiples(read: ReadText, passage: Passage, message: int, words: Lexicon) -> Iterator[GroundingFailure]:
    for match in words.words["multiples"].finditer(read.bare, passage.start, passage.end):
        yield _failure("unknown_number", read, message, match.start(), match.end())


def _definition(
    read: ReadText, passage: Passage, message: int, words: Lexicon, metrics: frozenset[str]
) -> Iterator[GroundingFailure]:
    """Check ``a positive value means larger on the right`` against the dictionary."""
    positive = words.words["positive_words"].search(read.bare, passage.start, passage.end)
    negative = words.words["negative_words"].search(read.bare, passage.start, passage.end)
    sides = {one.meaning for one in read.sides if passage.start <= one.start < passage.end} & {"left", "right"}
    expected = {positive_side(metric) for metric in metrics} - {""}
    if (positive is None) == (negative is None) or len(sides) != 1 or len(expected) != 1:
        return
    smaller = words.directions["smaller"].search(read.bare, passage.start, passage.end) is not None
    if (sides == expected) != ((positive is not None) != smaller):
        yield _failure("wrong_direction", read, message, passage.start, passage.end)


def _comparisons(
    read: ReadText, passage: Passage, message: int, words: Lexicon, evidence: Evidence, metrics: frozenset[str]
) -> Iterator[GroundingFailure]:
    for one in _compared(read, passage, words, evidence, metrics):
        if one.subject == _SAME:
            yield _failure("wrong_side", read, message, one.start, one.end)
            continue
        facts = _facts_comparing(one.subject, passage, read, evidence, metrics)
        signs = {_sign_of(one, fact) for fact in facts}
        if None in signs:
            yield _failure("unknown_comparison", read, message, one.start, one.end)
        elif not facts:
            if metrics:
                yield _failure("unknown_comparison", read, message, one.start, one.end)
        elif any(fact.reason for fact in facts):
            yield _failure("gated_metric", read, message, one.start, one.end)
        elif not any(_sign_of(one, fact) == _sign(fact.value) for fact in facts):
            yield _failure("wrong_direction", read, message, one.start, one.end)


def _compared(
    read: ReadText, passage: Passage, words: Lexicon, evidence: Evidence, metrics: frozenset[str]
) -> Iterator[_Comparison]:
    pairs = any("|" in fact.subject and fact.metric in metrics for fact in evidence.allowed)
    anchors: list[FoundWords] = (
        [one for one in read.recordings if passage.start <= one.start < passage.end] if pairs else []
    )
    if not anchors:
        anchors = [one for one in read.sides if passage.start <= one.start < passage.end and one.meaning != "both"]
    for direction, pattern in words.directions.items():
        for match in pattern.finditer(read.bare, passage.start, passage.end):
            subject = "second" if pairs else ""
            if anchors:
                subject = _subject(match, read.bare, passage, anchors, words)
            if subject:
                yield _Comparison(match.start(), match.end(), direction, subject)


def _subject(match: re.Match[str], bare: str, passage: Passage, anchors: list[FoundWords], words: Lexicon) -> str:
    """Return what a comparison word is said of: the nearest side or recording that no ``than`` stands before."""
    references = []
    for than in words.words["than_words"].finditer(bare, passage.start, passage.end):
        behind = [one for one in anchors if one.start >= than.end()]
        references += behind[:1]
    subjects = [one for one in anchors if one not in references]
    if not subjects:
        opposite = {"left": "right", "right": "left", "first": "second", "second": "first"}
        return opposite[references[0].meaning]
    subject = min(subjects, key=lambda one: (_distance(one, match), one.start)).meaning
    return _SAME if any(one.meaning == subject for one in references) else subject


def _distance(one: FoundWords, match: re.Match[str]) -> int:
    return one.start - match.end() if one.start >= match.end() else match.start() - one.end


def _facts_comparing(
    subject: str, passage: Passage, read: ReadText, evidence: Evidence, metrics: frozenset[str]
) -> list[Fact]:
    own = [fact for fact in evidence.allowed if fact.metric in metrics]
    if subject in ("first", "second"):
        sides = {one.meaning for one in read.sides if passage.start <= one.start < passage.end}
        found = [fact for fact in own if fact.kind == "difference" and "|" in fact.subject]
        return [fact for fact in found if fact.side in sides] or found
    signed = [fact for fact in own if fact.kind == "metric" and positive_side(fact.metric)]
    return signed + [fact for fact in own if fact.kind == "difference" and "|" not in fact.subject]


def _sign_of(one: _Comparison, fact: Fact) -> int | None:
    """Return the sign that a comparison claims for a fact; None where the word says nothing about its metric."""
    unit = FACT_DICTIONARY[fact.metric].unit if fact.metric in FACT_DICTIONARY else "none"
    up = _UP.get(one.direction)
    if one.direction in ("faster", "slower"):
        rate = -1 if unit == "s" else 1 if unit in ("1/s", "m/s", "body_heights/s") else 0
        up = rate * (1 if one.direction == "faster" else -1)
    elif one.direction in ("better", "worse"):
        up = (1 if one.direction == "better" else -1) if unit == "score" else 0
    if not up:
        return None
    towards = "right" if fact.kind == "difference" else positive_side(fact.metric)
    return up if one.subject in (towards, "second") else -up


def _sign(value: float) -> int:
    return 1 if value > 0 else -1 if value < 0 else 0


def _relations(
    read: ReadText, passage: Passage, message: int, words: Lexicon, evidence: Evidence, metrics: frozenset[str]
) -> Iterator[GroundingFailure]:
    """Check ``above the usual range`` against the measured value and the limits."""
    for relation, pattern in words.relations.items():
        for match in pattern.finditer(read.bare, passage.start, passage.end):
            near = words.words["reference_words"].search(
                read.bare, match.start(), min(passage.end, match.end() + _NEAR_RANGE)
            )
            if near is None:
                continue
            holds = _relation_holds(relation, _sides(read, passage), evidence, metrics)
            if not holds:
                reason: Reason = "unknown_comparison" if holds is None else "wrong_direction"
                yield _failure(reason, read, message, match.start(), near.end())


def _sides(read: ReadText, passage: Passage) -> set[str]:
    return {one.meaning for one in read.sides if passage.start <= one.start < passage.end} & {"left", "right"}


def _relation_holds(relation: str, sides: set[str], evidence: Evidence, metrics: frozenset[str]) -> bool | None:
    own = [fact for fact in evidence.allowed if fact.metric in metrics and not fact.reason]
    own = [fact for fact in own if not sides or fact.side in sides or fact.side in ("none", "both")]
    limits = [fact.value for fact in own if fact.kind == "reference"]
    values = [fact.value for fact in own if fact.kind in ("metric", "extreme", "event_count")]
    if not limits or not values:
        return None
    low, high = min(limits), max(limits)
    tests = {"above": lambda x: x > high, "below": lambda x: x < low, "within": lambda x: low <= x <= high}
    return any(tests[relation](value) for value in values)

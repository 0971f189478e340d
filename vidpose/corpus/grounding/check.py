"""The check of one example: every number and comparison must agree with a fact that the example may state."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Final

from vidpose.corpus.example import Example, Fact
from vidpose.corpus.facts.fact_dictionary import FACT_DICTIONARY
from vidpose.corpus.facts.fact_table import fact_id
from vidpose.corpus.grounding.claims import failed_claims
from vidpose.corpus.grounding.lexicon import Lexicon, lexicon
from vidpose.corpus.grounding.matching import Evidence, facts_for, why_not
from vidpose.corpus.grounding.mentions import Context, context_of, mentions_of
from vidpose.corpus.grounding.naming import failed_names, told_twice
from vidpose.corpus.grounding.spans import check_spans
from vidpose.corpus.grounding.text_parts import read_text
from vidpose.corpus.grounding.verdict import GroundingFailure, Mention, Verdict

_VALUES: Final = ("value", "difference", "reference")
_SHORTEST_QUOTE: Final = 16
_SHORTEST_SOURCE: Final = 8
"""Characters. Ours: shorter entries of the dictionary (``vertical``) are words like others."""


def check_text(example: Example, facts: Mapping[str, Fact]) -> Verdict:
    """Read every number, unit, side, comparison and forbidden claim of an example back and compare it with its facts.

    Numbers are checked in all turns, also in tables and questions; comparisons and forbidden claims in those of the
    assistant. Texts without spans are checked by their words alone.

    Parameters
    ----------
    example
        The conversation; its ``facts`` say what it may state.
    facts
        All facts by id.
    """
    words = lexicon(example.language)
    evidence = Evidence.of(facts[one] for one in example.facts if one in facts)
    compared = dataclasses.replace(evidence, allowed=evidence.allowed + _implied(evidence.allowed, facts))
    failures = [GroundingFailure("unknown_fact", 0, 0, 0, one) for one in example.facts if one not in facts]
    quotes = _quotes(tuple(sorted({fact.metric for fact in evidence.allowed})))
    quotes += tuple(sorted({fact.source.lower() for fact in evidence.allowed if len(fact.source) >= _SHORTEST_SOURCE}))
    mentions: list[Mention] = []
    context, spoken_of = Context(), frozenset[str]()
    for number, message in enumerate(example.messages):
        read = read_text(message.content, words, quotes)
        asked = context
        if message.role == "user":
            context = context_of(read, context)
            asked = context
            spoken_of = spoken_of.union(*(name.metrics for name in read.names))
        settled = list(_settled(mentions_of(read, number, words, asked), evidence, mentions))
        mentions += settled
        if message.role == "assistant":
            failures += failed_claims(read, number, words, compared, asked.metrics)
            failures += told_twice(read, settled)
            failures += failed_names(read, number, words, compared, spoken_of)
    failures += _failed(mentions, example, evidence, words)
    failures += check_spans(example, mentions, facts)
    ordered = sorted(set(failures), key=lambda one: (one.message, one.start, one.end, one.reason))
    return Verdict(tuple(mentions), tuple(ordered))


def _implied(allowed: Sequence[Fact], facts: Mapping[str, Fact]) -> tuple[Fact, ...]:
    """Return the differences that follow from allowed facts, for comparisons that state no number."""
    lefts = [fact for fact in allowed if fact.kind == "metric" and fact.side == "left"]
    ids = {fact.id for fact in allowed}
    keys = [fact_id(fact.subject, fact.metric, "both", "difference") for fact in lefts]
    found = [facts[key] for key in keys if key in facts and key not in ids]
    return tuple(fact for fact in found if set(fact.derived_from) <= ids)


def _settled(mentions: Sequence[Mention], evidence: Evidence, before: Sequence[Mention]) -> Iterator[Mention]:
    """Yield the numbers with the facts that agree; an uncertainty belongs to the value before it."""
    last = next((one for one in reversed(before) if one.role in _VALUES), None)
    for mention in mentions:
        meant = mention
        if mention.role == "uncertainty" and last is not None and last.facts:
            meant = dataclasses.replace(mention, metrics=frozenset(), side="", recording="")
        found = facts_for(meant, evidence)
        if meant is not mention and last is not None:
            found = tuple(fact for fact in found if fact.id in last.facts)
        settled = dataclasses.replace(mention, facts=tuple(fact.id for fact in found))
        if mention.role in _VALUES:
            last = settled
        yield settled


def _failed(
    mentions: Sequence[Mention], example: Example, evidence: Evidence, words: Lexicon
) -> Iterator[GroundingFailure]:
    for mention in mentions:
        if not mention.facts and not _frame_rate(mention, evidence) and not _person(mention, example, evidence, words):
            text = example.messages[mention.message].content[mention.start : mention.end]
            yield GroundingFailure(why_not(mention, evidence), mention.message, mention.start, mention.end, text)


def _frame_rate(mention: Mention, evidence: Evidence) -> bool:
    """Return whether a number is the frame rate that one of the metrics needs."""
    if mention.unit != "frames per second" or mention.role != "value" or mention.value <= 0:
        return False
    rows = (FACT_DICTIONARY.get(fact.metric) for fact in evidence.allowed)
    return any(row is not None and row.min_rate_hz == mention.value for row in rows)


def _person(mention: Mention, example: Example, evidence: Evidence, words: Lexicon) -> bool:
    """Return whether a number is that of a person whom the facts are about: ``person 2``."""
    before = example.messages[mention.message].content[: mention.start].rstrip()
    last = before.rsplit(None, 1)[-1:] if before else []
    if mention.unit or mention.decimals or not last or not words.words["persons"].fullmatch(last[0]):
        return False
    people = {part.rpartition("/")[2] for fact in evidence.allowed for part in fact.subject.split("|")}
    return str(int(mention.value)) in people


@lru_cache(maxsize=4096)
def _quotes(metrics: tuple[str, ...]) -> tuple[str, ...]:
    """Return what the dictionary says of some metrics, in small letters, the longest first."""
    texts = set()
    for metric in metrics:
        row = FACT_DICTIONARY.get(metric)
        if row is not None:
            # what is positive is a claim ("larger on the right"), which must be read, not skipped
            texts |= {row.definition, row.formula, row.source, row.note, row.zero}
    quotes = {text.lower().rstrip(".") for text in texts if len(text) >= _SHORTEST_QUOTE}
    return tuple(sorted(quotes, key=lambda text: (-len(text), text)))

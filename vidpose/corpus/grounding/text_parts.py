"""A text taken apart: rows and sentences, metric names, sides, recordings, and what is quoted.

A small scanner of our own: language packages find numbers and entities in general text, but none knows these metrics,
and every decision here has to be explainable by a list of words.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from vidpose.corpus.grounding.lexicon import Lexicon

MASK: Final = "\x01"
_ROW: Final = re.compile(r"\{[^{}]*\}|^[ \t]*\|.*$|^[^\n]*\t[^\n]*$", re.MULTILINE)
"""A JSON object, a line of a Markdown table, or a line with tabs."""
_SENTENCE_END: Final = re.compile(r"(?<=[.!?])[\"')\u201d]?\s+(?=\S)|\n+")
_ABBREVIATION: Final = re.compile(r"(?:\b(?:e\.g|i\.e|ca|approx|z\.\s?B|bzw|d\.\s?h)\.)$")
_CLAUSE_MARK: Final = re.compile(r"[;,](?=\s|$)|\s[-\u2013\u2014]\s|\(|\)")


@dataclass(frozen=True, slots=True)
class FoundWords:
    """Words with a meaning, characters ``[start, end)``: a side, ``first`` or ``second`` recording, or metrics."""

    start: int
    end: int
    meaning: str = ""
    metrics: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence or row: characters ``[start, end)``, and the ends of its clauses."""

    start: int
    end: int
    is_row: bool
    clauses: tuple[tuple[int, int], ...]
    is_question: bool

    def clause(self, position: int) -> tuple[int, int]:
        """Return the clause that a position lies in."""
        return next((one for one in self.clauses if one[0] <= position < one[1]), (self.start, self.end))


@dataclass(frozen=True, slots=True)
class ReadText:
    """One turn taken apart.

    Attributes
    ----------
    text
        As it came.
    bare
        The same length; quotes are blanked and names masked, so that no word within them counts.
    passages
        Sentences and rows in order.
    names, sides, recordings
        What was found, in order.
    """

    text: str
    bare: str
    passages: tuple[Passage, ...]
    names: tuple[FoundWords, ...]
    sides: tuple[FoundWords, ...]
    recordings: tuple[FoundWords, ...]


def read_text(text: str, words: Lexicon, quotes: Iterable[str]) -> ReadText:
    """Take a text apart.

    Parameters
    ----------
    text
        One turn.
    words
        Its language.
    quotes
        Texts of the dictionary and of sources: where they stand word for word they state nothing of their own.
    """
    bare = _without_quotes(text, quotes)
    bare = words.words["ignored"].sub(_blank, bare)
    names: list[FoundWords] = []
    sides: list[FoundWords] = []

    def take(match: re.Match[str]) -> str:
        names.append(FoundWords(match.start(), match.end(), metrics=words.metrics_of(match.group())))
        for side in ("left", "right"):
            inner = words.sides[side].search(match.group())
            # a side within a name belongs to the person only where the name has none of its own
            if inner and _with_inner_side(match.group(), words, side):
                sides.append(FoundWords(match.start() + inner.start(), match.start() + inner.end(), side))
        return MASK * len(match.group())

    bare = words.names.sub(take, bare)
    for side, pattern in words.sides.items():
        sides += [FoundWords(found.start(), found.end(), side) for found in pattern.finditer(bare)]
    return ReadText(
        text=text,
        bare=bare,
        passages=tuple(_passages(bare, words)),
        names=tuple(names),
        sides=tuple(sorted(sides, key=lambda found: found.start)),
        recordings=tuple(_recordings(bare, words)),
    )


def _with_inner_side(name: str, words: Lexicon, side: str) -> bool:
    without = words.sides[side].sub(" ", name)
    return bool(words.names.fullmatch(re.sub(r"\s+", " ", without).strip()))


def _blank(match: re.Match[str]) -> str:
    return " " * len(match.group())


def _without_quotes(text: str, quotes: Iterable[str]) -> str:
    lowered = text.lower()
    for quote in quotes:
        position = lowered.find(quote)
        while position >= 0:
            blank = " " * len(quote)
            text = text[:position] + blank + text[position + len(quote) :]
            lowered = lowered[:position] + blank + lowered[position + len(quote) :]
            position = lowered.find(quote, position + len(quote))
    return text


def _recordings(bare: str, words: Lexicon) -> list[FoundWords]:
    """Find ``first video``, ``video A``, ``in A``, ``A and B``: ordinal or letter beside a noun, or letters alone."""
    found: list[FoundWords] = []
    for key, (beside, alone) in words.recordings.items():
        found += [FoundWords(match.start(), match.end(), key) for match in beside.finditer(bare)]
        found += [
            FoundWords(match.start(), match.end(), key)
            for match in alone.finditer(bare)
            if not any(one.start <= match.start() < one.end for one in found)
        ]
    return sorted(found, key=lambda one: one.start)


def _passages(bare: str, words: Lexicon) -> list[Passage]:
    rows = [(match.start(), match.end()) for match in _ROW.finditer(bare)]
    passages = [Passage(start, end, True, ((start, end),), False) for start, end in rows]
    position = 0
    for start, end in [*rows, (len(bare), len(bare))]:
        passages += _sentences(bare, position, start, words)
        position = end
    return sorted(passages, key=lambda one: one.start)


def _sentences(bare: str, start: int, end: int, words: Lexicon) -> list[Passage]:
    cuts, begin = [], start
    for match in _SENTENCE_END.finditer(bare, start, end):
        if "\n" in match.group() or not _ABBREVIATION.search(bare, begin, match.start()):
            cuts.append((begin, match.start()))
            begin = match.end()
    cuts.append((begin, end))
    return [
        Passage(one, other, False, _clauses(bare, one, other, words), bare[one:other].rstrip().endswith("?"))
        for one, other in cuts
        if bare[one:other].strip()
    ]


def _clauses(bare: str, start: int, end: int, words: Lexicon) -> tuple[tuple[int, int], ...]:
    marks = {match.end() for match in _CLAUSE_MARK.finditer(bare, start, end)}
    marks |= {match.start() for match in words.words["clause_words"].finditer(bare, start, end)}
    edges = [start, *sorted(mark for mark in marks if start < mark < end), end]
    return tuple(itertools.pairwise(edges))

"""The kinds of words that a language gives to the writer and to the checker of texts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from vidpose.corpus.settings.dataset import Language

Direction = Literal["larger", "smaller", "faster", "slower", "later", "earlier", "better", "worse"]
"""What a comparison word says of its subject; ``faster`` is a smaller time, and a larger speed or frequency."""

Relation = Literal["above", "below", "within"]
"""Where a value lies with respect to a reference range."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """One language's words, as data.  In every tuple the first word is the one to write; the others are understood.

    Attributes
    ----------
    language
        Code of the language.
    decimal_mark, thousands_mark
        Marks inside numbers.
    names
        Metric -> its names as noun phrases without article, in the nominative. A side may stand before the name's
        last words (``largest left knee flexion``), before it or behind it.
    articles
        Metric -> definite article of its first name (German: ``der``, ``die``, ``das``, or ``die pl`` for plurals).
    sides
        ``left``, ``right``, ``both`` -> words.
    units
        Unit of :class:`~vidpose.corpus.example.Fact` (and units that it may be converted into) -> words.
    directions
        Comparison words; ``by`` words stand right before a difference (``by 5°``).
    relations, reference_words
        Words for the place with respect to a range, and for the range itself.
    difference_words
        Words that make the number beside them a difference; without any a number is read as a value.
    than_words
        Words in front of what something is compared with.
    ordinals
        ``first`` and ``second`` of two compared recordings -> words.
    recordings
        Nouns behind an ordinal or before a letter (``first video``, ``video A``).
    uncounted
        Nouns that may be counted without being a measurement (``both of the two sides``).
    persons
        Nouns before the number of a person.
    uncertainty_words
        Words right before an uncertainty.
    sample_words
        Nouns for what a value was made of (``from 12 samples``).
    time_words
        Words right before a moment.
    range_words
        Words between the limits of a range.
    from_words
        Words between two sides that are distinguished (``left from right``).
    negations
        Words that turn a sentence into its opposite, so that it claims nothing.
    clause_words
        Words that divide a sentence into clauses.
    number_words
        Whole numbers in words.
    multiples
        Words that claim a ratio or a fraction, which no fact carries.
    definition_words
        Words that make a sentence a definition or a condition instead of a statement about the movement.
    positive_words, negative_words
        Words for the sign in definitions (``a positive value means ...``).
    ignored
        Patterns of number-like text that states nothing (``3-D``, ``95 % interval``).
    banned
        Kind of claim (``diagnosis``, ``injury``, ``identity``) -> patterns; allowed only in a negated sentence.
    """

    language: Language
    decimal_mark: str
    thousands_mark: str
    names: Mapping[str, tuple[str, ...]]
    articles: Mapping[str, str]
    sides: Mapping[str, tuple[str, ...]]
    units: Mapping[str, tuple[str, ...]]
    directions: Mapping[Direction, tuple[str, ...]]
    by_words: tuple[str, ...]
    relations: Mapping[Relation, tuple[str, ...]]
    reference_words: tuple[str, ...]
    difference_words: tuple[str, ...]
    than_words: tuple[str, ...]
    ordinals: Mapping[str, tuple[str, ...]]
    recordings: tuple[str, ...]
    uncounted: tuple[str, ...]
    persons: tuple[str, ...]
    uncertainty_words: tuple[str, ...]
    sample_words: tuple[str, ...]
    time_words: tuple[str, ...]
    range_words: tuple[str, ...]
    from_words: tuple[str, ...]
    negations: tuple[str, ...]
    clause_words: tuple[str, ...]
    number_words: Mapping[str, int]
    multiples: tuple[str, ...]
    definition_words: tuple[str, ...]
    positive_words: tuple[str, ...]
    negative_words: tuple[str, ...]
    ignored: tuple[str, ...]
    banned: Mapping[str, tuple[str, ...]]


def split_words(text: str) -> tuple[str, ...]:
    """Return the words of a list that is written in one string, divided by bars."""
    return tuple(word.strip() for word in text.split("|"))

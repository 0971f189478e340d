"""A vocabulary as compiled patterns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from vidpose.corpus.facts.fact_dictionary import FACT_DICTIONARY
from vidpose.corpus.grounding.vocabulary import VOCABULARIES
from vidpose.corpus.grounding.words import Vocabulary, split_words
from vidpose.corpus.settings.dataset import Language

_ENDING: Final = {"en": "(?:'s|s)?", "de": "(?:e[snmr]?|[snmr])?"}
"""Inflected endings that a name's words may carry."""


_STEM: Final = 4
"""Letters that the forms of a side word share: ``link-e``, ``rech-ts``."""
_LISTS: Final = split_words(
    "by_words | reference_words | difference_words | than_words | recordings | uncounted | persons | uncertainty_words"
    "| sample_words | time_words | negations | clause_words | multiples | definition_words | positive_words"
    "| negative_words | range_words | from_words"
)


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Compiled words of one language.

    Attributes
    ----------
    language
        The language.
    names
        Any metric's name; :meth:`metrics_of` says which metrics it may mean.
    number
        A number in digits, with sign and marks; ``plain_number`` is the one of JSON.
    words
        Pattern by name of the list in :class:`~vidpose.corpus.grounding.words.Vocabulary`.
    unit, unit_cell
        A unit right behind a number, and one alone in a cell of a row.
    directions, sides, relations
        Key -> pattern.
    recordings
        ``first`` or ``second`` -> the pattern beside a noun, and that of a letter alone.
    """

    language: Language
    names: re.Pattern[str]
    meanings: Mapping[str, frozenset[str]]
    number: re.Pattern[str]
    plain_number: re.Pattern[str]
    words: Mapping[str, re.Pattern[str]]
    unit: re.Pattern[str]
    unit_cell: re.Pattern[str]
    unit_keys: Mapping[str, str]
    directions: Mapping[str, re.Pattern[str]]
    sides: Mapping[str, re.Pattern[str]]
    recordings: Mapping[str, tuple[re.Pattern[str], re.Pattern[str]]]
    relations: Mapping[str, re.Pattern[str]]
    number_words: Mapping[str, int]

    def metrics_of(self, name: str) -> frozenset[str]:
        """Return the metrics that a found name may mean; sides within it are left out first."""
        for side in ("left", "right"):
            name = self.sides[side].sub(" ", name)
        return self.meanings[_key(name, self.language)]


@cache
def lexicon(language: Language) -> Lexicon:
    """Return the compiled words of a language."""
    vocabulary = VOCABULARIES[language]
    sides = {side: _any(words) for side, words in vocabulary.sides.items()}
    stems = {word[:_STEM] for side in ("left", "right") for word in vocabulary.sides[side]}
    side_word = f"(?:(?:{'|'.join(sorted(stems))})\\w*\\s+)?"
    meanings: dict[str, set[str]] = {}
    for metric, names in vocabulary.names.items():
        for name in (*names, metric, FACT_DICTIONARY[metric].label):
            meanings.setdefault(_key(name, language), set()).add(metric)
    known = {name.lower() for names in _all_names(vocabulary.names) for name in names}
    longest_first = sorted(known, key=lambda name: (-len(name), name))
    ending = _ENDING[language]
    patterns = [
        (ending + r"[\s_-]+" + side_word).join(re.escape(word) for word in re.split(r"[\s_-]+", name)) + ending
        for name in longest_first
    ]
    unit_keys = {word.lower(): unit for unit, words in vocabulary.units.items() for word in words}
    units = sorted(unit_keys, key=len, reverse=True)
    decimal, thousands = re.escape(vocabulary.decimal_mark), re.escape(vocabulary.thousands_mark)
    lists = {name: _any(getattr(vocabulary, name)) for name in _LISTS}
    lists |= {kind: re.compile("|".join(patterns), re.IGNORECASE) for kind, patterns in vocabulary.banned.items()}
    lists["ignored"] = re.compile("|".join(vocabulary.ignored))
    lists["number_words"] = _any(vocabulary.number_words)
    return Lexicon(
        language=language,
        names=re.compile(rf"(?<!\w)(?:{'|'.join(patterns)})(?!\w)", re.IGNORECASE),
        meanings={key: frozenset(metrics) for key, metrics in meanings.items()},
        number=_number(decimal, thousands),
        plain_number=_number(r"\.", "\0"),
        words=lists,
        unit=re.compile(rf"[ \u00a0\u202f-]?(?P<unit>{'|'.join(map(re.escape, units))})(?!\w)", re.IGNORECASE),
        unit_cell=re.compile(rf'(?<=["|])\s*(?P<unit>{"|".join(map(re.escape, units))})\s*(?=["|])', re.IGNORECASE),
        unit_keys=unit_keys,
        directions={key: _any(words) for key, words in vocabulary.directions.items()},
        sides=sides,
        recordings={key: _recording(key, vocabulary) for key in vocabulary.ordinals},
        relations={key: _any(words) for key, words in vocabulary.relations.items()},
        number_words=vocabulary.number_words,
    )


def _all_names(names: Mapping[str, tuple[str, ...]]) -> Iterable[tuple[str, ...]]:
    for metric, known in names.items():
        yield (*known, metric, FACT_DICTIONARY[metric].label)


def _key(name: str, language: Language) -> str:
    """Return a name without case, marks and endings, so that all its forms are one."""
    strip = re.compile(_ENDING[language] + "$")
    return " ".join(strip.sub("", word, count=1) for word in re.split(r"[\s_-]+", name.lower().strip()) if word)


def _escaped(words: Iterable[str]) -> list[str]:
    return [re.escape(word) for word in sorted(words, key=len, reverse=True)]


def _any(words: Iterable[str]) -> re.Pattern[str]:
    """Return the pattern of any of some words; single capitals (``A``) keep their case."""
    chosen = list(words)
    small = [word for word in chosen if not (len(word) == 1 and word.isupper())]
    capitals = [word for word in chosen if word not in small]
    parts = ([f"(?i:{'|'.join(_escaped(small))})"] if small else []) + [re.escape(word) for word in capitals]
    return re.compile(rf"(?<!\w)(?:{'|'.join(parts)})(?!\w)")


def _recording(key: str, vocabulary: Vocabulary) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return the patterns of ``first video``, ``video A``, and of ``in A``, ``A and B``."""
    noun, ordinal = _any(vocabulary.recordings).pattern, _any(vocabulary.ordinals[key]).pattern
    beside = rf"(?:{ordinal})\s+(?:{noun})|(?:{noun})\s+(?:{ordinal})"
    letter, other = ("A", "B") if key == "first" else ("B", "A")
    alone = rf"(?<!\w){letter}(?=\s*(?:[,;.:?)]|$|\w+\s+{other}\b))|(?<=\w\s){letter}(?!\w)|(?<=[(\"]){letter}(?!\w)"
    return re.compile(beside), re.compile(alone)


def _number(decimal: str, thousands: str) -> re.Pattern[str]:
    grouped = rf"\d{{1,3}}(?:{thousands}\d{{3}})+"
    return re.compile(
        rf"(?<![\w{decimal}])(?P<sign>(?<!\d)[-+\u2212](?=\d))?(?P<whole>{grouped}(?!\d)|\d+)(?:{decimal}(?P<part>\d+))?"
    )

"""Numbers and comparisons in a text, read for evaluation.

The reader of the grounding check knows the facts and links every number to one; this one knows the text alone, so
that an answer is compared with the corpus's answer by a second, independent way.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Final

from vidpose.corpus.grounding.vocabulary import UNIT_FACTORS, VOCABULARIES
from vidpose.corpus.settings.dataset import Language

LOSS_SHARE: Final = Decimal("0.05")
"""Largest part of the value that an answer's coarser rounding may lose, as in the grounding check."""

_MINUS: Final = ("-", "\u2212")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit, as a text shows it.

    Attributes
    ----------
    value
        As written.
    decimals
        Digits after the point.
    unit
        Key of the vocabulary's units; empty for a bare number.
    """

    value: Decimal
    decimals: int
    unit: str


@lru_cache
def _number_pattern(language: Language) -> re.Pattern[str]:
    words = VOCABULARIES[language]
    point, thousands = re.escape(words.decimal_mark), re.escape(words.thousands_mark)
    whole = rf"\d{{1,3}}(?:{thousands}\d{{3}})+(?!\d)|\d+"
    return re.compile(rf"(?<![\w{point}{thousands}])([-+\u2212]?)({whole})(?:{point}(\d+))?(?!\w*\d)")


@lru_cache
def _unit_patterns(language: Language) -> tuple[tuple[re.Pattern[str], str], ...]:
    pairs = [(word, unit) for unit, words in VOCABULARIES[language].units.items() for word in words]
    pairs.sort(key=lambda pair: (-len(pair[0]), pair))
    return tuple((re.compile(rf"[\s\u00a0\u202f-]?{re.escape(word)}(?!\w)"), unit) for word, unit in pairs)


@lru_cache
def _words_pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    ordered = sorted(words, key=lambda word: (-len(word), word))
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, ordered))})(?!\w)", re.IGNORECASE)


def quantities(text: str, language: Language) -> list[Quantity]:
    """Return the numbers of a text with their units; ``80 to 95°`` gives both the unit.

    Parameters
    ----------
    text
        What was said.
    language
        Its decimal mark and its words for units.
    """
    words = VOCABULARIES[language]
    for pattern in words.ignored:
        text = re.sub(pattern, " ", text)
    found: list[Quantity] = []
    ranges = _words_pattern(words.range_words)
    open_end = -1
    for match in _number_pattern(language).finditer(text):
        sign, whole, after = match[1], match[2].replace(words.thousands_mark, ""), match[3] or ""
        if open_end >= 0 and sign and not text[open_end : match.start()].strip():
            sign = ""  # the hyphen of a range
        value = Decimal(f"{whole}.{after}" if after else whole)
        if sign in _MINUS:
            value = -value
        unit = _unit_behind(text, match.end(), language)
        between = text[open_end : match.start(2)].strip() if open_end >= 0 else ""
        if unit and between and ranges.fullmatch(between):
            found[-1] = Quantity(found[-1].value, found[-1].decimals, unit)
        found.append(Quantity(value, len(after), unit))
        open_end = match.end() if not unit else -1
    return found


def _unit_behind(text: str, position: int, language: Language) -> str:
    return next((unit for pattern, unit in _unit_patterns(language) if pattern.match(text, position)), "")


def same_quantity(said: Quantity, wanted: Quantity, *, signed: bool) -> bool:
    """Return whether ``said`` is ``wanted``, or ``wanted`` rounded a little more; units of one kind are converted.

    Parameters
    ----------
    said
        Of the answer.
    wanted
        Of the reference.
    signed
        Whether the sign counts; in comparisons the words carry it.
    """
    kind, factor = _in_kind(said.unit)
    wanted_kind, wanted_factor = _in_kind(wanted.unit)
    if kind != wanted_kind:
        return False
    given, right = said.value * factor, wanted.value * wanted_factor
    if not signed:
        given, right = abs(given), abs(right)
    off = abs(given - right)
    if off <= Decimal("0.5") * wanted_factor * Decimal(10) ** -wanted.decimals:
        return True
    return off <= Decimal("0.5") * factor * Decimal(10) ** -said.decimals and off <= LOSS_SHARE * abs(right)


def _in_kind(unit: str) -> tuple[str, Decimal]:
    kind, factor = UNIT_FACTORS.get(unit, (unit, 1.0))
    return kind, Decimal(str(factor))


def same_numbers(said: str, wanted: str, language: Language, *, signed: bool) -> bool:
    """Return whether a text holds all numbers of another one, and no others.

    Parameters
    ----------
    said, wanted
        Answer and reference.
    language
        Of both.
    signed
        See :func:`same_quantity`.
    """
    left = quantities(said, language)
    for right in quantities(wanted, language):
        match = next((one for one in left if same_quantity(one, right, signed=signed)), None)
        if match is None:
            return False
        left.remove(match)
    return not left


def compares(text: str, language: Language) -> bool:
    """Return whether a text calls anything larger, faster, later or better than something else.

    Parameters
    ----------
    text
        What was said.
    language
        Its words.
    """
    words = VOCABULARIES[language]
    than = _words_pattern(words.than_words)
    directions = _words_pattern(tuple(word for known in words.directions.values() for word in known))
    sided = _words_pattern(tuple(word for side in ("left", "right") for word in words.sides[side]))
    return any(
        directions.search(sentence) and (than.search(sentence) or sided.search(sentence))
        for sentence in re.split(r"(?<=[.!?;])\s+", text)
    )

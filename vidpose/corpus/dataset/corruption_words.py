"""Words that controlled corruption exchanges: units, sides, comparison words, and claims without a measurement."""

from __future__ import annotations

import re
from typing import Final

from vidpose.corpus.grounding.words import Direction, Vocabulary

WRONG_UNITS: Final[dict[str, tuple[str, ...]]] = {
    "°": ("%", "s", "m"),
    "°/s": ("m/s", "°"),
    "s": ("°", "m", "%"),
    "ms": ("°", "m"),
    "m": ("s", "°"),
    "cm": ("°", "s"),
    "mm": ("°", "s"),
    "m/s": ("°/s", "s"),
    "km/h": ("°/s", "s"),
    "per minute": ("%", "s"),
    "per second": ("°", "%"),
    "body heights": ("s", "°"),
    "body heights/s": ("°/s", "s"),
    "%": ("°", "s"),
    "percentage points": ("°", "s"),
    "points of 100": ("°", "s"),
}
"""Unit -> units of other quantities, which no conversion makes right."""

OPPOSITES: Final[dict[Direction, Direction]] = {
    "larger": "smaller",
    "smaller": "larger",
    "faster": "slower",
    "slower": "faster",
    "later": "earlier",
    "earlier": "later",
    "better": "worse",
    "worse": "better",
}

SIDE_STEMS: Final[dict[str, tuple[str, str]]] = {"en": ("left", "right"), "de": ("link", "recht")}
"""Beginnings of the words for left and right, lower case; whatever follows stays."""

CLAIMS: Final[dict[str, tuple[str, ...]]] = {
    "en": (
        "This pattern points to a torn ligament.",
        "That is a sign of an injury.",
        "I would diagnose tendinitis here.",
    ),
    "de": (
        "Das spricht für einen Bänderriss.",
        "Das deutet auf eine Verletzung hin.",
        "Meine Diagnose lautet Arthrose.",
    ),
}
"""Findings that no video measurement carries."""


def unit_behind(words: Vocabulary, text: str, place: int) -> tuple[int, str] | None:
    """Return end and unit of the unit words that begin at a place, blanks skipped; the longest ones win."""
    start = place
    while text[start : start + 1].isspace():
        start += 1
    found = [
        (len(word), unit)
        for unit, known in words.units.items()
        for word in known
        if text.startswith(word, start) and not text[start + len(word) : start + len(word) + 1].isalpha()
    ]
    if not found:
        return None
    length, unit = max(found)
    return start + length, unit


def directions_in(words: Vocabulary, text: str, start: int, end: int) -> list[tuple[int, int, Direction, int]]:
    """Return the comparison words of a stretch: begin, end, direction, number of the word in its list."""
    return sorted(
        (match.start(), match.end(), direction, place)
        for direction, known in words.directions.items()
        if direction in OPPOSITES
        for place, word in enumerate(known)
        for match in re.compile(rf"\b{re.escape(word)}\b", re.IGNORECASE).finditer(text, start, end)
    )

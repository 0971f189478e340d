"""The words of every language, shared by those who write texts and by the check that reads them back.

What a text must keep to so that the check understands it:

* A number stands in the same sentence as its metric's name (any name of :attr:`Vocabulary.names`), the name first; in
  a sentence with several metrics every number follows its own metric, and clauses are divided by ``,``, ``;`` or a
  clause word. Without a name the question before it, or the sentence before it, must name exactly one metric.
* A side word stands in the same clause, or before it in the sentence, or in the question.
* A difference carries ``by``, a direction word behind it (``5° more``) or a difference word, and is positive when the
  right side, or the second recording, is larger. Given with a side or a direction word it is written without sign.
* Rounding: at most the fact's ``decimals``; fewer only while the loss stays below 5 % of the value or below the
  uncertainty. Shares as ``percentage points`` when they are differences.
* An uncertainty stands behind ``±`` or another uncertainty word; a moment (``at 1.84 s``) behind a time word.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from vidpose.corpus.grounding.english import ENGLISH
from vidpose.corpus.grounding.german import GERMAN
from vidpose.corpus.grounding.words import Vocabulary
from vidpose.corpus.settings.dataset import Language

VOCABULARIES: Final[Mapping[Language, Vocabulary]] = {"en": ENGLISH, "de": GERMAN}
"""By language."""

UNIT_FACTORS: Final[dict[str, tuple[str, float]]] = {
    "°": ("angle", 1.0),
    "rad": ("angle", 57.29577951308232),
    "°/s": ("angular speed", 1.0),
    "s": ("time", 1.0),
    "ms": ("time", 1e-3),
    "m": ("length", 1.0),
    "cm": ("length", 1e-2),
    "mm": ("length", 1e-3),
    "m/s": ("speed", 1.0),
    "km/h": ("speed", 1.0 / 3.6),
    "per minute": ("frequency", 1.0),
    "per second": ("frequency", 60.0),
    "body heights": ("body heights", 1.0),
    "body heights/s": ("body heights per second", 1.0),
    "%": ("share", 1.0),
    "percentage points": ("share difference", 1.0),
    "points of 100": ("score", 1.0),
    "frames per second": ("frame rate", 1.0),
    "kg": ("mass", 1.0),
    "N": ("force", 1.0),
}
"""Unit -> quantity, and factor to the quantity's first unit. Numbers of one quantity may be compared."""


def name_of(vocabulary: Vocabulary, metric: str) -> str:
    """Return the name of a metric to write; empty where the language has none (leave the task out then).

    Parameters
    ----------
    vocabulary
        The language.
    metric
        Key of the fact dictionary.
    """
    names = vocabulary.names.get(metric, ())
    return names[0] if names else ""

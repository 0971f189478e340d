"""One speaker of one language: nouns, numbers with their unit, and sentences made of them."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Final, TypeAlias

from vidpose.corpus.example import Fact
from vidpose.corpus.grounding.words import Vocabulary
from vidpose.corpus.text.annotated import AnnotatedText
from vidpose.corpus.text.grammar import Grammar
from vidpose.corpus.text.seeded_choice import SeededChoice
from vidpose.types.metrics import MetricSide

_FULL_SHARE: Final = 0.65  # ours: two texts in three give all digits, the others train rounding
_MOST_LOSS: Final = 0.02  # ours, share of the value: below the 5 % of the check, so that "about" stays true
_TIME_DECIMALS: Final = 2
_TIGHT: Final = frozenset("°%/")
"""First characters of units that may stand without a blank before them."""
MINUS: Final = "-"
_RETRIES: Final = 20
_ENDS_IN_WHOLE: Final = re.compile(r"(?:^|\s)\d+$")
Nouns: TypeAlias = dict[str, AnnotatedText]


@dataclass(frozen=True, slots=True)
class Phrasebook:
    """What a language brings.

    Attributes
    ----------
    vocabulary
        Names, units and comparison words, shared with the check of texts.
    grammar
        Prompts and answers.
    nouns
        From a metric, a side (``none``: unsaid) and a choice to the noun phrase in the forms that the grammar asks for,
        by suffix (``""``, ``_label``, and cases where the language has them).
    question_words
        First words, lower case, after which a sentence ends with a question mark.
    places
        Words for a side with their preposition, by ``left`` and ``right``.
    recordings
        Ways to name two recordings: the first, the second, in the first, in the second.
    reasons
        Why a metric is withheld, by reason code; the first one is plain words, for tables and reports.
    comparatives
        Words for ``larger`` and ``smaller`` by unit, keys such as ``s larger``; ``signed larger`` fits any number.
    json_keys
        Sets of keys for reports: metric, side, value, unit, reason.
    datives
        Words of units that have another form in the dative.
    """

    vocabulary: Vocabulary
    grammar: Grammar
    nouns: Callable[[str, MetricSide, SeededChoice], dict[str, str]]
    question_words: frozenset[str]
    places: Mapping[str, tuple[str, ...]]
    recordings: tuple[tuple[str, str, str, str], ...]
    reasons: Mapping[str, tuple[str, ...]]
    comparatives: Mapping[str, tuple[str, ...]]
    json_keys: tuple[tuple[str, ...], ...]
    datives: Mapping[str, str] = field(default_factory=dict)


class Realiser:
    """Puts facts into words: one language, with one of many wordings chosen by a seed.

    Parameters
    ----------
    phrasebook
        The language.
    choice
        Makes the choices.
    """

    def __init__(self, phrasebook: Phrasebook, choice: SeededChoice) -> None:
        self.phrasebook, self.choice = phrasebook, choice
        self.recordings = choice.pick(phrasebook.recordings)  # once, so that a conversation calls them one thing
        self._labels: dict[str, str] = {}
        self._unit_words: dict[str, str] = {}

    def say(self, rule: str, **slots: AnnotatedText | str) -> AnnotatedText:
        """Return a phrase of a rule; see :meth:`vidpose.corpus.text.grammar.Grammar.say`."""
        texts = {name: AnnotatedText(slot) if isinstance(slot, str) else slot for name, slot in slots.items()}
        return self.phrasebook.grammar.say(rule, texts, self.choice)

    def sentence(self, rule: str, **slots: AnnotatedText | str) -> AnnotatedText:
        """Return a phrase with a capital at its beginning and a full stop.

        A bare whole number right before the full stop reads like an ordinal, so another way to say it is looked for.
        """
        phrase = self.say(rule, **slots)
        for _ in range(_RETRIES):
            if not _ENDS_IN_WHOLE.search(phrase.text):
                break
            phrase = self.say(rule, **slots)
        return phrase.capitalised() + AnnotatedText("" if phrase.text.endswith((".", "!", "?", ":")) else ".")

    def question(self, rule: str, **slots: AnnotatedText | str) -> str:
        """Return what a user asks, with a question mark where it is a question."""
        text = self.say(rule, **slots).capitalised().text
        last = text.replace(": ", ". ").rsplit(". ", 1)[-1].replace(",", " ")
        asks = last.split(" ", 1)[0].lower() in self.phrasebook.question_words
        return text + ("?" if asks else ".")

    def names(self, metric: str) -> bool:
        """Return whether the language has a name for a metric."""
        return metric in self.phrasebook.vocabulary.names

    def nouns(self, slot: str, fact: Fact, sided: bool = True) -> Nouns:
        """Return the slots of a metric's noun phrase: ``slot`` and its forms.

        Parameters
        ----------
        slot
            Name of the slot.
        fact
            Gives metric and side.
        sided
            Whether the side is said.
        """
        side: MetricSide = fact.side if sided and fact.side in ("left", "right") else "none"
        forms = self.phrasebook.nouns(fact.metric, side, self.choice)
        return {slot + suffix: AnnotatedText(words) for suffix, words in forms.items()}

    def label(self, fact: Fact) -> str:
        """Return the metric's name in a table or report, without side; one for a whole conversation."""
        if fact.metric not in self._labels:
            self._labels[fact.metric] = self.phrasebook.nouns(fact.metric, "none", self.choice)["_label"]
        return self._labels[fact.metric]

    def places(self, first: str, second: str) -> tuple[str, str]:
        """Return ``on the left`` and the like, for ``left`` and ``right``, both in one way."""
        ways = tuple(zip(self.phrasebook.places[first], self.phrasebook.places[second], strict=True))
        return self.choice.pick(ways)

    def value(self, fact: Fact, *, exact: bool = False) -> AnnotatedText:
        """Return a fact's value with its unit, as a stretch that states the fact; a reference keeps its digits.

        Parameters
        ----------
        fact
            The fact.
        exact
            Whether all digits are given, as where two values are set against each other.
        """
        all_digits = exact or fact.kind == "reference"
        return self._stated(fact, fact.value, fact.decimals if all_digits else self._decimals(fact))

    def size(self, fact: Fact, *, dative: bool = False) -> AnnotatedText:
        """Return a difference without its sign, with all digits; shares differ by percentage points.

        Parameters
        ----------
        fact
            The difference.
        dative
            Whether its unit stands behind a word like ``von``, where the language has forms for that.
        """
        return self._stated(fact, abs(fact.value), fact.decimals, dative)

    def uncertainty(self, fact: Fact) -> AnnotatedText:
        """Return half the interval of a fact with its unit; the words around it say what it is."""
        return self._stated(fact, fact.uncertainty, min(fact.decimals + 1, _digits_for(fact.uncertainty)))

    def moment(self, seconds: float, fact: Fact) -> AnnotatedText:
        """Return a moment of a fact's time span."""
        return AnnotatedText.stating(self.number(seconds, _TIME_DECIMALS) + " " + self.unit_word("s"), fact.id)

    def number(self, value: float, decimals: int) -> str:
        """Return a number in the language's digits, without a negative zero."""
        rounded = Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_EVEN)
        text = f"{abs(rounded):f}".replace(".", self.phrasebook.vocabulary.decimal_mark)
        return (MINUS if rounded < 0 else "") + text

    def unit_word(self, unit: str) -> str:
        """Return a unit in words or as a sign, one for a conversation; plain forms are likelier than rare ones."""
        if unit not in self._unit_words:
            words = self.phrasebook.vocabulary.units.get(unit, (unit,))
            plain = words[: _PLAIN_FORMS.get(unit, 2)]
            self._unit_words[unit] = words[0] if self.choice.chance(0.5) else self.choice.pick(plain)
        return self._unit_words[unit]

    def _stated(self, fact: Fact, value: float, decimals: int, dative: bool = False) -> AnnotatedText:
        unit = "percentage points" if fact.kind == "difference" and fact.unit == "%" else fact.unit
        word = self.unit_word(unit) if unit else ""
        word = self.phrasebook.datives.get(word, word) if dative else word
        tight = word[:1] in _TIGHT and (self.phrasebook.vocabulary.language == "en" or word[:1] != "%")
        blank = "" if not word or tight else " "
        return AnnotatedText.stating(self.number(value, decimals) + blank + word, fact.id)

    def _decimals(self, fact: Fact) -> int:
        """Return how many digits to give: never more than the fact has, and fewer only while little is lost."""
        exact = Decimal(repr(float(fact.value)))
        enough = [
            decimals
            for decimals in range(fact.decimals)
            if abs(exact.quantize(Decimal(1).scaleb(-decimals)) - exact) <= Decimal(_MOST_LOSS) * abs(exact)
            and (decimals > 0 or abs(exact) >= 1)
        ]
        return fact.decimals if not enough or self.choice.chance(_FULL_SHARE) else self.choice.pick(enough)


_PLAIN_FORMS: Final = {"body heights": 1, "°": 2, "%": 2, "s": 2, "m": 2, "per minute": 1, "points of 100": 1}
"""How many of a unit's words a text uses; the others are forms for the reader only."""


def _digits_for(uncertainty: float) -> int:
    """Return the decimals that show one or two digits of an uncertainty (GUM 7.2.6)."""
    if not math.isfinite(uncertainty) or uncertainty <= 0:
        return 0
    return max(0, 1 - math.floor(math.log10(uncertainty)))

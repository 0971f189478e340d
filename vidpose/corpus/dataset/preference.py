"""Preference pairs: a verified answer, and the same answer made wrong in one known way.

Nothing is written by a model here. Each corruption is tried on a verified answer and handed to the same check that the
corpus passed; only answers that it refuses become ``rejected``. What it accepts is counted: that is the rate at which
the check misses a known error.
"""

from __future__ import annotations

import dataclasses
import hashlib
import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from vidpose.corpus.dataset.corruption_words import (
    CLAIMS,
    OPPOSITES,
    SIDE_STEMS,
    WRONG_UNITS,
    directions_in,
    unit_behind,
)
from vidpose.corpus.example import Example, Fact, Message, Span
from vidpose.corpus.grounding.words import Vocabulary
from vidpose.corpus.settings.dataset import Corruption, Language, PreferenceSettings

Accepts = Callable[[Example], bool]
"""Whether the grounding check accepts an example."""

_NUMBER: Final = re.compile(r"\d+(?:[.,]\d+)?")
_FACTORS: Final = (Decimal("1.3"), Decimal("0.6"), Decimal("1.8"), Decimal("2.4"))
"""Ours: far enough from any rounding, near enough to look like a measurement."""
_SENTENCE: Final = re.compile(r"[^.!?\n]*(?:[.!?](?=\d)[^.!?\n]*)*(?:[.!?\n]|$)")


@dataclass(frozen=True, slots=True)
class PreferencePair:
    """A right answer and a wrong one.

    Attributes
    ----------
    id
        Hash of the example and of what was made wrong.
    example
        The verified example; its last turn is the right answer.
    rejected
        The wrong answer.
    corruption
        What is wrong with it.
    """

    id: str
    example: Example
    rejected: str
    corruption: Corruption

    @property
    def prompt(self) -> tuple[Message, ...]:
        """All turns before the answer."""
        return self.example.messages[:-1]

    @property
    def chosen(self) -> str:
        """The right answer."""
        return self.example.messages[-1].content


@dataclass(slots=True)
class Attempts:
    """How many corrupted answers the check was shown, and how many it refused, by corruption."""

    tried: Counter[str] = field(default_factory=Counter)
    caught: Counter[str] = field(default_factory=Counter)


def make_pairs(
    examples: Iterable[Example],
    facts: Mapping[str, Fact],
    accepts: Accepts,
    words_of: Mapping[Language, Vocabulary],
    settings: PreferenceSettings | None = None,
) -> tuple[list[PreferencePair], Attempts]:
    """Return one pair for a share of the examples, and how many corruptions the check caught.

    Parameters
    ----------
    examples
        Verified examples; which of them get a pair, and of which kind, follows from their id alone.
    facts
        All facts by id.
    accepts
        The grounding check.
    words_of
        Words by language; examples in others get no pair.
    settings
        How many pairs are made.
    """
    settings = settings or PreferenceSettings()
    pairs, attempts = [], Attempts()
    for example in sorted(examples, key=lambda one: one.id):
        words = words_of.get(example.language)
        if words is None or _share_of(example.id, "pair") >= settings.share:
            continue
        kinds = _order(example, settings)
        candidates = ((kind, text) for kind in kinds for text in corrupted(example, kind, facts, words))
        for kind, text in candidates:
            wrong = _answered(example, text, kind)
            attempts.tried[kind] += 1
            if not accepts(wrong):
                attempts.caught[kind] += 1
                pairs.append(PreferencePair(wrong.id, example, text, kind))
                break
    return pairs, attempts


def corrupted(example: Example, kind: Corruption, facts: Mapping[str, Fact], words: Vocabulary) -> Iterator[str]:
    """Yield wrong versions of the last answer, the likeliest one first; none where the kind does not apply.

    Parameters
    ----------
    example
        A verified example.
    kind
        What to make wrong.
    facts
        All facts by id.
    words
        Words of its language.
    """
    last = len(example.messages) - 1
    text = example.messages[last].content
    spans = sorted((span for span in example.spans if span.message == last), key=lambda span: (span.start, span.end))
    if kind == "fault":
        claims = CLAIMS.get(example.language, ())
        drawn = _draw(example.id, "fault", len(claims)) if claims else 0
        if text[:1] not in "[{":  # a claim behind JSON is bad JSON, which is another lesson
            yield from (f"{text} {claim}" for claim in (*claims[drawn:], *claims[:drawn]))
        return
    allowed = tuple(facts[name] for name in example.facts if name in facts)
    first = _draw(example.id, kind, len(spans))
    for span in (*spans[first:], *spans[:first]):
        yield from _AT_SPAN[kind](_Statement(text, span, facts.get(span.fact_id), allowed, words))


@dataclass(frozen=True, slots=True)
class _Statement:
    """An answer and the stretch of it that states a fact (None when it is not known), and all that may be stated."""

    text: str
    span: Span
    fact: Fact | None
    allowed: tuple[Fact, ...]
    words: Vocabulary

    @property
    def is_true_of_both_sides(self) -> bool:
        """Whether the other side has the same value, as far as the fact's digits go."""
        own = self.fact
        return own is not None and any(
            (one.metric, one.kind, one.subject) == (own.metric, own.kind, own.subject)
            and one.side != own.side
            and abs(one.value - own.value) <= 10.0**-own.decimals
            for one in self.allowed
        )

    @property
    def numbers(self) -> list[re.Match[str]]:
        return list(_NUMBER.finditer(self.text, self.span.start, self.span.end))


def _wrong_number(at: _Statement) -> Iterator[str]:
    """Another number with as many digits behind the point."""
    for found in at.numbers:
        mark = "." if "." in found.group() else at.words.decimal_mark  # JSON has a point in every language
        shown = Decimal(found.group().replace(mark, "."))
        places = Decimal(1).scaleb(-len(found.group().partition(mark)[2]))
        doubt = at.fact.uncertainty if at.fact else math.nan
        step = places * 3 + (Decimal(repr(doubt)) if math.isfinite(doubt) else 0)  # past rounding and precision
        for factor in _FACTORS:
            wrong = max(shown * factor, shown + step) if factor > 1 else shown * factor
            written = str(wrong.quantize(places)).replace(".", mark)
            if written != found.group():
                yield at.text[: found.start()] + written + at.text[found.end() :]


def _wrong_unit(at: _Statement) -> Iterator[str]:
    """Another quantity's unit behind the number."""
    for found in at.numbers:
        behind = unit_behind(at.words, at.text, found.end())
        if behind is None:
            continue
        end, unit = behind
        for other in WRONG_UNITS.get(unit, ()):
            words = at.words.units.get(other, ())
            if words:
                blank = "" if words[0] == "°" else " "
                yield at.text[: found.end()] + blank + words[0] + at.text[end:]


def _wrong_side(at: _Statement) -> Iterator[str]:
    """The other side, in a sentence that speaks of one side only: with both, exchanging them may still be true."""
    stems = SIDE_STEMS.get(at.words.language)
    if stems is None or at.fact is None or at.fact.side not in ("left", "right") or at.is_true_of_both_sides:
        return
    left, right = stems
    start, end = sentence_at(at.text, at.span.start)
    found = list(re.compile(rf"\b({left}|{right})", re.IGNORECASE).finditer(at.text, start, end))
    if len(found) == 1:
        word = right if found[0].group().lower() == left else left
        yield _exchanged(at.text, found[0].start(), found[0].end(), word)


def _wrong_direction(at: _Statement) -> Iterator[str]:
    """The opposite comparison word, in a sentence with one such word."""
    found = directions_in(at.words, at.text, *sentence_at(at.text, at.span.start))
    if len(found) == 1:
        begin, stop, direction, place = found[0]
        opposite = at.words.directions.get(OPPOSITES[direction], ())
        if opposite:
            yield _exchanged(at.text, begin, stop, opposite[min(place, len(opposite) - 1)])


def _exchanged(text: str, start: int, end: int, word: str) -> str:
    """Return the text with another word, capital where the old one was."""
    return text[:start] + (word.capitalize() if text[start].isupper() else word) + text[end:]


_AT_SPAN: Final[Mapping[str, Callable[[_Statement], Iterator[str]]]] = {
    "number": _wrong_number,
    "unit": _wrong_unit,
    "side": _wrong_side,
    "direction": _wrong_direction,
}


def sentence_at(text: str, place: int) -> tuple[int, int]:
    """Return begin and end of the sentence around a character; a point before a digit ends none."""
    for found in _SENTENCE.finditer(text):
        if found.start() <= place < found.end():
            return found.span()
    return 0, len(text)


def _answered(example: Example, text: str, kind: Corruption) -> Example:
    """Return the example with a wrong last answer; its spans no longer hold."""
    messages = (*example.messages[:-1], Message("assistant", text))
    name = hashlib.sha256(f"{example.id}:{kind}:{text}".encode()).hexdigest()
    return dataclasses.replace(example, id=name, messages=messages, spans=(), corruption=kind, parent=example.id)


def _order(example: Example, settings: PreferenceSettings) -> Sequence[Corruption]:
    """Return the kinds in the order in which they are tried: rarer ones early, the added claim first or last."""
    others = [kind for kind in settings.kinds if kind != "fault"]
    # a side or a direction is seldom there, so they come first whenever they apply in two of three examples
    hard_first = _share_of(example.id, "hard") < 2 / 3
    ranked = sorted(
        others,
        key=lambda kind: (hard_first and kind in ("number", "unit"), _share_of(example.id, kind)),
    )
    if "fault" not in settings.kinds:
        return ranked
    return ["fault", *ranked] if _share_of(example.id, "claim") < settings.fault_share else ranked


def _share_of(name: str, purpose: str) -> float:
    """Return a number in [0, 1) that is a name's own."""
    return int.from_bytes(hashlib.sha256(f"{purpose}:{name}".encode()).digest()[:6], "big") / 2**48


def _draw(name: str, purpose: str, n: int) -> int:
    return int(_share_of(name, purpose) * n)

"""Good texts made wrong in one place: number, unit, side, direction or metric.

Written without the check's own readers of numbers and sentences, so that what it overlooks is not overlooked here too;
the words come from the vocabulary, because a corruption has to be one in the text's language.
"""

from __future__ import annotations

import dataclasses
import random
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Final

from vidpose.corpus.example import Example, Message
from vidpose.corpus.grounding.vocabulary import UNIT_FACTORS, VOCABULARIES
from vidpose.corpus.grounding.words import Vocabulary
from vidpose.corpus.settings.dataset import Language

KINDS: Final = ("number", "unit", "side", "direction", "metric")
_NUMBER: Final = re.compile(r"(?<![\w.,:-])-?\d+(?:[.,]\d+)?(?![\w:]|[.,]\d)")
_OPPOSITE: Final = {"larger": "smaller", "smaller": "larger", "later": "earlier", "earlier": "later"}
Place = tuple[int, int, str]
"""Characters ``[start, end)`` and what stands there instead."""


def mutations(example: Example, rng: random.Random) -> Iterator[tuple[str, Example]]:
    """Yield the kind of corruption and the corrupted example, at most one per kind; spans are dropped.

    Parameters
    ----------
    example
        A good example.
    rng
        Chooses the places.
    """
    vocabulary = VOCABULARIES[example.language]
    text = example.messages[-1].content
    makers: Mapping[str, Callable[[], list[Place]]] = {
        "number": lambda: _numbers(text, rng),
        "unit": lambda: _units(text, vocabulary, rng),
        "side": lambda: _sides(text, vocabulary),
        "direction": lambda: _directions(text, vocabulary),
        "metric": lambda: _metrics(text, vocabulary, rng),
    }
    for kind in KINDS:
        places = makers[kind]()
        if places:
            start, end, words = rng.choice(places)
            content = text[:start] + words + text[end:]
            messages = (*example.messages[:-1], Message("assistant", content))
            yield kind, dataclasses.replace(example, messages=messages, spans=(), corruption=kind)


def _numbers(text: str, rng: random.Random) -> list[Place]:
    """Move a number by one to nine of its last digits, or by a fifth to three quarters of it."""
    places = []
    for match in _NUMBER.finditer(text):
        written = match.group().replace(",", ".")
        decimals = len(written.partition(".")[2])
        step = rng.randint(1, 9) * 10.0**-decimals
        value = float(written)
        wrong = value + rng.choice((-1, 1)) * (
            step if rng.random() < 0.5 else max(step, abs(value) * rng.uniform(0.2, 0.75))
        )
        shown = f"{wrong:.{decimals}f}"
        if float(shown) != value and abs(float(shown)) != abs(value):
            places.append((match.start(), match.end(), shown.replace(".", "," if "," in match.group() else ".")))
    return places


def _units(text: str, vocabulary: Vocabulary, rng: random.Random) -> list[Place]:
    words = {word: unit for unit, known in vocabulary.units.items() for word in known}
    longest = sorted(words, key=len, reverse=True)
    pattern = re.compile(rf"(?<=\d)[ \u00a0]?({'|'.join(map(re.escape, longest))})(?!\w)")
    places = []
    for match in pattern.finditer(text):
        quantity = UNIT_FACTORS[words[match.group(1)]][0]
        others = [unit for unit, (other, _) in UNIT_FACTORS.items() if other != quantity and unit in vocabulary.units]
        places.append((match.start(1), match.end(1), vocabulary.units[rng.choice(sorted(others))][0]))
    return places


def _sides(text: str, vocabulary: Vocabulary) -> list[Place]:
    pairs = dict(zip(vocabulary.sides["left"], vocabulary.sides["right"], strict=True))
    return _swapped(text, pairs | {right: left for left, right in pairs.items()})


def _directions(text: str, vocabulary: Vocabulary) -> list[Place]:
    words = {
        word: vocabulary.directions[opposite][0]
        for direction, opposite in _OPPOSITE.items()
        for word in vocabulary.directions[direction]
        if word.islower()
    }
    sided = [*vocabulary.sides["left"], *vocabulary.sides["right"], *vocabulary.recordings]
    compared = re.compile(rf"(?<!\w)(?:{'|'.join(sided)})(?!\w)", re.IGNORECASE)
    # only a word that compares sides or recordings states a fact; "film for a longer time" does not
    return [place for place in _swapped(text, words) if len(compared.findall(_sentence(text, place[0]))) > 1]


def _sentence(text: str, position: int) -> str:
    start = max(text.rfind(mark, 0, position) for mark in (". ", "! ", "\n", ": ")) + 1
    ends = [text.find(mark, position) for mark in (". ", "! ", "\n")]
    return text[start : min([end for end in ends if end >= 0], default=len(text))]


def _swapped(text: str, words: Mapping[str, str]) -> list[Place]:
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(sorted(words, key=len, reverse=True))})(?!\w)", re.IGNORECASE)
    return [(match.start(), match.end(), words[match.group().lower()]) for match in pattern.finditer(text)]


def _metrics(text: str, vocabulary: Vocabulary, rng: random.Random) -> list[Place]:
    pattern, shared = _names(vocabulary.language)
    places = []
    for match in pattern.finditer(text):
        own = shared[match.group().lower()]
        others = sorted(
            metric
            for metric, known in vocabulary.names.items()
            if own.isdisjoint(shared[known[0].lower()]) and metric not in own
        )
        places.append((match.start(), match.end(), vocabulary.names[rng.choice(others)][0]))
    return places


@cache
def _names(language: Language) -> tuple[re.Pattern[str], Mapping[str, set[str]]]:
    """Return the pattern of all metric names of a language, and the metrics that each name may mean."""
    shared: dict[str, set[str]] = {}
    for metric, known in VOCABULARIES[language].names.items():
        for name in known:
            shared.setdefault(name.lower(), set()).add(metric)
    longest = sorted(shared, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest))})(?!\w)", re.IGNORECASE), shared

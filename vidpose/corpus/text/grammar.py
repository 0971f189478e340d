"""A grammar of phrases: what can be said in many ways, and one of these ways by choice.

The notation of a phrase::

    (a|b|)      one of several; an empty one leaves the words out
    {value}     a slot, filled by the caller with text that may state facts
    <rule>      another rule of the grammar, by name

Own code because the known grammar libraries (tracery, nltk) give plain strings: here every character that states a
fact has to be known afterwards.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from vidpose.corpus.text.annotated import AnnotatedText, assembled
from vidpose.corpus.text.seeded_choice import SeededChoice

_TOKEN: Final = re.compile(r"[(|)]|\{\w+\}|<\w+>|[^(|){}<>]+")
Rules: TypeAlias = Mapping[str, tuple[str, ...]]
"""Alternatives by the name of the rule."""
Slots: TypeAlias = Mapping[str, AnnotatedText]


@dataclass(frozen=True, slots=True)
class _Words:
    text: str


@dataclass(frozen=True, slots=True)
class _Slot:
    name: str


@dataclass(frozen=True, slots=True)
class _Rule:
    name: str


@dataclass(frozen=True, slots=True)
class _Choice:
    alternatives: tuple[_Sequence, ...]


_Node: TypeAlias = _Words | _Slot | _Rule | _Choice
_Sequence: TypeAlias = tuple[_Node, ...]


@dataclass(frozen=True, slots=True)
class Grammar:
    """Rules that were read and checked once.

    Attributes
    ----------
    rules
        Alternatives by the name of the rule.

    Raises
    ------
    ValueError
        When a phrase has an open bracket or names a rule that does not exist.
    """

    rules: Rules
    _choices: dict[str, _Choice] = field(init=False, repr=False, compare=False, default_factory=dict)
    _ways: dict[str, float] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        for name, alternatives in self.rules.items():
            self._choices[name] = _Choice(tuple(_read(phrase, name) for phrase in alternatives))
        for name, choice in self._choices.items():
            self._ways[name] = self._count(choice, (name,))

    def say(self, rule: str, slots: Slots, choice: SeededChoice) -> AnnotatedText:
        """Return one phrase of a rule.

        Parameters
        ----------
        rule
            Name of the rule.
        slots
            Text for the slots.
        choice
            Makes the choices.

        Raises
        ------
        KeyError
            When the rule or a slot is missing.
        """
        pieces: list[AnnotatedText] = []
        self._expand(self._choices[rule], slots, choice, pieces)
        return assembled(pieces)

    def ways(self, rule: str) -> float:
        """Return how many phrases a rule can give, the slots not counted."""
        return self._ways[rule]

    def __contains__(self, rule: str) -> bool:
        return rule in self._choices

    def _expand(self, node: _Node, slots: Slots, choice: SeededChoice, pieces: list[AnnotatedText]) -> None:
        match node:
            case _Words(text):
                pieces.append(AnnotatedText(text))
            case _Slot(name):
                pieces.append(slots[name])
            case _Rule(name):
                self._expand(self._choices[name], slots, choice, pieces)
            case _Choice(alternatives):
                # Ours: by the root of the number of ways, so that a fixed phrase does not stand out between rich ones.
                weights = [math.sqrt(self._count_all(one, ())) for one in alternatives]
                for part in choice.pick_weighted(alternatives, weights):
                    self._expand(part, slots, choice, pieces)

    def _count(self, node: _Node, inside: tuple[str, ...]) -> float:
        match node:
            case _Choice(alternatives):
                return sum(self._count_all(one, inside) for one in alternatives)
            case _Rule(name):
                if name in self._ways:
                    return self._ways[name]
                if name in inside or name not in self._choices:
                    raise ValueError(f"{inside[0]}: expected a rule that exists and does not hold itself, got <{name}>")
                return self._count(self._choices[name], (*inside, name))
        return 1.0

    def _count_all(self, sequence: _Sequence, inside: tuple[str, ...]) -> float:
        return math.prod(self._count(node, inside) for node in sequence)


def _read(phrase: str, rule: str) -> _Sequence:
    tokens = _TOKEN.findall(phrase)
    if "".join(tokens) != phrase:
        raise ValueError(f"{rule}: expected ( | ), {{slot}} and <rule>, got {phrase!r}")
    sequence, rest = _read_sequence(tokens)
    if rest:
        raise ValueError(f"{rule}: expected every bracket closed and | only within brackets, got {phrase!r}")
    return sequence


def _read_sequence(tokens: list[str]) -> tuple[_Sequence, list[str]]:
    nodes: list[_Node] = []
    while tokens and tokens[0] not in "|)":
        token, tokens = tokens[0], tokens[1:]
        if token == "(":
            choice, tokens = _read_choice(tokens)
            nodes.append(choice)
        elif token[0] in "{<":
            nodes.append((_Slot if token[0] == "{" else _Rule)(token[1:-1]))
        else:
            nodes.append(_Words(token))
    return tuple(nodes), tokens


def _read_choice(tokens: list[str]) -> tuple[_Choice, list[str]]:
    alternatives: list[_Sequence] = []
    while True:
        sequence, tokens = _read_sequence(tokens)
        alternatives.append(sequence)
        if not tokens:
            raise ValueError("expected every bracket closed")
        closing, tokens = tokens[0], tokens[1:]
        if closing == ")":
            return _Choice(tuple(alternatives)), tokens

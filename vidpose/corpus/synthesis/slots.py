"""Texts with placeholders where measurements stood: what leaves the machine, and how the answer is filled in.

A placeholder is ``{{n1}}``. Every stretch of text that states a fact becomes one, and so does every other number or
number word, so that what remains holds no measurement at all.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from vidpose.corpus.example import Example, Fact, Message, Span
from vidpose.corpus.grounding.vocabulary import VOCABULARIES, name_of
from vidpose.corpus.settings.dataset import Language
from vidpose.planning.keys import fingerprint

PLACEHOLDER: Final = re.compile(r"\{\{(\w+)\}\}")
_DIGITS: Final = re.compile(r"[±+\-−]?\d+(?:[.,:]\d+)*(?:\s?[%°])?")
SHORTEST, LONGEST, LENGTH_SLACK = 0.4, 2.5, 60
"""Length of an answer against the original's, and characters allowed besides; ours: shorter ones drop something,
longer ones add something."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A placeholder.

    Attributes
    ----------
    name
        Between the braces.
    text
        What it stands for; stays here.
    label
        What it means, as it is sent.
    marks
        Facts that ``text`` states: id, characters ``[start, end)`` of ``text``.
    """

    name: str
    text: str
    label: str
    marks: tuple[tuple[str, int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Template:
    """Assistant turns with placeholders.

    Attributes
    ----------
    turns
        The texts, safe to send.
    slots
        What the placeholders stand for.
    """

    turns: tuple[str, ...]
    slots: tuple[Slot, ...]

    def meanings(self) -> dict[str, str]:
        """Return what the placeholders mean, as it is sent."""
        return {slot.name: slot.label for slot in self.slots}


def make_template(example: Example, facts: Mapping[str, Fact]) -> Template | None:
    """Take the measurements out of an example's answers.

    Parameters
    ----------
    example
        With spans.
    facts
        Facts by id.

    Returns
    -------
    Template or None
        None for what cannot be rephrased: JSON, tables, texts with braces of their own.
    """
    turns: list[str] = []
    slots: list[Slot] = []
    for number, message in enumerate(example.messages):
        if message.role != "assistant":
            continue
        if not is_prose(message.content):
            return None
        spans = [span for span in example.spans if span.message == number]
        turns.append(_with_placeholders(message.content, spans, facts, slots, example.language))
    return Template(tuple(turns), tuple(slots)) if turns else None


def problem_of(template: Template, turns: Sequence[str], language: Language) -> str:
    """Return what is wrong with a rephrased answer, empty when nothing is.

    Parameters
    ----------
    template
        The original.
    turns
        The answer.
    language
        Of both.
    """
    if len(turns) != len(template.turns):
        return "turns"
    for old, new in zip(template.turns, turns, strict=True):
        if Counter(PLACEHOLDER.findall(new)) != Counter(PLACEHOLDER.findall(old)):
            return "placeholders"
        if states_numbers(new, language):
            return "new_number"
        length, before = len(PLACEHOLDER.sub("", new)), len(PLACEHOLDER.sub("", old))
        if not SHORTEST * before - LENGTH_SLACK <= length <= LONGEST * before + LENGTH_SLACK or not new.strip():
            return "length"
    if [_plainest(one) for one in turns] == [_plainest(one) for one in template.turns]:
        return "unchanged"
    return ""


def fill(text: str, slots: Iterable[Slot], message: int) -> tuple[str, tuple[Span, ...]]:
    """Put the measurements back.

    Parameters
    ----------
    text
        With placeholders.
    slots
        What they stand for.
    message
        Number of the message that the text becomes.

    Returns
    -------
    tuple
        The text, and the spans in it.
    """
    by_name = {slot.name: slot for slot in slots}
    parts: list[str] = []
    spans: list[Span] = []
    place = length = 0
    for found in PLACEHOLDER.finditer(text):
        parts.append(text[place : found.start()])
        slot, length = by_name[found[1]], length + found.start() - place
        spans += [Span(message, length + start, length + end, fact) for fact, start, end in slot.marks]
        parts.append(slot.text)
        place, length = found.end(), length + len(slot.text)
    return "".join([*parts, text[place:]]), tuple(spans)


def filled_example(example: Example, template: Template, turns: Sequence[str], generator: str) -> Example:
    """Return the rephrased example, with the original as its parent.

    Parameters
    ----------
    example
        The original.
    template
        Its template.
    turns
        The rephrased answers.
    generator
        Who wrote them.
    """
    messages: list[Message] = []
    spans: list[Span] = []
    rest = iter(turns)
    for number, message in enumerate(example.messages):
        if message.role == "assistant":
            text, found = fill(next(rest).strip(), template.slots, number)
            messages.append(Message("assistant", text))
            spans += found
        else:
            messages.append(message)
    return stamped(replace(example, messages=tuple(messages), spans=tuple(spans)), example.id, generator)


def stamped(example: Example, parent: str, generator: str) -> Example:
    """Return an example with its generator, parent and the id that follows from its words."""
    name = fingerprint(parent=parent, generator=generator, messages=example.messages)
    return replace(example, id=name[: len(parent)] if parent else name, generator=generator, parent=parent)


def states_numbers(text: str, language: Language) -> bool:
    """Return whether a text has a digit, or a number word above one, outside its placeholders."""
    bare = PLACEHOLDER.sub(" ", text)
    return any(one.isnumeric() for one in bare) or bool(_number_words(language).search(bare))


def without_numbers(text: str, language: Language) -> str:
    """Return a text with ``#`` for every number and number word."""
    return _number_words(language).sub("#", _DIGITS.sub("#", text))


def label_of(fact: Fact, language: Language) -> str:
    """Return a fact's meaning, as it is sent: its name as the check knows it, side and kind; never its value."""
    side = "" if fact.side == "none" else f", {fact.side}"
    kind = {"difference": ", a difference", "reference": ", a reference value"}.get(fact.kind, "")
    return f"{name_of(VOCABULARIES[language], fact.metric) or fact.label}{side}{kind}"


def _with_placeholders(
    text: str, spans: Sequence[Span], facts: Mapping[str, Fact], slots: list[Slot], language: Language
) -> str:
    taken: list[tuple[int, int, str]] = []
    for start, end in _stretches(text, spans, language):
        inside = [span for span in spans if start <= span.start and span.end <= end and span.end > span.start]
        known = sorted({label_of(facts[span.fact_id], language) for span in inside if span.fact_id in facts})
        marks = tuple((span.fact_id, span.start - start, span.end - start) for span in inside)
        slot = Slot(f"n{len(slots) + 1}", text[start:end], "; ".join(known) or "a number", marks)
        slots.append(slot)
        taken.append((start, end, slot.name))
    for start, end, name in reversed(taken):
        text = f"{text[:start]}{{{{{name}}}}}{text[end:]}"
    return text


def _stretches(text: str, spans: Sequence[Span], language: Language) -> list[tuple[int, int]]:
    """Return the characters that must not leave, overlaps joined, in order."""
    found = [(span.start, span.end) for span in spans if span.end > span.start]
    found += [match.span() for match in _DIGITS.finditer(text)]
    found += [match.span() for match in _number_words(language).finditer(text)]
    joined: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


@lru_cache(maxsize=8)
def _number_words(language: Language) -> re.Pattern[str]:
    words = VOCABULARIES[language]
    # "one" is a pronoun and an article too
    large = [*(word for word, value in words.number_words.items() if value > 1), *words.multiples]
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(large, key=len, reverse=True)))})\b", re.IGNORECASE)


def is_prose(text: str) -> bool:
    """Return whether a text consists of sentences: no JSON, no table, no braces of its own."""
    if "{{" in text or "}}" in text or text.lstrip().startswith(("```", "|", "{", "[")):
        return False
    try:
        json.loads(text)
    except ValueError:
        return True
    return False


def _plainest(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))

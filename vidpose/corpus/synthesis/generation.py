"""New answers from facts: the model writes placeholders, whether it sees the values or not; they are filled in here."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from vidpose.corpus.example import Example, Fact, Message
from vidpose.corpus.grounding.vocabulary import VOCABULARIES
from vidpose.corpus.settings.dataset import Language
from vidpose.corpus.synthesis.slots import (
    PLACEHOLDER,
    Slot,
    fill,
    is_prose,
    label_of,
    stamped,
    states_numbers,
    without_numbers,
)

STATED_KINDS: Final = ("metric", "event_count", "extreme")
"""Facts that may be stated without seeing their value; a difference needs its direction, so its sign."""
MOST_FACTS: Final = 8
"""Facts offered to one text; ours, so that a text stays a text."""
LONGEST_TEXT: Final = 1500
"""Characters of one answer; ours."""


@dataclass(frozen=True, slots=True)
class FreePlan:
    """What a new answer may be made of.

    Attributes
    ----------
    question
        The user's turn, as it is sent: numbers hidden unless values may leave.
    slots
        Facts that may be stated.
    meanings
        What the placeholders mean, as it is sent.
    """

    question: str
    slots: tuple[Slot, ...]
    meanings: dict[str, str]


@dataclass(frozen=True, slots=True)
class FreeAnswer:
    """What the model wrote; the follow-up is empty when there is none."""

    answer: str
    question: str = ""
    follow_up: str = ""


def make_plan(example: Example, facts: Mapping[str, Fact], *, values: bool) -> FreePlan | None:
    """Choose the facts that a new answer to the example's question may state.

    Parameters
    ----------
    example
        Whose question is answered anew.
    facts
        Facts by id.
    values
        Whether the model may see values; only then differences are offered.

    Returns
    -------
    FreePlan or None
        None when there is no question, nothing to state, or the question asks for JSON or for what was not measured.
    """
    if not example.spans or not all(is_prose(one.content) for one in example.messages if one.role == "assistant"):
        return None
    question = next((one.content for one in example.messages if one.role == "user"), "")
    kinds = (*STATED_KINDS, "difference") if values else STATED_KINDS
    offered = [facts[one] for one in sorted(set(example.facts)) if one in facts]
    offered = [one for one in offered if not one.reason and one.kind in kinds][:MOST_FACTS]
    if not question or not offered or "{{" in question:
        return None
    slots = tuple(_slot(number, fact, example.language) for number, fact in enumerate(offered, 1))
    meanings = {slot.name: slot.label for slot in slots}
    if values:
        meanings = {
            slot.name: f"{slot.label}: {_signed(slot, fact)}" for slot, fact in zip(slots, offered, strict=True)
        }
    return FreePlan(question if values else without_numbers(question, example.language), slots, meanings)


def read_answer(text: str) -> FreeAnswer | None:
    """Read the model's JSON; None when it is not what was asked for."""
    try:
        found = json.loads(text)
        answer, question, follow_up = found["answer"], found["follow_up_question"], found["follow_up_answer"]
    except (ValueError, KeyError, TypeError):
        return None
    if not isinstance(answer, str) or (question is None) != (follow_up is None):
        return None
    if question is None:
        return FreeAnswer(answer.strip())
    if not isinstance(question, str) or not isinstance(follow_up, str):
        return None
    return FreeAnswer(answer.strip(), question.strip(), follow_up.strip())


def problem_of(plan: FreePlan, answer: FreeAnswer, language: Language) -> str:
    """Return what is wrong with a new answer, empty when nothing is.

    Parameters
    ----------
    plan
        What was offered.
    answer
        What was written.
    language
        Of the answer.
    """
    if PLACEHOLDER.search(answer.question) or not PLACEHOLDER.search(answer.answer):
        return "placeholders"
    names = {slot.name for slot in plan.slots}
    for text in (answer.answer, answer.question, answer.follow_up):
        used = Counter(PLACEHOLDER.findall(text))
        if set(used) - names or any(times > 1 for times in used.values()) or "{{" in PLACEHOLDER.sub("", text):
            return "placeholders"
        if states_numbers(text, language):
            return "new_number"
        if len(text) > LONGEST_TEXT:
            return "length"
    return ""


def filled_example(example: Example, plan: FreePlan, answer: FreeAnswer, generator: str) -> Example:
    """Return the new example: the parent's first question with the new answer, and the follow-up if there is one.

    Parameters
    ----------
    example
        The parent.
    plan
        What was offered.
    answer
        What was written.
    generator
        Who wrote it.
    """
    first = next(number for number, one in enumerate(example.messages) if one.role == "user")
    messages = list(example.messages[: first + 1])
    text, spans = fill(answer.answer, plan.slots, len(messages))
    messages.append(Message("assistant", text))
    if answer.question:
        messages.append(Message("user", answer.question))
        text, more = fill(answer.follow_up, plan.slots, len(messages))
        messages.append(Message("assistant", text))
        spans += more
    return stamped(replace(example, messages=tuple(messages), spans=spans), example.id, generator)


def shown(fact: Fact, language: Language) -> str:
    """Return a fact's value with its unit as the language writes it; differences without sign.

    Parameters
    ----------
    fact
        With a value.
    language
        Whose decimal mark and unit words are used.
    """
    words = VOCABULARIES[language]
    value = abs(fact.value) if fact.kind == "difference" else fact.value
    value = 0.0 if math.isclose(value, 0.0, abs_tol=0.5 * 10.0**-fact.decimals) else value
    number = f"{value:.{fact.decimals}f}".replace("-", "−").replace(".", words.decimal_mark)
    name = "percentage points" if fact.unit == "%" and fact.kind == "difference" else fact.unit
    unit = words.units.get(name, (name,))[0]
    return number + unit if unit in ("°", "") else f"{number} {unit}"


def _slot(number: int, fact: Fact, language: Language) -> Slot:
    text = shown(fact, language)
    return Slot(f"f{number}", text, label_of(fact, language), ((fact.id, 0, len(text)),))


def _signed(slot: Slot, fact: Fact) -> str:
    if fact.kind != "difference":
        return slot.text
    larger = "the right side or the second recording" if fact.value > 0 else "the left side or the first recording"
    return f"{slot.text}, larger: {larger}"

"""Give a cue: a value against the reference range of the configuration, with its source, and what to do about it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from vidpose.corpus.example import Fact
from vidpose.corpus.tasks.conversation import Conversation, Target, TaskContext, TaskType, with_others
from vidpose.corpus.tasks.subject_facts import SubjectFacts
from vidpose.corpus.text.annotated import AnnotatedText
from vidpose.corpus.text.planner import ContentPlanner
from vidpose.corpus.text.seeded_choice import SeededChoice


def _targets(view: SubjectFacts, _planner: ContentPlanner, choice: SeededChoice, n: int) -> Sequence[Target]:
    limits: dict[tuple[str, str], list[Fact]] = {}
    for fact in view.references:
        limits.setdefault((fact.metric, fact.side), []).append(fact)
    targets = []
    for fact in view.read:
        ends = sorted(limits.get((fact.metric, fact.side), ()), key=lambda end: end.value)
        if fact.kind == "metric" and len(ends) == 2:
            targets.append((fact, *ends))
    return choice.some(targets, n)


def _converse(context: TaskContext) -> Conversation:
    fact, low, high = context.target
    conversation, realiser = Conversation(context), context.realiser
    conversation.open(
        realiser.question("ask_cue", **realiser.nouns("m", fact)),
        with_others(context, [fact], realiser.choice.below(4)),
    )
    conversation.facts.update((low.id, high.id))
    relation, certain = _relation(fact, low, high)
    slots = {"v": realiser.value(fact), "low": realiser.value(low), "high": realiser.value(high)}
    parts = [realiser.sentence(f"cue_{relation}", **slots, **realiser.nouns("m", fact))]
    parts.append(realiser.sentence("cue_source", source=low.source))
    if not certain:
        parts.append(realiser.sentence("cue_unsure"))
    parts += _advice(context, fact, relation) if certain else []
    conversation.answer(parts)
    return conversation


def _relation(fact: Fact, low: Fact, high: Fact) -> tuple[str, bool]:
    """Return where the value lies, and whether its uncertainty leaves that in no doubt."""
    margin = fact.uncertainty if math.isfinite(fact.uncertainty) else 0.0
    if fact.value < low.value:
        return "below", fact.value + margin < low.value
    if fact.value > high.value:
        return "above", fact.value - margin > high.value
    return "within", low.value <= fact.value - margin and fact.value + margin <= high.value


def _advice(context: TaskContext, fact: Fact, relation: str) -> list[AnnotatedText]:
    realiser = context.realiser
    if relation == "within":
        return [realiser.sentence("cue_keep")]
    way = "cue_up" if relation == "below" else "cue_down"
    return [realiser.sentence("cue_change", way=realiser.say(way), **realiser.nouns("name", fact, sided=False))]


GIVE_CUE: Final = TaskType("give_cue", "a measured value with a reference range", _targets, _converse)

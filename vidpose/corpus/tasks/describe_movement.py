"""Describe a movement: several values in prose, sides together, with what is doubtful and what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from vidpose.corpus.example import Fact
from vidpose.corpus.tasks.conversation import Conversation, Target, TaskContext, TaskType, with_others
from vidpose.corpus.tasks.shared_sentences import both_values, doubt, missing, state, verdict
from vidpose.corpus.tasks.subject_facts import RECORDING, FactPair, SubjectFacts, kind_of
from vidpose.corpus.text.annotated import AnnotatedText, joined
from vidpose.corpus.text.planner import ContentPlanner
from vidpose.corpus.text.seeded_choice import SeededChoice

_LEAST, _MOST = 2, 5


def _targets(view: SubjectFacts, planner: ContentPlanner, choice: SeededChoice, n: int) -> Sequence[Target]:
    about_body = [fact for fact in view.read if kind_of(fact.metric) != RECORDING]  # no camera in a movement
    if view.of_two or len({fact.metric for fact in about_body}) < _LEAST:
        return ()
    return [tuple(planner.chosen(about_body, _LEAST + choice.below(_MOST - _LEAST + 1), choice)) for _ in range(n)]


def _converse(context: TaskContext) -> Conversation:
    realiser, conversation = context.realiser, Conversation(context)
    pairs = {pair.first.metric: pair for pair in context.view.pairs}
    paired = [pairs[fact.metric] for fact in context.target if fact.metric in pairs and realiser.choice.chance(0.7)]
    merged = {pair.first.metric: pair for pair in paired}
    left_out = realiser.choice.some(context.view.withheld, 1 if realiser.choice.chance(0.35) else 0)
    conversation.open(realiser.question("ask_describe"), _shown(context, paired, left_out))
    body = [_about(context, fact, merged.get(fact.metric)) for fact in context.target]
    body += [missing(context, fact) for fact in left_out]
    parts = [realiser.sentence("overview")] if realiser.choice.chance(0.4) else []
    bullets = realiser.choice.chance(0.2)
    text = joined([AnnotatedText("- ") + part for part in body], "\n") if bullets else joined(body, " ")
    parts.append(text)
    parts += [realiser.sentence("closing")] if realiser.choice.chance(0.35) else []
    conversation.answer(parts, "\n" if bullets else " ", [pair.difference for pair in paired])
    return conversation


def _shown(context: TaskContext, paired: Sequence[FactPair], left_out: Sequence[Fact]) -> list[Fact]:
    facts = {fact.id: fact for fact in (*context.target, *left_out)}
    facts |= {fact.id: fact for pair in paired for fact in (pair.first, pair.second)}
    return with_others(context, list(facts.values()), context.choice.below(4), withheld=0)


def _about(context: TaskContext, fact: Fact, pair: FactPair | None) -> AnnotatedText:
    if pair is None:
        return joined([state(context, fact), *doubt(context, fact, 0.25)], " ")
    said = [both_values(context, pair)]
    if context.choice.chance(0.6):
        said += verdict(context, pair, named=False)
    return joined(said, " ")


DESCRIBE_MOVEMENT: Final = TaskType("describe_movement", "two measured values of one person", _targets, _converse)

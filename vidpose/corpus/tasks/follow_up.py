"""A conversation of two to four questions about one subject."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from vidpose.corpus.example import Fact
from vidpose.corpus.tasks.conversation import Conversation, Target, TaskContext, TaskType, known, with_others
from vidpose.corpus.tasks.shared_sentences import both_values, doubt, missing, state, verdict
from vidpose.corpus.tasks.subject_facts import SubjectFacts
from vidpose.corpus.text.planner import ContentPlanner
from vidpose.corpus.text.seeded_choice import SeededChoice

_MOST_TURNS: Final = 4


def _targets(view: SubjectFacts, planner: ContentPlanner, choice: SeededChoice, n: int) -> Sequence[Target]:
    if view.of_two or len({fact.metric for fact in view.read}) < 2:
        return ()
    return [tuple(planner.chosen(view.read, 2 + choice.below(_MOST_TURNS - 1), choice)) for _ in range(n)]


def _converse(context: TaskContext) -> Conversation:
    conversation, realiser, first = Conversation(context), context.realiser, context.target[0]
    others: list[Callable[[Conversation, Fact, Fact], None]] = [_next, _next, _sure, _sides, _missing]
    gone = realiser.choice.some(context.view.withheld, 1)
    shown = {fact.id: fact for fact in (*context.target, *gone)}
    shown |= {one.id: one for pair in context.view.pairs[:1] for one in (pair.first, pair.second)}
    conversation.open(
        realiser.question("ask_read", **realiser.nouns("m", first)),
        with_others(context, list(shown.values()), realiser.choice.below(3), withheld=0),
    )
    conversation.answer([state(context, first), *doubt(context, first, 0.15)])
    previous = first
    for fact in context.target[1:]:
        kind = realiser.choice.pick(others)
        if kind is not _next:
            others.remove(kind)  # how certain a number is, or the same missing value, is asked for once only
        kind(conversation, fact, previous)
        previous = fact
    return conversation


def _next(conversation: Conversation, fact: Fact, _previous: Fact) -> None:
    realiser = conversation.context.realiser
    question = realiser.question("ask_next", **realiser.nouns("m", fact))
    conversation.ask(question)
    conversation.answer([state(conversation.context, fact, question), *doubt(conversation.context, fact, 0.15)])


def _sure(conversation: Conversation, fact: Fact, previous: Fact) -> None:
    realiser = conversation.context.realiser
    if not known(previous) or previous.uncertainty <= 0 or len(conversation.messages) > 3:
        _next(conversation, fact, previous)
        return
    conversation.ask(realiser.question("ask_sure"))
    slots = {"u": realiser.uncertainty(previous), "v": realiser.value(previous)}
    conversation.answer([realiser.sentence("sure_with", **slots, **realiser.nouns("m", previous))])


def _sides(conversation: Conversation, fact: Fact, previous: Fact) -> None:
    realiser, context = conversation.context.realiser, conversation.context
    if not context.view.pairs:
        _next(conversation, fact, previous)
        return
    pair = context.view.pairs[0]
    conversation.ask(realiser.question("ask_sides", **realiser.nouns("m", pair.first, sided=False)))
    conversation.answer([both_values(context, pair), *verdict(context, pair, named=False)], about=[pair.difference])


def _missing(conversation: Conversation, fact: Fact, previous: Fact) -> None:
    realiser, context = conversation.context.realiser, conversation.context
    gone = [one for one in context.view.withheld if one.id in conversation.facts]
    if not gone:
        _next(conversation, fact, previous)
        return
    conversation.ask(realiser.question("ask_missing", **realiser.nouns("m", gone[0])))
    conversation.answer([missing(context, gone[0])])


FOLLOW_UP: Final = TaskType("follow_up", "two measured values of one person", _targets, _converse)

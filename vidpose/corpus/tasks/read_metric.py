"""Read a metric: one value, the larger of two sides, or the difference of two values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from vidpose.corpus.tasks.conversation import Conversation, Target, TaskContext, TaskType, single_targets, with_others
from vidpose.corpus.tasks.shared_sentences import both_values, doubt, state, verdict
from vidpose.corpus.tasks.subject_facts import FactPair, SubjectFacts
from vidpose.corpus.text.planner import ContentPlanner
from vidpose.corpus.text.seeded_choice import SeededChoice

_PAIR_SHARE: Final = 0.3  # ours: a third of the questions is arithmetic or a choice, the others are reading


def _targets(view: SubjectFacts, planner: ContentPlanner, choice: SeededChoice, n: int) -> Sequence[Target]:
    if view.of_two:
        return ()
    pairs = [pair for pair in view.pairs if pair.differs]
    compared = [pair.facts for pair in choice.some(pairs, round(n * _PAIR_SHARE))]
    return choice.shuffled([*compared, *single_targets(view.read, planner, choice, n - len(compared))])


def _converse(context: TaskContext) -> Conversation:
    if len(context.target) > 1:
        return _converse_pair(context, FactPair(*context.target))
    (fact,), conversation, realiser = context.target, Conversation(context), context.realiser
    question = realiser.question("ask_read", **realiser.nouns("m", fact))
    conversation.open(question, with_others(context, [fact], 1 + realiser.choice.below(7)))
    conversation.answer([state(context, fact, question), *doubt(context, fact, 0.3)])
    return conversation


def _converse_pair(context: TaskContext, pair: FactPair) -> Conversation:
    conversation, realiser = Conversation(context), context.realiser
    if realiser.choice.chance(0.5):
        question = realiser.question("ask_larger", **realiser.nouns("m", pair.first, sided=False))
    else:
        question = realiser.question(
            "ask_difference", **realiser.nouns("a", pair.first), **realiser.nouns("b", pair.second)
        )
    conversation.open(question, with_others(context, [pair.first, pair.second], realiser.choice.below(6)))
    values = [both_values(context, pair)] if realiser.choice.chance(0.5) else []
    if realiser.choice.chance(0.5):
        parts = [*values, *verdict(context, pair, named=not values)]
    else:
        parts = [*verdict(context, pair), *values]
    conversation.answer(parts, about=[pair.difference])
    return conversation


READ_METRIC: Final = TaskType("read_metric", "one measured value", _targets, _converse)

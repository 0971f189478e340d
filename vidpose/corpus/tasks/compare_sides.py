"""Compare left and right in one metric: the values, which is larger, or that noise hides a difference."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from vidpose.corpus.tasks.conversation import Conversation, Target, TaskContext, TaskType, with_others
from vidpose.corpus.tasks.shared_sentences import both_values, verdict
from vidpose.corpus.tasks.subject_facts import FactPair, SubjectFacts
from vidpose.corpus.text.planner import ContentPlanner
from vidpose.corpus.text.seeded_choice import SeededChoice


def _targets(view: SubjectFacts, _planner: ContentPlanner, choice: SeededChoice, n: int) -> Sequence[Target]:
    return () if view.of_two else [pair.facts for pair in choice.some(view.pairs, n)]


def _converse(context: TaskContext) -> Conversation:
    pair, conversation, realiser = FactPair(*context.target), Conversation(context), context.realiser
    question = realiser.question("ask_sides", **realiser.nouns("m", pair.first, sided=False))
    conversation.open(question, with_others(context, [pair.first, pair.second], realiser.choice.below(5)))
    if not pair.differs or realiser.choice.chance(0.6):
        parts = [both_values(context, pair, question), *verdict(context, pair, named=False)]
    else:
        parts = [*verdict(context, pair), both_values(context, pair)]
    conversation.answer(parts, about=[pair.difference])
    return conversation


COMPARE_SIDES: Final = TaskType("compare_sides", "a difference between left and right", _targets, _converse)

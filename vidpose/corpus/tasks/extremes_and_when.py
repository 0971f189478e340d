"""Extremes and when they happen: a value with the moment or the stretch of time that it belongs to."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from vidpose.corpus.tasks.conversation import Conversation, Target, TaskContext, TaskType, single_targets, with_others
from vidpose.corpus.tasks.shared_sentences import doubt
from vidpose.corpus.tasks.subject_facts import SubjectFacts
from vidpose.corpus.text.planner import ContentPlanner
from vidpose.corpus.text.seeded_choice import SeededChoice


def _targets(view: SubjectFacts, planner: ContentPlanner, choice: SeededChoice, n: int) -> Sequence[Target]:
    timed = [fact for fact in view.read if fact.kind == "extreme" and math.isfinite(fact.start_s)]
    return single_targets(timed, planner, choice, n)


def _converse(context: TaskContext) -> Conversation:
    (fact,), conversation, realiser = context.target, Conversation(context), context.realiser
    question = realiser.question("ask_when", **realiser.nouns("m", fact))
    conversation.open(question, with_others(context, [fact], realiser.choice.below(6)), with_times=True)
    when = realiser.say("moment", t=realiser.moment(fact.start_s, fact))
    said = realiser.sentence("when", t=when, v=realiser.value(fact), **realiser.nouns("m", fact))
    conversation.answer([said, *doubt(context, fact, 0.25)])
    return conversation


EXTREMES_AND_WHEN: Final = TaskType("extremes_and_when", "an extreme with its moment", _targets, _converse)

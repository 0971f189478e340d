"""Refuse what is not measurable: no number, the reason, and what can be said instead."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from vidpose.corpus.tasks.conversation import Conversation, Target, TaskContext, TaskType, with_others
from vidpose.corpus.tasks.shared_sentences import missing
from vidpose.corpus.tasks.subject_facts import SubjectFacts, kind_of
from vidpose.corpus.text.annotated import AnnotatedText
from vidpose.corpus.text.planner import ContentPlanner
from vidpose.corpus.text.seeded_choice import SeededChoice

_LEAST: Final = 3
"""Ours: so many refusals and one more per measured value; who was hardly measured would teach nothing but refusing."""


def _targets(view: SubjectFacts, _planner: ContentPlanner, choice: SeededChoice, n: int) -> Sequence[Target]:
    return [(fact,) for fact in choice.some(view.withheld, min(n, _LEAST + len(view.read)))]


def _converse(context: TaskContext) -> Conversation:
    (fact,), conversation, realiser = context.target, Conversation(context), context.realiser
    question = realiser.question("ask_missing", **realiser.nouns("m", fact))
    conversation.open(question, with_others(context, [fact], 1 + realiser.choice.below(5), withheld=2))
    parts = [missing(context, fact)]
    parts += [realiser.sentence("no_guess")] if realiser.choice.chance(0.4) else []
    parts += [realiser.sentence("remedy", remedy=_remedy(context))] if realiser.choice.chance(0.5) else []
    parts += _instead(conversation) if realiser.choice.chance(0.6) else []
    conversation.answer(parts)
    return conversation


def _remedy(context: TaskContext) -> AnnotatedText:
    return context.realiser.say(f"remedy_{context.target[0].reason}")


def _instead(conversation: Conversation) -> list[AnnotatedText]:
    """Return a sentence on a value of the same kind that the question showed; any other would be no answer."""
    context, realiser = conversation.context, conversation.context.realiser
    kin = kind_of(context.target[0].metric)
    ranked = context.planner.ranked(context.view.read, context.choice)
    offered = [fact for fact in ranked if fact.id in conversation.facts and kind_of(fact.metric) == kin]
    if not offered:
        return []
    if realiser.choice.chance(0.7):
        return [realiser.sentence("instead", v2=realiser.value(offered[0]), **realiser.nouns("m2", offered[0]))]
    return [realiser.sentence("instead_named", **realiser.nouns("m2", offered[0]))]


NOT_MEASURABLE: Final = TaskType(
    "not_measurable", "a metric that was withheld, with the reason", _targets, _converse, weight=3
)

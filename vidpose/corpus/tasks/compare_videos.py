"""Compare two recordings: what differs, by how much, and what noise hides."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from vidpose.corpus.example import Fact
from vidpose.corpus.tasks.conversation import Conversation, Target, TaskContext, TaskType
from vidpose.corpus.tasks.shared_sentences import both_values, verdict
from vidpose.corpus.tasks.subject_facts import FactPair, SubjectFacts
from vidpose.corpus.text.annotated import joined
from vidpose.corpus.text.fact_layouts import show_facts
from vidpose.corpus.text.planner import ContentPlanner
from vidpose.corpus.text.seeded_choice import SeededChoice

_MOST_PAIRS: Final = 2


def _targets(view: SubjectFacts, planner: ContentPlanner, choice: SeededChoice, n: int) -> Sequence[Target]:
    if not view.of_two or not view.pairs:
        return ()
    by_difference = {pair.difference.id: pair for pair in view.pairs}
    targets = []
    for _ in range(n):
        chosen = planner.chosen([pair.difference for pair in view.pairs], 1 + choice.below(_MOST_PAIRS), choice)
        targets.append(tuple(fact for one in chosen for fact in by_difference[one.id].facts))
    return targets


def _converse(context: TaskContext) -> Conversation:
    conversation, realiser = Conversation(context), context.realiser
    pairs = [FactPair(*context.target[start : start + 3]) for start in range(0, len(context.target), 3)]
    shown = [[pair.first for pair in pairs], [pair.second for pair in pairs]]
    conversation.open(
        realiser.question("ask_videos", one=realiser.recordings[0], two=realiser.recordings[1]),
        [],
        _tables(context, shown),
    )
    conversation.facts.update(fact.id for facts in shown for fact in facts)
    parts = [joined([both_values(context, pair), *verdict(context, pair, named=False)], " ") for pair in pairs]
    conversation.answer(parts, about=[pair.difference for pair in pairs])
    return conversation


def _tables(context: TaskContext, shown: Sequence[Sequence[Fact]]) -> str:
    """Return the values of either recording under a heading of its own."""
    realiser = context.realiser
    tables = [realiser.say("data_intro_two").capitalised().text]
    for name, facts in zip(realiser.recordings[:2], shown, strict=True):
        tables.append(f"{realiser.sentence('heading', name=name).text}\n{show_facts(facts, realiser)}")
    return "\n\n".join(tables)


COMPARE_VIDEOS: Final = TaskType("compare_videos", "a difference between two recordings", _targets, _converse)

"""Say that nothing stands out: every difference that was looked at lies within the noise."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from vidpose.corpus.tasks.conversation import Conversation, Target, TaskContext, TaskType
from vidpose.corpus.tasks.shared_sentences import both_values
from vidpose.corpus.tasks.subject_facts import FactPair, SubjectFacts
from vidpose.corpus.text.planner import ContentPlanner
from vidpose.corpus.text.seeded_choice import SeededChoice

_MOST_PAIRS: Final = 3


def _targets(view: SubjectFacts, _planner: ContentPlanner, choice: SeededChoice, n: int) -> Sequence[Target]:
    even = [] if view.of_two else [pair for pair in view.pairs if not pair.differs and pair.noise_known]
    if not even:
        return ()
    chosen = (choice.some(even, 1 + choice.below(_MOST_PAIRS)) for _ in range(n))
    return [tuple(fact for pair in pairs for fact in pair.facts) for pairs in chosen]


def _converse(context: TaskContext) -> Conversation:
    conversation, realiser = Conversation(context), context.realiser
    pairs = [FactPair(*context.target[start : start + 3]) for start in range(0, len(context.target), 3)]
    conversation.open(realiser.question("ask_standout"), [fact for pair in pairs for fact in (pair.first, pair.second)])
    parts = [realiser.sentence("nothing")]
    for pair in pairs[: 1 + realiser.choice.below(2)]:
        parts.append(both_values(context, pair))
    parts += [realiser.sentence("within_noise")] if realiser.choice.chance(0.6) else []
    parts += [realiser.sentence("keep_on")] if realiser.choice.chance(0.5) else []
    conversation.answer(parts, about=[pair.difference for pair in pairs])
    return conversation


NOTHING_STANDS_OUT: Final = TaskType(
    "nothing_stands_out", "differences between the sides that lie within the noise", _targets, _converse
)

"""Report values as JSON: name, side, value and unit of what was shown, and null with a reason for what is withheld."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

from vidpose.corpus.example import Fact
from vidpose.corpus.tasks.conversation import Conversation, Target, TaskContext, TaskType
from vidpose.corpus.tasks.subject_facts import SubjectFacts
from vidpose.corpus.text.annotated import AnnotatedText, joined
from vidpose.corpus.text.fact_layouts import without_digits
from vidpose.corpus.text.planner import ContentPlanner
from vidpose.corpus.text.seeded_choice import SeededChoice

_MOST: Final = 6


def _targets(view: SubjectFacts, planner: ContentPlanner, choice: SeededChoice, n: int) -> Sequence[Target]:
    if view.of_two or not view.read:
        return ()
    some = []
    for _ in range(n):
        gone = choice.some(view.withheld, choice.below(2))
        some.append((*planner.ranked(view.read, choice)[: 1 + choice.below(_MOST)], *gone))
    return some


def _converse(context: TaskContext) -> Conversation:
    conversation, realiser = Conversation(context), context.realiser
    conversation.open(realiser.question("ask_json"), context.target)
    keys = realiser.choice.pick(realiser.phrasebook.json_keys)
    between = realiser.choice.pick((", ", ",\n ", ",\n  "))
    rows = joined([_row(context, fact, keys) for fact in context.target], between)
    name = realiser.choice.pick(("metrics", "measurements", "values", ""))
    before, after = (f'{{"{name}": [', "]}") if name else ("[", "]")
    conversation.answer([AnnotatedText(before) + rows + AnnotatedText(after)])
    return conversation


def _row(context: TaskContext, fact: Fact, keys: tuple[str, ...]) -> AnnotatedText:
    """Return one object; the stretch of its value states the fact."""
    metric, side, value, unit, why = keys
    words = context.realiser.phrasebook.vocabulary
    row: dict[str, Any] = {metric: context.realiser.label(fact)}
    if fact.side in ("left", "right"):
        row[side] = words.sides[fact.side][0]
    behind = {unit: without_digits(words.units[fact.unit][0], words)} if fact.unit else {}
    if fact.reason:
        behind = {why: context.realiser.phrasebook.reasons[fact.reason][0]}
    number = "null" if fact.reason else f"{fact.value:.{fact.decimals}f}"
    stated = AnnotatedText(number) if fact.reason else AnnotatedText.stating(number, fact.id)
    head = json.dumps(row, ensure_ascii=False)[:-1] + f', "{value}": '
    tail = (", " + json.dumps(behind, ensure_ascii=False)[1:-1] if behind else "") + "}"
    return AnnotatedText(head) + stated + AnnotatedText(tail)


JSON_REPORT: Final = TaskType("json_report", "one measured value", _targets, _converse, weight=2)

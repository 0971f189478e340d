"""Explain a metric from the dictionary: what it is, its unit and signs, the camera that it needs, its limits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from vidpose.biomech.metrics.row import MetricRow
from vidpose.corpus.tasks.conversation import Conversation, Target, TaskContext, TaskType, with_others
from vidpose.corpus.tasks.subject_facts import SubjectFacts
from vidpose.corpus.text.annotated import AnnotatedText
from vidpose.corpus.text.planner import ContentPlanner
from vidpose.corpus.text.seeded_choice import SeededChoice


def _targets(view: SubjectFacts, planner: ContentPlanner, choice: SeededChoice, n: int) -> Sequence[Target]:
    if view.of_two:
        return ()
    return [(fact,) for fact in planner.chosen((*view.read, *view.withheld), n, choice)]


def _converse(context: TaskContext) -> Conversation:
    (fact,), conversation, realiser = context.target, Conversation(context), context.realiser
    shown = with_others(context, [fact], realiser.choice.below(4)) if realiser.choice.chance(0.5) else []
    conversation.open(realiser.question("ask_explain", **realiser.nouns("m", fact, sided=False)), shown)
    row = context.row(fact)
    what = realiser.sentence(
        "explain_what", definition=_clause(row.definition), **realiser.nouns("m", fact, sided=False)
    )
    more = realiser.choice.some(_more(context, row), 1 + realiser.choice.below(3))
    conversation.answer([what, *more], about=[fact])
    return conversation


def _more(context: TaskContext, row: MetricRow) -> list[AnnotatedText]:
    """Return what else the dictionary says; formulas and notes with digits are left out, for digits state values."""
    realiser = context.realiser
    unit = _in_words(realiser.phrasebook.vocabulary.units[row.shown_unit]) if row.shown_unit else ""
    said = [realiser.sentence("explain_unit", unit=unit) if unit else realiser.sentence("explain_no_unit")]
    for rule, slot, text in (
        ("explain_formula", "formula", row.formula),
        ("explain_positive", "positive", row.positive),
        ("explain_zero", "zero", row.zero),
        ("explain_note", "note", _clause(row.note)),
    ):
        if text and not text.startswith("never") and not any(letter.isdigit() for letter in text):
            said.append(realiser.sentence(rule, **{slot: text}))
    return said


def _in_words(unit: tuple[str, ...]) -> str:
    """Return a unit spelt in words."""
    return next((word for word in unit if word.replace(" ", "").isalpha() and len(word) > len("deg")), unit[0])


def _clause(sentence: str) -> str:
    """Return a sentence of the dictionary to stand behind a colon."""
    text = sentence.rstrip(".")
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


EXPLAIN_METRIC: Final = TaskType(
    "explain_metric", "a metric of the dictionary", _targets, _converse, languages=("en",), weight=2
)

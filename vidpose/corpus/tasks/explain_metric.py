"""Explain a metric from the dictionary: what it is, its unit and signs, the camera that it needs, its limits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from vidpose.biomech.metrics.row import MetricRow
from vidpose.corpus.tasks.task import Scene, Talk, Target, TaskType, with_others
from vidpose.corpus.tasks.view import SubjectFacts
from vidpose.corpus.text.draw import Draw
from vidpose.corpus.text.planner import ContentPlanner
from vidpose.corpus.text.spanned import Spanned


def _targets(view: SubjectFacts, planner: ContentPlanner, draw: Draw, n: int) -> Sequence[Target]:
    if view.of_two:
        return ()
    return [(fact,) for fact in planner.chosen((*view.read, *view.withheld), n, draw)]


def _converse(scene: Scene) -> Talk:
    (fact,), talk, voice = scene.target, Talk(scene), scene.voice
    shown = with_others(scene, [fact], voice.draw.below(4)) if voice.draw.chance(0.5) else []
    talk.open(voice.question("ask_explain", **voice.nouns("m", fact, sided=False)), shown)
    row = scene.row(fact)
    what = voice.sentence("explain_what", definition=_clause(row.definition), **voice.nouns("m", fact, sided=False))
    more = voice.draw.some(_more(scene, row), 1 + voice.draw.below(3))
    talk.answer([what, *more], about=[fact])
    return talk


def _more(scene: Scene, row: MetricRow) -> list[Spanned]:
    """Return what else the dictionary says; formulas and notes with digits are left out, for digits state values."""
    voice = scene.voice
    unit = _in_words(voice.speech.vocabulary.units[row.shown_unit]) if row.shown_unit else ""
    said = [voice.sentence("explain_unit", unit=unit) if unit else voice.sentence("explain_no_unit")]
    for rule, slot, text in (
        ("explain_formula", "formula", row.formula),
        ("explain_positive", "positive", row.positive),
        ("explain_zero", "zero", row.zero),
        ("explain_note", "note", _clause(row.note)),
    ):
        if text and not text.startswith("never") and not any(letter.isdigit() for letter in text):
            said.append(voice.sentence(rule, **{slot: text}))
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

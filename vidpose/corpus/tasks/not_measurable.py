"""Refuse what is not measurable: no number, the reason, and what can be said instead."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from vidpose.corpus.tasks.remarks import missing
from vidpose.corpus.tasks.task import Scene, Talk, Target, TaskType, with_others
from vidpose.corpus.tasks.view import SubjectFacts, kind_of
from vidpose.corpus.text.draw import Draw
from vidpose.corpus.text.planner import ContentPlanner
from vidpose.corpus.text.spanned import Spanned

_LEAST: Final = 3
"""Ours: so many refusals and one more per measured value; who was hardly measured would teach nothing but refusing."""


def _targets(view: SubjectFacts, _planner: ContentPlanner, draw: Draw, n: int) -> Sequence[Target]:
    return [(fact,) for fact in draw.some(view.withheld, min(n, _LEAST + len(view.read)))]


def _converse(scene: Scene) -> Talk:
    (fact,), talk, voice = scene.target, Talk(scene), scene.voice
    question = voice.question("ask_missing", **voice.nouns("m", fact))
    talk.open(question, with_others(scene, [fact], 1 + voice.draw.below(5), withheld=2))
    parts = [missing(scene, fact)]
    parts += [voice.sentence("no_guess")] if voice.draw.chance(0.4) else []
    parts += [voice.sentence("remedy", remedy=_remedy(scene))] if voice.draw.chance(0.5) else []
    parts += _instead(talk) if voice.draw.chance(0.6) else []
    talk.answer(parts)
    return talk


def _remedy(scene: Scene) -> Spanned:
    return scene.voice.say(f"remedy_{scene.target[0].reason}")


def _instead(talk: Talk) -> list[Spanned]:
    """Return a sentence on a value of the same kind that the question showed; any other would be no answer."""
    scene, voice = talk.scene, talk.scene.voice
    kin = kind_of(scene.target[0].metric)
    ranked = scene.planner.ranked(scene.view.read, scene.draw)
    offered = [fact for fact in ranked if fact.id in talk.facts and kind_of(fact.metric) == kin]
    if not offered:
        return []
    if voice.draw.chance(0.7):
        return [voice.sentence("instead", v2=voice.value(offered[0]), **voice.nouns("m2", offered[0]))]
    return [voice.sentence("instead_named", **voice.nouns("m2", offered[0]))]


NOT_MEASURABLE: Final = TaskType(
    "not_measurable", "a metric that was withheld, with the reason", _targets, _converse, weight=3
)

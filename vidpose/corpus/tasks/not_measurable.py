"""Refuse what is not measurable: no number, the reason, and what can be said instead."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from vidpose.corpus.tasks.remarks import missing
from vidpose.corpus.tasks.task import Scene, Talk, Target, TaskType, with_others
from vidpose.corpus.tasks.view import SubjectFacts
from vidpose.corpus.text.draw import Draw
from vidpose.corpus.text.planner import ContentPlanner
from vidpose.corpus.text.spanned import Spanned


def _targets(view: SubjectFacts, _planner: ContentPlanner, draw: Draw, n: int) -> Sequence[Target]:
    return [(fact,) for fact in draw.some(view.withheld, n)]


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


def _remedy(scene: Scene) -> str:
    return scene.draw.pick(scene.voice.speech.remedies[scene.target[0].reason])


def _instead(talk: Talk) -> list[Spanned]:
    """Return a sentence on a value that the question showed."""
    scene, voice = talk.scene, talk.scene.voice
    offered = [fact for fact in scene.planner.ranked(scene.view.read, scene.draw) if fact.id in talk.facts]
    if not offered:
        return []
    if voice.draw.chance(0.7):
        return [voice.sentence("instead", v2=voice.value(offered[0]), **voice.nouns("m2", offered[0]))]
    return [voice.sentence("instead_named", **voice.nouns("m2", offered[0]))]


NOT_MEASURABLE: Final = TaskType("not_measurable", "a metric that was withheld, with the reason", _targets, _converse)

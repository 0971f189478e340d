"""Compare left and right in one metric: the values, which is larger, or that noise hides a difference."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from vidpose.corpus.tasks.remarks import both_values, verdict
from vidpose.corpus.tasks.task import Scene, Talk, Target, TaskType, with_others
from vidpose.corpus.tasks.view import Pair, SubjectFacts
from vidpose.corpus.text.draw import Draw
from vidpose.corpus.text.planner import ContentPlanner


def _targets(view: SubjectFacts, _planner: ContentPlanner, draw: Draw, n: int) -> Sequence[Target]:
    return () if view.of_two else [pair.facts for pair in draw.some(view.pairs, n)]


def _converse(scene: Scene) -> Talk:
    pair, talk, voice = Pair(*scene.target), Talk(scene), scene.voice
    question = voice.question("ask_sides", **voice.nouns("m", pair.first, sided=False))
    talk.open(question, with_others(scene, [pair.first, pair.second], voice.draw.below(5)))
    if not pair.differs or voice.draw.chance(0.6):
        parts = [both_values(scene, pair, question), *verdict(scene, pair, named=False)]
    else:
        parts = [*verdict(scene, pair), both_values(scene, pair)]
    talk.answer(parts, about=[pair.difference])
    return talk


COMPARE_SIDES: Final = TaskType("compare_sides", "a difference between left and right", _targets, _converse)

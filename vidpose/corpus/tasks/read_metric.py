"""Read a metric: one value, the larger of two sides, or the difference of two values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from vidpose.corpus.tasks.remarks import both_values, doubt, state, verdict
from vidpose.corpus.tasks.task import Scene, Talk, Target, TaskType, single_targets, with_others
from vidpose.corpus.tasks.view import Pair, SubjectFacts
from vidpose.corpus.text.draw import Draw
from vidpose.corpus.text.planner import ContentPlanner

_PAIR_SHARE: Final = 0.3  # ours: a third of the questions is arithmetic or a choice, the others are reading


def _targets(view: SubjectFacts, planner: ContentPlanner, draw: Draw, n: int) -> Sequence[Target]:
    if view.of_two:
        return ()
    pairs = [pair for pair in view.pairs if pair.differs]
    compared = [pair.facts for pair in draw.some(pairs, round(n * _PAIR_SHARE))]
    return draw.shuffled([*compared, *single_targets(view.read, planner, draw, n - len(compared))])


def _converse(scene: Scene) -> Talk:
    if len(scene.target) > 1:
        return _converse_pair(scene, Pair(*scene.target))
    (fact,), talk, voice = scene.target, Talk(scene), scene.voice
    question = voice.question("ask_read", **voice.nouns("m", fact))
    talk.open(question, with_others(scene, [fact], 1 + voice.draw.below(7)))
    talk.answer([state(scene, fact, question), *doubt(scene, fact, 0.3)])
    return talk


def _converse_pair(scene: Scene, pair: Pair) -> Talk:
    talk, voice = Talk(scene), scene.voice
    if voice.draw.chance(0.5):
        question = voice.question("ask_larger", **voice.nouns("m", pair.first, sided=False))
    else:
        question = voice.question("ask_difference", **voice.nouns("a", pair.first), **voice.nouns("b", pair.second))
    talk.open(question, with_others(scene, [pair.first, pair.second], voice.draw.below(6)))
    values = [both_values(scene, pair)] if voice.draw.chance(0.5) else []
    if voice.draw.chance(0.5):
        parts = [*values, *verdict(scene, pair, named=not values)]
    else:
        parts = [*verdict(scene, pair), *values]
    talk.answer(parts, about=[pair.difference])
    return talk


READ_METRIC: Final = TaskType("read_metric", "one measured value", _targets, _converse)

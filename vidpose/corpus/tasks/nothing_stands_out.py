"""Say that nothing stands out: every difference that was looked at lies within the noise."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from vidpose.corpus.tasks.remarks import both_values
from vidpose.corpus.tasks.task import Scene, Talk, Target, TaskType
from vidpose.corpus.tasks.view import Pair, SubjectFacts
from vidpose.corpus.text.draw import Draw
from vidpose.corpus.text.planner import ContentPlanner

_MOST_PAIRS: Final = 3


def _targets(view: SubjectFacts, _planner: ContentPlanner, draw: Draw, n: int) -> Sequence[Target]:
    even = [] if view.of_two else [pair for pair in view.pairs if not pair.differs and pair.noise_known]
    if not even:
        return ()
    chosen = (draw.some(even, 1 + draw.below(_MOST_PAIRS)) for _ in range(n))
    return [tuple(fact for pair in pairs for fact in pair.facts) for pairs in chosen]


def _converse(scene: Scene) -> Talk:
    talk, voice = Talk(scene), scene.voice
    pairs = [Pair(*scene.target[start : start + 3]) for start in range(0, len(scene.target), 3)]
    talk.open(voice.question("ask_standout"), [fact for pair in pairs for fact in (pair.first, pair.second)])
    parts = [voice.sentence("nothing")]
    for pair in pairs[: 1 + voice.draw.below(2)]:
        parts.append(both_values(scene, pair))
    parts += [voice.sentence("within_noise")] if voice.draw.chance(0.6) else []
    parts += [voice.sentence("keep_on")] if voice.draw.chance(0.5) else []
    talk.answer(parts, about=[pair.difference for pair in pairs])
    return talk


NOTHING_STANDS_OUT: Final = TaskType(
    "nothing_stands_out", "differences between the sides that lie within the noise", _targets, _converse
)

"""Compare two recordings: what differs, by how much, and what noise hides."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from vidpose.corpus.tasks.remarks import both_values, verdict
from vidpose.corpus.tasks.task import Scene, Talk, Target, TaskType
from vidpose.corpus.tasks.view import Pair, SubjectFacts
from vidpose.corpus.text.draw import Draw
from vidpose.corpus.text.planner import ContentPlanner
from vidpose.corpus.text.spanned import joined
from vidpose.corpus.text.surfaces import show_facts
from vidpose.types.corpus import Fact

_MOST_PAIRS: Final = 2


def _targets(view: SubjectFacts, planner: ContentPlanner, draw: Draw, n: int) -> Sequence[Target]:
    if not view.of_two or not view.pairs:
        return ()
    by_difference = {pair.difference.id: pair for pair in view.pairs}
    targets = []
    for _ in range(n):
        chosen = planner.chosen([pair.difference for pair in view.pairs], 1 + draw.below(_MOST_PAIRS), draw)
        targets.append(tuple(fact for one in chosen for fact in by_difference[one.id].facts))
    return targets


def _converse(scene: Scene) -> Talk:
    talk, voice = Talk(scene), scene.voice
    pairs = [Pair(*scene.target[start : start + 3]) for start in range(0, len(scene.target), 3)]
    shown = [[pair.first for pair in pairs], [pair.second for pair in pairs]]
    talk.open(voice.question("ask_videos", one=voice.recordings[0], two=voice.recordings[1]), [], _tables(scene, shown))
    talk.facts.update(fact.id for facts in shown for fact in facts)
    parts = [joined([both_values(scene, pair), *verdict(scene, pair, named=False)], " ") for pair in pairs]
    talk.answer(parts, about=[pair.difference for pair in pairs])
    return talk


def _tables(scene: Scene, shown: Sequence[Sequence[Fact]]) -> str:
    """Return the values of either recording under a heading of its own."""
    voice = scene.voice
    tables = [voice.say("data_intro_two").capitalised().text]
    for name, facts in zip(voice.recordings[:2], shown, strict=True):
        tables.append(f"{voice.sentence('heading', name=name).text}\n{show_facts(facts, voice)}")
    return "\n\n".join(tables)


COMPARE_VIDEOS: Final = TaskType("compare_videos", "a difference between two recordings", _targets, _converse)

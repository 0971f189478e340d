"""Describe a movement: several values in prose, sides together, with what is doubtful and what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from vidpose.corpus.tasks.remarks import both_values, doubt, missing, state, verdict
from vidpose.corpus.tasks.task import Scene, Talk, Target, TaskType, with_others
from vidpose.corpus.tasks.view import RECORDING, Pair, SubjectFacts, kind_of
from vidpose.corpus.text.draw import Draw
from vidpose.corpus.text.planner import ContentPlanner
from vidpose.corpus.text.spanned import Spanned, joined
from vidpose.types.corpus import Fact

_LEAST, _MOST = 2, 5


def _targets(view: SubjectFacts, planner: ContentPlanner, draw: Draw, n: int) -> Sequence[Target]:
    about_body = [fact for fact in view.read if kind_of(fact.metric) != RECORDING]  # no camera in a movement
    if view.of_two or len({fact.metric for fact in about_body}) < _LEAST:
        return ()
    return [tuple(planner.chosen(about_body, _LEAST + draw.below(_MOST - _LEAST + 1), draw)) for _ in range(n)]


def _converse(scene: Scene) -> Talk:
    voice, talk = scene.voice, Talk(scene)
    pairs = {pair.first.metric: pair for pair in scene.view.pairs}
    paired = [pairs[fact.metric] for fact in scene.target if fact.metric in pairs and voice.draw.chance(0.7)]
    merged = {pair.first.metric: pair for pair in paired}
    left_out = voice.draw.some(scene.view.withheld, 1 if voice.draw.chance(0.35) else 0)
    talk.open(voice.question("ask_describe"), _shown(scene, paired, left_out))
    body = [_about(scene, fact, merged.get(fact.metric)) for fact in scene.target]
    body += [missing(scene, fact) for fact in left_out]
    parts = [voice.sentence("overview")] if voice.draw.chance(0.4) else []
    bullets = voice.draw.chance(0.2)
    text = joined([Spanned("- ") + part for part in body], "\n") if bullets else joined(body, " ")
    parts.append(text)
    parts += [voice.sentence("closing")] if voice.draw.chance(0.35) else []
    talk.answer(parts, "\n" if bullets else " ", [pair.difference for pair in paired])
    return talk


def _shown(scene: Scene, paired: Sequence[Pair], left_out: Sequence[Fact]) -> list[Fact]:
    facts = {fact.id: fact for fact in (*scene.target, *left_out)}
    facts |= {fact.id: fact for pair in paired for fact in (pair.first, pair.second)}
    return with_others(scene, list(facts.values()), scene.draw.below(4), withheld=0)


def _about(scene: Scene, fact: Fact, pair: Pair | None) -> Spanned:
    if pair is None:
        return joined([state(scene, fact), *doubt(scene, fact, 0.25)], " ")
    said = [both_values(scene, pair)]
    if scene.draw.chance(0.6):
        said += verdict(scene, pair, named=False)
    return joined(said, " ")


DESCRIBE_MOVEMENT: Final = TaskType("describe_movement", "two measured values of one person", _targets, _converse)

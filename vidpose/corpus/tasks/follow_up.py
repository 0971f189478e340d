"""A conversation of two to four questions about one subject."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from vidpose.corpus.tasks.remarks import both_values, doubt, missing, state, verdict
from vidpose.corpus.tasks.task import Scene, Talk, Target, TaskType, known, with_others
from vidpose.corpus.tasks.view import SubjectFacts
from vidpose.corpus.text.draw import Draw
from vidpose.corpus.text.planner import ContentPlanner
from vidpose.types.corpus import Fact

_MOST_TURNS: Final = 4


def _targets(view: SubjectFacts, planner: ContentPlanner, draw: Draw, n: int) -> Sequence[Target]:
    if view.of_two or len({fact.metric for fact in view.read}) < 2:
        return ()
    return [tuple(planner.chosen(view.read, 2 + draw.below(_MOST_TURNS - 1), draw)) for _ in range(n)]


def _converse(scene: Scene) -> Talk:
    talk, voice, first = Talk(scene), scene.voice, scene.target[0]
    others: list[Callable[[Talk, Fact, Fact], None]] = [_next, _next, _sure, _sides, _missing]
    gone = voice.draw.some(scene.view.withheld, 1)
    shown = {fact.id: fact for fact in (*scene.target, *gone)}
    shown |= {one.id: one for pair in scene.view.pairs[:1] for one in (pair.first, pair.second)}
    talk.open(
        voice.question("ask_read", **voice.nouns("m", first)),
        with_others(scene, list(shown.values()), voice.draw.below(3), withheld=0),
    )
    talk.answer([state(scene, first), *doubt(scene, first, 0.15)])
    previous = first
    for fact in scene.target[1:]:
        kind = voice.draw.pick(others)
        if kind is not _next:
            others.remove(kind)  # nobody asks twice how sure a number is, or for the same missing value
        kind(talk, fact, previous)
        previous = fact
    return talk


def _next(talk: Talk, fact: Fact, _previous: Fact) -> None:
    voice = talk.scene.voice
    question = voice.question("ask_next", **voice.nouns("m", fact))
    talk.ask(question)
    talk.answer([state(talk.scene, fact, question), *doubt(talk.scene, fact, 0.15)])


def _sure(talk: Talk, fact: Fact, previous: Fact) -> None:
    voice = talk.scene.voice
    if not known(previous) or previous.uncertainty <= 0 or len(talk.messages) > 3:
        _next(talk, fact, previous)
        return
    talk.ask(voice.question("ask_sure"))
    slots = {"u": voice.uncertainty(previous), "v": voice.value(previous)}
    talk.answer([voice.sentence("sure_with", **slots, **voice.nouns("m", previous))])


def _sides(talk: Talk, fact: Fact, previous: Fact) -> None:
    voice, scene = talk.scene.voice, talk.scene
    if not scene.view.pairs:
        _next(talk, fact, previous)
        return
    pair = scene.view.pairs[0]
    talk.ask(voice.question("ask_sides", **voice.nouns("m", pair.first, sided=False)))
    talk.answer([both_values(scene, pair), *verdict(scene, pair, named=False)], about=[pair.difference])


def _missing(talk: Talk, fact: Fact, previous: Fact) -> None:
    voice, scene = talk.scene.voice, talk.scene
    gone = [one for one in scene.view.withheld if one.id in talk.facts]
    if not gone:
        _next(talk, fact, previous)
        return
    talk.ask(voice.question("ask_missing", **voice.nouns("m", gone[0])))
    talk.answer([missing(scene, gone[0])])


FOLLOW_UP: Final = TaskType("follow_up", "two measured values of one person", _targets, _converse)

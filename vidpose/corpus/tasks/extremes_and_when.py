"""Extremes and when they happen: a value with the moment or the stretch of time that it belongs to."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from vidpose.corpus.tasks.remarks import doubt
from vidpose.corpus.tasks.task import Scene, Talk, Target, TaskType, single_targets, with_others
from vidpose.corpus.tasks.view import SubjectFacts
from vidpose.corpus.text.draw import Draw
from vidpose.corpus.text.planner import ContentPlanner


def _targets(view: SubjectFacts, planner: ContentPlanner, draw: Draw, n: int) -> Sequence[Target]:
    timed = [fact for fact in view.read if fact.kind == "extreme" and math.isfinite(fact.start_s)]
    return single_targets(timed, planner, draw, n)


def _converse(scene: Scene) -> Talk:
    (fact,), talk, voice = scene.target, Talk(scene), scene.voice
    question = voice.question("ask_when", **voice.nouns("m", fact))
    talk.open(question, with_others(scene, [fact], voice.draw.below(6)), with_times=True)
    when = voice.say("moment", t=voice.moment(fact.start_s, fact))
    said = voice.sentence("when", t=when, v=voice.value(fact), **voice.nouns("m", fact))
    talk.answer([said, *doubt(scene, fact, 0.25)])
    return talk


EXTREMES_AND_WHEN: Final = TaskType("extremes_and_when", "an extreme with its moment", _targets, _converse)

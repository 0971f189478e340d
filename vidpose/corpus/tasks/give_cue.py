"""Give a cue: a value against the reference range of the configuration, with its source, and what to do about it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from vidpose.corpus.tasks.task import Scene, Talk, Target, TaskType, with_others
from vidpose.corpus.tasks.view import SubjectFacts
from vidpose.corpus.text.draw import Draw
from vidpose.corpus.text.planner import ContentPlanner
from vidpose.corpus.text.spanned import Spanned
from vidpose.types.corpus import Fact


def _targets(view: SubjectFacts, _planner: ContentPlanner, draw: Draw, n: int) -> Sequence[Target]:
    limits: dict[tuple[str, str], list[Fact]] = {}
    for fact in view.references:
        limits.setdefault((fact.metric, fact.side), []).append(fact)
    targets = []
    for fact in view.read:
        ends = sorted(limits.get((fact.metric, fact.side), ()), key=lambda end: end.value)
        if fact.kind == "metric" and len(ends) == 2:
            targets.append((fact, *ends))
    return draw.some(targets, n)


def _converse(scene: Scene) -> Talk:
    fact, low, high = scene.target
    talk, voice = Talk(scene), scene.voice
    talk.open(voice.question("ask_cue", **voice.nouns("m", fact)), with_others(scene, [fact], voice.draw.below(4)))
    talk.facts.update((low.id, high.id))
    relation, certain = _relation(fact, low, high)
    slots = {"v": voice.value(fact), "low": voice.value(low), "high": voice.value(high)}
    parts = [voice.sentence(f"cue_{relation}", **slots, **voice.nouns("m", fact))]
    parts.append(voice.sentence("cue_source", source=low.source))
    if not certain:
        parts.append(voice.sentence("cue_unsure"))
    parts += _advice(scene, fact, relation) if certain else []
    talk.answer(parts)
    return talk


def _relation(fact: Fact, low: Fact, high: Fact) -> tuple[str, bool]:
    """Return where the value lies, and whether its uncertainty leaves that in no doubt."""
    margin = fact.uncertainty if math.isfinite(fact.uncertainty) else 0.0
    if fact.value < low.value:
        return "below", fact.value + margin < low.value
    if fact.value > high.value:
        return "above", fact.value - margin > high.value
    return "within", low.value <= fact.value - margin and fact.value + margin <= high.value


def _advice(scene: Scene, fact: Fact, relation: str) -> list[Spanned]:
    voice = scene.voice
    if relation == "within":
        return [voice.sentence("cue_keep")]
    way = "cue_up" if relation == "below" else "cue_down"
    return [voice.sentence("cue_change", way=voice.say(way), **voice.nouns("name", fact, sided=False))]


GIVE_CUE: Final = TaskType("give_cue", "a measured value with a reference range", _targets, _converse)

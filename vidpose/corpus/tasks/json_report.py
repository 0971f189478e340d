"""Report values as JSON: name, side, value and unit of what was shown, and null with a reason for what is withheld."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

from vidpose.corpus.tasks.task import Scene, Talk, Target, TaskType
from vidpose.corpus.tasks.view import SubjectFacts
from vidpose.corpus.text.draw import Draw
from vidpose.corpus.text.planner import ContentPlanner
from vidpose.corpus.text.spanned import Spanned, joined
from vidpose.corpus.text.surfaces import without_digits
from vidpose.types.corpus import Fact

_MOST: Final = 6


def _targets(view: SubjectFacts, planner: ContentPlanner, draw: Draw, n: int) -> Sequence[Target]:
    if view.of_two or not view.read:
        return ()
    some = []
    for _ in range(n):
        gone = draw.some(view.withheld, draw.below(2))
        some.append((*planner.ranked(view.read, draw)[: 1 + draw.below(_MOST)], *gone))
    return some


def _converse(scene: Scene) -> Talk:
    talk, voice = Talk(scene), scene.voice
    talk.open(voice.question("ask_json"), scene.target)
    keys = voice.draw.pick(voice.speech.json_keys)
    between = voice.draw.pick((", ", ",\n ", ",\n  "))
    rows = joined([_row(scene, fact, keys) for fact in scene.target], between)
    name = voice.draw.pick(("metrics", "measurements", "values", ""))
    before, after = (f'{{"{name}": [', "]}") if name else ("[", "]")
    talk.answer([Spanned(before) + rows + Spanned(after)])
    return talk


def _row(scene: Scene, fact: Fact, keys: tuple[str, ...]) -> Spanned:
    """Return one object; the stretch of its value states the fact."""
    metric, side, value, unit, why = keys
    words = scene.voice.speech.vocabulary
    row: dict[str, Any] = {metric: scene.voice.label(fact)}
    if fact.side in ("left", "right"):
        row[side] = words.sides[fact.side][0]
    behind = {unit: without_digits(words.units[fact.unit][0], words)} if fact.unit else {}
    if fact.reason:
        behind = {why: scene.voice.speech.reasons[fact.reason][0]}
    number = "null" if fact.reason else f"{fact.value:.{fact.decimals}f}"
    stated = Spanned(number) if fact.reason else Spanned.stating(number, fact.id)
    head = json.dumps(row, ensure_ascii=False)[:-1] + f', "{value}": '
    tail = (", " + json.dumps(behind, ensure_ascii=False)[1:-1] if behind else "") + "}"
    return Spanned(head) + stated + Spanned(tail)


JSON_REPORT: Final = TaskType("json_report", "one measured value", _targets, _converse, weight=2)

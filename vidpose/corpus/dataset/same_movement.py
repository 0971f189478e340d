"""Videos that show the same movement: a file stored twice, another cut, another encoding."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from typing import Final

from vidpose.corpus.dataset.deduplicate import near_pairs
from vidpose.corpus.example import Fact

SAME_SHARE: Final = 0.6
"""Ours: two recordings of one person share a fifth of the cells below, a re-encoded video more than nine tenths."""
_MIN_FACTS: Final = 8
"""Ours: fewer measured values do not distinguish movements."""
_CELL: Final = 0.04
"""Ours: width of a cell, as a share of the value; another encoding changes metrics by less than one per cent."""


def find_same_movement(facts: Iterable[Fact]) -> list[tuple[str, str]]:
    """Return pairs of groups whose measured values are nearly all the same.

    Parameters
    ----------
    facts
        All facts; only measured ones with a value count.
    """
    cells: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for fact in facts:
        if fact.kind == "metric" and math.isfinite(fact.value) and "|" not in fact.group:
            cells[fact.group][fact.subject] |= _cells(fact)
    people = [
        (group, frozenset(found))
        for group, subjects in sorted(cells.items())
        for _, found in sorted(subjects.items())
        if len(found) >= 2 * _MIN_FACTS
    ]
    pairs = near_pairs([found for _, found in people], SAME_SHARE)
    named = {(people[one][0], people[other][0]) for one, other in pairs}
    return sorted({(min(pair), max(pair)) for pair in named if pair[0] != pair[1]})


def _cells(fact: Fact) -> set[str]:
    """Return the two cells that a value lies in, of two grids shifted by half a cell: a border divides one only."""
    sign = (fact.value > 0) - (fact.value < 0)
    place = math.log(abs(fact.value)) / _CELL if sign else 0.0
    return {f"{fact.metric}:{fact.side}:{sign}:{grid}:{math.floor(place + grid / 2)}" for grid in (0, 1)}

"""What to say: informative facts first, each drawn at random."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from vidpose.corpus.example import Fact
from vidpose.corpus.text.seeded_choice import SeededChoice

_UNKNOWN_MARGIN = 3.0
"""Ours: a fact without an uncertainty counts as one that is three times its uncertainty: neither sure nor doubtful."""
_LARGEST_MARGIN = 50.0
"""Ours: beyond it a fact is not stated more often, else durations would fill every text."""


@dataclass(frozen=True, slots=True)
class ContentPlanner:
    """Chooses facts by their margin over the uncertainty and by how few subjects have them.

    Attributes
    ----------
    subjects_with
        How many subjects have a value of a metric, by metric.
    n_subjects
        How many subjects there are.
    """

    subjects_with: Mapping[str, int]
    n_subjects: int
    _weights: dict[str, float] = field(init=False, repr=False, compare=False, default_factory=dict)

    @classmethod
    def of(cls, facts: Iterable[Fact]) -> ContentPlanner:
        """Return the planner of a table of facts."""
        seen = {(fact.metric, fact.subject) for fact in facts if not fact.reason}
        return cls(Counter(metric for metric, _ in seen), len({subject for _, subject in seen}))

    def weight(self, fact: Fact) -> float:
        """Return how informative a fact is: margin over the uncertainty, times the rarity of its metric."""
        if fact.id not in self._weights:
            rarity = math.log(1.0 + (self.n_subjects + 1) / (self.subjects_with.get(fact.metric, 0) + 1))
            self._weights[fact.id] = math.log1p(_margin(fact)) * rarity
        return self._weights[fact.id]

    def ranked(self, facts: Sequence[Fact], choice: SeededChoice) -> list[Fact]:
        """Return facts in a drawn order in which the more informative ones tend to come first.

        Drawing without replacement by weights: Efraimidis & Spirakis, Inf Process Lett 97 (2006) 181.
        """
        keyed = [(-math.log(1.0 - choice.share()) / max(self.weight(fact), 1e-6), fact.id, fact) for fact in facts]
        return [fact for _, _, fact in sorted(keyed, key=lambda one: one[:2])]

    def chosen(self, facts: Sequence[Fact], n: int, choice: SeededChoice) -> list[Fact]:
        """Return at most ``n`` facts that differ in more than the side, more informative ones more often."""
        taken: dict[str, Fact] = {}
        for fact in self.ranked(facts, choice):
            taken.setdefault(fact.metric, fact)
        return list(taken.values())[:n]


def _margin(fact: Fact) -> float:
    if not math.isfinite(fact.value) or not math.isfinite(fact.uncertainty):
        return _UNKNOWN_MARGIN
    if fact.uncertainty <= 0:
        return _LARGEST_MARGIN
    return min(abs(fact.value) / fact.uncertainty, _LARGEST_MARGIN)

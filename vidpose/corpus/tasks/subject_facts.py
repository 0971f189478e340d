"""The facts of one subject, by what they are good for."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from vidpose.corpus.example import Fact

_READ = frozenset(("metric", "extreme", "event_count"))
_COMPARED = 2
RECORDING: Final = "recording"
_KINDS: Final = {
    RECORDING: ("camera", "size"),
    "balance": ("com", "sway", "base", "margin", "balance"),
    "posture": ("shoulder_tilt", "pelvis_tilt", "trunk", "posture", "head", "frontal"),
    "gait": (
        *("cadence", "step", "stride", "contact", "swing", "duty", "double", "gait", "vertical", "overstride"),
        *("shank", "peak_stance", "event_foot", "event_toe"),
    ),
    "jump": ("jump", "hop", "leap", "countermovement", "event_take", "event_landing"),
    "cycles": ("consistency", "cycle"),
    "symmetry": ("symmetry",),
    "smoothness": ("smoothness",),
}
"""Beginnings of metrics by what they are about; all others are joint angles."""


@dataclass(frozen=True, slots=True)
class FactPair:
    """Two facts of one metric and their difference.

    Attributes
    ----------
    difference
        The fact of kind ``difference``; it has no value when the two cannot be distinguished.
    first, second
        Left and right, or the first and the second recording.
    """

    difference: Fact
    first: Fact
    second: Fact

    @property
    def facts(self) -> tuple[Fact, Fact, Fact]:
        """All three."""
        return self.difference, self.first, self.second

    @property
    def differs(self) -> bool:
        """Whether the difference stands."""
        return not self.difference.reason

    @property
    def of_recordings(self) -> bool:
        """Whether two recordings are compared, and not two sides."""
        return "|" in self.difference.subject

    @property
    def noise_known(self) -> bool:
        """Whether both values have an uncertainty; without, nothing can be said of the noise."""
        return math.isfinite(self.first.uncertainty) and math.isfinite(self.second.uncertainty)


@dataclass(frozen=True, slots=True)
class SubjectFacts:
    """What is known of one subject: a person in a video, or two that are compared.

    Attributes
    ----------
    subject, group
        See :class:`~vidpose.corpus.example.Fact`.
    read
        Measured values, counts and extremes that stand, by id.
    withheld
        Metrics without a value, by id.
    pairs
        Differences with the two facts that they were made of: sides of one person, or two recordings.
    references
        Reference values of the configuration, by id.
    """

    subject: str
    group: str
    read: tuple[Fact, ...]
    withheld: tuple[Fact, ...]
    pairs: tuple[FactPair, ...]
    references: tuple[Fact, ...]

    @property
    def of_two(self) -> bool:
        """Whether it compares two recordings."""
        return "|" in self.subject


def kind_of(metric: str) -> str:
    """Return what a metric is about: ``gait``, ``posture``, the ``recording`` itself, and so on."""
    return next((kind for kind, beginnings in _KINDS.items() if metric.startswith(beginnings)), "angles")


def subjects_of(facts: Mapping[str, Fact]) -> Iterator[SubjectFacts]:
    """Yield the subjects of a table of facts in the order of their names.

    Parameters
    ----------
    facts
        Facts by id; the order plays no part.
    """
    by_subject: dict[str, list[Fact]] = {}
    for _, fact in sorted(facts.items()):
        by_subject.setdefault(fact.subject, []).append(fact)
    for subject, own in sorted(by_subject.items()):
        yield SubjectFacts(
            subject=subject,
            group=own[0].group,
            read=tuple(fact for fact in own if fact.kind in _READ and not fact.reason),
            withheld=tuple(fact for fact in own if fact.kind in _READ and fact.reason),
            pairs=tuple(_pairs(own, facts)),
            references=tuple(fact for fact in own if fact.kind == "reference"),
        )


def _pairs(own: list[Fact], facts: Mapping[str, Fact]) -> Iterator[FactPair]:
    for fact in own:
        if fact.kind != "difference" or fact.reason not in ("", "below_noise"):
            continue
        made_of = [facts[one] for one in fact.derived_from if one in facts]
        if len(made_of) == _COMPARED and not any(one.reason for one in made_of):
            first, second = sorted(made_of, key=lambda one: one.side) if "|" not in fact.subject else made_of
            yield FactPair(fact, first, second)

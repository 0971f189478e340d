"""The fact table: everything that may be stated, by id and by subject, and what was left out and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from vidpose.corpus.example import Fact


@dataclass(frozen=True, slots=True)
class SkippedFolder:
    """A results folder that gave no facts: its name below the models folder (for reports, never for texts), and why."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class FactTable:
    """Facts of a models folder.

    Attributes
    ----------
    facts
        Sorted by id; those without a value say why and serve texts that decline to answer.
    skipped
        Folders that could not be used, sorted by name.
    video_sha256
        Subject -> hash of the video that it is about; not for subjects that compare two, nor for references.
    by_id
        Facts by id.
    by_subject
        Facts by subject, each list sorted by id.
    """

    facts: tuple[Fact, ...]
    skipped: tuple[SkippedFolder, ...] = ()
    video_sha256: Mapping[str, str] = field(default_factory=dict)
    by_id: Mapping[str, Fact] = field(init=False, repr=False, compare=False, default_factory=dict)
    by_subject: Mapping[str, tuple[Fact, ...]] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        by_id = {fact.id: fact for fact in self.facts}
        if len(by_id) != len(self.facts):
            raise ValueError("facts: expected unique ids, got one twice")
        subjects: dict[str, list[Fact]] = {}
        for fact in self.facts:
            subjects.setdefault(fact.subject, []).append(fact)
        object.__setattr__(self, "by_id", by_id)
        object.__setattr__(self, "by_subject", {key: tuple(subjects[key]) for key in sorted(subjects)})

    def with_facts(self, more: Iterable[Fact]) -> FactTable:
        """Return the table with further facts, such as references."""
        facts = sorted((*self.facts, *more), key=lambda fact: fact.id)
        return FactTable(tuple(facts), self.skipped, self.video_sha256)


def fact_id(subject: str, metric: str, side: str, kind: str) -> str:
    """Return a fact's id; it holds hashes and keys only, so that no name of a person or a file gets into a text."""
    return f"{subject}:{metric}:{side}:{kind}"

"""What is kept of the examples, what is left out and why, and when nothing is left to build a corpus from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

from vidpose.corpus.dataset.row_checks import Failures
from vidpose.corpus.dataset.tables import Reject
from vidpose.corpus.example import Example, Fact
from vidpose.corpus.facts.fact_table import FactTable
from vidpose.corpus.privacy import find_personal_data
from vidpose.errors import InputError
from vidpose.types.metrics import REASONS


class ExampleFilter:
    """Examples that are still in, and those that were left out.

    Attributes
    ----------
    facts
        All facts by id.
    kept
        Examples that are still in: the grammar's first, then by id.
    rejects
        The others, in the order of steps.
    """

    def __init__(self, facts: Mapping[str, Fact], examples: Iterable[Example]) -> None:
        self.facts = facts
        # grammar before APIs, so that of two that say the same the free one stays; ids are hashes
        self.kept = sorted(examples, key=lambda one: (one.generator != "grammar", one.id))
        self.rejects: list[Reject] = []

    def check(self, failures: Failures) -> None:
        """Keep what states nothing but facts, reveals no personal data, and occurs once."""
        kept: dict[str, Example] = {}
        for example in self.kept:
            reason, detail = self._reason(example, failures)
            if not reason and example.id in kept:
                reason, detail = "same_id", example.id
            if reason:
                self.rejects.append(Reject(example, "check", reason, detail))
            else:
                kept[example.id] = example
        self.kept = list(kept.values())

    def _reason(self, example: Example, failures: Failures) -> tuple[str, str]:
        """Return the first reason against an example; empty for a good one."""
        unknown = [name for name in example.facts if name not in self.facts]
        if unknown:
            return "unknown_fact", unknown[0]
        for message in example.messages:
            for kind, what in find_personal_data(message.content):
                return f"personal_data_{kind}", what
        wrong = failures(example, self.facts)
        return tuple(wrong[0]) if wrong else ("", "")  # type: ignore[return-value]

    def leave_out(self, stage: str, reason: str, gone: Mapping[str, str]) -> None:
        """Leave out examples by id; the mapping gives the detail."""
        self.rejects += [Reject(one, stage, reason, gone[one.id]) for one in self.kept if one.id in gone]
        self.kept = [one for one in self.kept if one.id not in gone]


def refuse_without_facts(table: FactTable, models_folder: Path) -> None:
    """Refuse results that nothing can be learnt from.

    Parameters
    ----------
    table
        The facts.
    models_folder
        Named in the message.

    Raises
    ------
    InputError
        Without any metric, or with nothing but withheld ones.
    """
    measured = [fact for fact in table.facts if fact.kind == "metric"]
    if not measured:
        skipped = "; ".join(f"{one.name}: {one.reason}" for one in table.skipped[:5])
        raise InputError(
            f"{models_folder}: expected metrics of at least one person, found none"
            + (f" ({len(table.skipped)} folders skipped: {skipped})" if skipped else "")
            + "; run vidpose on videos first. No corpus was written",
            code="no_facts",
        )
    if all(fact.reason for fact in measured):
        reasons = Counter(fact.reason for fact in measured).most_common(3)
        summary = "; ".join(f"{n} because {REASONS[reason]}" for reason, n in reasons)
        raise InputError(
            f"{models_folder}: none of {len(measured)} metrics has a value ({summary}). A corpus would hold nothing "
            "but refusals, so none was written; film from the side, nearer, or longer",
            code="only_gated",
        )


def refuse_without_examples(sieve: ExampleFilter) -> None:
    """Refuse a corpus of which no example by grammar is left.

    Raises
    ------
    InputError
        With the commonest reasons.
    """
    if not any(one.generator == "grammar" for one in sieve.kept):
        reasons = Counter(reject.reason for reject in sieve.rejects).most_common(3)
        summary = ", ".join(f"{reason} {n}" for reason, n in reasons) or "no task had the facts that it needs"
        raise InputError(f"no example could be kept ({summary}); no corpus was written", code="no_examples")

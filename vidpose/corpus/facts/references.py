"""Reference ranges that the configuration gives, as facts with their source."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from vidpose.corpus.example import Fact
from vidpose.corpus.facts.fact_table import fact_id
from vidpose.corpus.settings.dataset import ReferenceRange

LIMITS: Final = ("low", "high")


def reference_facts(ranges: Iterable[ReferenceRange], facts: Iterable[Fact]) -> list[Fact]:
    """Return the limits of the ranges for every person in whom the metric was measured.

    Two facts per range, subject and side; the ids end in ``reference_low`` and ``reference_high``. They belong to the
    subject, because a limit is only shown beside the value that it is for.

    Parameters
    ----------
    ranges
        Ranges of the configuration; the last one for a metric and side counts.
    facts
        Measured facts.
    """
    chosen = {(one.metric, one.side): one for one in ranges}
    limits = []
    for fact in facts:
        found = chosen.get((fact.metric, fact.side)) or chosen.get((fact.metric, "none"))
        if found is not None and fact.kind == "metric" and not fact.reason:
            limits += [_limit(found, limit, fact) for limit in LIMITS]
    return sorted(limits, key=lambda fact: fact.id)


def _limit(one: ReferenceRange, limit: str, fact: Fact) -> Fact:
    word = "lower" if limit == "low" else "upper"
    return Fact(
        id=fact_id(fact.subject, fact.metric, fact.side, f"reference_{limit}"),
        group=fact.group,
        subject=fact.subject,
        metric=fact.metric,
        label=f"{fact.label}, {word} limit of the reference range",
        kind="reference",
        side=fact.side,
        value=one.low if limit == "low" else one.high,
        unit=fact.unit,
        decimals=fact.decimals,
        source=one.source.strip(),
    )

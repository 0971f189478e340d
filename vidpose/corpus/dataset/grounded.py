"""The project's grounding check, as the dataset asks for it: reasons and details."""

from __future__ import annotations

from collections.abc import Mapping

from vidpose.corpus.example import Example, Fact
from vidpose.corpus.facts.fact_dictionary import FACT_DICTIONARY
from vidpose.corpus.grounding.check import check_text


def failures_of(example: Example, facts: Mapping[str, Fact]) -> list[tuple[str, str]]:
    """Return reason and place of everything that a text states without a fact; none for a good example.

    Parameters
    ----------
    example
        The example.
    facts
        Facts by id.
    """
    verdict = check_text(example, facts, FACT_DICTIONARY)
    return [(one.reason, f"turn {one.message + 1}, {one.text!r}") for one in verdict.failures]

"""Everything that goes into a dataset, before it is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from vidpose.corpus.dataset.preference import Attempts, PreferencePair
from vidpose.corpus.dataset.splits import Split, SplitPlan
from vidpose.corpus.dataset.tables import Reject
from vidpose.corpus.dataset.tokens import CountTokens, estimate_tokens
from vidpose.corpus.example import Example, Fact
from vidpose.corpus.settings.dataset import DuplicateSettings

GRAMMAR_PART: Final = "sft"
"""Part of the dataset that no API wrote."""


def part_of(generator: str) -> str:
    """Return the part that a generator's examples belong to: ``sft``, ``sft_openai``, ``sft_claude``."""
    vendor = generator.partition(":")[0]
    return GRAMMAR_PART if vendor == "grammar" else f"{GRAMMAR_PART}_{vendor}"


@dataclass(frozen=True, slots=True)
class Content:
    """A dataset.

    Attributes
    ----------
    parts
        Part -> split -> examples, in the order in which they are written.
    pairs
        Preference pairs by split.
    rejects
        What was left out, in the order of stages.
    plan
        Where every group went.
    split_sentence
        How it was split, for people.
    facts
        All facts by id.
    attempts
        How many corrupted answers the check refused.
    duplicates
        What counted as a near-duplicate.
    settings
        Everything that the corpus was built with, plain JSON values.
    facts_sha256
        Hash of all facts.
    vidpose_version
        Version that built it.
    count
        Counts tokens.
    """

    parts: Mapping[str, Mapping[Split, Sequence[Example]]]
    pairs: Mapping[Split, Sequence[PreferencePair]]
    rejects: Sequence[Reject]
    plan: SplitPlan
    split_sentence: str
    facts: Mapping[str, Fact]
    attempts: Attempts
    duplicates: DuplicateSettings
    settings: Mapping[str, Any]
    facts_sha256: str
    vidpose_version: str
    count: CountTokens = field(default=estimate_tokens)

    @property
    def examples(self) -> list[Example]:
        """All examples that were kept."""
        return [one for splits in self.parts.values() for examples in splits.values() for one in examples]

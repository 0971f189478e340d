"""Settings of the corpus: what becomes a fact, which texts are written, how the dataset is made of them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, get_args

from vidpose.types.metrics import MetricSide

Language = Literal["en", "de"]
TASK_NAMES: Final = (
    *("describe_movement", "read_metric", "explain_metric", "compare_sides", "compare_videos", "extremes_and_when"),
    *("give_cue", "not_measurable", "nothing_stands_out", "follow_up", "json_report"),
)
"""The types of task; each is written in :data:`~vidpose.corpus.tasks.registry.TASKS`."""


@dataclass(frozen=True, slots=True)
class FactSettings:
    """What becomes a fact.

    Attributes
    ----------
    athletes
        Video -> athlete. A video is named by its SHA-256 (at least its first 16 digits), or by its path relative to
        the input folder; :func:`vidpose.corpus.facts.read_facts.read_assignment` reads a CSV file. Facts carry a hash.
    exercises
        Video -> exercise, likewise; videos of one exercise are compared even when their athletes differ.
    min_n
        Fewest samples, events or cycles behind a value.
    max_relative_uncertainty
        Largest uncertainty of an amount (time, length, speed, frequency) as a share of it. Ours: at 1 the interval
        reaches 0, and the number carries no information.
    min_extreme_frames
        Fewest measured frames behind the extremes of an angle. Ours: half a second at 30 frames per second.
    min_extreme_share
        Least share of an angle's frames that must be measured, else its extreme may have been missed. Ours.
    max_pairs
        Most pairs of videos that are compared per athlete or exercise; neighbours in the order of their hashes.
    max_rows
        Most rows of one table; a larger one is refused instead of filling the memory.
    """

    athletes: Mapping[str, str] = field(default_factory=dict)
    exercises: Mapping[str, str] = field(default_factory=dict)
    min_n: int = 1
    max_relative_uncertainty: float = 1.0
    min_extreme_frames: int = 15
    min_extreme_share: float = 0.5
    max_pairs: int = 20
    max_rows: int = 50_000_000

    def __post_init__(self) -> None:
        for name in ("min_n", "min_extreme_frames", "max_rows"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name}: expected at least 1, got {getattr(self, name)}")
        if self.max_pairs < 0:
            raise ValueError(f"max_pairs: expected at least 0, got {self.max_pairs}")
        if not 0.0 < self.max_relative_uncertainty <= 10.0:
            raise ValueError(f"max_relative_uncertainty: expected 0 to 10, got {self.max_relative_uncertainty}")
        if not 0.0 <= self.min_extreme_share <= 1.0:
            raise ValueError(f"min_extreme_share: expected 0 to 1, got {self.min_extreme_share}")


@dataclass(frozen=True, slots=True)
class ReferenceRange:
    """What is usual for one metric.

    Attributes
    ----------
    metric
        Key of the metric dictionary.
    low, high
        Limits in the unit for people.
    source
        Where the range comes from; shown with it.
    side
        Side that it is for; ``none`` means any.
    """

    metric: str
    low: float
    high: float
    source: str
    side: MetricSide = "none"

    def __post_init__(self) -> None:
        from vidpose.biomech.metric_dictionary import DICTIONARY

        if self.metric not in DICTIONARY:
            raise ValueError(f"metric: expected a metric of the dictionary, got {self.metric!r}")
        if not (math.isfinite(self.low) and math.isfinite(self.high) and self.low < self.high):
            raise ValueError(f"low, high: expected low below high for {self.metric}, got {self.low} and {self.high}")
        if len(self.source.strip()) < 3:
            raise ValueError(f"source: expected where the range of {self.metric} comes from, got {self.source!r}")


@dataclass(frozen=True, slots=True)
class TextSettings:
    """What is written.

    Attributes
    ----------
    languages
        Codes of :data:`~vidpose.corpus.example.Language`.
    tasks
        Some of :data:`TASK_NAMES`; empty for all.
    max_per_subject
        Most examples per subject, over all tasks and languages; shared by weight among the tasks that it has facts for.
    seed
        Another word gives other texts about the same facts.
    """

    languages: tuple[Language, ...] = ("en", "de")
    tasks: tuple[str, ...] = ()
    max_per_subject: int = 100
    seed: str = "vidpose"

    def __post_init__(self) -> None:
        unknown = sorted(set(self.languages) - set(get_args(Language)))
        if unknown or not self.languages:
            raise ValueError(f"languages: expected some of {get_args(Language)}, got {self.languages}")
        if strange := sorted(set(self.tasks) - set(TASK_NAMES)):
            raise ValueError(f"tasks: expected some of {sorted(TASK_NAMES)}, got {strange}")
        if self.max_per_subject < 1:
            raise ValueError(f"max_per_subject: expected at least 1, got {self.max_per_subject}")


@dataclass(frozen=True, slots=True)
class DuplicateSettings:
    """When two conversations say the same.

    Attributes
    ----------
    similarity
        Jaccard similarity from which on they are near-duplicates; 0.8 to 0.95 is usual (Lee et al. 2022,
        arXiv:2107.06499, use 0.8).
    shingle_words
        Words in a row that make one element of the sets.
    """

    similarity: float = 0.8
    shingle_words: int = 5

    def __post_init__(self) -> None:
        if not 0.5 <= self.similarity <= 1.0:
            raise ValueError(f"similarity: expected 0.5 to 1, got {self.similarity}")
        if self.shingle_words < 1:
            raise ValueError(f"shingle_words: expected at least 1, got {self.shingle_words}")


@dataclass(frozen=True, slots=True)
class CorpusBalanceSettings:
    """Most examples of each kind; all ours, to be set by what is learnt from.

    Attributes
    ----------
    per_subject
        About one person in one video.
    per_group
        About one athlete or video.
    task_share
        Largest share of one task type, as long as there are enough others.
    """

    per_subject: int = 2_000
    per_group: int = 10_000
    task_share: float = 0.35

    def __post_init__(self) -> None:
        for name in ("per_subject", "per_group"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name}: expected at least 1, got {getattr(self, name)}")
        if not 0.0 < self.task_share <= 1.0:
            raise ValueError(f"task_share: expected a share above 0 up to 1, got {self.task_share}")


MIN_COMPONENTS: Final = 3
"""One component for each split is the least that an honest evaluation needs."""


@dataclass(frozen=True, slots=True)
class SplitSettings:
    """How much is held out.

    Attributes
    ----------
    validation_share, test_share
        Share of the examples that state a fact, up to which these splits are filled with whole components. Ours: a
        tenth each.
    pair_above_components
        Comparisons join two components only while more than this many remain. Ours: 10, so that a tenth exists.
    seed
        Another seed draws other groups; it does not move groups that were assigned before.
    """

    validation_share: float = 0.1
    test_share: float = 0.1
    pair_above_components: int = 10
    seed: int = 0

    def __post_init__(self) -> None:
        for name in ("validation_share", "test_share"):
            if not 0.0 < getattr(self, name) < 0.5:
                raise ValueError(f"{name}: expected a share between 0 and 0.5, got {getattr(self, name)}")
        if self.pair_above_components < MIN_COMPONENTS:
            raise ValueError(
                f"pair_above_components: expected at least {MIN_COMPONENTS}, got {self.pair_above_components}"
            )


Corruption = Literal["number", "unit", "side", "direction", "fault"]


CORRUPTIONS: Final[tuple[Corruption, ...]] = ("number", "unit", "side", "direction", "fault")


@dataclass(frozen=True, slots=True)
class PreferenceSettings:
    """How many pairs are made.

    Attributes
    ----------
    share
        Share of the examples of a split that get a pair; 0 for none. Ours: 0.3.
    kinds
        Corruptions that are tried.
    fault_share
        Largest share of the pairs whose error is an added claim, which is the easiest one to see. Ours: 0.1.
    """

    share: float = 0.3
    kinds: tuple[Corruption, ...] = CORRUPTIONS
    fault_share: float = 0.1

    def __post_init__(self) -> None:
        for name in ("share", "fault_share"):
            if not 0.0 <= getattr(self, name) <= 1.0:
                raise ValueError(f"{name}: expected a share from 0 to 1, got {getattr(self, name)}")
        unknown = set(self.kinds) - set(CORRUPTIONS)
        if unknown or not self.kinds:
            raise ValueError(f"kinds: expected some of {', '.join(CORRUPTIONS)}, got {self.kinds}")


@dataclass(frozen=True, slots=True)
class CorpusSettings:
    """Everything that decides what a corpus is made of.

    Attributes
    ----------
    facts
        What becomes a fact.
    text
        Languages, tasks and amount.
    references
        Ranges with their source that texts may compare with.
    duplicates
        When two conversations say the same.
    balance
        Most examples per person, video and task.
    splits
        How much is held out.
    preference
        How many pairs are made.
    """

    facts: FactSettings = field(default_factory=FactSettings)
    text: TextSettings = field(default_factory=TextSettings)
    references: tuple[ReferenceRange, ...] = ()
    duplicates: DuplicateSettings = field(default_factory=DuplicateSettings)
    balance: CorpusBalanceSettings = field(default_factory=CorpusBalanceSettings)
    splits: SplitSettings = field(default_factory=SplitSettings)
    preference: PreferenceSettings = field(default_factory=PreferenceSettings)

"""What a coaching corpus is made of: facts about a movement, and examples that state nothing but facts."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Literal

from vidpose.corpus.settings.dataset import Language
from vidpose.types.metrics import REASONS, MetricSide

Role = Literal["system", "user", "assistant"]
FactKind = Literal["metric", "event_count", "difference", "extreme", "reference"]
"""``metric`` is measured; the others are derived from measured ones, or given by the configuration (``reference``)."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that a text may state.

    Attributes
    ----------
    id
        Unique within the corpus, made from video, person, metric, side and kind; never from a path or a name.
    group
        What must not be divided between splits: the athlete, else the video (hash of its content).
    subject
        Video and person that it is about, as ``group/person``; for a comparison of two, both joined by ``|``.
    metric
        Key of the metric dictionary.
    label
        The metric's name for people, English.
    kind
        See :data:`FactKind`.
    side
        Side of the body.
    value
        In ``unit``, full precision; NaN when it may not be stated.
    unit
        Unit for people as the dictionary writes it (``°``, ``m``, ``per minute``, ``%``, or empty).
    decimals
        Most digits after the point that a text may give.
    uncertainty
        Half width of the 95 % interval, same unit; NaN when unknown.
    reason
        Why there is no value, key of :data:`vidpose.types.metrics.REASONS`; empty when there is one.
    start_s, end_s
        Time span that it is about, s; NaN when it is about none.
    n
        Samples, events or cycles behind it.
    derived_from
        Facts that it was computed from.
    source
        Where a reference value comes from; empty for measured ones.
    """

    id: str
    group: str
    subject: str
    metric: str
    label: str
    kind: FactKind
    side: MetricSide
    value: float
    unit: str
    decimals: int
    uncertainty: float = math.nan
    reason: str = ""
    start_s: float = math.nan
    end_s: float = math.nan
    n: int = 0
    derived_from: tuple[str, ...] = ()
    source: str = ""

    def __post_init__(self) -> None:
        if self.reason not in REASONS:
            raise ValueError(f"unknown reason {self.reason!r}")
        if math.isfinite(self.value) != (self.reason == ""):
            raise ValueError(f"{self.id}: a value needs no reason, and a missing value needs one")


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of a conversation."""

    role: Role
    content: str


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of text that states a fact: message number, characters ``[start, end)``, the fact's id."""

    message: int
    start: int
    end: int
    fact_id: str


@dataclass(frozen=True, slots=True)
class Example:
    """One conversation with its evidence.

    Attributes
    ----------
    id
        Hash of everything that made it; equal inputs give equal ids.
    task
        Task type, such as ``read_metric``.
    language
        Of all turns.
    group
        Split group, see :class:`Fact`; comparisons of two videos join their groups by ``|``.
    messages
        The conversation: optional system first, then user and assistant in turns, assistant last.
    facts
        Ids of all facts that its texts may state: those shown to the model and those that follow from them.
    spans
        Where assistant turns state facts.
    generator
        ``grammar``, ``openai:<model>`` or ``claude:<model>``.
    corruption
        What was made wrong on purpose, for preference pairs; empty for good examples.
    parent
        Id of the example that this one rephrases; empty for originals.
    """

    id: str
    task: str
    language: Language
    group: str
    messages: tuple[Message, ...]
    facts: tuple[str, ...]
    spans: tuple[Span, ...] = ()
    generator: str = "grammar"
    corruption: str = ""
    parent: str = field(default="")

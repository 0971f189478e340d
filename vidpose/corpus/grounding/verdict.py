"""What the check of a text finds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Reason = Literal[
    "unknown_number",
    "wrong_unit",
    "wrong_side",
    "wrong_direction",
    "wrong_metric",
    "wrong_kind",
    "gated_metric",
    "too_precise",
    "too_coarse",
    "unknown_comparison",
    "undeclared_span",
    "wrong_span",
    "unknown_fact",
    "banned_claim",
]

REASONS: Final[dict[Reason, str]] = {
    "unknown_number": "no allowed fact has this value",
    "wrong_unit": "the fact with this value has another unit, or the unit is missing",
    "wrong_side": "the value belongs to the other side, or to neither",
    "wrong_direction": "the fact says the opposite",
    "wrong_metric": "the value belongs to another metric",
    "wrong_kind": "a difference is given as a value, a value as a difference, or a measurement as a reference",
    "gated_metric": "the metric may not be stated",
    "too_precise": "more digits than the fact carries",
    "too_coarse": "rounded so far that the number is wrong",
    "unknown_comparison": "no allowed fact compares these",
    "undeclared_span": "a stated number that no span declares",
    "wrong_span": "a span that does not hold what its fact says",
    "unknown_fact": "a fact that does not exist or is not allowed in this example",
    "banned_claim": "a diagnosis, a prediction of injury, or the identity of a person",
}
"""Every reason for a rejection with its meaning."""

Role = Literal["value", "difference", "reference", "uncertainty", "sample", "row"]
"""What a number is used as; ``row``: a cell of a table or JSON object, whose meaning its neighbours say."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A number in a text and what stands around it.

    Attributes
    ----------
    message, start, end
        Where it stands: message, characters of number and unit.
    value, decimals, signed
        As written; digits after the point; whether a sign was written.
    unit
        Unit of :data:`vidpose.corpus.grounding.vocabulary.UNIT_FACTORS`; empty without one.
    role
        What it is used as.
    loose
        Whether the words around it allow a difference as well as a value.
    moment
        Whether it may be a moment, because a time word stands before it.
    metrics
        Metrics that the name it belongs to may mean; empty when none is named.
    side, side_stated
        Side that it belongs to, or empty; whether the side stands in its own clause and not further away.
    recording
        ``first`` or ``second`` of two compared recordings, or empty.
    facts
        Facts that agree with it; empty when none does.
    """

    message: int
    start: int
    end: int
    value: float
    decimals: int
    signed: bool
    unit: str
    role: Role = "value"
    loose: bool = False
    moment: bool = False
    metrics: frozenset[str] = frozenset()
    side: str = ""
    side_stated: bool = False
    recording: str = ""
    facts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GroundingFailure:
    """One reason for a rejection: message, characters ``[start, end)``, the words, and the reason's key."""

    reason: Reason
    message: int
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether every statement of an example agrees with a fact, with all numbers found and all failures."""

    mentions: tuple[Mention, ...]
    failures: tuple[GroundingFailure, ...]

    @property
    def ok(self) -> bool:
        """Whether nothing failed."""
        return not self.failures

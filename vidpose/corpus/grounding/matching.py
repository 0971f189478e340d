"""Whether a number agrees with a fact: unit, rounding, sign, side, recording, and what kind of fact it is.

The rounding rule: the written number is the fact rounded to the digits written. Fewer digits than the fact has are fine
while the loss is below 5 % of the value or below its uncertainty (ours: ``0.3 s`` for 0.348 s misleads).
"""

from __future__ import annotations

import dataclasses
import math
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from vidpose.corpus.example import Fact
from vidpose.corpus.facts.fact_dictionary import FACT_DICTIONARY
from vidpose.corpus.grounding.verdict import Mention, Reason
from vidpose.corpus.grounding.vocabulary import UNIT_FACTORS

LARGEST_LOSS: Final = 0.05
_RELATIVE_SLACK: Final = 1e-9
_RIGHT: Final = re.compile(r"\bright\b")
_LEFT: Final = re.compile(r"\bleft\b")


@dataclass(frozen=True, slots=True)
class Evidence:
    """What an example may state.

    Attributes
    ----------
    allowed
        Its facts.
    subjects
        First and second subject when two recordings are compared.
    """

    allowed: tuple[Fact, ...]
    subjects: tuple[str, ...] = ()

    @classmethod
    def of(cls, allowed: Iterable[Fact]) -> Evidence:
        """Return the evidence of some facts."""
        facts = tuple(allowed)
        pairs = sorted({fact.subject for fact in facts if fact.kind == "difference" and "|" in fact.subject})
        return cls(facts, tuple(pairs[0].split("|")) if len(pairs) == 1 else ())


def positive_side(metric: str) -> str:
    """Return the side that a positive value of a metric means (``larger on the right``); empty for others."""
    row = FACT_DICTIONARY.get(metric)
    words = row.positive if row else ""
    right, left = bool(_RIGHT.search(words)), bool(_LEFT.search(words))
    if right == left or words.startswith("the floor"):
        return ""
    return "right" if right else "left"


def facts_for(mention: Mention, evidence: Evidence) -> tuple[Fact, ...]:
    """Return the allowed facts that a number agrees with in every respect."""
    return tuple(fact for fact in evidence.allowed if not fact.reason and agrees(mention, fact, evidence))


def agrees(mention: Mention, fact: Fact, evidence: Evidence) -> bool:
    """Return whether a number states a fact, by what it is used as."""
    if not _about(mention, fact, evidence):
        return False
    if mention.role == "uncertainty":
        return _same_number(mention, fact, fact.uncertainty, fact.unit, 1)
    if mention.role == "sample":
        return mention.value == fact.n
    if mention.role == "row":
        return _in_row(mention, fact)
    if mention.moment and _is_moment(mention, fact):
        return True
    return _kind_fits(mention, fact) and states_value(mention, fact)


def states_value(mention: Mention, fact: Fact) -> bool:
    """Return whether a number is a fact's value: rounded as written, with its sign, in its unit."""
    towards = positive_side(fact.metric) if fact.kind != "difference" else ""
    says_side = mention.side_stated and mention.side in ("left", "right") and fact.side in ("none", "both")
    # with a comparison word beside it (loose) the side alone does not say the sign; the comparison is checked itself
    if towards and says_side and not mention.loose and (fact.value > 0) != (mention.side == towards):
        return False
    if not mention.signed and _sign_in_words(mention, fact):
        return _same_number(mention, fact, abs(fact.value), fact.unit)
    return _same_number(mention, fact, fact.value, fact.unit)


def why_not(mention: Mention, evidence: Evidence) -> Reason:
    """Return the most telling reason why a number agrees with no fact."""
    own = [fact for fact in evidence.allowed if fact.metric in mention.metrics]
    if own and all(fact.reason for fact in own):
        return "gated_metric"
    standing = [fact for fact in own if not fact.reason]
    checks: tuple[tuple[Reason, Callable[[Fact], bool]], ...] = (
        ("wrong_side", lambda fact: states_value(mention, fact) and _kind_fits(mention, fact)),
        ("wrong_kind", lambda fact: _is_other_kind(mention, fact)),
        ("too_precise", lambda fact: _close(mention, fact, fact.value) and mention.decimals > _decimals(mention, fact)),
        ("wrong_direction", lambda fact: _same_number(mention, fact, -fact.value, fact.unit)),
        ("too_coarse", lambda fact: _rounds_to(mention, fact, abs(fact.value) * math.copysign(1.0, mention.value))),
        ("wrong_unit", lambda fact: abs(abs(fact.value) - abs(mention.value)) <= 0.5 * 10.0**-mention.decimals),
    )
    for reason, check in checks:
        if any(check(fact) for fact in standing):
            return reason
    others = (fact for fact in evidence.allowed if not fact.reason and fact.metric not in mention.metrics)
    return (
        "wrong_metric"
        if any(_same_number(mention, fact, abs(fact.value), fact.unit) for fact in others)
        else ("unknown_number")
    )


def _is_other_kind(mention: Mention, fact: Fact) -> bool:
    if fact.kind == "difference":
        return _same_number(mention, fact, abs(fact.value), fact.unit)
    return states_value(mention, fact) and not _kind_fits(mention, fact)


def _about(mention: Mention, fact: Fact, evidence: Evidence) -> bool:
    """Return whether metric, side and recording of a number are those of a fact."""
    if mention.metrics and fact.metric not in mention.metrics:
        return False
    if mention.recording and len(evidence.subjects) > 1 and fact.kind != "difference":
        wanted = evidence.subjects[0 if mention.recording == "first" else 1]
        if fact.subject != wanted:
            return False
    if mention.side not in ("left", "right") or fact.side == mention.side:
        return True
    if fact.side in ("left", "right"):
        return False
    if not mention.side_stated:
        return True  # a side given to something else earlier in the sentence
    return fact.kind == "difference" or positive_side(fact.metric) != ""


def _kind_fits(mention: Mention, fact: Fact) -> bool:
    is_difference = fact.kind == "difference" or positive_side(fact.metric) != ""
    if mention.role == "difference":
        return is_difference
    if (mention.role == "reference") != (fact.kind == "reference"):
        return False
    return fact.kind != "difference" or mention.loose or mention.signed


def _sign_in_words(mention: Mention, fact: Fact) -> bool:
    """Return whether words may carry the sign, so that the number stands without: ``5 % larger on the left``."""
    if fact.kind == "difference":
        return mention.role == "difference" or mention.loose
    return positive_side(fact.metric) != "" and (mention.side_stated or mention.role == "difference")


def _is_moment(mention: Mention, fact: Fact) -> bool:
    if not mention.unit or UNIT_FACTORS[mention.unit][0] != "time":
        return False
    shown_s = mention.value * UNIT_FACTORS[mention.unit][1]
    slack_s = 0.5 * 10.0**-mention.decimals * UNIT_FACTORS[mention.unit][1] * (1.0 + 1e-6)
    return any(abs(moment_s - shown_s) <= slack_s for moment_s in (fact.start_s, fact.end_s))


def _in_row(mention: Mention, fact: Fact) -> bool:
    """Return whether a number is any cell of a fact's row; a header above may hold the unit."""
    unit = mention.unit or fact.unit
    if mention.unit == "" and mention.decimals == 0 and mention.value == fact.n:
        return True
    moments_s = (fact.start_s, fact.end_s) if not mention.unit or mention.unit == "s" else ()
    if any(abs(moment - mention.value) <= 0.5 * 10.0**-mention.decimals for moment in moments_s):
        return True
    return _same_number(mention, fact, fact.value, unit) or _same_number(mention, fact, fact.uncertainty, unit, 1)


def _same_number(mention: Mention, fact: Fact, value: float, unit: str, more_decimals: int = 0) -> bool:
    """Return whether a number is ``value`` as it may be written."""
    if mention.role == "row" and mention.value.is_integer() and fact.decimals + more_decimals == 0:
        mention = dataclasses.replace(mention, decimals=0)  # JSON may write 5 as 5.0
    if mention.role == "row" and not mention.unit:
        return _close(mention, fact, value, row=True) and mention.decimals <= fact.decimals + more_decimals
    if (mention.unit == "") != (unit == "") or not _rounds_to(mention, fact, value):
        return False
    if mention.decimals > _decimals(mention, fact) + more_decimals:
        return False
    return _fine_enough(mention, fact, value)


def _rounds_to(mention: Mention, fact: Fact, value: float) -> bool:
    return _factor(mention, fact) is not None and _close(mention, fact, value)


def _fine_enough(mention: Mention, fact: Fact, value: float) -> bool:
    if mention.decimals >= _decimals(mention, fact):
        return True
    factor = _factor(mention, fact) or 1.0
    loss = abs(mention.value * factor - value)
    return loss <= LARGEST_LOSS * abs(value) or loss <= fact.uncertainty


def _close(mention: Mention, fact: Fact, value: float, row: bool = False) -> bool:
    factor = 1.0 if row else _factor(mention, fact)
    if factor is None or not math.isfinite(value):
        return False
    slack = (0.5 * 10.0**-mention.decimals + _RELATIVE_SLACK * max(1.0, abs(mention.value))) * factor
    return abs(mention.value * factor - value) <= slack


def _factor(mention: Mention, fact: Fact) -> float | None:
    """Return the factor from the unit written to that of the fact; None when they measure different things."""
    if mention.unit == fact.unit:
        return 1.0
    if mention.unit not in UNIT_FACTORS or fact.unit not in UNIT_FACTORS:
        return None
    (one, factor), (other, fact_factor) = UNIT_FACTORS[mention.unit], UNIT_FACTORS[fact.unit]
    return factor / fact_factor if one == other else None


def _decimals(mention: Mention, fact: Fact) -> int:
    """Return how many digits after the point the fact carries in the unit written."""
    factor = _factor(mention, fact) or 1.0
    return max(0, fact.decimals + round(math.log10(factor)))

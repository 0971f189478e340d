"""The other vendor's opinion, and how far it agrees with the check that reads every number back.

The judge never decides what is true: a text that the check refuses stays out. It takes out texts that are true and odd.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Final

GRADES: Final = ("poor", "fair", "good")


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the judge said of one text."""

    same_meaning: bool
    adds_claims: bool
    natural: str

    @property
    def accepts(self) -> bool:
        """Whether the text may stay."""
        return self.same_meaning and not self.adds_claims and self.natural != "poor"


@dataclass(frozen=True, slots=True)
class Agreement:
    """Texts by what the judge and the check said of them.

    Attributes
    ----------
    both_accept, both_refuse
        Alike.
    judge_only, check_only
        Accepted by one of them only.
    """

    both_accept: int = 0
    both_refuse: int = 0
    judge_only: int = 0
    check_only: int = 0

    @property
    def n(self) -> int:
        """Texts that both have seen."""
        return self.both_accept + self.both_refuse + self.judge_only + self.check_only

    @property
    def kappa(self) -> float:
        """Cohen's kappa (Educ Psychol Meas 20 (1960) 37); NaN without texts or when chance alone explains all."""
        if not self.n:
            return float("nan")
        judge = (self.both_accept + self.judge_only) / self.n
        check = (self.both_accept + self.check_only) / self.n
        expected = judge * check + (1 - judge) * (1 - check)
        seen = (self.both_accept + self.both_refuse) / self.n
        return float("nan") if expected == 1.0 else (seen - expected) / (1.0 - expected)


def agreement_of(pairs: list[tuple[bool, bool]]) -> Agreement:
    """Count pairs of (judge accepts, check accepts)."""
    return Agreement(
        pairs.count((True, True)), pairs.count((False, False)), pairs.count((True, False)), pairs.count((False, True))
    )


def read_opinion(text: str) -> Opinion | None:
    """Read the judge's JSON; None when it is not what was asked for."""
    try:
        found = json.loads(text)
        same, adds, natural = found["same_meaning"], found["adds_claims"], found["natural"]
    except (ValueError, KeyError, TypeError):
        return None
    if not isinstance(same, bool) or not isinstance(adds, bool) or natural not in GRADES:
        return None
    return Opinion(same, adds, natural)

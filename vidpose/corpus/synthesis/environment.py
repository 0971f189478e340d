"""What the session needs of the world around it, so that a test can give it another one."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from vidpose.corpus.example import Example, Fact
from vidpose.corpus.facts.fact_dictionary import FACT_DICTIONARY
from vidpose.corpus.grounding.check import check_text


class Failed(Protocol):
    """One reason for a rejection."""

    @property
    def reason(self) -> str:
        """Its key."""


class Judged(Protocol):
    """What the session needs of a :class:`vidpose.corpus.grounding.verdict.Verdict`."""

    @property
    def ok(self) -> bool:
        """Whether the text states nothing but facts."""

    @property
    def failures(self) -> Sequence[Failed]:
        """What it states besides."""


Check = Callable[[Example, Mapping[str, Fact]], Judged]


def grounded(example: Example, facts: Mapping[str, Fact]) -> Judged:
    """Read every number and comparison of an example back."""
    return check_text(example, facts, FACT_DICTIONARY)


def _nothing(text: str) -> None:
    del text


@dataclass(frozen=True, slots=True)
class Environment:
    """The world.

    Attributes
    ----------
    check
        The grounding check: an example, and facts by id.
    environ
        Environment variables; keys come from here only.
    sleep
        Waits that many seconds.
    say
        Takes a sentence about what is going on.
    """

    check: Check = grounded
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)
    sleep: Callable[[float], None] = time.sleep
    say: Callable[[str], None] = _nothing

"""What the session needs of the world around it, so that a test can give it another one."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from vidpose.corpus.example import Example, Fact
from vidpose.corpus.grounding.check import check_text
from vidpose.corpus.grounding.verdict import Verdict

Check = Callable[[Example, Mapping[str, Fact]], Verdict]
"""The grounding check: an example, and facts by id."""


def _nothing(text: str) -> None:
    del text


@dataclass(frozen=True, slots=True)
class Environment:
    """The world.

    Attributes
    ----------
    check
        The grounding check.
    environ
        Environment variables; keys come from here only.
    sleep
        Waits that many seconds.
    say
        Takes a sentence about what is going on.
    """

    check: Check = check_text
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)
    sleep: Callable[[float], None] = time.sleep
    say: Callable[[str], None] = _nothing

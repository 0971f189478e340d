"""When to send again, and how long to wait first.

Own code, because the SDKs' loops cannot be trusted with money: one gives up on a long ``Retry-After``, the other sleeps
for whatever the server says, and neither can ask a ledger before it sends again.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from typing import TypeVar

from vidpose.corpus.settings.synthesis import RetrySettings
from vidpose.corpus.synthesis.providers.faults import Fault

T = TypeVar("T")


def wait_s(number: int, asked_s: float, settings: RetrySettings, seed: str) -> float:
    """Return the wait before an attempt, s.

    Without a word from the server it is drawn evenly from the upper half of ``first · 2^n`` ("equal jitter"), so many
    clients do not come back together. A server's wish is kept and up to a tenth added, then capped.

    Parameters
    ----------
    number
        Attempts made so far, 1 or more.
    asked_s
        The server's wish, s; NaN for none.
    settings
        Limits.
    seed
        Makes the jitter repeatable; the request's key.
    """
    draw = random.Random(f"{seed}:{number}").random()
    if math.isfinite(asked_s):
        return min(asked_s * (1.0 + 0.1 * draw), settings.longest_wait_s)
    return min(settings.first_wait_s * 2.0 ** (number - 1), settings.longest_wait_s) * (0.5 + 0.5 * draw)


def with_retries(attempt: Callable[[], T], settings: RetrySettings, seed: str, sleep: Callable[[float], None]) -> T:
    """Call ``attempt`` until it returns, its fault may not be repeated, or patience ends.

    Parameters
    ----------
    attempt
        Sends once; raises :class:`Fault`.
    settings
        Limits.
    seed
        Makes the waits repeatable.
    sleep
        Waits that many seconds.
    """
    waited = 0.0
    for number in range(1, settings.tries + 1):
        try:
            return attempt()
        except Fault as fault:
            pause = wait_s(number, fault.retry_after_s, settings, seed)
            if not fault.may_repeat or number == settings.tries or waited + pause > settings.total_wait_s:
                raise
        sleep(pause)
        waited += pause
    raise AssertionError("the loop ends by returning or raising")

"""Wait for a state, not for seconds: a busy machine only makes the wait longer."""

import time
from collections.abc import Callable
from typing import TypeVar

LIMIT_S = 600.0  # ends a test that would otherwise hang; no test needs nearly as long
T = TypeVar("T")


def wait_for(condition: Callable[[], T], what: str = "the awaited state", every_s: float = 0.05) -> T:
    """Return the condition's first true value."""
    give_up_s = time.monotonic() + LIMIT_S
    while not (value := condition()):
        assert time.monotonic() < give_up_s, f"{what} did not come within {LIMIT_S:.0f} s"
        time.sleep(every_s)
    return value

"""Time limits that a busy machine does not break: what waits for a core does not hang."""

from __future__ import annotations

import os
from typing import Final

MOST_TIMES: Final = 10.0
"""However busy the machine is, what hangs is noticed (ours)."""


def stretched_s(limit_s: float) -> float:
    """Return a limit as many times longer as there are processes that want to run per core, at least once.

    With ninety of them on two cores, importing the libraries of a pose network took three minutes instead of four
    seconds.
    """
    if not hasattr(os, "getloadavg"):
        return limit_s
    per_core = os.getloadavg()[0] / (os.cpu_count() or 1)
    return limit_s * min(max(per_core, 1.0), MOST_TIMES)

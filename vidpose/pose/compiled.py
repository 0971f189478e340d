"""Compiled networks, kept by the thread that runs them.

OpenVINO runs one inference of a compiled network at a time (``NUM_STREAMS`` 1), whoever asks: of two threads that share
it, one waits while the other computes. So each has its own, for as long as it lives.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import lru_cache
from typing import ParamSpec, TypeVar, cast

P = ParamSpec("P")
T = TypeVar("T")


def kept_by_thread(n_kept: int) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Make a function keep its last ``n_kept`` answers, for each thread apart; arguments have to be hashable."""

    def decorate(function: Callable[P, T]) -> Callable[P, T]:
        of_thread = threading.local()

        def kept(*args: P.args, **kwargs: P.kwargs) -> T:
            if not hasattr(of_thread, "function"):
                of_thread.function = lru_cache(maxsize=n_kept)(function)
            return cast(T, of_thread.function(*args, **kwargs))

        return kept

    return decorate

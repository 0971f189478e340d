"""Compiled networks, kept for the thread that runs them.

OpenVINO runs one inference of a compiled network at a time (``NUM_STREAMS`` 1): of two threads that share it, one waits
while the other computes. So each thread has its own, for as long as it lives.

They are not kept in ``threading.local``: a forked child clears the values of all threads that it did not inherit, and
OpenVINO would then wait for ever for its own threads, which do not exist there either.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import lru_cache
from typing import ParamSpec, TypeVar, cast

P = ParamSpec("P")
T = TypeVar("T")


def cached_per_thread(n_cached: int) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Cache a function's latest ``n_cached`` results separately for each thread; arguments have to be hashable."""

    def decorate(function: Callable[P, T]) -> Callable[P, T]:
        of_threads: dict[int, Callable[P, T]] = {}
        lock = threading.Lock()

        def kept(*args: P.args, **kwargs: P.kwargs) -> T:
            me = threading.get_ident()
            with lock:
                if me not in of_threads:
                    alive = {thread.ident for thread in threading.enumerate()}
                    for gone in of_threads.keys() - alive:
                        del of_threads[gone]
                    of_threads[me] = cast(Callable[P, T], lru_cache(maxsize=n_cached)(function))
                mine = of_threads[me]
            return mine(*args, **kwargs)

        return kept

    return decorate

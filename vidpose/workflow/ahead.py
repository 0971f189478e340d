"""Compute the items of an iterator in a thread, a few ahead of their use."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

T = TypeVar("T")
_END: Any = object()


def computed_ahead(items: Iterator[T], n_ahead: int) -> Iterator[T]:
    """Yield ``items`` in order while a thread computes up to ``n_ahead`` of the next ones.

    An error of the iterator is raised where its item would have come. Closing the generator ends the thread.
    """
    executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="ahead")
    try:
        coming = deque(executor.submit(next, items, _END) for _ in range(max(1, n_ahead)))
        while (item := coming.popleft().result()) is not _END:
            coming.append(executor.submit(next, items, _END))
            yield item
    finally:
        executor.shutdown(cancel_futures=True)

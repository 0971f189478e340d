"""Computing the items of an iterator in a thread, a few ahead of their use."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Generator, Iterator
from concurrent.futures import Future
from queue import SimpleQueue
from typing import Any, Final, TypeVar

T = TypeVar("T")
CLOSE_TIMEOUT_S: Final = 2.0
_END: Any = object()


class Pending:
    """Placeholder for an item that is still being computed."""


PENDING: Final = Pending()


def computed_ahead(items: Iterator[T], n_ahead: int, *, wait: bool = True) -> Generator[T | Pending, None, None]:
    """Yield ``items`` in order while a thread computes up to ``n_ahead`` of the next ones.

    An error of the iterator is raised in place of its item. Close the generator before whatever the items are made
    from, such as an open file: only then has the thread ended.

    Parameters
    ----------
    items
        An iterator whose items take long.
    n_ahead
        Number of items computed before they are requested.
    wait
        False: yield :data:`PENDING` instead of waiting for an item, and abandon the thread at the end when its current
        item takes long (hashing a large file); it never keeps the process alive.
    """
    requests: SimpleQueue[Future[Any] | None] = SimpleQueue()
    thread = threading.Thread(target=_compute, args=(items, requests), name="ahead", daemon=True)
    thread.start()
    coming = deque(_request(requests) for _ in range(max(1, n_ahead)))
    try:
        while True:
            if not wait and not coming[0].done():
                yield PENDING
                continue
            item = coming.popleft().result()
            if item is _END:
                return
            coming.append(_request(requests))
            yield item
    finally:
        for future in coming:
            future.cancel()
        requests.put(None)
        thread.join(None if wait else CLOSE_TIMEOUT_S)


def _request(requests: SimpleQueue[Future[Any] | None]) -> Future[Any]:
    future: Future[Any] = Future()
    requests.put(future)
    return future


def _compute(items: Iterator[Any], requests: SimpleQueue[Future[Any] | None]) -> None:
    while (future := requests.get()) is not None:
        if future.set_running_or_notify_cancel():
            try:
                future.set_result(next(items, _END))
            except Exception as error:  # noqa: BLE001 - crosses a thread: raised in place of the item
                future.set_exception(error)

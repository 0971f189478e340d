"""Computing items in threads, a few ahead of their use."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, wait
from functools import partial
from queue import SimpleQueue
from typing import Any, Final, TypeVar

S = TypeVar("S")
T = TypeVar("T")
CLOSE_TIMEOUT_S: Final = 2.0
PATIENCE_S: Final = 0.02
"""How long :func:`mapped_ahead` waits for one item before it says that it is not there yet."""
_END: Any = object()


class Pending:
    """Placeholder for an item that is still being computed."""


PENDING: Final = Pending()


def computed_ahead(items: Iterator[T], n_ahead: int) -> Generator[T, None, None]:
    """Yield ``items`` in order while a thread computes up to ``n_ahead`` of the next ones.

    An error of the iterator is raised in place of its item. Close the generator before whatever the items are made
    from, such as an open file: only then has the thread ended.

    Parameters
    ----------
    items
        An iterator whose items take long.
    n_ahead
        Number of items computed before they are requested.
    """
    requests = _Requests(1)
    coming = deque(requests.add(partial(next, items, _END)) for _ in range(max(1, n_ahead)))
    try:
        while (item := coming.popleft().result()) is not _END:
            coming.append(requests.add(partial(next, items, _END)))
            yield item
    finally:
        requests.close(coming, None)


def mapped_ahead(
    function: Callable[[S], T], items: Iterable[S], n_threads: int, n_ahead: int
) -> Generator[T | Pending, None, None]:
    """Yield ``function(item)`` for every item, in their order; :data:`PENDING` while the next one takes long.

    An error of the function is raised in place of its item. At the end, threads whose item takes long (hashing a large
    file) are abandoned; they never keep the process alive.

    Parameters
    ----------
    function
        Called in several threads at once.
    items
        What it is called with.
    n_threads
        Number of threads.
    n_ahead
        Number of items computed before they are requested.
    """
    requests, rest = _Requests(n_threads), iter(items)
    coming: deque[Future[Any]] = deque()
    try:
        while True:
            while len(coming) < max(n_threads, n_ahead) and (item := next(rest, _END)) is not _END:
                coming.append(requests.add(partial(function, item)))
            if not coming:
                return
            if wait(list(coming)[:1], PATIENCE_S).done:
                yield coming.popleft().result()
            else:
                yield PENDING
    finally:
        requests.close(coming, CLOSE_TIMEOUT_S)


class _Requests:
    """Threads that compute what is requested, first come, first served."""

    def __init__(self, n_threads: int) -> None:
        self._queue: SimpleQueue[tuple[Future[Any], Callable[[], Any]] | None] = SimpleQueue()
        self._threads = [
            threading.Thread(target=_compute, args=(self._queue,), name="ahead", daemon=True) for _ in range(n_threads)
        ]
        for thread in self._threads:
            thread.start()

    def add(self, compute: Callable[[], Any]) -> Future[Any]:
        """Request a result."""
        future: Future[Any] = Future()
        self._queue.put((future, compute))
        return future

    def close(self, coming: Iterable[Future[Any]], timeout_s: float | None) -> None:
        """Withdraw what was not begun, and wait for the threads; None waits as long as it takes."""
        for future in coming:
            future.cancel()
        for _ in self._threads:
            self._queue.put(None)
        for thread in self._threads:
            thread.join(timeout_s)


def _compute(queue: SimpleQueue[tuple[Future[Any], Callable[[], Any]] | None]) -> None:
    while (request := queue.get()) is not None:
        future, compute = request
        if future.set_running_or_notify_cancel():
            try:
                future.set_result(compute())
            except Exception as error:  # noqa: BLE001 - crosses a thread: raised in place of the item
                future.set_exception(error)

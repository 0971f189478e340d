"""The one boundary to Dask and Ray: whatever they raise costs a unit another try, and a broken one is started again.

A pool that does not start is tried once more, with longer limits, as a busy machine needs them. If that fails too, or
if a pool breaks again and again, its units are done in this process from then on, and the user is told once.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import Final, TypeVar

from vidpose.engines.patience import stretched_s
from vidpose.engines.pool import Pool
from vidpose.engines.tasks import Unit, UnitFailure, UnitOutcome
from vidpose.types.findings import Finding

START_LIMITS_S: Final = (120.0, 480.0)
"""How long the first and the second start may take, on a machine that is not busy; 5 s are usual (ours)."""
MAX_BREAKS: Final = 3
"""A pool that broke so often is not started again (ours)."""
CLOSE_LIMIT_S: Final = 30.0
"""A pool that does not end within this time is left to the orphan watcher."""
_LOG = logging.getLogger(__name__)
_Answer = TypeVar("_Answer")


class ReliablePool:
    """A pool made by ``make``, which raises nothing; units that are lost with it fail with kind ``engine``.

    Parameters
    ----------
    name
        Name of the library, for messages.
    make
        Makes a pool that has not started, given how long it may take to start, in s.
    make_inline
        Makes the pool of this process.
    n_processes
        Number of units that may be in flight once everything has started.
    announce
        Called with the sentence that the user sees, from any thread.
    """

    def __init__(
        self,
        name: str,
        make: Callable[[float], Pool],
        make_inline: Callable[[], Pool],
        n_processes: int,
        announce: Callable[[str], None],
    ) -> None:
        self._name = name
        self._make = make
        self._make_inline = make_inline
        self._announce = announce
        self._pool: Pool | None = None
        self._is_inline = False
        self._in_flight: dict[str, tuple[Unit, float]] = {}
        self._lost: list[UnitOutcome] = []
        self._n_breaks = 0
        self._answers = True
        self._closing = threading.Event()
        self._starting: threading.Thread | None = None
        self.n_processes = n_processes

    def start(self) -> None:
        """Begin to start in a thread, and return at once."""
        self._start_after(None)

    @property
    def is_starting(self) -> bool:
        """True until units can be submitted."""
        return self._pool is None

    @property
    def capacity(self) -> int:
        """Number of units that may be in flight; 0 while the pool starts."""
        return self._ask(lambda pool: pool.capacity, 0)

    @property
    def n_running(self) -> int:
        """Number of units in flight."""
        return len(self._in_flight)

    def submit(self, unit: Unit) -> None:
        """Hand over a unit; only when ``n_running < capacity``."""
        self._in_flight[unit.id] = (unit, time.monotonic())
        try:
            assert self._pool is not None, "the pool has started"
            self._pool.submit(unit)
        except Exception as error:  # noqa: BLE001 - the boundary to Dask and Ray
            self._broke(error)

    def collect(self) -> list[UnitOutcome]:
        """Return finished units, and those that were lost with a broken pool."""
        try:
            outcomes = self._pool.collect() if self._pool is not None else []
        except Exception as error:  # noqa: BLE001 - the boundary to Dask and Ray
            outcomes = []
            self._broke(error)
        outcomes = [outcome for outcome in outcomes if self._in_flight.pop(outcome.unit.id, None) is not None]
        lost, self._lost = self._lost, []
        return outcomes + lost

    def set_batch_divisor(self, divisor: int) -> None:
        """Make running and later units hold fewer frames at once."""
        self._ask(lambda pool: pool.set_batch_divisor(divisor), None)

    def cancel(self) -> None:
        """Stop running units at their next batch."""
        self._ask(lambda pool: pool.cancel(), None)

    def idle_pids(self) -> list[int]:
        """Processes without a unit that may be replaced."""
        return self._ask(lambda pool: pool.idle_pids(), [])

    def busy_pids(self) -> list[int]:
        """Processes with a unit that may be killed."""
        return self._ask(lambda pool: pool.busy_pids(), [])

    def n_units(self, pid: int) -> int:
        """Return how many units a process has been given."""
        return self._ask(lambda pool: pool.n_units(pid), 0)

    def recycle(self, pid: int) -> None:
        """Replace an idle process by a fresh one, to give its memory back."""
        self._ask(lambda pool: pool.recycle(pid), None)

    def kill(self, pid: int) -> None:
        """Kill a busy process; its unit fails with kind ``memory``."""
        self._ask(lambda pool: pool.kill(pid), None)

    def close(self) -> None:
        """End all processes."""
        self._closing.set()
        if self._starting is not None:
            self._starting.join(CLOSE_LIMIT_S)
        if self._pool is not None:
            self._close(self._pool)

    def _ask(self, question: Callable[[Pool], _Answer], otherwise: _Answer) -> _Answer:
        """Ask the pool; what goes wrong here is no more than a missing answer, submit and collect tell of the rest."""
        if self._pool is None:
            return otherwise
        try:
            return question(self._pool)
        except Exception:  # noqa: BLE001 - the boundary to Dask and Ray
            if self._answers:
                _LOG.warning("%s does not answer", self._name, exc_info=True)
            self._answers = False
            return otherwise

    def _broke(self, error: Exception) -> None:
        """Give up the units in flight and start again."""
        if self._is_inline:
            raise error  # not a library's: what this process does itself catches its errors before
        _LOG.error("%s broke", self._name, exc_info=error)
        now_s = time.monotonic()
        finding = Finding("worker_lost", f"{self._name} ended meanwhile ({type(error).__name__}: {error})", "fatal")
        self._lost += [
            UnitOutcome(unit, UnitFailure("engine", finding), now_s - since_s)
            for unit, since_s in self._in_flight.values()
        ]
        self._in_flight.clear()
        self._n_breaks += 1
        broken, self._pool = self._pool, None
        self._start_after(broken)

    def _start_after(self, broken: Pool | None) -> None:
        name = f"start-{self._name}"
        self._starting = threading.Thread(target=self._bring_up, args=(broken,), name=name, daemon=True)
        self._starting.start()

    def _bring_up(self, broken: Pool | None) -> None:
        if broken is not None:
            self._close(broken)
        why = f"broke {self._n_breaks} times"
        for limit_s in START_LIMITS_S if self._n_breaks < MAX_BREAKS else ():
            if self._closing.is_set():
                return
            given_s = stretched_s(limit_s)
            pool = self._make(given_s)
            error = _error_of(pool.start, given_s)
            if error is None and not self._closing.is_set():
                self._pool = pool
                return
            if error is not None:
                _LOG.error("%s did not start", self._name, exc_info=error)
            why = f"did not start ({str(error).splitlines()[0] if str(error) else type(error).__name__})"
            self._close(pool)
        if not self._closing.is_set():
            self._is_inline = True
            self._pool = self._make_inline()
            self._announce(f"{self._name} {why}: its part is done in this process, as with --engine inline")

    def _close(self, pool: Pool) -> None:
        error = _error_of(pool.close, CLOSE_LIMIT_S)
        if error is not None:
            _LOG.warning("%s did not end", self._name, exc_info=error)


def _error_of(action: Callable[[], None], limit_s: float) -> BaseException | None:
    """Run ``action`` in a thread; return what it raised, or that it took too long."""
    errors: list[BaseException] = [TimeoutError(f"not within {limit_s:.0f} s")]

    def act() -> None:
        try:
            action()
        except BaseException as error:  # noqa: BLE001 - the boundary to Dask and Ray; SystemExit is one of theirs
            errors[:] = [error]
        else:
            errors.clear()

    thread = threading.Thread(target=act, daemon=True)
    thread.start()
    thread.join(limit_s)
    return errors[0] if errors else None

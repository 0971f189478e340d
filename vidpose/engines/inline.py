"""Everything in this process: no Dask, no Ray. The oracle for equal results, and the quickest way for one short clip.

Chains of a video and parts of a picture run in threads, as many as there are cores to use: decoder, network, drawing
and encoder leave the interpreter free. Everything else runs when it is submitted.
"""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace

from vidpose.engines.control import CONTROL
from vidpose.engines.pool import ProgressSink
from vidpose.engines.run_unit import run_unit
from vidpose.engines.tasks import Unit, UnitOutcome


class InlinePool:
    """Runs units in this process.

    Parameters
    ----------
    progress
        Called with unit id and frames done.
    n_threads
        Cores to use: by one unit, or by as many that run at the same time.
    """

    def __init__(self, progress: ProgressSink, n_threads: int = 1) -> None:
        CONTROL.report = progress
        CONTROL.cancelled = False
        CONTROL.batch_divisor = 1
        self._n_threads = n_threads
        self._threads: ThreadPoolExecutor | None = None
        self._running: list[Future[UnitOutcome]] = []

    def start(self) -> None:
        """Nothing to start."""

    @property
    def capacity(self) -> int:
        """Number of units that may be in flight."""
        return self._n_threads

    @property
    def n_processes(self) -> int:
        """Number of units that may be in flight."""
        return self._n_threads

    @property
    def n_running(self) -> int:
        """Number of units in flight."""
        return len(self._running)

    def submit(self, unit: Unit) -> None:
        """Do the unit now, or begin it in a thread."""
        unit = replace(unit, n_threads=min(unit.n_threads, self._n_threads))
        if self._n_threads > 1 and unit.kind != "analyse":
            if self._threads is None:
                self._threads = ThreadPoolExecutor(self._n_threads, thread_name_prefix="unit")
            self._running.append(self._threads.submit(run_unit, unit))
            return
        done: Future[UnitOutcome] = Future()
        done.set_result(run_unit(unit))
        self._running.append(done)

    def collect(self) -> list[UnitOutcome]:
        """Return what was finished since the last call."""
        finished = [future for future in self._running if future.done()]
        self._running = [future for future in self._running if future not in finished]
        return [future.result() for future in finished]

    def set_batch_divisor(self, divisor: int) -> None:
        """Hold fewer frames at once from the next batch on."""
        CONTROL.batch_divisor = divisor

    def cancel(self) -> None:
        """Stop the running units at their next batch; may be called from a signal handler."""
        CONTROL.cancelled = True

    def idle_pids(self) -> list[int]:
        """There is no process to replace."""
        return []

    def busy_pids(self) -> list[int]:
        """There is no process to spare."""
        return []

    def n_units(self, pid: int) -> int:  # noqa: ARG002
        """Never asked: there is no idle process."""
        return 0

    def recycle(self, pid: int) -> None:
        """Never called: there is no idle process."""

    def kill(self, pid: int) -> None:
        """Never called: there is no process to spare."""

    def close(self) -> None:
        """End the threads; running units are cancelled."""
        if self._threads is not None:
            CONTROL.cancelled = CONTROL.cancelled or bool(self._running)
            self._threads.shutdown(wait=True)

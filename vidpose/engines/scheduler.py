"""Drives the jobs of many videos at once over the pools, within the memory that the governor grants.

A *job* is a generator: it yields lists of units and is sent the list of their results, in order; a unit that finally
fails is thrown into it as :class:`UnitFailed`. So the steps of one video read from top to bottom in one place, while
units of many videos run side by side.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from vidpose.engines.engine import Engine
from vidpose.engines.patience import stretched_s
from vidpose.engines.pool import Pool
from vidpose.engines.reliable_pool import MAX_BREAKS
from vidpose.engines.stop import StopRequest
from vidpose.engines.tasks import FailureKind, Unit, UnitFailure, UnitOutcome, UnitResult
from vidpose.errors import OutputError, VidposeError
from vidpose.types.findings import Finding

Steps = Generator[list[Unit], list[UnitResult], None]
"""A job: what one video needs, step by step."""

POLL_S = 0.05
STILL_S = 180.0
"""Where units wait this long while none is running, one that waits for memory fails; if none does, the run ends: no
process is left that could take them."""
_END: Any = object()
MAX_TRIES: dict[FailureKind, int] = {"lost": 3, "memory": 3, "stalled": 2, "engine": MAX_BREAKS + 2}
"""How often a unit is tried when its process dies of this; the last time alone. Everything else is final at once. A
pool that breaks is not the unit's fault: the last pool is this process."""


class UnitFailed(VidposeError):
    """Thrown into a job whose unit has no result; ``context["failure"]`` says why."""

    @property
    def failure(self) -> UnitFailure:
        """Why."""
        failure: UnitFailure = self.context["failure"]
        return failure


class Admission(Protocol):
    """The part of the governor that the scheduler uses."""

    def admits(self, unit: Unit, running: list[Unit]) -> bool:
        """Return whether ``unit`` may start beside those that run."""
        ...

    def why_not_now(self, unit: Unit) -> str:
        """Return why it may not, though nothing runs."""
        ...


class Observer(Protocol):
    """Is notified of events; used for the display and for learning."""

    def unit_started(self, unit: Unit) -> None:
        """Note that a unit was handed to a process."""
        ...

    def unit_ended(self, outcome: UnitOutcome, *, final: bool) -> None:
        """Note how a unit ended; ``final`` is False when it will be tried again."""
        ...

    def tick(self, engine: Engine) -> None:
        """Run once in every turn of the loop: obey the governor, refresh the display."""
        ...


@dataclass(frozen=True, slots=True)
class Concurrency:
    """How many jobs may be open at once, and how many cores the running units share."""

    look_ahead: int
    n_cores: int = 1


@dataclass(slots=True, eq=False)
class _OpenJob:
    """A job between two of its yields."""

    job: Steps
    units: list[Unit]
    results: dict[str, UnitResult] = field(default_factory=dict)

    @property
    def complete(self) -> bool:
        return all(unit.id in self.results for unit in self.units)


@dataclass(slots=True, eq=False)
class _UnitEntry:
    """A unit that one job waits for, or several jobs of videos with the same content."""

    unit: Unit
    waiting_jobs: list[_OpenJob]
    tries: Counter[str] = field(default_factory=Counter)
    alone: bool = False
    running: bool = False


class Scheduler:
    """One run's loop; everything happens in the caller's thread.

    Parameters
    ----------
    engine
        Pools; not started yet.
    admission
        Grants memory.
    observer
        Is notified of events.
    stop
        Checked in every turn of the loop.
    concurrency
        How many jobs may be open at once, and how many cores the units share.
    """

    def __init__(
        self, engine: Engine, admission: Admission, observer: Observer, stop: StopRequest, concurrency: Concurrency
    ) -> None:
        self._engine = engine
        self._admission = admission
        self._observer = observer
        self._stop = stop
        self._look_ahead = concurrency.look_ahead
        self._n_cores = concurrency.n_cores
        self._entries: dict[str, _UnitEntry] = {}
        self._open: list[_OpenJob] = []
        self._more = True
        self._moved_s = time.monotonic()

    def run(self, jobs: Iterator[Steps | None]) -> None:
        """Bring every job to its end, or stop as soon as a stop is requested.

        Parameters
        ----------
        jobs
            Asked for the next job without waiting; None when it is not known yet.

        Raises
        ------
        OutputError
            When the output disk is full.
        VidposeError
            When no process takes on work any more.
        """
        self._stop.on_cancel(self._cancel)
        try:
            while self._more or self._open:
                moved = self._open_next(jobs)
                moved |= self._admit()
                for outcome in self._collect():
                    self._settle(outcome)
                    moved = True
                self._observer.tick(self._engine)
                if self._stop.requested and (not self._running() or self._stop.overdue):
                    break
                self._refuse_standstill(moved=moved)
                if not moved:
                    time.sleep(POLL_S)
        finally:
            for waiting in self._open:
                waiting.job.close()

    def _cancel(self) -> None:
        for pool in self._engine.pools:
            pool.cancel()

    def _running(self) -> list[_UnitEntry]:
        return [entry for entry in self._entries.values() if entry.running]

    def _refuse_standstill(self, *, moved: bool) -> None:
        now_s = time.monotonic()
        if moved or not self._entries or self._running() or self._engine.is_starting:
            self._moved_s = now_s
        elif now_s - self._moved_s > stretched_s(STILL_S):
            self._moved_s = now_s
            short = next((entry for entry in self._entries.values() if self._free_pool(entry) is not None), None)
            if short is not None:
                said = f"no memory for {STILL_S:.0f} s: {self._admission.why_not_now(short.unit)}"
                failure = UnitFailure("memory", Finding("no_memory_left", said, "fatal"))
                short.tries["memory"] = MAX_TRIES["memory"]
                self._settle(UnitOutcome(short.unit, failure, 0.0))
                return
            raise VidposeError(
                f"no process accepted work for {STILL_S:.0f} s, see the log; finished work is kept. "
                "Run the same command again, or use --engine inline"
            )

    def _open_next(self, jobs: Iterator[Steps | None]) -> bool:
        """Open at most as many further jobs as the look-ahead allows; return whether there was one.

        Thousands of videos may need no work: the others continue between them.
        """
        self._more = self._more and not self._stop.requested
        taken = False
        for _ in range(self._look_ahead - len(self._open)):
            job = next(jobs, _END) if self._more else None
            if job is None:
                break
            if job is _END:
                self._more = False
                break
            self._advance(_OpenJob(job, []))
            taken = True
        return taken

    def _advance(self, waiting: _OpenJob, failure: UnitFailed | None = None) -> None:
        """Advance a job to its next units or to its end."""
        if waiting in self._open:
            self._open.remove(waiting)
        try:
            if failure is not None:
                units = waiting.job.throw(failure)
            elif waiting.units:
                units = waiting.job.send([waiting.results[unit.id] for unit in waiting.units])
            else:
                units = next(waiting.job)
        except StopIteration:
            return
        following = _OpenJob(waiting.job, units)
        self._open.append(following)
        self._engine.ensure_started(units)
        for unit in units:
            self._entries.setdefault(unit.id, _UnitEntry(unit, [])).waiting_jobs.append(following)

    def _admit(self) -> bool:
        """Hand over as many units as pools and memory allow, in the order of the jobs."""
        if self._stop.requested:
            return False
        moved = False
        for entry in [entry for entry in self._entries.values() if not entry.running]:
            pool = self._free_pool(entry)
            if pool is None or not self._granted(entry):
                continue
            entry.running = True
            self._observer.unit_started(entry.unit)
            pool.submit(replace(entry.unit, n_threads=self._threads_for(entry, pool)))
            moved = True
        return moved

    def _free_pool(self, entry: _UnitEntry) -> Pool | None:
        """Return the pool for the unit; None while it starts and when it has no free process."""
        pool = self._engine.pool(entry.unit.kind)
        return pool if pool.n_running < pool.capacity else None

    def _threads_for(self, entry: _UnitEntry, pool: Pool) -> int:
        """Return how many cores a unit may use: its share, when all that could run beside it do."""
        n_beside = sum(other.unit.shape is not None for other in self._entries.values() if other is not entry)
        return max(1, self._n_cores // min(n_beside + 1, pool.n_processes))

    def _granted(self, entry: _UnitEntry) -> bool:
        running = self._running()
        if running and (entry.alone or any(other.alone for other in running)):
            return False
        return self._admission.admits(entry.unit, [other.unit for other in running])

    def _collect(self) -> list[UnitOutcome]:
        return [outcome for pool in self._engine.pools for outcome in pool.collect()]

    def _settle(self, outcome: UnitOutcome) -> None:
        entry = self._entries[outcome.unit.id]
        entry.running = False
        failure = outcome.failure
        again = failure is not None and self._try_again(entry, failure)
        self._observer.unit_ended(outcome, final=not again)
        if again:
            return
        del self._entries[outcome.unit.id]
        if failure is not None and failure.kind == "disk":
            where = outcome.unit.task.writes_into
            raise OutputError(
                f"{where}: {failure.finding.message}; free some space there and run the same command again"
            )
        for waiting in entry.waiting_jobs:
            self._deliver(waiting, outcome)

    def _try_again(self, entry: _UnitEntry, failure: UnitFailure) -> bool:
        if failure.kind == "cancelled" or not entry.waiting_jobs:
            return False
        entry.tries[failure.kind] += 1
        allowed = MAX_TRIES.get(failure.kind, 1)
        entry.alone |= entry.tries[failure.kind] >= allowed - 1
        return entry.tries[failure.kind] < allowed

    def _deliver(self, waiting: _OpenJob, outcome: UnitOutcome) -> None:
        if waiting not in self._open:
            return
        result = outcome.result
        if isinstance(result, UnitFailure):
            self._forget(waiting)
            failed = UnitFailed(result.finding.message, failure=result, unit_kind=outcome.unit.kind)
            self._advance(waiting, failed)
            return
        waiting.results[outcome.unit.id] = result
        if waiting.complete:
            self._advance(waiting)

    def _forget(self, waiting: _OpenJob) -> None:
        """Withdraw a job's other units, unless they run or another job waits for them."""
        for unit in waiting.units:
            entry = self._entries.get(unit.id)
            if entry is None or waiting not in entry.waiting_jobs:
                continue
            entry.waiting_jobs.remove(waiting)
            if not entry.waiting_jobs and not entry.running:
                del self._entries[unit.id]

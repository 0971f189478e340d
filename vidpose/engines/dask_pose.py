"""Pose and picture units on Dask: a local cluster of spawned processes, one unit per process.

Dask's own memory actions are off: the governor is the one authority. A unit is pinned to one idle worker, so the driver
always knows which process runs what, and a process that dies costs only its own unit.

Scheduler, nannies and workers speak TLS with a certificate that is made for the run, kept in memory and asked of both
sides, so that no other user of the machine can have code run here. Dask's HTTP servers cannot be left out; they listen
on the loopback address and have no routes.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import time
import uuid
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from vidpose.engines.control import CONTROL, set_control
from vidpose.engines.patience import stretched_s
from vidpose.engines.pool import ProgressSink
from vidpose.engines.run_unit import run_unit
from vidpose.engines.tasks import FailureKind, Unit, UnitFailure, UnitOutcome
from vidpose.engines.temporary_folder import new_temporary_folder
from vidpose.types.findings import Finding

TOPIC = "vidpose-progress"
REPORT_INTERVAL_S = 0.5
ANSWER_TIMEOUT_S = 10.0
ANSWER_STEP_S = 0.5
"""How often to look whether the worker that has the answer is still there."""
CLOSE_TIMEOUT_S = 5.0
REPLACE_S = 120.0
"""A cluster without any worker for this long has broken; a nanny replaces one within seconds (ours)."""
PAUSE_S = 5.0
"""If two checks are farther apart, this process itself was suspended (Ctrl-Z, a sleeping machine)."""
SILENT_FACTOR = 10
"""A unit that counts no frames is given so many times longer. Ours: joining the picture of an hour writes some GB,
moves them to put the index first, and hashes them, which takes minutes on a slow disk and cannot be watched."""

_CONFIG = {
    "distributed.scheduler.allowed-failures": 0,
    "distributed.scheduler.worker-saturation": 1.0,
    "distributed.scheduler.work-stealing": False,
    "distributed.worker.memory.target": False,
    "distributed.worker.memory.spill": False,
    "distributed.worker.memory.pause": False,
    "distributed.worker.memory.terminate": False,
    "distributed.worker.multiprocessing-method": "spawn",
    "distributed.worker.daemon": False,
    "distributed.admin.system-monitor.gil.enabled": False,
    "distributed.worker.profile.enabled": False,
    "distributed.comm.timeouts.connect": "600s",
    "distributed.comm.timeouts.tcp": "600s",
    "distributed.scheduler.worker-ttl": None,
    "distributed.scheduler.http.routes": [],
    "distributed.worker.http.routes": [],
}


@dataclass(slots=True)
class _WorkerUnit:
    """One unit in flight: where, since when, and why its process was killed, if it was."""

    unit: Unit
    future: Any
    worker: str
    pid: int
    started_s: float
    moved_s: float
    n_frames: int = 0
    killed_for: FailureKind | None = None


class DaskPool:
    """A LocalCluster of ``n_workers`` processes.

    Parameters
    ----------
    n_workers
        Number of processes.
    progress
        Called with unit id and frames done.
    stall_s
        A unit without progress for this long is killed, one that counts no frames after ten times as long; on a busy
        machine both are given longer.
    """

    def __init__(self, n_workers: int, progress: ProgressSink, stall_s: float = 120.0) -> None:
        self._n_workers = n_workers
        self._progress = progress
        self._stall_s = stall_s
        self._running: dict[str, _WorkerUnit] = {}
        self._n_units: Counter[int] = Counter()
        self._looked_s = self._had_workers_s = time.monotonic()
        self._cluster: Any = None
        self._client: Any = None
        self._folder: Path | None = None

    def start(self) -> None:
        """Start scheduler and workers. The children inherit a blocked SIGINT: Ctrl-C reaches the driver only."""
        import dask
        from distributed import Client, LocalCluster
        from distributed.security import Security

        block_terminal_signals()
        self._folder = new_temporary_folder()
        dask.config.set(_CONFIG | {"temporary-directory": str(self._folder)})
        self._cluster = LocalCluster(
            n_workers=self._n_workers,
            threads_per_worker=1,
            processes=True,
            dashboard_address="127.0.0.1:0",  # without an address the port would be the same in every run
            scheduler_kwargs={"dashboard": False},
            memory_limit=0,
            host="127.0.0.1",
            security=Security.temporary(),
            silence_logs=50,
            local_directory=str(self._folder),
        )
        self._client = Client(self._cluster, set_as_default=False)
        self._client.subscribe_topic(TOPIC, self._on_progress)

    @property
    def capacity(self) -> int:
        """Number of workers that can be given a unit."""
        return len(self._idle()) + len(self._running)

    @property
    def n_processes(self) -> int:
        """Number of workers when all have started."""
        return self._n_workers

    @property
    def n_running(self) -> int:
        """Number of units in flight."""
        return len(self._running)

    def submit(self, unit: Unit) -> None:
        """Give the unit to an idle worker."""
        worker, pid = self._idle()[0]
        self._n_units[pid] += 1
        # Dask keeps statistics of every name before the hyphen for ever, so there are as few as kinds of units.
        key = f"{unit.kind}-{uuid.uuid4().hex}"
        future = self._client.submit(run_on_worker, unit, key=key, workers=[worker], pure=False, retries=0)
        now = time.monotonic()
        self._running[unit.id] = _WorkerUnit(unit, future, worker, pid, now, now)

    def collect(self) -> list[UnitOutcome]:
        """Return finished units; kill units that stall.

        Raises
        ------
        RuntimeError
            When no worker is left, and none has come for long.
        """
        self._kill_stalled()
        if self.capacity:
            self._had_workers_s = time.monotonic()
        elif time.monotonic() - self._had_workers_s > stretched_s(REPLACE_S):
            raise RuntimeError("no worker is left")
        finished = [run for run in self._running.values() if run.future.done() or self._is_gone(run)]
        for run in finished:
            del self._running[run.unit.id]
        return [self._outcome(run) for run in finished]

    def set_batch_divisor(self, divisor: int) -> None:
        """Tell every worker; reaches it while its unit runs."""
        self._set_control(batch_divisor=divisor)

    def cancel(self) -> None:
        """Stop running units at their next batch."""
        self._set_control(cancelled=True)

    def idle_pids(self) -> list[int]:
        """Processes of the workers without a unit."""
        return [pid for _, pid in self._idle()]

    def busy_pids(self) -> list[int]:
        """Processes of the workers with a unit."""
        return [run.pid for run in self._running.values() if run.killed_for is None]

    def n_units(self, pid: int) -> int:
        """Return how many units a worker's process has been given."""
        return self._n_units[pid]

    def recycle(self, pid: int) -> None:
        """Restart an idle worker; a busy one is never touched, its unit would silently run twice."""
        names = [name for name, nanny in self._nannies() if nanny.pid == pid and pid in self.idle_pids()]
        if names:
            self._client.restart_workers(names, timeout=60, raise_for_error=False)

    def kill(self, pid: int) -> None:
        """Kill a busy worker; its nanny starts another one."""
        for run in self._running.values():
            if run.pid == pid:
                self._kill(run, "memory")

    def close(self) -> None:
        """End the cluster; workers that do not go are killed."""
        pids = [nanny.pid for _, nanny in self._nannies()]
        for part in (self._client, self._cluster):
            if part is not None:
                with contextlib.suppress(TimeoutError):
                    part.close(timeout=CLOSE_TIMEOUT_S)
        for pid in pids:
            _kill_process(pid)
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)

    def _nannies(self) -> list[tuple[str, Any]]:
        workers = self._cluster.workers if self._cluster is not None else {}
        return [(name, nanny) for name, nanny in workers.items() if nanny.pid is not None]

    def _idle(self) -> list[tuple[str, int]]:
        busy = {run.worker for run in self._running.values()}
        known = self._cluster.scheduler.workers if self._cluster is not None else {}
        return [
            (nanny.worker_address, nanny.pid)
            for _, nanny in self._nannies()
            if nanny.worker_address in known and nanny.worker_address not in busy
        ]

    def _set_control(self, **values: Any) -> None:
        """Set the control of every worker without waiting for one that hangs."""
        self._client.run(set_control, **values, on_error="ignore", nanny=False, wait=False)

    def _on_progress(self, event: tuple[float, Any]) -> None:
        _, (unit_id, n_frames) = event
        run = self._running.get(unit_id)
        if run is not None:
            run.moved_s, run.n_frames = time.monotonic(), n_frames
            self._progress(unit_id, n_frames)

    def _is_gone(self, run: _WorkerUnit) -> bool:
        """Return whether a unit's worker left the cluster; Dask would wait for that address for ever."""
        return run.worker not in self._cluster.scheduler.workers

    def _kill_stalled(self) -> None:
        now = time.monotonic()
        held_up_s = now - self._looked_s if now - self._looked_s > PAUSE_S else 0.0
        self._looked_s = now
        self._had_workers_s += held_up_s
        for run in self._running.values():
            run.moved_s += held_up_s  # the units could not tell of their progress meanwhile
            if run.killed_for is None and now - run.moved_s > self._patience_s(run.unit):
                self._kill(run, "stalled")

    def _patience_s(self, unit: Unit) -> float:
        return stretched_s(self._stall_s if unit.n_frames else SILENT_FACTOR * self._stall_s)

    def _kill(self, run: _WorkerUnit, why: FailureKind) -> None:
        run.killed_for = why
        _kill_process(run.pid)

    def _answer(self, run: _WorkerUnit) -> UnitOutcome | None:
        """Return what a unit answered; None when its process died, also when it died with the answer still in it."""
        from distributed import CancelledError, KilledWorker
        from distributed import TimeoutError as DaskTimeoutError

        give_up_s = time.monotonic() + stretched_s(ANSWER_TIMEOUT_S)
        while run.future.status == "finished" and not self._is_gone(run) and time.monotonic() < give_up_s:
            try:
                outcome: UnitOutcome = run.future.result(timeout=stretched_s(ANSWER_STEP_S))
            except (DaskTimeoutError, UnboundLocalError):
                continue  # the latter is how distributed ends when its own time limit cancels what it waits for
            except (CancelledError, KilledWorker):
                break
            else:
                return outcome
        run.future.cancel()
        return None

    def _outcome(self, run: _WorkerUnit) -> UnitOutcome:
        seconds = time.monotonic() - run.started_s
        outcome = self._answer(run)
        if outcome is not None:
            return outcome
        kind = run.killed_for or "lost"
        code = {"stalled": "stalled", "memory": "too_large"}.get(kind, "worker_lost")
        said = {
            "stalled": f"no progress for {self._patience_s(run.unit):.0f} s after {run.n_frames} frames",
            "memory": f"its process grew beyond the memory limit after {run.n_frames} frames",
            "lost": f"the process that worked on it died after {run.n_frames} frames",
        }[kind]
        return UnitOutcome(run.unit, UnitFailure(kind, Finding(code, said, "fatal")), seconds)


def run_on_worker(unit: Unit) -> UnitOutcome:
    """Do a unit on a Dask worker; progress goes through the scheduler's event log."""
    from distributed import get_worker

    worker = get_worker()
    last_s = 0.0

    def report(unit_id: str, n_frames: int) -> None:
        nonlocal last_s
        now = time.monotonic()
        if now - last_s > REPORT_INTERVAL_S:
            last_s = now
            worker.log_event(TOPIC, (unit_id, n_frames))

    CONTROL.report = report
    return run_unit(unit)


def block_terminal_signals() -> None:
    """Block SIGINT and SIGHUP in this thread; threads and processes started from it inherit that."""
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGHUP})


def _kill_process(pid: int | None) -> None:
    if pid is not None and psutil.pid_exists(pid):
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            return

"""Analysis units on Ray actors: paths in, a small answer out; the arrays stay in the actor.

Ray is started in a thread that stays alive until the end, because its processes end with the thread that made them.
Everything listens on the loopback address only, with a token of this run.
"""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
import threading
import time
from collections import deque
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vidpose.engines.dask_pose import block_terminal_signals
from vidpose.engines.tasks import Failure, Outcome, Unit
from vidpose.engines.units import run_unit
from vidpose.types.findings import Finding

OBJECT_STORE_BYTES = 78_643_200
"""Ray's smallest object store; only paths and short answers pass through it."""
_START_TIMEOUT_S = 120.0
_ENVIRONMENT = {
    "RAY_AUTH_MODE": "token",
    "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_DEDUP_LOGS": "0",
    "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0",
    "RAY_DISABLE_IMPORT_WARNING": "1",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
}


class Analyst:
    """What runs inside an actor."""

    def run(self, unit: Unit) -> Outcome:
        """Do one unit."""
        return run_unit(unit)


@dataclass(slots=True)
class _Running:
    unit: Unit
    reference: Any
    actor: int
    started_s: float


class RayPool:
    """``n_actors`` actors on a private local Ray."""

    def __init__(self, n_actors: int) -> None:
        self._n_actors = n_actors
        self._actors: dict[int, Any] = {}
        self._free: deque[int] = deque()
        self._running: list[_Running] = []
        self._session: _Session | None = None

    def start(self) -> None:
        """Start Ray and its actors."""
        self._session = _Session(self._n_actors)
        self._session.start()
        for number in range(self._n_actors):
            self._actors[number] = self._new_actor()
        self._free.extend(range(self._n_actors))

    @property
    def capacity(self) -> int:
        """Number of actors."""
        return self._n_actors

    @property
    def n_running(self) -> int:
        """Number of units in flight."""
        return len(self._running)

    def submit(self, unit: Unit) -> None:
        """Give the unit to a free actor."""
        actor = self._free.popleft()
        reference = self._actors[actor].run.remote(unit)
        self._running.append(_Running(unit, reference, actor, time.monotonic()))

    def collect(self) -> list[Outcome]:
        """Return finished units; an actor that died is replaced."""
        import ray

        if not self._running:
            return []
        ready, _ = ray.wait([run.reference for run in self._running], num_returns=len(self._running), timeout=0)
        done = [run for run in self._running if run.reference in set(ready)]
        self._running = [run for run in self._running if run.reference not in set(ready)]
        return [self._outcome(run) for run in done]

    def set_batch_divisor(self, divisor: int) -> None:
        """Analysis holds no frames."""

    def cancel(self) -> None:
        """Analysis of one video takes seconds: it is left to finish."""

    def idle_pids(self) -> list[int]:
        """Actors keep little between units: they are never replaced."""
        return []

    def busy_pids(self) -> list[int]:
        """Pose workers are the ones that grow: actors are never killed."""
        return []

    def n_units(self, pid: int) -> int:  # noqa: ARG002
        """Never asked, see :meth:`idle_pids`."""
        return 0

    def recycle(self, pid: int) -> None:
        """Never called, see :meth:`idle_pids`."""

    def kill(self, pid: int) -> None:
        """Never called, see :meth:`busy_pids`."""

    def close(self) -> None:
        """End Ray."""
        if self._session is not None:
            self._session.close()

    def _new_actor(self) -> Any:
        import ray

        actor = ray.remote(num_cpus=0, max_restarts=0, max_task_retries=0)(Analyst)
        return actor.remote()

    def _outcome(self, run: _Running) -> Outcome:
        import ray

        try:
            outcome: Outcome = ray.get(run.reference)
        except ray.exceptions.RayError as error:
            outcome = self._lost(run, error)
        self._free.append(run.actor)
        return outcome

    def _lost(self, run: _Running, error: Exception) -> Outcome:
        """Replace the actor; start Ray again when Ray itself is gone."""
        import ray

        try:
            self._actors[run.actor] = self._new_actor()
            ray.get(self._actors[run.actor].__ray_ready__.remote(), timeout=30)
        except (ray.exceptions.RayError, ConnectionError, RuntimeError):
            self._restart()
        seconds = time.monotonic() - run.started_s
        said = f"the process that analysed it died ({type(error).__name__})"
        return Outcome(run.unit, None, Failure("lost", Finding("worker_lost", said, "fatal")), seconds)

    def _restart(self) -> None:
        self.close()
        self._actors.clear()
        self._free.clear()
        self.start()


class _Session:
    """A private Ray, started and ended by one thread that stays alive between the two."""

    def __init__(self, n_actors: int) -> None:
        self._n_actors = n_actors
        self._started = threading.Event()
        self._stop = threading.Event()
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._live, name="vidpose-ray", daemon=True)
        # Socket paths inside may have 107 characters at most, so the folder stands in the system's temporary folder.
        self._folder = Path(tempfile.mkdtemp(prefix="vidpose-"))

    def start(self) -> None:
        self._thread.start()
        if not self._started.wait(_START_TIMEOUT_S):
            raise TimeoutError(f"Ray did not start within {_START_TIMEOUT_S:.0f} s; use --engine inline")
        if self._error is not None:
            raise RuntimeError(f"Ray did not start: {self._error}; use --engine inline") from self._error

    def close(self) -> None:
        self._stop.set()
        self._thread.join(timeout=15)
        shutil.rmtree(self._folder, ignore_errors=True)

    def _live(self) -> None:
        block_terminal_signals()
        os.environ.update(_ENVIRONMENT)
        os.environ["RAY_AUTH_TOKEN"] = secrets.token_hex(32)
        os.environ.pop("RAY_ADDRESS", None)
        import ray

        try:
            ray.init(
                address="local",
                num_cpus=self._n_actors,
                num_gpus=0,
                include_dashboard=False,
                object_store_memory=OBJECT_STORE_BYTES,
                log_to_driver=False,
                configure_logging=False,
                _temp_dir=str(self._folder),
            )
        except BaseException as error:  # noqa: BLE001 - handed to the thread that waits for the start
            self._error = error
            self._started.set()
            return
        self._started.set()
        self._stop.wait()
        ray.shutdown()

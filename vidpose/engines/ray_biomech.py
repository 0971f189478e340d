"""Analysis units on Ray actors: paths in, a small answer out; the arrays stay in the actor.

Ray is started in a thread that stays alive until the end, because its processes end with the thread that made them.
Everything listens on the loopback address only, with a token of this run. Its files lie in a folder that only this user
can enter; Ray opens its own folder to everybody, so that lies one floor below.
"""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache, partial
from types import ModuleType
from typing import Any

from vidpose.engines.allocator import return_large_blocks
from vidpose.engines.dask_pose import block_terminal_signals
from vidpose.engines.patience import stretched_s
from vidpose.engines.run_unit import run_unit
from vidpose.engines.tasks import FailureKind, Unit, UnitFailure, UnitOutcome
from vidpose.engines.temporary_folder import new_temporary_folder
from vidpose.types.findings import Finding

OBJECT_STORE_BYTES = 78_643_200
"""Ray's smallest object store; only paths and short answers pass through it."""
STALL_S = 1800.0
"""An analysis that takes longer fails; the longest videos take minutes (ours)."""
ANSWER_TIMEOUT_S = 10.0
_THREAD_NAME = "vidpose-ray"
_START_LIMITS = (
    "RAY_gcs_server_port_wait_time_s",
    "RAY_gcs_server_request_timeout_seconds",
    "RAY_raylet_start_wait_time_s",
)
"""Ray's own limits for its start, s; it waits for one after the other."""
_AGENT_PORTS = ("metrics_agent_port", "dashboard_agent_listen_port", "runtime_env_agent_port")
"""Ports of Ray's agents. Where none are given, its main process ends itself when the agents have not told of theirs
within 15 s, which no setting changes (Ray's issue 65983); on a busy machine they take longer."""
_VITAL = frozenset({"raylet", "gcs_server"})
"""Processes that Ray cannot run without."""
_ENVIRONMENT = {
    "RAY_AUTH_MODE": "token",
    "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_DASHBOARD_STARTUP_TIMEOUT_S": "300",
    "RAY_agent_register_timeout_ms": "300000",
    "RAY_DEDUP_LOGS": "0",
    "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0",
    "RAY_DISABLE_IMPORT_WARNING": "1",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
}


class Analyst:
    """What runs inside an actor."""

    def __init__(self) -> None:
        return_large_blocks()

    def run(self, unit: Unit) -> UnitOutcome:
        """Do one unit."""
        return run_unit(unit)


@dataclass(slots=True, eq=False)
class _ActorUnit:
    unit: Unit
    reference: Any
    actor: int
    started_s: float


class RayPool:
    """``n_actors`` actors on a private local Ray.

    Parameters
    ----------
    n_actors
        Number of processes.
    stall_s
        A unit that takes longer fails, and its actor is killed.
    start_limit_s
        How long Ray may take to start; its own limits of 30 s are too short for a busy machine.
    """

    def __init__(self, n_actors: int, stall_s: float = STALL_S, start_limit_s: float = 300.0) -> None:
        self._n_actors = n_actors
        self._stall_s = stall_s
        self._start_limit_s = start_limit_s
        self._actors: dict[int, Any] = {}
        self._free: deque[int] = deque()
        self._running: list[_ActorUnit] = []
        self._session: _Session | None = None

    def start(self) -> None:
        """Start Ray and its actors.

        Raises
        ------
        RuntimeError
            When Ray does not start.
        """
        self._session = _Session(self._n_actors, self._start_limit_s)
        self._session.start()
        self._actors = {number: self._new_actor() for number in range(self._n_actors)}
        self._free = deque(range(self._n_actors))

    @property
    def capacity(self) -> int:
        """Number of actors."""
        return self._n_actors

    @property
    def n_processes(self) -> int:
        """Number of actors when all have started."""
        return self._n_actors

    @property
    def n_running(self) -> int:
        """Number of units in flight."""
        return len(self._running)

    def submit(self, unit: Unit) -> None:
        """Give the unit to a free actor."""
        actor = self._free.popleft()
        if actor not in self._actors:
            self._actors[actor] = self._new_actor()
        reference = self._actors[actor].run.remote(unit)
        self._running.append(_ActorUnit(unit, reference, actor, time.monotonic()))

    def collect(self) -> list[UnitOutcome]:
        """Return finished units, and those that were lost with their actor.

        Raises
        ------
        RuntimeError
            When Ray itself ended. It is to be closed at once: a minute later it would end this process as well.
        """
        import ray

        if self._session is not None and self._session.is_broken:
            raise RuntimeError("a process that Ray cannot do without ended")
        if not self._running:
            return []
        ready, _ = ray.wait([run.reference for run in self._running], num_returns=len(self._running), timeout=0)
        answered = set(ready)
        done = [run for run in self._running if run.reference in answered or self._is_stalled(run)]
        self._running = [run for run in self._running if run not in done]
        return [self._outcome(run, answered=run.reference in answered) for run in done]

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

    def _outcome(self, run: _ActorUnit, *, answered: bool) -> UnitOutcome:
        import ray

        self._free.append(run.actor)
        try:
            if answered:
                outcome: UnitOutcome = ray.get(run.reference, timeout=stretched_s(ANSWER_TIMEOUT_S))
                return outcome
            lost = _lost(run, f"the analysis did not end within {self._stall_s:.0f} s", "stalled")
            ray.kill(self._actors[run.actor])
        except ray.exceptions.RayError as error:
            lost = _lost(run, f"the process of the analysis died ({type(error).__name__})")
        del self._actors[run.actor]  # the next unit gets a fresh one
        return lost

    def _is_stalled(self, run: _ActorUnit) -> bool:
        return time.monotonic() - run.started_s > stretched_s(self._stall_s)


def _lost(run: _ActorUnit, said: str, kind: FailureKind = "lost") -> UnitOutcome:
    code = "stalled" if kind == "stalled" else "worker_lost"
    return UnitOutcome(run.unit, UnitFailure(kind, Finding(code, said, "fatal")), time.monotonic() - run.started_s)


@cache
def _token() -> str:
    """Return the token of this process: Ray reads it once and keeps it, so a second Ray needs the same one."""
    return secrets.token_hex(32)


class _Session:
    """A private Ray, started and ended by one thread that stays alive between the two."""

    def __init__(self, n_actors: int, limit_s: float) -> None:
        self._n_actors = n_actors
        self._limit_s = limit_s
        self._started = threading.Event()
        self._stop = threading.Event()
        self._error: BaseException | None = None
        self._node: Any = None
        self._thread = threading.Thread(target=self._live, name=_THREAD_NAME, daemon=True)
        self._folder = new_temporary_folder()

    def start(self) -> None:
        if any(thread.name == _THREAD_NAME for thread in threading.enumerate()):
            raise RuntimeError("an earlier Ray of this process has not ended")
        self._thread.start()
        self._started.wait()
        if self._error is not None:
            raise RuntimeError(str(self._error)) from self._error

    @property
    def is_broken(self) -> bool:
        """Return whether a process that Ray cannot do without has ended; Ray itself takes a minute to notice."""
        return any(kind in _VITAL for kind, _ in self._node.dead_processes())

    def close(self) -> None:
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(timeout=15)
        shutil.rmtree(self._folder, ignore_errors=True)

    def _live(self) -> None:
        block_terminal_signals()
        os.environ.update(_ENVIRONMENT)
        os.environ["RAY_AUTH_TOKEN"] = _token()
        os.environ.update(dict.fromkeys(_START_LIMITS, f"{self._limit_s / len(_START_LIMITS):.0f}"))
        os.environ.pop("RAY_ADDRESS", None)
        import ray

        try:
            self._init(ray)
        except BaseException as error:  # noqa: BLE001 - handed to the thread that waits for the start
            self._error = error
            ray.shutdown()
            self._started.set()
            return
        self._node = ray._private.worker._global_node  # there is no public way to its processes
        self._started.set()
        self._stop.wait()
        ray.shutdown()

    def _init(self, ray: ModuleType) -> None:
        export_port, *agent_ports = _free_ports(1 + len(_AGENT_PORTS))
        with _agent_ports(agent_ports):
            ray.init(
                address="local",
                num_cpus=self._n_actors,
                num_gpus=0,
                include_dashboard=False,
                object_store_memory=OBJECT_STORE_BYTES,
                log_to_driver=False,
                configure_logging=False,
                _temp_dir=str(self._folder / "r"),
                _metrics_export_port=export_port,
            )


def _free_ports(n_ports: int) -> list[int]:
    """Return ports of the loopback address at which nobody listens now; one that is taken meanwhile costs a try."""
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(n_ports)]
        return [one.getsockname()[1] for one in sockets]


@contextmanager
def _agent_ports(ports: list[int]) -> Iterator[None]:
    """Let Ray, which has no public way, start its agents at these ports."""
    from ray._private import parameter

    usual = parameter.RayParams
    parameter.RayParams = partial(usual, **dict(zip(_AGENT_PORTS, ports, strict=True)))
    try:
        yield
    finally:
        parameter.RayParams = usual

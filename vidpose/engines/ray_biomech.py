"""Analysis units on Ray actors: paths in, a small answer out; the arrays stay in the actor.

Ray is started in a thread that stays alive until the end, because its processes end with the thread that made them.
Everything listens on the loopback address only, with a token of this run. Its files lie in a folder that only this user
can enter; Ray opens its own folder to everybody, so that lies one floor below.
"""

from __future__ import annotations

import os
import secrets
import shutil
import stat
import tempfile
import threading
import time
from collections import deque
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from vidpose.engines.allocator import return_large_blocks
from vidpose.engines.dask_pose import block_terminal_signals
from vidpose.engines.orphan_watcher_child import FOLDERS_VARIABLE, RUN_ID_VARIABLE
from vidpose.engines.run_unit import run_unit
from vidpose.engines.tasks import FailureKind, Unit, UnitFailure, UnitOutcome
from vidpose.errors import VidposeError
from vidpose.types.findings import Finding

OBJECT_STORE_BYTES = 78_643_200
"""Ray's smallest object store; only paths and short answers pass through it."""
STALL_S = 1800.0
"""An analysis that takes longer fails; the longest videos take minutes (ours)."""
ANSWER_TIMEOUT_S = 10.0
_START_TIMEOUT_S = 240.0
_START_ATTEMPTS = 3  # Ray itself gives up after 30 s, which a busy machine may need
_LONGEST_PARENT = 17
"""Characters; the folder's own name, Ray's session and its sockets need the other 90."""
_TEMPORARY = ("/tmp", "/var/tmp")
_MARK = "run"
"""File that says which run a temporary folder belongs to, and into which folders that run writes."""
_VITAL = frozenset({"raylet", "gcs_server"})
"""Processes that Ray cannot run without."""
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
    """

    def __init__(self, n_actors: int, stall_s: float = STALL_S) -> None:
        self._n_actors = n_actors
        self._stall_s = stall_s
        self._actors: dict[int, Any] = {}
        self._free: deque[int] = deque()
        self._running: list[_ActorUnit] = []
        self._session: _Session | None = None

    def start(self) -> None:
        """Start Ray and its actors."""
        self._session = _Session(self._n_actors)
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
        """Give the unit to a free actor; start Ray again when it had ended.

        Raises
        ------
        VidposeError
            When Ray does not start again.
        """
        if self._session is None:
            self._start_again()
        actor = self._free.popleft()
        if actor not in self._actors:
            self._actors[actor] = self._new_actor()
        reference = self._actors[actor].run.remote(unit)
        self._running.append(_ActorUnit(unit, reference, actor, time.monotonic()))

    def collect(self) -> list[UnitOutcome]:
        """Return finished units, and those that were lost with their actor or with Ray itself."""
        import ray

        if self._session is not None and self._session.is_broken:
            return self._end_broken()
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
                outcome: UnitOutcome = ray.get(run.reference, timeout=ANSWER_TIMEOUT_S)
                return outcome
            lost = _lost(run, f"the analysis did not end within {self._stall_s:.0f} s", "stalled")
            ray.kill(self._actors[run.actor])
        except ray.exceptions.RayError as error:
            lost = _lost(run, f"the process of the analysis died ({type(error).__name__})")
        del self._actors[run.actor]  # the next unit gets a fresh one
        return lost

    def _is_stalled(self, run: _ActorUnit) -> bool:
        return time.monotonic() - run.started_s > self._stall_s

    def _end_broken(self) -> list[UnitOutcome]:
        """End what is left of Ray at once: a minute later it would end this process as well."""
        lost, self._running = self._running, []
        self.close()
        self._session = None
        return [_lost(run, "Ray ended during the analysis") for run in lost]

    def _start_again(self) -> None:
        try:
            self.start()
        except (RuntimeError, TimeoutError) as error:
            raise VidposeError(
                f"Ray ended and could not be started again: {error}. Finished work is kept; run the same command again"
            ) from error


def _lost(run: _ActorUnit, said: str, kind: FailureKind = "lost") -> UnitOutcome:
    code = "stalled" if kind == "stalled" else "worker_lost"
    return UnitOutcome(run.unit, UnitFailure(kind, Finding(code, said, "fatal")), time.monotonic() - run.started_s)


@cache
def _token() -> str:
    """Return the token of this process: Ray reads it once and keeps it, so a second Ray needs the same one."""
    return secrets.token_hex(32)


class _Session:
    """A private Ray, started and ended by one thread that stays alive between the two."""

    def __init__(self, n_actors: int) -> None:
        self._n_actors = n_actors
        self._started = threading.Event()
        self._stop = threading.Event()
        self._error: BaseException | None = None
        self._node: Any = None
        self._thread = threading.Thread(target=self._live, name="vidpose-ray", daemon=True)
        self._folder = _new_folder()

    def start(self) -> None:
        self._thread.start()
        if not self._started.wait(_START_TIMEOUT_S):
            raise TimeoutError(f"Ray did not start within {_START_TIMEOUT_S:.0f} s; use --engine inline")
        if self._error is not None:
            raise RuntimeError(f"Ray did not start: {self._error}; use --engine inline") from self._error

    @property
    def is_broken(self) -> bool:
        """Return whether a process that Ray cannot do without has ended; Ray itself takes a minute to notice."""
        return any(kind in _VITAL for kind, _ in self._node.dead_processes())

    def close(self) -> None:
        self._stop.set()
        self._thread.join(timeout=15)
        shutil.rmtree(self._folder, ignore_errors=True)

    def _live(self) -> None:
        block_terminal_signals()
        os.environ.update(_ENVIRONMENT)
        os.environ["RAY_AUTH_TOKEN"] = _token()
        os.environ.pop("RAY_ADDRESS", None)
        import ray

        for n_left in reversed(range(_START_ATTEMPTS)):
            try:
                self._init(ray)
                break
            except BaseException as error:  # noqa: BLE001 - handed to the thread that waits for the start
                ray.shutdown()
                if n_left == 0:
                    self._error = error
                    self._started.set()
                    return
        self._node = ray._private.worker._global_node  # there is no public way to its processes
        self._started.set()
        self._stop.wait()
        ray.shutdown()

    def _init(self, ray: ModuleType) -> None:
        ray.init(
            address="local",
            num_cpus=self._n_actors,
            num_gpus=0,
            include_dashboard=False,
            object_store_memory=OBJECT_STORE_BYTES,
            log_to_driver=False,
            configure_logging=False,
            _temp_dir=str(self._folder / "r"),
        )


def _new_folder() -> Path:
    """Make the run's folder for Ray, whose socket paths stay within 107 characters wherever TMPDIR points."""
    usual = tempfile.gettempdir()
    short = next((path for path in (usual, *_TEMPORARY) if len(path) <= _LONGEST_PARENT), usual)
    run_id = os.environ.get(RUN_ID_VARIABLE) or secrets.token_hex(16)
    folder = next(folder for folder in _folders(Path(short), run_id) if not os.path.lexists(folder))
    folder.mkdir(mode=0o700)
    (folder / _MARK).write_text(f"{run_id} {os.environ.get(FOLDERS_VARIABLE, '')}", encoding="utf-8")
    return folder


def _folders(parent: Path, run_id: str) -> list[Path]:
    """Return the folders that a run may make, one for each time that it starts Ray."""
    return [parent / f"vidpose-{run_id[:12]}-{number}" for number in range(10)]


def remove_folder_of(run_id: str, folder: str) -> None:
    """Remove what the Ray of a killed run left in the temporary folders, if it is ours and that run's.

    Parameters
    ----------
    run_id
        The run's id.
    folder
        Identity of the result folder in which the id was found, see :func:`vidpose.state.lock.folder_identity`.
    """
    for parent in {tempfile.gettempdir(), *_TEMPORARY}:
        for left in _folders(Path(parent), run_id):
            if _is_of(left, run_id, folder):
                shutil.rmtree(left, ignore_errors=True)


def _is_of(left: Path, run_id: str, folder: str) -> bool:
    try:
        details = left.lstat()
        marks = (left / _MARK).read_text(encoding="utf-8").split()
    except (OSError, ValueError):
        return False
    ours = stat.S_ISDIR(details.st_mode) and details.st_uid == os.getuid()
    return ours and marks[:1] == [run_id] and folder in marks

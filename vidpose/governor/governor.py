"""The loop that reads the memory, asks the policy, and passes its orders to the engines."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Literal, Protocol, Self

from vidpose.governor.limits import MemoryLimit
from vidpose.governor.memory_report import MemoryReport, MemoryTally
from vidpose.governor.meter import MemoryReading, Meter
from vidpose.governor.policy import Band, Decision, Observation, PolicySettings, PolicyState, band_of, decide
from vidpose.governor.worker_plan import WorkerPlan, fits


class Limits(Protocol):
    """Source of the limit in force."""

    def read(self, own_bytes: int) -> MemoryLimit:
        """Return the limit for a run that uses ``own_bytes`` now."""


@dataclass(frozen=True, slots=True)
class GovernorSettings:
    """How often the governor measures, and when it acts.

    Attributes
    ----------
    policy
        Thresholds.
    sample_every_s
        Time between two samples.
    limit_every_s
        Time after which the limit is read anew.
    stalled_after_s
        Without a sample for this long only one unit may run.
    """

    policy: PolicySettings = field(default_factory=PolicySettings)
    sample_every_s: float = 0.25
    limit_every_s: float = 5.0
    stalled_after_s: float = 5.0


@dataclass(frozen=True, slots=True)
class Action:
    """What the engine has to do to one worker.

    ``"recycle"``: replace this idle worker by a fresh one. ``"kill"``: end this busy worker at once; its unit is tried
    again. ``worker_bytes`` is what it uses.
    """

    kind: Literal["recycle", "kill"]
    pid: int
    worker_bytes: int


class Governor:
    """Watches over the memory of a run; a context manager.

    All methods may be called from any thread. New work is held back until it fits; work that runs is never waited for.

    Parameters
    ----------
    meter
        Where the memory in use comes from.
    limits
        Where the limit comes from.
    plan
        How many workers there are and what the rest costs.
    settings
        How often to measure, and when to act.
    clock
        Seconds that never go back.
    """

    def __init__(
        self,
        meter: Meter,
        limits: Limits,
        plan: WorkerPlan,
        settings: GovernorSettings = GovernorSettings(),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._meter = meter
        self._limits = limits
        self._plan = plan
        self._settings = settings
        self._clock = clock
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._tally = MemoryTally()
        self._state = PolicyState(credit=plan.n_workers)
        self._pending: dict[str, Decision] = {}
        self._reading: MemoryReading | None = None
        self._limit: MemoryLimit | None = None
        self._limit_at_s = 0.0
        self._sample_at_s = 0.0

    def __enter__(self) -> Self:
        """Take the first sample, so that an unreadable system is noticed here, and start sampling."""
        self.sample()
        self._stop.clear()
        self._thread = threading.Thread(target=self._run, name="memory-governor", daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._stop.set()
        if self._thread is not None:
            self._thread.join()

    def sample(self) -> None:
        """Read the memory once and decide; called by the thread, and by tests."""
        now_s = self._clock()
        with self._lock:
            limit = self._limit
            limit_is_old = now_s - self._limit_at_s >= self._settings.limit_every_s
        # reading takes tens of milliseconds, so engines are not kept waiting for it
        reading = self._meter.read(now_s, limit.limit_bytes if limit is not None else None)
        if limit is None or limit_is_old:
            limit = self._limits.read(reading.used_bytes)
        with self._lock:
            if limit is not self._limit:
                self._limit, self._limit_at_s = limit, now_s
            self._reading, self._sample_at_s = reading, now_s
            self._decide(now_s, reading, limit)

    def admits(self, predicted_bytes: int, in_flight_bytes: int, n_in_flight: int) -> bool:
        """Return True when one more unit may start.

        Parameters
        ----------
        predicted_bytes
            Predicted memory of the new unit.
        in_flight_bytes
            Sum of the predictions of the units that run.
        n_in_flight
            How many run; one alone may fill the whole limit.
        """
        with self._lock:
            limit = self._limit
        if n_in_flight == 0:
            return limit is not None and self._plan.fixed_bytes + predicted_bytes <= limit.limit_bytes
        if n_in_flight >= self.credit:
            return False
        return limit is not None and fits(predicted_bytes, in_flight_bytes, self._plan.fixed_bytes, limit.limit_bytes)

    @property
    def credit(self) -> int:
        """How many units may run at once, in [1, number of workers]."""
        with self._lock:
            stalled = self._clock() - self._sample_at_s > self._settings.stalled_after_s
            return 1 if stalled and self._reading is not None else self._state.credit

    @property
    def batch_divisor(self) -> int:
        """What the number of frames that a unit holds at once has to be divided by: 1, 2, 4, ..."""
        with self._lock:
            return self._state.batch_divisor

    @property
    def limit(self) -> MemoryLimit | None:
        """The limit in force, None before the first sample."""
        with self._lock:
            return self._limit

    @property
    def process_bytes(self) -> Mapping[int, int]:
        """Memory of every process of the run by pid, at the last sample."""
        with self._lock:
            return self._reading.per_process if self._reading is not None else {}

    def take_actions(self, idle_pids: Iterable[int], busy_pids: Iterable[int]) -> list[Action]:
        """Return what has to be done now, each order once.

        Parameters
        ----------
        idle_pids, busy_pids
            Processes of the pose workers without and with a unit. An order for which there is no worker is kept until
            the memory has fallen or a worker is there.
        """
        idle, busy = set(idle_pids), set(busy_pids)
        with self._lock:
            actions: list[Action] = []
            if "recycle_idle" in self._pending and idle:
                actions.append(self._on_largest("recycle", idle))
                del self._pending["recycle_idle"]
            kill = self._pending.get("kill_largest")
            if kill is not None and len(busy) > int(kill.spare_last):
                actions.append(self._on_largest("kill", busy))
                del self._pending["kill_largest"]
            for action in actions:
                self._tally.count(action.kind)
            return actions

    def report(self) -> MemoryReport:
        """Return what was seen and done so far."""
        with self._lock:
            return self._tally.report()

    def _run(self) -> None:
        while not self._stop.wait(self._settings.sample_every_s):
            self.sample()

    def _decide(self, now_s: float, reading: MemoryReading, limit: MemoryLimit) -> None:
        policy = self._settings.policy
        used_share = reading.used_bytes / max(limit.limit_bytes, 1)
        band = band_of(used_share, policy)
        self._tally.add(now_s, reading, limit, band)
        seen = Observation(used_share, limit.bound_by == "fraction", limit.under_pressure)
        before = self._state
        self._state, decisions = decide(before, seen, now_s, self._plan.n_workers, policy)
        changed = (before.credit, before.batch_divisor) != (self._state.credit, self._state.batch_divisor)
        if changed:
            self._tally.add_change(now_s, self._state, used_share)
        if band < Band.RECYCLE:
            self._pending.pop("recycle_idle", None)
        if band < Band.KILL:
            self._pending.pop("kill_largest", None)
        self._pending.update({decision.kind: decision for decision in decisions})

    def _on_largest(self, kind: Literal["recycle", "kill"], pids: set[int]) -> Action:
        sizes = self._reading.per_process if self._reading is not None else {}
        pid = max(sorted(pids), key=lambda candidate: sizes.get(candidate, 0))
        return Action(kind, pid, sizes.get(pid, 0))

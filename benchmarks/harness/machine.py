"""What the machine is, how busy others keep it, and what a tree of processes costs."""

from __future__ import annotations

import os
import platform
import resource
import threading
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

import psutil

_STEP_S = 0.2


def machine() -> dict[str, Any]:
    """Return the machine in words and numbers, plain JSON values."""
    return {
        "processor": _processor(),
        "cores": len(os.sched_getaffinity(0)),
        "memory_gib": round(psutil.virtual_memory().total / 2**30, 1),
        "system": platform.system(),
        "python": platform.python_version(),
    }


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def busy_s() -> float:
    """Return the CPU time that everything on this machine has used since it started, s; time stolen from it counts."""
    times = psutil.cpu_times()
    spent = (times.user, times.nice, times.system, times.irq, times.softirq, getattr(times, "steal", 0.0))
    return float(sum(spent))


def own_s() -> float:
    """Return the CPU time of this process and of its children that have ended, s."""
    own, ended = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + ended.ru_utime + ended.ru_stime


def tree_s(pids: list[int]) -> float:
    """Return the CPU time of living processes and of their ended children, s."""
    return sum(sum(psutil.Process(pid).cpu_times()[:4]) for pid in pids)


@dataclass(slots=True)
class TreeWatch:
    """Looks at a process and its descendants, five times a second, for as long as the ``with`` block lasts.

    Ray's processes leave their parent when they end and their CPU time is booked nowhere; so every process is
    remembered as it was last seen.

    Attributes
    ----------
    pid
        The process at the root.
    memory
        Whether memory is read too, which costs more.
    peak_bytes
        Largest sum of proportional set sizes; 0 without ``memory``.
    """

    pid: int
    memory: bool = False
    peak_bytes: int = 0
    _seen: dict[int, tuple[psutil.Process, float]] = field(default_factory=dict)
    _over: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def __enter__(self) -> TreeWatch:
        self._seen[self.pid] = (psutil.Process(self.pid), 0.0)
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        if self._thread is not None:
            self._thread.join()

    @property
    def cpu_s(self) -> float:
        """CPU time of all processes seen, each as last seen, s."""
        return sum(spent for _, spent in self._seen.values())

    def _watch(self) -> None:
        while not self._over.wait(_STEP_S):
            self._look()

    def _look(self) -> None:
        alive = [process for process, _ in self._seen.values() if process.is_running()]
        for process in alive:
            try:
                for child in process.children():
                    if child.pid not in self._seen:
                        self._seen[child.pid] = (child, 0.0)
            except psutil.Error:
                continue
        total = 0
        for pid, (process, _) in list(self._seen.items()):
            try:
                spent = process.cpu_times()
                self._seen[pid] = (process, spent.user + spent.system)
                total += process.memory_full_info().pss if self.memory else 0
            except psutil.Error:
                continue
        self.peak_bytes = max(self.peak_bytes, total)

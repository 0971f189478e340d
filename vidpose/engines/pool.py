"""What the scheduler expects of a pool of processes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from vidpose.engines.tasks import Unit, UnitOutcome

ProgressSink = Callable[[str, int], None]
"""Called with a unit's id and the number of its frames done; from any thread."""


class Pool(Protocol):
    """Runs units; at most one per process. Thin: submit, collect, throttle."""

    def start(self) -> None:
        """Start the processes; takes seconds, may be called in a thread."""
        ...

    @property
    def capacity(self) -> int:
        """Number of units that may be in flight."""
        ...

    @property
    def n_processes(self) -> int:
        """Number of units that may be in flight once everything has started."""
        ...

    @property
    def n_running(self) -> int:
        """Number of units in flight."""
        ...

    def submit(self, unit: Unit) -> None:
        """Hand over a unit; only when ``n_running < capacity``."""
        ...

    def collect(self) -> list[UnitOutcome]:
        """Return finished units at once, without waiting."""
        ...

    def set_batch_divisor(self, divisor: int) -> None:
        """Make running and later units hold fewer frames at once."""
        ...

    def cancel(self) -> None:
        """Stop running units at their next batch."""
        ...

    def idle_pids(self) -> list[int]:
        """Processes without a unit that may be replaced."""
        ...

    def busy_pids(self) -> list[int]:
        """Processes with a unit that may be killed."""
        ...

    def n_units(self, pid: int) -> int:
        """Return how many units a process has been given."""
        ...

    def recycle(self, pid: int) -> None:
        """Replace an idle process by a fresh one, to give its memory back."""
        ...

    def kill(self, pid: int) -> None:
        """Kill a busy process; its unit fails with kind ``memory``."""
        ...

    def close(self) -> None:
        """End all processes."""
        ...

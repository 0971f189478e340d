"""Everything in this process, one unit after the other: no Dask, no Ray. The oracle for equal results."""

from __future__ import annotations

from vidpose.engines.control import CONTROL
from vidpose.engines.pool import ProgressSink
from vidpose.engines.tasks import Outcome, Unit
from vidpose.engines.units import run_unit


class InlinePool:
    """Runs a unit when it is submitted."""

    capacity = 1

    def __init__(self, progress: ProgressSink) -> None:
        CONTROL.report = progress
        CONTROL.cancelled = False
        CONTROL.batch_divisor = 1
        self._done: list[Outcome] = []

    def start(self) -> None:
        """Nothing to start."""

    @property
    def n_running(self) -> int:
        """Number of units in flight."""
        return len(self._done)

    def submit(self, unit: Unit) -> None:
        """Do the unit now."""
        self._done.append(run_unit(unit))

    def collect(self) -> list[Outcome]:
        """Return what was done since the last call."""
        done, self._done = self._done, []
        return done

    def set_batch_divisor(self, divisor: int) -> None:
        """Hold fewer frames at once from the next batch on."""
        CONTROL.batch_divisor = divisor

    def cancel(self) -> None:
        """Stop the running unit at its next batch; may be called from a signal handler."""
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
        """Nothing to end."""

"""How the driver controls a running unit, and how the unit reports progress, in whichever process it runs.

One set of values per process is enough: a worker runs one unit at a time, and the threads of the inline engine are
stopped and slowed down together. The driver changes them while a unit runs; a unit looks at them once per frame.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from vidpose.errors import VidposeError


class Cancelled(VidposeError):
    """The running unit was cancelled; nothing of it is kept."""


def _silent(unit_id: str, n_frames: int) -> None:
    """Report nothing."""


@dataclass(slots=True)
class Control:
    """Mutable on purpose: the one channel into a running unit.

    Attributes
    ----------
    cancelled
        True when the running unit shall stop at its next frame.
    batch_divisor
        Batches are smaller by this factor while memory is short. Never changes a result.
    report
        Called with the unit's id and the number of frames done so far.
    """

    cancelled: bool = False
    batch_divisor: int = 1
    report: Callable[[str, int], None] = field(default=_silent)

    def batch_size(self, wanted: int) -> int:
        """Return the batch size to use now."""
        return max(1, wanted // self.batch_divisor)

    def step(self, unit_id: str, n_frames: int) -> None:
        """Report progress; leave the unit when it was cancelled.

        Raises
        ------
        Cancelled
            When the driver requested it.
        """
        self.report(unit_id, n_frames)
        if self.cancelled:
            raise Cancelled("stopped on request")


CONTROL = Control()


def set_control(*, cancelled: bool | None = None, batch_divisor: int | None = None) -> None:
    """Change this process's control; sent to workers by the driver."""
    if cancelled is not None:
        CONTROL.cancelled = cancelled
    if batch_divisor is not None:
        CONTROL.batch_divisor = batch_divisor

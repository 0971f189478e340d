"""The highest memory that one unit of work reached, measured by the kernel in the worker itself.

Linux keeps a high-water mark of resident memory for every process, and lets a process reset it (proc_pid_clear_refs(5),
value 5). Reset before, read after: the peak of exactly this unit, however short, at no cost while it runs.
"""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Self

from vidpose.governor.sizes import KIB


class UnitPeak:
    """Context manager that measures the peak of the block.

    Attributes
    ----------
    peak_rss_bytes
        Highest resident memory of the process within the block; None before its end and where unsupported.
    peak_pss_bytes
        The same less what this process shared with others at the end of the block; the figure that adds up over
        workers. None likewise.
    """

    def __init__(self, process: Path = Path("/proc/self")) -> None:
        self._process = process
        self._reset = False
        self.peak_rss_bytes: int | None = None
        self.peak_pss_bytes: int | None = None

    def __enter__(self) -> Self:
        try:
            (self._process / "clear_refs").write_text("5")
            self._reset = True
        except OSError:
            self._reset = False
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._reset:
            self.peak_rss_bytes = self._field("status", "VmHWM:")
            resident_bytes = self._field("smaps_rollup", "Rss:")
            share_bytes = self._field("smaps_rollup", "Pss:")
            if self.peak_rss_bytes is not None and resident_bytes is not None and share_bytes is not None:
                self.peak_pss_bytes = max(self.peak_rss_bytes - (resident_bytes - share_bytes), 0)

    def _field(self, name: str, key: str) -> int | None:
        try:
            lines = (self._process / name).read_text().splitlines()
        except OSError:
            return None
        return next((int(line.split()[1]) * KIB for line in lines if line.startswith(key)), None)

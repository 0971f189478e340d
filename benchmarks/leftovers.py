"""What may be left of a run outside its result folders, and the wait until nothing is."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

from vidpose.engines.orphan_watcher_child import carriers, temporary_folders
from vidpose.engines.patience import stretched_s
from vidpose.state.lock import LOCK_NAME

LIMIT_S = 10.0
"""What is promised; longer where more wants to run than there are cores."""


class Leftovers:
    """Looks at the machine before a run, and after its end for what is new.

    Parameters
    ----------
    output
        The run's folder for annotated videos.
    temporary
        Its ``TMPDIR``, which is empty.
    """

    def __init__(self, output: Path, temporary: Path) -> None:
        self._lock = output / LOCK_NAME
        self._temporary = temporary
        self._shared_before = _shared_memory()

    def run_id(self, pid: int | None = None) -> str | None:
        """Return the id of the run that holds the folder, or was killed there; None when its process is not ``pid``."""
        holder: dict[str, Any] = json.loads(self._lock.read_bytes())
        return holder["run_id"] if pid in (None, holder["pid"]) else None

    def of(self, run_id: str) -> list[str]:
        """Return the processes and temporary files of a run that are there."""
        processes = [f"process {pid}: {_command(pid)}" for pid in carriers(run_id)]
        folders = [folder for parent in ("/tmp", "/var/tmp") for folder in temporary_folders(parent, run_id)]
        temporary = [str(path) for path in self._temporary.rglob("*")]
        return processes + [folder for folder in folders if os.path.lexists(folder)] + temporary

    def check_none(self, run_id: str) -> float:
        """Wait until nothing is left, return how long it took, s; fail after ten seconds of an idle machine.

        Shared memory that appeared since the run began counts until it is gone or in use, as it may be another run's.
        """
        limit_s = stretched_s(LIMIT_S)
        shared, started_s = _shared_memory() - self._shared_before, time.monotonic()
        while left := self.of(run_id) + [str(path) for path in shared if not _is_used(path)]:
            waited_s = time.monotonic() - started_s
            assert waited_s < limit_s, f"left after {waited_s:.0f} s: {left}"
            time.sleep(0.1)
        return time.monotonic() - started_s


def _shared_memory() -> set[Path]:
    return set(Path("/dev/shm").glob("*"))


def _is_used(path: Path) -> bool:
    """Return whether some process maps a file: then it is another run's."""
    for maps in Path("/proc").glob("[0-9]*/maps"):
        try:
            if str(path) in maps.read_text(errors="replace"):
                return True
        except OSError:
            continue
    return not path.exists()


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")[:100]
    except OSError:
        return "gone"

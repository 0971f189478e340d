"""Leaves no process behind when the driver is killed.

A driver that ends in an orderly way stops its workers itself. After SIGKILL it cannot: some helpers of Ray then live on
for about a minute with their memory. So a small process (:mod:`vidpose.engines.orphan_watcher_child`) is started first;
it notices the driver's death, ends every process that carries the run's id in its environment, and removes the run's
temporary folders.

What a lock file says may come from anybody who can write there: an id has a fixed form, and a process is ended only if
it is this user's, carries the id, and its run writes into the very folder in which the id was found.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from vidpose.engines import orphan_watcher_child
from vidpose.engines.orphan_watcher_child import FOLDERS_VARIABLE, RUN_ID_VARIABLE, end_processes
from vidpose.state.lock import folder_identity, is_run_id

KEEP_ENVIRON_VARIABLE = "SPT_NOENV"
"""Ray renames its helpers with setproctitle, which by default overwrites what /proc/<pid>/environ shows; this switch of
setproctitle stops that. Without it the helpers could not be recognised."""

RELEASE_TIMEOUT_S = 5.0


class OrphanWatcher:
    """The driver's handle on the watcher process; a context manager that releases it.

    Attributes
    ----------
    run_id
        What the processes of this run are recognised by.
    pid
        Process id of the watcher.
    """

    def __init__(self, run_id: str, process: subprocess.Popen[bytes], environment: dict[str, str | None]) -> None:
        self.run_id = run_id
        self.pid = process.pid
        self._process = process
        self._environment_before = environment
        self._released = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        # After an error (a second Ctrl-C among them) the driver may not have ended everything: the watcher does.
        self.release(orphan_watcher_child.DONE if kind is None else b"")

    def release(self, last_word: bytes = orphan_watcher_child.DONE) -> None:
        """Release the watcher, wait for its end, restore the environment; may be repeated."""
        if self._released:
            return
        self._released = True
        _restore(self._environment_before)
        try:
            self._process.communicate(last_word, timeout=RELEASE_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.communicate()


def start_orphan_watcher(run_id: str, folders: Sequence[Path] = ()) -> OrphanWatcher:
    """Start the watcher and mark every process started from now on with ``run_id``.

    Call it before any worker is started. The mark is in the environment (``VIDPOSE_RUN_ID``, ``VIDPOSE_RUN_FOLDERS``);
    the driver's own ``/proc/<pid>/environ`` does not show it, so the driver is never ended by it.

    Parameters
    ----------
    run_id
        Unique to this run: 32 hexadecimal digits.
    folders
        Folders that the run has locked.

    Raises
    ------
    ValueError
        When ``run_id`` is something else.
    """
    if not is_run_id(run_id):
        raise ValueError(f"run_id: expected 32 hexadecimal digits, got {run_id!r}")
    # -I keeps the user's folders and variables out; -S keeps site-packages out, which off Linux holds psutil
    flags = ["-I", "-S"] if sys.platform == "linux" else ["-I"]
    process = subprocess.Popen(
        [sys.executable, *flags, orphan_watcher_child.__file__, run_id, str(os.getpid()), *temporary_parents()],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    if process.stdout is not None:
        process.stdout.readline()  # its signal handlers stand
    marks = {
        RUN_ID_VARIABLE: run_id,
        FOLDERS_VARIABLE: " ".join(folder_identity(folder) for folder in folders),
        KEEP_ENVIRON_VARIABLE: "1",
    }
    before = {name: os.environ.get(name) for name in marks}
    os.environ.update(marks)
    return OrphanWatcher(run_id, process, before)


def end_processes_of(
    run_id: str,
    folder: str = "",
    timeout_s: float = orphan_watcher_child.GIVE_UP_S,
    grace_s: float = orphan_watcher_child.TERM_GRACE_S,
) -> list[int]:
    """End every process of a run but the caller; return the pids that were signalled.

    Also the next run's way to clean up when driver and watcher of an earlier one were both killed; it names the
    ``folder`` (:func:`vidpose.state.lock.folder_identity`) in which it found the id.
    """
    return end_processes(run_id, folder, timeout_s, grace_s)


def remove_folders_of(run_id: str, folder: str) -> None:
    """Remove what the Ray of a killed run left in the temporary folders, if it is ours and that run's.

    Parameters
    ----------
    run_id
        The run's id.
    folder
        Identity of the result folder in which the id was found, see :func:`vidpose.state.lock.folder_identity`.
    """
    orphan_watcher_child.remove_temporary_folders(run_id, temporary_parents(), folder)


def temporary_parents() -> list[str]:
    """Return where Ray's folder may be: in the usual place, or in a place with a shorter name."""
    return list(dict.fromkeys([tempfile.gettempdir(), "/tmp", "/var/tmp"]))


def _restore(environment: dict[str, str | None]) -> None:
    for name, value in environment.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value

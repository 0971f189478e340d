"""A small process that ends what is left of a run when its driver was killed.

Started by :mod:`vidpose.engines.orphan_watcher` as a script, so it imports the standard library only. It reads a pipe
whose other end only the driver holds. The word ``done`` means that the driver has cleaned up itself; the end without it
means that the driver is dead, and then every process of this user with the run's id in its environment is ended. In
both cases the run's temporary folders are removed.
"""

import os
import select
import signal
import stat
import sys
import time

RUN_ID_VARIABLE = "VIDPOSE_RUN_ID"
FOLDERS_VARIABLE = "VIDPOSE_RUN_FOLDERS"
MARK = "run"
"""File in a temporary folder that says which run it belongs to, and into which folders that run writes."""
DONE = b"done"
TERM_GRACE_S = 1.0
LOOK_AGAIN_S = 0.05
GIVE_UP_S = 10.0
PARENT_CHECK_S = 1.0


def end_processes(
    run_id: str, folder: str = "", timeout_s: float = GIVE_UP_S, grace_s: float = TERM_GRACE_S
) -> list[int]:
    """End every process but this one whose environment carries ``run_id``; return the pids that were signalled.

    With a ``folder`` (its device and inode), only those whose run writes into it: a folder may have been copied from a
    run that is still going on. SIGTERM first, SIGKILL ``grace_s`` later. Processes that appear meanwhile are ended too.
    Returns when none is left, at the latest after ``timeout_s``.
    """
    first_seen_s: dict[int, float] = {}
    give_up_s = time.monotonic() + timeout_s
    n_empty = 0
    while n_empty < 2 and time.monotonic() < give_up_s:  # twice, as a fork may slip through one look
        pids = carriers(run_id, folder)
        n_empty = 0 if pids else n_empty + 1
        for pid in pids:
            now_s = time.monotonic()
            if pid not in first_seen_s:
                first_seen_s[pid] = now_s
                _send(pid, signal.SIGTERM, run_id, folder)
            elif now_s - first_seen_s[pid] >= grace_s:
                _send(pid, getattr(signal, "SIGKILL", signal.SIGTERM), run_id, folder)
        time.sleep(LOOK_AGAIN_S)
    return sorted(first_seen_s)


def carriers(run_id: str, folder: str = "") -> list[int]:
    """Return the pids of this user's processes, but this one, whose environment has ``run_id`` and ``folder``."""
    me = os.getpid()
    if os.path.isdir("/proc/self"):  # noqa: PTH112  pathlib would triple the imports
        with os.scandir("/proc") as entries:
            pids = [int(entry.name) for entry in entries if entry.name.isdigit()]
        return [pid for pid in pids if pid != me and _carries(pid, run_id, folder)]
    import psutil  # only where there is no /proc

    return [
        process.pid
        for process in psutil.process_iter(["environ"])
        if process.pid != me and _is_of(process.info["environ"] or {}, run_id, folder)
    ]


def _carries(pid: int, run_id: str, folder: str) -> bool:
    try:
        if os.stat(f"/proc/{pid}").st_uid != os.getuid():  # noqa: PTH116
            return False
        with open(f"/proc/{pid}/environ", "rb") as stream:  # noqa: PTH123
            entries = stream.read().decode(errors="replace").split("\0")
    except OSError:  # gone, or not ours
        return False
    return _is_of(dict(entry.split("=", 1) for entry in entries if "=" in entry), run_id, folder)


def _is_of(environment: dict[str, str], run_id: str, folder: str) -> bool:
    folders = environment.get(FOLDERS_VARIABLE, "").split()
    return environment.get(RUN_ID_VARIABLE) == run_id and (not folder or folder in folders)


def _send(pid: int, number: int, run_id: str, folder: str) -> None:
    """Send a signal; where the system can, never to a later process of the same number."""
    try:
        if not hasattr(os, "pidfd_open"):
            os.kill(pid, number)
            return
        process = os.pidfd_open(pid)
        try:
            if _carries(pid, run_id, folder):
                signal.pidfd_send_signal(process, number)
        finally:
            os.close(process)
    except OSError:  # gone meanwhile
        return


def _driver_says_done(driver_pid: int) -> bool:
    """Wait for the driver's last word; False when it died without one."""
    received = b""
    while True:
        if os.name == "posix":
            readable, _, _ = select.select([0], [], [], PARENT_CHECK_S)
            if not readable:
                # a forked child of the driver may hold the pipe open after its death
                if os.getppid() != driver_pid:
                    return False
                continue
        part = os.read(0, 16)
        if not part:
            return received == DONE
        received += part


def temporary_folders(parent: str, run_id: str) -> list[str]:
    """Return the temporary folders that a run may make in ``parent``, one each time that it starts Ray or Dask."""
    return [f"{parent}/vidpose-{run_id[:12]}-{number}" for number in range(30)]


def remove_temporary_folders(run_id: str, parents: list[str], folder: str = "") -> None:
    """Remove the run's temporary folders, if they are this user's and say themselves that they are the run's.

    With a ``folder`` (its device and inode), only those of a run that wrote into it.
    """
    import shutil  # only now: the watcher is small while it waits

    for left in (left for parent in parents for left in temporary_folders(parent, run_id)):
        try:
            details = os.lstat(left)
            with open(f"{left}/{MARK}", encoding="utf-8") as stream:  # noqa: PTH123
                marks = stream.read().split()
        except (OSError, ValueError):
            continue
        marked = marks[:1] == [run_id] and (not folder or folder in marks)
        if marked and stat.S_ISDIR(details.st_mode) and details.st_uid == os.getuid():
            shutil.rmtree(left, ignore_errors=True)


def _main() -> None:
    for name in ("SIGINT", "SIGHUP", "SIGTERM"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    run_id, driver_pid = sys.argv[1], int(sys.argv[2])
    os.write(1, b"ready\n")
    if not _driver_says_done(driver_pid):
        end_processes(run_id)
    remove_temporary_folders(run_id, sys.argv[3:])  # also what helpers of Ray wrote while the driver removed it


if __name__ == "__main__":
    _main()

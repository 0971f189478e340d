"""Reading the memory of processes from the operating system.

On Linux the truth is the proportional set size (PSS), which splits shared pages fairly between the processes that map
them, with one correction: pages of shared memory files stay in use when no process maps them (an object store whose
client died), so they are taken out of the PSS and counted once from the files themselves.
Elsewhere there is no PSS; the unique set size (USS) is the nearest figure, and the reading says that it is approximate.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import psutil

from vidpose.governor.sizes import KIB

FileKey = tuple[int, int]
"""(device, inode): the same for every name and descriptor of one file."""


@dataclass(frozen=True, slots=True)
class ProcessBytes:
    """Exact memory of one process: its share without shared memory files, and its share of those."""

    own_bytes: int
    shared_bytes: int = 0


class ProcessReader(Protocol):
    """What the meter needs from an operating system; a process that is gone reads as None."""

    @property
    def approximate(self) -> bool:
        """True when no exact figure exists here."""

    def tree(self, roots: Iterable[int]) -> frozenset[int]:
        """Return the given processes and all their descendants, also those whose parent has died meanwhile."""

    def quick_bytes(self, pid: int) -> int | None:
        """Return resident and swapped memory outside shared memory files; cheap, counts shared libraries in full."""

    def exact_bytes(self, pid: int) -> ProcessBytes | None:
        """Return the fair share of one process; dear."""

    def shared_files(self, pids: Iterable[int]) -> dict[FileKey, Path]:
        """Return the distinct memory files that the processes hold open, each with one path to look it up again."""


class LinuxReader:
    """Reads ``/proc``.

    Parameters
    ----------
    proc
        The folder; tests give a made-up one.
    """

    approximate = False

    def __init__(self, proc: Path = Path("/proc")) -> None:
        self._proc = proc
        self._known: dict[int, int] = {}  # pid -> start time, so that a reused pid is not mistaken for ours

    def tree(self, roots: Iterable[int]) -> frozenset[int]:
        """See :class:`ProcessReader`."""
        children: dict[int, list[int]] = {}
        started: dict[int, int] = {}
        with os.scandir(self._proc) as entries:
            pids = [int(entry.name) for entry in entries if entry.name.isdigit()]
        for pid in pids:
            parent_and_start = self._parent_and_start(pid)
            if parent_and_start is not None:
                children.setdefault(parent_and_start[0], []).append(pid)
                started[pid] = parent_and_start[1]
        waiting = [pid for pid, start in self._known.items() if started.get(pid) == start]
        waiting += [pid for pid in roots if pid in started]
        found: set[int] = set()
        while waiting:
            pid = waiting.pop()
            if pid not in found:
                found.add(pid)
                waiting += children.get(pid, [])
        self._known = {pid: started[pid] for pid in found}
        return frozenset(found)

    def quick_bytes(self, pid: int) -> int | None:
        """See :class:`ProcessReader`."""
        fields = self._kib_fields(pid, "status")
        if fields is None:
            return None
        return sum(fields.get(name, 0) for name in ("RssAnon", "RssFile", "VmSwap"))

    def exact_bytes(self, pid: int) -> ProcessBytes | None:
        """See :class:`ProcessReader`."""
        fields = self._kib_fields(pid, "smaps_rollup")
        if not fields:  # gone, a zombie, or not ours to read
            quick_bytes = self.quick_bytes(pid)
            return None if quick_bytes is None else ProcessBytes(quick_bytes)
        shared_bytes = fields.get("Pss_Shmem", 0)
        own_bytes = fields["Pss"] + fields.get("SwapPss", 0) - shared_bytes
        return ProcessBytes(max(own_bytes, 0), shared_bytes)

    def shared_files(self, pids: Iterable[int]) -> dict[FileKey, Path]:
        """See :class:`ProcessReader`."""
        memory_devices = self._memory_devices()
        files: dict[FileKey, Path] = {}
        for pid in pids:
            for descriptor in self._descriptors(pid):
                key = _memory_file_key(descriptor, memory_devices)
                if key is not None:
                    files.setdefault(key, descriptor)
        return files

    def _descriptors(self, pid: int) -> list[Path]:
        try:
            return list((self._proc / str(pid) / "fd").iterdir())
        except OSError:
            return []

    def _memory_devices(self) -> frozenset[int]:
        """Return the device numbers of file systems that live in memory."""
        devices: set[int] = set()
        try:
            lines = (self._proc / "self/mountinfo").read_text().splitlines()
        except OSError:
            return frozenset()
        for line in lines:
            left, _, right = line.partition(" - ")
            if right.split(maxsplit=1)[0] in ("tmpfs", "ramfs"):
                major, minor = left.split()[2].split(":")
                devices.add(os.makedev(int(major), int(minor)))
        return frozenset(devices)

    def _parent_and_start(self, pid: int) -> tuple[int, int] | None:
        try:
            text = (self._proc / str(pid) / "stat").read_bytes()
        except OSError:
            return None
        # the name in parentheses may hold anything, so count from its end: state is field 3 of proc_pid_stat(5)
        fields = text[text.rindex(b")") + 2 :].split()
        return int(fields[1]), int(fields[19])

    def _kib_fields(self, pid: int, name: str) -> dict[str, int] | None:
        """Return the ``Name: n kB`` lines of a file as bytes."""
        try:
            lines = (self._proc / str(pid) / name).read_text().splitlines()
        except OSError:
            return None
        return {line[: line.index(":")]: int(line.split()[1]) * KIB for line in lines if line.endswith(" kB")}


class PortableReader:
    """Asks psutil; for systems without ``/proc/<pid>/smaps_rollup``.

    Parameters
    ----------
    store_bytes
        Size of shared memory that USS cannot see, such as an object store; counted in full.
    """

    approximate = True

    def __init__(self, store_bytes: int = 0) -> None:
        self._store_bytes = store_bytes
        self._known: set[psutil.Process] = set()

    def tree(self, roots: Iterable[int]) -> frozenset[int]:
        """See :class:`ProcessReader`."""
        alive = {process for process in self._known if process.is_running()}
        for pid in roots:
            try:
                root = psutil.Process(pid)
                alive |= {root, *root.children(recursive=True)}
            except psutil.Error:
                continue
        self._known = alive
        return frozenset(process.pid for process in alive)

    def quick_bytes(self, pid: int) -> int | None:
        """See :class:`ProcessReader`; includes mapped shared memory."""
        try:
            return int(psutil.Process(pid).memory_info().rss)
        except psutil.Error:
            return None

    def exact_bytes(self, pid: int) -> ProcessBytes | None:
        """See :class:`ProcessReader`; the unique set size."""
        try:
            return ProcessBytes(int(psutil.Process(pid).memory_full_info().uss), self._store_share(pid))
        except psutil.AccessDenied:
            quick_bytes = self.quick_bytes(pid)
            return None if quick_bytes is None else ProcessBytes(quick_bytes, self._store_share(pid))
        except psutil.Error:
            return None

    def shared_files(self, pids: Iterable[int]) -> dict[FileKey, Path]:  # noqa: ARG002
        """See :class:`ProcessReader`; files in memory cannot be told apart here."""
        return {}

    def _store_share(self, pid: int) -> int:
        """Charge the store to one process, so that the sum over the tree holds it once."""
        return self._store_bytes if pid == min(process.pid for process in self._known) else 0


def this_system_reader() -> ProcessReader:
    """Return the most exact reader that works here."""
    if Path("/proc/self/smaps_rollup").exists():
        return LinuxReader()
    return PortableReader()


def _memory_file_key(descriptor: Path, memory_devices: frozenset[int]) -> FileKey | None:
    """Return the identity of an open file whose bytes are memory, deleted or not; None for any other file."""
    try:
        target = str(descriptor.readlink())
        if not target.startswith("/"):
            return None  # socket, pipe, event counter
        status = descriptor.stat()
    except OSError:
        return None
    in_memory = status.st_dev in memory_devices or target.startswith("/memfd:")
    return (status.st_dev, status.st_ino) if in_memory and stat.S_ISREG(status.st_mode) else None

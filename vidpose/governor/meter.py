"""How much memory the whole process tree of a run uses now.

Two tiers, because the exact figure costs tens of milliseconds for a dozen processes: a quick estimate most of the time,
calibrated against the last exact reading, and an exact reading every few seconds, near a threshold, and when a process
appears or ends.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Protocol

import psutil

from vidpose.governor.policy import PolicySettings
from vidpose.governor.readers import FileKey, ProcessReader

BYTES_PER_BLOCK = 512  # of st_blocks, whatever the file system's own block size (stat(3type))


@dataclass(frozen=True, slots=True)
class MemoryReading:
    """Memory of the tree at one moment.

    Attributes
    ----------
    used_bytes
        Sum over all processes plus shared memory files.
    per_process
        Bytes of each process, by pid, without shared memory files.
    shared_bytes
        Shared memory files, each counted once.
    exact
        False for an estimate that starts from the last exact reading.
    approximate
        True on systems where even the exact reading is no exact figure.
    stale
        True when reading failed and the last reading is given again.
    """

    used_bytes: int
    per_process: Mapping[int, int]
    shared_bytes: int
    exact: bool
    approximate: bool
    stale: bool = False


class Meter(Protocol):
    """Source of the memory in use."""

    def read(self, now_s: float, limit_bytes: int | None) -> MemoryReading:
        """Return the memory in use; ``limit_bytes`` (None before it is known) decides how exact it has to be."""


@dataclass(frozen=True, slots=True)
class MeterSettings:
    """When an exact reading is made.

    Attributes
    ----------
    exact_every_s
        At the latest this long after the last one.
    near_share
        Within this share of a threshold, as often as ``max_duty`` allows.
    max_duty
        Largest share of the time spent on exact readings, except where a worker may be killed.
    thresholds
        The policy's thresholds, shares of the limit, increasing.
    always_exact_from
        From this share of the limit on every reading is exact.
    """

    exact_every_s: float = 3.0
    near_share: float = 0.10
    max_duty: float = 0.10
    thresholds: tuple[float, ...] = PolicySettings().thresholds
    always_exact_from: float = PolicySettings().recycle_from


@dataclass(frozen=True, slots=True)
class _Calibration:
    """The last exact reading and what the quick figures were at that moment."""

    at_s: float
    cost_s: float
    exact: Mapping[int, int]
    quick: Mapping[int, int]
    shared_bytes: int
    files: Mapping[FileKey, Path]
    files_bytes: int

    @property
    def scale(self) -> float:
        """Exact over quick bytes of the tree: how much of a new process's quick figure is its own."""
        total = sum(self.quick.values())
        return sum(self.exact.values()) / total if total else 1.0


@dataclass(slots=True)
class TreeMeter:
    """Reads the memory of processes and all their descendants.

    Attributes
    ----------
    reader
        The operating system.
    roots
        Pids whose trees are summed; more may be added while the run goes on.
    settings
        When to be exact.
    cost_clock
        Measures what an exact reading costs, s.
    """

    reader: ProcessReader
    roots: set[int]
    settings: MeterSettings = MeterSettings()
    cost_clock: Callable[[], float] = time.perf_counter
    _calibration: _Calibration | None = field(default=None, init=False)
    _last: MemoryReading | None = field(default=None, init=False)

    def read(self, now_s: float, limit_bytes: int | None) -> MemoryReading:
        """Return the memory in use, the last reading again when the system refuses one.

        Parameters
        ----------
        now_s
            Time of the reading on the caller's clock.
        limit_bytes
            Limit that the thresholds are shares of; None asks for an exact reading.

        Raises
        ------
        OSError
            When the very first reading fails.
        """
        try:
            self._last = self._read(now_s, limit_bytes)
        except (OSError, psutil.Error) as error:
            if self._last is None:
                raise OSError(f"the memory of processes {sorted(self.roots)} cannot be read: {error}") from error
            self._last = replace(self._last, stale=True, exact=False)
        return self._last

    def _read(self, now_s: float, limit_bytes: int | None) -> MemoryReading:
        pids = self.reader.tree(self.roots)
        if self._calibration is None or limit_bytes is None:
            return self._exact(pids, now_s)
        estimate = self._estimate(self._calibration, pids)
        changed = estimate.per_process.keys() != self._calibration.exact.keys()
        if self._exact_is_due(self._calibration, now_s, estimate.used_bytes / max(limit_bytes, 1), changed):
            return self._exact(pids, now_s)
        return estimate

    def _exact_is_due(self, calibration: _Calibration, now_s: float, used_share: float, changed: bool) -> bool:
        settings = self.settings
        age_s = now_s - calibration.at_s
        if age_s >= settings.exact_every_s or used_share >= settings.always_exact_from:
            return True
        near = any(abs(used_share - at) <= settings.near_share * at for at in settings.thresholds)
        return (near or changed) and age_s * settings.max_duty >= calibration.cost_s

    def _exact(self, pids: Iterable[int], now_s: float) -> MemoryReading:
        started_s = self.cost_clock()
        exact: dict[int, int] = {}
        quick: dict[int, int] = {}
        mapped_bytes = 0
        for pid in pids:
            quick_bytes = self.reader.quick_bytes(pid)
            process = self.reader.exact_bytes(pid)
            if quick_bytes is not None and process is not None:
                exact[pid], quick[pid] = process.own_bytes, quick_bytes
                mapped_bytes += process.shared_bytes
        files = self.reader.shared_files(exact)
        files_bytes = _size_of(files)
        # Memory shared without a file (or whose descriptor was closed) is seen only as mapped.
        shared_bytes = max(files_bytes, mapped_bytes)
        cost_s = self.cost_clock() - started_s
        self._calibration = _Calibration(now_s, cost_s, exact, quick, shared_bytes, files, files_bytes)
        return self._reading(exact, shared_bytes, exact=True)

    def _estimate(self, calibration: _Calibration, pids: Iterable[int]) -> MemoryReading:
        """Carry the last exact reading on by what the quick figures have changed since."""
        per_process: dict[int, int] = {}
        for pid in pids:
            quick_bytes = self.reader.quick_bytes(pid)
            if quick_bytes is None:
                continue
            if pid in calibration.exact:
                grown_bytes = quick_bytes - calibration.quick[pid]
                per_process[pid] = max(calibration.exact[pid] + grown_bytes, 0)
            else:
                per_process[pid] = int(quick_bytes * calibration.scale)
        grown_bytes = _size_of(calibration.files) - calibration.files_bytes
        return self._reading(per_process, max(calibration.shared_bytes + grown_bytes, 0), exact=False)

    def _reading(self, per_process: dict[int, int], shared_bytes: int, *, exact: bool) -> MemoryReading:
        return MemoryReading(
            used_bytes=sum(per_process.values()) + shared_bytes,
            per_process=MappingProxyType(per_process),
            shared_bytes=shared_bytes,
            exact=exact,
            approximate=self.reader.approximate,
        )


def _size_of(files: Mapping[FileKey, Path]) -> int:
    """Return the memory that files hold; one that cannot be looked up any more counts nothing."""
    total = 0
    for key, path in files.items():
        try:
            status = path.stat()
        except OSError:
            continue
        if (status.st_dev, status.st_ino) == key:
            total += status.st_blocks * BYTES_PER_BLOCK
    return total

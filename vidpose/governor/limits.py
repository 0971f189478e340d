"""How much memory a run may use now, and why.

::

    static limit = fraction x min(RAM, limit of every control group that the process is in)
    limit        = min(static limit, own use + what is still available - reserve)

The second part lets the limit shrink when another program needs memory and grow again afterwards.
Libraries often read only the topmost control group; a limit set on a group in between (``systemd-run -p
MemoryMax=``, nested containers) is found here by walking all ancestors.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Literal

import psutil

from vidpose.governor.sizes import KIB, MIB, in_words

PSI_SOME_AVG10_HIGH = 20.0
"""Share of time (%, over 10 s) in which some task waited for memory, above which the machine is short of it (ours)."""

BoundBy = Literal["fraction", "available"]


@dataclass(frozen=True, slots=True)
class LimitSettings:
    """What the user allows.

    Attributes
    ----------
    fraction
        Share of the memory in (0, 1] that the run may use.
    reserve_fraction, reserve_min_bytes
        Memory left to everything else: the larger of this share of the RAM and this amount.
    """

    fraction: float = 0.40
    reserve_fraction: float = 0.05
    reserve_min_bytes: int = 400 * MIB

    def __post_init__(self) -> None:
        if not 0.0 < self.fraction <= 1.0:
            raise ValueError(f"fraction: expected a share in (0, 1], got {self.fraction}")


@dataclass(frozen=True, slots=True)
class MemoryLimit:
    """The limit in force at one moment.

    Attributes
    ----------
    limit_bytes
        What the run may use.
    why
        Where the number comes from, for people.
    base_bytes
        What ``fraction`` is a share of: RAM or the tightest control group.
    fraction
        Share of ``base_bytes`` that the user allows.
    bound_by
        ``"fraction"`` when the user's share is the tighter part, ``"available"`` when other programs leave less.
    under_pressure
        True when the machine is short of memory, whatever program uses it.
    """

    limit_bytes: int
    why: str
    base_bytes: int
    fraction: float
    bound_by: BoundBy = "fraction"
    under_pressure: bool = False

    @property
    def allowed_bytes(self) -> int:
        """The user's share, whatever other programs leave of it."""
        return int(self.fraction * self.base_bytes)


@dataclass(frozen=True, slots=True)
class _Group:
    """A control group with a memory limit; ``free_bytes`` is what it still allows its members."""

    limit_bytes: int
    free_bytes: int
    name: str


class LimitReader:
    """Reads RAM, control groups and memory pressure.

    Parameters
    ----------
    settings
        What the user allows.
    root
        Folder that stands for ``/``; tests give a made-up one.
    """

    def __init__(self, settings: LimitSettings, root: Path = Path("/")) -> None:
        self._settings = settings
        self._root = root

    def read(self, own_bytes: int) -> MemoryLimit:
        """Return the limit in force for a run that uses ``own_bytes`` now."""
        total_bytes, available_bytes = self._ram()
        groups = [group for group in self._groups() if group.limit_bytes < total_bytes]
        tightest = min(groups, key=lambda group: group.limit_bytes, default=None)
        share = f"{self._settings.fraction:.2f} of "
        if tightest is None:
            base_bytes, why = total_bytes, share + f"{in_words(total_bytes)} RAM"
        else:
            base_bytes, why = tightest.limit_bytes, share + f"{in_words(tightest.limit_bytes)} ({tightest.name})"
        static_bytes = int(self._settings.fraction * base_bytes)

        free_bytes = min([available_bytes, *(group.free_bytes for group in groups)])
        reserve_bytes = max(int(self._settings.reserve_fraction * base_bytes), self._settings.reserve_min_bytes)
        # in a control group smaller than twice the reserve the reserve would eat everything
        reserve_bytes = min(reserve_bytes, base_bytes // 4)
        dynamic_bytes = max(own_bytes + free_bytes - reserve_bytes, 0)
        short = free_bytes < reserve_bytes or self._pressure_avg10() > PSI_SOME_AVG10_HIGH
        if dynamic_bytes >= static_bytes:
            return MemoryLimit(static_bytes, why, base_bytes, self._settings.fraction, "fraction", short)
        why = (
            f"own use {in_words(own_bytes)} + {in_words(free_bytes)} still available"
            f" - {in_words(reserve_bytes)} reserve; other programs hold the rest of {why}"
        )
        return MemoryLimit(dynamic_bytes, why, base_bytes, self._settings.fraction, "available", short)

    def _ram(self) -> tuple[int, int]:
        """Return total and available RAM, bytes."""
        fields = dict(_key_values(self._text("proc/meminfo")))
        if "MemTotal:" in fields and "MemAvailable:" in fields:
            return fields["MemTotal:"] * KIB, fields["MemAvailable:"] * KIB
        memory = psutil.virtual_memory()
        return int(memory.total), int(memory.available)

    def _pressure_avg10(self) -> float:
        for line in self._text("proc/pressure/memory").splitlines():
            if line.startswith("some avg10="):
                return float(line.split()[1].removeprefix("avg10="))
        return 0.0

    def _groups(self) -> Iterator[_Group]:
        """Yield every control group from the process's own up to the mount point that limits memory."""
        mounts = list(_cgroup_mounts(self._text("proc/self/mountinfo")))
        for line in self._text("proc/self/cgroup").splitlines():
            _, controllers, path = line.split(":", 2)
            version = 2 if not controllers else 1
            if version == 1 and "memory" not in controllers.split(","):
                continue
            for mount in mounts:
                if mount.version == version:
                    yield from self._ancestors(mount, PurePosixPath(path))

    def _ancestors(self, mount: _Mount, path: PurePosixPath) -> Iterator[_Group]:
        # Seen from inside a container the path may lie outside what is mounted; then the mount is the own group.
        inside = path.relative_to(mount.shown) if path.is_relative_to(mount.shown) else PurePosixPath()
        if ".." in inside.parts:
            inside = PurePosixPath()
        for part in (inside, *inside.parents):
            folder = mount.point / part
            if mount.version == 2:
                yield from self._group(folder, ("memory.max", "memory.high"), "memory.current", "inactive_file")
            else:
                yield from self._group(
                    folder, ("memory.limit_in_bytes",), "memory.usage_in_bytes", "total_inactive_file"
                )

    def _group(self, folder: PurePosixPath, limits: tuple[str, ...], usage: str, cache: str) -> Iterator[_Group]:
        used_bytes = _whole_number(self._text(folder / usage)) or 0
        cache_bytes = dict(_key_values(self._text(folder / "memory.stat"))).get(cache, 0)
        for name in limits:
            limit_bytes = _whole_number(self._text(folder / name))
            if limit_bytes is not None:
                free_bytes = max(limit_bytes - max(used_bytes - cache_bytes, 0), 0)
                yield _Group(limit_bytes, free_bytes, f"cgroup {folder} {name}")

    def _text(self, path: PurePosixPath | str) -> str:
        """Return a small file's text, empty when it is not there or may not be read."""
        try:
            return (self._root / str(path).lstrip("/")).read_text()
        except OSError:
            return ""


@dataclass(frozen=True, slots=True)
class _Mount:
    """A mounted tree of control groups: where it is, and which group its top shows."""

    point: PurePosixPath
    shown: PurePosixPath
    version: Literal[1, 2]


def _cgroup_mounts(mountinfo: str) -> Iterator[_Mount]:
    """Yield the mounts that may hold memory limits; the line format is that of proc_pid_mountinfo(5)."""
    for line in mountinfo.splitlines():
        left, _, right = line.partition(" - ")
        shown, point = left.split()[3:5]
        kind, _, options = right.split(" ", 2)
        if kind == "cgroup2":
            yield _Mount(PurePosixPath(point), PurePosixPath(shown), 2)
        elif kind == "cgroup" and "memory" in options.split(","):
            yield _Mount(PurePosixPath(point), PurePosixPath(shown), 1)


def _key_values(text: str) -> Iterator[tuple[str, int]]:
    for line in text.splitlines():
        words = line.split()
        if len(words) >= 2 and words[1].isdigit():
            yield words[0], int(words[1])


def _whole_number(text: str) -> int | None:
    """Return the number in a one-line file; None for ``max``, nothing or anything else."""
    stripped = text.strip()
    return int(stripped) if stripped.isdigit() else None

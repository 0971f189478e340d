"""The processes of a distributed run, by the part that they play."""

from __future__ import annotations

from typing import Final

import psutil

_IN_COMMAND: Final[dict[str, str]] = {
    "raylet": "/raylet/raylet",
    "gcs_server": "/gcs/gcs_server",
    "watcher": "orphan_watcher_child",
}
MEMBERS: Final = ("worker", "actor", "raylet", "gcs_server", "prober", "watcher")
"""Those that may die without the run; scheduler and nannies live in the driver."""


def find_members(driver: int, member: str) -> list[psutil.Process]:
    """Return the processes of a run that play a part, the oldest first."""
    children = psutil.Process(driver).children(recursive=True)
    found = [child for child in children if _plays(child, member)]
    found.sort(key=lambda child: child.create_time())
    spawned = {"prober": slice(0, 1), "worker": slice(1, None)}  # the prober is started before the first worker
    return found[spawned.get(member, slice(None))]


def _plays(process: psutil.Process, member: str) -> bool:
    try:
        command = " ".join(process.cmdline())
    except psutil.Error:
        return False
    if member in ("prober", "worker"):
        return "spawn_main" in command
    if member == "actor":
        return command.startswith("ray::") and "IDLE" not in command
    return _IN_COMMAND[member] in command

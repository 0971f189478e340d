"""The log of a run, those of the runs before it, and room on the disk for the last words."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from vidpose.state.atomic import open_file

N_EARLIER_LOGS: Final = 3
"""Enough that the log of a run that failed is not lost when somebody runs it again at once, twice (ours)."""
RESERVE_NAME: Final = ".vidpose.reserve"


def keep_earlier_logs(log: Path) -> None:
    """Empty the log, which processes may have open, and keep what was in it as ``NAME.1``; the oldest is dropped."""
    if not log.is_file() or not log.stat().st_size:
        return
    names = [log.with_name(f"{log.name}.{number}") for number in range(1, N_EARLIER_LOGS + 1)]
    for older, newer in zip(reversed(names[1:]), reversed(names[:-1]), strict=True):
        if newer.is_file():
            newer.replace(older)
    with log.open("rb") as source, os.fdopen(open_file(names[0], os.O_WRONLY | os.O_CREAT | os.O_TRUNC), "wb") as kept:
        shutil.copyfileobj(source, kept)
    os.close(open_file(log, os.O_WRONLY | os.O_TRUNC))


@contextmanager
def reserved_space(folder: Path, n_bytes: int) -> Iterator[Callable[[], None]]:
    """Hold some space of the disk; yield a function that gives it back, so that a report fits on a full disk.

    Parameters
    ----------
    folder
        Where the report will be.
    n_bytes
        How much to hold.

    Raises
    ------
    OSError
        When there is not even that much.
    OutputError
        When a link lies where the space is held.
    """
    reserve = folder / RESERVE_NAME

    def release() -> None:
        reserve.unlink(missing_ok=True)

    try:
        descriptor = open_file(reserve, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            if hasattr(os, "posix_fallocate"):
                os.posix_fallocate(descriptor, 0, n_bytes)
        finally:
            os.close(descriptor)
        yield release
    finally:
        release()

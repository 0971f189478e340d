"""One run per result folder; the lock is released when the process ends, however it ends."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeGuard

from vidpose.errors import OutputError, OutputInUseError
from vidpose.state.atomic import open_file

LOCK_NAME = ".vidpose.lock"
_MAX_BYTES: Final = 4096
"""More than any run writes into a lock file."""


@dataclass(frozen=True, slots=True)
class EarlierRun:
    """A run that ended without releasing a folder.

    Attributes
    ----------
    run_id
        Its id.
    folder
        Identity of the folder in which it was found, see :func:`folder_identity`.
    """

    run_id: str
    folder: str


def is_run_id(text: object) -> TypeGuard[str]:
    """Return whether this is the id of a run: 32 hexadecimal digits.

    Examples
    --------
    >>> is_run_id("0123456789abcdef0123456789abcdef"), is_run_id("*/../*")
    (True, False)
    """
    return isinstance(text, str) and re.fullmatch(r"[0-9a-f]{32}", text) is not None


def folder_identity(folder: Path) -> str:
    """Return device and inode of a folder: a copy of it has another one."""
    details = folder.stat()
    return f"{details.st_dev}-{details.st_ino}"


@contextmanager
def lock_folders(folders: list[Path], run_id: str) -> Iterator[list[EarlierRun]]:
    """Lock ``folders`` for this process; yield the earlier runs that were killed while they held them.

    Raises
    ------
    OutputInUseError
        When another run holds one of them; names its process.
    OutputError
        When a folder cannot be created or written.
    """
    earlier: list[EarlierRun] = []
    with ExitStack() as stack:
        for folder in dict.fromkeys(folder.resolve() for folder in folders):
            found = stack.enter_context(_lock_one(folder, run_id))
            earlier.extend(found)
        yield earlier


@contextmanager
def _lock_one(folder: Path, run_id: str) -> Iterator[list[EarlierRun]]:
    import fcntl

    path = folder / LOCK_NAME
    try:
        descriptor = open_file(path, os.O_RDWR | os.O_CREAT)
    except OSError as error:
        raise OutputError(
            f"{folder}: cannot be written ({error.strerror}); choose another folder (--output, --models, --llm_data)"
        ) from error
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = _read(descriptor).get("pid", "unknown")
            raise OutputInUseError(
                f"{folder}: another run (process {holder}) is writing here; wait for it or choose another folder"
            ) from None
        except OSError as error:
            raise OutputError(
                f"{folder}: its file system does not lock files ({error.strerror}); choose another "
                "folder (--output, --models, --llm_data)"
            ) from error
        found = _read(descriptor).get("run_id")
        earlier = [EarlierRun(found, folder_identity(folder))] if is_run_id(found) else []
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, json.dumps({"pid": os.getpid(), "run_id": run_id}).encode(), 0)
        yield earlier
        os.ftruncate(descriptor, 0)
    finally:
        os.close(descriptor)


def _read(descriptor: int) -> dict[str, Any]:
    try:
        content = json.loads(os.pread(descriptor, _MAX_BYTES, 0) or b"{}")
    except (OSError, ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}

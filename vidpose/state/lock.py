"""One run per result folder; the lock is released when the process ends, however it ends."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from vidpose.errors import OutputError, OutputInUseError

LOCK_NAME = ".vidpose.lock"


@contextmanager
def lock_folders(folders: list[Path], run_id: str) -> Iterator[list[str]]:
    """Lock ``folders`` for this process; yield the run ids found in them, left by earlier runs.

    Raises
    ------
    OutputInUseError
        When another run holds one of them; names its process.
    OutputError
        When a folder cannot be created or written.
    """
    earlier: list[str] = []
    with ExitStack() as stack:
        for folder in dict.fromkeys(folder.resolve() for folder in folders):
            found = stack.enter_context(_lock_one(folder, run_id))
            earlier.extend(found)
        yield earlier


@contextmanager
def _lock_one(folder: Path, run_id: str) -> Iterator[list[str]]:
    import fcntl

    path = folder / LOCK_NAME
    try:
        folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise OutputError(
            f"{folder}: cannot be written ({error.strerror}); choose another folder (--output, --models, --llm_data)"
        ) from error
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = _read(path).get("pid", "unknown")
            raise OutputInUseError(
                f"{folder}: another run (process {holder}) is writing here; wait for it or choose another folder"
            ) from None
        except OSError as error:
            raise OutputError(
                f"{folder}: its file system does not lock files ({error.strerror}); choose another "
                "folder (--output, --models, --llm_data)"
            ) from error
        earlier = [run for run in [_read(path).get("run_id")] if run]
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, json.dumps({"pid": os.getpid(), "run_id": run_id}).encode(), 0)
        yield earlier
        os.ftruncate(descriptor, 0)
    finally:
        os.close(descriptor)


def _read(path: Path) -> dict[str, str]:
    try:
        content = json.loads(path.read_text() or "{}")
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}

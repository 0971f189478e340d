"""Files that exist atomically: temporary name, fsync, rename, fsync of the folder."""

from __future__ import annotations

import os
import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from vidpose.types.mapped_arrays import release

PART_SUFFIX = ".part"
_OURS = re.compile(rf"\.[0-9a-f]{{32}}{re.escape(PART_SUFFIX)}(\.|$)")


@contextmanager
def atomic_path(final: Path) -> Iterator[Path]:
    """Give a temporary path beside ``final``; move it there when the block ends well.

    The temporary name keeps the suffix of ``final`` last, because encoders choose the format by it.
    On an error the temporary file is removed and ``final`` is left as it was.
    """
    final.parent.mkdir(parents=True, exist_ok=True)
    temporary = final.with_name(f".{uuid.uuid4().hex}{PART_SUFFIX}{final.suffix}")
    try:
        yield temporary
        fsync(temporary)
        temporary.replace(final)
        fsync(final.parent)
    finally:
        temporary.unlink(missing_ok=True)
        release()  # what has been written is not read soon


def write_bytes(final: Path, content: bytes) -> None:
    """Write ``content`` to ``final`` atomically."""
    with atomic_path(final) as temporary:
        temporary.write_bytes(content)


def sweep_parts(folder: Path) -> int:
    """Remove temporary files that a killed run left below ``folder``; return how many."""
    parts = [path for path in folder.rglob(f".*{PART_SUFFIX}*") if _OURS.match(path.name) and path.is_file()]
    for path in parts:
        path.unlink(missing_ok=True)
    return len(parts)


def fsync(path: Path) -> None:
    """Bring a file or a folder to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

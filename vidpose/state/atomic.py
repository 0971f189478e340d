"""Writing below a result folder: no link on the way is followed, and files are whole or absent.

The user names result folders, links on the way to them included; they are resolved once, when a run begins. What lies
below may come from others, as in a copied or shared folder: a link planted there could turn a write into another
folder. So each folder is entered by its name in the one above it, a link is refused by its name, and a file is made
relative to the folder that was entered: temporary name, fsync, rename, fsync of the folder.
"""

from __future__ import annotations

import errno
import os
import re
import shutil
import stat
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from vidpose.errors import OutputError
from vidpose.types.findings import CODES
from vidpose.types.mapped_arrays import release

PART_SUFFIX = ".part"
_OURS = re.compile(rf"\.[0-9a-f]{{32}}{re.escape(PART_SUFFIX)}(\.|$)")
_O_PATH: Final[int] = getattr(os, "O_PATH", 0)
"""Linux: a folder can be entered without the right to list it. Elsewhere links are looked for before a path is used."""
_FOLDER: Final = os.O_DIRECTORY | os.O_NOFOLLOW | (_O_PATH or os.O_RDONLY)
_DESCRIPTORS: Final = Path("/proc/self/fd")


@contextmanager
def entered_folder(folder: Path, *, make: bool = True) -> Iterator[int]:
    """Give a descriptor of a folder for functions that take ``dir_fd``.

    Parameters
    ----------
    folder
        The folder.
    make
        Make it, and those above it, if they are missing.

    Raises
    ------
    OutputError
        When the folder, or one above it, is a link.
    """
    path = folder.absolute()
    descriptor = os.open(path.anchor, _FOLDER)
    try:
        for inner in (*reversed(path.parents), path)[1:]:
            outer, descriptor = descriptor, _enter(inner, descriptor, make=make)
            os.close(outer)
        yield descriptor
    finally:
        os.close(descriptor)


def _enter(folder: Path, outer: int, *, make: bool) -> int:
    name = folder.name if _O_PATH else str(folder)
    try:
        try:
            return os.open(name, _FOLDER, dir_fd=outer)
        except FileNotFoundError:
            if not make:
                raise
            with suppress(FileExistsError):  # another process made it meanwhile
                os.mkdir(name, dir_fd=outer)
            return os.open(name, _FOLDER, dir_fd=outer)
    except OSError as error:
        raise _refusal(folder, outer, error) from error


def _refusal(path: Path, folder: int, error: OSError) -> Exception:
    """Return what to raise for an error at a path: a link has an answer of its own."""
    with suppress(OSError):
        if stat.S_ISLNK(os.stat(path.name, dir_fd=folder, follow_symlinks=False).st_mode):
            code = "link_in_results"
            return OutputError(f"{path}: is a link. {CODES[code]}", code=code, path=str(path))
    error.filename = str(path)
    return error


@contextmanager
def atomic_path(final: Path) -> Iterator[Path]:
    """Give a temporary path beside ``final``; move it there when the block ends well.

    The temporary name keeps the suffix of ``final`` last, because encoders choose the format by it. It is valid in this
    process only. On an error the temporary file is removed and ``final`` is left as it was.

    Raises
    ------
    OutputError
        When a folder on the way is a link. A link called as ``final`` is replaced, and not followed.
    """
    name = f".{uuid.uuid4().hex}{PART_SUFFIX}{final.suffix}"
    with entered_folder(final.parent) as folder:
        temporary = (_DESCRIPTORS / str(folder) if _DESCRIPTORS.is_dir() else final.parent) / name
        try:
            os.close(os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o666, dir_fd=folder))
            yield temporary
            fsync(name, folder)
            os.replace(name, final.name, src_dir_fd=folder, dst_dir_fd=folder)
            fsync(".", folder)
        except OSError as error:
            if str(error.filename).endswith(name):
                error.filename, error.filename2 = str(final), None  # the other name says nothing to anybody
            raise
        finally:
            with suppress(FileNotFoundError):
                os.unlink(name, dir_fd=folder)
            release()  # what has been written is not read soon


def write_bytes(final: Path, content: bytes) -> None:
    """Write ``content`` to ``final`` atomically."""
    with atomic_path(final) as temporary:
        temporary.write_bytes(content)


def open_file(path: Path, flags: int, mode: int = 0o644) -> int:
    """Open a file that is written in place, such as a log, as :func:`os.open` does.

    Raises
    ------
    OutputError
        When it, or a folder on the way, is a link.
    """
    with entered_folder(path.parent) as folder:
        try:
            return os.open(path.name, flags | os.O_NOFOLLOW, mode, dir_fd=folder)
        except OSError as error:
            raise _refusal(path, folder, error) from error


def make_folder(folder: Path) -> None:
    """Make a folder, and those above it, if they are missing; errors as for :func:`entered_folder`."""
    with entered_folder(folder):
        pass


def remove_file(path: Path) -> None:
    """Remove a file, or a link itself, if it is there; errors as for :func:`entered_folder`."""
    with suppress(FileNotFoundError), entered_folder(path.parent, make=False) as folder:
        os.unlink(path.name, dir_fd=folder)


def remove_folder(path: Path) -> None:
    """Remove a folder with all that is in it, as far as it can be removed; errors as for :func:`entered_folder`."""
    with suppress(FileNotFoundError), entered_folder(path.parent, make=False) as folder:
        shutil.rmtree(path.name, ignore_errors=True, dir_fd=folder)


def refuse_links(*paths: Path) -> None:
    """Refuse links in the place of files that a library will open, which follows them.

    Raises
    ------
    OutputError
        When one of them, or a folder on the way, is a link.
    """
    for path in paths:
        with entered_folder(path.parent) as folder:
            refused = _refusal(path, folder, OSError(errno.ELOOP, os.strerror(errno.ELOOP)))
        if isinstance(refused, OutputError):
            raise refused


def sweep_parts(folder: Path) -> int:
    """Remove temporary files that a killed run left below ``folder``; return how many."""
    parts = [path for path in folder.rglob(f".*{PART_SUFFIX}*") if _OURS.match(path.name) and path.is_file()]
    for path in parts:
        path.unlink(missing_ok=True)
    return len(parts)


def fsync(path: Path | str, folder: int | None = None) -> None:
    """Bring a file or a folder to the disk; with the descriptor of a folder, one in it."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW, dir_fd=folder)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

"""Finding the videos below a folder."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from vidpose.errors import UsageError
from vidpose.video.output_names import output_names

VIDEO_SUFFIXES: Final[frozenset[str]] = frozenset(
    {".mp4", ".mov", ".avi", ".mkv", ".webm", ".m4v", ".h264", ".264", ".h265", ".265", ".hevc", ".ts", ".mts"}
)
"""File name extensions of videos, lower case."""

_FileId = tuple[int, int]


@dataclass(frozen=True, slots=True)
class FoundVideo:
    """A file that may be a video.

    Attributes
    ----------
    path
        Absolute path.
    relative
        Path below the searched folder with ``/`` between parts; bytes that are not UTF-8 are kept as
        surrogate escapes (PEP 383).
    output_name
        Folder of its results below the output folder: valid on common file systems, and unique.
    """

    path: Path
    relative: str
    output_name: str


def find_videos(
    folder: Path,
    exclude: Sequence[Path] = (),
    on_unreadable: Callable[[Path], None] | None = None,
    skip_marker: str | None = None,
) -> list[FoundVideo]:
    """List the videos below ``folder``, in an order that depends on names only.

    Links are followed, but each folder is entered once, so link loops end, and a link to a file that is listed anyway,
    or by another link, adds nothing. Two hard links or copies of one file are two videos. Names that begin with a dot
    are skipped. A link that leads nowhere, or to itself, is listed if it has a video's extension, so that probing
    reports it; otherwise it is passed over.

    Parameters
    ----------
    folder
        The folder to search.
    exclude
        Folders that are not entered, such as the output folders.
    on_unreadable
        Called with each subfolder that cannot be listed; without it such a folder is an error.
    skip_marker
        Subfolders that hold a file of this name are not entered, such as the results of other runs.

    Raises
    ------
    UsageError
        When ``folder`` is no folder, or a folder cannot be listed and ``on_unreadable`` is None.
    """
    if not folder.is_dir():
        raise UsageError(f"{folder}: expected a folder with videos; give an existing folder", folder=str(folder))
    root = folder.resolve()
    entered = {_file_id(path) for path in exclude if path.is_dir()}
    walk = _Walk(entered, on_unreadable or _refuse, skip_marker)
    relatives = _without_second_links(root, sorted(walk.below(root, ""), key=os.fsencode))
    names = output_names(relatives)
    return [FoundVideo(root / relative, relative, names[relative]) for relative in relatives]


@dataclass(frozen=True, slots=True)
class _Walk:
    """One search; ``entered`` holds the folders that must not be entered again."""

    entered: set[_FileId]
    on_unreadable: Callable[[Path], None]
    skip_marker: str | None

    def below(self, folder: Path, prefix: str) -> Iterator[str]:
        """Yield relative paths of videos."""
        try:
            self.entered.add(_file_id(folder))
            with os.scandir(folder) as listing:
                # Real folders come before links to folders, so that a loop is cut at the link.
                entries = sorted(listing, key=lambda entry: (entry.is_symlink(), os.fsencode(entry.name)))
        except OSError:
            self.on_unreadable(folder)
            return
        if prefix and any(entry.name == self.skip_marker for entry in entries):
            return
        for entry in entries:
            path = folder / entry.name
            if entry.name.startswith("."):
                continue
            mode = _mode(path)
            if stat.S_ISDIR(mode):
                if _file_id(path) not in self.entered:
                    yield from self.below(path, f"{prefix}{entry.name}/")
            elif stat.S_ISREG(mode) and path.suffix.lower() in VIDEO_SUFFIXES:
                yield prefix + entry.name


def _mode(path: Path) -> int:
    """Return what lies there; a link that leads nowhere, or to itself, counts as a file."""
    try:
        return path.stat().st_mode
    except OSError:
        return stat.S_IFREG if path.is_symlink() else 0


def _without_second_links(root: Path, relatives: Sequence[str]) -> list[str]:
    """Leave out links to files that are listed themselves, or by a link whose name comes first."""
    links = {relative for relative in relatives if (root / relative).is_symlink()}
    if not links:
        return list(relatives)
    seen, kept = set[_FileId](), []
    for relative in sorted(relatives, key=lambda relative: relative in links):  # a stable order: files come first
        try:
            found = _file_id(root / relative)
        except OSError:
            kept.append(relative)
            continue
        if relative not in links or found not in seen:
            kept.append(relative)
        seen.add(found)
    return sorted(kept, key=os.fsencode)


def _file_id(path: Path) -> _FileId:
    status = path.stat()
    return status.st_dev, status.st_ino


def _refuse(folder: Path) -> None:
    raise UsageError(f"{folder}: the folder cannot be listed; check its permissions", folder=str(folder))

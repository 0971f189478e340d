"""Finding the videos below a folder."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from vidpose.errors import UsageError
from vidpose.types.left_out import LeftOut
from vidpose.video.file_kinds import VIDEO_SUFFIXES, is_camera_copy, is_video, left_out_by_ending
from vidpose.video.output_names import output_names
from vidpose.video.picture_series import picture_series

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


@dataclass(frozen=True, slots=True)
class FoundFiles:
    """What a folder holds.

    Attributes
    ----------
    videos
        Files that are processed.
    left_out
        What a person would call a video and is not processed, with the reason.
    """

    videos: tuple[FoundVideo, ...]
    left_out: tuple[LeftOut, ...] = ()


def find_videos(
    folder: Path,
    exclude: Sequence[Path] = (),
    on_unreadable: Callable[[Path], None] | None = None,
    skip_marker: str | None = None,
) -> FoundFiles:
    """List the videos below ``folder``, and what looks like one and is left out, in an order by names only.

    A file is a video by the ending of its name or, when that says nothing, by its first bytes.

    Links are followed, but each folder is entered once, so link loops end, and a link to a file that is listed anyway,
    or by another link, is left out. Two hard links or copies of one file are two videos. Folders whose names begin with
    a dot are not entered, such files are left out. A link that leads nowhere, or to itself, is listed if it has a
    video's ending, so that probing reports it; otherwise it is passed over.

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
    listed = sorted(walk.below(root, ""), key=os.fsencode)
    relatives = _without_second_links(root, listed)
    names = output_names(relatives)
    second = [LeftOut(relative, "second_link") for relative in sorted({*listed} - {*relatives}, key=os.fsencode)]
    left_out = sorted([*walk.left_out, *second], key=lambda one: os.fsencode(one.name))
    return FoundFiles(
        tuple(FoundVideo(root / relative, relative, names[relative]) for relative in relatives), tuple(left_out)
    )


@dataclass(frozen=True, slots=True)
class _Walk:
    """One search; ``entered`` holds the folders that must not be entered again."""

    entered: set[_FileId]
    on_unreadable: Callable[[Path], None]
    skip_marker: str | None
    left_out: list[LeftOut] = field(default_factory=list)

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
            self.left_out.append(LeftOut(prefix, "other_results"))
            return
        files = []
        for entry in entries:
            path = folder / entry.name
            mode = _mode(path)
            if stat.S_ISREG(mode):
                files.append(entry.name)
            elif stat.S_ISDIR(mode) and not entry.name.startswith(".") and _file_id(path) not in self.entered:
                yield from self.below(path, f"{prefix}{entry.name}/")
        for name in self._videos(folder, prefix, files):
            yield prefix + name

    def _videos(self, folder: Path, prefix: str, files: Sequence[str]) -> Iterator[str]:
        """Yield those of the files of one folder that are videos; note what looks like one and is left out."""
        lower = frozenset(name.lower() for name in files)
        for name in files:
            path = folder / name
            code = _why_left_out(path, lower)
            if code is not None:
                self.left_out.append(LeftOut(prefix + name, code))
            elif not name.startswith(".") and is_video(path):
                yield name
        for series in picture_series(name for name in files if not name.startswith(".")):
            self.left_out.append(LeftOut(prefix + series.pattern, "numbered_pictures"))


def _why_left_out(path: Path, beside: frozenset[str]) -> str | None:
    """Return why a file that looks like a video is left out; None for a video, and for what does not look like one."""
    if path.name.startswith("."):
        looks_like_video = path.suffix.lower() in VIDEO_SUFFIXES
        return ("apple_companion" if path.name.startswith("._") else "hidden") if looks_like_video else None
    return left_out_by_ending(path) or ("camera_copy" if is_camera_copy(path, beside) else None)


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

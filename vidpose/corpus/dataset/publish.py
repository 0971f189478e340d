"""A folder of files that replaces an older one as a whole, whatever interrupts it.

Files are written into a hidden folder inside the target (so both are on one disk, also when it is a mount point) and
brought to the disk; then one rename says that they are complete; only then they replace the old ones, file by file.
A crash before that rename leaves the old dataset untouched; after it, the next process that opens the folder finishes
the move (:func:`finish_publication`).
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import orjson

from vidpose.errors import OutputError
from vidpose.hashing import file_sha256
from vidpose.state.atomic import fsync, make_folder

MANIFEST: Final = "manifest.json"
UNFINISHED: Final = ".corpus.new"
COMPLETE: Final = ".corpus.complete"


@contextmanager
def publication(target: Path) -> Iterator[Path]:
    """Give an empty folder; publish its files as ``target`` when the block ends well, else remove them.

    Files of the former manifest that are not among the new ones are removed; unlisted files stay.

    Raises
    ------
    OutputError
        When the folder cannot be written, such as on a full disk; the old dataset is left as it was.
    """
    finish_publication(target)
    unfinished = target / UNFINISHED
    try:
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(parents=True)
        yield unfinished
        for path in (*unfinished.rglob("*"), unfinished):
            fsync(path)
        unfinished.rename(_complete(target))
        fsync(target)
    except OSError as error:
        raise OutputError(
            f"{target}: the dataset cannot be written ({error.strerror or error}); the old one, if any, is unchanged",
            path=str(target),
        ) from error
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    finish_publication(target)


def publication_waits(target: Path) -> bool:
    """Return whether a complete new dataset waits to be moved to its place."""
    return _complete(target).is_dir()


def finish_publication(target: Path) -> bool:
    """Move a complete new dataset to its place, if one waits there; return whether one did.

    Raises
    ------
    OutputError
        When the files cannot be moved; the next call tries again.
    """
    complete = _complete(target)
    if not publication_waits(target):
        return False
    try:
        new = {str(path.relative_to(complete)) for path in complete.rglob("*") if path.is_file()}
        old = manifest_files(target)
        # the manifest last: while it is the old one, a check of the folder says that files differ from it
        for name in sorted(new, key=lambda name: (name == MANIFEST, name)):
            make_folder((target / name).parent)  # refused where it is a link
            if name == MANIFEST:
                _remove(target, old - manifest_files(complete))
            (complete / name).replace(target / name)
        for folder in {target, *((target / name).parent for name in manifest_files(target))}:
            fsync(folder)
        shutil.rmtree(complete)
    except OSError as error:
        raise OutputError(
            f"{target}: the new dataset is complete in {complete.name} but cannot be moved "
            f"({error.strerror or error}); run again when the folder can be written",
            path=str(target),
        ) from error
    return True


def write_manifest(folder: Path, content: dict[str, Any]) -> None:
    """Write ``manifest.json`` with size and SHA-256 of every file of the folder.

    Parameters
    ----------
    folder
        All other files are in it.
    content
        What the manifest says besides.
    """
    files = {str(path.relative_to(folder)): path for path in folder.rglob("*") if path.is_file()}
    listed = {
        name: {"bytes": path.stat().st_size, "sha256": file_sha256(path)}
        for name, path in sorted(files.items())
        if name != MANIFEST
    }
    (folder / MANIFEST).write_bytes(json_page({**content, "files": listed}))


def manifest_files(target: Path) -> set[str]:
    """Return the names in a folder's manifest; none without a readable one."""
    try:
        return set(orjson.loads((target / MANIFEST).read_bytes())["files"])
    except (OSError, ValueError, KeyError, TypeError):
        return set()


def json_page(value: Any) -> bytes:
    """Return JSON for people: indented, sorted keys, NaN as null."""
    return orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE)


def _complete(target: Path) -> Path:
    return target / COMPLETE


def _remove(target: Path, names: set[str]) -> None:
    """Remove files that the former dataset had, and folders that this empties."""
    for name in sorted(names):
        path = target / name
        if target.resolve() not in path.resolve().parents:
            continue  # an edited manifest must not reach outside
        path.unlink(missing_ok=True)
        for folder in path.parents:
            if folder == target or not folder.is_dir() or any(folder.iterdir()):
                break
            folder.rmdir()

"""Large series in mapped files, so that an hour of video takes hardly more memory than a minute.

Inside :func:`spilling`, every series of :data:`SPILL_BYTES` and more lives in a file without a name that is mapped into
memory. The pages that are in use count as the process's memory; :func:`release` gives all of them back to the system's
file cache, which keeps or writes them as it has room. Functions on arrays, and their results, are the same either way.

Files that are there already can be mapped as well, see :func:`map_file`.

A file's room is reserved before it is mapped: on a full disk the series stays in memory. So it does where half of the
files that a process may open are in use, outside :func:`spilling`, and on systems that cannot give pages back.
"""

from __future__ import annotations

import math
import mmap
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, Final
from weakref import WeakSet

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]

SPILL_BYTES: Final = 1 << 20
"""Series from here on go into a file. Ours: that is 44 s of world landmarks at 30 Hz, so short clips never touch the
disk, and an hour of what stays in memory is some tens of MiB."""

CAN_SPILL: Final = hasattr(os, "posix_fallocate") and hasattr(mmap, "MADV_DONTNEED")
"""Whether this system can reserve space on disk, and release pages."""

_COPIED_BYTES: Final = 4 << 20
"""What is copied into a file before its pages are given back. Ours."""

BLOCK_FRAMES: Final = 4096
"""Frames of a block, where frames do not depend on each other. Ours: 3 MiB of world landmarks."""

_MAPS: Final[WeakSet[mmap.mmap]] = WeakSet()
"""All maps in use."""
_LOCK: Final = threading.Lock()


class _Store:
    """The files of one :func:`spilling`; each is gone with the last array that uses it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._max_files = _open_files_limit() // 2  # the other half is for other code

    def new_array(self, shape: tuple[int, ...], dtype: np.dtype[Any], n_bytes: int) -> Array | None:
        """Return an array of zeros in a new file; None when there is no room for it or files cannot be mapped."""
        if len(_MAPS) >= self._max_files:
            return None
        try:
            with TemporaryFile(dir=self._folder) as file:
                os.posix_fallocate(file.fileno(), 0, n_bytes)  # later, a full disk would kill the process
                memory = mmap.mmap(file.fileno(), n_bytes)
        except OSError:
            return None
        _note(memory)
        return np.ndarray(shape, dtype, buffer=memory)


def _note(memory: mmap.mmap) -> None:
    with _LOCK:
        _MAPS.add(memory)


def _open_files_limit() -> int:
    import resource  # not on Windows, where nothing is spilt

    limit, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return sys.maxsize if limit == resource.RLIM_INFINITY else limit


_STORE: ContextVar[_Store | None] = ContextVar("spill store", default=None)


@contextmanager
def spilling(folder: Path) -> Iterator[None]:
    """Keep large series in files of this folder, which must be on a disk: temporary folders often are memory."""
    token = _STORE.set(_Store(folder) if CAN_SPILL else None)
    try:
        yield
    finally:
        _STORE.reset(token)


def release() -> None:
    """Give back the memory of all series in files, which stay as they are; it may be called at any time."""
    with _LOCK:
        for memory in _MAPS:
            memory.madvise(mmap.MADV_DONTNEED)  # of a shared file: its content stays in the file's cache


def map_file(path: Path) -> mmap.mmap | bytes:
    """Return the content of a file, read-only; not in memory where the system can take pages back.

    The file may be replaced or removed meanwhile, but not written to.
    """
    with path.open("rb") as file:
        if not CAN_SPILL:
            return file.read()
        memory = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    _note(memory)
    return memory


def allocate(shape: tuple[int, ...], dtype: npt.DTypeLike = np.float64, fill: float | None = None) -> Array:
    """Return a new writeable array, a large one in a file; its content is undefined without ``fill``."""
    spilt = _allocate_in_file(shape, np.dtype(dtype))
    array = np.empty(shape, dtype) if spilt is None else spilt
    if fill is not None:
        for rows in _blocks(array):
            array[rows] = fill
    return array


def to_readonly(array: Array) -> Array:
    """Return the array read-only, a large one in a file; the caller must not use the given one any more."""
    place = _allocate_in_file(array.shape, array.dtype) if _map_of(array) is None else None
    if place is not None:
        array = _filled(place, array)
    if array.nbytes >= SPILL_BYTES:
        release()  # a finished series marks the end of a step
    array.setflags(write=False)
    return array


def copy_to_store(array: Array, dtype: npt.DTypeLike | None = None) -> Array:
    """Return a contiguous copy, a large one in a file; of another type if there is a ``dtype``."""
    return _filled(allocate(array.shape, dtype or array.dtype), array)


def _allocate_in_file(shape: tuple[int, ...], dtype: np.dtype[Any]) -> Array | None:
    """Return an array of zeros in a file; None for a small one and where it has to be in memory."""
    store, n_bytes = _STORE.get(), math.prod(shape) * dtype.itemsize
    return store.new_array(shape, dtype, n_bytes) if store is not None and n_bytes >= SPILL_BYTES else None


def _filled(place: Array, array: Array) -> Array:
    for rows in _blocks(place):
        place[rows] = array[rows]
    return place


def frame_blocks(n_frames: int) -> Iterator[slice]:
    """Yield consecutive stretches of :data:`BLOCK_FRAMES`, at least one; series in files are released after each."""
    for start in range(0, max(n_frames, 1), BLOCK_FRAMES):
        yield slice(start, min(start + BLOCK_FRAMES, n_frames))
        release()


def _blocks(array: Array) -> Iterator[Any]:
    """Yield what to write at a time; the pages of a file are given back after each."""
    if _map_of(array) is None:
        yield ...
        return
    step = max(1, _COPIED_BYTES * len(array) // array.nbytes)
    for start in range(0, len(array), step):
        yield slice(start, start + step)
        release()


def _map_of(array: Array) -> mmap.mmap | None:
    """Return the map that the array, or what it is a view of, lives in."""
    base: Any = array
    while isinstance(base, np.ndarray):
        base = base.base
    return base if isinstance(base, mmap.mmap) else None

"""Numpy archives with a JSON header: the internal files that one stage hands to the next.

The bytes depend on the content only: entries carry a constant date, nothing is compressed, nothing is pickled.
Each entry has a checksum, so a damaged file is noticed when it is read.
"""

from __future__ import annotations

import math
import struct
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any, Final

import numpy as np
import numpy.typing as npt
import orjson

from vidpose.errors import OutputError
from vidpose.state.atomic import atomic_path
from vidpose.state.json_text import json_bytes
from vidpose.types.mapped_arrays import map_file, release

Array = npt.NDArray[Any]
HEADER: Final = "header"
_PIECE_BYTES: Final = 4 << 20
# What numpy and zipfile raise on damaged bytes: broken structure, wrong checksum, a flipped flag of the zip format.
_DAMAGE: Final = (zipfile.BadZipFile, ValueError, KeyError, TypeError, EOFError, OSError, RuntimeError)


def save_archive(path: Path, kind: str, header: Mapping[str, Any], arrays: Mapping[str, Array]) -> None:
    """Write named arrays and a header of plain JSON values to one ``.npz`` file, atomically.

    Parameters
    ----------
    path
        The file to write.
    kind
        Name and version of the format, for example ``"vidpose.pose_segment/1"``.
    header
        Plain JSON values; NaN is not one of them.
    arrays
        Arrays of numbers or truth values; none may be called ``"header"``.
    """
    text = json_bytes({"kind": kind, **header}, option=orjson.OPT_SORT_KEYS)
    entries: dict[str, Any] = {HEADER: np.frombuffer(text, np.uint8), **arrays}
    with atomic_path(path) as temporary, zipfile.ZipFile(temporary, "w") as archive:
        for name, values in entries.items():
            with archive.open(f"{name}.npy", "w", force_zip64=True) as stream:
                _write_array(stream, np.asarray(values, order="C"))


def _write_array(stream: IO[bytes], array: Array) -> None:
    """Write what numpy would write, but by pieces: of a series in a file, one piece is in memory."""
    header = np.lib.format.header_data_from_array_1_0(array)
    np.lib.format.write_array_header_1_0(stream, header)
    flat = array.reshape(-1)
    step = _PIECE_BYTES // array.itemsize
    for start in range(0, array.size, step):
        stream.write(flat[start : start + step].data)
        release()


def load_archive(path: Path, kind: str, only: Sequence[str] | None = None) -> tuple[dict[str, Any], dict[str, Array]]:
    """Read what :func:`save_archive` wrote; the arrays are read-only.

    Parameters
    ----------
    path, kind
        As they were given there.
    only
        Names of the arrays to read; None for all.

    Raises
    ------
    OutputError
        When the file is missing, damaged or of another kind.
    """
    try:
        with zipfile.ZipFile(path) as entries:  # a plain .npy or a pickle is refused before numpy reads it
            if any(entry.compress_type != zipfile.ZIP_STORED for entry in entries.infolist()):
                raise ValueError("expected arrays that are not compressed")  # they could unpack to any size
            for entry in entries.infolist():
                if only is None or entry.filename.removesuffix(".npy") in (HEADER, *only):
                    array_bytes(entries, entry)
        with np.load(path, allow_pickle=False) as archive:
            arrays = {name: archive[name] for name in (archive.files if only is None else (HEADER, *only))}
        header: dict[str, Any] = orjson.loads(arrays.pop(HEADER).tobytes())
        found = header.pop("kind")
    except _DAMAGE as error:
        raise damaged(path, kind, error) from error
    if found != kind:
        raise OutputError(f"{path}: expected a file of kind {kind}, found {found}; remove it and run again", path=path)
    for array in arrays.values():
        array.setflags(write=False)
    return header, arrays


def array_bytes(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> int:
    """Return what an array takes in memory, before it is read.

    Raises
    ------
    ValueError
        When it holds no numbers, or its header states another size than the archive.
    """
    with archive.open(entry) as stream:
        version = np.lib.format.read_magic(stream)
        read_header = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
        shape, _, dtype = read_header(stream)
        n_bytes = math.prod(shape) * dtype.itemsize
        if dtype.hasobject:
            raise ValueError(f"{entry.filename}: expected numbers, got Python objects")
        if n_bytes + stream.tell() != entry.file_size:
            raise ValueError(f"{entry.filename}: expected numbers, as many as its header says")
    return n_bytes


def map_archive(path: Path, kind: str) -> tuple[dict[str, Any], dict[str, Array]]:
    """Read what :func:`save_archive` wrote, but leave the arrays in the file until they are used.

    Checksums are compared all the same. Those with one number per frame are read, as they are searched through; in the
    file they would not lie where a processor wants them. Parameters and errors as for :func:`load_archive`.
    """
    header, _ = load_archive(path, kind, only=())
    try:
        content = map_file(path)
        with zipfile.ZipFile(path) as archive:
            entries = {info.filename.removesuffix(".npy"): info for info in archive.infolist()}
            arrays = {name: _mapped_array(archive, info, content) for name, info in entries.items() if name != HEADER}
    except _DAMAGE as error:
        raise damaged(path, kind, error) from error
    return header, arrays


def _mapped_array(archive: zipfile.ZipFile, info: zipfile.ZipInfo, content: Any) -> Array:
    """Return an array where it lies in the archive's content; read it once, as its checksum is compared then."""
    with archive.open(info) as stream:
        if np.lib.format.read_magic(stream) != (1, 0) or info.compress_type != zipfile.ZIP_STORED:
            raise ValueError(f"{info.filename}: expected an array that is not compressed")
        shape, in_columns, dtype = np.lib.format.read_array_header_1_0(stream)
        in_entry = stream.tell()
        if in_entry + math.prod(shape) * dtype.itemsize != info.file_size or in_columns or dtype.hasobject:
            raise ValueError(f"{info.filename}: expected numbers, row by row, as many as its header says")
        while stream.read(_PIECE_BYTES):
            pass
    # Before an entry lie 30 bytes, its name and a field whose length only this place tells (PKWARE APPNOTE 4.3.7).
    name_bytes, extra_bytes = struct.unpack_from("<HH", content, info.header_offset + 26)
    offset = info.header_offset + 30 + name_bytes + extra_bytes + in_entry
    array: Array = np.ndarray(shape, dtype, buffer=content, offset=offset)
    if array.ndim <= 1:
        array = array.copy()
    array.setflags(write=False)
    return array


def damaged(path: Path, kind: str, error: Exception) -> OutputError:
    """Return the error that says which file cannot be read and what to do."""
    return OutputError(f"{path}: not a readable {kind} file ({error!r}); remove it and run again", path=path)

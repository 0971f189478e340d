"""C3D: marker positions for Visual3D, Mokka, Vicon Nexus, QTM and MATLAB.

Own code (the layout is that of the C3D user guide, c3d.org), because the libraries that write the format do not do
here. ezc3d 1.7 takes 0.8 GB for an hour of 33 markers, and cuts a file behind frame 65 535 unless two parameters are
set by hand. c3d 0.6 leaves the coordinates of the frame before in missing samples, and goes frame by frame in Python.
``make test-readers`` opens the files with ezc3d.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import numpy as np

from vidpose.results.exports.markers import MarkerSet
from vidpose.results.video_result import chunks
from vidpose.state.atomic import atomic_path
from vidpose.types.arrays import Float32Array
from vidpose.types.skeleton import LANDMARK_NAMES

_BLOCK: Final = 512
_PARAMETERS_KEY: Final = 0x50
_INTEL: Final = 84
_LARGEST: Final = 0xFFFF
_MM_PER_M: Final = 1000.0
_MISSING_RESIDUAL: Final = -1.0
_PARAMETER_BLOCK: Final = 2


def write_c3d(path: Path, markers: MarkerSet, rows: slice, columns: tuple[int, ...]) -> None:
    """Write some markers in some rows in millimetres, atomically.

    Frames are numbered as in the whole series, from 1. A missing sample has residual -1 and NaN as coordinates, so
    that a program that overlooks the residual does not see a marker in the origin.

    Parameters
    ----------
    path
        The file to write.
    markers
        The positions, in metres.
    rows
        Consecutive samples, at least one.
    columns
        Numbers of the landmarks.

    Raises
    ------
    ValueError
        When the markers are not in metres.
    """
    if markers.unit != "m":
        raise ValueError(f"markers: expected metres, got {markers.unit}")
    names = [LANDMARK_NAMES[column] for column in columns]
    frames = (rows.start + 1, rows.stop)  # first and last, both inclusive
    draft = _parameters(names, frames, markers.uniform.rate_hz, data_block=0)
    data_block = _PARAMETER_BLOCK + len(draft) // _BLOCK
    with atomic_path(path) as temporary, temporary.open("wb") as stream:
        stream.write(_header(len(names), frames, markers.uniform.rate_hz, data_block))
        stream.write(_parameters(names, frames, markers.uniform.rate_hz, data_block))
        for part in _data(markers, rows, columns):
            stream.write(part.tobytes())
        stream.write(bytes(-stream.tell() % _BLOCK))


def _data(markers: MarkerSet, rows: slice, columns: tuple[int, ...]) -> Iterator[Float32Array]:
    for part in chunks(rows.stop - rows.start):
        points = markers.points(slice(rows.start + part.start, rows.start + part.stop), columns) * _MM_PER_M
        residual = np.where(np.isfinite(points[..., :1]), 0.0, _MISSING_RESIDUAL)
        yield np.concatenate([points, residual], axis=2).astype("<f4")


def _header(n_points: int, frames: tuple[int, int], rate_hz: float, data_block: int) -> bytes:
    """Return the first block; scale -1 says that the samples are floating point."""
    first, last = (min(frame, _LARGEST) for frame in frames)
    fields = struct.pack(
        "<BBHHHHHfHHf", _PARAMETER_BLOCK, _PARAMETERS_KEY, n_points, 0, first, last, 0, -1.0, data_block, 0, rate_hz
    )
    return fields.ljust(_BLOCK, b"\0")


def _parameters(names: Sequence[str], frames: tuple[int, int], rate_hz: float, data_block: int) -> bytes:
    first, last = frames
    n_frames = last - first + 1
    groups = (
        (
            "POINT",
            (
                _whole("USED", len(names)),
                _whole("FRAMES", min(n_frames, _LARGEST)),
                _whole("DATA_START", data_block),
                _real("SCALE", -1.0),
                _real("RATE", rate_hz),
                _words("UNITS", ["mm"], scalar=True),
                _words("LABELS", names),
                _words("X_SCREEN", ["+X"], scalar=True),
                _words("Y_SCREEN", ["+Y"], scalar=True),
            ),
        ),
        ("ANALOG", (_whole("USED", 0), _real("RATE", 0.0), _real("GEN_SCALE", 1.0))),
        ("FORCE_PLATFORM", (_whole("USED", 0),)),
        # the header's frame numbers have 16 bits, these have 32: low word, high word
        ("TRIAL", (_long("ACTUAL_START_FIELD", first), _long("ACTUAL_END_FIELD", last))),
        ("MANUFACTURER", (_words("SOFTWARE", ["vidpose"], scalar=True),)),
    )
    records = b"".join(_group(number, *group) for number, group in enumerate(groups, start=1))
    n_blocks = -(-(4 + len(records) + 2) // _BLOCK)
    return (bytes((1, _PARAMETERS_KEY, n_blocks, _INTEL)) + records).ljust(n_blocks * _BLOCK, b"\0")


def _group(number: int, name: str, parameters: Sequence[tuple[str, bytes]]) -> bytes:
    records = [_record(name, -number, b"")]
    records += [_record(parameter, number, content) for parameter, content in parameters]
    return b"".join(records)


def _record(name: str, number: int, content: bytes) -> bytes:
    """Return a group or a parameter: name, way to the next record, content, an empty description."""
    return struct.pack("<bb", len(name), number) + name.encode() + struct.pack("<h", len(content) + 3) + content + b"\0"


def _whole(name: str, value: int) -> tuple[str, bytes]:
    return name, struct.pack("<bBH", 2, 0, value)


def _long(name: str, value: int) -> tuple[str, bytes]:
    return name, struct.pack("<bBBI", 2, 1, 2, value)


def _real(name: str, value: float) -> tuple[str, bytes]:
    return name, struct.pack("<bBf", 4, 0, value)


def _words(name: str, words: Sequence[str], *, scalar: bool = False) -> tuple[str, bytes]:
    width = max(map(len, words), default=0)
    sizes = (width,) if scalar else (width, len(words))
    text = "".join(word.ljust(width) for word in words).encode()
    return name, struct.pack("<bB", -1, len(sizes)) + bytes(sizes) + text

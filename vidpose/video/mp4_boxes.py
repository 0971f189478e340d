"""The boxes of an MP4 or QuickTime file (ISO/IEC 14496-12), read one header at a time."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final

_HEADER: Final = struct.Struct(">I4s")
_LARGE: Final = struct.Struct(">Q")
_MAX_BOXES: Final = 10_000
"""Ours, of one level; a fragmented recording of an hour has some thousands."""
MAX_CONTENT_BYTES: Final = 1 << 20
"""Ours: the boxes that are read whole are short."""


@dataclass(frozen=True, slots=True)
class Mp4Box:
    """One box: its type, and where its content begins and ends in the file."""

    kind: bytes
    start: int
    stop: int

    def content(self, file: BinaryIO) -> bytes:
        """Return the content, at most :data:`MAX_CONTENT_BYTES`."""
        file.seek(self.start)
        return file.read(min(self.stop - self.start, MAX_CONTENT_BYTES))


def whole_file(file: BinaryIO) -> Mp4Box:
    """Return the file as the box around all boxes."""
    return Mp4Box(b"", 0, file.seek(0, 2))


def boxes_in(file: BinaryIO, outer: Mp4Box, *path: bytes) -> Iterator[Mp4Box]:
    """Yield the boxes in a box; with a path of types, those at its end. What is cut off or malformed ends it."""
    for box in _inner(file, outer):
        if not path or path == (box.kind,):
            yield box
        elif box.kind == path[0]:
            yield from boxes_in(file, box, *path[1:])


def _inner(file: BinaryIO, outer: Mp4Box) -> Iterator[Mp4Box]:
    start = outer.start
    for _ in range(_MAX_BOXES):
        file.seek(start)
        header = file.read(_HEADER.size + _LARGE.size)
        if start + _HEADER.size > outer.stop or len(header) < _HEADER.size:
            return
        size, kind = _HEADER.unpack_from(header)
        content = start + _HEADER.size
        if size == 1 and len(header) == _HEADER.size + _LARGE.size:
            size, content = _LARGE.unpack_from(header, _HEADER.size)[0], content + _LARGE.size
        stop = outer.stop if size == 0 else start + size
        if stop < content or stop > outer.stop:
            return
        yield Mp4Box(kind, content, stop)
        start = stop

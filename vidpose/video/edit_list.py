"""Edit lists of MP4 and QuickTime files: parts of the recording that are left out, repeated or played at another speed.

The decoder shows the parts one after the other, each at the speed at which it was recorded. Where a part does not begin
where the one before ended, the picture jumps (ISO/IEC 14496-12, 8.6.6).
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO, Final

import numpy as np

from vidpose.types.arrays import IntArray
from vidpose.types.findings import Finding
from vidpose.types.video import VideoIndex
from vidpose.video.mp4_boxes import Mp4Box, boxes_in, whole_file

_ENTRY: Final = {0: struct.Struct(">Iihh"), 1: struct.Struct(">Qqhh")}
_LEAST_JUMP_FRAMES: Final = 1.5
"""Ours: encoders round the ends of parts to ticks of another clock, by less than a frame."""
_MAX_NAMED: Final = 5


@dataclass(frozen=True, slots=True)
class Edit:
    """One part: when it is shown, which part of the recording it shows, s, and at what speed a player shows it.

    ``media_s`` is None for a pause without picture.
    """

    start_s: float
    duration_s: float
    media_s: float | None
    speed: float


def read_edits(path: Path, track_id: int) -> tuple[Edit, ...]:
    """Return the edit list of a track; empty when there is none, it is damaged, or the file is of another kind."""
    try:
        with path.open("rb") as file:
            return _edits(file, track_id)
    except (OSError, struct.error, ZeroDivisionError, IndexError, StopIteration):
        return ()


def jump_stamps(edits: tuple[Edit, ...], index: VideoIndex) -> IntArray:
    """Return the stamps of the shown frames with which the picture jumps to another place of the recording."""
    least_s = _LEAST_JUMP_FRAMES * index.frame_period_s
    shown = [edit for edit in edits if edit.media_s is not None]
    jumps = []
    for before, after in pairwise(shown):
        expected_s = (before.media_s or 0.0) + before.duration_s
        if abs((after.media_s or 0.0) - expected_s) > least_s:
            at = int(np.searchsorted(index.pts, (after.start_s - least_s / 3) / float(index.time_base)))
            jumps += [int(index.pts[at])] if 0 < at < index.n_frames else []
    return np.array(jumps, dtype=np.int64)


def edit_findings(edits: tuple[Edit, ...], index: VideoIndex) -> tuple[Finding, ...]:
    """Return the finding about an edit list that changes the order or the speed of the recording."""
    jumps_s = [index.source.seconds(int(pts)) for pts in index.jump_pts]
    slow = [edit for edit in edits if edit.media_s is not None and edit.speed not in (0.0, 1.0)]
    if not jumps_s and not slow:
        return ()
    said = []
    if jumps_s:
        where = ", ".join(f"{time_s:.2f} s" for time_s in jumps_s[:_MAX_NAMED])
        said.append(f"the picture jumps to another place of the recording at {where}")
    for edit in slow[:_MAX_NAMED]:
        stop_s = edit.start_s + edit.duration_s
        said.append(f"the file asks players to show {edit.start_s:.2f} to {stop_s:.2f} s at {edit.speed:g} times")
    if slow:
        said.append("speeds were measured as recorded")
    details = {"jumps_s": jumps_s, "speeds": [[edit.start_s, edit.duration_s, edit.speed] for edit in slow]}
    return (Finding("edit_list", "; ".join(said), details=details),)


def _edits(file: BinaryIO, track_id: int) -> tuple[Edit, ...]:
    for movie in boxes_in(file, whole_file(file), b"moov"):
        movie_hz = _timescale(next(boxes_in(file, movie, b"mvhd")).content(file))
        for track in boxes_in(file, movie, b"trak"):
            if _track_id(file, track) == track_id:
                media_hz = _timescale(next(boxes_in(file, track, b"mdia", b"mdhd")).content(file))
                found = next(boxes_in(file, track, b"edts", b"elst"), None)
                return () if found is None else _entries(found.content(file), movie_hz, media_hz)
    return ()


def _track_id(file: BinaryIO, track: Mp4Box) -> int:
    header = next(boxes_in(file, track, b"tkhd")).content(file)
    return int(struct.unpack_from(">I", header, 20 if header[0] else 12)[0])


def _timescale(header: bytes) -> int:
    return int(struct.unpack_from(">I", header, 20 if header[0] else 12)[0])


def _entries(content: bytes, movie_hz: int, media_hz: int) -> tuple[Edit, ...]:
    entry, (n_entries,) = _ENTRY[1 if content[0] else 0], struct.unpack_from(">I", content, 4)
    edits, start = [], 0
    for number in range(min(n_entries, (len(content) - 8) // entry.size)):
        duration, media, whole, part = entry.unpack_from(content, 8 + number * entry.size)
        edits.append(
            Edit(
                start_s=float(Fraction(start, movie_hz)),
                duration_s=float(Fraction(duration, movie_hz)),
                media_s=None if media < 0 else float(Fraction(media, media_hz)),
                speed=whole + (part & 0xFFFF) / 65536,
            )
        )
        start += duration
    return tuple(edits)

"""Interlaced video: the two fields of a frame, as two frames (line doubling, "bob").

A field holds every second line, taken half a frame period after or before the others. The lines between are
interpolated from their neighbours, so size and coordinates stay those of the frame.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from vidpose.types.arrays import ByteArray, IntArray
from vidpose.video.reading import ReadingSettings
from vidpose.video.stamps import SettledStamps

_PROGRESSIVE: Final = 1
_BOTTOM_FIRST: Final = frozenset({3, 4})
"""ffmpeg's AVFieldOrder: 0 unknown, 1 progressive, 2 top field first, 3 bottom first; 4 and 5 store one field first and
show the other first: 4 the bottom one, 5 the top one."""


@dataclass(frozen=True, slots=True)
class Fields:
    """How the frames of a video are split.

    Attributes
    ----------
    interlaced
        Whether the file marks its frames as interlaced.
    ticks
        Ticks from the first to the second field, on a clock of half the stream's ticks; 0 when frames stay whole.
    top_first
        Whether the upper line belongs to the first field.
    refused
        Why frames stay whole although splitting was requested.
    """

    interlaced: bool = False
    ticks: int = 0
    top_first: bool = True
    refused: str = ""

    @property
    def per_frame(self) -> int:
        """Frames that each frame of the file becomes."""
        return 2 if self.ticks else 1

    def stamps(self, pts: IntArray) -> IntArray:
        """Return the stamps of all frames or fields, given those of the file's frames."""
        if not self.ticks:
            return pts
        both: IntArray = (2 * pts[:, None] + np.array([0, self.ticks])).ravel()
        return both


def fields_of(stream: VideoStream, frame: VideoFrame, stamps: SettledStamps, reading: ReadingSettings) -> Fields:
    """Return how to split the frames of a stream whose first frame was decoded."""
    order = int(stream.codec_context.field_order)
    if not frame.interlaced_frame and order <= _PROGRESSIVE:
        return Fields()
    top_first = order not in _BOTTOM_FIRST
    if not reading.split_fields:
        return Fields(True, 0, top_first)
    steps = np.diff(stamps.pts)
    ticks = int(np.median(steps)) if len(steps) else 1
    if len(steps) and 2 * int(steps.min()) <= ticks:
        return Fields(True, 0, top_first, "their time stamps are too irregular")
    return Fields(True, ticks, top_first)


def field_lines(plane: ByteArray, parity: int) -> ByteArray:
    """Return a plane with the lines of one field, 0 for the upper; those between are the mean of their neighbours."""
    kept = plane[parity::2]
    if not len(kept):
        return plane
    doubled = np.empty_like(plane, order="C")
    doubled[parity::2] = kept
    between = doubled[1 - parity :: 2]
    wide = kept.astype(np.uint16)
    means = ((wide[:-1] + wide[1:] + 1) >> 1).astype(np.uint8)
    if parity:
        between[0] = kept[0]
        between[1 : 1 + len(means)] = means[: len(between) - 1]
    else:
        between[: len(means)] = means
    between[len(means) + parity :] = kept[-1]
    doubled.setflags(write=False)
    return doubled

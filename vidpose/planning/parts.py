"""Cutting a video into parts that are drawn and encoded separately, by a rule that uses the video and one length."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from vidpose.types.arrays import IntArray
from vidpose.types.video import VideoIndex

# Ours: a decoder has to begin at the keyframe before a part; in a long video, few long parts keep that cost small.
_MAX_PARTS: Final = 32
# Ours: at this share of the requested length or more, a clip is worth two cores.
_TWO_FROM: Final = 0.75


@dataclass(frozen=True, slots=True)
class Part:
    """Frames ``[start, stop)`` of a video, by index and by time.

    ``start_pts`` and ``stop_pts`` are the same bounds in ticks. The first part has no ``start_pts`` and the last one no
    ``stop_pts``: whatever decodes before or after belongs to them.
    """

    number: int
    start: int
    stop: int
    start_pts: int | None
    stop_pts: int | None

    @property
    def n_frames(self) -> int:
        """Number of frames that the index announces."""
        return self.stop - self.start


def plan_parts(index: VideoIndex, part_s: float) -> tuple[Part, ...]:
    """Return the parts of a video; their frames tile it without gap or overlap.

    Parameters
    ----------
    index
        The probed video.
    part_s
        Requested length, s of the video's own time. Parts of one video are equally long to within a frame, or end at a
        keyframe near that. A video shorter than three quarters of this is one part, one shorter than 2.5 times this is
        two, and a very long one has longer parts.
    """
    if not part_s > 0:
        raise ValueError(f"part_s: expected more than 0, got {part_s}")
    n_frames, pts = index.n_frames, index.pts
    wanted = math.floor(index.duration_s / part_s + 0.5)
    least = 2 if index.duration_s >= _TWO_FROM * part_s else 1
    n_parts = max(1, min(max(wanted, least), n_frames, _MAX_PARTS))
    key_frames = np.searchsorted(pts, index.key_pts)
    borders = [
        0,
        *(_border(number * n_frames // n_parts, n_frames // (2 * n_parts), key_frames) for number in range(1, n_parts)),
        n_frames,
    ]
    return tuple(
        Part(
            number=number,
            start=borders[number],
            stop=borders[number + 1],
            start_pts=None if number == 0 else int(pts[borders[number]]),
            stop_pts=None if number == n_parts - 1 else int(pts[borders[number + 1]]),
        )
        for number in range(n_parts)
    )


def _border(wanted: int, reach: int, key_frames: IntArray) -> int:
    """Return the keyframe nearest to the wanted frame if it is less than ``reach`` away, else the wanted frame."""
    if len(key_frames):
        nearest = int(key_frames[np.argmin(np.abs(key_frames - wanted))])
        if abs(nearest - wanted) < reach:
            return nearest
    return wanted

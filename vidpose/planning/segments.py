"""Cut a video into fixed segments by a rule that knows the video and the configuration only."""

from __future__ import annotations

import math
from dataclasses import dataclass

from vidpose.types.arrays import IntArray
from vidpose.types.video import Segment, VideoIndex


@dataclass(frozen=True, slots=True)
class SegmentSettings:
    """How long videos are cut.

    Attributes
    ----------
    length_s
        Clips shorter than 1.5 times this stay whole; longer ones are cut into equal parts of about this length.
    warmup_s
        Stretch before a segment that the tracker sees first, so that it has settled when the segment begins.
    min_warmup_frames
        Lower bound of the warm-up. Ours: a restarted tracker reaches its usual noise after 15 to 30 frames.
    """

    length_s: float = 60.0
    warmup_s: float = 1.0
    min_warmup_frames: int = 15

    def __post_init__(self) -> None:
        if self.length_s <= 0:
            raise ValueError(f"length_s: expected more than 0, got {self.length_s}")
        if self.warmup_s < 0 or self.warmup_s >= self.length_s:
            raise ValueError(f"warmup_s: expected 0 up to length_s, got {self.warmup_s}")
        if self.min_warmup_frames < 0:
            raise ValueError(f"min_warmup_frames: expected 0 or more, got {self.min_warmup_frames}")


def plan_segments(index: VideoIndex, settings: SegmentSettings) -> tuple[Segment, ...]:
    """Return the segments of a video; their core frames tile it without gap or overlap.

    Parameters
    ----------
    index
        The probed video.
    settings
        Lengths, in seconds of the video's own time.
    """
    n_frames = index.n_frames
    n_segments = max(1, min(math.floor(index.duration_s / settings.length_s + 0.5), n_frames))
    starts = [k * n_frames // n_segments for k in range(n_segments)] + [n_frames]
    warmup = _warmup_frames(index, settings)
    return tuple(_segment(index.pts, k, starts[k], starts[k + 1], warmup) for k in range(n_segments))


def _warmup_frames(index: VideoIndex, settings: SegmentSettings) -> int:
    period_s = index.frame_period_s
    # Less a hair: 1 s at 60 Hz is 60 frames, whichever way the period was rounded.
    by_time = math.ceil(settings.warmup_s / period_s - 1e-6) if period_s > 0 else 0
    return max(by_time, settings.min_warmup_frames)


def _segment(pts: IntArray, number: int, start: int, stop: int, warmup: int) -> Segment:
    warmup_start = max(0, start - warmup)
    return Segment(
        number=number,
        warmup_start=warmup_start,
        start=start,
        stop=stop,
        warmup_start_pts=None if number == 0 else int(pts[warmup_start]),
        start_pts=int(pts[start]),
        stop_pts=None if stop == len(pts) else int(pts[stop]),
    )

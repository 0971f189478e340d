"""Cutting a video into fixed segments, by a rule that uses the video and the configuration only."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

from vidpose.types.arrays import IntArray
from vidpose.types.video import Segment, VideoIndex


@dataclass(frozen=True, slots=True)
class SegmentSettings:
    """How videos are cut into chains and segments.

    A *chain* is a run of consecutive segments posed in order by one tracker; chains of one video can run in parallel. A
    *segment* is the unit of storage, after which an interrupted run can resume.

    Attributes
    ----------
    chain_s
        Videos shorter than 1.5 times this are one chain or two, see ``unbroken_s``; longer ones are cut into an even
        number of equal chains of at most about this length, so that two processes finish together.
    length_s
        Chains shorter than 1.5 times this are one segment; longer ones are cut into equal parts of about this length.
    warmup_s
        Time before a chain that its trackers process first, so that they have settled when the chain begins.
    min_warmup_frames
        Least length of the warm-up. Ours: a restarted tracker reaches its usual noise after 15 to 30 frames.
    unbroken_s
        Videos of this length or more are at least two chains. Ours: one chain cannot keep two cores busy, so that a
        minute of video cost half as much again as a minute of a long one.
    """

    chain_s: float = 120.0
    length_s: float = 60.0
    warmup_s: float = 1.0
    min_warmup_frames: int = 15
    unbroken_s: float = 45.0

    def __post_init__(self) -> None:
        for name in ("chain_s", "length_s", "unbroken_s"):
            if getattr(self, name) <= 0:
                raise ValueError(f"{name}: expected more than 0, got {getattr(self, name)}")
        if self.warmup_s < 0 or self.warmup_s >= self.length_s:
            raise ValueError(f"warmup_s: expected 0 up to length_s, got {self.warmup_s}")
        if self.min_warmup_frames < 0:
            raise ValueError(f"min_warmup_frames: expected 0 or more, got {self.min_warmup_frames}")


def plan_segments(index: VideoIndex, settings: SegmentSettings, *, chained: bool = True) -> tuple[Segment, ...]:
    """Return the segments of a video; their core frames tile it without gap or overlap.

    Parameters
    ----------
    index
        The probed video.
    settings
        Lengths, in seconds of the video's own time.
    chained
        False for an estimator that cannot export its state: every segment is then its own chain.
    """
    warmup = _warmup_frames(index, settings)
    segments: list[Segment] = []
    duration_s, n_frames = index.duration_s, index.n_frames
    n_chains = _n_chains(duration_s, settings) if chained else _n_parts(duration_s, settings.length_s)
    chains = _equal_parts(0, n_frames, n_chains)
    for chain, (chain_start, chain_stop) in enumerate(chains):
        pieces = [(chain_start, chain_stop)]
        if chained:
            chain_s = duration_s * ((chain_stop - chain_start) / max(1, n_frames))
            pieces = _equal_parts(chain_start, chain_stop, _n_parts(chain_s, settings.length_s))
        for start, stop in pieces:
            n_before = warmup if start == chain_start else 0
            segments.append(_segment(index.pts, len(segments), chain, (max(0, start - n_before), start, stop)))
    return tuple(segments)


def _n_chains(duration_s: float, settings: SegmentSettings) -> int:
    n_chains = _n_parts(duration_s, settings.chain_s)
    if n_chains > 1 or duration_s >= settings.unbroken_s:
        n_chains = max(2, n_chains + n_chains % 2)
    return n_chains


def _n_parts(duration_s: float, length_s: float) -> int:
    return math.floor(duration_s / length_s + 0.5)


def _equal_parts(start: int, stop: int, n_parts: int) -> list[tuple[int, int]]:
    n_parts = max(1, min(n_parts, stop - start))
    borders = [start + k * (stop - start) // n_parts for k in range(n_parts)] + [stop]
    return list(pairwise(borders))


def _warmup_frames(index: VideoIndex, settings: SegmentSettings) -> int:
    period_s = index.frame_period_s
    # The tolerance makes 1 s at 60 Hz 60 frames, whichever way the period was rounded.
    by_time = math.ceil(settings.warmup_s / period_s - 1e-6) if period_s > 0 else 0
    return max(by_time, settings.min_warmup_frames)


def _segment(pts: IntArray, number: int, chain: int, frames: tuple[int, int, int]) -> Segment:
    warmup_start, start, stop = frames
    return Segment(
        number=number,
        warmup_start=warmup_start,
        start=start,
        stop=stop,
        warmup_start_pts=None if number == 0 else int(pts[warmup_start]),
        start_pts=int(pts[start]),
        stop_pts=None if stop == len(pts) else int(pts[stop]),
        chain=chain,
    )

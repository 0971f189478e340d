"""How long planned work takes and how much disk it fills: measured speeds where there are, else typical ones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from vidpose.workflow.video_plan import ReadyVideo, VideoPlan

TYPICAL_SECONDS = {"pose": 0.002, "render": 0.005}
"""Processor seconds per frame and megapixel that remain after :data:`TYPICAL_SECONDS_PER_FRAME` (ours, one core)."""
TYPICAL_SECONDS_PER_FRAME = {"pose": 0.006, "render": 0.001}
TABLE_BYTES_PER_FRAME = 10_000
"""Pose model, tables and stored poses of one person (ours, from real clips)."""
PICTURE_BYTES_PER_MEGAPIXEL = 12_000
"""One frame of the annotated video (ours, from real clips)."""


@dataclass(frozen=True, slots=True)
class WorkEstimate:
    """Work that is ahead: ``seconds`` of one processor core, ``disk_bytes`` of new files."""

    seconds: float
    disk_bytes: float

    def __add__(self, other: WorkEstimate) -> WorkEstimate:
        return WorkEstimate(self.seconds + other.seconds, self.disk_bytes + other.disk_bytes)


def estimate(plan: VideoPlan, measured_speed: Callable[[str], float | None]) -> WorkEstimate:
    """Return what one video will cost.

    Parameters
    ----------
    plan
        What is missing of it.
    measured_speed
        Seconds per megapixel of a kind of work on this machine, or None when it was never measured.
    """
    if not isinstance(plan, ReadyVideo):
        return WorkEstimate(0.0, 0.0)
    megapixels = plan.index.width_px * plan.index.height_px / 1e6

    def seconds(kind: str, n_frames: int) -> float:
        known = measured_speed(kind)
        if known is not None:
            return known * megapixels * n_frames
        return (TYPICAL_SECONDS[kind] * megapixels + TYPICAL_SECONDS_PER_FRAME[kind]) * n_frames

    total = WorkEstimate(0.0, 0.0)
    if plan.why_analyse:
        total += WorkEstimate(seconds("pose", plan.frames_to_pose), TABLE_BYTES_PER_FRAME * plan.index.n_frames)
    if plan.why_render:
        picture_bytes = PICTURE_BYTES_PER_MEGAPIXEL * megapixels * plan.index.n_frames
        total += WorkEstimate(seconds("render", plan.index.n_frames), picture_bytes)
    return total

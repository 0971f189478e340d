"""Joining segments: compare the two sides of every border, and keep the cores only.

A tracker that restarts at a segment may then follow another person. Both sides contain the warm-up frames, so they can
be compared there.

The rule (ours)
    The disagreement of a border is the median distance between the same landmarks in the same frames, over the second
    half of the warm-up, divided by the median torso length. Above ``max_disagreement`` the later segment is posed again
    as a *guided restart*: in its warm-up frames everything outside the earlier person's box is blanked, so the detector
    can only find that person. A border that still disagrees is recorded, and nothing is filtered or joined across it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from vidpose.types.arrays import BoolArray, Float32Array, FloatArray, IntArray
from vidpose.types.pose import PoseTrack
from vidpose.types.skeleton import LANDMARK_INDEX

SeamState = Literal["agrees", "repaired", "disagrees", "not_comparable"]


@dataclass(frozen=True, slots=True)
class SeamSettings:
    """When two sides of a border count as the same person.

    ``max_disagreement`` is in torso lengths. Where a restart of MediaPipe found the same person, the sides differed by
    0.004 to 0.24; where it found another person, by 4 or more (ours, 20 borders in two real clips).
    ``guide_margin`` widens the person's box of a guided restart on each side, as a share of the box.
    """

    max_disagreement: float = 0.25
    guide_margin: float = 0.35

    def __post_init__(self) -> None:
        if self.max_disagreement <= 0:
            raise ValueError(f"max_disagreement: expected more than 0, got {self.max_disagreement}")
        if self.guide_margin < 0:
            raise ValueError(f"guide_margin: expected 0 or more, got {self.guide_margin}")


@dataclass(frozen=True, slots=True)
class Seam:
    """One border between two segments: the segment after it, its time, and how well both sides agree."""

    segment: int
    time_s: float
    state: SeamState
    disagreement: float | None


@dataclass(frozen=True, slots=True)
class Guide:
    """Boxes that a guided restart leaves visible, one per warm-up frame.

    ``pts`` are ticks, ``boxes_px`` are (left, top, right, bottom) of the upright frame.
    """

    pts: tuple[int, ...]
    boxes_px: tuple[tuple[float, float, float, float], ...]


def seam_disagreement(earlier: PoseTrack, later: PoseTrack, later_warmup: BoolArray) -> float | None:
    """Return how much the two sides of a border disagree.

    Parameters
    ----------
    earlier
        Track of the segment before the border.
    later
        Track of the segment after it, including its warm-up frames.
    later_warmup
        True in the later track's warm-up frames, shape (T,).

    Returns
    -------
    float or None
        Disagreement in torso lengths; None when no frame shows a person on both sides.
    """
    a, b = _common_frames(earlier, later, later_warmup)
    if not len(a):
        return None
    half = len(a) // 2
    first, second = earlier.image_px[a[half:]], later.image_px[b[half:]]
    torso = _torso_px(first)
    distance = np.linalg.norm(first - second, axis=2) / torso[:, None]
    if not np.isfinite(distance).any():
        return None
    return float(np.nanmedian(distance))


def _common_frames(earlier: PoseTrack, later: PoseTrack, later_warmup: BoolArray) -> tuple[IntArray, IntArray]:
    later_frames = np.flatnonzero(later_warmup & later.found)
    earlier_frames = np.flatnonzero(earlier.found)
    _, a, b = np.intersect1d(earlier.pts[earlier_frames], later.pts[later_frames], return_indices=True)
    return earlier_frames[a], later_frames[b]


def _torso_px(image_px: Float32Array) -> FloatArray:
    """Return the distance from mid-shoulder to mid-hip, px, shape (T,), but no less than its median."""
    shoulders = (image_px[:, LANDMARK_INDEX["left_shoulder"]] + image_px[:, LANDMARK_INDEX["right_shoulder"]]) / 2
    hips = (image_px[:, LANDMARK_INDEX["left_hip"]] + image_px[:, LANDMARK_INDEX["right_hip"]]) / 2
    length = np.linalg.norm(shoulders - hips, axis=1)
    floor = np.nanmedian(length) if np.isfinite(length).any() else np.nan
    torso: FloatArray = np.maximum(np.maximum(length, floor), 1.0)
    return torso


def guide_from(earlier: PoseTrack, warmup_pts: Sequence[int], settings: SeamSettings) -> Guide:
    """Return the boxes around the earlier segment's person in the warm-up frames of the next one."""
    wanted = set(warmup_pts)
    rows = [i for i in np.flatnonzero(earlier.found) if int(earlier.pts[i]) in wanted]
    boxes = []
    for row in rows:
        left, top = np.nanmin(earlier.image_px[row], axis=0)
        right, bottom = np.nanmax(earlier.image_px[row], axis=0)
        margin = settings.guide_margin * max(right - left, bottom - top)
        boxes.append((float(left - margin), float(top - margin), float(right + margin), float(bottom + margin)))
    return Guide(tuple(int(earlier.pts[row]) for row in rows), tuple(boxes))


def breaks_at(track: PoseTrack, seams: Sequence[Seam]) -> tuple[int, ...]:
    """Return the frames of a joined track at which a border disagrees, so that nothing is joined across them."""
    times = [seam.time_s for seam in seams if seam.state == "disagrees"]
    return tuple(int(np.searchsorted(track.timestamps_s, time - 1e-9)) for time in times)

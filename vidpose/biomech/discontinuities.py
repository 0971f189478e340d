"""Discontinuities: frames in which the tracked body jumps to another person, or the video was cut."""

from __future__ import annotations

from typing import Final

import numpy as np

from vidpose.biomech.body_size import pose_height_px
from vidpose.biomech.long_series import per_frame
from vidpose.types.arrays import FloatArray, IntArray

_MIN_JUMP_BH: Final = 0.5  # body heights; ours: the same person's landmarks never scatter as far as that together
_MAX_SPEED_BH_S: Final = 15.0  # ours: twice the fastest sprinters; a track that took another person has 27 and more
_MIN_LANDMARKS: Final = 4  # common to both frames; fewer say nothing about the whole body


def find_discontinuities(image_px: FloatArray, timestamps_s: FloatArray, glitch_s: float) -> list[int]:
    """Return the frames at which a new stretch must begin because the body cannot have moved there.

    Parameters
    ----------
    image_px
        Trusted landmarks, pixels, shape (T, 33, 2); NaN is missing.
    timestamps_s
        Seconds, shape (T,).
    glitch_s
        Displacements that end within this time are no discontinuities; the outlier test rejects those frames.
    """
    height_px = pose_height_px(image_px)
    known = np.isfinite(image_px[:, :, 0]).sum(axis=1) >= _MIN_LANDMARKS
    frames = np.flatnonzero(known & np.isfinite(height_px))
    distance_bh = _distance_bh(image_px, height_px, frames[:-1], frames[1:])
    seconds = np.diff(timestamps_s[frames])
    gone = (distance_bh > _MIN_JUMP_BH) & (distance_bh > _MAX_SPEED_BH_S * seconds)  # False for NaN
    discontinuities: list[int] = []
    settled = 0  # frames before this one belong to a glitch
    for before, after in zip(frames[:-1][gone].tolist(), frames[1:][gone].tolist(), strict=True):
        if after < settled:
            continue
        soon = frames[(frames >= after) & (timestamps_s[frames] <= timestamps_s[after] + glitch_s)]
        back = soon[_distance_bh(image_px, height_px, np.full_like(soon, before), soon) <= _MIN_JUMP_BH]
        if len(back):
            settled = int(back[0]) + 1
        else:
            discontinuities.append(after)
    return discontinuities


def _distance_bh(image_px: FloatArray, height_px: FloatArray, first: IntArray, then: IntArray) -> FloatArray:
    """Return for pairs of frames how far the median landmark is away, body heights; NaN without enough in common."""
    median_px = per_frame(lambda a, b: _median_px(image_px[a], image_px[b]), first, then)
    result: FloatArray = median_px / np.maximum(height_px[first], height_px[then])
    return result


def _median_px(before_px: FloatArray, after_px: FloatArray) -> FloatArray:
    distance_px = np.hypot(*np.moveaxis(after_px - before_px, 2, 0))
    common = np.isfinite(distance_px).sum(axis=1) >= _MIN_LANDMARKS
    median_px = np.full(len(distance_px), np.nan)
    median_px[common] = np.nanmedian(distance_px[common], axis=1)
    return median_px

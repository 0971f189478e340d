"""Placing labels: clear of the legend, of other labels and of the body they belong to."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np

from vidpose.types.arrays import FloatArray, IntArray
from vidpose.types.skeleton import BONES

Box = tuple[float, float, float, float]
"""Left, top, right, bottom in pixels."""

_TURNS_RAD: Final = [math.radians(turn) for turn in (0, 30, -30, 60, -60, 90, -90)]
_TURNS: Final = [(math.cos(turn), math.sin(turn)) for turn in _TURNS_RAD]
_BLOCK_FRAMES: Final = 512  # frames prepared at once, however long the video is
# Ours, chosen by eye:
_STEADY_S: Final = 0.3  # time constant with which labels turn about their joint, so that they do not flicker
_TRUNCATE: Final = 4.0  # standard deviations; beyond, a Gaussian is left out
_REACH_BH: Final = 0.12  # lines within this share of the body height push a label away
_BEND, _PUSH, _AWAY = 1.0, 0.8, 0.5  # weights: out of the bend, off lines nearby, away from the body


class LabelPlacer:
    """Keeps the labels of one frame apart and inside the picture.

    Parameters
    ----------
    frame_size
        Width and height of the frame, pixels.
    taken
        Boxes that no label may touch.
    """

    def __init__(self, frame_size: tuple[int, int], taken: Sequence[Box]) -> None:
        self._frame_size = frame_size
        self._taken = list(taken)

    def place(self, at_px: FloatArray, direction: FloatArray, size_px: tuple[int, int], gap_px: float) -> Box | None:
        """Return and reserve the first free box for a label, or None when there is no room.

        Parameters
        ----------
        at_px
            The joint, shape (2,).
        direction
            Unit vector from the joint towards the preferred place, shape (2,).
        size_px
            Width and height of the label.
        gap_px
            Free distance between joint and label; further attempts rotate around the joint.
        """
        x, y = float(at_px[0]), float(at_px[1])
        way_x, way_y = float(direction[0]), float(direction[1])
        half_x, half_y = size_px[0] / 2, size_px[1] / 2
        for cos, sin in _TURNS:
            to_x, to_y = way_x * cos - way_y * sin, way_x * sin + way_y * cos
            reach = gap_px + abs(to_x) * half_x + abs(to_y) * half_y
            centre_x, centre_y = x + to_x * reach, y + to_y * reach
            box = (centre_x - half_x, centre_y - half_y, centre_x + half_x, centre_y + half_y)
            if self._is_free(box):
                self._taken.append(box)
                return box
        return None

    def _is_free(self, box: Box) -> bool:
        left, top, right, bottom = box
        if left < 0 or top < 0 or right > self._frame_size[0] or bottom > self._frame_size[1]:
            return False
        return all(left >= r or right <= x or top >= b or bottom <= y for x, y, r, b in self._taken)


class OutwardDirections:
    """Preferred direction of each joint's label: out of the bend, off the rest of the body, away from its centre.

    Directions are smoothed over time. They are computed in blocks on request, and do not depend on which frames are
    requested.

    Parameters
    ----------
    image_px
        Landmarks, shape (T, 33, 2); NaN is missing.
    joints
        Landmark above, joint and landmark below, shape (n, 3).
    height_px
        Standing height of the person, shape (T,).
    period_s
        Time between frames, s; 0 when there is one frame only.
    """

    def __init__(self, image_px: FloatArray, joints: IntArray, height_px: FloatArray, period_s: float) -> None:
        self._image_px = image_px
        self._joints = joints
        self._height_px = height_px
        self._sigma_frames = _STEADY_S / period_s if period_s > 0 else 0.0
        self._block = -1
        self._directions: FloatArray = np.empty((0, len(joints), 2))

    def at(self, frame_number: int) -> FloatArray:
        """Return unit vectors, shape (n, 2); straight up where landmarks are missing."""
        block, place = divmod(frame_number, _BLOCK_FRAMES)
        if block != self._block:
            self._block, self._directions = block, self._made(block)
        result: FloatArray = self._directions[place]
        return result

    def _made(self, block: int) -> FloatArray:
        from scipy.ndimage import gaussian_filter1d

        start = block * _BLOCK_FRAMES
        halo = math.ceil(_TRUNCATE * self._sigma_frames) + 1
        low, high = max(0, start - halo), start + _BLOCK_FRAMES + halo
        wanted = _wanted_directions(self._image_px[low:high], self._joints, self._height_px[low:high])
        if self._sigma_frames > 0:
            wanted = gaussian_filter1d(wanted, self._sigma_frames, axis=0, truncate=_TRUNCATE)
        return _unit(wanted[start - low : start - low + _BLOCK_FRAMES])


def _wanted_directions(image_px: FloatArray, joints: IntArray, height_px: FloatArray) -> FloatArray:
    ends = np.array([bone[:2] for bone in BONES])
    drawn = np.concatenate([image_px, image_px[:, ends].mean(axis=2)], axis=1)
    middle = _known_mean(image_px)
    wanted = np.empty((len(image_px), len(joints), 2))
    for number, (above, joint, below) in enumerate(joints):
        at = image_px[:, joint]
        bend = -_unit(image_px[:, above] - at) - _unit(image_px[:, below] - at)
        along = _unit(image_px[:, below] - image_px[:, above])
        away = _unit(at - middle)
        away = away - (away * along).sum(axis=1, keepdims=True) * along
        apart = at[:, None] - drawn
        near = np.exp(-np.square(np.linalg.norm(apart, axis=2) / (_REACH_BH * height_px[:, None])))
        push = np.nan_to_num(near[..., None] * _unit(apart)).sum(axis=1)
        wanted[:, number] = np.nan_to_num(_BEND * bend + _AWAY * away) + _PUSH * push + (0.0, -0.01)
    return wanted


def _known_mean(image_px: FloatArray) -> FloatArray:
    """Return the mean of the known landmarks, shape (T, 2); NaN when there is none."""
    known = np.isfinite(image_px)
    total, count = np.where(known, image_px, 0).sum(axis=1), known.sum(axis=1)
    result: FloatArray = np.where(count > 0, total / np.maximum(count, 1), np.nan)
    return result


def _unit(vectors: FloatArray) -> FloatArray:
    length = np.linalg.norm(vectors, axis=-1, keepdims=True)
    result: FloatArray = vectors / np.where(length > 0, length, 1.0)
    return result

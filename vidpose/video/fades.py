"""Finding where one shot dissolves into the next: for a time, the picture is a mixture of both.

The rule (ours)
    A tenth of a second apart, pictures are compared with the first and the last one of up to a second and a half. They
    are a dissolve when all are mixtures of these two, in shares that rise from 0 to 1, and neither motion nor a change
    of brightness and contrast explains how the two differ.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any, Final, Self

import cv2
import numpy as np

from vidpose.state.json_arrays import array_from_json, array_to_json
from vidpose.types.arrays import ByteArray, Float32Array, FloatArray
from vidpose.types.transition import Cut
from vidpose.video.picture_match import UNEXPLAINED, unexplained_share

_INTERVAL_S: Final = 0.1
_LONGEST_S: Final = 1.6
_MIN_CHANGE: Final = 12.0  # mean change of luma and chroma, levels of 255 (ours)
_MAX_MISFIT: Final = 0.3  # of a mixture, as a share of the change (ours)
_MIN_BETWEEN: Final = 2  # pictures that are neither of the two
_SETTLED: Final = 0.4  # last rise of the shares over the largest one: the next shot is reached (ours)
_SLACK: Final = 0.15  # by which the shares may fall from one picture to the next


@dataclass(frozen=True, slots=True, eq=False)
class _Sample:
    """A picture: its time, ticks and s; the cells of its small picture, rounded; means of four such cells, in a row."""

    pts: int
    time_s: float
    cells: ByteArray
    coarse: Float32Array

    @classmethod
    def of(cls, cells: ByteArray, pts: int, time_s: float) -> Self:
        _, height, width = cells.shape
        size = (max(1, width // 2), max(1, height // 2))
        planes = [cv2.resize(plane.astype(np.float32), size, interpolation=cv2.INTER_AREA) for plane in cells]
        return cls(pts, time_s, cells, np.concatenate([plane.ravel() for plane in planes]).astype(np.float32))


@dataclass(slots=True)
class Dissolves:
    """Looks at a shot's frames in order and says where the next shot has taken its place gradually."""

    samples: list[_Sample] = field(default_factory=list)

    def start(self, cells: Float32Array, pts: int, time_s: float) -> None:
        """Begin a shot with this frame; cells of :class:`~vidpose.video.small_picture.SmallPicture`."""
        self.samples = [_Sample.of(_rounded(cells), pts, time_s)]

    def look(self, cells: Float32Array, pts: int, time_s: float) -> Cut | None:
        """Return the change of shots that is complete in this frame, if any."""
        if math.floor(time_s / _INTERVAL_S) == math.floor(self.samples[-1].time_s / _INTERVAL_S):
            return None
        kept = [sample for sample in self.samples if sample.time_s >= time_s - _LONGEST_S]
        self.samples = [*kept, _Sample.of(_rounded(cells), pts, time_s)]
        if len(self.samples) < _MIN_BETWEEN + 2:
            return None
        pictures = np.stack([sample.coarse for sample in self.samples])
        found = (_dissolve(self.samples[first:], pictures[first:]) for first in range(len(kept) - _MIN_BETWEEN))
        return next((cut for cut in found if cut is not None), None)

    def export_state(self) -> list[Any]:
        """Return everything that later frames depend on: plain JSON values."""
        return [[sample.pts, sample.time_s, array_to_json(sample.cells)] for sample in self.samples]

    @classmethod
    def restored(cls, state: list[Any]) -> Self:
        """Return what was exported."""
        return cls([_Sample.of(array_from_json(cells), pts, time_s) for pts, time_s, cells in state])


def _rounded(cells: Float32Array) -> ByteArray:
    return np.round(cells).astype(np.uint8)


def _dissolve(samples: list[_Sample], pictures: Float32Array) -> Cut | None:
    """Return the dissolve from the first to the last of these pictures, if it is one."""
    whole = pictures[-1] - pictures[0]
    if np.abs(whole).mean() * len(samples[0].cells) < _MIN_CHANGE:
        return None
    since_first = pictures - pictures[0]
    share: FloatArray = since_first @ whole / (whole @ whole)
    misfit = np.linalg.norm(since_first - np.outer(share, whole), axis=1) / np.linalg.norm(whole)
    between = (share > 0.1) & (share < 0.9)
    rise = np.diff(share)
    is_mixture = bool((misfit <= _MAX_MISFIT).all() and (rise > -_SLACK).all())
    if not is_mixture or between.sum() < _MIN_BETWEEN or abs(rise[-1]) > _SETTLED * rise.max():
        return None
    if unexplained_share(samples[0].cells[0], samples[-1].cells[0]) < UNEXPLAINED:
        return None
    return Cut(samples[int(np.flatnonzero(between)[0])].pts, samples[-1].pts, "fade")

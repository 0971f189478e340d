"""Finding where one shot of a video ends and the next begins, frame by frame.

The rule (ours)
    A *cut* is a change from one frame to the next that is large, sudden (several times every change just before), and
    that motion does not explain: blocks of the new picture are searched in the one before, and what is not found there
    is a large share of the picture's detail. Brightness and contrast are made equal first, so that a lamp is no cut.
    A *fade* is a picture without detail between two with detail (see :mod:`vidpose.video.fades` for dissolves).

Everything depends on the frames of the last second and a half, so that it hardly matters where a chain began.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any, Final, Self

import cv2
import numpy as np

from vidpose.state.json_arrays import array_from_json, array_to_json
from vidpose.types.arrays import ByteArray, Float32Array
from vidpose.types.transition import Cut
from vidpose.video.fades import Dissolves
from vidpose.video.picture_match import UNEXPLAINED, unexplained_share
from vidpose.video.small_picture import SmallPicture, luma_change

_MIN_CHANGE: Final = 3.0
"""Least mean change of luma and chroma, levels of 255 (ours)."""
_SUDDEN: Final = 2.5
"""How many times the largest change just before (ours): legs, cameras and lamps gather speed over some frames."""
_RECENT_S: Final = 0.3
_RECENT_FRAMES: Final = 4
_BLANK: Final = 4.0
"""Standard deviation of luma over the picture, levels of 255, below which it shows nothing (ours)."""
_FLASH_S: Final = 0.25
"""A blank picture for so long at most, with the same picture before and after, is a flash or a fault (ours)."""


@dataclass(frozen=True, slots=True, eq=False)
class _LastFrame:
    """What is kept of a frame that shows something: cells of :class:`SmallPicture`, and luma at half its size."""

    cells: Float32Array
    luma: ByteArray

    @classmethod
    def of(cls, small: SmallPicture) -> Self:
        height, width = small.luma.shape
        luma = cv2.resize(small.luma, (width // 2, height // 2), interpolation=cv2.INTER_AREA)
        return cls(small.cells, np.asarray(luma, dtype=np.uint8))


@dataclass(slots=True)
class CutFinder:
    """Looks at the frames of a video in order and says where a new shot begins.

    ``last`` is the latest frame that shows something, ``changes`` are (time_s, change) of the latest frames,
    ``blank_pts`` and ``blank_s`` say since when the picture is blank. ``luma_change`` is that from the frame before to
    the latest one, see :func:`~vidpose.video.small_picture.luma_change`; NaN when one of them is missing or blank.
    """

    last: _LastFrame | None = None
    changes: list[tuple[float, float]] = field(default_factory=list)
    blank_pts: int | None = None
    blank_s: float = 0.0
    dissolves: Dissolves = field(default_factory=Dissolves)
    luma_change: float = math.nan

    def look(self, small: SmallPicture, pts: int, time_s: float) -> Cut | None:
        """Return the change of shots that this frame ends, if any.

        Parameters
        ----------
        small
            The frame.
        pts, time_s
            Its time, ticks and s.
        """
        self.luma_change = math.nan
        if small.cells[0].std() < _BLANK:
            if self.blank_pts is None:
                self.blank_pts, self.blank_s = pts, time_s
            return None
        before, self.last = self.last, _LastFrame.of(small)
        blank_pts, self.blank_pts = self.blank_pts, None
        if before is not None and blank_pts is None:
            self.luma_change = luma_change(before.cells, small.cells)
        if before is None:
            self.dissolves.start(small.cells, pts, time_s)
            return None
        cut = self._after_blank(before, blank_pts, pts, time_s) or self._at_once(before, pts, time_s)
        cut = cut or self.dissolves.look(small.cells, pts, time_s)
        if cut is not None:
            self.dissolves.start(small.cells, pts, time_s)
        return cut

    def _after_blank(self, before: _LastFrame, blank_pts: int | None, pts: int, time_s: float) -> Cut | None:
        if blank_pts is None:
            return None
        assert self.last is not None
        if time_s - self.blank_s <= _FLASH_S and unexplained_share(before.luma, self.last.luma) < UNEXPLAINED:
            return None
        return Cut(blank_pts, pts, "fade")

    def _at_once(self, before: _LastFrame, pts: int, time_s: float) -> Cut | None:
        assert self.last is not None
        change = float(np.abs(self.last.cells - before.cells).mean(axis=(1, 2)).sum())
        recent = [one for one in self.changes[:-_RECENT_FRAMES] if one[0] >= time_s - _RECENT_S]
        recent += self.changes[-_RECENT_FRAMES:]
        self.changes = [*recent, (time_s, change)]
        usual = max((earlier for _, earlier in recent), default=math.inf)
        if (
            change >= max(_MIN_CHANGE, _SUDDEN * usual)
            and unexplained_share(before.luma, self.last.luma) >= UNEXPLAINED
        ):
            return Cut(pts, pts)
        return None

    def export_state(self) -> dict[str, Any]:
        """Return everything that later frames depend on: plain JSON values."""
        last = self.last
        return {
            "last": last and {"cells": array_to_json(last.cells), "luma": array_to_json(last.luma)},
            "changes": [list(change) for change in self.changes],
            "blank_pts": self.blank_pts,
            "blank_s": self.blank_s,
            "dissolves": self.dissolves.export_state(),
        }

    @classmethod
    def restored(cls, state: dict[str, Any]) -> Self:
        """Return the finder that was exported."""
        last = {name: array_from_json(array) for name, array in (state["last"] or {}).items()}
        return cls(
            _LastFrame(**last) if last else None,
            [(time_s, change) for time_s, change in state["changes"]],
            state["blank_pts"],
            state["blank_s"],
            Dissolves.restored(state["dissolves"]),
        )

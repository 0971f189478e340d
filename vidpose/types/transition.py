"""Where one shot of a video ends and the next begins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Transition = Literal["cut", "fade"]


@dataclass(frozen=True, slots=True)
class Cut:
    """A change from one shot to the next.

    Attributes
    ----------
    start_pts
        First frame that no longer shows the earlier shot alone, ticks of the video's time base.
    stop_pts
        First frame of the next shot; equal to ``start_pts`` for a hard cut.
    kind
        ``"cut"``, or ``"fade"``: one shot dissolves into the next, or the picture is blank in between.
    """

    start_pts: int
    stop_pts: int
    kind: Transition = "cut"

"""What is known of the pictures that a person's landmarks were estimated in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Footage:
    """What is known of the pictures besides the landmarks.

    Attributes
    ----------
    frame_size
        Width and height of the upright picture, pixels; None when unknown, so that every landmark counts as inside.
    breaks
        Frame numbers at which a new stretch must begin, for example a segment border with different poses.
    n_repeated
        Frames in which nothing was estimated because they show the picture before again.
    """

    frame_size: tuple[int, int] | None = None
    breaks: Sequence[int] = ()
    n_repeated: int = 0

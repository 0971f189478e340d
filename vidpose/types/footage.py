"""What is known of the pictures that a person's landmarks were estimated in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from vidpose.types.arrays import BoolArray, FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class CameraPath:
    """How a moving camera moved.

    Attributes
    ----------
    to_fixed
        (a, b, x, y) of the similarity that brings a frame's pixel (u, v) to (a u - b v + x, b u + a v + y) in the first
        frame of its shot, shape (T, 4); (1, 0, 0, 0) where the camera stands still or its motion is not known.
    unknown
        True in frames of shots in which the camera moves, but how is not known, shape (T,).
    """

    to_fixed: FloatArray
    unknown: BoolArray


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
    camera
        None for a camera that stands still, or of which nothing is known.
    """

    frame_size: tuple[int, int] | None = None
    breaks: Sequence[int] = ()
    n_repeated: int = 0
    camera: CameraPath | None = None

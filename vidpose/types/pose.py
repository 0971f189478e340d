"""One person's landmarks over time, as estimated and as filtered."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final

import numpy as np

from vidpose.types.arrays import BoolArray, ByteArray, Float32Array, FloatArray, IntArray, frozen, not_given
from vidpose.types.skeleton import N_LANDMARKS


class Status(IntEnum):
    """Origin of a sample."""

    MISSING = 0  # nothing was estimated and no gap rule applies: the value is NaN
    MEASURED = 1  # estimated by the pose model in this frame
    IMPUTED = 2  # interpolated over a gap that is short enough
    REJECTED = 3  # estimated, but not trusted (confidence, outlier, damaged frame) and not imputed: NaN
    OUTSIDE = 4  # estimated outside the picture, so guessed and not seen, and not imputed: NaN


LANDMARK_ARRAYS: Final = ("image_px", "z_rel", "visibility", "presence", "world_m")
"""Attributes of :class:`PoseTrack` with a value per frame and landmark."""


@dataclass(frozen=True, slots=True)
class PoseTrack:
    """Landmarks of one person in every decoded frame of a video or a segment.

    Axes run frame, landmark, coordinate. Missing is NaN in every float array.

    Attributes
    ----------
    pts
        Presentation time stamps, ticks of the video's time base, shape (T,), strictly increasing.
    timestamps_s
        The same in seconds, shape (T,).
    image_px
        x (right), y (down) in pixels of the upright frame, square pixels, shape (T, 33, 2).
    z_rel
        Depth relative to the mid-hip in frame widths, not metric, shape (T, 33).
    visibility, presence
        Model confidences in [0, 1], shape (T, 33).
    world_m
        x (right), y (down), z (away from the camera) in metres of an average body, origin mid-hip, shape (T, 33, 3).
    corrupt
        True where the decoder marked the frame as damaged, shape (T,).
    estimated
        False where the frame was left out because sampling was requested, shape (T,). True everywhere when left out.
    """

    pts: IntArray
    timestamps_s: FloatArray
    image_px: Float32Array
    z_rel: Float32Array
    visibility: Float32Array
    presence: Float32Array
    world_m: Float32Array
    corrupt: BoolArray
    estimated: BoolArray = field(default_factory=not_given)

    def __post_init__(self) -> None:
        n = len(self.pts)
        if np.size(self.estimated) == 0:
            object.__setattr__(self, "estimated", np.ones(n, dtype=np.bool_))
        shapes: dict[str, tuple[type, tuple[int | None, ...]]] = {
            "pts": (np.int64, (n,)),
            "timestamps_s": (np.float64, (n,)),
            "image_px": (np.float32, (n, N_LANDMARKS, 2)),
            "z_rel": (np.float32, (n, N_LANDMARKS)),
            "visibility": (np.float32, (n, N_LANDMARKS)),
            "presence": (np.float32, (n, N_LANDMARKS)),
            "world_m": (np.float32, (n, N_LANDMARKS, 3)),
            "corrupt": (np.bool_, (n,)),
            "estimated": (np.bool_, (n,)),
        }
        for name, (dtype, shape) in shapes.items():
            object.__setattr__(self, name, frozen(getattr(self, name), dtype, shape, name))
        if n > 1 and not bool(np.all(np.diff(self.timestamps_s) > 0)):
            raise ValueError("timestamps_s: expected strictly increasing times")

    @property
    def n_frames(self) -> int:
        """Number of decoded frames."""
        return len(self.pts)

    @property
    def found(self) -> BoolArray:
        """True in the frames where a person was found, shape (T,)."""
        found: BoolArray = np.any(np.isfinite(self.image_px), axis=(1, 2))
        return found


@dataclass(frozen=True, slots=True)
class FilteredTrack:
    """Landmarks after gap filling, outlier rejection and low-pass filtering.

    Attributes
    ----------
    timestamps_s
        Seconds, shape (T,).
    image_px
        Pixels, shape (T, 33, 2); NaN where ``status`` is MISSING, REJECTED or OUTSIDE.
    world_m
        Metres of an average body, shape (T, 33, 3); NaN likewise.
    status
        :class:`Status` of every landmark, shape (T, 33).
    stretch
        Number of the uninterrupted stretch that a frame belongs to, -1 outside, shape (T,).
        Nothing is filtered, differentiated or joined across two stretches.
    """

    timestamps_s: FloatArray
    image_px: FloatArray
    world_m: FloatArray
    status: ByteArray
    stretch: IntArray

    def __post_init__(self) -> None:
        n = len(self.timestamps_s)
        shapes: dict[str, tuple[type, tuple[int | None, ...]]] = {
            "timestamps_s": (np.float64, (n,)),
            "image_px": (np.float64, (n, N_LANDMARKS, 2)),
            "world_m": (np.float64, (n, N_LANDMARKS, 3)),
            "status": (np.uint8, (n, N_LANDMARKS)),
            "stretch": (np.int64, (n,)),
        }
        for name, (dtype, shape) in shapes.items():
            object.__setattr__(self, name, frozen(getattr(self, name), dtype, shape, name))

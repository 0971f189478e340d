"""Clips in which two real people cross: somebody is cut out of one clip and pasted into another, before or behind.

The cut is MediaPipe's own segmentation. Everybody is there alone too, pixel for pixel the same but for the other one:
the host in their own clip, the guest pasted on the host's room after the host was taken out of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, Final, TypeVar

import cv2
import numpy as np

from vidpose.types.arrays import ByteArray, Float32Array, FloatArray
from vidpose.types.picture import BT601, Picture
from vidpose.video.decode import VideoReader
from vidpose.video.probe import probe

_T = TypeVar("_T")
_FEATHER_PX: Final = 1.5  # spread of the soft edge, about that of the cameras' own edges (ours)
_GONE_PX: Final = 41  # side of what is taken out of a room around each pixel of a mask: blur and shadow too (ours)
_INPAINT_PX: Final = 5
_ROOM_STEP: Final = 4  # every fourth frame shows as much of a room


@dataclass(frozen=True, slots=True)
class Footage:
    """Part of a clip with one person in it.

    Attributes
    ----------
    file
        Name of the clip.
    start, stop
        Frames.
    crop_px
        Left, top, right, bottom of the part with that person only; None for all.
    share
        By how much pictures are shrunk first.
    and_back
        Whether the frames are shown a second time, backwards, to make more of a short clip of somebody who does not
        walk.
    """

    file: str
    start: int
    stop: int
    crop_px: tuple[int, int, int, int] | None = None
    share: float = 1.0
    and_back: bool = False

    @property
    def n_frames(self) -> int:
        """Frames to show."""
        return (self.stop - self.start) * (2 if self.and_back else 1)

    def shown(self, frames: Sequence[_T]) -> list[_T]:
        """Return frames that were read from start to stop in the order in which they are shown."""
        return [*frames, *reversed(frames)] if self.and_back else list(frames)


@dataclass(frozen=True, slots=True, eq=False)
class Cut:
    """Frames, shape (height, width, 3), RGB, and what share of each pixel is the person, shape (height, width)."""

    frames: Sequence[ByteArray]
    masks: Sequence[Float32Array]


@dataclass(frozen=True, slots=True)
class Crossing:
    """Somebody's way through somebody else's clip.

    ``scale`` enlarges the guest; their picture's corner is put at ``corner_px`` of the host's and moves by
    ``velocity_px`` per frame; the host's is first widened by ``margin_px`` on either side. ``before`` is True when the
    guest hides the host.
    """

    name: str
    host: Footage
    guest: Footage
    before: bool
    scale: float
    corner_px: tuple[float, float]
    velocity_px: tuple[float, float] = (0.0, 0.0)
    margin_px: int = 0
    fps: Fraction = Fraction(30)

    @property
    def n_frames(self) -> int:
        """Frames in which both are there."""
        return min(self.host.n_frames, self.guest.n_frames)

    def placing(self, frame: int) -> FloatArray:
        """Return where points of the guest's picture lie in the host's, affine, shape (2, 3), pixels."""
        x_px, y_px = np.array(self.corner_px) + frame * np.array(self.velocity_px)
        return np.array([[self.scale, 0.0, x_px], [0.0, self.scale, y_px]])


def cut_out(footage: Footage, folder: Path) -> Cut:
    """Read part of a clip and find the person in it."""
    from mediapipe.python.solutions.pose import Pose

    frames, masks = [], []
    with Pose(enable_segmentation=True, smooth_segmentation=False) as pose:
        for rgb in _frames(footage, folder):
            mask = pose.process(rgb).segmentation_mask
            frames.append(rgb)
            masks.append(np.zeros(rgb.shape[:2], dtype=np.float32) if mask is None else _soft(mask))
    return Cut(footage.shown(frames), footage.shown(masks))


def _frames(footage: Footage, folder: Path) -> Iterator[ByteArray]:
    with VideoReader(probe(folder / footage.file, "0" * 64).source) as reader:
        number = 0
        for batch in reader.batches(4):
            for frame in batch:
                if footage.start <= number < footage.stop:
                    rgb = frame.picture.rgb()
                    left, top, right, bottom = footage.crop_px or (0, 0, *rgb.shape[1::-1])
                    part = np.ascontiguousarray(rgb[top:bottom, left:right])
                    yield _shrunk(part, footage.share)
                number += 1
            if number >= footage.stop:
                return


def _shrunk(rgb: ByteArray, share: float) -> ByteArray:
    height, width = (2 * round(length * share / 2) for length in rgb.shape[:2])
    return np.asarray(cv2.resize(rgb, (width, height), interpolation=cv2.INTER_AREA))


def _soft(mask: Float32Array) -> Float32Array:
    """Return the mask without its outermost pixel, where the old background shines through, with a soft edge."""
    firm = cv2.erode((mask > 0.5).astype(np.float32), np.ones((3, 3)))
    return np.asarray(cv2.GaussianBlur(firm, (0, 0), _FEATHER_PX))


def empty_room(host: Cut) -> ByteArray:
    """Return a picture without the person: the median of the frames that show what is behind them.

    What no frame shows is filled in from around (Telea 2004, J. Graphics Tools 9, 23-34).
    """
    grown = np.ones((_GONE_PX, _GONE_PX), dtype=np.uint8)
    frames = np.stack(host.frames[::_ROOM_STEP])
    hidden = np.stack([cv2.dilate((mask > 0).astype(np.uint8), grown) > 0 for mask in host.masks[::_ROOM_STEP]])
    n_hidden, n_frames = hidden.sum(axis=0), len(frames)
    frames[hidden] = 255  # behind all others in order
    middle = np.maximum(n_frames - n_hidden - 1, 0) // 2
    room = np.take_along_axis(np.sort(frames, axis=0), middle[np.newaxis, :, :, np.newaxis], axis=0)[0]
    return np.asarray(cv2.inpaint(room, (n_hidden == n_frames).astype(np.uint8), _INPAINT_PX, cv2.INPAINT_TELEA))


def widened(host: Cut, room: ByteArray, margin_px: int) -> tuple[Cut, ByteArray]:
    """Return the host and the room with more room left and right: the empty room, mirrored."""

    def wide(picture: Any, kind: int) -> Any:
        return cv2.copyMakeBorder(picture, 0, 0, margin_px, margin_px, kind)

    wide_room = wide(room, cv2.BORDER_REFLECT)
    frames = [wide_room.copy() for _ in host.frames]
    for frame, old in zip(frames, host.frames, strict=True):
        frame[:, margin_px : margin_px + old.shape[1]] = old
    return Cut(frames, [wide(mask, cv2.BORDER_CONSTANT) for mask in host.masks]), wide_room


def crossing_frames(crossing: Crossing, host: Cut, guest: Cut) -> Iterator[ByteArray]:
    """Yield pictures with both."""
    for frame in range(crossing.n_frames):
        pasted, mask = _placed(crossing, guest, frame, host.frames[frame].shape)
        covers = mask if crossing.before else mask * (1.0 - host.masks[frame])
        yield _over(host.frames[frame], pasted, covers)


def guest_frames(crossing: Crossing, room: ByteArray, guest: Cut) -> Iterator[ByteArray]:
    """Yield pictures with the guest in the host's room, alone."""
    for frame in range(crossing.n_frames):
        yield _over(room, *_placed(crossing, guest, frame, room.shape))


def _placed(crossing: Crossing, guest: Cut, frame: int, shape: Sequence[int]) -> tuple[ByteArray, Float32Array]:
    size_px = (shape[1], shape[0])
    placing = crossing.placing(frame)
    return (
        np.asarray(cv2.warpAffine(guest.frames[frame], placing, size_px, borderMode=cv2.BORDER_REPLICATE)),
        np.asarray(cv2.warpAffine(guest.masks[frame], placing, size_px)),
    )


def _over(rgb: ByteArray, pasted: ByteArray, mask: Float32Array) -> ByteArray:
    share = mask[:, :, np.newaxis]
    mixed: ByteArray = np.rint(rgb * (1.0 - share) + pasted * share).astype(np.uint8)
    return mixed


def picture(rgb: ByteArray, grain: np.random.Generator | None = None) -> Picture:
    """Return a frame as a decoder would; with ``grain``, each pixel of each plane changes by -1, 0 or 1."""
    height, width = rgb.shape[:2]
    planes = cv2.cvtColor(rgb, cv2.COLOR_RGB2YUV_I420).astype(np.int16)
    if grain is not None:
        planes += grain.integers(-1, 2, planes.shape, dtype=np.int16)
    flat: ByteArray = np.clip(planes, 0, 255).astype(np.uint8).ravel()
    luma, quarter = height * width, height * width // 4
    u, v = (flat[luma + n * quarter : luma + (n + 1) * quarter].reshape(height // 2, width // 2) for n in (0, 1))
    return Picture(flat[:luma].reshape(height, width), u, v, 0, BT601, rgb.copy)

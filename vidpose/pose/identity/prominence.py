"""How prominent a person is: size, time in view and movement."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from vidpose.pose.identity.people_settings import PeopleSettings
from vidpose.types.arrays import Float32Array, FloatArray
from vidpose.types.pose import PoseTrack
from vidpose.types.skeleton import LANDMARK_INDEX

JOINTS: Final = tuple(
    LANDMARK_INDEX[f"{side}_{joint}"]
    for joint in ("shoulder", "elbow", "wrist", "hip", "knee", "ankle")
    for side in ("left", "right")
)
_BLOCK_S: Final = 0.25
"""Movement is that of means over this time, s: short against a movement, long against trembling landmarks (ours)."""
_MIN_BLOCKS: Final = 3
_UNSEEN_TREMBLING_BH: Final = 0.05  # real and drawn people: up to 0.04, objects and patterns: 0.1 and more (ours)
_TREMBLING_BH: Final = 0.1
_RATE_HZ: Final = 30.0
_MIN_BENDS: Final = 8  # a clip of five frames in which somebody throws has 0.17 (ours)
_LEAST_MOVED: Final = 0.1  # so that size and time decide among people who all hold still (ours)
_MIN_VISIBILITY: Final = 0.5
_MIN_JOINTS: Final = 6  # half of them; with fewer all count, also those that were guessed (ours)


@dataclass(frozen=True, slots=True)
class Prominence:
    """How prominent a person is.

    Attributes
    ----------
    number
        The person's number in the tracks.
    seen_s, share
        Time in view, s, and as share of the frames.
    height_px
        Median length of the straightened body, pixels.
    movement_bh
        How far the limbs move against the body, see :func:`movement_bh`, body heights; NaN when not known.
    moving_bh
        The movement from which on more of it does not count.
    visibility
        Of a typical joint in a typical frame, 0 to 1; 1 when not known.
    trembling_bh
        How far a typical joint leaves its way from one frame to the next, body heights; NaN when not known.
    interval_s
        Time between two frames; NaN when not known.
    """

    number: int
    seen_s: float
    share: float
    height_px: float
    movement_bh: float
    moving_bh: float
    visibility: float
    trembling_bh: float
    interval_s: float

    @property
    def is_body(self) -> bool:
        """Whether the landmarks move as those of a body: on objects and patterns they jump about, mostly unseen.

        Below 30 frames per second the limbs of a body jump, too, with the square of the interval.
        """
        limit_bh = _UNSEEN_TREMBLING_BH if self.visibility < _MIN_VISIBILITY else _TREMBLING_BH
        return not self.trembling_bh > limit_bh * max(1.0, (_RATE_HZ * self.interval_s) ** 2)  # NaN: not known

    @property
    def prominence(self) -> float:
        """Height in pixels x share of the frames x movement, the last from 0.1 to 1; 1 when it is not known."""
        moved = 1.0 if math.isnan(self.movement_bh) else self.movement_bh / self.moving_bh
        return self.height_px * self.share * min(1.0, max(_LEAST_MOVED, moved))

    def as_dict(self) -> dict[str, float | None]:
        """Return plain JSON values."""
        return {
            "person": self.number,
            "seen_s": round(self.seen_s, 3),
            "share": round(self.share, 4),
            "height_px": round(self.height_px, 1),
            "movement_bh": None if math.isnan(self.movement_bh) else round(self.movement_bh, 4),
            "visibility": round(self.visibility, 3),
            "trembling_bh": None if math.isnan(self.trembling_bh) else round(self.trembling_bh, 4),
        }


def prominence_of(number: int, track: PoseTrack, settings: PeopleSettings) -> Prominence:
    """Return how prominent the person of a track is.

    Parameters
    ----------
    number
        The person's number.
    track
        Landmarks as estimated.
    settings
        See there.
    """
    asked = track.estimated
    share = float(np.mean(track.found[asked])) if asked.any() else 0.0
    heights = heights_px(track.image_px[track.found])
    known = heights[np.isfinite(heights)]
    height_px = float(np.median(known)) if len(known) else 0.0
    rows = np.flatnonzero(track.found)
    visible = track.visibility[rows][:, JOINTS]
    return Prominence(
        number=number,
        seen_s=share * duration_s(track),
        share=share,
        height_px=height_px,
        movement_bh=movement_bh(track, height_px),
        moving_bh=settings.moving_bh,
        visibility=float(np.median(np.where(np.isfinite(visible), visible, 1.0))) if len(rows) else 1.0,
        trembling_bh=_trembling_px(track.image_px[rows][:, JOINTS]) / max(height_px, 1.0),
        interval_s=float(np.median(np.diff(track.timestamps_s[rows]))) if len(rows) > 1 else math.nan,
    )


def _trembling_px(px: Float32Array) -> float:
    """Return the median distance of joints from the middle of where they are one frame before and after, pixels, x 2.

    Parameters
    ----------
    px
        Joints in consecutive frames, shape (T, P, 2).
    """
    bend = np.hypot(*np.moveaxis(px[2:] - 2.0 * px[1:-1] + px[:-2], -1, 0))
    if len(bend) < _MIN_BENDS:
        return math.nan
    known = bend[np.isfinite(bend)]
    return float(np.median(known)) if len(known) else math.nan


def duration_s(track: PoseTrack) -> float:
    """Return the length of a track's video, s; 0 with less than two frames."""
    times = track.timestamps_s
    return float(times[-1] - times[0] + np.median(np.diff(times))) if len(times) > 1 else 0.0


def movement_bh(track: PoseTrack, height_px: float) -> float:
    """Return how far a person's joints move against their body, body heights; NaN when seen too briefly.

    Translation, rotation and size of the whole figure are left out, as those of a picture on the wall change when the
    camera moves. Of every joint that is mostly visible, the range from the 5th to the 95th percentile of its place on
    the body; of these ranges the third largest, because an exercise may move one arm only, and one or two landmarks
    may be wrong (ours).

    Parameters
    ----------
    track
        Landmarks as estimated.
    height_px
        The person's height in the picture.
    """
    points = _block_means(track)
    if len(points) < _MIN_BLOCKS or not height_px > 0:
        return math.nan
    places = without_similarity(points)
    low, high = (np.nanquantile(np.stack([places.real, places.imag]), share, axis=1) for share in (0.05, 0.95))
    ranges = np.sort(np.hypot(*(high - low)))[::-1]
    return float(ranges[min(2, len(ranges) - 1)]) / height_px


def without_similarity(points: FloatArray) -> FloatArray:
    """Return figures moved, turned and scaled to lie on their median figure as well as possible.

    The least-squares similarity of two planar figures is a product of complex numbers (Gower 1975, Psychometrika 40,
    33-51, for two dimensions).

    Parameters
    ----------
    points
        Shape (T, P), complex: x + iy.
    """
    centred = points - points.mean(axis=1, keepdims=True)
    usual = np.median(centred.real, axis=0) + 1j * np.median(centred.imag, axis=0)
    size = np.maximum((np.abs(centred) ** 2).sum(axis=1), 1e-12)
    turn = (centred.conj() * usual).sum(axis=1) / size
    result: FloatArray = centred * turn[:, np.newaxis]
    return result


def _block_means(track: PoseTrack) -> FloatArray:
    """Return means of the joints that are mostly visible over blocks of time, shape (blocks, joints), complex."""
    rows = np.flatnonzero(track.found)
    if len(rows) == 0:
        return np.zeros((0, len(JOINTS)), complex)
    px, visible = track.image_px[rows][:, JOINTS], track.visibility[rows][:, JOINTS]
    clear = np.median(np.where(np.isfinite(visible), visible, 1.0), axis=0) >= _MIN_VISIBILITY
    if clear.sum() < _MIN_JOINTS:
        clear = np.ones(len(JOINTS), dtype=bool)
    points = px[:, clear, 0].astype(np.float64) + 1j * px[:, clear, 1]
    whole = np.isfinite(points).all(axis=1)
    block = np.floor((track.timestamps_s[rows][whole] - track.timestamps_s[0]) / _BLOCK_S).astype(np.int64)
    _, first = np.unique(block, return_index=True)
    if len(first) == 0:
        return points[:0]
    sizes = np.diff(np.append(first, len(block)))
    means: FloatArray = np.add.reduceat(points[whole], first, axis=0) / sizes[:, np.newaxis]
    return means


def heights_px(image_px: Float32Array) -> FloatArray:
    """Return the length of the straightened body from nose to ankle, px, shape (T,); squatting changes it little."""

    def at(name: str) -> Float32Array:
        place: Float32Array = image_px[:, LANDMARK_INDEX[name]]
        return place

    def length(first: Float32Array, second: Float32Array) -> FloatArray:
        px: FloatArray = np.linalg.norm(np.asarray(first - second, dtype=np.float64), axis=1)
        return px

    def middle(name: str) -> Float32Array:
        place: Float32Array = np.divide(at(f"left_{name}") + at(f"right_{name}"), 2, dtype=np.float32)
        return place

    shoulders, hips = middle("shoulder"), middle("hip")
    legs = [
        length(at(f"{side}_hip"), at(f"{side}_knee")) + length(at(f"{side}_knee"), at(f"{side}_ankle"))
        for side in ("left", "right")
    ]
    height_px: FloatArray = length(at("nose"), shoulders) + length(shoulders, hips) + np.fmax(*legs)
    return height_px

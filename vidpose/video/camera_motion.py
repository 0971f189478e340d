"""How the camera moves, from points of the background: shift, zoom and roll from frame to frame.

The rule (ours)
    Corners of the small picture outside the people are searched in later frames by sparse optical flow (Lucas-Kanade),
    always from the same *key picture*, so that errors do not add up, until too few of them are left; then the latest
    frame becomes the key. A similarity (shift, scale, turn) is fitted to those that follow it (RANSAC). Where many do
    not follow one similarity, as when much else moves, or there are hardly any corners, the motion is not known.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any, Final, Self

import cv2
import numpy as np
from numpy.typing import NDArray

from vidpose.state.json_arrays import array_from_json, array_to_json
from vidpose.types.arrays import BoolArray, ByteArray, Float32Array, FloatArray
from vidpose.types.picture import Picture
from vidpose.video.picture_conversion import turned_upright
from vidpose.video.small_picture import SmallPicture

Similarity = tuple[float, float, float, float]
"""(a, b, x, y): a point (u, v) comes to (a u - b v + x, b u + a v + y)."""
STILL: Final[Similarity] = (1.0, 0.0, 0.0, 0.0)
_RATE_HZ: Final = 15.0  # of measurements: what shakes a hand, or turns a tripod, is slower
_MAX_POINTS: Final = 48
_MIN_POINTS: Final = 8
_QUALITY: Final = 0.02  # of the best corner
_SPACING: Final = 9  # small pixels between corners
_WINDOW: Final = (11, 11)
_LEVELS: Final = 2
_STEPS: Final = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 8, 0.03)
_MAX_MISFIT: Final = 0.5  # small pixels between a point and where the similarity puts it
_MIN_SHARE: Final = 0.6  # of the points that follow the similarity
_KEPT_SHARE: Final = 0.5  # of the key's points; with fewer the next frame is measured from another key
_MARGIN: Final = 0.15  # around a person, in heights or widths of the box
Box = tuple[float, float, float, float]


@dataclass(slots=True)
class _Key:
    """The key picture: upright luma, its corners, where they were last seen, and the shift from it to the shot's frame.

    ``to_first`` maps the key's small pixels to those of the first frame.
    """

    luma: ByteArray
    corners: Float32Array
    last: Float32Array
    to_first: Similarity


@dataclass(slots=True)
class CameraFollower:
    """Measures the motion of the camera in frames that are fed in order.

    ``before`` is the latest measurement, small pixels to those of the shot's first frame, and ``slot`` the fifteenth of
    a second it was made in. ``people`` are boxes around the people where they were last looked for, pixels.
    """

    key: _Key | None = None
    before: Similarity = STILL
    slot: int | None = None
    people: list[Box] = field(default_factory=list)

    def start(self) -> None:
        """Begin a shot."""
        self.key, self.before, self.slot = None, STILL, None

    def look(self, small: SmallPicture, picture: Picture, time_s: float) -> Similarity | None:
        """Return how pixels of this frame lie in the latest frame that was measured.

        Parameters
        ----------
        small, picture
            The frame.
        time_s
            Its time, s.

        Returns
        -------
        Similarity or None
            In pixels of the upright picture; NaN when the motion is not known, None when this frame is not measured.
        """
        slot = math.floor(time_s * _RATE_HZ + 1e-6)
        if slot == self.slot:
            return None
        self.slot = slot
        luma = turned_upright(small.luma, picture.rotation_deg) if picture.rotation_deg else small.luma
        unit = picture.size_px[0] / luma.shape[1]
        found = None if self.key is None else self._measured(self.key, luma, unit)
        if found is None:
            lost = self.key is not None
            self._take_key(luma, STILL, unit)
            self.before = STILL
            return (math.nan,) * 4 if lost else STILL
        step = combined(inverse(self.before), found)
        self.before = found
        return step[0], step[1], step[2] * unit, step[3] * unit

    def _measured(self, key: _Key, luma: ByteArray, unit: float) -> Similarity | None:
        """Return where this frame's small pixels lie in the first frame; take a new key where points become few."""
        if len(key.corners) < _MIN_POINTS:
            return None
        points, status, _ = cv2.calcOpticalFlowPyrLK(
            key.luma,
            luma,
            key.corners,
            key.last.copy(),
            winSize=_WINDOW,
            maxLevel=_LEVELS,
            criteria=_STEPS,
            flags=cv2.OPTFLOW_USE_INITIAL_FLOW,
        )
        height, width = luma.shape
        inside = ((points >= 2) & (points <= np.array([width - 3, height - 3]))).all(axis=(1, 2))
        seen = (status.ravel() == 1) & inside & ~self._on_people(points.reshape(-1, 2), unit)
        if seen.sum() < _MIN_POINTS:
            return None
        motion, follows = fit_similarity(points[seen, 0], key.corners[seen, 0])
        if motion is None or follows.mean() < _MIN_SHARE or follows.sum() < _MIN_POINTS:
            return None
        back = inverse(motion)
        key.last = np.where(seen[:, None, None], points, _moved(key.corners, back)).astype(np.float32)
        found = combined(key.to_first, motion)
        if follows.sum() < _KEPT_SHARE * len(key.corners):
            self._take_key(luma, found, unit)
        return found

    def _take_key(self, luma: ByteArray, to_first: Similarity, unit: float) -> None:
        mask = np.full(luma.shape, 255, dtype=np.uint8)
        for left, top, right, bottom in self._small_boxes(unit):
            mask[max(0, int(top)) : max(0, int(bottom) + 1), max(0, int(left)) : max(0, int(right) + 1)] = 0
        corners = cv2.goodFeaturesToTrack(luma, _MAX_POINTS, _QUALITY, _SPACING, mask=mask)
        corners = np.empty((0, 1, 2), np.float32) if corners is None else corners
        self.key = _Key(luma, corners, corners, to_first)

    def _small_boxes(self, unit: float) -> list[Box]:
        boxes = []
        for left, top, right, bottom in self.people:
            across, down = _MARGIN * (right - left), _MARGIN * (bottom - top)
            boxes.append(((left - across) / unit, (top - down) / unit, (right + across) / unit, (bottom + down) / unit))
        return boxes

    def _on_people(self, points: Float32Array, unit: float) -> BoolArray:
        on = np.zeros(len(points), dtype=np.bool_)
        for left, top, right, bottom in self._small_boxes(unit):
            on |= (points >= (left, top)).all(axis=1) & (points <= (right, bottom)).all(axis=1)
        return on

    def export_state(self) -> dict[str, Any]:
        """Return everything that later frames depend on: plain JSON values."""
        key = self.key
        arrays: dict[str, NDArray[Any]] = (
            {} if key is None else {"luma": key.luma, "corners": key.corners, "last": key.last}
        )
        return {
            "key": {name: array_to_json(array) for name, array in arrays.items()},
            "to_first": list(STILL if key is None else key.to_first),
            "before": list(self.before),
            "slot": self.slot,
            "people": [list(box) for box in self.people],
        }

    @classmethod
    def restored(cls, state: dict[str, Any]) -> Self:
        """Return the follower that was exported."""
        a, b, x, y = state["before"]
        arrays = {name: array_from_json(array) for name, array in state["key"].items()}
        key = _Key(**arrays, to_first=tuple(state["to_first"])) if arrays else None
        return cls(key, (a, b, x, y), state["slot"], [tuple(box) for box in state["people"]])


def fit_similarity(source: Float32Array, target: Float32Array) -> tuple[Similarity | None, BoolArray]:
    """Return the similarity that most points follow, None when there is none, and which points follow it.

    Parameters
    ----------
    source, target
        The same points before and after, shape (n, 2).
    """
    matrix, follows = cv2.estimateAffinePartial2D(source, target, method=cv2.RANSAC, ransacReprojThreshold=_MAX_MISFIT)
    if matrix is None:
        return None, np.zeros(len(source), dtype=np.bool_)
    (a, _, x), (b, _, y) = matrix.tolist()
    return (a, b, x, y), np.asarray(follows).ravel() == 1


def combined(second: Similarity, first: Similarity) -> Similarity:
    """Return the similarity that does the first one and then the second."""
    a, b, x, y = first
    c, d, u, v = second
    return a * c - b * d, a * d + b * c, c * x - d * y + u, d * x + c * y + v


def inverse(motion: Similarity) -> Similarity:
    """Return the similarity that undoes this one."""
    a, b, x, y = motion
    size = a * a + b * b
    a, b = a / size, -b / size
    return a, b, -(a * x - b * y), -(b * x + a * y)


def _moved(points: Float32Array, motion: Similarity) -> FloatArray:
    a, b, x, y = motion
    flat = points[:, 0].astype(np.float64)
    moved: FloatArray = np.column_stack([a * flat[:, 0] - b * flat[:, 1] + x, b * flat[:, 0] + a * flat[:, 1] + y])
    return moved[:, None, :]

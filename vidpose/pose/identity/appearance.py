"""A person's appearance: histograms of the colours on torso and legs, and how far two of them are apart.

The colours are read at points between the landmarks, straight from the planes: luma in few bins, because light changes;
chroma in bins that are finer near grey, where clothes differ least. A value is shared between the two bins next to it,
so that a small change of light changes the histogram little.

An appearance is a list of numbers: :data:`APPEARANCE_PARTS` parts of equal length, torso, then legs. A part that could
not be seen is all zero and is left out of comparisons.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Self

import numpy as np

from vidpose.pose.estimator import FramePose
from vidpose.types.arrays import BoolArray, ByteArray, FloatArray, IntArray
from vidpose.types.picture import Picture
from vidpose.types.rotation import stored_points
from vidpose.types.skeleton import LANDMARK_INDEX

APPEARANCE_PARTS: Final = 2
N_LUMA_BINS: Final = 6
N_CHROMA_BINS: Final = 14
APPEARANCE_LENGTH: Final = APPEARANCE_PARTS * (N_LUMA_BINS + 2 * N_CHROMA_BINS)
_MIN_SEEN: Final = 0.4  # share of a part's points that must lie in the picture (ours)
_MAX_SAMPLES: Final = 20  # a new sample weighs at least a twentieth, so that the mean follows the light (ours)


@dataclass(slots=True)
class Appearance:
    """Mean of several samples of a person's colours, and how many; ``values`` is empty before the first."""

    values: FloatArray
    n_samples: int = 0

    @classmethod
    def unknown(cls) -> Self:
        """Return the appearance of a person not seen yet."""
        return cls(np.zeros(0))

    def add(self, values: FloatArray) -> None:
        """Take another sample into the mean; parts that were not seen leave it unchanged."""
        if not values.any():
            return
        if not len(self.values):
            self.values = values.copy()
        else:
            weight = 1.0 / min(self.n_samples + 1, _MAX_SAMPLES)
            old, new = self.values.reshape(APPEARANCE_PARTS, -1), values.reshape(APPEARANCE_PARTS, -1)
            old_seen, new_seen = old.any(axis=1, keepdims=True), new.any(axis=1, keepdims=True)
            mixed = np.where(old_seen, old + weight * (new - old), new)
            self.values = np.where(new_seen, mixed, old).ravel()
        self.n_samples += 1

    def distance(self, other: Appearance) -> float:
        """Return how different two appearances are, 0 to 1; NaN when one is not known."""
        return appearance_distance(self.values, other.values)

    def export(self) -> dict[str, Any]:
        """Return plain JSON values, under the names that stored poses use."""
        return {"values": self.values.tolist(), "n_looks": self.n_samples}

    @classmethod
    def restored(cls, state: dict[str, Any]) -> Self:
        """Return the appearance that was exported."""
        return cls(np.array(state["values"], dtype=np.float64), state["n_looks"])


def appearance_distance(first: Sequence[float] | FloatArray, second: Sequence[float] | FloatArray) -> float:
    """Return how different two appearances are, 0 to 1; NaN when they have no part in common.

    Parts are compared by the Hellinger distance (E. Hellinger, J. reine angew. Math. 136, 1909): 0 for equal
    histograms, 1 for histograms that share no colour.

    Parameters
    ----------
    first, second
        Appearances as described above; empty when not known. Values are not negative, of any sum.
    """
    if not len(first) or len(first) != len(second):
        return float("nan")
    a = np.asarray(first, dtype=np.float64).reshape(APPEARANCE_PARTS, -1)
    b = np.asarray(second, dtype=np.float64).reshape(APPEARANCE_PARTS, -1)
    norm = np.sqrt(a.sum(axis=1) * b.sum(axis=1))
    known = norm > 0
    if not known.any():
        return float("nan")
    affinity = float(np.mean(np.sqrt(a * b).sum(axis=1)[known] / norm[known]))
    return float(np.sqrt(max(0.0, 1.0 - affinity)))


def read_appearance(picture: Picture, pose: FramePose) -> FloatArray:
    """Return the colours of a person in one frame, shape (APPEARANCE_LENGTH,); zero for a part outside the picture."""
    px = pose.image_px.astype(np.float64)
    parts = [_torso_points(px), _leg_points(px)]
    return np.concatenate([_colours(picture, points) for points in parts])


def _torso_points(px: FloatArray) -> FloatArray:
    """Return points on the torso, away from its outline, shape (N, 2)."""
    left_top, right_top, left_low, right_low = (px[LANDMARK_INDEX[name]] for name in _TORSO)
    across, down = (grid.ravel()[:, None] for grid in np.meshgrid(_INSIDE, _INSIDE))
    top = left_top + across * (right_top - left_top)
    low = left_low + across * (right_low - left_low)
    points: FloatArray = top + down * (low - top)
    return points


def _leg_points(px: FloatArray) -> FloatArray:
    """Return points along both legs, shape (N, 2)."""
    limbs = [
        px[LANDMARK_INDEX[f"{side}_{first}"]] * (1 - _INSIDE[:, None])
        + px[LANDMARK_INDEX[f"{side}_{second}"]] * _INSIDE[:, None]
        for side in ("left", "right")
        for first, second in (("hip", "knee"), ("knee", "ankle"))
    ]
    return np.concatenate(limbs)


_TORSO: Final = ("left_shoulder", "right_shoulder", "left_hip", "right_hip")
_INSIDE: Final = np.linspace(0.1, 0.9, 9)


def _colours(picture: Picture, points: FloatArray) -> FloatArray:
    """Return the histograms of luma and both chromas at points of the upright picture, one after the other."""
    columns, rows, inside = _stored(picture, points)
    if inside.mean() < _MIN_SEEN:
        return np.zeros(N_LUMA_BINS + 2 * N_CHROMA_BINS)
    columns, rows = columns[inside], rows[inside]
    luma = picture.y[rows, columns] / 255.0
    chroma = (plane[rows // 2, columns // 2] for plane in (picture.u, picture.v))
    histograms = [_histogram(luma, N_LUMA_BINS)]
    histograms += [_histogram(_spread(values), N_CHROMA_BINS) for values in chroma]
    return np.concatenate(histograms)


def _stored(picture: Picture, points: FloatArray) -> tuple[IntArray, IntArray, BoolArray]:
    """Return columns and rows of the stored luma plane for upright points, and which lie in the picture."""
    finite = np.all(np.isfinite(points), axis=1)
    nearest = np.rint(np.where(finite[:, None], points, -1.0))
    columns, rows = stored_points(nearest, picture.rotation_deg, picture.stored_px).astype(np.int64).T
    width, height = picture.stored_px
    inside = finite & (columns >= 0) & (columns < width) & (rows >= 0) & (rows < height)
    return columns, rows, inside


def _spread(chroma: ByteArray) -> FloatArray:
    """Return chroma on a scale from 0 to 1 that is stretched around grey (square root of the distance)."""
    away = (chroma.astype(np.float64) - 128.0) / 128.0
    spread: FloatArray = 0.5 + 0.5 * np.sign(away) * np.sqrt(np.abs(away))
    return spread


def _histogram(values: FloatArray, n_bins: int) -> FloatArray:
    """Return the shares of values in [0, 1] per bin; each value is shared between the two nearest bins."""
    place = np.clip(values, 0.0, 1.0) * (n_bins - 1)
    lower = np.minimum(place.astype(np.int64), n_bins - 2)
    upper_share = place - lower
    counts = np.bincount(lower, 1.0 - upper_share, n_bins) + np.bincount(lower + 1, upper_share, n_bins)
    shares: FloatArray = counts / len(values)
    return shares

"""Landmarks outside the picture: the pose model guesses them, so nothing is measured there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from vidpose.biomech.points import columns_of
from vidpose.types.arrays import BoolArray, Float32Array
from vidpose.types.findings import Finding
from vidpose.types.pose import PoseTrack

_MIN_SHARE: Final = 0.01
"""Share of the frames from which it is reported that the body is cut (ours)."""
_MIN_PART_SHARE: Final = 0.05
"""Share of the frames from which a part of the body is named (ours)."""
_PARTS: Final[dict[str, tuple[str, ...]]] = {
    "head": ("nose", "eye", "ear"),
    "shoulders": ("shoulder",),
    "elbows": ("elbow",),
    "hands": ("wrist", "pinky", "index", "thumb"),
    "hips": ("hip",),
    "knees": ("knee",),
    "ankles": ("ankle",),
    "feet": ("heel", "foot_index"),
}
"""Part of the body and its landmarks, without their side."""


def outside_picture(image_px: Float32Array, frame_size: tuple[int, int] | None) -> BoolArray:
    """Return True where a landmark was estimated outside the picture.

    Parameters
    ----------
    image_px
        Pixels, shape (T, n, 2); NaN is missing.
    frame_size
        Width and height of the picture, pixels; None when unknown: then nothing is outside.

    Returns
    -------
    BoolArray
        Shape (T, n).
    """
    if frame_size is None:
        return np.zeros(image_px.shape[:2], dtype=np.bool_)
    with np.errstate(invalid="ignore"):
        beyond = (image_px < 0) | (image_px > np.asarray(frame_size, dtype=np.float32))
    result: BoolArray = np.any(beyond, axis=2)
    return result


def describe_cut_off(track: PoseTrack, frame_size: tuple[int, int] | None) -> Iterator[Finding]:
    """Yield in how many frames the edge of the picture cuts the body, and which parts of it.

    Parameters
    ----------
    track
        Landmarks as estimated.
    frame_size
        Width and height of the picture, pixels, or None.
    """
    outside = outside_picture(track.image_px[track.found], frame_size)
    if not len(outside) or (share := float(outside.any(axis=1).mean())) < _MIN_SHARE:
        return
    parts = {
        part: float(outside[:, [column for name in names for column in columns_of(name, "both")]].any(axis=1).mean())
        for part, names in _PARTS.items()
    }
    cut = {name: part for name, part in parts.items() if part >= _MIN_PART_SHARE}
    named = ", ".join(f"{name} in {part:.0%}" for name, part in cut.items())
    yield Finding(
        "cut_by_edge",
        f"the body is cut by the edge of the picture in {share:.0%} of the frames"
        + (f" ({named})" if named else "")
        + "; nothing is measured from what lies outside",
        severity="warning" if cut else "info",
        details={"share": share, "parts": cut, "n_frames": len(outside)},
    )

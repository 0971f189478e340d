"""Named points of the body: landmarks, and means of landmarks for points that the model does not estimate."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from vidpose.types.arrays import ByteArray, FloatArray
from vidpose.types.pose import Status
from vidpose.types.skeleton import LANDMARK_INDEX, LANDMARK_NAMES

DERIVED_POINTS: Final[dict[str, tuple[str, ...]]] = {
    "mid_hip": ("left_hip", "right_hip"),
    "neck": ("left_shoulder", "right_shoulder"),
    "head": ("left_ear", "right_ear"),
}
"""Derived point and the landmarks that it is the mean of. It is missing when one of them is."""

_MEMBERS: Final[dict[str, tuple[int, ...]]] = {
    **{name: (LANDMARK_INDEX[name],) for name in LANDMARK_NAMES},
    **{name: tuple(LANDMARK_INDEX[part] for part in parts) for name, parts in DERIVED_POINTS.items()},
}

POINT_NAMES: Final = tuple(
    dict.fromkeys(
        [*LANDMARK_NAMES, *DERIVED_POINTS]
        + [name.partition("_")[2] for name in LANDMARK_NAMES if name.startswith(("left_", "right_"))]
    )
)
"""Landmarks with and without their side, and derived points: what a metric can need."""


def columns_of(name: str, side: str) -> tuple[int, ...]:
    """Return the landmarks behind one of :data:`POINT_NAMES`.

    Parameters
    ----------
    name
        Without side where those of ``side`` are meant.
    side
        ``left`` or ``right``; everything else means both.
    """
    if name in _MEMBERS:
        return _MEMBERS[name]
    sides = (side,) if side in ("left", "right") else ("left", "right")
    return tuple(LANDMARK_INDEX[f"{one}_{name}"] for one in sides)


def named_points(positions: FloatArray, names: Sequence[str]) -> FloatArray:
    """Return the named points, shape (T, len(names), d); works for pixels and metres alike.

    Parameters
    ----------
    positions
        Landmarks, shape (T, 33, d); NaN is missing.
    names
        Landmarks or keys of :data:`DERIVED_POINTS`.
    """
    result: FloatArray = np.stack([positions[:, _MEMBERS[name]].mean(axis=1) for name in names], axis=1)
    return result


def worst_status(status: ByteArray, names: Sequence[str]) -> ByteArray:
    """Return the least trustworthy :class:`Status` of the landmarks behind the named points, shape (T,).

    From good to bad: imputed, rejected, outside the picture, missing.
    """
    needed = status[:, sorted({index for name in names for index in _MEMBERS[name]})]
    result = np.full(len(status), Status.MEASURED, dtype=np.uint8)
    for worse in (Status.IMPUTED, Status.REJECTED, Status.OUTSIDE, Status.MISSING):
        result[(needed == worse).any(axis=1)] = worse
    return result

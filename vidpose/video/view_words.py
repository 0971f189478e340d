"""What the legend says about the direction from which a person is seen."""

from __future__ import annotations

from typing import Final

import numpy as np

from vidpose.biomech.facing import shoulder_front
from vidpose.biomech.long_series import per_frame
from vidpose.types.arrays import ByteArray, FloatArray, IntArray
from vidpose.types.motion import Facing

FACING_WORDS: Final[dict[Facing, str]] = {
    Facing.UNKNOWN: "view unclear",
    Facing.RIGHT: "side view, facing right",
    Facing.LEFT: "side view, facing left",
    Facing.FRONT: "front view",
    Facing.BACK: "back view",
}
_OBLIQUE_WORDS: Final[dict[tuple[Facing, int], str]] = {
    (Facing.RIGHT, 1): "oblique view, facing right",
    (Facing.LEFT, 1): "oblique view, facing left",
    (Facing.RIGHT, -1): "from behind, facing right",
    (Facing.LEFT, -1): "from behind, facing left",
}
ALL_WORDS: Final = (*FACING_WORDS.values(), *_OBLIQUE_WORDS.values())
"""Everything that :func:`view_words` can say."""
_BEGINS: Final = 0.6
"""Share of the shoulders' width from which on a side view is called oblique: people who stand 30 degrees out of the
side view show 0.63; the shoulders of walkers in side view swing by up to 0.3. Ours."""
_ENDS: Final = 0.45


def view_words(facing: Facing, turned: int) -> str:
    """Return the view in words.

    Parameters
    ----------
    facing
        Where the person faces.
    turned
        One number of :func:`turned_views`.
    """
    return _OBLIQUE_WORDS.get((facing, turned), FACING_WORDS[facing])


def turned_views(image_px: FloatArray, height_px: FloatArray) -> IntArray:
    """Return 1 where a person's chest, -1 where their back is seen obliquely, 0 in side views, shape (T,).

    Parameters
    ----------
    image_px
        Landmarks, shape (T, 33, 2).
    height_px
        Standing height around every frame, pixels, shape (T,).
    """
    width: FloatArray = per_frame(shoulder_front, image_px, height_px)
    states: ByteArray = np.full(len(width), _NOT_CHANGED, dtype=np.int8)
    states[np.abs(width) <= _ENDS] = 0
    states[np.abs(width) >= _BEGINS] = np.sign(width[np.abs(width) >= _BEGINS])
    latest = np.maximum.accumulate(np.where(states == _NOT_CHANGED, -1, np.arange(len(states))))
    result: IntArray = np.where(latest >= 0, states[np.maximum(latest, 0)], 0).astype(np.int64)
    return result


_NOT_CHANGED: Final = 9

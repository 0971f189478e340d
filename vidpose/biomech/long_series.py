"""Series of any length, computed a block of frames or a landmark at a time.

The one place of this room that knows where long series live (:mod:`vidpose.types.mapped_arrays`): after each block and
each landmark, the memory of series in files is given back. The functions that are handed in take and return plain
arrays, and results are the same wherever the series live.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from vidpose.types.mapped_arrays import Array, allocate, frame_blocks, release

_WIDE_BYTES: Final = 256
"""Results from this size per frame on are stored like other long series; slim ones are kept in memory. Ours: one
number per angle is wide."""


def per_frame(compute: Callable[..., Array], *series: Array) -> Array:
    """Return ``compute(*series)``, evaluated block by block.

    Parameters
    ----------
    compute
        Returns an array with one row per frame; a row must not depend on any other frame.
    series
        Its arguments, at least one, frames first, all of the same length.

    Returns
    -------
    Array
        Frames first.
    """
    return per_frame_each(lambda *blocks: (compute(*blocks),), *series)[0]


def per_frame_each(compute: Callable[..., tuple[Array, ...]], *series: Array) -> tuple[Array, ...]:
    """Return the arrays of ``compute(*series)``, evaluated block by block; see :func:`per_frame`."""
    n_frames = len(series[0])
    results: tuple[Array, ...] = ()
    for rows in frame_blocks(n_frames):
        parts = compute(*(one[rows] for one in series))
        if rows.stop - rows.start == n_frames:
            return parts
        results = results or tuple(_room_for(part, n_frames) for part in parts)
        for result, part in zip(results, parts, strict=True):
            result[rows] = part
    return results


def per_landmark(compute: Callable[[int], Array], n_frames: int, n_landmarks: int, n_axes: int) -> Array:
    """Return the series of all landmarks, computed one after the other.

    Parameters
    ----------
    compute
        Returns the series of the landmark of that index, shape (n_frames, n_axes).
    n_frames, n_landmarks, n_axes
        Shape of the result.

    Returns
    -------
    Array
        Shape (n_frames, n_landmarks, n_axes), each landmark's series contiguous in memory.
    """
    result = allocate((n_landmarks, n_frames, n_axes))
    for landmark in range(n_landmarks):
        result[landmark] = compute(landmark)
        release()
    return np.swapaxes(result, 0, 1)


def _room_for(part: Array, n_frames: int) -> Array:
    shape = (n_frames, *part.shape[1:])
    is_wide = part.nbytes >= _WIDE_BYTES * len(part)
    return allocate(shape, part.dtype) if is_wide else np.empty(shape, part.dtype)

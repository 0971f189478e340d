"""Functions that look at every frame by itself, a block of frames at a time, so that little of an hour is in memory."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from vidpose.types.mapped_arrays import Array, frame_blocks


def per_frame(compute: Callable[..., Array], *series: Array) -> Array:
    """Return what a function makes of series, frames first; its result has the same frames.

    Parameters
    ----------
    compute
        Must not depend on any other frame.
    series
        Its arguments, at least one, all of the same frames.
    """
    return np.concatenate([compute(*(one[rows] for one in series)) for rows in frame_blocks(len(series[0]))])

"""The grid of reference points that the person detector's answers are relative to."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import numpy as np

from vidpose.types.arrays import FloatArray

# pose_detection_cpu.pbtxt: 224 px input, five layers with two anchors per cell; layers of one stride share their cells.
INPUT_PX: Final = 224
_STRIDES_PX: Final = (8, 16, 32, 32, 32)
_ANCHORS_PER_LAYER: Final = 2


@lru_cache(maxsize=1)
def detector_anchors() -> FloatArray:
    """Return the anchors' centres (x, y) as shares of the input's side, shape (2254, 2), read-only.

    MediaPipe's SsdAnchorsCalculator with ``fixed_anchor_size``: every anchor is as large as the input, so only the
    centres differ. Cells run row by row; within a cell come all anchors of all layers with its stride.
    """
    grids = []
    for stride_px in sorted(set(_STRIDES_PX)):
        n_cells = -(-INPUT_PX // stride_px)
        n_repeats = _ANCHORS_PER_LAYER * _STRIDES_PX.count(stride_px)
        centres = (np.arange(n_cells) + 0.5) / n_cells
        y, x = np.meshgrid(centres, centres, indexing="ij")
        grids.append(np.repeat(np.column_stack([x.ravel(), y.ravel()]), n_repeats, axis=0))
    anchors: FloatArray = np.concatenate(grids)
    anchors.setflags(write=False)
    return anchors

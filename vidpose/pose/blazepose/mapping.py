"""Mappings between a rotated square and the upright picture; :mod:`vidpose.types.rotation` leads on to stored planes.

Coordinates are pixel indices: (0, 0) is the middle of the first pixel. A square of n pixels shows, at index d, the
place at share d / n of its side, as in MediaPipe's ImageToTensorCalculator. All mappings are 2x3 matrices for column
vectors (x, y, 1).
"""

from __future__ import annotations

import math

import numpy as np

from vidpose.pose.regions import Region
from vidpose.types.arrays import FloatArray


def upright_from_crop(region: Region, n_px: int) -> FloatArray:
    """Return the mapping from indices in a square of ``n_px`` pixels to the upright picture."""
    cosine, sine = math.cos(region.rotation_rad), math.sin(region.rotation_rad)
    turn = np.array([[cosine, -sine], [sine, cosine]]) * (region.side_px / n_px)
    middle = turn @ np.full(2, n_px / 2.0)
    return np.column_stack([turn, np.array([region.centre_x_px, region.centre_y_px]) - middle])


def then(first: FloatArray, second: FloatArray) -> FloatArray:
    """Return the mapping that applies ``first``, then ``second``."""
    mapping: FloatArray = second[:, :2] @ first
    mapping[:, 2] += second[:, 2]
    return mapping


def apply(mapping: FloatArray, points: FloatArray) -> FloatArray:
    """Map points, shape (n, 2)."""
    mapped: FloatArray = points @ mapping[:, :2].T + mapping[:, 2]
    return mapped

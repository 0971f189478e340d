"""Mappings between a turned square, the upright picture and the planes as they are stored.

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


def stored_from_upright(rotation_deg: int, stored_size_px: tuple[int, int]) -> FloatArray:
    """Return the mapping from the upright picture to the planes as they are stored.

    Parameters
    ----------
    rotation_deg
        Clockwise turn that brings the planes upright: 0, 90, 180 or 270.
    stored_size_px
        Width and height of the luma plane.
    """
    right, bottom = stored_size_px[0] - 1.0, stored_size_px[1] - 1.0
    mappings = {
        0: [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]],
        90: [[0.0, 1.0, 0.0], [-1.0, 0.0, bottom]],
        180: [[-1.0, 0.0, right], [0.0, -1.0, bottom]],
        270: [[0.0, -1.0, right], [1.0, 0.0, 0.0]],
    }
    return np.array(mappings[rotation_deg])


def then(first: FloatArray, second: FloatArray) -> FloatArray:
    """Return the mapping that applies ``first``, then ``second``."""
    mapping: FloatArray = second[:, :2] @ first
    mapping[:, 2] += second[:, 2]
    return mapping


def apply(mapping: FloatArray, points: FloatArray) -> FloatArray:
    """Map points, shape (n, 2)."""
    mapped: FloatArray = points @ mapping[:, :2].T + mapping[:, 2]
    return mapped

"""How a decoded frame is shown: its turn and its size, from what the file says."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

import numpy as np
from av.video.frame import VideoFrame

from vidpose.types.rotation import upright_size

# Display matrices are rounded; a larger deviation from a quarter turn is a true tilt.
_TILT_TOLERANCE_DEG: Final[float] = 0.5


@dataclass(frozen=True, slots=True)
class DisplayMatrix:
    """How a stored picture is shown: flipped left to right if ``mirrored``, then turned clockwise."""

    rotation_deg: int = 0
    mirrored: bool = False


def display_matrix(frame: VideoFrame) -> DisplayMatrix | None:
    """Return how a frame is shown; None when its matrix turns the picture by another angle than a quarter turn.

    The matrix maps stored (x, y) to shown (a x + c y, b x + d y), y down, in 16.16 fixed point (ISO/IEC 14496-12,
    8.2.2).
    """
    side_data: Any = frame.side_data.get("DISPLAYMATRIX")
    if side_data is None:
        return DisplayMatrix()
    matrix = np.frombuffer(bytes(side_data), dtype=np.int32).astype(float).tolist()
    a, b, c, d = matrix[0], matrix[1], matrix[3], matrix[4]
    determinant = a * d - b * c
    if determinant == 0:
        return None
    mirrored = bool(determinant < 0)
    angle_deg = math.degrees(math.atan2(-b, -a) if mirrored else math.atan2(b, a))
    quarters = round(angle_deg / 90)
    if abs(angle_deg - quarters * 90) > _TILT_TOLERANCE_DEG:
        return None
    return DisplayMatrix(quarters * 90 % 360, mirrored)


def shown_size_px(stored: tuple[int, int], pixel_aspect: Fraction | None, rotation_deg: int) -> tuple[int, int]:
    """Return (width, height) of the upright picture with square pixels; the stored height is kept."""
    width_px, height_px = stored
    if pixel_aspect is not None and pixel_aspect > 0:
        width_px = max(1, round(width_px * pixel_aspect))
    return upright_size((width_px, height_px), rotation_deg)

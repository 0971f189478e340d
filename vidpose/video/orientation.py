"""How a decoded frame is shown: its turn and its size, from what the file says."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any, Final

import numpy as np
from av.video.frame import VideoFrame

from vidpose.types.rotation import upright_size

# Display matrices are rounded; a larger deviation from a quarter turn is a true tilt.
_TILT_TOLERANCE_DEG: Final[float] = 0.5


def clockwise_turn_deg(frame: VideoFrame) -> int | None:
    """Return the clockwise turn that brings a frame upright: 0, 90, 180 or 270.

    None when the display matrix mirrors the picture or turns it by another angle. The matrix maps stored
    (x, y) to shown (a x + c y, b x + d y), y down, in 16.16 fixed point (ISO/IEC 14496-12, 8.2.2).
    """
    side_data: Any = frame.side_data.get("DISPLAYMATRIX")
    if side_data is None:
        return 0
    matrix = np.frombuffer(bytes(side_data), dtype=np.int32).astype(float)
    a, b, c, d = matrix[0], matrix[1], matrix[3], matrix[4]
    if a * d - b * c <= 0:
        return None
    angle_deg = math.degrees(math.atan2(b, a))
    quarters = round(angle_deg / 90)
    return quarters * 90 % 360 if abs(angle_deg - quarters * 90) <= _TILT_TOLERANCE_DEG else None


def shown_size_px(stored: tuple[int, int], pixel_aspect: Fraction | None, rotation_deg: int) -> tuple[int, int]:
    """Return (width, height) of the upright picture with square pixels; the stored height is kept."""
    width_px, height_px = stored
    if pixel_aspect is not None and pixel_aspect > 0:
        width_px = max(1, round(width_px * pixel_aspect))
    return upright_size((width_px, height_px), rotation_deg)

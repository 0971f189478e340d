"""What is taken for a person, or for another one: pictures on a wall, mirrors, blurred side bars, weight plates.

All functions take and return frames, red-green-blue, shape (height, width, 3); none changes what it is given.
"""

from __future__ import annotations

import cv2
import numpy as np

from vidpose.types.arrays import ByteArray

_FRAME_PX = 6


def with_poster(frame: ByteArray, picture: ByteArray, left: int, top: int) -> ByteArray:
    """Return the frame with a framed picture on the wall, its upper left corner at (left, top)."""
    result, (height, width) = frame.copy(), picture.shape[:2]
    result[top : top + height, left : left + width] = picture
    cv2.rectangle(result, (left, top), (left + width, top + height), (40, 32, 28), _FRAME_PX)
    return result


def with_mirror(frame: ByteArray, scale: float = 0.8) -> ByteArray:
    """Return the frame and, at its right, what a mirror shows of it at a greater distance."""
    height = frame.shape[0]
    small = cv2.resize(frame[:, ::-1], None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    above = (height - small.shape[0]) // 2
    mirror = cv2.copyMakeBorder(small, above, height - small.shape[0] - above, 0, 0, cv2.BORDER_REPLICATE)
    return np.hstack([frame, mirror // 10 * 9])


def between_blurred_bars(frame: ByteArray, width_px: int, blur_px: float = 8.0) -> ByteArray:
    """Return an upright frame in the middle of a wide one, whose sides an enlarged and blurred copy fills."""
    height, width = frame.shape[:2]
    scale = width_px / width
    large = cv2.resize(frame, (width_px, round(height * scale)), interpolation=cv2.INTER_LINEAR)
    top = (large.shape[0] - height) // 2
    result: ByteArray = cv2.GaussianBlur(large[top : top + height], (0, 0), blur_px)
    left = (width_px - width) // 2
    result[:, left : left + width] = frame
    return result


def with_plate(frame: ByteArray, centre_px: tuple[float, float], radius_px: float) -> ByteArray:
    """Return the frame with a weight plate before everything else."""
    result = frame.copy()
    x, y = round(centre_px[0]), round(centre_px[1])
    for share, colour in ((1.0, (38, 38, 42)), (0.82, (58, 58, 64)), (0.4, (34, 34, 38)), (0.12, (176, 178, 182))):
        cv2.circle(result, (x, y), max(1, round(share * radius_px)), colour, cv2.FILLED, cv2.LINE_AA)
    return result

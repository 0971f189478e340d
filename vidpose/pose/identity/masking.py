"""Masking other people near a person, so that the landmark network sees one body and does not mix the limbs of two.

Grey covers where the others are expected, except where the person's own limbs are expected.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import cv2
import numpy as np

from vidpose.pose.identity.track import Track
from vidpose.pose.identity.tracking_settings import TrackingSettings
from vidpose.types.arrays import ByteArray, FloatArray
from vidpose.types.picture import Picture
from vidpose.types.rotation import as_stored
from vidpose.types.skeleton import BONES, LANDMARK_INDEX

_GREY: Final = 128
_MAX_PX: Final = 16_000.0  # OpenCV draws with 16 bits before the point
_BODY_RADIUS: Final = 0.4  # of the region's side: it is the circle around the body, times 1.25
_HALF_WIDTH: Final = 0.2  # of the region's side, for a hidden person: half as wide as high, legs in stride (ours)
_TRUNK: Final = [LANDMARK_INDEX[name] for name in ("left_shoulder", "right_shoulder", "right_hip", "left_hip")]
_FINGERS: Final = {LANDMARK_INDEX[f"{side}_{name}"] for side in ("left", "right") for name in ("pinky", "thumb")}
_BONES: Final = [
    (first, second) for first, second, side in BONES if side != "centre" and not {first, second} & _FINGERS
]
_SHOULDERS: Final = _TRUNK[:2]
_HEAD: Final = slice(0, LANDMARK_INDEX["left_shoulder"])
_HEAD_RADIUS: Final = 0.4  # sizes; hair included (ours)


def mask_others(
    picture: Picture, track: Track, others: Sequence[Track], time_s: float, limits: TrackingSettings
) -> Picture:
    """Return the picture with grey over other people, for reading the landmarks of one person.

    Parameters
    ----------
    picture
        The frame; neither it nor what its ``rgb`` makes is changed.
    track
        The person whose landmarks will be read.
    others
        Who is masked, see :func:`vidpose.pose.identity.encounters.occluders`.
    time_s
        Time of the frame.
    limits
        Half the thickness that limbs are drawn with.
    """
    if track.body is None or not others:
        return picture
    mask = np.zeros(picture.size_px[::-1], dtype=np.uint8)
    for other in others:
        _draw_other(mask, other, time_s, limits)
    size_px = track.body.place.size_px
    _draw_body(mask, track.body.landmarks.at(time_s), limits.own_limb * size_px, size_px, 0)
    stored = as_stored(mask, picture.rotation_deg) > 0
    half = stored[::2, ::2]
    planes = ((picture.y, stored), (picture.u, half), (picture.v, half))
    y, u, v = (np.where(covered, np.uint8(_GREY), plane) for plane, covered in planes)
    return replace(picture, y=y, u=u, v=v)


def _draw_other(mask: ByteArray, other: Track, time_s: float, limits: TrackingSettings) -> None:
    if other.body is not None:
        size_px = other.body.place.size_px
        _draw_body(mask, other.body.landmarks.at(time_s), limits.other_limb * size_px, size_px, 255)
        return
    if time_s - other.motion.time_s > limits.max_forecast_s:
        return  # the forecast has expired
    place = other.motion.at(time_s, limits.max_forecast_s)
    middle = np.array([place.x_px, place.y_px])
    reach = np.array([_HALF_WIDTH, _BODY_RADIUS]) * other.side_px
    cv2.rectangle(mask, _pixel(middle - reach), _pixel(middle + reach), 255, cv2.FILLED)


def _draw_body(mask: ByteArray, px: FloatArray, radius_px: float, size_px: float, value: int) -> None:
    """Draw trunk, limbs and head of landmarks, shape (33, 2), with limbs of this radius."""
    thickness = max(1, round(2 * radius_px))
    head, neck = px[_HEAD].mean(axis=0), px[_SHOULDERS].mean(axis=0)
    lines = [(px[first], px[second]) for first, second in _BONES] + [(head, neck)]
    for start, stop in lines:
        cv2.line(mask, _pixel(start), _pixel(stop), value, thickness)
    trunk = np.array([_pixel(point) for point in px[_TRUNK]], dtype=np.int32)
    cv2.polylines(mask, [trunk], isClosed=True, color=value, thickness=thickness)
    cv2.fillPoly(mask, [trunk], value)
    cv2.circle(mask, _pixel(head), round(_HEAD_RADIUS * size_px), value, cv2.FILLED)


def _pixel(point: FloatArray) -> tuple[int, int]:
    x, y = np.rint(np.clip(np.nan_to_num(point), -_MAX_PX, _MAX_PX)).astype(int).tolist()
    return x, y

"""Text for video frames: glyphs drawn once by Pillow, blended many times, and a place for every label.

The font is DejaVu Sans, which matplotlib carries: OpenCV's own line fonts know no degree sign.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import cv2
import matplotlib as mpl
import numpy as np
from PIL import Image, ImageDraw, ImageFont
from scipy.ndimage import gaussian_filter1d

from vidpose.biomech.gaps import frame_period_s
from vidpose.types.arrays import ByteArray, FloatArray, IntArray
from vidpose.types.skeleton import BONES

Rgb = tuple[int, int, int]
Box = tuple[float, float, float, float]
"""Left, top, right, bottom in pixels."""

_STAMPS_KEPT = 256  # about one turn of a joint in whole degrees, in a few colours
_HALO_OPACITY = 0.8
_TURNS_RAD = np.deg2rad([0.0, 30.0, -30.0, 60.0, -60.0, 90.0, -90.0])
_BLOCK_FRAMES = 2048  # keeps the working memory small however long the video is
# Ours, chosen by eye:
_STEADY_S = 0.3  # labels turn about their joint this slowly, so that they glide and do not flicker
_REACH_BH = 0.12  # what is drawn within this share of the body height pushes a label away
_BEND, _PUSH, _AWAY = 1.0, 0.8, 0.5  # weights: out of the bend, off what is drawn nearby, away from the body


@dataclass(frozen=True, slots=True)
class Stamp:
    """A small picture with opacity, ready to be blended into a frame.

    Attributes
    ----------
    ink
        Colour times opacity, shape (h, w, 3).
    keep
        255 minus opacity, the same in all three channels, shape (h, w, 3).
    """

    ink: ByteArray
    keep: ByteArray

    @property
    def size_px(self) -> tuple[int, int]:
        """Width and height."""
        return self.ink.shape[1], self.ink.shape[0]


def stamp_of(mask: ByteArray, colour: Rgb) -> Stamp:
    """Return one colour with the opacity ``mask``, shape (h, w), 0 to 255."""
    alpha = mask[..., None].astype(np.float32) / 255
    ink = np.rint(alpha * np.asarray(colour, np.float32)).astype(np.uint8)
    return Stamp(ink, np.repeat(255 - mask[..., None], 3, axis=2))


def over(front: Stamp, back: Stamp) -> Stamp:
    """Return ``front`` laid on ``back``; both have the same size."""
    ink = cv2.add(front.ink, cv2.multiply(back.ink, front.keep, scale=1 / 255))
    return Stamp(ink, cv2.multiply(back.keep, front.keep, scale=1 / 255))


def blend(rgb: ByteArray, stamp: Stamp, left_px: int, top_px: int) -> None:
    """Lay a stamp on a frame, shape (H, W, 3), in place; what lies outside the frame is cut off."""
    width, height = stamp.size_px
    x0, x1 = max(left_px, 0), min(left_px + width, rgb.shape[1])
    y0, y1 = max(top_px, 0), min(top_px + height, rgb.shape[0])
    if x0 >= x1 or y0 >= y1:
        return
    part = np.s_[y0 - top_px : y1 - top_px, x0 - left_px : x1 - left_px]
    under = cv2.multiply(rgb[y0:y1, x0:x1], stamp.keep[part], scale=1 / 255)
    rgb[y0:y1, x0:x1] = cv2.add(under, stamp.ink[part])


def font_path(bold: bool) -> Path:
    """Return the font file that matplotlib ships."""
    return Path(mpl.get_data_path()) / "fonts" / "ttf" / ("DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf")


class Typeface:
    """One font at one size.

    Parameters
    ----------
    size_px
        Em size, pixels.
    bold
        Whether the bold cut is used.
    """

    def __init__(self, size_px: int, bold: bool = True) -> None:
        self.size_px = size_px
        self._font = ImageFont.truetype(str(font_path(bold)), size_px)
        ascent, descent = self._font.getmetrics()
        self._ascent_px = ascent
        self.line_height_px = ascent + descent
        self.cap_height_px = -self._font.getbbox("0", anchor="ls")[1]
        self._glyphs: dict[str, ByteArray] = {}
        self._stamps = lru_cache(_STAMPS_KEPT)(self._make_stamp)

    def mask(self, text: str) -> ByteArray:
        """Return the opacity of a line of text, 0 to 255, shape (line height, advance width)."""
        if not text:
            return np.zeros((self.line_height_px, 0), np.uint8)
        return np.hstack([self._glyph(letter) for letter in text])

    def width_px(self, text: str) -> int:
        """Return the advance width of a line of text."""
        return sum(self._glyph(letter).shape[1] for letter in text)

    def stamp(self, text: str, colour: Rgb, halo: Rgb | None = None) -> Stamp:
        """Return a line of text in one colour, with a soft edge of colour ``halo`` when given.

        With a halo the stamp is cut to the height of a digit and grown by :attr:`halo_px` on every side.
        """
        return self._stamps(text, colour, halo)

    @property
    def halo_px(self) -> int:
        """Width of the soft edge."""
        return max(2, round(self.size_px / 8))

    def _glyph(self, letter: str) -> ByteArray:
        if letter not in self._glyphs:
            width = max(1, round(self._font.getlength(letter)))
            image = Image.new("L", (width, self.line_height_px))
            ImageDraw.Draw(image).text((0, self._ascent_px), letter, fill=255, font=self._font, anchor="ls")
            self._glyphs[letter] = np.asarray(image)
        return self._glyphs[letter]

    def _make_stamp(self, text: str, colour: Rgb, halo: Rgb | None) -> Stamp:
        mask = self.mask(text)
        if halo is None:
            return stamp_of(mask, colour)
        edge = self.halo_px
        digits = mask[self._ascent_px - self.cap_height_px - 1 : self._ascent_px + 1]
        wide = np.pad(digits, edge)
        disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * edge - 1, 2 * edge - 1))
        soft = cv2.GaussianBlur(cv2.dilate(wide, disc), (0, 0), edge / 3)
        return over(stamp_of(wide, colour), stamp_of(np.rint(soft * _HALO_OPACITY).astype(np.uint8), halo))


class LabelPlacer:
    """Keeps the labels of one frame apart and inside the picture.

    Parameters
    ----------
    frame_size
        Width and height of the frame, pixels.
    taken
        Boxes that no label may touch.
    """

    def __init__(self, frame_size: tuple[int, int], taken: Sequence[Box]) -> None:
        self._frame_size = frame_size
        self._taken = list(taken)

    def place(self, at_px: FloatArray, direction: FloatArray, size_px: tuple[int, int], gap_px: float) -> Box | None:
        """Return and reserve the first free box for a label, or None when there is no room.

        Parameters
        ----------
        at_px
            The joint, shape (2,).
        direction
            Unit vector from the joint to where the label is wanted, shape (2,).
        size_px
            Width and height of the label.
        gap_px
            Free distance between joint and label; further tries turn around the joint.
        """
        half = np.asarray(size_px, float) / 2
        cos, sin = np.cos(_TURNS_RAD), np.sin(_TURNS_RAD)
        ways = np.stack([direction[0] * cos - direction[1] * sin, direction[0] * sin + direction[1] * cos], axis=1)
        centres = at_px + ways * (gap_px + np.abs(ways) @ half)[:, None]
        for left, top, right, bottom in np.hstack([centres - half, centres + half]).tolist():
            if left < 0 or top < 0 or right > self._frame_size[0] or bottom > self._frame_size[1]:
                continue
            if all(left >= r or right <= x or top >= b or bottom <= y for x, y, r, b in self._taken):
                self._taken.append((left, top, right, bottom))
                return left, top, right, bottom
        return None


def outward_directions(
    image_px: FloatArray, joints: IntArray, height_px: FloatArray, timestamps_s: FloatArray
) -> FloatArray:
    """Return where the label of each joint goes: out of the bend, off the rest of the figure, away from its middle.

    Parameters
    ----------
    image_px
        Landmarks, shape (T, 33, 2); NaN is missing.
    joints
        Landmark above, joint and landmark below, shape (n, 3).
    height_px
        Standing height of the person, shape (T,).
    timestamps_s
        Seconds, shape (T,).

    Returns
    -------
    FloatArray
        Unit vectors, smoothed over time, shape (T, n, 2); straight up where nothing is known.
    """
    blocks = [slice(start, start + _BLOCK_FRAMES) for start in range(0, len(image_px), _BLOCK_FRAMES)]
    wanted = [_wanted_directions(image_px[block], joints, height_px[block]) for block in blocks]
    raw = np.concatenate([np.empty((0, len(joints), 2)), *wanted])
    period_s = frame_period_s(timestamps_s)
    return _unit(gaussian_filter1d(raw, _STEADY_S / period_s, axis=0) if period_s > 0 else raw)


def _wanted_directions(image_px: FloatArray, joints: IntArray, height_px: FloatArray) -> FloatArray:
    ends = np.array([bone[:2] for bone in BONES])
    drawn = np.concatenate([image_px, image_px[:, ends].mean(axis=2)], axis=1)
    middle = _known_mean(image_px)
    wanted = np.empty((len(image_px), len(joints), 2))
    for number, (above, joint, below) in enumerate(joints):
        at = image_px[:, joint]
        bend = -_unit(image_px[:, above] - at) - _unit(image_px[:, below] - at)
        along = _unit(image_px[:, below] - image_px[:, above])
        away = _unit(at - middle)
        away = away - (away * along).sum(axis=1, keepdims=True) * along
        apart = at[:, None] - drawn
        near = np.exp(-np.square(np.linalg.norm(apart, axis=2) / (_REACH_BH * height_px[:, None])))
        push = np.nan_to_num(near[..., None] * _unit(apart)).sum(axis=1)
        wanted[:, number] = np.nan_to_num(_BEND * bend + _AWAY * away) + _PUSH * push + (0.0, -0.01)
    return wanted


def _known_mean(image_px: FloatArray) -> FloatArray:
    """Return the mean of the known landmarks, shape (T, 2); NaN when there is none."""
    known = np.isfinite(image_px)
    total, count = np.where(known, image_px, 0).sum(axis=1), known.sum(axis=1)
    result: FloatArray = np.where(count > 0, total / np.maximum(count, 1), np.nan)
    return result


def _unit(vectors: FloatArray) -> FloatArray:
    length = np.linalg.norm(vectors, axis=-1, keepdims=True)
    result: FloatArray = vectors / np.where(length > 0, length, 1.0)
    return result

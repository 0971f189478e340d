"""Text for video frames: rendered once by Pillow, converted to luma and chroma once, drawn many times.

The font is DejaVu Sans, which comes with matplotlib: OpenCV's own fonts have no degree sign.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import cv2
import matplotlib as mpl
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from vidpose.types.arrays import ByteArray
from vidpose.types.picture import YuvColour
from vidpose.video.yuv import Rgb, from_rgb

_STAMPS_KEPT: Final = 512  # about 360 whole degrees in two colours; some 10 MB
_HALO_OPACITY: Final = 0.8
_COLUMNS: Final = np.array([0.25, 0.5, 0.25])
_ROWS: Final = np.array([0.5, 0.5])


@dataclass(frozen=True, slots=True)
class PlaneStamp:
    """A stamp as luma and chroma, for one place on the grid of chroma samples.

    ``y``, ``u`` and ``v`` are sample times opacity, ``keep`` and ``half_keep`` 255 minus opacity on the luma and on the
    chroma planes.
    """

    y: ByteArray
    keep: ByteArray
    u: ByteArray
    v: ByteArray
    half_keep: ByteArray


@dataclass(frozen=True, slots=True, eq=False)
class Stamp:
    """A small picture with opacity, ready to be drawn on a frame.

    Attributes
    ----------
    ink
        Red, green and blue times opacity, and opacity, shape (h, w, 4).
    """

    ink: ByteArray
    _made: dict[tuple[YuvColour, tuple[int, int]], PlaneStamp] = field(default_factory=dict, repr=False)

    @property
    def size_px(self) -> tuple[int, int]:
        """Width and height."""
        return self.ink.shape[1], self.ink.shape[0]

    def on_planes(self, colour: YuvColour, odd: tuple[int, int]) -> PlaneStamp:
        """Return luma and chroma; each is computed once.

        Parameters
        ----------
        colour
            Meaning of the frame's samples.
        odd
            1 where the left column or the top row of the stamp falls on an odd column or row of the frame.
        """
        made = self._made.get((colour, odd))
        if made is None:
            made = self._made[(colour, odd)] = _on_planes(self, colour, odd)
        return made


def stamp_of(mask: ByteArray, colour: Rgb) -> Stamp:
    """Return one colour with the opacity ``mask``, shape (h, w), 0 to 255."""
    shares = np.array([*colour, 255.0], dtype=np.float32) / 255
    inks = np.rint(np.arange(256, dtype=np.uint8)[:, None] * shares).astype(np.uint8).view(np.uint32)[:, 0]
    return Stamp(inks[mask].view(np.uint8).reshape(*mask.shape, 4))


def over(front: Stamp, back: Stamp) -> Stamp:
    """Return ``front`` drawn over ``back``; both have the same size."""
    keep = np.repeat(255 - front.ink[..., 3:], 4, axis=2)
    return Stamp(_bytes(cv2.add(front.ink, cv2.multiply(back.ink, keep, scale=1 / 255))))


def _on_planes(stamp: Stamp, colour: YuvColour, odd: tuple[int, int]) -> PlaneStamp:
    """Convert; a chroma sample is the mean of the two rows and three columns around it."""
    width, height = stamp.size_px
    y, u, v = cv2.split(cv2.transform(stamp.ink, from_rgb(colour)))
    opacity = stamp.ink[..., 3]
    bottom, right = (height + odd[1]) % 2, (width + odd[0]) % 2
    chroma = cv2.copyMakeBorder(cv2.merge([u, v, opacity]), odd[1], bottom, odd[0], right, cv2.BORDER_CONSTANT)
    soft = cv2.sepFilter2D(chroma, -1, _COLUMNS, _ROWS, anchor=(1, 0), borderType=cv2.BORDER_CONSTANT)
    half_u, half_v, half_opacity = cv2.split(soft[::2, ::2])
    return PlaneStamp(_bytes(y), _bytes(255 - opacity), _bytes(half_u), _bytes(half_v), _bytes(255 - half_opacity))


def _bytes(values: Any) -> ByteArray:
    """Return OpenCV's result typed as bytes."""
    return np.asarray(values, dtype=np.uint8)


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

"""Converting a decoded frame to its planes, and to an upright RGB picture with square pixels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, cast

import cv2
import numpy as np
from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange, Colorspace, Interpolation, VideoReformatter

from vidpose.types.arrays import ByteArray
from vidpose.types.picture import BT601, Picture, YuvColour
from vidpose.types.rotation import upright_size
from vidpose.types.video import VideoSource
from vidpose.video.fields import field_lines
from vidpose.video.tone_map import BT709, HdrKind, hdr_kind, tone_mapped

_CLOCKWISE: Final[dict[int, int]] = {
    90: cv2.ROTATE_90_CLOCKWISE,
    180: cv2.ROTATE_180,
    270: cv2.ROTATE_90_COUNTERCLOCKWISE,
}
# Colour matrices (ITU-T H.273 numbers) that ffmpeg's scaler can convert: RGB, BT.709, unspecified, FCC,
# BT.470BG, SMPTE 170M, SMPTE 240M, BT.2020. Unspecified is read as BT.601, as ffmpeg and OpenCV do.
_RGB_MATRIX: Final[int] = 0
_KNOWN_MATRICES: Final[frozenset[int]] = frozenset({_RGB_MATRIX, 1, 2, 4, 5, 6, 7, 9})
_BT709: Final[int] = 1
_SMPTE170M: Final[int] = 6
LUMA_SHARES: Final[dict[int, tuple[float, float]]] = {
    _BT709: (0.2126, 0.0722),
    4: (0.30, 0.11),
    7: (0.212, 0.087),
    9: (0.2627, 0.0593),
}
"""Shares of red and blue in luma by colour matrix (ITU-T H.273, table 4); every other matrix is read as BT.601."""
_PLANAR: Final[frozenset[str]] = frozenset({"yuv420p", "yuvj420p"})


@dataclass(frozen=True, slots=True)
class ColourTags:
    """Colour tags of the encoded video, with which it looks like the source (ITU-T H.273 numbers)."""

    matrix: int
    primaries: int
    transfer: int


UNSPECIFIED_COLOUR: Final[ColourTags] = ColourTags(matrix=2, primaries=2, transfer=2)
"""Tags of most files: unspecified."""


class PictureConverter:
    """Converts the frames of one video.

    Parameters
    ----------
    source
        The video, as probed.
    tone_map
        Whether HDR pictures become BT.709; their samples are left as they are otherwise.
    """

    def __init__(self, source: VideoSource, tone_map: bool = False) -> None:
        self._source = source
        self._tone_map = tone_map
        self._rotation_deg = source.rotation_deg
        self._stored_size = upright_size((source.width_px, source.height_px), source.rotation_deg)
        self._reformatter = VideoReformatter()
        self._planes_reformatter = VideoReformatter()

    def picture(self, frame: VideoFrame, field: int = 0) -> Picture:
        """Return the frame's planes, or those of one of its fields.

        Frames of another size or sample format are converted to 4:2:0 first, mirrored ones are flipped.
        """
        hdr = hdr_kind(frame) if self._tone_map else None
        if hdr is not None:
            return self._sdr(frame, field, hdr)
        planar = frame
        if frame.format.name not in _PLANAR or (frame.width, frame.height) != self._stored_size:
            planar = self._planar(frame)
        full_range = planar.format.name == "yuvj420p" or planar.color_range == ColorRange.JPEG
        kr, kb = LUMA_SHARES.get(planar.colorspace, (BT601.kr, BT601.kb))
        width_px, height_px = self._stored_size
        half_px = ((width_px + 1) // 2, (height_px + 1) // 2)
        sizes = ((width_px, height_px), half_px, half_px)
        y, u, v = (self._shown(_plane(planar, number, size), field) for number, size in enumerate(sizes))
        return Picture(
            y=y,
            u=u,
            v=v,
            rotation_deg=self._rotation_deg,
            colour=YuvColour(kr, kb, full_range),
            rgb=lambda: self.rgb(frame, field),
        )

    def _sdr(self, frame: VideoFrame, field: int, kind: HdrKind) -> Picture:
        """Return the planes of an HDR frame, tone-mapped."""
        width_px, height_px = self._stored_size
        half_px = ((width_px + 1) // 2, (height_px + 1) // 2)
        deep = self._planar(frame, "yuv420p10le")
        sizes = ((width_px, height_px), half_px, half_px)
        y, u, v = (_plane(deep, number, size, np.uint16) for number, size in enumerate(sizes))
        kr, kb = LUMA_SHARES.get(deep.colorspace, (BT601.kr, BT601.kb))
        planes = tone_mapped((y, u, v), kind, YuvColour(kr, kb, deep.color_range == ColorRange.JPEG))
        y, u, v = (self._shown(plane, field) for plane in planes)
        return Picture(y, u, v, self._rotation_deg, BT709, rgb=lambda: self.rgb(frame, field))

    def _shown(self, plane: ByteArray, field: int) -> ByteArray:
        """Return a plane, or the RGB picture, with the lines of one field only, and flipped where the file says so."""
        if self._source.field_ticks:
            plane = field_lines(plane, field if self._source.top_field_first else 1 - field)
        if self._source.mirrored:
            plane = np.ascontiguousarray(plane[:, ::-1])
            plane.setflags(write=False)
        return plane

    def _planar(self, frame: VideoFrame, sample_format: str = "yuv420p") -> VideoFrame:
        width_px, height_px = self._stored_size
        matrix = frame.colorspace if frame.colorspace in _KNOWN_MATRICES - {_RGB_MATRIX} else Colorspace.ITU601
        converted = self._planes_reformatter.reformat(
            frame,
            width=width_px,
            height=height_px,
            format=sample_format,
            src_colorspace=matrix,
            dst_colorspace=matrix,
            dst_color_range=ColorRange.MPEG,
            interpolation=Interpolation.BILINEAR,
            threads=1,
        )
        converted.colorspace, converted.color_range = int(matrix), ColorRange.MPEG
        return converted

    def rgb(self, frame: VideoFrame, field: int = 0) -> ByteArray:
        """Return a new picture, shape (H, W, 3), writeable; never the decoder's reference picture."""
        width_px, height_px = self._stored_size
        converted = self._reformatter.reformat(
            frame,
            width=width_px,
            height=height_px,
            format="rgb24",
            src_colorspace=frame.colorspace if frame.colorspace in _KNOWN_MATRICES else Colorspace.ITU601,
            interpolation=Interpolation.BILINEAR,
            threads=1,
        )
        stored = self._shown(np.asarray(converted.to_ndarray(), dtype=np.uint8), field)
        if self._rotation_deg:
            return turned_upright(stored, self._rotation_deg)
        if converted is frame or not stored.flags.c_contiguous or not stored.flags.writeable:
            return stored.copy()
        return stored


def _plane(frame: VideoFrame, number: int, size_px: tuple[int, int], kind: type[np.generic] = np.uint8) -> Any:
    """Return a read-only view of one plane, without the padding after its rows."""
    plane = frame.planes[number]
    width_px, height_px = size_px
    rows = np.frombuffer(cast(memoryview, plane), dtype=np.uint8)[: plane.line_size * height_px]
    view = rows.reshape(height_px, plane.line_size).view(kind)[:, :width_px]
    view.setflags(write=False)
    return view


def turned_upright(stored: ByteArray, rotation_deg: int, target: ByteArray | None = None) -> ByteArray:
    """Return stored pixels turned clockwise by 90, 180 or 270 degrees, in ``target`` where one is given."""
    return np.asarray(cv2.rotate(stored, _CLOCKWISE[rotation_deg], dst=target), dtype=np.uint8)


def colour_tags(frame: VideoFrame, tone_map: bool = False) -> ColourTags:
    """Return the tags for video encoded from this frame's picture."""
    if tone_map and hdr_kind(frame) is not None:
        return ColourTags(_BT709, _BT709, _BT709)
    matrix = frame.colorspace
    if matrix == _RGB_MATRIX:
        matrix = _BT709
    elif matrix not in _KNOWN_MATRICES:
        matrix = _SMPTE170M
    return ColourTags(matrix, frame.color_primaries, frame.color_trc)

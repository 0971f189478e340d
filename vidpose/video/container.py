"""Opening a video file, and nothing else, with one decoding thread."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import Final, cast

import av
from av.codec.context import ThreadType
from av.codec.hwaccel import HWAccel, hwdevices_available
from av.container import Flags, InputContainer
from av.error import FFmpegError
from av.stream import Disposition
from av.video.stream import VideoStream

MAX_SIDE_PX: Final[int] = 16384
"""Largest width or height that is decoded; ours, twice the size of 8K, as headers may state anything."""

MIN_SIDE_PX: Final[int] = 16
"""Smallest width or height that is analysed; ours, as nobody can be recognised in less."""

_MAX_PIXELS: Final[str] = str(MAX_SIDE_PX * MAX_SIDE_PX)
_STILL_PICTURE: Final[int] = int(Disposition.attached_pic | Disposition.timed_thumbnails | Disposition.still_image)


def frame_bytes_per_px(pixel_format: str) -> float:
    """Return the size of a decoded frame, bytes per pixel.

    Parameters
    ----------
    pixel_format
        ffmpeg's name.

    Examples
    --------
    >>> frame_bytes_per_px("yuv420p"), frame_bytes_per_px("rgba64be")
    (1.5, 8.0)
    """
    return av.VideoFormat(pixel_format, 64, 64).padded_bits_per_pixel / 8


def file_url(path: Path) -> str:
    """Return a URL by which ffmpeg opens exactly this file, whatever its name.

    Without the ``file:`` prefix, names such as ``concat:x`` or ``a:b.mp4`` are read as protocols.
    """
    return "file:" + os.fspath(path.absolute())


def open_input(path: Path, device: str | None = None) -> InputContainer:
    """Open a file for reading.

    References out of the file are not followed (a playlist could name network addresses), and metadata that is not
    UTF-8 is replaced.

    Parameters
    ----------
    path
        The file.
    device
        A hardware decoder named by :func:`decoding_device`, or None for the processor.
    """
    container = av.open(
        file_url(path),
        options={"protocol_whitelist": "file", "max_pixels": _MAX_PIXELS},
        metadata_errors="replace",
        hwaccel=HWAccel(device, allow_software_fallback=True) if device is not None else None,
    )
    if container.format.name == "avi":
        # AVI stores decoding times only. ffmpeg's guesses for streams with B-frames are out of order, so missing
        # stamps are left missing here, and a constant rate is assumed later.
        container.flags &= ~cast(int, Flags.gen_pts.value)
    return container


@cache
def decoding_device(path: Path) -> str | None:
    """Return the name of a hardware decoder that works for this file, or None; tested on the file's first picture.

    The build of ffmpeg names devices (such as ``cuda``, ``qsv``, ``videotoolbox``) whether the machine has them or not.
    """
    return next((device for device in hwdevices_available() if _decodes(path, device)), None)


def _decodes(path: Path, device: str) -> bool:
    try:
        with open_input(path, device) as container:
            stream = picture_stream(container)
            if stream is None:
                return False
            next(container.decode(stream))
            return bool(stream.codec_context.is_hwaccel)
    except (FFmpegError, OSError, StopIteration):
        return False


def moving_pictures(container: InputContainer) -> list[VideoStream]:
    """Return the video streams that can be decoded; cover art, thumbnails and single pictures do not count."""
    moving = [stream for stream in container.streams.video if not int(stream.disposition) & _STILL_PICTURE]
    decodable = [stream for stream in moving if stream.codec_context is not None]
    return [stream for stream in decodable if stream.frames != 1] or decodable


def picture_stream(container: InputContainer, number: int | None = None) -> VideoStream | None:
    """Return a video stream, ready to decode; None when there is none.

    One decoding thread keeps memory small: with threads, a 4K video takes hundreds of MiB more in every worker.

    Parameters
    ----------
    container
        The opened file.
    number
        The stream's number in the file; None, or a number that is not there, for the one with the largest picture.
    """
    decodable = moving_pictures(container)
    if not decodable:
        return None
    largest = max(decodable, key=lambda candidate: candidate.width * candidate.height)
    stream = next((candidate for candidate in decodable if candidate.index == number), largest)
    stream.codec_context.options = {"max_pixels": _MAX_PIXELS}
    stream.codec_context.thread_count = 1
    stream.codec_context.thread_type = ThreadType.NONE
    return stream

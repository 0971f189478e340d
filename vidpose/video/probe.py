"""Probing a video file: reading all its packets and decoding one frame."""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from typing import Final, cast

import av
import numpy as np
from av.container import InputContainer
from av.error import FFmpegError, InvalidDataError
from av.format import Flags as FormatFlags
from av.packet import Packet
from av.stream import Stream
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from vidpose.hashing import file_sha256
from vidpose.types.arrays import IntArray
from vidpose.types.findings import Finding
from vidpose.types.video import VideoIndex
from vidpose.video.broken_file import not_a_video, unreadable
from vidpose.video.container import frame_bytes_per_px, moving_pictures, open_input, picture_stream
from vidpose.video.declared import read_declared
from vidpose.video.edit_list import edit_findings, jump_stamps, read_edits
from vidpose.video.fields import fields_of
from vidpose.video.orientation import DisplayMatrix, display_matrix, shown_size_px
from vidpose.video.probe_findings import declared_findings, hdr_findings, shown_findings
from vidpose.video.probe_limits import (
    ProbeSettings,
    refusal,
    refuse_frames,
    refuse_size,
    refuse_streams,
    refuse_video,
)
from vidpose.video.reading import ReadingSettings
from vidpose.video.stamps import SettledStamps, StreamStamps, settle_stamps

# Ours: headers are rounded, and sound may end a little after the picture.
_EARLY_END_S: Final[float] = 0.5
_EARLY_END_FRAMES: Final[int] = 3
_NO_LIMITS: Final = ProbeSettings()
_AS_IT_IS: Final = ReadingSettings()


@dataclass(slots=True)
class _Scan:
    """Result of one pass over the packets; stamps take eight bytes each."""

    n_frames: int = 0
    pts: array[int] = field(default_factory=lambda: array("q"))
    keys: array[int] = field(default_factory=lambda: array("q"))
    last_dts: int | None = None
    dts_falls: bool = False
    end_s: float = float("-inf")
    start_s: float = float("inf")
    sound_start: Fraction | None = None
    first_frame: VideoFrame | None = None
    broken_off: str | None = None


def content_sha256(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, hexadecimal.

    Raises
    ------
    InputError
        When the file cannot be read (``unreadable``, ``no_access``).
    """
    try:
        return file_sha256(path)
    except OSError as error:
        raise unreadable(path, error) from error


def probe(
    path: Path,
    sha256: str,
    limits: ProbeSettings = _NO_LIMITS,
    max_bytes: int | None = None,
    reading: ReadingSettings = _AS_IT_IS,
) -> VideoIndex:
    """Index a video.

    Parameters
    ----------
    path
        The file, with any name that the file system allows.
    sha256
        Hash of its bytes, from :func:`content_sha256`.
    limits
        What a video may cost.
    max_bytes
        Memory that decoding a frame may take; None for no limit.
    reading
        Which picture is read, and how.

    Returns
    -------
    VideoIndex
        Size as shown, true time stamps of the shown frames, and warnings.

    Raises
    ------
    InputError
        With ``code`` one of ``empty_file``, ``not_a_video``, ``no_video_stream``, ``no_frames``, ``too_large``,
        ``too_small``, ``beyond_limit``, or one that says what the file is, see :mod:`vidpose.video.broken_file`.
    MemoryError
        When a frame does not fit in ``max_bytes``, or in the memory that this process may use.
    """
    size_bytes = _size_bytes(path)
    with _opened(path) as container:
        stream = _stream_to_show(container, path, reading)
        refuse_streams(len(container.streams), path, limits)
        refuse_size((stream.width, stream.height), path, limits)
        if max_bytes is not None and _least_bytes(stream) > max_bytes:
            raise MemoryError
        scan = _scan(container, stream, path, limits)
        frame = scan.first_frame
        if frame is None:
            raise not_a_video(path, "no_frames", f"{scan.n_frames} packets were read")
        shown = display_matrix(frame)
        turn = shown or DisplayMatrix()
        size_px = shown_size_px((frame.width, frame.height), stream.sample_aspect_ratio, turn.rotation_deg)
        refuse_size(size_px, path, limits)
        stamps = _settle(container, stream, scan)
        fields = fields_of(stream, frame, stamps, reading)
        time_base = _time_base(stream) / fields.per_frame
        pts = fields.stamps(stamps.pts)
        declared = read_declared(container, stream, frame, path)
        index = VideoIndex(
            path=path.absolute(),
            sha256=sha256,
            size_bytes=size_bytes,
            container=container.format.name,
            codec=stream.codec.canonical_name,
            pixel_format=frame.format.name,
            width_px=size_px[0],
            height_px=size_px[1],
            rotation_deg=turn.rotation_deg,
            time_base=time_base,
            pts=pts,
            timing=stamps.timing,
            assumed_period=stamps.assumed_period * fields.per_frame,
            audio_codec=_audio_codec(container),
            declared_duration_s=_declared_s(container, stamps),
            key_pts=np.intersect1d(np.array(scan.keys, np.int64) * fields.per_frame, pts),
            mirrored=turn.mirrored,
            origin_pts=_origin_pts(pts, scan.sound_start, time_base),
            stream=stream.index,
            field_ticks=fields.ticks,
            top_field_first=fields.top_first,
            recorded_at=declared.recorded_at,
            timecode=declared.timecode,
            capture_rate_hz=declared.capture_rate_hz,
        )
        edits = read_edits(path, stream.id)
        index = replace(index, jump_pts=jump_stamps(edits, index))
        findings = (
            *stamps.findings,
            *_tilt(shown),
            *_early_end(container, stream, scan, stamps),
            *edit_findings(edits, index),
            *declared_findings(index),
            *hdr_findings(frame),
            *shown_findings(index, moving_pictures(container), fields, reading),
        )
    index = replace(index, findings=findings)
    refuse_video(index, limits)
    return index


def _size_bytes(path: Path) -> int:
    try:
        size_bytes = path.stat().st_size
    except OSError as error:
        raise unreadable(path, error) from error
    if size_bytes == 0:
        raise refusal("empty_file", path, "0 bytes")
    return size_bytes


@contextmanager
def _opened(path: Path) -> Iterator[InputContainer]:
    try:
        container = open_input(path)
    except InvalidDataError as error:
        raise not_a_video(path, "not_a_video", str(error.strerror)) from error
    except (FFmpegError, OSError) as error:
        said = _said(error)
        raise not_a_video(path, "unreadable", said) from error
    with container:
        yield container


def _stream_to_show(container: InputContainer, path: Path, reading: ReadingSettings) -> VideoStream:
    streams, number = moving_pictures(container), reading.video_stream
    wanted = streams[number].index if number is not None and number < len(streams) else None
    stream = picture_stream(container, wanted)
    if stream is None:
        kinds = ", ".join(f"{found.type} {_codec_name(found)}" for found in container.streams) or "no stream"
        raise not_a_video(path, "no_video_stream", f"found: {kinds}")
    return stream


def _least_bytes(stream: VideoStream) -> int:
    """Return what decoding takes at least: a frame, and one that it refers to."""
    per_px = frame_bytes_per_px(stream.pix_fmt) if stream.pix_fmt is not None else 1.0
    return int(2 * per_px * stream.width * stream.height)


def _said(error: FFmpegError | OSError) -> str:
    """Return what ffmpeg or the system said; lack of memory says nothing about the file and is raised again."""
    if isinstance(error, MemoryError):
        raise error
    return str(error.strerror)


def _scan(container: InputContainer, stream: VideoStream, path: Path, limits: ProbeSettings) -> _Scan:
    """Read all packets of picture and sound; decode until the first frame."""
    scan = _Scan()
    try:
        for packet in container.demux(stream, *container.streams.audio[:1]):
            if packet.size == 0:
                continue
            _note_span(scan, packet)
            if packet.stream_index == stream.index:
                _note_picture(scan, packet, stream)
                refuse_frames(scan.n_frames, path, limits)
    except FFmpegError as error:
        scan.broken_off = _said(error)
    if scan.first_frame is None:
        scan.first_frame = _first_of(stream, None)
    return scan


def _note_span(scan: _Scan, packet: Packet[Stream]) -> None:
    stamp = packet.pts if packet.pts is not None else packet.dts
    if stamp is not None:
        ticks, seconds = packet.time_base.denominator, packet.time_base.numerator
        start_s = stamp * seconds / ticks
        scan.start_s = min(scan.start_s, start_s)
        if scan.sound_start is None and packet.stream.type == "audio":
            scan.sound_start = stamp * packet.time_base
        scan.end_s = max(scan.end_s, start_s + (packet.duration or 0) * seconds / ticks)


def _note_picture(scan: _Scan, packet: Packet[Stream], stream: VideoStream) -> None:
    if not packet.is_discard:
        # Packets outside an edit list are decoded but not shown, so they are not part of the index.
        scan.n_frames += 1
        if packet.pts is not None:
            scan.pts.append(packet.pts)
            if packet.is_keyframe:
                scan.keys.append(packet.pts)
        if packet.dts is not None:
            scan.dts_falls |= scan.last_dts is not None and packet.dts < scan.last_dts
            scan.last_dts = packet.dts
    if scan.first_frame is None:
        scan.first_frame = _first_of(stream, packet)


def _first_of(stream: VideoStream, packet: Packet[Stream] | None) -> VideoFrame | None:
    try:
        return next(iter(stream.decode(packet)), None)
    except FFmpegError as error:
        _said(error)
        return None  # damaged at the start: the next packets may decode


def _settle(container: InputContainer, stream: VideoStream, scan: _Scan) -> SettledStamps:
    return settle_stamps(
        StreamStamps(
            pts=np.array(scan.pts, np.int64),
            n_frames=scan.n_frames,
            dts_falls=scan.dts_falls,
            has_clock=not int(container.format.flags) & cast(int, FormatFlags.no_timestamps.value),
            rate_hz=stream.guessed_rate or stream.average_rate,
            time_base=_time_base(stream),
        )
    )


def _origin_pts(pts: IntArray, sound_start: Fraction | None, time_base: Fraction) -> int:
    """Return the stamp of the clock's 0 s: the start of the track that begins first.

    Sound before 0 is encoder delay, which players skip; it does not shift the picture.
    """
    first = int(pts[0]) if len(pts) else 0
    return first if sound_start is None else min(first, math.floor(max(sound_start, Fraction(0)) / time_base))


def _tilt(shown: DisplayMatrix | None) -> Iterator[Finding]:
    if shown is None:
        yield Finding("rotation_unsupported", "the display matrix tilts the picture")


def _early_end(container: InputContainer, stream: VideoStream, scan: _Scan, stamps: SettledStamps) -> Iterator[Finding]:
    """Compare the end of the packets with the duration in the header."""
    if scan.broken_off is not None:
        message = f"reading stopped after {scan.n_frames} frames: {scan.broken_off}"
        yield Finding("ends_early", message, details={"n_frames": scan.n_frames})
        return
    declared_s = _declared_s(container, stamps)
    period_s = float(1 / stream.average_rate) if stream.average_rate else 0.0
    # Matroska declares the time of the end, most other formats the time from the start to the end.
    present_s = scan.end_s - min(0.0, scan.start_s)
    missing_s = declared_s - present_s
    if missing_s > max(_EARLY_END_S, _EARLY_END_FRAMES * period_s):
        message = f"the header states {declared_s:.2f} s, the file holds {present_s:.2f} s"
        yield Finding("ends_early", message, details={"declared_s": declared_s, "present_s": present_s})


def _declared_s(container: InputContainer, stamps: SettledStamps) -> float:
    """Return the duration that the container states; NaN for raw streams, where ffmpeg guesses it from the size."""
    if container.duration is None or (stamps.timing == "assumed" and container.format.name != "avi"):
        return float("nan")
    return container.duration / av.time_base


def _time_base(stream: VideoStream) -> Fraction:
    return stream.time_base if stream.time_base is not None else Fraction(1, av.time_base)


def _audio_codec(container: InputContainer) -> str | None:
    return next((_codec_name(stream) for stream in container.streams.audio), None)


def _codec_name(stream: Stream) -> str:
    return stream.codec.canonical_name if stream.codec_context is not None else "unknown"

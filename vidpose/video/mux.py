"""Concatenating the encoded parts of an annotated video, with the sound of the source."""

from __future__ import annotations

import errno
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, cast

import av
from av.container import Flags, OutputContainer
from av.error import FFmpegError
from av.packet import Packet
from av.video.stream import VideoStream

from vidpose.errors import DecodeError, OutputError
from vidpose.types.findings import Finding
from vidpose.types.video import VideoSource
from vidpose.video.container import file_url
from vidpose.video.damage import DecodeReport
from vidpose.video.encode import (
    EncodedPicture,
    RenderSettings,
    configure,
    mark_for_mp4,
    prepare_encoder,
)
from vidpose.video.part_file import PartFile
from vidpose.video.sound import Outcome, SoundFeed

# Errors that omitting the sound would not solve.
_DISK_ERRORS: Final[frozenset[int]] = frozenset(
    {errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS, errno.EACCES, errno.EPERM, errno.ENOENT, errno.EFBIG}
)
_LEAST_CLOCK_HZ: Final = 1000  # ffmpeg's own
_MAX_CLOCK_HZ: Final = 10_000_000


@dataclass(frozen=True, slots=True)
class RenderReport:
    """What became of an annotated video.

    Attributes
    ----------
    n_frames
        Frames written, one for each frame that decoded.
    audio
        ``"copied"``, ``"transcoded"``, ``"none"`` (the source is silent) or ``"dropped"``.
    findings
        Findings about the sound.
    decode
        What happened while the source was decoded, part by part.
    """

    n_frames: int
    audio: Outcome
    findings: tuple[Finding, ...]
    decode: tuple[DecodeReport, ...]


def join_parts(source: VideoSource, parts: Sequence[Path], final: Path, settings: RenderSettings) -> RenderReport:
    """Write the packets of all parts, and the sound of the source, into one MP4 that plays while downloading.

    Equal input gives equal bytes.

    Parameters
    ----------
    source
        The video, as probed.
    parts
        Files of :func:`~vidpose.video.render_part.render_part`, in order, made with the same settings.
    final
        The file to write. It is written in place: give a temporary path and move it when this returns.
    settings
        Encoding.

    Raises
    ------
    OutputError
        When a part is damaged or of another format, or the file cannot be written.
    DecodeError
        When not one frame of the source decodes.
    """
    attempt = _Attempt(source, parts, final, settings)
    try:
        return attempt.run(with_sound=True)
    except FFmpegError as error:
        if error.errno in _DISK_ERRORS or not attempt.had_sound:
            raise _not_written(source, final, error) from error
    try:
        return attempt.run(with_sound=False)
    except FFmpegError as error:
        raise _not_written(source, final, error) from error


@dataclass(slots=True)
class _JoinCounts:
    """Counts of what was written so far."""

    n_frames: int = 0
    last_dts: int | None = None
    decode: list[DecodeReport] = field(default_factory=list)


class _Attempt:
    """One pass over the parts, with or without the sound."""

    def __init__(self, source: VideoSource, parts: Sequence[Path], path: Path, settings: RenderSettings) -> None:
        self._source = source
        self._parts = parts
        self._path = path
        self._settings = settings
        self.had_sound = False
        self._codec: str | None = None

    def run(self, *, with_sound: bool) -> RenderReport:
        """Write the file; any error of the muxer is an ``FFmpegError``."""
        sound_path = self._source.path if with_sound else None
        counts = _JoinCounts()
        with self._new_file() as output, SoundFeed(sound_path) as sound:
            stream = self._add_pictures(output)
            sound.connect(output)
            self.had_sound = sound.outcome in ("copied", "transcoded")
            self._codec = sound.codec or self._codec
            output.start_encoding()
            origin = self._source.origin_pts
            for picture in self._pictures(bytes(stream.codec_context.extradata or b""), counts):
                sound.send_until(picture.pts * self._source.time_base, origin * self._source.time_base)
                output.mux(self._packet(picture, origin, stream))
            sound.finish(origin * self._source.time_base)
            outcome: Outcome = sound.outcome if with_sound else "dropped"
        if not counts.n_frames:
            message = f"{self._source.path.name}: no frame could be decoded, so there is nothing to draw on"
            raise DecodeError(message, video=str(self._source.path))
        return RenderReport(
            n_frames=counts.n_frames,
            audio=outcome,
            findings=_sound_findings(outcome, self._codec),
            decode=tuple(counts.decode),
        )

    def _pictures(self, extradata: bytes, counts: _JoinCounts) -> Iterator[EncodedPicture]:
        """Yield the packets of all parts, in order and with strictly increasing times."""
        for path in self._parts:
            with PartFile(path) as part:
                if part.extradata != extradata:
                    raise OutputError(f"{path.name} was encoded with other settings; delete it and run again")
                for picture in part.pictures():
                    if counts.last_dts is not None and picture.dts <= counts.last_dts:
                        raise OutputError(f"{path.name} does not follow the part before it; delete it and run again")
                    counts.last_dts = picture.dts
                    counts.n_frames += 1
                    yield picture
                if part.report is not None:
                    counts.decode.append(part.report.decode)

    def _packet(self, picture: EncodedPicture, origin: int, stream: VideoStream) -> Packet[VideoStream]:
        packet = cast("Packet[VideoStream]", Packet(picture.content))
        packet.stream, packet.time_base = stream, self._source.time_base
        packet.pts, packet.dts, packet.duration = picture.pts - origin, picture.dts - origin, picture.duration
        packet.is_keyframe = picture.is_keyframe
        return packet

    def _add_pictures(self, output: OutputContainer) -> VideoStream:
        """Add the stream, described to the muxer by an encoder that encodes nothing."""
        with PartFile(self._parts[0]) as part:
            picture_format = part.format
        name, options = prepare_encoder(self._settings, picture_format.rate_hz)
        stream = cast(VideoStream, output.add_stream(name, rate=picture_format.rate_hz, options=options))
        stream.time_base = self._source.time_base
        configure(stream.codec_context, picture_format)
        mark_for_mp4(stream.codec_context, self._settings)
        return stream

    def _new_file(self) -> OutputContainer:
        # MP4 stores a late start of the pictures on the movie's clock, whose default is too coarse for a tick.
        clock_hz = self._source.time_base.denominator
        clock_hz *= math.ceil(_LEAST_CLOCK_HZ / clock_hz)
        options = {"movflags": "+faststart", "movie_timescale": str(min(clock_hz, _MAX_CLOCK_HZ))}
        output = av.open(file_url(self._path), "w", format="mp4", container_options=options)
        output.flags |= cast(int, Flags.bitexact.value)
        return output


def _sound_findings(outcome: Outcome, codec: str | None) -> tuple[Finding, ...]:
    if outcome == "transcoded":
        return (Finding("audio_transcoded", f"the sound was converted from {codec} to AAC", "info", {"codec": codec}),)
    if outcome == "dropped":
        return (Finding("audio_dropped", f"the sound ({codec or 'unknown codec'}) could not be copied or converted"),)
    return ()


def _not_written(source: VideoSource, path: Path, error: FFmpegError) -> OutputError:
    message = (
        f"{source.path.name}: the annotated video cannot be written to {path.parent} ({error.strerror}); "
        "check free space and permissions"
    )
    return OutputError(message, video=str(source.path), output=str(path))

"""Writing a video again with something drawn on it: same frames, same times, same sound."""

from __future__ import annotations

import errno
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Final, cast

import av
import cv2
import numpy as np
from av.codec.codec import Codec, UnknownCodecError
from av.container import Flags, OutputContainer
from av.error import FFmpegError
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange, Interpolation, VideoReformatter
from av.video.stream import VideoStream

from vidpose.errors import DecodeError, OutputError
from vidpose.types.arrays import ByteArray
from vidpose.types.findings import Finding
from vidpose.types.video import VideoSource
from vidpose.video.container import file_url
from vidpose.video.damage import DecodeReport
from vidpose.video.decode import Frame, VideoReader
from vidpose.video.sound import Outcome, SoundFeed
from vidpose.video.stamps import DEFAULT_RATE_HZ

Draw = Callable[[int, ByteArray], None]
"""Draws on a picture in place; gets the frame number and the RGB picture, shape (H, W, 3)."""

X264_PRESETS: Final = (
    *("ultrafast", "superfast", "veryfast", "faster", "fast"),
    *("medium", "slow", "slower", "veryslow"),
)
# Nothing that leaving the sound out would mend.
_DISK_ERRORS: Final[frozenset[int]] = frozenset(
    {errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS, errno.EACCES, errno.EPERM, errno.ENOENT, errno.EFBIG}
)


@dataclass(frozen=True, slots=True)
class RenderSettings:
    """How the annotated video is encoded.

    Attributes
    ----------
    preset
        x264's speed: the slower, the smaller the file.
    crf
        x264's constant rate factor, 0 (lossless) to 51; 23 is its default.
    gop_frames
        Frames from one keyframe to the next; fixed, so that players step and seek evenly.
    encoder
        ffmpeg's name of an H.264 encoder that knows these options.
    """

    preset: str = "veryfast"
    crf: int = 23
    gop_frames: int = 60
    encoder: str = "libx264"

    def __post_init__(self) -> None:
        if self.preset not in X264_PRESETS:
            raise ValueError(f"preset: expected one of {', '.join(X264_PRESETS)}, got {self.preset!r}")
        if not 0 <= self.crf <= 51:
            raise ValueError(f"crf: expected 0 to 51, got {self.crf}")
        if not 1 <= self.gop_frames <= 1000:
            raise ValueError(f"gop_frames: expected 1 to 1000, got {self.gop_frames}")


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
        Remarks about the sound.
    start_offset_s
        Taken off all times of the source, s: the annotated video starts at 0.
    decode
        What happened while the source was decoded.
    """

    n_frames: int
    audio: Outcome
    findings: tuple[Finding, ...]
    start_offset_s: float
    decode: DecodeReport


def annotate(
    source: VideoSource,
    final: Path,
    draw: Draw,
    settings: RenderSettings | None = None,
    on_progress: Callable[[int], None] | None = None,
) -> RenderReport:
    """Decode a video, draw on every frame, and write it as H.264 in MP4.

    Frame numbers and times are those of :class:`~vidpose.video.decode.VideoReader`. A picture with an odd side gets
    one more row or column at the bottom or right, so coordinates stay valid. Equal input gives equal bytes.

    Parameters
    ----------
    source
        The video, as probed.
    final
        The file to write. It is written in place: give a temporary path and move it when this returns.
    draw
        Called once for each frame, in order. When sound that cannot be written forces a second attempt,
        calls begin again at frame 0.
    settings
        Encoding; None for the defaults.
    on_progress
        Told the number of frames done after each.

    Raises
    ------
    OutputError
        When the encoder is missing or the file cannot be written.
    DecodeError
        When the source cannot be opened or holds no frame that decodes.
    """
    settings = settings or RenderSettings()
    _require_encoder(settings.encoder)
    attempt = _Attempt(source, final, settings)
    try:
        return attempt.run(draw, on_progress, with_sound=True)
    except FFmpegError as error:
        if error.errno in _DISK_ERRORS or not attempt.had_sound:
            raise _not_written(source, final, error) from error
    try:
        return attempt.run(draw, on_progress, with_sound=False)
    except FFmpegError as error:
        raise _not_written(source, final, error) from error


class _Attempt:
    """One pass over the source, with or without its sound."""

    def __init__(self, source: VideoSource, path: Path, settings: RenderSettings) -> None:
        self._source = source
        self._path = path
        self._settings = settings
        self.had_sound = False
        self._codec: str | None = None

    def run(self, draw: Draw, on_progress: Callable[[int], None] | None, *, with_sound: bool) -> RenderReport:
        """Write the file; any refusal of the muxer or encoder is an ``FFmpegError``."""
        sound_path = self._source.path if with_sound else None
        with (
            VideoReader(self._source) as reader,
            self._new_file() as output,
            SoundFeed(sound_path) as sound,
        ):
            writer: _Mp4Writer | None = None
            for number, frame in enumerate(_one_by_one(reader)):
                if writer is None:
                    writer = _Mp4Writer(output, sound, reader, frame, self._settings)
                    self.had_sound = sound.outcome in ("copied", "transcoded")
                    self._codec = sound.codec or self._codec
                draw(number, frame.rgb)
                writer.write(frame)
                if on_progress is not None:
                    on_progress(number + 1)
            if writer is None:
                message = f"{self._source.path.name}: no frame decodes, so nothing can be drawn on"
                raise DecodeError(message, video=str(self._source.path))
            writer.finish()
            outcome: Outcome = sound.outcome if with_sound else "dropped"
            return RenderReport(
                n_frames=number + 1,
                audio=outcome,
                findings=_sound_findings(outcome, self._codec),
                start_offset_s=float(writer.origin_s),
                decode=reader.report,
            )

    def _new_file(self) -> OutputContainer:
        output = av.open(file_url(self._path), "w", format="mp4", container_options={"movflags": "+faststart"})
        output.flags |= cast(int, Flags.bitexact.value)
        return output


class _Mp4Writer:
    """Encodes pictures and interleaves them with the sound."""

    def __init__(
        self, output: OutputContainer, sound: SoundFeed, reader: VideoReader, first: Frame, settings: RenderSettings
    ) -> None:
        self._output = output
        self._sound = sound
        self._time_base = reader.time_base
        self._colour = reader.colour
        self._reformatter = VideoReformatter()
        height_px, width_px = first.rgb.shape[:2]
        self._stream = self._add_pictures(_even(width_px), _even(height_px), reader, settings)
        sound.connect(output)
        self._origin = _origin_ticks(first.pts, sound.start_s, self._time_base)
        self._step = first.duration or max(1, round(1 / (_rate_hz(reader) * self._time_base)))
        self._last_pts: int | None = None
        self._durations: dict[int, int] = {}

    @property
    def origin_s(self) -> Fraction:
        """Time on the source's clock that becomes 0."""
        return self._origin * self._time_base

    def write(self, frame: Frame) -> None:
        """Encode one drawn picture, after the sound that comes before it."""
        self._sound.send_until(frame.pts * self._time_base, self.origin_s)
        if self._last_pts is not None:
            self._step = frame.pts - self._last_pts
        self._last_pts = frame.pts
        picture = self._yuv(frame.rgb)
        picture.pts = frame.pts - self._origin
        picture.time_base = self._time_base
        # MP4 takes a frame's duration from the next frame's time; this one counts for the last frame.
        self._durations[picture.pts] = frame.duration or self._step
        self._mux(self._stream.encode(picture))

    def finish(self) -> None:
        """Write what encoder and sound still hold."""
        self._mux(self._stream.encode(None))
        self._sound.finish(self.origin_s)

    def _mux(self, packets: list[Packet[VideoStream]]) -> None:
        for packet in packets:
            packet.duration = self._durations.pop(packet.pts if packet.pts is not None else -1, 0)
            self._output.mux(packet)

    def _yuv(self, rgb: ByteArray) -> VideoFrame:
        height_px, width_px = rgb.shape[:2]
        bottom, right = height_px % 2, width_px % 2
        if bottom or right:
            padded = cv2.copyMakeBorder(rgb, 0, bottom, 0, right, cv2.BORDER_REPLICATE)
            rgb = np.asarray(padded, dtype=np.uint8)
        return self._reformatter.reformat(
            VideoFrame.from_numpy_buffer(rgb, format="rgb24"),
            format="yuv420p",
            dst_colorspace=self._colour.matrix,
            src_color_range=ColorRange.JPEG,
            dst_color_range=ColorRange.MPEG,
            interpolation=Interpolation.BILINEAR,
            threads=1,
        )

    def _add_pictures(
        self, width_px: int, height_px: int, reader: VideoReader, settings: RenderSettings
    ) -> VideoStream:
        # One thread and fixed keyframes make equal bytes; no B-frames make decoding order the order shown.
        options = {
            "preset": settings.preset,
            "crf": str(settings.crf),
            "g": str(settings.gop_frames),
            "sc_threshold": "0",
            "bf": "0",
        }
        stream = cast(
            VideoStream,
            self._output.add_stream(settings.encoder, rate=_rate_hz(reader), options=options),
        )
        stream.time_base = self._time_base
        context = stream.codec_context
        context.time_base = self._time_base
        context.width, context.height, context.pix_fmt = width_px, height_px, "yuv420p"
        context.thread_count = 1
        context.color_range = ColorRange.MPEG.value
        context.colorspace = self._colour.matrix
        context.color_primaries = self._colour.primaries
        context.color_trc = self._colour.transfer
        return stream


def _one_by_one(reader: VideoReader) -> Iterator[Frame]:
    for batch in reader.batches(1):
        yield batch[0]


def _origin_ticks(first_pts: int, sound_start_s: Fraction | None, time_base: Fraction) -> int:
    """Return the source's time, ticks, that becomes 0: the start of whichever track begins first.

    Sound before 0 is encoder delay that players skip; it does not move the pictures.
    """
    if sound_start_s is None:
        return first_pts
    return min(first_pts, math.floor(max(sound_start_s, Fraction(0)) / time_base))


def _rate_hz(reader: VideoReader) -> Fraction:
    """Nominal frame rate: x264 derives the level from it, times come from the stamps."""
    rate_hz = reader.frame_rate_hz
    return rate_hz if rate_hz is not None and 1 <= rate_hz <= 1000 else DEFAULT_RATE_HZ


def _even(side_px: int) -> int:
    return side_px + side_px % 2


def _sound_findings(outcome: Outcome, codec: str | None) -> tuple[Finding, ...]:
    if outcome == "transcoded":
        return (Finding("audio_transcoded", f"{codec} became AAC", "info", {"codec": codec}),)
    if outcome == "dropped":
        return (Finding("audio_dropped", f"the sound ({codec or 'unknown codec'}) could not be carried over"),)
    return ()


def _require_encoder(name: str) -> None:
    try:
        Codec(name, "w")
    except UnknownCodecError as error:
        message = (
            f"the H.264 encoder {name} is missing from this build of PyAV's ffmpeg; "
            "install PyAV's own wheels (pip install --force-reinstall --only-binary av av), which carry libx264"
        )
        raise OutputError(message, encoder=name) from error


def _not_written(source: VideoSource, path: Path, error: FFmpegError) -> OutputError:
    message = (
        f"{source.path.name}: the annotated video cannot be written to {path.parent} ({error.strerror}); "
        "check free space and permissions"
    )
    return OutputError(message, video=str(source.path), output=str(path))

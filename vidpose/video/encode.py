"""Encoding pictures with fixed, single-threaded options: equal pictures give equal packets."""

from __future__ import annotations

import math
import os
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final, Literal, cast

from av.codec.codec import Codec, UnknownCodecError
from av.codec.context import CodecContext, Flags
from av.packet import Packet
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange
from av.video.stream import VideoStream

from vidpose.errors import OutputError
from vidpose.video.picture_conversion import ColourTags

X264_PRESETS: Final = (
    *("ultrafast", "superfast", "veryfast", "faster", "fast"),
    *("medium", "slow", "slower", "veryslow"),
)
VideoCodec = Literal["h264", "hevc", "av1"]
ENCODERS: Final[dict[str, str]] = {"h264": "libx264", "hevc": "libx265", "av1": "libsvtav1"}
_FASTEST: Final = X264_PRESETS[0]
_QP_AT_30_HZ: Final = 2  # above the rate factor, for veryfast's PSNR on our clips
# x264's rate factor spends less on a picture that is shown for a shorter time: 6 (1 - qcomp) steps per doubling of the
# rate (ours below 25 Hz: no more is spent).
_QP_PER_OCTAVE: Final = 2.4
_SHOWN_HZ: Final = (25.0, 100.0)
_MAX_CRF: Final = 51
_MAX_CRF_AV1: Final = 63
_FASTEST_AV1: Final = 9  # at 10, small letters lose strokes
# Added to x264's value, or to x264's on AV1's scale up to 63: the degree sign stays complete at 480 lines (ours).
_QP_X265: Final = 2
_CRF_X265: Final = 3
_CRF_AV1: Final = 2


@dataclass(frozen=True, slots=True)
class RenderSettings:
    """How the annotated video is encoded.

    Attributes
    ----------
    codec
        ``"h264"`` plays everywhere; ``"hevc"`` and ``"av1"`` give smaller files and take much longer.
    preset
        Speed by x264's names: the slower, the smaller the file.
    crf
        Quality, 0 (lossless) to 51: whatever the codec and preset, about that of x264's ``veryfast`` at this constant
        rate factor.
    gop_frames
        Frames from one keyframe to the next; fixed, so that players can step and seek.
    height_px
        Height of the picture, pixels; None for that of the source. Pictures are never enlarged.
    part_s
        Length of the parts that are drawn in parallel, s; clips of about this length are cut in two, and parts of very
        long videos are longer.
    thumbnail
        Whether one picture of the annotated video is written beside it.
    gif
        Whether a short moving preview is written beside it.
    """

    codec: VideoCodec = "h264"
    preset: str = "ultrafast"
    crf: int = 23
    gop_frames: int = 60
    height_px: int | None = None
    part_s: float = 10.0
    thumbnail: bool = False
    gif: bool = False

    def __post_init__(self) -> None:
        if self.codec not in ENCODERS:
            raise ValueError(f"codec: expected one of {', '.join(ENCODERS)}, got {self.codec!r}")
        if self.preset not in X264_PRESETS:
            raise ValueError(f"preset: expected one of {', '.join(X264_PRESETS)}, got {self.preset!r}")
        if not 0 <= self.crf <= _MAX_CRF:
            raise ValueError(f"crf: expected 0 to {_MAX_CRF}, got {self.crf}")
        if not 1 <= self.gop_frames <= 1000:
            raise ValueError(f"gop_frames: expected 1 to 1000, got {self.gop_frames}")
        if self.height_px is not None and not 64 <= self.height_px <= 16384:
            raise ValueError(f"height_px: expected 64 to 16384, or nothing, got {self.height_px}")
        if not 0.5 <= self.part_s <= 3600:
            raise ValueError(f"part_s: expected 0.5 to 3600, got {self.part_s}")


@dataclass(frozen=True, slots=True)
class PictureFormat:
    """Properties shared by all parts of one annotated video.

    Attributes
    ----------
    width_px, height_px
        Size of the encoded picture, even.
    time_base
        Seconds per tick.
    rate_hz
        Nominal frame rate, from which encoders derive the level; times come from the stamps.
    tags
        Colour matrix, primaries and transfer.
    full_range
        Whether luma runs from 0 to 255 instead of 16 to 235.
    """

    width_px: int
    height_px: int
    time_base: Fraction
    rate_hz: Fraction
    tags: ColourTags
    full_range: bool


@dataclass(frozen=True, slots=True)
class EncodedPicture:
    """One packet: stamps on the source's clock in ticks, duration in ticks, and the bytes."""

    pts: int
    dts: int
    duration: int
    is_keyframe: bool
    content: bytes


class PictureEncoder:
    """Encodes the pictures of one part.

    Parameters
    ----------
    picture_format
        Size, clock and colour.
    settings
        Codec and quality.

    Raises
    ------
    OutputError
        When this build of PyAV's ffmpeg lacks the encoder.
    """

    def __init__(self, picture_format: PictureFormat, settings: RenderSettings) -> None:
        name, options = prepare_encoder(settings, picture_format.rate_hz)
        context = cast(VideoCodecContext, CodecContext.create(name, "w"))
        context.options = options
        context.framerate = picture_format.rate_hz
        context.flags |= Flags.global_header
        configure(context, picture_format)
        context.open()
        self._context = context
        self._time_base = picture_format.time_base
        self._start: int | None = None
        self._durations: dict[int, int] = {}

    @property
    def extradata(self) -> bytes:
        """Parameter sets of the encoder."""
        return bytes(self._context.extradata or b"")

    def encode(self, frame: VideoFrame, pts: int, duration: int) -> Iterator[EncodedPicture]:
        """Encode a picture; its stamp and duration are in ticks, the stamp on the source's clock."""
        if self._start is None:
            self._start = pts
        frame.pts, frame.time_base = pts - self._start, self._time_base
        self._durations[frame.pts] = duration
        yield from self._packed(self._context.encode(frame))

    def finish(self) -> Iterator[EncodedPicture]:
        """Return the packets that the encoder still holds."""
        yield from self._packed(self._context.encode(None))

    def _packed(self, packets: list[Packet[VideoStream]]) -> Iterator[EncodedPicture]:
        for packet in packets:
            if packet.pts is None or packet.dts is None or self._start is None:
                raise OutputError("the encoder returned a packet without a time stamp; install PyAV's own wheels")
            duration = self._durations.pop(packet.pts)
            pts, dts = packet.pts + self._start, packet.dts + self._start
            yield EncodedPicture(pts, dts, duration, packet.is_keyframe, bytes(packet))


def configure(context: VideoCodecContext, picture_format: PictureFormat) -> None:
    """Set an encoder's size, clock and colour, and one thread."""
    context.width, context.height = picture_format.width_px, picture_format.height_px
    context.pix_fmt = "yuv420p"
    context.time_base = picture_format.time_base
    context.thread_count = 1
    context.color_range = (ColorRange.JPEG if picture_format.full_range else ColorRange.MPEG).value
    context.colorspace = picture_format.tags.matrix
    context.color_primaries = picture_format.tags.primaries
    context.color_trc = picture_format.tags.transfer


def prepare_encoder(settings: RenderSettings, rate_hz: Fraction) -> tuple[str, dict[str, str]]:
    """Return ffmpeg's name of the encoder, and options that give equal bytes: one thread, fixed keyframes.

    Without B-frames the decoding order is the display order, so parts can be concatenated.

    Raises
    ------
    OutputError
        When this build of ffmpeg lacks it.
    """
    name = ENCODERS[settings.codec]
    require_encoder(name)
    if settings.codec == "av1":
        os.environ.setdefault("SVT_LOG", "1")  # errors only; it has no option for that
    return name, _options(settings, rate_hz)


def require_encoder(name: str) -> None:
    """Check that ffmpeg has an encoder.

    Raises
    ------
    OutputError
        When it does not, with advice.
    """
    try:
        Codec(name, "w")
    except UnknownCodecError as error:
        message = (
            f"the encoder {name} is missing from this build of PyAV's ffmpeg; "
            "install PyAV's own wheels (pip install --force-reinstall --only-binary av av)"
        )
        raise OutputError(message, encoder=name) from error


def _options(settings: RenderSettings, rate_hz: Fraction) -> dict[str, str]:
    own = {"preset": settings.preset, "g": str(settings.gop_frames)}
    quick = settings.preset == _FASTEST
    if settings.codec == "h264":
        own |= {"sc_threshold": "0", "bf": "0"}
        # The deblocking filter, which ultrafast omits, is worth half a decibel.
        return own | (_constant_qp(settings, rate_hz) | {"x264-params": "no-deblock=0"} if quick else _crf(settings, 0))
    if settings.codec == "hevc":
        own |= {"bf": "0", "x265-params": _X265_PARAMS.format(gop=own["g"]) + (_X265_SHARP if quick else "")}
        return own | (_constant_qp(settings, rate_hz, _QP_X265) if quick else _crf(settings, _CRF_X265))
    crf = min(round(settings.crf * _MAX_CRF_AV1 / _MAX_CRF) + _CRF_AV1, _MAX_CRF_AV1)
    preset = str(_FASTEST_AV1 - X264_PRESETS.index(settings.preset))
    return own | {"preset": preset, "crf": str(crf), "svtav1-params": _SVTAV1_PARAMS}


def _crf(settings: RenderSettings, more: int) -> dict[str, str]:
    return {"crf": str(min(settings.crf + more, _MAX_CRF))}


def _constant_qp(settings: RenderSettings, rate_hz: Fraction, more: int = 0) -> dict[str, str]:
    """Avoid the rate control's motion search, which takes a fifth of x264's time."""
    shown_hz = min(max(float(rate_hz), _SHOWN_HZ[0]), _SHOWN_HZ[1])
    qp = settings.crf + _QP_AT_30_HZ + more + _QP_PER_OCTAVE * math.log2(shown_hz / 30)
    return {"qp": str(min(round(qp), _MAX_CRF))}


_X265_PARAMS: Final = (
    "pools=none:frame-threads=1:wpp=0:bframes=0:keyint={gop}:min-keyint={gop}:scenecut=0:open-gop=0:"
    "repeat-headers=0:info=0:log-level=none"
)
# Blocks of 16, the smallest that ultrafast tries, smear letters; psychovisual optimisation costs decibels around them.
_X265_SHARP: Final = ":min-cu-size=8:psy-rd=0:rc-lookahead=0"
# Without rtc, parts of letters and of skeletons stay where they were in the picture before.
_SVTAV1_PARAMS: Final = "lp=1:pred-struct=1:scd=0:rtc=1"
_TAGS: Final[dict[str, str]] = {"hevc": "hvc1"}


def mark_for_mp4(context: Any, settings: RenderSettings) -> None:
    """Set the sample entry that players expect where ffmpeg's choice differs."""
    if settings.codec in _TAGS:
        context.codec_tag = _TAGS[settings.codec]

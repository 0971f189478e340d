"""Transferring the sound of a source to the annotated MP4: packets copied, or re-encoded to AAC."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Final, Literal, Protocol

from av.audio.stream import AudioStream
from av.container import InputContainer, OutputContainer
from av.error import FFmpegError
from av.packet import Packet

from vidpose.video.container import open_input

Outcome = Literal["copied", "transcoded", "none", "dropped"]

MP4_AUDIO_CODECS: Final[frozenset[str]] = frozenset({"aac", "mp3", "opus", "ac3", "eac3", "flac", "alac"})
"""Codecs that MP4 carries and common players support; all others are converted to AAC."""

# Sampling frequencies of AAC (ISO/IEC 14496-3, table 1.18).
_AAC_RATES_HZ: Final[frozenset[int]] = frozenset(
    {96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350}
)
_DEFAULT_RATE_HZ: Final[int] = 48000
_BIT_RATE_PER_CHANNEL: Final[int] = 96_000


class _Track(Protocol):
    """Converts source packets into packets of the output."""

    def packets(self, packet: Packet[AudioStream], origin_s: Fraction) -> list[Packet[AudioStream]]: ...

    def rest(self) -> list[Packet[AudioStream]]: ...


class SoundFeed:
    """The first audio stream of a video on its way into an MP4, fed alongside the pictures.

    Errors of the sound never raise while reading: the track ends there. Only writing to ``output`` may raise
    :class:`av.error.FFmpegError`.

    Parameters
    ----------
    path
        The source video; None for no sound.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._output: OutputContainer | None = None
        self._container: InputContainer | None = None
        self._packets: Iterator[Packet[AudioStream]] = iter(())
        self._head: Packet[AudioStream] | None = None
        self._track: _Track | None = None
        self.outcome: Outcome = "none"
        self.codec: str | None = None

    def __enter__(self) -> SoundFeed:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._container is not None:
            self._container.close()
            self._container = None

    def connect(self, output: OutputContainer) -> None:
        """Add the audio stream to ``output``; call it before the first packet is written."""
        self._output = output
        if self._path is None:
            return
        try:
            self._connect(self._path, output)
        except (FFmpegError, ValueError, OSError):
            # Unknown decoder, rejected parameters, unreadable header: better no sound than no video.
            self.outcome = "dropped"

    def send_until(self, time_s: Fraction, origin_s: Fraction) -> None:
        """Write the packets that come before ``time_s``; both times on the source's clock, s."""
        while self._head is not None and _time_s(self._head) < time_s:
            self._send_head(origin_s)

    def finish(self, origin_s: Fraction) -> None:
        """Write the remaining packets."""
        while self._head is not None:
            self._send_head(origin_s)
        if self._track is not None and self._output is not None:
            self._output.mux(self._track.rest())

    def _send_head(self, origin_s: Fraction) -> None:
        packet, self._head = self._head, next(self._packets, None)
        if packet is not None and self._track is not None and self._output is not None:
            self._output.mux(self._track.packets(packet, origin_s))

    def _connect(self, path: Path, output: OutputContainer) -> None:
        self._container = open_input(path)
        stream = next(iter(self._container.streams.audio), None)
        if stream is None:
            return
        self.outcome = "dropped"
        if stream.codec_context is None:
            return
        self.codec = stream.codec.canonical_name
        self._packets = _timed_packets(self._container, stream)
        first = next(self._packets, None)
        if first is None:
            return
        if self.codec in MP4_AUDIO_CODECS:
            self._track = _CopiedTrack(output.add_stream_from_template(stream))
            self.outcome = "copied"
        else:
            self._track = _AacTrack(stream, output)
            self.outcome = "transcoded"
        self._head = first


class _CopiedTrack:
    """Shifts packets in time, without changing their content."""

    def __init__(self, target: AudioStream) -> None:
        self._target = target
        self._last_dts: int | None = None

    def packets(self, packet: Packet[AudioStream], origin_s: Fraction) -> list[Packet[AudioStream]]:
        shift = round(origin_s / packet.time_base)
        pts = _stamp(packet) - shift
        dts = pts if packet.dts is None else packet.dts - shift
        if self._last_dts is not None and dts <= self._last_dts:
            return []  # the muxer rejects decreasing times
        packet.pts, packet.dts, self._last_dts = pts, dts, dts
        packet.stream = self._target
        return [packet]

    def rest(self) -> list[Packet[AudioStream]]:
        return []


class _AacTrack:
    """Decodes and encodes to AAC, mono or stereo; packets that do not decode are omitted."""

    def __init__(self, source: AudioStream, output: OutputContainer) -> None:
        self._source = source
        rate_hz = source.rate if source.rate in _AAC_RATES_HZ else _DEFAULT_RATE_HZ
        n_channels = 1 if source.layout.nb_channels == 1 else 2
        self._target = output.add_stream(
            "aac",
            rate=rate_hz,
            layout="mono" if n_channels == 1 else "stereo",
            bit_rate=n_channels * _BIT_RATE_PER_CHANNEL,
        )

    def packets(self, packet: Packet[AudioStream], origin_s: Fraction) -> list[Packet[AudioStream]]:
        try:
            frames = self._source.decode(packet)
        except FFmpegError:
            return []
        encoded: list[Packet[AudioStream]] = []
        for frame in frames:
            if frame.pts is not None and frame.time_base is not None:
                frame.pts -= round(origin_s / frame.time_base)
            encoded.extend(self._target.encode(frame))
        return encoded

    def rest(self) -> list[Packet[AudioStream]]:
        return self._target.encode(None)


def _timed_packets(container: InputContainer, stream: AudioStream) -> Iterator[Packet[AudioStream]]:
    """Yield packets with content and a time; an error of the file ends them."""
    try:
        for packet in container.demux(stream):
            if packet.size and (packet.pts is not None or packet.dts is not None):
                yield packet
    except FFmpegError:
        return


def _stamp(packet: Packet[AudioStream]) -> int:
    stamp = packet.pts if packet.pts is not None else packet.dts
    return 0 if stamp is None else stamp


def _time_s(packet: Packet[AudioStream]) -> Fraction:
    return _stamp(packet) * packet.time_base

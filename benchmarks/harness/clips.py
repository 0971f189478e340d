"""Long clips from short ones: the packets of a clip are repeated with times that go on; nothing is encoded again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import count
from pathlib import Path
from typing import Any

import av
from av.container import InputContainer, OutputContainer
from av.packet import Packet
from av.stream import Stream

PROJECT = Path(__file__).resolve().parent.parent.parent
SHARED = PROJECT.parent / "shared" / "data" / "videos"
SAMPLE = PROJECT / "public" / "mannequin_squat_raise.mp4"


@dataclass(frozen=True, slots=True)
class Clip:
    """A file to measure with; ``name`` is the file that it was made from, ``seconds`` how long it plays."""

    name: str
    path: Path
    codec: str
    width_px: int
    height_px: int
    rate_hz: float
    n_frames: int
    has_sound: bool

    @property
    def seconds(self) -> float:
        """Playing time at the average rate."""
        return self.n_frames / self.rate_hz


def find_clip(name: str, folder: Path) -> Path:
    """Return the clip of that name in ``folder``; the project's own sample when it is not there."""
    return folder / name if (folder / name).is_file() else SAMPLE


def looped(source: Path, least_frames: int, scratch: Path, copy: int = 0) -> Clip:
    """Return ``source`` repeated until it has at least ``least_frames`` frames, made once and kept in ``scratch``.

    Parameters
    ----------
    source
        Any file whose packets MP4 can hold.
    least_frames
        The source is repeated whole, so there may be more.
    scratch
        Folder for what is made.
    copy
        Files with different numbers hold the same pictures, but other bytes: vidpose does equal files once.
    """
    scratch.mkdir(parents=True, exist_ok=True)
    path = scratch / f"{source.stem}_{least_frames}_{copy}.mp4"
    if not path.is_file():
        unfinished = path.with_suffix(".part.mp4")
        with av.open(str(source)) as given, av.open(str(unfinished), "w", options={"movflags": "faststart"}) as made:
            made.metadata["comment"] = f"copy {copy}"
            _repeat(given, made, least_frames)
        unfinished.rename(path)
    return clip_of(path, source.name)


def clip_of(path: Path, name: str) -> Clip:
    """Return what the container says of a file."""
    with av.open(str(path)) as container:
        video = container.streams.video[0]
        return Clip(
            name=name,
            path=path,
            codec=video.codec_context.name,
            width_px=video.width,
            height_px=video.height,
            rate_hz=float(video.average_rate or 0),
            n_frames=video.frames,
            has_sound=bool(container.streams.audio),
        )


def _repeat(given: InputContainer, made: OutputContainer, least_frames: int) -> None:
    """Write picture packets until there are enough frames, and sound packets for as long."""
    video = given.streams.video[0]
    pictures = _packets(given, video)
    step = pictures[0].duration or round(1 / (video.average_rate * video.time_base))
    shown = [packet.pts for packet in pictures]
    period = max(shown) - min(shown) + step
    n_rounds = -(-least_frames // len(pictures))
    written = [_repeated(pictures, period, n_rounds, made.add_stream_from_template(video))]
    if given.streams.audio:
        sound = given.streams.audio[0]
        end = Fraction(n_rounds * period) * video.time_base / sound.time_base
        written.append(_filled(_packets(given, sound), int(end), made.add_stream_from_template(sound)))
    for packet in _in_order(written):
        made.mux(packet)


def _packets(container: InputContainer, stream: Stream) -> list[Packet[Any]]:
    container.seek(0)
    return [packet for packet in container.demux(stream) if packet.size and packet.dts is not None]


def _repeated(packets: list[Packet[Any]], period: int, n_rounds: int, stream: Stream) -> Iterator[Packet[Any]]:
    for number in range(n_rounds):
        for packet in packets:
            yield _moved(packet, number * period, stream)


def _filled(packets: list[Packet[Any]], end: int, stream: Stream) -> Iterator[Packet[Any]]:
    """Sound without a pause: each round begins where the one before it ended."""
    period = packets[-1].dts + (packets[-1].duration or 0) - packets[0].dts
    for number in count():
        for packet in packets:
            if packet.dts + number * period >= end:
                return
            yield _moved(packet, number * period, stream)


def _moved(packet: Packet[Any], ticks: int, stream: Stream) -> Packet[Any]:
    copy = Packet(bytes(packet))
    copy.time_base, copy.stream = packet.time_base, stream
    copy.pts = None if packet.pts is None else packet.pts + ticks
    copy.dts = packet.dts + ticks
    copy.duration, copy.is_keyframe = packet.duration, packet.is_keyframe
    return copy


def _in_order(streams: list[Iterator[Packet[Any]]]) -> Iterator[Packet[Any]]:
    """Merge the streams by decoding time, so that the muxer never has to hold much."""
    heads = [(stream, next(stream, None)) for stream in streams]
    while waiting := [(stream, head) for stream, head in heads if head is not None]:
        stream, head = min(waiting, key=lambda pair: pair[1].dts * pair[1].time_base)
        yield head
        heads = [(other, next(other, None) if other is stream else first) for other, first in waiting]

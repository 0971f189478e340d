"""What the quality of the annotated video costs: time, size and likeness of every codec and of x264's ``veryfast``.

``python -m benchmarks.encoding CLIP [CLIP ...]``: frames are decoded first and get the legend, whose small letters are
what an encoder smears first; then the encoders take turns on them. CPU time is the median over the rounds; PSNR and
SSIM are those of luma, mean over every tenth frame; PSNR inside the legend's box is the mean and the least over all.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import click
import cv2
import numpy as np
from av.video.frame import VideoFrame

from vidpose.types.motion import Facing
from vidpose.video.decode import VideoReader
from vidpose.video.encode import EncodedPicture, PictureEncoder, PictureFormat, RenderSettings, VideoCodec
from vidpose.video.palette import Legend, LegendState, Quality, Sizes
from vidpose.video.picture_conversion import ColourTags
from vidpose.video.probe import probe
from vidpose.video.surface import Surface, picture_size

_EVERY = 10
CONTENDERS = {
    "h264": RenderSettings(),
    "veryfast": RenderSettings(preset="veryfast"),
    "hevc": RenderSettings(codec="hevc"),
    "av1": RenderSettings(codec="av1"),
}
_DECODERS: dict[VideoCodec, str] = {"h264": "h264", "hevc": "hevc", "av1": "libdav1d"}


@dataclass(frozen=True, slots=True)
class Likeness:
    """PSNR of luma, dB, of the whole picture and of the legend (mean and least), and SSIM of the whole."""

    psnr_db: float
    ssim: float
    legend_db: float
    legend_worst_db: float


def frames_of(path: Path, most: int, height_px: int | None) -> tuple[list[VideoFrame], Fraction, tuple[slice, slice]]:
    """Return the first frames of a clip with the legend drawn, its frame rate, and rows and columns of the legend."""
    source = probe(path, "").source
    size = picture_size(source, height_px)
    frames: list[VideoFrame] = []
    with VideoReader(source) as reader:
        rate_hz = reader.frame_rate_hz or Fraction(30)
        legend = Legend(size, Sizes.of(size, 1.0, 1.0), np.arange(most) / float(rate_hz), True, ())
        for number, (frame, *_) in enumerate(reader.batches(1)):
            if number == most:
                break
            surface = Surface(size, frame.picture.colour)
            legend.draw(
                surface.load(frame.picture), LegendState(frame.time_s, number, 1, Facing.FRONT, Quality.MEASURED)
            )
            frames.append(surface.frame)
    left, top, right, bottom = (int(edge) for edge in legend.boxes[0])
    return frames, rate_hz, (slice(top, bottom), slice(left, right))


def encoded(
    frames: Sequence[VideoFrame], rate_hz: Fraction, settings: RenderSettings
) -> tuple[float, list[EncodedPicture], bytes]:
    """Return CPU time, ms per frame, the packets and the parameter sets."""
    picture_format = PictureFormat(
        frames[0].width, frames[0].height, 1 / rate_hz, rate_hz, ColourTags(1, 1, 1), full_range=False
    )
    encoder = PictureEncoder(picture_format, settings)
    started = time.process_time()
    packets = [packet for number, frame in enumerate(frames) for packet in encoder.encode(frame, number, 1)]
    packets += encoder.finish()
    return 1000 * (time.process_time() - started) / len(frames), packets, encoder.extradata


def likeness(
    frames: Sequence[VideoFrame],
    packets: Sequence[EncodedPicture],
    decoder: av.VideoCodecContext,
    box: tuple[slice, slice],
) -> Likeness:
    """Compare what comes out of a decoder with what was encoded."""
    decoded = [frame for packet in packets for frame in decoder.decode(av.Packet(packet.content))] + decoder.decode(
        None
    )
    pairs = [(_luma(a), _luma(b)) for a, b in zip(frames, decoded, strict=True)]
    letters = [cv2.PSNR(np.ascontiguousarray(a[box]), np.ascontiguousarray(b[box])) for a, b in pairs]
    return Likeness(
        float(np.mean([cv2.PSNR(a, b) for a, b in pairs[::_EVERY]])),
        float(np.mean([cv2.quality.QualitySSIM_compute(a, b)[0][0] for a, b in pairs[::_EVERY]])),
        float(np.mean(letters)),
        min(letters),
    )


def decoder_of(codec: VideoCodec, extradata: bytes) -> av.VideoCodecContext:
    """Return an opened decoder."""
    decoder = av.CodecContext.create(_DECODERS[codec], "r")
    assert isinstance(decoder, av.VideoCodecContext)
    decoder.extradata = extradata
    return decoder


def _luma(frame: VideoFrame) -> np.ndarray:
    return np.ascontiguousarray(frame.to_ndarray()[: frame.height])


@click.command()
@click.argument("clips", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--frames", "n_frames", default=100, show_default=True, help="Of each clip, from its start.")
@click.option("--rounds", default=3, show_default=True)
@click.option("--height", "height_px", type=int, default=None, help="Height of the picture  [default: the clip's]")
def main(clips: tuple[Path, ...], n_frames: int, rounds: int, height_px: int | None) -> None:
    """Measure and print."""
    click.echo(
        f"{'clip':32}{'encoder':10}{'CPU ms':>8}{'Mbit/s':>8}{'PSNR dB':>9}{'SSIM':>8}{'legend dB':>11}{'least':>7}"
    )
    for clip in clips:
        frames, rate_hz, box = frames_of(clip, n_frames, height_px)
        times: dict[str, list[float]] = {name: [] for name in CONTENDERS}
        for number in range(rounds):
            for name, settings in CONTENDERS.items():
                cpu_ms, packets, extradata = encoded(frames, rate_hz, settings)
                times[name].append(cpu_ms)
                if number == rounds - 1:
                    like = likeness(frames, packets, decoder_of(settings.codec, extradata), box)
                    rate = sum(len(packet.content) for packet in packets) * 8 * float(rate_hz) / len(frames) / 1e6
                    cpu_ms = statistics.median(times[name])
                    click.echo(
                        f"{clip.name:32}{name:10}{cpu_ms:8.2f}{rate:8.2f}{like.psnr_db:9.2f}{like.ssim:8.4f}"
                        f"{like.legend_db:11.2f}{like.legend_worst_db:7.2f}"
                    )


if __name__ == "__main__":
    main()

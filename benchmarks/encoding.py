"""What the quality of the annotated video costs: time, size and likeness of the default and of x264's ``veryfast``.

``python -m benchmarks.encoding CLIP [CLIP ...]``: frames are decoded first, then both encoders take turns on them,
without anything drawn; CPU time is the median over the rounds, PSNR and SSIM
are those of luma, mean over every tenth frame.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import av
import click
import cv2
import numpy as np
from av.video.frame import VideoFrame

from vidpose.video.encode import EncodedPicture, PictureEncoder, PictureFormat, RenderSettings
from vidpose.video.picture import ColourTags

_EVERY = 10
CONTENDERS = {"default": RenderSettings(), "veryfast": RenderSettings(preset="veryfast")}


def frames_of(path: Path, most: int) -> tuple[list[VideoFrame], Fraction]:
    """Return the first frames of a clip with even sides, 8 bit 4:2:0, and its frame rate."""
    with av.open(str(path)) as container:
        frames = []
        for frame in container.decode(video=0):
            frames.append(frame.reformat(frame.width // 2 * 2, frame.height // 2 * 2, "yuv420p"))
            if len(frames) == most:
                break
        return frames, container.streams.video[0].average_rate or Fraction(30)


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


def likeness(frames: Sequence[VideoFrame], packets: Sequence[EncodedPicture], extradata: bytes) -> tuple[float, float]:
    """Return PSNR, dB, and SSIM of luma after decoding, mean over every tenth frame."""
    decoder = av.CodecContext.create("h264", "r")
    decoder.extradata = extradata
    decoded = [frame for packet in packets for frame in decoder.decode(av.Packet(packet.content))] + decoder.decode(
        None
    )
    assert len(decoded) == len(frames)
    pairs = [(_luma(a), _luma(b)) for a, b in zip(frames[::_EVERY], decoded[::_EVERY], strict=True)]
    psnr = float(np.mean([cv2.PSNR(a, b) for a, b in pairs]))
    return psnr, float(np.mean([cv2.quality.QualitySSIM_compute(a, b)[0][0] for a, b in pairs]))


def _luma(frame: VideoFrame) -> np.ndarray:
    return np.ascontiguousarray(frame.to_ndarray()[: frame.height])


@click.command()
@click.argument("clips", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--frames", "n_frames", default=100, show_default=True, help="Of each clip, from its start.")
@click.option("--rounds", default=3, show_default=True)
def main(clips: tuple[Path, ...], n_frames: int, rounds: int) -> None:
    """Measure and print."""
    click.echo(f"{'clip':32}{'encoder':10}{'CPU ms':>8}{'Mbit/s':>8}{'PSNR dB':>9}{'SSIM':>8}")
    for clip in clips:
        frames, rate_hz = frames_of(clip, n_frames)
        times: dict[str, list[float]] = {name: [] for name in CONTENDERS}
        for number in range(rounds):
            for name, settings in CONTENDERS.items():
                cpu_ms, packets, extradata = encoded(frames, rate_hz, settings)
                times[name].append(cpu_ms)
                if number == rounds - 1:
                    psnr, ssim = likeness(frames, packets, extradata)
                    rate = sum(len(packet.content) for packet in packets) * 8 * float(rate_hz) / len(frames) / 1e6
                    cpu_ms = statistics.median(times[name])
                    click.echo(f"{clip.name:32}{name:10}{cpu_ms:8.2f}{rate:8.2f}{psnr:9.2f}{ssim:8.4f}")


if __name__ == "__main__":
    main()

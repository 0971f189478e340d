"""Small clips with known content, made on the spot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

RED, GREEN, BLUE, WHITE = (220, 20, 20), (20, 200, 20), (20, 20, 220), (235, 235, 235)


@dataclass(frozen=True)
class ClipSpec:
    """One clip: content is a red, green, blue and white quarter with a grey bar that moves."""

    n_frames: int = 30
    size: tuple[int, int] = (96, 64)
    codec: str = "libx264"
    container: str | None = None
    options: dict[str, str] = field(default_factory=lambda: {"g": "10", "bf": "2", "crf": "18"})
    pixel_format: str = "yuv420p"
    rate: int = 30
    time_base: Fraction = Fraction(1, 15360)
    stamps: Sequence[int] | None = None
    quarter_turns_ccw: int = 0
    mirrored: bool = False
    pixel_aspect: Fraction | None = None
    audio: str | None = None
    audio_options: dict[str, str] = field(default_factory=dict)
    audio_start_s: float = 0.0
    colour: tuple[int, int] | None = None  # (matrix, range)

    @property
    def ticks(self) -> list[int]:
        step = round(1 / (self.rate * self.time_base))
        return list(self.stamps) if self.stamps is not None else [k * step for k in range(self.n_frames)]


def picture(number: int, size: tuple[int, int], n_frames: int) -> np.ndarray:
    """RGB picture of frame ``number``: four coloured quarters, a grey bar whose place tells the number."""
    width, height = size
    rgb = np.empty((height, width, 3), np.uint8)
    top, left = height // 2, width // 2
    rgb[:top, :left], rgb[:top, left:] = RED, GREEN
    rgb[top:, :left], rgb[top:, left:] = BLUE, WHITE
    x = number * (width - 8) // max(1, n_frames - 1)
    rgb[top - 4 : top + 4, x : x + 8] = 128
    return rgb


def write_clip(path: Path, spec: ClipSpec) -> Path:
    """Encode a clip; return its path."""
    with av.open(f"file:{path}", "w", format=spec.container) as output:
        stream = output.add_stream(spec.codec, rate=spec.rate, options=spec.options)
        stream.width, stream.height = spec.size
        stream.pix_fmt = spec.pixel_format
        stream.time_base = spec.time_base
        stream.codec_context.time_base = spec.time_base
        stream.codec_context.thread_count = 1
        if spec.pixel_aspect is not None:
            stream.codec_context.sample_aspect_ratio = spec.pixel_aspect
        if spec.quarter_turns_ccw or spec.mirrored:
            stream.set_display_rotation(90.0 * spec.quarter_turns_ccw, hflip=spec.mirrored)
        if spec.colour is not None:
            stream.codec_context.colorspace, stream.codec_context.color_range = spec.colour
        sound = output.add_stream(spec.audio, rate=48000, options=spec.audio_options) if spec.audio else None
        for number, pts in enumerate(spec.ticks):
            frame = av.VideoFrame.from_ndarray(picture(number, spec.size, spec.n_frames), format="rgb24")
            if spec.colour is not None:
                matrix, value_range = spec.colour
                frame = frame.reformat(
                    format=spec.pixel_format,
                    dst_colorspace=matrix,
                    src_color_range="JPEG",
                    dst_color_range=value_range,
                )
            frame.pts, frame.time_base = pts, spec.time_base
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
        if sound is not None:
            _write_tone(output, sound, spec.n_frames / spec.rate, spec.audio_start_s)
    return path


def _write_tone(output, sound, duration_s: float, start_s: float) -> None:
    n_samples, block = round(48000 * duration_s), 960
    tone = (8000 * np.sin(2 * np.pi * 440 * np.arange(n_samples) / 48000)).astype(np.int16)
    for begin in range(0, n_samples, block):
        piece = np.repeat(tone[begin : begin + block], 2)[None]
        frame = av.AudioFrame.from_ndarray(piece, format="s16", layout="stereo")
        frame.sample_rate, frame.time_base = 48000, Fraction(1, 48000)
        frame.pts = begin + round(start_s * 48000)
        output.mux(sound.encode(frame))
    output.mux(sound.encode(None))

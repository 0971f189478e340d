"""Writing a clip: H.264 picture, a quiet metronome, and the truth beside it. The same scene gives the same bytes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import av
import numpy as np

from synthetic.render import draw_frame, set_up
from synthetic.scene import Scene
from synthetic.truth import truth_of
from vidpose.state.atomic import atomic_path, write_bytes
from vidpose.types.arrays import ByteArray, Float32Array

SAMPLE_RATE_HZ: Final = 44_100
TICK_PERIOD_S: Final = 1.0
TICK_PEAK: Final = 0.08
"""Loudness of the metronome, 1 is full scale."""
_AUDIO_FRAME: Final = 1024
_OPTIONS: Final = {"movflags": "+faststart", "fflags": "+bitexact"}
_BT709: Final = 1  # ffmpeg's number of the colour space that players assume for HD


def write_clip(scene: Scene, video: Path, *, sound: bool = True, quality_crf: int = 25) -> Path:
    """Draw a scene into ``video`` (MP4) and write its truth beside it; return the truth's path.

    Parameters
    ----------
    scene
        What to draw.
    video
        File to write, ``.mp4``; the truth is named like it with ``.truth.json``.
    sound
        Whether to add the metronome.
    quality_crf
        Constant rate factor of x264; less is better and larger.
    """
    with atomic_path(video) as temporary:
        _encode(scene, temporary, sound=sound, quality_crf=quality_crf)
    truth = truth_path(video)
    write_bytes(truth, truth_bytes(truth_of(scene)))
    return truth


def write_pictures(pictures: Iterable[ByteArray], video: Path, fps: Fraction, quality_crf: int = 25) -> None:
    """Write frames, red-green-blue, of one even size, into ``video`` (MP4), without sound."""
    with atomic_path(video) as temporary, av.open(str(temporary), "w", format="mp4", options=_OPTIONS) as container:
        stream = None
        for number, picture in enumerate(pictures):
            if stream is None:
                stream = _add_video(container, picture.shape[1], picture.shape[0], fps, quality_crf)
            container.mux(stream.encode(_video_frame(picture, number, fps)))
        if stream is not None:
            container.mux(stream.encode(None))


def truth_path(video: Path) -> Path:
    """Return where the truth of a clip lies."""
    return video.with_suffix(".truth.json")


def truth_bytes(truth: dict[str, Any]) -> bytes:
    """Return a truth as JSON text, one line per top-level entry, without NaN."""
    lines = [
        f"{json.dumps(key)}:{json.dumps(value, separators=(',', ':'), allow_nan=False)}" for key, value in truth.items()
    ]
    return ("{\n" + ",\n".join(lines) + "\n}\n").encode()


def metronome(duration_s: float) -> Float32Array:
    """Return ticks, one per second, the first of four higher, shape (samples,)."""
    times_s = np.arange(round(duration_s * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    beat, since_s = np.divmod(times_s, TICK_PERIOD_S)
    pitch_hz = np.where(beat % 4 == 0, 1320.0, 880.0)
    ticks = TICK_PEAK * np.exp(-since_s / 0.018) * np.sin(2 * np.pi * pitch_hz * since_s)
    samples: Float32Array = ticks.astype(np.float32)
    return samples


def _encode(scene: Scene, path: Path, *, sound: bool, quality_crf: int) -> None:
    stage = set_up(scene)
    with av.open(str(path), "w", format="mp4", options=_OPTIONS) as container:
        video = _add_video(container, scene.width_px, scene.height_px, scene.fps, quality_crf)
        audio = container.add_stream("aac", rate=SAMPLE_RATE_HZ, layout="mono") if sound else None
        if audio is not None:
            audio.bit_rate = 32_000
        for k in range(scene.n_frames):
            container.mux(video.encode(_video_frame(draw_frame(stage, k), k, scene.fps)))
        container.mux(video.encode(None))
        if audio is not None:
            for chunk in _audio_frames(scene.n_frames / float(scene.fps)):
                container.mux(audio.encode(chunk))
            container.mux(audio.encode(None))


def _add_video(
    container: av.container.OutputContainer, width_px: int, height_px: int, fps: Fraction, quality_crf: int
) -> Any:
    video = container.add_stream("libx264", rate=fps)
    video.width, video.height, video.pix_fmt = width_px, height_px, "yuv420p"
    video.time_base = 1 / fps
    video.codec_context.colorspace = _BT709
    video.codec_context.color_primaries = _BT709
    video.codec_context.color_trc = _BT709
    video.codec_context.thread_count = 1  # more threads may give other bytes
    video.options = {"crf": str(quality_crf), "preset": "slow", "threads": "1", "g": "90", "flags": "+bitexact"}
    return video


def _video_frame(picture: ByteArray, number: int, fps: Fraction) -> av.VideoFrame:
    frame = av.VideoFrame.from_ndarray(picture, format="rgb24").reformat(format="yuv420p", dst_colorspace="ITU709")
    frame.pts, frame.time_base = number, 1 / fps
    return frame


def _audio_frames(duration_s: float) -> Iterator[av.AudioFrame]:
    samples = metronome(duration_s)
    for start in range(0, len(samples), _AUDIO_FRAME):
        chunk = np.ascontiguousarray(samples[None, start : start + _AUDIO_FRAME])
        frame = av.AudioFrame.from_ndarray(chunk, format="fltp", layout="mono")
        frame.sample_rate = SAMPLE_RATE_HZ
        frame.pts, frame.time_base = start, Fraction(1, SAMPLE_RATE_HZ)
        yield frame

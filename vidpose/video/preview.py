"""A thumbnail and a short moving preview of an annotated video."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Final

import av
import numpy as np
from av.error import FFmpegError
from av.video.frame import VideoFrame
from av.video.reformatter import Interpolation, VideoReformatter
from PIL import Image

from vidpose.errors import OutputError
from vidpose.types.arrays import FloatArray, IntArray
from vidpose.types.motion import MotionAnalysis
from vidpose.types.pose import Status
from vidpose.video.container import file_url, picture_stream

_MAX_SIDE_PX: Final = 320
_MAX_RATE_HZ: Final = 10.0
_MAX_GIF_S: Final = 8.0
_GIF_COLOURS: Final = 128
_JPEG_QUALITY: Final = 88
_SEEN_SHARE: Final = 0.5  # of the landmarks (ours)
_LARGE: Final = (0.6, 0.9)  # quantiles of a person's size over time (ours)
_HUNDREDTH_S: Final = 0.01  # the clock of GIF


def best_moment_s(people: Sequence[MotionAnalysis], timestamps_s: FloatArray) -> float:
    """Return a time at which the main person is measured and large, and most others are seen.

    The largest poses are excluded, because wrong ones are often among them. Of the remaining frames, the one nearest to
    the middle of the video is chosen, or the earlier of two.

    Parameters
    ----------
    people
        Analyses over all frames of the video, the main person first.
    timestamps_s
        Time of every frame on the source's clock, s, shape (n_frames,).

    Returns
    -------
    float
        Seconds on the source's clock; the middle frame when no person is visible.
    """
    n_frames = len(timestamps_s)
    if not n_frames:
        return 0.0
    frames = _good_frames(people) if people else np.arange(n_frames)
    return float(timestamps_s[frames[np.abs(frames - n_frames // 2).argmin()]])


def _good_frames(people: Sequence[MotionAnalysis]) -> IntArray:
    """Return suitable frames in order; at least one, unless the video has none."""
    seen = [(person.filtered.status == Status.MEASURED).mean(axis=1) >= _SEEN_SHARE for person in people]
    if not seen[0].any():
        return np.arange(len(seen[0]))
    n_seen = np.where(seen[0], np.sum(seen, axis=0), 0)
    frames = np.flatnonzero(n_seen == n_seen.max())
    points_px = people[0].filtered.image_px[frames]
    size_px = np.linalg.norm(np.nanstd(points_px, axis=1), axis=1)
    low_px, high_px = np.quantile(size_px, _LARGE, method="lower")
    large: IntArray = frames[(size_px >= low_px) & (size_px <= high_px)]
    return large


def write_thumbnail(annotated: Path, at_s: float, final: Path) -> None:
    """Write the frame shown at a time as a JPEG of the video's own size.

    Parameters
    ----------
    annotated
        The annotated video.
    at_s
        Time on its own clock, s.
    final
        The file to write. It is written in place: give a temporary path and move it when this returns.

    Raises
    ------
    OutputError
        When the video does not decode or the file cannot be written.
    """
    last: VideoFrame | None = None
    for frame in _frames(annotated, at_s):
        if last is not None and frame.time > at_s + 1e-6:
            break
        last = frame
    if last is None:
        raise _unreadable(annotated)
    image = Image.fromarray(last.to_ndarray(format="rgb24"))
    image.save(final, format="JPEG", quality=_JPEG_QUALITY, optimize=True)


def write_gif(annotated: Path, around_s: float, final: Path) -> None:
    """Write a GIF that repeats for ever: at most 8 s, 10 pictures per second and 320 pixels wide or high.

    Parameters
    ----------
    annotated
        The annotated video.
    around_s
        Time on its own clock at the middle of the preview, where the video is long enough, s.
    final
        The file to write. It is written in place: give a temporary path and move it when this returns.

    Raises
    ------
    OutputError
        When the video does not decode or the file cannot be written.
    """
    start_s = max(0.0, min(around_s - _MAX_GIF_S / 2, _duration_s(annotated) - _MAX_GIF_S))
    times_s: list[float] = []
    images: list[Image.Image] = []
    smaller = _shrinker()
    for frame in _frames(annotated, start_s):
        time_s = frame.time
        if time_s >= start_s + _MAX_GIF_S:
            break
        if time_s >= start_s - 1e-6 and (not times_s or time_s >= times_s[0] + len(times_s) / _MAX_RATE_HZ - 1e-6):
            times_s.append(time_s)
            images.append(smaller(frame))
    if not images:
        raise _unreadable(annotated)
    palette = images[len(images) // 2].quantize(_GIF_COLOURS, method=Image.Quantize.MEDIANCUT)
    pages = [image.quantize(palette=palette, dither=Image.Dither.NONE) for image in images]
    pages[0].save(final, format="GIF", save_all=True, append_images=pages[1:], duration=_durations_ms(times_s), loop=0)


def _durations_ms(times_s: list[float]) -> list[int]:
    """Return the duration of each picture; rounding errors do not accumulate."""
    usual_s = float(np.median(np.diff(times_s))) if len(times_s) > 1 else 1 / _MAX_RATE_HZ
    marks = [round((time_s - times_s[0]) / _HUNDREDTH_S) for time_s in [*times_s, times_s[-1] + usual_s]]
    return [10 * max(2, later - earlier) for earlier, later in pairwise(marks)]


def _shrinker() -> Callable[[VideoFrame], Image.Image]:
    reformatter = VideoReformatter()

    def smaller(frame: VideoFrame) -> Image.Image:
        share = min(1.0, _MAX_SIDE_PX / max(frame.width, frame.height))
        made = reformatter.reformat(
            frame,
            width=max(1, round(frame.width * share)),
            height=max(1, round(frame.height * share)),
            format="rgb24",
            interpolation=Interpolation.AREA,
            threads=1,
        )
        return Image.fromarray(made.to_ndarray())

    return smaller


def _duration_s(video: Path) -> float:
    try:
        with av.open(file_url(video)) as container:
            return 0.0 if container.duration is None else container.duration / av.time_base
    except (FFmpegError, OSError) as error:
        raise _unreadable(video) from error


def _frames(video: Path, from_s: float) -> Iterator[VideoFrame]:
    """Decode from the keyframe before a time; our videos have one every few seconds."""
    try:
        with av.open(file_url(video)) as container:
            stream = picture_stream(container)
            if stream is None or stream.time_base is None:
                raise _unreadable(video)
            container.seek(max(0, int(from_s / stream.time_base)), stream=stream)
            for frame in container.decode(stream):
                if frame.time is not None:
                    yield frame
    except (FFmpegError, OSError) as error:
        raise _unreadable(video) from error


def _unreadable(video: Path) -> OutputError:
    return OutputError(
        f"{video.name}: no preview, because the annotated video cannot be read; render it again", path=str(video)
    )

"""Short clips cut from the sample video, which costs a hundredth of drawing new ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import islice
from pathlib import Path

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from vidpose.selftest import SAMPLE

PERSON = (slice(160, 720), slice(400, 880))  # rows and columns of the sample that hold the person
Pictures = Iterable[NDArray[np.uint8]]


def sample_frames(size: tuple[int, int], start: int = 30) -> Iterator[NDArray[np.uint8]]:
    """Yield the person of the sample, scaled to ``(width, height)``."""
    with av.open(str(SAMPLE)) as video:
        for frame in islice(video.decode(video=0), start, None):
            yield cv2.resize(frame.to_ndarray(format="rgb24")[PERSON], size, interpolation=cv2.INTER_AREA)


def write(pictures: Pictures, target: Path, fps: int) -> None:
    """Encode pictures as H.264."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with av.open(f"file:{target}", "w", options={"movflags": "+faststart"} if target.suffix == ".mp4" else {}) as video:
        stream = None
        for picture in pictures:
            if stream is None:
                stream = video.add_stream("libx264", rate=Fraction(fps), options={"g": "12"})
                stream.height, stream.width, stream.pix_fmt = *picture.shape[:2], "yuv420p"
                stream.codec_context.thread_count = 1
            video.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        assert stream is not None
        video.mux(stream.encode(None))


def cut(target: Path, n_frames: int, fps: int = 25, size: tuple[int, int] = (288, 336)) -> None:
    """Write the sample's first squats."""
    write(islice(sample_frames(size), n_frames), target, fps)


def cut_crossing(target: Path, n_frames: int, fps: int = 12) -> None:
    """Write two people who cross: one moves to the right in front of one who moves to the left."""
    width, height = 240, 280

    def pictures() -> Iterator[NDArray[np.uint8]]:
        near, far = sample_frames((width, height)), sample_frames((width, height), start=75)
        for number, (front, back) in enumerate(islice(zip(near, far, strict=False), n_frames)):
            picture = np.full((height, 2 * width, 3), 128, np.uint8)
            x = round(width * number / (n_frames - 1))
            picture[:, width - x : 2 * width - x] = back[:, ::-1, ::-1]  # other colours
            picture[:, x : x + width] = front
            yield picture

    write(pictures(), target, fps)

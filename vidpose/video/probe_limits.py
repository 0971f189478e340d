"""What a video may cost before it is processed: limits on what is probed, and the verdicts that show them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from vidpose.errors import InputError
from vidpose.types.findings import CODES
from vidpose.types.video import VideoIndex
from vidpose.video.container import MAX_SIDE_PX, MIN_SIDE_PX

SLOW_BYTES_PER_S: Final = 5e6
"""A slow network drive."""


@dataclass(frozen=True, slots=True)
class ProbeSettings:
    """Limits on videos, so that a file made to exhaust a machine costs itself only.

    Attributes
    ----------
    max_pixels
        Pixels of a frame. Ours: the square of the longest side that is decoded.
    max_frames
        Frames of a video. Ours: 18 hours at 30 Hz; their time stamps take 16 MB in each process.
    max_streams
        Pictures, sounds, subtitles and other streams in a file. Ours: cameras write up to ten.
    max_duration_s
        Time from the first to the last frame, as exports at a constant rate fill gaps.
    max_probe_s
        Time for probing a file, beside that of reading it from a slow network drive.
    memory_share
        Of the memory limit, for what probing decodes. Ours: an 8K frame and its references take 0.3 GiB.
    """

    max_pixels: int = MAX_SIDE_PX * MAX_SIDE_PX
    max_frames: int = 2_000_000
    max_streams: int = 64
    max_duration_s: float = 86_400.0
    max_probe_s: float = 120.0
    memory_share: float = 0.25

    def __post_init__(self) -> None:
        for name in ("max_pixels", "max_frames", "max_streams", "max_duration_s", "max_probe_s"):
            if getattr(self, name) <= 0:
                raise ValueError(f"{name}: expected more than 0, got {getattr(self, name)}")
        if not 0 < self.memory_share <= 1:
            raise ValueError(f"memory_share: expected more than 0 up to 1, got {self.memory_share}")

    def patience_s(self, size_bytes: int) -> float:
        """Return how long probing a file of this size may take, s."""
        return self.max_probe_s + size_bytes / SLOW_BYTES_PER_S


def refuse_size(size_px: tuple[int, int], path: Path, limits: ProbeSettings) -> None:
    """Refuse a picture that is too large, or too small for a person to be recognised; 0 is not stated."""
    width_px, height_px = size_px
    stated = f"{width_px} x {height_px} px"
    if max(size_px) > MAX_SIDE_PX:
        raise refusal("too_large", path, f"{stated}, at most {MAX_SIDE_PX} px a side")
    if width_px * height_px > limits.max_pixels:
        what = f"{stated} = {width_px * height_px} pixels, at most {limits.max_pixels} (probing.max_pixels)"
        raise refusal("beyond_limit", path, what)
    if 0 < min(size_px) < MIN_SIDE_PX:
        raise refusal("too_small", path, f"{stated}, at least {MIN_SIDE_PX} px a side")


def refuse_streams(n_streams: int, path: Path, limits: ProbeSettings) -> None:
    """Refuse a file with too many streams."""
    if n_streams > limits.max_streams:
        raise refusal("beyond_limit", path, f"{n_streams} streams, at most {limits.max_streams} (probing.max_streams)")


def refuse_frames(n_frames: int, path: Path, limits: ProbeSettings) -> None:
    """Refuse a video with too many frames; while they are counted, ``n_frames`` is the number so far."""
    if n_frames > limits.max_frames:
        what = f"{n_frames} frames or more, at most {limits.max_frames} (probing.max_frames)"
        raise refusal("beyond_limit", path, what)


def refuse_video(index: VideoIndex, limits: ProbeSettings) -> None:
    """Refuse a probed video that is beyond a limit, whatever the limits were when it was probed."""
    path = index.path
    refuse_size((index.width_px, index.height_px), path, limits)
    refuse_frames(index.n_frames, path, limits)
    duration_s = float((index.pts[-1] - index.pts[0]) * index.time_base) if index.n_frames else 0.0
    if duration_s > limits.max_duration_s:
        what = f"{duration_s:.1f} s from the first to the last frame, at most {limits.max_duration_s:.1f}"
        raise refusal("beyond_limit", path, f"{what} (probing.max_duration_s)")


def refusal(code: str, path: Path, seen: str) -> InputError:
    """Return the error that says what was seen in a file, and what to do."""
    advice = CODES[code]
    return InputError(f"{path.name}: {seen}. {advice}", code=code, advice=advice, video=str(path))

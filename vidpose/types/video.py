"""What is known about a video before it is decoded, and the segments it is cut into."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Final, Literal

import numpy as np

from vidpose.types.arrays import FloatArray, IntArray, frozen
from vidpose.types.findings import Finding

Timing = Literal["container", "assumed"]
SLOW_FROM: Final = 1.2
"""Ours: rates that differ by a smaller factor are those of cameras that round or vary theirs."""
SLOW_ABOVE_HZ: Final = 35.0
"""Ours: phones state 30 frames per second and take fewer in poor light, which is no slow motion."""


@dataclass(frozen=True, slots=True)
class VideoSource:
    """What a decoder needs to know about a video; small, so that it is sent with every task.

    Attributes
    ----------
    path
        Absolute path of the file.
    width_px, height_px
        Size of a frame as it is shown: upright, square pixels.
    rotation_deg
        Clockwise turn (0, 90, 180, 270) that brings a decoded frame upright.
    time_base
        Seconds per tick of the presentation time stamps.
    timing
        ``"container"`` when the file carries time stamps, ``"assumed"`` when frame k is given the stamp
        k x ``assumed_period`` ticks.
    assumed_period
        Ticks between frames when ``timing`` is ``"assumed"``, else 0.
    hardware
        Whether a hardware decoder is used where there is one.
    mirrored
        Whether the stored picture is flipped left to right before it is turned.
    origin_pts
        Stamp at which the clock shows 0 s, see :class:`VideoIndex`.
    stream
        Number of the stream in the file; None for the one with the largest picture.
    field_ticks
        Ticks from the first to the second field of a frame that is split into its fields; 0 for whole frames.
        With fields, ``time_base`` is half of the stream's.
    top_field_first
        Whether the upper line belongs to the first field.
    """

    path: Path
    width_px: int
    height_px: int
    rotation_deg: int
    time_base: Fraction
    timing: Timing
    assumed_period: int = 0
    hardware: bool = False
    mirrored: bool = False
    origin_pts: int = 0
    stream: int | None = None
    field_ticks: int = 0
    top_field_first: bool = True

    def seconds(self, pts: int) -> float:
        """Return the time that a player shows at a stamp, s."""
        return (pts - self.origin_pts) * float(self.time_base)


@dataclass(frozen=True, slots=True)
class VideoIndex:
    """A probed video.

    Attributes
    ----------
    path
        Absolute path; never part of a cache key.
    sha256
        Hash of the file's bytes, hexadecimal.
    size_bytes
        Length of the file.
    container, codec, pixel_format
        ffmpeg's names.
    width_px, height_px
        Size of a frame as it is shown: upright, square pixels.
    rotation_deg
        Clockwise turn (0, 90, 180, 270) that brings a decoded frame upright.
    time_base
        Seconds per tick of ``pts``.
    pts
        Presentation time stamps of the packets that are shown, sorted, unique, ticks, shape (n_frames,).
        The decoder may yield fewer frames when the file is damaged.
    timing
        ``"container"`` when the file carries time stamps, ``"assumed"`` when they were made from a rate.
    assumed_period
        Ticks between frames when ``timing`` is ``"assumed"``, else 0.
    audio_codec
        ffmpeg's name of the first audio stream, or None.
    declared_duration_s
        Duration that the container states, NaN when it states none.
    key_pts
        Those of ``pts`` whose frames decode without others, as far as the container says, sorted, shape (n_keys,).
    mirrored
        Whether the stored picture is flipped left to right before it is turned.
    origin_pts
        Stamp at which the clock shows 0 s, as players do: the start of the picture or of the sound, whichever comes
        first. All times in seconds count from here.
    stream
        Number of the stream in the file.
    field_ticks, top_field_first
        See :class:`VideoSource`; with fields, every field is a frame.
    recorded_at
        Date and time of the recording as the file states it, ISO 8601, or None.
    timecode
        Timecode of the first frame as the file states it, or None.
    capture_rate_hz
        Rate at which the camera took the frames, where the file states it, else NaN.
    jump_pts
        Those of ``pts`` at which the edit list jumps to another place of the recording, sorted, shape (n_jumps,).
    findings
        Warnings about the file.
    """

    path: Path
    sha256: str
    size_bytes: int
    container: str
    codec: str
    pixel_format: str
    width_px: int
    height_px: int
    rotation_deg: int
    time_base: Fraction
    pts: IntArray
    timing: Timing
    assumed_period: int = 0
    audio_codec: str | None = None
    declared_duration_s: float = float("nan")
    key_pts: IntArray = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    findings: tuple[Finding, ...] = field(default=())
    mirrored: bool = False
    origin_pts: int = 0
    stream: int | None = None
    field_ticks: int = 0
    top_field_first: bool = True
    recorded_at: str | None = None
    timecode: str | None = None
    capture_rate_hz: float = float("nan")
    jump_pts: IntArray = field(default_factory=lambda: np.empty(0, dtype=np.int64))

    def __post_init__(self) -> None:
        for name in ("pts", "key_pts", "jump_pts"):
            object.__setattr__(self, name, frozen(getattr(self, name), np.int64, (None,), name))

    @property
    def source(self) -> VideoSource:
        """The part of it that a decoder needs."""
        return VideoSource(
            path=self.path,
            width_px=self.width_px,
            height_px=self.height_px,
            rotation_deg=self.rotation_deg,
            time_base=self.time_base,
            timing=self.timing,
            assumed_period=self.assumed_period,
            mirrored=self.mirrored,
            origin_pts=self.origin_pts,
            stream=self.stream,
            field_ticks=self.field_ticks,
            top_field_first=self.top_field_first,
        )

    @property
    def n_frames(self) -> int:
        """Number of frames that the container announces as shown."""
        return len(self.pts)

    @property
    def timestamps_s(self) -> FloatArray:
        """Time of each announced frame as players show it, s, shape (n_frames,)."""
        times_s: FloatArray = np.multiply(self.pts - self.origin_pts, float(self.time_base))
        return times_s

    @property
    def container_offset_s(self) -> float:
        """Time that the container gives to 0 s of our clock, s."""
        return float(self.origin_pts * self.time_base)

    @property
    def slow_motion_factor(self) -> float:
        """Stated rate of the camera over the rate of the file's frames; 1 where they agree or none is stated."""
        factor = self.capture_rate_hz * self.frame_period_s
        slow = factor > SLOW_FROM and self.capture_rate_hz > SLOW_ABOVE_HZ
        return round(factor, 4) if slow or factor < 1.0 / SLOW_FROM else 1.0

    @property
    def frame_period_s(self) -> float:
        """Median time between frames, s; NaN for fewer than two frames."""
        return float(np.median(np.diff(self.timestamps_s))) if self.n_frames > 1 else float("nan")

    @property
    def duration_s(self) -> float:
        """Time from the first frame to the end of the last one, s."""
        if self.n_frames < 2:
            return 0.0
        times = self.timestamps_s
        return float(times[-1] - times[0]) + self.frame_period_s


@dataclass(frozen=True, slots=True)
class Segment:
    """A segment of a video: core frames ``[start, stop)`` preceded by warm-up frames ``[warmup_start, start)``.

    Frame numbers count the index's frames; the ``*_pts`` bounds say the same in ticks, for the decoder.
    ``stop_pts`` is None in the last segment: everything to the end belongs to it.
    ``warmup_start_pts`` is None in the first segment: it begins wherever the decoder begins.
    Segments of one ``chain`` are posed in order, each continuing with the trackers of the one before; only the first of
    a chain has warm-up frames.
    """

    number: int
    warmup_start: int
    start: int
    stop: int
    warmup_start_pts: int | None
    start_pts: int
    stop_pts: int | None
    chain: int = 0

    @property
    def n_frames(self) -> int:
        """Number of core frames."""
        return self.stop - self.start

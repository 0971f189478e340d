"""What is published of one video: its people, frame by frame, and where the numbers come from."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath, PureWindowsPath
from typing import Any, Final

import numpy as np
import orjson

from vidpose.biomech.conventions import ANGLE_IDS
from vidpose.state.json_text import displayable, json_bytes
from vidpose.types.arrays import BoolArray, FloatArray, IntArray, frozen
from vidpose.types.findings import Finding
from vidpose.types.mapped_arrays import release
from vidpose.types.motion import AngleStatus, BestSource, Facing, MotionAnalysis
from vidpose.types.pose import PoseTrack, Status
from vidpose.types.video import VideoIndex

CHUNK_FRAMES: Final = 1800
"""Frames that are turned into text or table rows at a time; bounds the memory of all writers."""

STATUS_WORDS: Final = tuple(status.name.lower() for status in Status)
ANGLE_STATUS_WORDS: Final = tuple(status.name.lower() for status in AngleStatus)
FACING_WORDS: Final = tuple(facing.name.lower() for facing in Facing)
BEST_SOURCE_WORDS: Final = tuple(source.name.lower() for source in BestSource)
"""Words for the codes 0, 1, 2 … of each enumeration."""

DEGREES_PER_RADIAN: Final = 180.0 / math.pi


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where the numbers of one video come from; everything that can change them, nothing that cannot.

    Attributes
    ----------
    input_name
        Path of the video relative to the input folder, with ``/``; the ``video_id`` of the tables.
        Bytes of a name that are not UTF-8 are written out.
    input_sha256, input_size_bytes
        The file's bytes.
    vidpose_version
        Version of vidpose.
    packages
        Version of each package that has a part in the numbers.
    estimator
        Name of the pose estimator.
    model_files
        SHA-256 of each model file by file name.
    config
        Resolved settings that affect results, plain JSON values; no paths, workers or memory settings.
    segments
        One plain dictionary per segment: number, frames ``start`` and ``stop``, and how its border agreed.
    findings
        What probing, decoding, posing and joining have to say. Findings of the analysis stay with their person.
    """

    input_name: str
    input_sha256: str
    input_size_bytes: int
    vidpose_version: str
    packages: dict[str, str]
    estimator: str
    model_files: dict[str, str]
    config: dict[str, Any]
    segments: tuple[dict[str, Any], ...] = ()
    findings: tuple[Finding, ...] = ()

    def __post_init__(self) -> None:
        if PurePosixPath(self.input_name).is_absolute() or PureWindowsPath(self.input_name).is_absolute():
            raise ValueError(f"input_name: expected a path relative to the input folder, got {self.input_name!r}")
        object.__setattr__(self, "input_name", displayable(self.input_name))

    @property
    def config_sha256(self) -> str:
        """SHA-256 of the settings as sorted JSON, hexadecimal."""
        return hashlib.sha256(json_bytes(self.config, option=orjson.OPT_SORT_KEYS)).hexdigest()


@dataclass(frozen=True, slots=True)
class Person:
    """One person: the landmarks as estimated, and the analysis of the same frames."""

    id: int
    track: PoseTrack
    analysis: MotionAnalysis


@dataclass(frozen=True, slots=True)
class VideoResult:
    """All people of one video.

    Attributes
    ----------
    index
        The probed video; its path is never written.
    pts
        Time stamps of the decoded frames, ticks, shape (T,); kept here because there may be no people.
    timestamps_s
        The same in seconds, shape (T,).
    corrupt
        True where the decoder marked the frame as damaged, shape (T,).
    people
        Sorted by ``id``; each covers all T frames.
    """

    index: VideoIndex
    pts: IntArray
    timestamps_s: FloatArray
    corrupt: BoolArray
    people: tuple[Person, ...] = field(default=())

    def __post_init__(self) -> None:
        n = len(self.pts)
        for name, dtype in (("pts", np.int64), ("timestamps_s", np.float64), ("corrupt", np.bool_)):
            object.__setattr__(self, name, frozen(getattr(self, name), dtype, (n,), name))
        ids = [person.id for person in self.people]
        if ids != sorted(set(ids)):
            raise ValueError(f"people: expected increasing ids, got {ids}")
        for person in self.people:
            lengths = (person.track.n_frames, len(person.analysis.facing))
            if lengths != (n, n):
                raise ValueError(f"person {person.id}: expected {n} frames in track and analysis, got {lengths}")
            if person.analysis.angles.ids != ANGLE_IDS:
                raise ValueError(f"person {person.id}: expected the angles of the conventions, in their order")

    @classmethod
    def of_people(cls, index: VideoIndex, people: tuple[Person, ...]) -> VideoResult:
        """Build the result of a video with at least one person, whose track knows the frames."""
        track = people[0].track
        return cls(index, track.pts, track.timestamps_s, track.corrupt, people)

    @property
    def n_frames(self) -> int:
        """Number of decoded frames."""
        return len(self.pts)


def chunks(n_frames: int) -> Iterator[slice]:
    """Yield consecutive stretches of at most :data:`CHUNK_FRAMES` frames; series in files are released after each."""
    for start in range(0, n_frames, CHUNK_FRAMES):
        yield slice(start, min(start + CHUNK_FRAMES, n_frames))
        release()


def finite(value: float, decimals: int) -> float | None:
    """Return a rounded number, or None in place of NaN and infinity, which JSON does not have."""
    return round(value, decimals) + 0.0 if math.isfinite(value) else None


def video_facts(result: VideoResult) -> dict[str, Any]:
    """Return what is published of the video itself, plain JSON values."""
    index = result.index
    return {
        "width_px": index.width_px,
        "height_px": index.height_px,
        "rotation_deg": index.rotation_deg,
        "mirrored": index.mirrored,
        "container": index.container,
        "codec": index.codec,
        "pixel_format": index.pixel_format,
        "audio_codec": index.audio_codec,
        "n_frames": result.n_frames,
        "n_frames_announced": index.n_frames,
        "duration_s": finite(index.duration_s, 6),
        "timing": index.timing,
        "time_base": [index.time_base.numerator, index.time_base.denominator],
        "container_offset_s": finite(index.container_offset_s, 6),
        "recorded_at": index.recorded_at,
        "timecode": index.timecode,
        "capture_rate_hz": finite(index.capture_rate_hz, 3),
    }

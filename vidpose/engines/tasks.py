"""Units of work and what they answer. Small, frozen, picklable: frames and landmarks never travel in them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from vidpose.biomech.analysis import AnalysisSettings
from vidpose.governor.predict import UnitShape
from vidpose.outputs.video_result import Provenance
from vidpose.planning.joining import Guide, Seam
from vidpose.pose.estimator import PoseSettings
from vidpose.types.findings import Finding
from vidpose.types.video import Segment, VideoIndex, VideoSource
from vidpose.video.encode import RenderSettings
from vidpose.video.overlay import OverlaySettings

Kind = Literal["pose", "analyse", "render"]


@dataclass(frozen=True, slots=True)
class PoseTask:
    """Decode one segment and estimate the pose in every frame; write ``result``.

    ``stat_mark`` is the file's size, times and inode when it was hashed: a file that changes meanwhile is refused.
    ``guide`` makes it a guided restart.
    """

    key: str
    source: VideoSource
    segment: Segment
    stat_mark: str
    pose: PoseSettings
    batch_size: int
    result: Path
    guide: Guide | None = None


@dataclass(frozen=True, slots=True)
class AnalyseTask:
    """Join a video's segments, analyse, write pose model, tables and summary into ``folder``."""

    key: str
    index: VideoIndex
    segments: tuple[Path, ...]
    seams: tuple[Seam, ...]
    settings: AnalysisSettings
    height_m: float | None
    provenance: Provenance
    folder: Path
    motion: Path


@dataclass(frozen=True, slots=True)
class RenderTask:
    """Draw the filtered series onto the video; write ``folder/annotated.mp4``."""

    key: str
    source: VideoSource
    stat_mark: str
    motion: Path
    render: RenderSettings
    overlay: OverlaySettings
    folder: Path


Task = PoseTask | AnalyseTask | RenderTask


@dataclass(frozen=True, slots=True)
class Unit:
    """One task with what the scheduler needs to know.

    Attributes
    ----------
    id
        Equal for equal work: two videos with the same content share their pose units.
    kind
        Chooses the pool.
    task
        What to do.
    video
        Name for messages.
    shape
        What its memory depends on; None when its process is part of the run's fixed cost.
    n_frames
        Frames it goes through, for progress.
    """

    id: str
    kind: Kind
    task: Task
    video: str
    shape: UnitShape | None = None
    n_frames: int = 0


FailureKind = Literal["input", "bug", "lost", "stalled", "memory", "cancelled", "disk", "engine"]


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a unit has no result.

    ``input``: the video is at fault, trying again is useless. ``bug``: unexpected error, with its traceback.
    ``lost``: its process died. ``stalled``: killed without progress. ``memory``: killed by the governor.
    ``cancelled``: stopped on request. ``disk``: the output disk is full. ``engine``: Ray or Dask itself broke.
    """

    kind: FailureKind
    finding: Finding
    traceback: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a unit.

    ``value`` holds plain values (counts, findings as dictionaries); None when it failed.
    ``peak_bytes`` is the largest memory of the process while it ran, None where that is not known.
    """

    unit: Unit
    value: dict[str, Any] | None
    failure: Failure | None
    seconds: float
    peak_bytes: int | None = None

"""Units of work and what they answer. Small, frozen, picklable: frames and landmarks never travel in them."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from vidpose.biomech.analysis import AnalysisSettings
from vidpose.biomech.metrics.recording import Sex
from vidpose.governor.predict import UnitShape
from vidpose.planning.joining import Guide, Seam
from vidpose.planning.parts import Part
from vidpose.pose.estimator import PoseSettings
from vidpose.pose.identity.people_settings import PeopleSettings
from vidpose.pose.sampling import SamplingSettings
from vidpose.results.csv_files import TableSettings
from vidpose.results.exports.export_settings import ExportSettings
from vidpose.results.plots.style import PlotSettings
from vidpose.results.video_result import Provenance
from vidpose.types.findings import Finding
from vidpose.types.video import Segment, VideoIndex, VideoSource
from vidpose.video.encode import RenderSettings
from vidpose.video.overlay import OverlaySettings

Kind = Literal["pose", "analyse", "render"]


@dataclass(frozen=True, slots=True)
class PoseTask:
    """Decode consecutive segments of one chain and estimate the poses; write one of ``results`` after each.

    ``stat_mark`` is the file's size, times and inode when it was hashed: a file that changes meanwhile is refused.
    ``before`` holds the segment before the first one, unless that begins the chain. ``guide`` makes it a guided
    restart.
    """

    key: str
    source: VideoSource
    segments: tuple[Segment, ...]
    results: tuple[Path, ...]
    stat_mark: str
    pose: PoseSettings
    sampling: SamplingSettings
    batch_size: int
    before: Path | None = None
    guide: Guide | None = None

    @property
    def writes_into(self) -> Path:
        """The folder of the results."""
        return self.results[0].parent


@dataclass(frozen=True, slots=True)
class AnalyseTask:
    """Join a video's segments, analyse, write pose model, tables, summary, exports and plots into ``folder``.

    ``files`` are the pose files of ``segments``; ``seams`` the borders that were compared already.
    """

    key: str
    index: VideoIndex
    segments: tuple[Segment, ...]
    files: tuple[Path, ...]
    seams: tuple[Seam, ...]
    people: PeopleSettings
    settings: AnalysisSettings
    height_m: float | None
    sex: Sex
    exports: ExportSettings
    tables: TableSettings
    plots: PlotSettings | None
    provenance: Provenance
    folder: Path
    motion: Path

    @property
    def writes_into(self) -> Path:
        """The folder of the results."""
        return self.folder


@dataclass(frozen=True, slots=True)
class RenderTask:
    """Draw the filtered series onto one part of the video; write ``result``.

    ``segments`` are the pose files of the part and its surroundings, where faces are to be blurred.
    """

    source: VideoSource
    part: Part
    stat_mark: str
    motion: Path
    render: RenderSettings
    overlay: OverlaySettings
    batch_size: int
    result: Path
    pose: PoseSettings = field(default_factory=PoseSettings)
    segments: tuple[Path, ...] = ()

    @property
    def writes_into(self) -> Path:
        """The folder of the results."""
        return self.result.parent


@dataclass(frozen=True, slots=True)
class JoinTask:
    """Concatenate the drawn ``parts``; write ``folder/annotated.mp4``, then remove ``scrap``."""

    key: str
    source: VideoSource
    stat_mark: str
    motion: Path
    render: RenderSettings
    parts: tuple[Path, ...]
    folder: Path
    scrap: Path

    @property
    def writes_into(self) -> Path:
        """The folder of the results."""
        return self.folder


Task = PoseTask | AnalyseTask | RenderTask | JoinTask


@dataclass(frozen=True, slots=True)
class Unit:
    """One task with what the scheduler needs to know.

    ``n_threads`` is set when it is handed to a process: how many cores it may use. It never changes a result.

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
    held_bytes
        Memory that it takes beyond its process where there is no ``shape``; 0 when that is part of the fixed cost.
    """

    id: str
    kind: Kind
    task: Task
    video: str
    shape: UnitShape | None = None
    n_frames: int = 0
    n_threads: int = 1
    held_bytes: int = 0


FailureKind = Literal["input", "bug", "lost", "stalled", "memory", "cancelled", "disk", "engine"]


@dataclass(frozen=True, slots=True)
class UnitResult:
    """What is known of a unit that was done; its files hold everything else.

    ``n_frames`` counts the frames that were posed, analysed or drawn in this run.
    """

    n_frames: int


@dataclass(frozen=True, slots=True)
class UnitFailure:
    """Why a unit has no result.

    ``input``: the video is at fault, trying again is useless. ``bug``: unexpected error, with its traceback.
    ``lost``: its process died. ``stalled``: killed without progress. ``memory``: killed by the governor.
    ``cancelled``: stopped on request. ``disk``: the output disk is full. ``engine``: Ray or Dask itself broke.
    """

    kind: FailureKind
    finding: Finding
    traceback: str = ""


@dataclass(frozen=True, slots=True)
class UnitOutcome:
    """What became of a unit.

    ``peak_bytes`` is the largest memory of the process while it ran, None where that is not known.
    """

    unit: Unit
    result: UnitResult | UnitFailure
    seconds: float
    peak_bytes: int | None = None

    @property
    def failure(self) -> UnitFailure | None:
        """Why it has no result; None when it has one."""
        return self.result if isinstance(self.result, UnitFailure) else None

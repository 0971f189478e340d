"""What has to be done for one video, what is done already, and why."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from importlib import metadata
from pathlib import Path

from vidpose.config import Settings
from vidpose.errors import InputError
from vidpose.planning import keys
from vidpose.planning.segments import plan_segments
from vidpose.pose.estimator import EstimatorInfo
from vidpose.pose.landmark_file import find_landmark_file, landmark_file_sha256
from vidpose.state.layout import ANALYSIS_RECEIPT, RENDER_RECEIPT, Layout
from vidpose.state.ledger import Ledger, stat_mark
from vidpose.state.motion_store import is_motion
from vidpose.state.pose_store import is_usable
from vidpose.state.receipts import why_not_current
from vidpose.types.findings import Finding
from vidpose.types.video import Segment, VideoIndex
from vidpose.video.broken_file import unreadable
from vidpose.video.discover import FoundVideo
from vidpose.video.probe import content_sha256, probe
from vidpose.video.probe_limits import refuse_video
from vidpose.workflow.packages import package_versions

_LOG = logging.getLogger(__name__)
_OF_THE_MACHINE = ("too_large", "beyond_limit", "worker_lost", "stalled")
"""Failures to probe that another limit or another day may not have."""


@dataclass(frozen=True, slots=True)
class StageKeys:
    """Keys of a video's three stages."""

    pose: str
    analysis: str
    render: str


@dataclass(frozen=True, slots=True)
class ReadyVideo:
    """A video that can be processed, and what is missing of its results.

    Attributes
    ----------
    found
        Where it is and how its results are called.
    index
        The probed video.
    mark
        Its size, times and inode when it was hashed.
    segments
        All its segments.
    keys
        Keys of its three stages.
    missing_segments
        Segments without stored poses.
    why_analyse, why_render
        Why the stage has to run, or None when its result is up to date.
    why_not_drawn
        Why its annotated video does not fit in the memory limit, or None.
    """

    found: FoundVideo
    index: VideoIndex
    mark: str
    segments: tuple[Segment, ...]
    keys: StageKeys
    missing_segments: tuple[Segment, ...] = ()
    why_analyse: str | None = None
    why_render: str | None = None
    why_not_drawn: str | None = None

    @property
    def name(self) -> str:
        """Name of the result folders, below ``models`` and ``output``."""
        return self.found.output_name

    @property
    def up_to_date(self) -> bool:
        """True when every result is up to date."""
        return self.why_analyse is None and self.why_render is None

    @property
    def frames_to_pose(self) -> int:
        """Number of frames without poses, warm-up included."""
        return sum(segment.stop - segment.warmup_start for segment in self.missing_segments)

    @property
    def frames_to_process(self) -> int:
        """Number of frames to pose and to draw."""
        return self.frames_to_pose + (self.index.n_frames if self.why_render else 0)


@dataclass(frozen=True, slots=True)
class RefusedVideo:
    """A video that cannot be processed, and why; ``index`` is there when it could be probed."""

    found: FoundVideo
    failure: Finding
    index: VideoIndex | None = None


VideoPlan = ReadyVideo | RefusedVideo


class _KeyMaker:
    """Makes the keys of videos; what they have in common is looked up and made plain once.

    Attributes
    ----------
    decoder
        Name and version of the decoding library.
    """

    def __init__(self, settings: Settings, estimator: EstimatorInfo) -> None:
        self.decoder = f"av {metadata.version('av')}{', hardware' if settings.hardware_decode else ''}"
        packages = {name: package_versions()[name] for name in ("numpy", "scipy")}
        plots = None if settings.no_plots else (settings.plots, metadata.version("matplotlib"))
        numbers = (settings.sport_type, settings.analysis, settings.people, packages)
        self._estimator = keys.plain(estimator)
        self._pose = keys.plain((settings.segments, settings.seams, settings.sampling, settings.reading))
        self._numbers = keys.plain((*numbers, settings.sex, settings.exports, settings.tables, plots))
        self._height_m = settings.height_m
        self._render = keys.plain((settings.render, settings.overlay))

    def keys(self, sha256: str, landmark_file: str | None) -> StageKeys:
        """Return the keys of a video with this hash, and of the file with its poses if it has one."""
        estimator = self._estimator if landmark_file is None else self._estimator | {"landmark_file": landmark_file}
        pose = keys.pose_key(sha256, estimator, self._pose, self.decoder)
        analysis = keys.analysis_key(pose, self._numbers, self._height_m)
        return StageKeys(pose, analysis, keys.render_key(analysis, self._render, self.decoder))


class Planner:
    """Plans the videos of a run one by one, also from several threads.

    Parameters
    ----------
    settings
        The run's settings.
    layout
        Result folders.
    ledger
        What earlier runs learned.
    estimator
        Description of the pose estimator, part of the keys.
    probe_video
        Indexes a video from its path and hash; by default in this process.
    """

    def __init__(
        self,
        settings: Settings,
        layout: Layout,
        ledger: Ledger,
        estimator: EstimatorInfo,
        probe_video: Callable[[Path, str], VideoIndex] = probe,
    ) -> None:
        self._probe_video = probe_video
        self._settings = settings
        self._layout = layout
        self._ledger = ledger
        self._chained = estimator.exports_state
        self._key_maker = _KeyMaker(settings, estimator)
        read = keys.fingerprint(reading=settings.reading)[:8]
        self._prober = f"{self._key_maker.decoder}, stage {keys.PROBE_STAGE}, reading {read}"

    def plan(self, found: FoundVideo) -> VideoPlan:
        """Hash, probe and divide a video, and look up finished work."""
        try:
            mark, sha256 = self._hash(found.path)
            index = self._probe(found.path, sha256)
            stage_keys = self._key_maker.keys(sha256, self._landmark_file(found.path))
        except InputError as error:
            return RefusedVideo(found, _as_finding(error))
        except Exception as error:  # noqa: BLE001 - the boundary that keeps one bad input from costing another
            _LOG.exception("%s could not be planned", found.relative)
            return RefusedVideo(found, Finding("failed", f"{type(error).__name__}: {error}", "fatal"))
        segments = plan_segments(index, self._settings.segments, chained=self._chained)
        try_again = self._settings.redo_failures or self._settings.fresh
        given_up = self._ledger.verdict(stage_keys.pose)
        if given_up is not None and not try_again:
            said = f"{given_up.message} (in an earlier run; --redo_failures tries again)"
            return RefusedVideo(found, replace(given_up, message=said), index)
        why_render = self._why_render(found, stage_keys)
        why_analyse = self._why_analyse(found, stage_keys)
        if why_render and not why_analyse and not is_motion(self._layout.motion(stage_keys.analysis)):
            why_analyse = "filtered series are missing"
        return ReadyVideo(
            found=found,
            index=index,
            mark=mark,
            segments=segments,
            keys=stage_keys,
            missing_segments=self._missing(segments, stage_keys.pose) if why_analyse else (),
            why_analyse=why_analyse,
            why_render=why_render,
        )

    def _hash(self, path: Path) -> tuple[str, str]:
        if path.is_dir():
            raise InputError(f"{path.name}: the folder cannot be listed; check its permissions", code="no_access")
        try:
            mark = stat_mark(path)
            known = self._ledger.known_hash(path)
            if known is None:
                known = content_sha256(path)
                self._ledger.remember_hash(path, mark, known)
        except OSError as error:
            raise unreadable(path, error) from error
        return mark, known

    def _probe(self, path: Path, sha256: str) -> VideoIndex:
        known = self._ledger.known_probe(sha256, self._prober, path)
        if known is None:
            try:
                known = self._probe_video(path, sha256)
            except InputError as error:
                said = _as_finding(error)
                known = replace(said, message=said.message.removeprefix(f"{path.name}: "))  # a copy has another name
            if not (isinstance(known, Finding) and known.code in _OF_THE_MACHINE):
                self._ledger.remember_probe(sha256, self._prober, known)
        if isinstance(known, Finding):
            raise InputError(f"{path.name}: {known.message}", code=known.code, details=known.details)
        refuse_video(known, self._settings.probing)
        return known

    def _landmark_file(self, path: Path) -> str | None:
        """Return the hash of the file that holds this video's poses; None when poses are estimated."""
        if self._settings.pose.estimator != "file":
            return None
        return landmark_file_sha256(find_landmark_file(path, self._settings.pose.pose_files))

    def _missing(self, segments: Sequence[Segment], key: str) -> tuple[Segment, ...]:
        return tuple(
            segment
            for segment in segments
            if (self._settings.fresh and not self._settings.no_pose)
            or not is_usable(self._layout.pose_segment(key, segment.number), key, verify=self._settings.verify)
        )

    def _why_analyse(self, found: FoundVideo, stage_keys: StageKeys) -> str | None:
        if self._settings.fresh:
            return "--fresh was given"
        receipt = self._layout.tables_folder(found.output_name) / ANALYSIS_RECEIPT
        return why_not_current(receipt, stage_keys.analysis, verify=self._settings.verify)

    def _why_render(self, found: FoundVideo, stage_keys: StageKeys) -> str | None:
        if self._settings.no_video:
            return None
        if self._settings.fresh:
            return "--fresh was given"
        receipt = self._layout.picture_folder(found.output_name) / RENDER_RECEIPT
        return why_not_current(receipt, stage_keys.render, verify=self._settings.verify)


def _as_finding(error: InputError) -> Finding:
    return Finding(error.context.get("code", "failed"), error.message, "fatal", error.context.get("details", {}))

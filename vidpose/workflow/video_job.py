"""The job of one video: pose its segments, repair their borders, analyse, draw."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Generator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import groupby
from pathlib import Path

from vidpose.config import Settings
from vidpose.engines.scheduler import Steps, UnitFailed
from vidpose.engines.tasks import Unit, UnitFailure, UnitResult
from vidpose.errors import OutputError, is_disk_full
from vidpose.planning.joining import Seam, guide_from, seam_disagreement
from vidpose.planning.keys import fingerprint
from vidpose.planning.parts import plan_parts
from vidpose.planning.shots import whoever_is_seen
from vidpose.pose.estimator import EstimatorInfo
from vidpose.results.run_report import State
from vidpose.state.atomic import remove_file, remove_folder, sweep_parts
from vidpose.state.layout import ANALYSIS_RECEIPT, RENDER_RECEIPT, Layout
from vidpose.state.ledger import Ledger
from vidpose.state.pose_store import is_usable, load_segment
from vidpose.state.receipts import Receipt, read_receipt
from vidpose.types.findings import Finding
from vidpose.types.grades import Grade
from vidpose.types.video import Segment
from vidpose.workflow.unit_maker import UnitMaker
from vidpose.workflow.video_plan import ReadyVideo, RefusedVideo, VideoPlan

_LOG = logging.getLogger(__name__)
KEPT_VERDICTS = frozenset({"input", "lost", "stalled"})
"""Failures that would come again with the same bytes and settings; lack of memory would not with a higher limit."""


@dataclass(slots=True)
class VideoRecord:
    """What became of one video; filled in while its job runs.

    Attributes
    ----------
    name, relative
        Name of its result folders; its path below the input folder.
    state, findings
        What became of it, and why.
    grades
        What it can answer about its main person.
    n_frames, n_posed_frames
        Its frames, and those that this run posed.
    outputs
        Its files, as ``models/NAME/FILE`` or ``output/NAME/FILE``.
    tables
        Fingerprint of its tables' contents.
    """

    name: str
    relative: str
    state: State = "interrupted"
    findings: list[Finding] = field(default_factory=list)
    grades: tuple[Grade, ...] = ()
    n_frames: int = 0
    n_posed_frames: int = 0
    outputs: list[str] = field(default_factory=list)
    tables: str = ""


@dataclass(frozen=True, slots=True)
class RunContext:
    """What all jobs of a run share.

    Attributes
    ----------
    settings
        The run's settings.
    layout
        Result folders.
    ledger
        Remembers why a video failed.
    estimator
        Description of the pose estimator.
    notes
        Findings about every video.
    renewed
        Keys of the poses that this run removed because of ``--fresh``; grows during the run.
    """

    settings: Settings
    layout: Layout
    ledger: Ledger
    estimator: EstimatorInfo
    notes: tuple[Finding, ...] = ()
    renewed: set[str] = field(default_factory=set)


def job_of(run: RunContext, plan: VideoPlan, on_end: Callable[[VideoRecord], None]) -> Steps:
    """Return the steps of one video; its record is handed to ``on_end`` when they end, however they end."""
    if isinstance(plan, ReadyVideo):
        return VideoJob(run, plan, on_end).steps()
    return _refuse(plan, on_end)


def _refuse(video: RefusedVideo, on_end: Callable[[VideoRecord], None]) -> Steps:
    on_end(VideoRecord(video.found.output_name, video.found.relative, "quarantined", [video.failure]))
    yield from ()


class VideoJob:
    """Takes one video from its plan to its results.

    Parameters
    ----------
    run
        What all jobs of the run share.
    video
        The video, and what is missing of it.
    on_end
        Called with the video's record at the end.
    """

    def __init__(self, run: RunContext, video: ReadyVideo, on_end: Callable[[VideoRecord], None]) -> None:
        self._settings = run.settings
        self._layout = run.layout
        self._ledger = run.ledger
        self._estimator = run.estimator
        self._renewed = run.renewed
        self._units = UnitMaker(run.settings, run.layout, run.estimator, run.notes)
        self._video = video
        self._on_end = on_end
        self._record = VideoRecord(video.name, video.found.relative, n_frames=video.index.n_frames)

    def steps(self) -> Steps:
        """Yield the units of work in order; whatever fails costs this video only."""
        try:
            yield from self._steps()
        except UnitFailed as failed:
            self._fail(failed)
        except Exception as error:
            if is_disk_full(error):
                raise  # the others cannot be written either
            _LOG.exception("%s: the run's own part of the work failed", self._video.name)
            said = str(error) if isinstance(error, (OutputError, OSError)) else f"{type(error).__name__}: {error}"
            failure = UnitFailure("bug", Finding("failed", said, "fatal"), traceback.format_exc())
            self._fail(UnitFailed(said, failure=failure))
        finally:
            if not self._video.up_to_date:
                self._remove_unfinished_files()
            self._on_end(self._record)

    def _steps(self) -> Steps:
        video = self._video
        if video.why_analyse:
            if self._settings.no_pose and not all(self._is_posed(segment) for segment in video.missing_segments):
                self._record.state, self._record.findings = "quarantined", [_not_posed(video)]
                return
            files, seams = yield from self._poses()
            yield [self._units.analyse(video, files, seams)]
        if video.why_render:
            yield from self._picture()
        self._close()

    def _poses(self) -> Generator[list[Unit], list[UnitResult], tuple[tuple[Path, ...], tuple[Seam, ...]]]:
        """Pose what is missing, then compare and repair the borders in order."""
        # A copy of this video may have been posed since the plan was made.
        missing = [segment for segment in self._to_pose() if not self._is_posed(segment)]
        if missing:
            results = yield [self._units.pose(self._video, stretch) for stretch in _stretches(missing)]
            self._record.n_posed_frames = sum(result.n_frames for result in results)
        chains = [list(chain) for _, chain in groupby(self._video.segments, key=lambda segment: segment.chain)]
        key = self._video.keys.pose
        chosen = [self._layout.pose_segment(key, segment.number) for segment in chains[0]]
        seams: list[Seam] = []
        for chain in chains[1:]:
            files = [self._layout.pose_segment(key, segment.number) for segment in chain]
            if self._settings.pose.max_people == 1 or not self._estimator.exports_state:
                files, seam = yield from self._border(chain, chosen[-1])
                seams.append(seam)
            chosen += files
        return tuple(chosen), tuple(seams)

    def _to_pose(self) -> tuple[Segment, ...]:
        """Return the segments to pose; with ``--fresh``, stored poses are removed first, once a run."""
        video, key = self._video, self._video.keys.pose
        if self._settings.no_pose or not self._settings.fresh:
            return video.missing_segments
        if key not in self._renewed:
            self._renewed.add(key)
            for segment in video.segments:
                remove_file(self._layout.pose_segment(key, segment.number))
                remove_file(self._layout.guided_segment(key, segment.number))
        return video.segments

    def _is_posed(self, segment: Segment) -> bool:
        key = self._video.keys.pose
        return is_usable(self._layout.pose_segment(key, segment.number), key)

    def _border(
        self, chain: list[Segment], before: Path
    ) -> Generator[list[Unit], list[UnitResult], tuple[list[Path], Seam]]:
        """Compare the two sides of a chain's first border; pose the chain again, guided, if it follows someone else."""
        settings, key, first = self._settings.seams, self._video.keys.pose, chain[0]
        files = [self._layout.pose_segment(key, segment.number) for segment in chain]
        later = load_segment(files[0])
        seen_before, seen_after = whoever_is_seen(load_segment(before).tracks), whoever_is_seen(later.tracks)
        time_s = float(self._video.index.timestamps_s[first.start])
        value = seam_disagreement(seen_before, seen_after, later.warmup)
        if value is None:
            return files, Seam(first.number, time_s, "not_comparable", None)
        if value <= settings.max_disagreement:
            return files, Seam(first.number, time_s, "agrees", round(value, 4))
        guided = [self._layout.guided_segment(key, segment.number) for segment in chain]
        if not all(is_usable(path, key) for path in guided):
            guide = guide_from(seen_before, [int(stamp) for stamp in seen_after.pts[later.warmup]], settings)
            yield [self._units.pose(self._video, chain, guide)]
        again = load_segment(guided[0])
        repaired = seam_disagreement(seen_before, whoever_is_seen(again.tracks), again.warmup)
        if repaired is not None and repaired <= settings.max_disagreement:
            return guided, Seam(first.number, time_s, "repaired", round(repaired, 4))
        return files, Seam(first.number, time_s, "disagrees", round(value, 4))

    def _picture(self) -> Steps:
        """Draw all parts, then join them; when that fails, the numbers stay, with a warning."""
        video = self._video
        if video.why_not_drawn is not None:
            self._record.findings.append(Finding("not_annotated", video.why_not_drawn))
            return
        parts = plan_parts(video.index, self._settings.render.part_s)
        files = [self._layout.picture_part(video.name, video.keys.render, part.number) for part in parts]
        if self._settings.fresh:
            remove_folder(self._layout.picture_parts(video.name))
        missing = [pair for pair in zip(parts, files, strict=True) if not pair[1].is_file()]
        try:
            if missing:
                yield [self._units.part(video, *pair) for pair in missing]
            yield [self._units.join(video, tuple(files))]
        except UnitFailed as failed:
            if failed.failure.kind == "cancelled":
                raise
            self._record.findings.append(Finding("not_annotated", failed.message))

    def _close(self) -> None:
        """Fill in the record of a video whose results are up to date, from its receipts."""
        video, record = self._video, self._record
        tables = read_receipt(self._layout.tables_folder(video.name) / ANALYSIS_RECEIPT)
        if tables is not None and tables.key == video.keys.analysis:
            self._note(tables, self._layout.models)
            record.grades = tables.facts.grades
            record.tables = fingerprint(files={name: entry.sha256 for name, entry in tables.files.items()})
        picture = None
        if not self._settings.no_video:
            picture = read_receipt(self._layout.picture_folder(video.name) / RENDER_RECEIPT)
        if picture is not None and picture.key == video.keys.render:  # else that of earlier numbers: the new one failed
            self._note(picture, self._layout.output)
        if self._settings.redo_failures or self._settings.fresh:
            self._ledger.forget_verdict(video.keys.pose)
        warned = any(finding.severity == "warning" for finding in record.findings)
        record.state = "skipped_unchanged" if video.up_to_date else "done_with_warnings" if warned else "done"

    def _remove_unfinished_files(self) -> None:
        """Remove what a process that was lost in the middle of a file has left among the results."""
        for folder in (self._layout.tables_folder(self._video.name), self._layout.picture_folder(self._video.name)):
            with suppress(OSError):
                sweep_parts(folder)

    def _note(self, receipt: Receipt, folder: Path) -> None:
        self._record.findings += receipt.facts.findings
        self._record.outputs += [f"{folder.name}/{self._video.name}/{name}" for name in receipt.files]
        self._record.n_frames = receipt.facts.n_frames

    def _fail(self, failed: UnitFailed) -> None:
        failure = failed.failure
        if failure.kind == "cancelled":
            return
        finding = replace(failure.finding, severity="fatal")
        self._record.state, self._record.findings = "quarantined", [finding]
        # A process that is lost in the analysis says nothing about the video's poses.
        of_the_video = failure.kind == "input" or failed.context.get("unit_kind") == "pose"
        if of_the_video and failure.kind in KEPT_VERDICTS and finding.code != "changed_during_run":
            self._ledger.remember_verdict(self._video.keys.pose, finding)


def _stretches(segments: Sequence[Segment]) -> list[list[Segment]]:
    """Put consecutive segments of one chain together."""
    stretches: list[list[Segment]] = []
    for segment in segments:
        follows = stretches and (stretches[-1][-1].number + 1, stretches[-1][-1].chain) == (
            segment.number,
            segment.chain,
        )
        if follows:
            stretches[-1].append(segment)
        else:
            stretches.append([segment])
    return stretches


def _not_posed(video: ReadyVideo) -> Finding:
    n_missing = len(video.missing_segments)
    message = f"{n_missing} of {len(video.segments)} segments have no stored poses for these settings"
    return Finding("not_posed", message, "fatal")

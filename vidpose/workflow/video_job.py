"""The way of one video: pose its segments, mend its borders, analyse, draw. Reads from top to bottom."""

from __future__ import annotations

import logging
import shutil
import traceback
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from pathlib import Path
from typing import Any, Literal

from vidpose.config import Settings
from vidpose.engines.scheduler import Story, UnitFailed, Values
from vidpose.engines.tasks import Failure, Unit
from vidpose.errors import OutputError
from vidpose.planning.joining import Seam, guide_from, seam_disagreement
from vidpose.planning.parts import plan_parts
from vidpose.pose.estimator import EstimatorInfo
from vidpose.state.layout import ANALYSIS_RECEIPT, RENDER_RECEIPT, Layout
from vidpose.state.ledger import Ledger
from vidpose.state.pose_store import is_usable, load_segment
from vidpose.state.receipts import read_receipt
from vidpose.types.findings import Finding
from vidpose.types.video import Segment, VideoIndex
from vidpose.workflow.unit_maker import UnitMaker
from vidpose.workflow.video_plan import StageKeys, VideoPlan

_LOG = logging.getLogger(__name__)
State = Literal["done", "done_with_warnings", "quarantined", "skipped_unchanged", "interrupted"]
KEPT_VERDICTS = frozenset({"input", "lost", "stalled"})
"""Failures that would come again with the same bytes and settings; lack of memory would not with a higher limit."""


@dataclass(slots=True)
class VideoRecord:
    """What became of one video; filled in while its story runs."""

    name: str
    relative: str
    state: State = "interrupted"
    findings: list[Finding] = field(default_factory=list)
    n_frames: int = 0
    n_posed_frames: int = 0
    outputs: list[Path] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class StoryTeller:
    """What all stories of a run share.

    ``notes`` are findings about every video; ``renewed`` holds the keys of the poses that this run dropped and made.
    """

    settings: Settings
    layout: Layout
    ledger: Ledger
    estimator: EstimatorInfo
    on_end: Callable[[VideoRecord], None]
    notes: tuple[Finding, ...] = ()
    renewed: set[str] = field(default_factory=set)

    @property
    def _units(self) -> UnitMaker:
        return UnitMaker(self.settings, self.layout, self.estimator, self.notes)

    def tell(self, plan: VideoPlan) -> Story:
        """Return the story of one video; its record is handed to ``on_end`` when it ends, however it ends."""
        record = VideoRecord(plan.name, plan.found.relative)
        try:
            yield from self._way(plan, record)
        except UnitFailed as failed:
            self._fail(plan, record, failed)
        except (OutputError, OSError) as error:  # a stored file that cannot be read costs this video only
            _LOG.exception("%s: its stored poses or receipts cannot be read", plan.name)
            failure = Failure("bug", Finding("failed", str(error), "fatal"), traceback.format_exc())
            self._fail(plan, record, UnitFailed(str(error), failure=failure))
        finally:
            self.on_end(record)

    def _way(self, plan: VideoPlan, record: VideoRecord) -> Story:
        if plan.failure is not None:
            record.state, record.findings = "quarantined", [plan.failure]
            return
        assert plan.index is not None
        assert plan.keys is not None
        record.n_frames = plan.index.n_frames
        if not plan.up_to_date:
            if plan.why_analyse and self.settings.no_pose and not self._all_posed(plan, plan.keys):
                record.state, record.findings = "quarantined", [_not_posed(plan)]
                return
            if plan.why_analyse:
                files, seams = yield from self._poses(plan, plan.index, plan.keys, record)
                yield [self._units.analyse(plan, plan.index, plan.keys, files, seams)]
            if plan.why_render:
                yield from self._picture(plan, plan.index, plan.keys, record)
        self._close(plan, record)

    def _poses(
        self, plan: VideoPlan, index: VideoIndex, keys: StageKeys, record: VideoRecord
    ) -> Generator[list[Unit], Values, tuple[tuple[Path, ...], tuple[Seam, ...]]]:
        """Pose what is missing, then compare and mend the borders in order."""
        # A copy of this video may have been posed since the plan was made.
        missing = [segment for segment in self._wanted(plan, keys) if not self._is_posed(keys, segment)]
        if missing:
            values = yield [self._units.pose(plan, index, keys, stretch) for stretch in _stretches(missing)]
            record.n_posed_frames = sum(value["n_frames"] for value in values)
        chains = [list(chain) for _, chain in groupby(plan.segments, key=lambda segment: segment.chain)]
        chosen = [self.layout.pose_segment(keys.pose, segment.number) for segment in chains[0]]
        seams: list[Seam] = []
        for chain in chains[1:]:
            files = [self.layout.pose_segment(keys.pose, segment.number) for segment in chain]
            if self.settings.pose.max_people == 1 or not self.estimator.exports_state:
                files, seam = yield from self._border(plan, index, keys, chain, chosen[-1])
                seams.append(seam)
            chosen += files
        return tuple(chosen), tuple(seams)

    def _wanted(self, plan: VideoPlan, keys: StageKeys) -> tuple[Segment, ...]:
        """Return the segments to pose unless they are there; with ``--fresh``, what is there goes first, once a run."""
        if self._renews and keys.pose not in self.renewed:
            self.renewed.add(keys.pose)
            for segment in plan.segments:
                self.layout.pose_segment(keys.pose, segment.number).unlink(missing_ok=True)
                self.layout.guided_segment(keys.pose, segment.number).unlink(missing_ok=True)
        return plan.segments if self._renews else plan.missing_segments

    @property
    def _renews(self) -> bool:
        return self.settings.fresh and not self.settings.no_pose

    def _all_posed(self, plan: VideoPlan, keys: StageKeys) -> bool:
        return all(self._is_posed(keys, segment) for segment in plan.missing_segments)

    def _is_posed(self, keys: StageKeys, segment: Segment) -> bool:
        return is_usable(self.layout.pose_segment(keys.pose, segment.number), keys.pose)

    def _border(
        self, plan: VideoPlan, index: VideoIndex, keys: StageKeys, chain: list[Segment], before: Path
    ) -> Generator[list[Unit], Values, tuple[list[Path], Seam]]:
        """Compare the border before a chain; pose the chain again with a guide when it follows somebody else."""
        settings, first = self.settings.seams, chain[0]
        files = [self.layout.pose_segment(keys.pose, segment.number) for segment in chain]
        earlier, later = load_segment(before).tracks[0], load_segment(files[0])
        time_s = float(index.timestamps_s[first.start])
        value = seam_disagreement(earlier, later.tracks[0], later.warmup)
        if value is None:
            return files, Seam(first.number, time_s, "not_comparable", None)
        if value <= settings.max_disagreement:
            return files, Seam(first.number, time_s, "agrees", round(value, 4))
        guided = [self.layout.guided_segment(keys.pose, segment.number) for segment in chain]
        if not all(is_usable(path, keys.pose) for path in guided):
            guide = guide_from(earlier, [int(stamp) for stamp in later.tracks[0].pts[later.warmup]], settings)
            yield [self._units.pose(plan, index, keys, chain, guide)]
        again = load_segment(guided[0])
        mended = seam_disagreement(earlier, again.tracks[0], again.warmup)
        if mended is not None and mended <= settings.max_disagreement:
            return guided, Seam(first.number, time_s, "repaired", round(mended, 4))
        return files, Seam(first.number, time_s, "disagrees", round(value, 4))

    def _picture(self, plan: VideoPlan, index: VideoIndex, keys: StageKeys, record: VideoRecord) -> Story:
        """Draw all parts, then join them; a picture that fails costs a warning, not the numbers."""
        parts = plan_parts(index, self.settings.render.part_s)
        files = [self.layout.picture_part(plan.name, keys.render, part.number) for part in parts]
        if self.settings.fresh:
            shutil.rmtree(self.layout.picture_parts(plan.name), ignore_errors=True)
        missing = [pair for pair in zip(parts, files, strict=True) if not pair[1].is_file()]
        try:
            if missing:
                yield [self._units.part(plan, index, keys, *pair) for pair in missing]
            yield [self._units.join(plan, index, keys, tuple(files))]
        except UnitFailed as failed:
            if failed.failure.kind == "cancelled":
                raise
            record.findings.append(Finding("not_annotated", failed.message))

    def _close(self, plan: VideoPlan, record: VideoRecord) -> None:
        """Fill in the record of a video whose results stand, from its receipts."""
        assert plan.keys is not None
        for path, key in (
            (self.layout.tables_folder(plan.name) / ANALYSIS_RECEIPT, plan.keys.analysis),
            (self.layout.picture_folder(plan.name) / RENDER_RECEIPT, plan.keys.render),
        ):
            receipt = read_receipt(path)
            # Another key: a picture of earlier numbers, left because the new one failed or was not asked for.
            if (
                receipt is not None
                and receipt.key == key
                and not (path.name == RENDER_RECEIPT and self.settings.no_video)
            ):
                record.findings += [_finding(entry) for entry in receipt.facts["findings"]]
                record.outputs += [path.parent / name for name in receipt.files]
                record.n_frames = receipt.facts["n_frames"]
        if (self.settings.redo_failures or self.settings.fresh) and plan.keys is not None:
            self.ledger.forget_verdict(plan.keys.pose)
        warned = any(finding.severity == "warning" for finding in record.findings)
        record.state = "skipped_unchanged" if plan.up_to_date else "done_with_warnings" if warned else "done"

    def _fail(self, plan: VideoPlan, record: VideoRecord, failed: UnitFailed) -> None:
        failure = failed.failure
        if failure.kind == "cancelled":
            return
        finding = replace(failure.finding, severity="fatal")
        record.state = "quarantined"
        record.findings = [finding]
        # A process that is lost in the analysis says nothing about the video's poses.
        of_the_video = failure.kind == "input" or failed.context.get("unit_kind") == "pose"
        if (
            of_the_video
            and failure.kind in KEPT_VERDICTS
            and plan.keys is not None
            and finding.code != "changed_during_run"
        ):
            self.ledger.remember_verdict(plan.keys.pose, finding)


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


def _not_posed(plan: VideoPlan) -> Finding:
    n_missing = len(plan.missing_segments)
    message = f"{n_missing} of {len(plan.segments)} stretches have no stored poses for these settings"
    return Finding("not_posed", message, "fatal")


def _finding(entry: dict[str, Any]) -> Finding:
    return Finding(entry["code"], entry["message"], entry["severity"], entry["details"])

"""The way of one video: pose its segments, mend its borders, analyse, draw. Reads from top to bottom."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Generator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

import vidpose
from vidpose.config import Settings
from vidpose.engines.scheduler import Story, UnitFailed, Values
from vidpose.engines.tasks import AnalyseTask, Failure, PoseTask, RenderTask, Task, Unit
from vidpose.errors import OutputError
from vidpose.governor.predict import UnitShape
from vidpose.outputs.layout import ANALYSIS_RECEIPT, RENDER_RECEIPT, Layout
from vidpose.outputs.ledger import Ledger
from vidpose.outputs.pose_store import load_segment
from vidpose.outputs.receipts import read_receipt
from vidpose.outputs.video_result import Provenance
from vidpose.planning.joining import Guide, Seam, guide_from, seam_disagreement
from vidpose.planning.keys import plain
from vidpose.pose.estimator import EstimatorInfo
from vidpose.types.findings import Finding
from vidpose.types.video import Segment, VideoIndex
from vidpose.workflow.packages import package_versions
from vidpose.workflow.plan import StageKeys, VideoPlan, is_usable

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
    """What all stories of a run share."""

    settings: Settings
    layout: Layout
    ledger: Ledger
    estimator: EstimatorInfo
    on_end: Callable[[VideoRecord], None]

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
            if plan.why_analyse:
                segments, seams = yield from self._poses(plan, plan.index, plan.keys, record)
                yield [self._analyse_unit(plan, plan.index, plan.keys, segments, seams)]
            if plan.why_render:
                yield from self._picture(plan, plan.index, plan.keys, record)
        self._close(plan, record)

    def _poses(
        self, plan: VideoPlan, index: VideoIndex, keys: StageKeys, record: VideoRecord
    ) -> Generator[list[Unit], Values, tuple[tuple[Path, ...], tuple[Seam, ...]]]:
        """Pose what is missing, then compare and mend the borders in order."""
        # A copy of this video may have been posed since the plan was made.
        missing = [segment for segment in plan.missing_segments if not self._is_posed(keys, segment)]
        if missing:
            values = yield [self._pose_unit(plan, index, keys, segment) for segment in missing]
            record.n_posed_frames = sum(value["n_frames"] for value in values)
        chosen = [self.layout.pose_segment(keys.pose, 0)]
        seams: list[Seam] = []
        for segment in plan.segments[1:]:
            path, seam = yield from self._border(plan, index, keys, segment, chosen[-1])
            chosen.append(path)
            seams.append(seam)
        return tuple(chosen), tuple(seams)

    def _is_posed(self, keys: StageKeys, segment: Segment) -> bool:
        path = self.layout.pose_segment(keys.pose, segment.number)
        return not self.settings.fresh and is_usable(path, keys.pose)

    def _border(
        self, plan: VideoPlan, index: VideoIndex, keys: StageKeys, segment: Segment, before: Path
    ) -> Generator[list[Unit], Values, tuple[Path, Seam]]:
        """Compare one border; pose the later segment again with a guide when it follows somebody else."""
        settings = self.settings.seams
        path = self.layout.pose_segment(keys.pose, segment.number)
        earlier, later = load_segment(before).tracks[0], load_segment(path)
        time_s = float(index.timestamps_s[segment.start])
        value = seam_disagreement(earlier, later.tracks[0], later.warmup)
        if value is None:
            return path, Seam(segment.number, time_s, "not_comparable", None)
        if value <= settings.max_disagreement:
            return path, Seam(segment.number, time_s, "agrees", round(value, 4))
        guided = self.layout.guided_segment(keys.pose, segment.number)
        if self.settings.fresh or not is_usable(guided, keys.pose):
            guide = guide_from(earlier, [int(stamp) for stamp in later.tracks[0].pts[later.warmup]], settings)
            yield [self._pose_unit(plan, index, keys, segment, guide)]
        again = load_segment(guided)
        mended = seam_disagreement(earlier, again.tracks[0], again.warmup)
        if mended is not None and mended <= settings.max_disagreement:
            return guided, Seam(segment.number, time_s, "repaired", round(mended, 4))
        return path, Seam(segment.number, time_s, "disagrees", round(value, 4))

    def _picture(self, plan: VideoPlan, index: VideoIndex, keys: StageKeys, record: VideoRecord) -> Story:
        """Draw; a picture that fails costs a warning, not the numbers."""
        task = RenderTask(
            key=keys.render,
            source=index.source,
            stat_mark=plan.mark,
            motion=self.layout.motion(keys.analysis),
            render=self.settings.render,
            overlay=self.settings.overlay,
            folder=self.layout.picture_folder(plan.name),
        )
        try:
            yield [self._unit(f"render:{plan.name}", task, plan, index, index.n_frames)]
        except UnitFailed as failed:
            if failed.failure.kind == "cancelled":
                raise
            record.findings.append(Finding("not_annotated", failed.message))

    def _pose_unit(
        self, plan: VideoPlan, index: VideoIndex, keys: StageKeys, segment: Segment, guide: Guide | None = None
    ) -> Unit:
        folder = self.layout.guided_segment if guide else self.layout.pose_segment
        task = PoseTask(
            key=keys.pose,
            source=index.source,
            segment=segment,
            stat_mark=plan.mark,
            pose=self.settings.pose,
            batch_size=self.settings.batch_size,
            result=folder(keys.pose, segment.number),
            guide=guide,
        )
        kind = "guided" if guide else "pose"
        return self._unit(
            f"{kind}:{keys.pose}:{segment.number}", task, plan, index, segment.stop - segment.warmup_start
        )

    def _analyse_unit(
        self, plan: VideoPlan, index: VideoIndex, keys: StageKeys, segments: tuple[Path, ...], seams: tuple[Seam, ...]
    ) -> Unit:
        task = AnalyseTask(
            key=keys.analysis,
            index=index,
            segments=segments,
            seams=seams,
            settings=self.settings.analysis,
            height_m=self.settings.height_m,
            provenance=self._provenance(plan, index, seams),
            folder=self.layout.tables_folder(plan.name),
            motion=self.layout.motion(keys.analysis),
        )
        return self._unit(f"analyse:{plan.name}", task, plan, index, 0)

    def _unit(self, unit_id: str, task: Task, plan: VideoPlan, index: VideoIndex, n_frames: int) -> Unit:
        kind: Literal["pose", "analyse", "render"] = (
            "pose" if isinstance(task, PoseTask) else "render" if isinstance(task, RenderTask) else "analyse"
        )
        shape = None
        if kind != "analyse":
            shape = UnitShape(kind, index.width_px, index.height_px, index.codec, self.settings.batch_size)
        return Unit(unit_id, kind, task, plan.found.relative, shape, n_frames)

    def _provenance(self, plan: VideoPlan, index: VideoIndex, seams: tuple[Seam, ...]) -> Provenance:
        borders = {seam.segment: seam for seam in seams}
        return Provenance(
            input_name=plan.found.relative,
            input_sha256=index.sha256,
            input_size_bytes=index.size_bytes,
            vidpose_version=vidpose.__version__,
            packages=package_versions(),
            estimator=self.estimator.name,
            model_files=dict(self.estimator.models),
            config=self.settings.result_settings(),
            segments=tuple(
                {
                    "number": segment.number,
                    "start": segment.start,
                    "stop": segment.stop,
                    "warmup_start": segment.warmup_start,
                    "seam": plain(borders[segment.number]) if segment.number in borders else None,
                }
                for segment in plan.segments
            ),
        )

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


def _finding(entry: dict[str, Any]) -> Finding:
    return Finding(entry["code"], entry["message"], entry["severity"], entry["details"])

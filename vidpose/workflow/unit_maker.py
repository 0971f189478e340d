"""The units of work of one video, made from its plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import vidpose
from vidpose.config import Settings
from vidpose.engines.tasks import AnalyseTask, JoinTask, Kind, PoseTask, RenderTask, Task, Unit
from vidpose.governor.predict import UnitShape, analysis_bytes
from vidpose.planning.joining import Guide, Seam
from vidpose.planning.keys import plain
from vidpose.planning.parts import Part
from vidpose.pose.estimator import EstimatorInfo
from vidpose.results.video_result import Provenance
from vidpose.state.layout import Layout
from vidpose.state.pose_store import load_segment
from vidpose.types.findings import Finding
from vidpose.types.video import Segment, VideoIndex, VideoSource
from vidpose.workflow.packages import package_versions
from vidpose.workflow.video_plan import StageKeys, VideoPlan


@dataclass(frozen=True, slots=True)
class UnitMaker:
    """Makes units from plans; ``notes`` are findings about every video."""

    settings: Settings
    layout: Layout
    estimator: EstimatorInfo
    notes: tuple[Finding, ...] = ()

    def part(self, plan: VideoPlan, index: VideoIndex, keys: StageKeys, part: Part, file: Path) -> Unit:
        """Return the unit that draws one part of the picture."""
        task = RenderTask(
            source=self._source(index),
            part=part,
            stat_mark=plan.mark,
            motion=self.layout.motion(keys.analysis),
            render=self.settings.render,
            overlay=self.settings.overlay,
            batch_size=self.settings.batch_size,
            result=file,
        )
        return self._unit(f"draw:{plan.name}:{part.number}", task, plan, index, part.n_frames)

    def join(self, plan: VideoPlan, index: VideoIndex, keys: StageKeys, files: tuple[Path, ...]) -> Unit:
        """Return the unit that puts the parts and the sound together."""
        task = JoinTask(
            key=keys.render,
            source=self._source(index),
            stat_mark=plan.mark,
            motion=self.layout.motion(keys.analysis),
            render=self.settings.render,
            parts=files,
            folder=self.layout.picture_folder(plan.name),
            scrap=self.layout.picture_parts(plan.name),
        )
        return self._unit(f"render:{plan.name}", task, plan, index, 0)

    def pose(
        self,
        plan: VideoPlan,
        index: VideoIndex,
        keys: StageKeys,
        stretch: Sequence[Segment],
        guide: Guide | None = None,
    ) -> Unit:
        """Return the unit that poses consecutive segments of a chain, with a guide when their border was wrong."""
        folder = self.layout.guided_segment if guide else self.layout.pose_segment
        first, last = stretch[0], stretch[-1]
        begins_chain = first.number == 0 or plan.segments[first.number - 1].chain != first.chain
        task = PoseTask(
            key=keys.pose,
            source=self._source(index),
            segments=tuple(stretch),
            results=tuple(folder(keys.pose, segment.number) for segment in stretch),
            stat_mark=plan.mark,
            pose=self.settings.pose,
            sampling=self.settings.sampling,
            batch_size=self.settings.batch_size,
            before=None if begins_chain else self.layout.pose_segment(keys.pose, first.number - 1),
            guide=guide,
        )
        kind = "guided" if guide else "pose"
        n_frames = last.stop - first.warmup_start
        return self._unit(f"{kind}:{keys.pose}:{first.number}-{last.number}", task, plan, index, n_frames)

    def _source(self, index: VideoIndex) -> VideoSource:
        return replace(index.source, hardware=self.settings.hardware_decode)

    def analyse(
        self, plan: VideoPlan, index: VideoIndex, keys: StageKeys, files: tuple[Path, ...], seams: tuple[Seam, ...]
    ) -> Unit:
        """Return the unit that computes and writes the numbers."""
        task = AnalyseTask(
            key=keys.analysis,
            index=index,
            segments=plan.segments,
            files=files,
            seams=seams,
            people=self.settings.people,
            settings=self.settings.analysis,
            height_m=self.settings.height_m,
            sex=self.settings.sex,
            exports=self.settings.exports,
            plots=None if self.settings.no_plots else self.settings.plots,
            provenance=self._provenance(plan, index),
            folder=self.layout.tables_folder(plan.name),
            motion=self.layout.motion(keys.analysis),
        )
        n_people = len(load_segment(files[0]).tracks)  # others may come later: an estimate
        unit = self._unit(f"analyse:{plan.name}", task, plan, index, 0)
        return replace(unit, held_bytes=analysis_bytes(index.n_frames, n_people))

    def _unit(self, unit_id: str, task: Task, plan: VideoPlan, index: VideoIndex, n_frames: int) -> Unit:
        kinds: dict[type[Task], Kind] = {PoseTask: "pose", AnalyseTask: "analyse"}
        kind = kinds.get(type(task), "render")
        shape = None
        if kind != "analyse" and n_frames:
            n_held = self.settings.batch_size + (self.settings.sampling.held_pictures if kind == "pose" else 0)
            shape = UnitShape(kind, index.width_px, index.height_px, index.codec, n_held)
        return Unit(unit_id, kind, task, plan.found.relative, shape, n_frames)

    def _provenance(self, plan: VideoPlan, index: VideoIndex) -> Provenance:
        return Provenance(
            input_name=plan.found.relative,
            input_sha256=index.sha256,
            input_size_bytes=index.size_bytes,
            vidpose_version=vidpose.__version__,
            packages=package_versions(),
            estimator=self.estimator.name,
            model_files=dict(self.estimator.models),
            config=self.settings.result_settings() | {"pose": plain(self.estimator.settings)},
            findings=self.notes,
        )

"""The units of work of one video, made from its plan."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import vidpose
from vidpose.config import Settings
from vidpose.engines.tasks import AnalyseTask, JoinTask, Kind, PoseTask, RenderTask, Task, Unit
from vidpose.governor.predict import UnitKind, UnitShape, analysis_bytes
from vidpose.planning.joining import Guide, Seam
from vidpose.planning.keys import plain
from vidpose.planning.parts import Part
from vidpose.pose.estimator import EstimatorInfo
from vidpose.results.video_result import Provenance
from vidpose.state.layout import Layout
from vidpose.state.pose_store import load_header
from vidpose.types.findings import Finding
from vidpose.types.video import Segment, VideoIndex, VideoSource
from vidpose.video.container import frame_bytes_per_px
from vidpose.workflow.packages import package_versions
from vidpose.workflow.video_plan import ReadyVideo

_AROUND_S: Final = 1.0


def unit_shape(kind: UnitKind, index: VideoIndex, settings: Settings) -> UnitShape:
    """Return what the memory of a video's pose or render units depends on."""
    n_held = settings.batch_size + (settings.sampling.held_pictures if kind == "pose" else 0)
    bytes_per_px = frame_bytes_per_px(index.pixel_format)
    return UnitShape(kind, index.width_px, index.height_px, index.codec, n_held, bytes_per_px)


@dataclass(frozen=True, slots=True)
class UnitMaker:
    """Makes units from plans; ``notes`` are findings about every video."""

    settings: Settings
    layout: Layout
    estimator: EstimatorInfo
    notes: tuple[Finding, ...] = ()

    def part(self, video: ReadyVideo, part: Part, file: Path) -> Unit:
        """Return the unit that draws one part of the picture."""
        task = RenderTask(
            source=self._source(video),
            part=part,
            stat_mark=video.mark,
            motion=self.layout.motion(video.keys.analysis),
            render=self.settings.render,
            overlay=self.settings.overlay,
            batch_size=self.settings.batch_size,
            result=file,
            pose=self.settings.pose,
            segments=self._segments_around(video, part) if self.settings.overlay.blur_faces else (),
        )
        unit = self._unit(f"draw:{video.name}:{part.number}", task, video, part.n_frames)
        if self.settings.overlay.blur_faces:  # the networks are opened to find them
            return replace(unit, shape=unit_shape("pose", video.index, self.settings))
        return unit

    def _segments_around(self, video: ReadyVideo, part: Part) -> tuple[Path, ...]:
        """Return where the poses of a part and of a second around it may lie."""
        period_s = video.index.frame_period_s
        around = math.ceil(_AROUND_S / period_s) if period_s > 0 else 0
        near = [one for one in video.segments if one.start < part.stop + around and one.stop > part.start - around]
        folders = (self.layout.pose_segment, self.layout.guided_segment)
        return tuple(folder(video.keys.pose, one.number) for one in near for folder in folders)

    def join(self, video: ReadyVideo, files: tuple[Path, ...]) -> Unit:
        """Return the unit that puts the parts and the sound together."""
        task = JoinTask(
            key=video.keys.render,
            source=self._source(video),
            stat_mark=video.mark,
            motion=self.layout.motion(video.keys.analysis),
            render=self.settings.render,
            parts=files,
            folder=self.layout.picture_folder(video.name),
            scrap=self.layout.picture_parts(video.name),
        )
        return self._unit(f"render:{video.name}", task, video, 0)

    def pose(
        self,
        video: ReadyVideo,
        stretch: Sequence[Segment],
        guide: Guide | None = None,
    ) -> Unit:
        """Return the unit that poses consecutive segments of a chain, with a guide when their border was wrong."""
        folder = self.layout.guided_segment if guide else self.layout.pose_segment
        first, last = stretch[0], stretch[-1]
        begins_chain = first.number == 0 or video.segments[first.number - 1].chain != first.chain
        task = PoseTask(
            key=video.keys.pose,
            source=self._source(video),
            segments=tuple(stretch),
            results=tuple(folder(video.keys.pose, segment.number) for segment in stretch),
            stat_mark=video.mark,
            pose=self.settings.pose,
            sampling=self.settings.sampling,
            batch_size=self.settings.batch_size,
            before=None if begins_chain else self.layout.pose_segment(video.keys.pose, first.number - 1),
            guide=guide,
        )
        kind = "guided" if guide else "pose"
        n_frames = last.stop - first.warmup_start
        return self._unit(f"{kind}:{video.keys.pose}:{first.number}-{last.number}", task, video, n_frames)

    def _source(self, video: ReadyVideo) -> VideoSource:
        return replace(video.index.source, hardware=self.settings.hardware_decode)

    def analyse(self, video: ReadyVideo, files: tuple[Path, ...], seams: tuple[Seam, ...]) -> Unit:
        """Return the unit that computes and writes the numbers."""
        task = AnalyseTask(
            key=video.keys.analysis,
            index=video.index,
            segments=video.segments,
            files=files,
            seams=seams,
            people=self.settings.people,
            settings=self.settings.analysis.for_video(video.index.slow_motion_factor),
            height_m=self.settings.height_m,
            sex=self.settings.sex,
            exports=self.settings.exports,
            tables=self.settings.tables,
            plots=None if self.settings.no_plots else self.settings.plots,
            provenance=self._provenance(video),
            folder=self.layout.tables_folder(video.name),
            motion=self.layout.motion(video.keys.analysis),
        )
        n_people = load_header(files[0]).n_tracks  # others may come later: an estimate
        unit = self._unit(f"analyse:{video.name}", task, video, 0)
        return replace(unit, held_bytes=analysis_bytes(video.index.n_frames, n_people))

    def _unit(self, unit_id: str, task: Task, video: ReadyVideo, n_frames: int) -> Unit:
        kinds: dict[type[Task], Kind] = {PoseTask: "pose", AnalyseTask: "analyse"}
        kind = kinds.get(type(task), "render")
        shape = unit_shape(kind, video.index, self.settings) if kind != "analyse" and n_frames else None
        return Unit(unit_id, kind, task, video.found.relative, shape, n_frames)

    def _provenance(self, video: ReadyVideo) -> Provenance:
        return Provenance(
            input_name=video.found.relative,
            input_sha256=video.index.sha256,
            input_size_bytes=video.index.size_bytes,
            vidpose_version=vidpose.__version__,
            packages=package_versions(),
            estimator=self.estimator.name,
            model_files=dict(self.estimator.models),
            config=self.settings.result_settings() | {"pose": plain(self.estimator.settings)},
            findings=self.notes,
        )

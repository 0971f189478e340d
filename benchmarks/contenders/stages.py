"""CPU time of every stage of the work on one clip, in one process with one thread."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.contenders.floor import network_request
from benchmarks.contenders.pose import pose_task
from vidpose.biomech.analysis import AnalysisSettings, analyse
from vidpose.engines.pose_unit import pose_segments
from vidpose.planning.parts import Part
from vidpose.pose.estimator import PoseSettings
from vidpose.state.pose_store import load_segment
from vidpose.types.motion import MotionAnalysis
from vidpose.types.video import VideoIndex
from vidpose.video.canvas import Canvas
from vidpose.video.decode import VideoReader
from vidpose.video.encode import RenderSettings
from vidpose.video.overlay import Overlay, OverlaySettings
from vidpose.video.probe import content_sha256, probe
from vidpose.video.render_part import PartJob, render_part

N_INFERENCES = 300


@dataclass(slots=True)
class Stopwatch:
    """Adds up the CPU time of this process, all threads, in stretches; s."""

    spent_s: float = 0.0

    def timed(self, work: Callable[..., Any], *arguments: Any) -> Any:
        """Do some work and add its time."""
        started = time.process_time()
        answer = work(*arguments)
        self.spent_s += time.process_time() - started
        return answer


def stages(clips: list[Path], gate: Callable[[], None], settings: PoseSettings) -> dict[str, Any]:
    """Go through the first clip stage by stage; return CPU time per frame, ms, of each."""
    index = probe(clips[0], content_sha256(clips[0]))
    with tempfile.TemporaryDirectory() as scratch:
        warm, task = pose_task(index, settings, Path(scratch))
        pose_segments("warm", warm)
        gate()
        watches = {name: Stopwatch() for name in ("decode", "pose", "analyse", "draw", "render")}
        watches["decode"].timed(_decode, index)
        watches["pose"].timed(pose_segments, "timed", task)
        track = load_segment(task.results[0]).tracks[0]
        motion = watches["analyse"].timed(analyse, track, AnalysisSettings())
        watches["render"].timed(_render, index, motion, Path(scratch, "part"), watches["draw"])
    cpu_ms = {name: 1000.0 * watch.spent_s / index.n_frames for name, watch in watches.items()}
    network = _network_ms(settings.precision)
    return {
        "n_frames": index.n_frames,
        "cpu_ms": {
            "decode": cpu_ms["decode"],
            "network": network,
            "crop, landmarks, tracking, writing": cpu_ms["pose"] - cpu_ms["decode"] - network,
            "analyse": cpu_ms["analyse"],
            "decode again": cpu_ms["decode"],
            "draw": cpu_ms["draw"],
            "copy, encode, write": cpu_ms["render"] - cpu_ms["decode"] - cpu_ms["draw"],
        },
    }


def _decode(index: VideoIndex) -> None:
    with VideoReader(index.source) as reader:
        for _ in reader.batches(1):
            pass


def _network_ms(precision: str) -> float:
    request, watch = network_request(precision), Stopwatch()
    request.infer()
    for _ in range(N_INFERENCES):
        watch.timed(request.infer)
    return 1000.0 * watch.spent_s / N_INFERENCES


def _render(index: VideoIndex, motion: MotionAnalysis, path: Path, watch: Stopwatch) -> None:
    size = (index.width_px, index.height_px)
    overlay = Overlay([motion], motion.filtered.timestamps_s, size, OverlaySettings())
    whole = Part(number=0, start=0, stop=index.n_frames, start_pts=None, stop_pts=None)

    def draw(time_s: float, canvas: Canvas) -> None:
        watch.timed(overlay.draw, time_s, canvas)

    render_part(PartJob(index.source, whole, RenderSettings()), path, draw)

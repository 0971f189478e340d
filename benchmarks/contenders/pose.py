"""Vidpose's pose stage as its workers run it: a unit of work in, files of landmarks out."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.contenders.naive import N_WARM
from vidpose.engines.pose_unit import pose_segments
from vidpose.engines.tasks import PoseTask
from vidpose.planning.segments import SegmentSettings, plan_segments
from vidpose.pose.estimator import PoseSettings
from vidpose.pose.sampling import SamplingSettings
from vidpose.state.ledger import stat_mark
from vidpose.state.pose_store import load_segment
from vidpose.types.video import VideoIndex
from vidpose.video.probe import content_sha256, probe


def pose_stage(clips: list[Path], gate: Callable[[], None], settings: PoseSettings) -> dict[str, Any]:
    """Pose the first clip's first frames to get warm, then all of it; opening the file and writing are timed."""
    index = probe(clips[0], content_sha256(clips[0]))
    with tempfile.TemporaryDirectory() as scratch:
        warm, task = pose_task(index, settings, Path(scratch))
        pose_segments("warm", warm)
        gate()
        done = pose_segments("timed", task)
        found = np.any([track.found for track in load_segment(task.results[0]).tracks], axis=0)
    return {"n_frames": done.n_frames, "found": float(found.mean())}


def pose_task(index: VideoIndex, settings: PoseSettings, scratch: Path) -> tuple[PoseTask, PoseTask]:
    """Return a task over the first frames, and one over the whole video."""
    segments = plan_segments(index, SegmentSettings())
    first = replace(segments[0], stop=N_WARM, stop_pts=int(index.pts[N_WARM]))
    warm = PoseTask(
        key="benchmark",
        source=index.source,
        segments=(first,),
        results=(scratch / "warm.npz",),
        stat_mark=stat_mark(index.path),
        pose=settings,
        sampling=SamplingSettings(),
        batch_size=5,
    )
    results = tuple(scratch / f"{segment.number}.npz" for segment in segments)
    return warm, replace(warm, segments=segments, results=results)

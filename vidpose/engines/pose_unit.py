"""Pose one segment: decode, estimate, write the landmarks."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

import numpy as np

from vidpose.engines.control import CONTROL
from vidpose.engines.tasks import PoseTask
from vidpose.errors import InputError
from vidpose.outputs.ledger import stat_mark
from vidpose.outputs.pose_store import save_segment
from vidpose.planning.joining import Guide
from vidpose.pose.estimator import FramePose, PoseEstimator, open_estimator
from vidpose.types.picture import Picture
from vidpose.types.pose import PoseTrack
from vidpose.video.decode import Frame, VideoReader


def pose_segment(unit_id: str, task: PoseTask) -> dict[str, Any]:
    """Write the landmarks of one segment; return how many frames were decoded and found.

    Raises
    ------
    InputError
        When no frame decodes, or the file changed since it was hashed.
    """
    refuse_changed(task.source.path, task.stat_mark)
    frames: list[tuple[int, float, bool, bool]] = []
    poses: list[FramePose] = []

    def on_skipped() -> None:
        CONTROL.step(unit_id, 0)

    with VideoReader(task.source, task.segment, on_skipped) as reader, open_estimator(task.pose) as estimator:
        for batch in reader.batches(lambda: CONTROL.batch_size(task.batch_size)):
            for frame in batch:
                poses.append(_estimate(estimator, frame, task.guide))
                frames.append((frame.pts, frame.time_s, frame.corrupt, frame.warmup))
                CONTROL.step(unit_id, len(frames))
        report = reader.report
    refuse_changed(task.source.path, task.stat_mark)
    track, warmup = _track(frames, poses)
    meta = {"key": task.key, "segment": task.segment.number, "decode": asdict(report)}
    save_segment(task.result, [track], warmup, meta)
    return {"n_frames": len(frames), "n_found": int(track.found.sum())}


def refuse_changed(path: Any, mark: str) -> None:
    """Refuse a file that is not the one that was hashed."""
    try:
        same = stat_mark(path) == mark
    except OSError:
        same = False
    if not same:
        raise InputError(f"{path.name}: the file changed or vanished while it was read", code="changed_during_run")


def _estimate(estimator: PoseEstimator, frame: Frame, guide: Guide | None) -> FramePose:
    picture = frame.picture
    if guide is not None and frame.warmup:
        picture = _blank_outside(picture, guide, frame.pts)
    people = estimator.estimate(picture, frame.time_s)
    return people[0].pose if people else FramePose.missing()


def _blank_outside(picture: Picture, guide: Guide, pts: int) -> Picture:
    """Return a picture that shows nothing but the guided person's box."""

    def rgb() -> Any:
        shown = picture.rgb()
        blank = np.zeros_like(shown)
        if pts in guide.pts:
            height, width = shown.shape[:2]
            left, top, right, bottom = guide.boxes_px[guide.pts.index(pts)]
            rows = slice(max(0, int(top)), min(height, int(bottom) + 1))
            columns = slice(max(0, int(left)), min(width, int(right) + 1))
            blank[rows, columns] = shown[rows, columns]
        return blank

    return replace(picture, rgb=rgb)


def _track(frames: list[tuple[int, float, bool, bool]], poses: list[FramePose]) -> tuple[PoseTrack, Any]:
    missing = FramePose.missing()

    def stacked(name: str) -> Any:
        shape = getattr(missing, name).shape
        return np.array([getattr(pose, name) for pose in poses], dtype=np.float32).reshape(len(poses), *shape)

    pts, times, corrupt, warmup = zip(*frames, strict=True) if frames else ((), (), (), ())
    track = PoseTrack(
        pts=np.array(pts, dtype=np.int64),
        timestamps_s=np.array(times, dtype=np.float64),
        image_px=stacked("image_px"),
        z_rel=stacked("z_rel"),
        visibility=stacked("visibility"),
        presence=stacked("presence"),
        world_m=stacked("world_m"),
        corrupt=np.array(corrupt, dtype=np.bool_),
    )
    return track, np.array(warmup, dtype=np.bool_)

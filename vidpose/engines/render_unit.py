"""Draw a video from its filtered series: part by part, then all parts in one file."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from vidpose.engines.control import CONTROL
from vidpose.engines.pose_unit import refuse_changed
from vidpose.engines.tasks import JoinTask, RenderTask, UnitResult
from vidpose.errors import OutputError, VidposeError
from vidpose.state.atomic import atomic_path, make_folder, remove_file, remove_folder
from vidpose.state.layout import RENDER_RECEIPT
from vidpose.state.ledger import stat_mark
from vidpose.state.motion_store import load_motion
from vidpose.state.receipts import PictureFacts, write_receipt
from vidpose.types.mapped_arrays import spilling
from vidpose.video.canvas import Canvas
from vidpose.video.mux import RenderReport, join_parts
from vidpose.video.overlay import Overlay
from vidpose.video.preview import best_moment_s, write_gif, write_thumbnail
from vidpose.video.render_part import PartJob, render_part
from vidpose.video.surface import picture_size

_KEPT = threading.local()
"""The overlay of the part before: parts of one video follow each other in the same process."""


def draw_part(unit_id: str, task: RenderTask, n_threads: int) -> UnitResult:
    """Write one encoded part; with more than one thread, frames are decoded while others are encoded."""
    refuse_changed(task.source.path, task.stat_mark)
    overlay = _overlay_of(task)

    def step(n_frames: int) -> None:
        CONTROL.step(unit_id, n_frames)

    blur = _blur_of(task, n_threads) if task.overlay.blur_faces else None

    def draw(time_s: float, canvas: Canvas) -> None:
        if blur is not None:
            blur(time_s, canvas)
        overlay.draw(time_s, canvas)

    read_ahead = CONTROL.batch_size(task.batch_size) if n_threads > 1 else 0
    with atomic_path(task.result) as temporary:
        report = render_part(PartJob(task.source, task.part, task.render, read_ahead), temporary, draw, step)
    return UnitResult(report.n_frames)


def join_picture(task: JoinTask) -> UnitResult:
    """Write ``annotated.mp4`` and the previews that were requested.

    Raises
    ------
    OutputError
        When a part is damaged; all parts are removed then, so that the next run makes them again.
    """
    refuse_changed(task.source.path, task.stat_mark)
    motion = load_motion(task.motion)
    times_s = motion[0].filtered.timestamps_s
    make_folder(task.folder)
    receipt = task.folder / RENDER_RECEIPT
    final = task.folder / "annotated.mp4"
    with atomic_path(final) as temporary:
        report = _join(task, temporary)
        refuse_changed(task.source.path, task.stat_mark)
        if report.n_frames != len(times_s):
            raise VidposeError(
                f"{task.source.path.name}: {report.n_frames} frames were drawn, {len(times_s)} were analysed; "
                "the file decodes differently each time, re-encode it"
            )
        remove_file(receipt)  # it is the old picture's
    moment_s = best_moment_s(motion, times_s)
    files = [final, *_previews(task, final, moment_s)]
    write_receipt(receipt, task.key, files, PictureFacts(tuple(report.findings), report.n_frames, report.audio))
    remove_folder(task.scrap)
    return UnitResult(report.n_frames)


def _blur_of(task: RenderTask, n_threads: int) -> Callable[[float, Canvas], None]:
    from vidpose.engines.faces import face_blur

    width, height = picture_size(task.source, task.render.height_px)
    return face_blur(
        task.segments, (width / task.source.width_px, height / task.source.height_px), task.pose, n_threads
    )


def _overlay_of(task: RenderTask) -> Overlay:
    name = (task.motion, stat_mark(task.motion), task.overlay, task.render.height_px)
    if getattr(_KEPT, "name", None) != name:
        _KEPT.name = _KEPT.overlay = None  # the old one goes before the new one comes
        motion = load_motion(task.motion)
        size = (task.source.width_px, task.source.height_px)
        scaled = picture_size(task.source, task.render.height_px)
        make_folder(task.result.parent)
        with spilling(task.result.parent):
            _KEPT.overlay = Overlay(motion, motion[0].filtered.timestamps_s, size, task.overlay, scaled)
        _KEPT.name = name
    overlay: Overlay = _KEPT.overlay
    return overlay


def _join(task: JoinTask, path: Path) -> RenderReport:
    try:
        return join_parts(task.source, task.parts, path, task.render)
    except OutputError:
        remove_folder(task.scrap)
        raise


def _previews(task: JoinTask, annotated: Path, moment_s: float) -> list[Path]:
    made = []
    for wanted, name, write in (
        (task.render.thumbnail, "thumbnail.jpg", write_thumbnail),
        (task.render.gif, "preview.gif", write_gif),
    ):
        path = task.folder / name
        if wanted:
            with atomic_path(path) as temporary:
                write(annotated, moment_s, temporary)
            made.append(path)
        else:
            remove_file(path)  # it would show an older picture
    return made

"""Draw one video from its filtered series."""

from __future__ import annotations

from typing import Any

from vidpose.engines.control import CONTROL
from vidpose.engines.pose_unit import refuse_changed
from vidpose.engines.tasks import RenderTask
from vidpose.errors import VidposeError
from vidpose.outputs.atomic import atomic_path
from vidpose.outputs.layout import RENDER_RECEIPT
from vidpose.outputs.motion_store import load_motion
from vidpose.outputs.receipts import write_receipt
from vidpose.video.encode import annotate
from vidpose.video.overlay import Overlay


def render_video(unit_id: str, task: RenderTask) -> dict[str, Any]:
    """Write ``annotated.mp4``; return frame count and findings."""
    refuse_changed(task.source.path, task.stat_mark)
    motion = load_motion(task.motion)
    size = (task.source.width_px, task.source.height_px)
    overlay = Overlay(motion, motion[0].filtered.timestamps_s, size, task.overlay)

    def step(n_frames: int) -> None:
        CONTROL.step(unit_id, n_frames)

    final = task.folder / "annotated.mp4"
    receipt = task.folder / RENDER_RECEIPT
    with atomic_path(final) as temporary:
        report = annotate(task.source, temporary, overlay.draw, task.render, step)
        refuse_changed(task.source.path, task.stat_mark)
        if report.n_frames != len(motion[0].facing):
            raise VidposeError(
                f"{task.source.path.name}: {report.n_frames} frames were drawn, {len(motion[0].facing)} were analysed; "
                "the file decodes differently each time, re-encode it"
            )
        receipt.unlink(missing_ok=True)  # it is the old picture's
    facts = {
        "findings": [finding.as_dict() for finding in report.findings],
        "n_frames": report.n_frames,
        "audio": report.audio,
    }
    write_receipt(receipt, task.key, [final], facts)
    return facts

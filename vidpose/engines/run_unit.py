"""Does a unit of work: poses segments, analyses a video, draws a part. Every engine calls the same function.

This is the one place that catches every exception: whatever a unit raises becomes a :class:`UnitFailure`, so a bad
input never stops the others.
"""

from __future__ import annotations

import time
import traceback

from vidpose.engines.allocator import return_unused
from vidpose.engines.control import Cancelled
from vidpose.engines.tasks import (
    AnalyseTask,
    FailureKind,
    JoinTask,
    PoseTask,
    RenderTask,
    Unit,
    UnitFailure,
    UnitOutcome,
    UnitResult,
)
from vidpose.errors import InputError, OutputError, VidposeError, is_disk_full
from vidpose.governor.unit_peak import UnitPeak
from vidpose.types.findings import Finding


def run_unit(unit: Unit) -> UnitOutcome:
    """Do a unit of work and return its outcome; never raises."""
    started = time.monotonic()
    result: UnitResult | UnitFailure
    with UnitPeak() as peak:
        try:
            result = _work(unit)
        except Exception as error:  # noqa: BLE001 - the boundary that keeps one bad input from costing another
            result = _failure(error)
    return_unused()  # each unit opens networks or holds series of its own; their holes would add up over units
    return UnitOutcome(unit, result, time.monotonic() - started, peak.peak_pss_bytes)


def _work(unit: Unit) -> UnitResult:
    match unit.task:
        case PoseTask() as task:
            from vidpose.engines.pose_unit import pose_segments

            return pose_segments(unit.id, task, unit.n_threads)
        case AnalyseTask() as task:
            from vidpose.engines.analyse_unit import analyse_video

            return analyse_video(task)
        case RenderTask() as task:
            from vidpose.engines.render_unit import draw_part

            return draw_part(unit.id, task, unit.n_threads)
        case JoinTask() as task:
            from vidpose.engines.render_unit import join_picture

            return join_picture(task)


def _failure(error: Exception) -> UnitFailure:
    text = traceback.format_exc()
    if isinstance(error, Cancelled):
        return UnitFailure("cancelled", Finding("failed", str(error), "fatal"))
    if isinstance(error, InputError):
        code = error.context.get("code", "failed")
        return UnitFailure("input", Finding(code, error.message, "fatal", error.context.get("details", {})), text)
    kind: FailureKind = "disk" if is_disk_full(error) else "bug"
    message = str(error) if isinstance(error, VidposeError) else f"{type(error).__name__}: {error}"
    code = error.context.get("code", "failed") if isinstance(error, OutputError) else "failed"
    return UnitFailure(kind, Finding(code, message, "fatal"), text)

"""Analyse one video: join its segments, compute, write pose model, tables and summary."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from vidpose.biomech.analysis import analyse
from vidpose.engines.tasks import AnalyseTask
from vidpose.errors import InputError
from vidpose.outputs.layout import ANALYSIS_RECEIPT
from vidpose.outputs.motion_store import save_motion
from vidpose.outputs.pose_model import write_pose_model
from vidpose.outputs.pose_store import PoseSegmentFile, load_segment
from vidpose.outputs.receipts import write_receipt
from vidpose.outputs.summary import write_summary
from vidpose.outputs.tables import write_tables
from vidpose.outputs.video_result import Person, Provenance, VideoResult
from vidpose.planning.joining import breaks_at, join_cores
from vidpose.types.findings import Finding
from vidpose.video.damage import DecodeReport, decode_findings


def analyse_video(task: AnalyseTask) -> dict[str, Any]:
    """Write everything that is known of one video; return counts and findings.

    Raises
    ------
    InputError
        When not one frame was decoded.
    """
    parts = [load_segment(path) for path in task.segments]
    track = join_cores([part.tracks[0] for part in parts], [part.warmup for part in parts])
    if track.n_frames == 0:
        raise InputError(f"{task.provenance.input_name}: not one frame could be decoded", code="no_frames")
    provenance = _with_findings(task, parts)
    analysis = analyse(track, task.settings, task.height_m, breaks_at(track, task.seams))
    result = VideoResult.of_people(task.index, (Person(0, track, analysis),))
    receipt = task.folder / ANALYSIS_RECEIPT
    receipt.unlink(missing_ok=True)  # from here on the folder may hold old and new files
    files = [task.folder / "pose_model.json", task.folder / "summary.json"]
    write_pose_model(files[0], result, provenance)
    write_summary(files[1], result, provenance)
    files += write_tables(task.folder, result, provenance)
    save_motion(task.motion, [analysis])
    findings = [finding.as_dict() for finding in (*provenance.findings, *analysis.findings)]
    facts = {"findings": findings, "n_frames": track.n_frames, "n_found": int(np.sum(track.found))}
    write_receipt(receipt, task.key, files, facts)
    return facts


def _with_findings(task: AnalyseTask, parts: list[PoseSegmentFile]) -> Provenance:
    reports = [DecodeReport(**part.meta["decode"]) for part in parts]
    decoded = decode_findings(reports, task.index)
    return replace(task.provenance, findings=(*task.index.findings, *decoded, *_seam_findings(task)))


def _seam_findings(task: AnalyseTask) -> list[Finding]:
    codes = {"repaired": "seam_repaired", "disagrees": "seam_disagrees"}
    return [
        Finding(
            codes[seam.state],
            f"segment {seam.segment}, at {seam.time_s:.2f} s: the two sides differ by {seam.disagreement:.2f} torso "
            "lengths" + (" after the border was redone" if seam.state == "repaired" else ""),
            details={"time_s": seam.time_s, "disagreement": seam.disagreement},
        )
        for seam in task.seams
        if seam.state in codes
    ]

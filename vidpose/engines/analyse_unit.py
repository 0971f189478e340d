"""Analyse one video: join its segments, compute, write pose model, tables and summary."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from vidpose.biomech.analysis import analyse
from vidpose.biomech.grades import grade_answers
from vidpose.biomech.metric_dictionary import DICTIONARY
from vidpose.biomech.validity.network_fits import describe_fit, fitted_to
from vidpose.engines.joined_poses import JoinedPoses, join_poses
from vidpose.engines.tasks import AnalyseTask, UnitResult
from vidpose.errors import InputError
from vidpose.planning.camera_path import camera_findings
from vidpose.planning.chains import empty_track
from vidpose.planning.joining import Seam, breaks_at
from vidpose.planning.keys import plain
from vidpose.planning.repeats import repeat_findings
from vidpose.planning.shots import cut_findings
from vidpose.pose.identity.main_person import ChosenPeople, choose_people, people_not_followed
from vidpose.results.exports.markers import body_scale
from vidpose.results.exports.write_exports import write_exports
from vidpose.results.frame_tables import write_tables
from vidpose.results.metric_tables import PersonMetrics, write_metric_tables
from vidpose.results.plots.write_plots import write_plots
from vidpose.results.pose_model import write_pose_model
from vidpose.results.video_result import Person, Provenance, VideoResult
from vidpose.results.video_summary import write_summary
from vidpose.state.atomic import make_folder, remove_file
from vidpose.state.layout import ANALYSIS_RECEIPT
from vidpose.state.motion_store import save_motion
from vidpose.state.receipts import AnalysisFacts, read_receipt, write_receipt
from vidpose.types.findings import Finding
from vidpose.types.footage import Footage
from vidpose.types.mapped_arrays import spilling
from vidpose.types.motion import MotionAnalysis
from vidpose.video.damage import decode_findings
from vidpose.video.probe_findings import with_factor


def analyse_video(task: AnalyseTask) -> UnitResult:
    """Analyse one video and write its results.

    Raises
    ------
    InputError
        When not one frame was decoded.
    """
    make_folder(task.motion.parent)
    with spilling(task.motion.parent):  # of the state folder, on the disk that holds the results
        return _analyse_video(task)


def _analyse_video(task: AnalyseTask) -> UnitResult:
    poses = join_poses(task)
    joined = poses.series
    if joined.frames.n_frames == 0:
        raise InputError(f"{task.provenance.input_name}: not one frame could be decoded", code="no_frames")
    chosen = choose_people(joined.people, task.people)
    tracks = [joined.people[number] for number in chosen.order] or [empty_track(joined.frames)]
    breaks = (
        *breaks_at(joined.frames, poses.seams),
        *poses.shot_starts,
        *np.searchsorted(joined.frames.pts, task.index.jump_pts).tolist(),
    )
    size_px = (task.index.width_px, task.index.height_px)
    footage = Footage(size_px, breaks, int(poses.repeated.sum()), poses.camera)
    support = fitted_to(task.settings.support, task.provenance.model_files)
    settings = replace(task.settings, support=support)
    analyses = [analyse(track, settings, _height_m(task, rank), footage, task.sex) for rank, track in enumerate(tracks)]
    provenance = _with_findings(task, poses, chosen)
    people = tuple(
        Person(rank, track, analysis) for rank, (track, analysis) in enumerate(zip(tracks, analyses, strict=True))
    )
    result = VideoResult.of_people(task.index, people)
    receipt = task.folder / ANALYSIS_RECEIPT
    before = read_receipt(receipt)
    remove_file(receipt)  # from here on the folder may hold old and new files
    files = _write(task, result, provenance)
    for name in set(before.files if before else ()) - {file.name for file in files}:
        remove_file(task.folder / name)  # left by other settings, such as plots that are switched off now
    save_motion(task.motion, analyses)
    n_frames = joined.frames.n_frames
    n_found = int(np.sum(np.any([track.found for track in tracks], axis=0)))
    findings = (*provenance.findings, *_of_people(analyses))
    facts = AnalysisFacts(findings, n_frames, n_found, len(chosen.order), grades=grade_answers(analyses[0]))
    write_receipt(receipt, task.key, files, facts)
    return UnitResult(n_frames)


def _write(task: AnalyseTask, result: VideoResult, provenance: Provenance) -> list[Path]:
    """Write everything that is published of the video into its folder; return the files."""
    folder = task.folder
    files = [folder / "pose_model.json", folder / "summary.json"]
    write_pose_model(files[0], result, provenance)
    write_summary(files[1], result, provenance)
    files += write_tables(folder, result, provenance, task.tables)
    measured = [PersonMetrics(one.id, one.analysis.metrics, one.analysis.events) for one in result.people]
    files += write_metric_tables(folder, measured, DICTIONARY, provenance, task.tables)
    scales = {one.id: body_scale(one.analysis, _height_m(task, one.id)) for one in result.people}
    files += write_exports(folder, result, provenance, task.exports, scales, task.settings.known_factor)
    if task.plots is not None:
        files += write_plots(folder, result, provenance.input_name, task.plots)
    return files


def _height_m(task: AnalyseTask, rank: int) -> float | None:
    """Return the person's height: the one that is given belongs to the main person only."""
    return task.height_m if rank == 0 else None


def _with_findings(task: AnalyseTask, poses: JoinedPoses, chosen: ChosenPeople) -> Provenance:
    borders = {seam.segment: plain(seam) for seam in poses.seams}
    segments = tuple(
        {
            "number": segment.number,
            "chain": segment.chain,
            "start": segment.start,
            "stop": segment.stop,
            "warmup_start": segment.warmup_start,
            "seam": borders.get(segment.number),
        }
        for segment in task.segments
    )
    findings = (
        *with_factor(task.index.findings, task.settings.known_factor),
        *decode_findings(poses.reports, task.index),
        *_seam_findings(poses.seams),
        *cut_findings(poses.cuts, poses.series.frames),
        *repeat_findings(poses.repeated, poses.series.frames.timestamps_s),
        *camera_findings(poses.camera, (task.index.width_px, task.index.height_px)),
        *describe_fit(task.provenance.model_files),
        *task.provenance.findings,
        *people_not_followed(poses.n_not_followed),
        *chosen.findings,
    )
    return replace(task.provenance, segments=segments, findings=findings)


def _of_people(analyses: Sequence[MotionAnalysis]) -> Iterator[Finding]:
    """Yield the findings of each person; with several people they say whose they are."""
    for rank, analysis in enumerate(analyses):
        for finding in analysis.findings:
            if len(analyses) == 1:
                yield finding
            else:
                details = {"person": rank, **finding.details}
                yield replace(finding, message=f"person {rank}: {finding.message}", details=details)


def _seam_findings(seams: Sequence[Seam]) -> list[Finding]:
    codes = {"repaired": "seam_repaired", "disagrees": "seam_disagrees"}
    return [
        Finding(
            codes[seam.state],
            f"segment {seam.segment}, at {seam.time_s:.2f} s: the two sides differ by {seam.disagreement:.2f} torso "
            "lengths" + (" after the border was redone" if seam.state == "repaired" else ""),
            details={"time_s": seam.time_s, "disagreement": seam.disagreement},
        )
        for seam in seams
        if seam.state in codes
    ]

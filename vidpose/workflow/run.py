"""One run: lock the folders, plan the videos, do their jobs, write the report."""

from __future__ import annotations

import logging
import os
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime
from multiprocessing import resource_tracker
from pathlib import Path
from typing import Any, Final

import vidpose
from vidpose.config import Settings
from vidpose.engines.engine import Engine
from vidpose.engines.orphan_watcher import end_processes_of, remove_folders_of, start_orphan_watcher
from vidpose.engines.prober import Prober, n_probers
from vidpose.engines.scheduler import Scheduler, Steps
from vidpose.engines.secrets import secrets_withheld
from vidpose.engines.stop import StopRequest
from vidpose.errors import MemoryLimitError, UsageError, VidposeError
from vidpose.exit_codes import ExitCode
from vidpose.pose.estimator import EstimatorInfo
from vidpose.pose.fetching import get_networks
from vidpose.pose.opening import describe_estimator, usable
from vidpose.pose.sampling import check_sampling
from vidpose.resources import SAMPLE
from vidpose.results.run_report import RunReport, VideoEntry, write_run_report
from vidpose.state.atomic import sweep_parts
from vidpose.state.layout import Layout
from vidpose.state.ledger import Ledger
from vidpose.state.lock import LOCK_NAME, lock_folders
from vidpose.state.log_files import keep_earlier_logs, reserved_space
from vidpose.types.findings import Finding
from vidpose.video.ahead import Pending, mapped_ahead
from vidpose.video.discover import FoundFiles, FoundVideo, find_videos
from vidpose.video.file_kinds import VIDEO_SUFFIXES
from vidpose.video.output_names import output_names
from vidpose.workflow.cohort_update import update_cohort
from vidpose.workflow.supervision import Display, Supervision
from vidpose.workflow.unit_maker import unit_shape
from vidpose.workflow.video_job import RunContext, VideoRecord, job_of
from vidpose.workflow.video_plan import Planner, ReadyVideo, RefusedVideo, VideoPlan

_LOG = logging.getLogger(__name__)
_REPORT_BYTES: Final = 32 << 10
_ENTRY_BYTES: Final = 2 << 10
"""Of a video in the report; both are generous (ours)."""
_MOST_NAMED: Final = 5
"""Files that the message about an input without videos names (ours)."""
_LAST_GRACE_S: Final = 0.1
"""Between SIGTERM and SIGKILL for what the closed engine left behind (ours)."""


def check_inputs(settings: Settings) -> None:
    """Refuse an input that is not there.

    Raises
    ------
    UsageError
        Before any work.
    """
    if settings.video is not None:
        if not settings.video.is_file():
            what = "a folder; use --input" if settings.video.is_dir() else "none; check the path"
            raise UsageError(f"--video {settings.video}: expected a file, found {what}")
    elif not settings.input.is_dir():
        if settings.input.is_file():
            raise UsageError(f"--input {settings.input}: expected a folder with videos, found a file; use --video")
        raise UsageError(
            f"--input {settings.input}: expected a folder with videos, found none; name yours with --input FOLDER, one "
            f"video with --video FILE, or try the sample: --video {SAMPLE}"
        )


def find_inputs(settings: Settings, chosen: Sequence[Path] = ()) -> FoundFiles:
    """List the videos of a run, in a fixed order, and what looks like one and is left out.

    Parameters
    ----------
    settings
        The folder or the video.
    chosen
        Absolute paths of videos below the folder; the others are left out. Empty for all.

    Raises
    ------
    UsageError
        When there is none.
    """
    check_inputs(settings)
    if chosen:
        relatives = sorted({path.relative_to(settings.input).as_posix() for path in chosen}, key=os.fsencode)
        results = output_names(relatives)
        return FoundFiles(tuple(FoundVideo(settings.input / name, name, results[name]) for name in relatives))
    if settings.video is not None:
        name = settings.video.name
        return FoundFiles((FoundVideo(settings.video.absolute(), name, output_names([name])[name]),))
    root, closed = settings.input.resolve(), list[Path]()
    found = find_videos(root, [settings.output, settings.models], closed.append, LOCK_NAME)
    if root in closed:
        raise UsageError(f"--input {settings.input}: the folder cannot be listed; check its permissions")
    # A folder that cannot be listed is reported like a video that cannot be read.
    names = [folder.relative_to(root).as_posix() for folder in closed]
    videos = (*found.videos, *(FoundVideo(root / name, name, output_names([name])[name]) for name in names))
    if not videos:
        endings = " ".join(sorted(suffix[1:] for suffix in VIDEO_SUFFIXES))
        left_out = "".join(f"; left out: {one.name} ({one.reason})" for one in found.left_out[:_MOST_NAMED])
        raise UsageError(
            f"{settings.input}: expected videos there or in its sub-folders, found none; their names end in {endings}"
            f"{left_out}"
        )
    return FoundFiles(videos, found.left_out)


def layout_of(settings: Settings) -> Layout:
    """Return where a run writes; links on the way to the two folders are the user's and resolved here, once."""
    return Layout(settings.output.resolve(), settings.models.resolve())


def refuse_results_over_videos(found: Sequence[FoundVideo], layout: Layout) -> None:
    """Refuse result folders that would have the name of a file, as when results shall go where the videos are.

    Raises
    ------
    UsageError
        Before any work.
    """
    for video in found:
        for folder in (layout.picture_folder(video.output_name), layout.tables_folder(video.output_name)):
            if folder.is_file():
                raise UsageError(
                    f"{folder}: expected room for the folder with the results of {video.relative}, found a file of "
                    "that name; choose other folders for output and models"
                )


def prepare(settings: Settings) -> tuple[Settings, EstimatorInfo, tuple[Finding, ...]]:
    """Return settings that this machine can follow, the estimator that they choose, and findings about it.

    Raises
    ------
    EstimatorError
        When the estimator or a model is missing, and cannot be fetched.
    ConfigError
        When the estimator does not support the requested sampling.
    """
    pose, notes = usable(settings.pose)
    get_networks(pose, _LOG.info, offline=settings.offline)
    estimator = describe_estimator(pose)
    check_sampling(settings.sampling, estimator)
    return settings.model_copy(update={"pose": pose}), estimator, notes


def run(settings: Settings, display: Display, stop: StopRequest, chosen: Sequence[Path] = ()) -> RunReport:
    """Process the input; write every result and the run report.

    Parameters
    ----------
    settings
        What to do, and where.
    display
        Shows the run.
    stop
        Requests an early end.
    chosen
        Some videos of the folder, see :func:`find_inputs`; empty for all.

    Raises
    ------
    UsageError
        When the input is not there, or there is no video in it; nothing was done then.
    OutputInUseError
        When another run writes to the same folders.
    MemoryLimitError
        When the limit does not even hold the fixed cost; nothing was done then.
    """
    inputs = find_inputs(settings, chosen)
    found = inputs.videos
    settings, estimator, notes = prepare(settings)
    layout = layout_of(settings)
    refuse_results_over_videos(found, layout)
    run_id = uuid.uuid4().hex
    started_at, started_s = datetime.now().astimezone(), time.monotonic()
    with ExitStack() as stack:
        for killed in stack.enter_context(lock_folders([layout.output, layout.models], run_id)):
            end_processes_of(killed.run_id, killed.folder)
            remove_folders_of(killed.run_id, killed.folder)
        give_back = stack.enter_context(
            reserved_space(layout.output, _REPORT_BYTES + _ENTRY_BYTES * (len(found) + len(inputs.left_out)))
        )
        keep_earlier_logs(layout.log)  # now that the folder is locked
        for folder in (layout.models, layout.output):
            sweep_parts(folder)
        ledger = stack.enter_context(Ledger(layout.ledger))
        supervision = stack.enter_context(Supervision(settings, ledger, display, len(found)))
        display.found(len(found), inputs.left_out)
        context = RunContext(settings, layout, ledger, estimator, notes)
        records = {video.output_name: VideoRecord(video.output_name, video.relative) for video in found}
        ended_by: BaseException | None = None
        try:
            _process(context, run_id, found, supervision, stop, records)
            if settings.video is None:  # one video alone is no cohort, and must not replace that of its folder
                update_cohort(list(records.values()), inputs.left_out, layout, settings.tables, verify=settings.verify)
        except MemoryLimitError:
            raise  # nothing was done, so the report of an earlier run stays
        except BaseException as error:  # noqa: BLE001 - raised again when the report is written
            ended_by = error
        report = RunReport(
            version=vidpose.__version__,
            options=_options(settings),
            engine=supervision.engine_in_words,
            started_at=started_at.isoformat(timespec="seconds"),
            ended_at=datetime.now().astimezone().isoformat(timespec="seconds"),
            wall_s=time.monotonic() - started_s,
            videos=tuple(_entry(record, supervision) for record in records.values()),
            left_out=inputs.left_out,
            memory=supervision.memory_report(),
            exit_code=_exit_code(list(records.values()), stop, ended_by),
            ended_by=None if ended_by is None else str(ended_by) or type(ended_by).__name__,
        )
        give_back()
        _write_report(layout, report, ended_by)
    return report


def _write_report(layout: Layout, report: RunReport, ended_by: BaseException | None) -> None:
    """Write the report of a run, then raise what ended it before its time."""
    try:
        write_run_report(layout.run_report, report)
    except OSError as error:
        if ended_by is None:
            raise
        _LOG.warning("%s cannot be written: %s", layout.run_report, error)
    if ended_by is not None:
        raise ended_by


def _process(
    this: RunContext,
    run_id: str,
    found: Sequence[FoundVideo],
    supervision: Supervision,
    stop: StopRequest,
    records: dict[str, VideoRecord],
) -> None:
    """Do the jobs of all videos; put into ``records`` what became of each."""

    def ended(record: VideoRecord) -> None:
        records[record.name] = record
        supervision.video_ended(record)

    n_threads = n_probers(len(found), supervision.concurrency.n_cores, supervision.allowed_bytes)
    prober = Prober(this.settings.probing, supervision.allowed_bytes, n_threads, this.settings.reading)
    planner = Planner(this.settings, this.layout, this.ledger, this.estimator, prober.probe)

    def jobs() -> Iterator[Steps | None]:
        for plan in mapped_ahead(planner.plan, found, n_threads, supervision.concurrency.look_ahead):
            if isinstance(plan, Pending):
                yield None
                continue
            fitting = _within_memory(plan, this.settings, supervision)
            if isinstance(fitting, ReadyVideo):
                supervision.planned(fitting)
            yield job_of(this, fitting, ended)
        prober.close()  # its memory is free for the rest of the run

    engine = Engine(supervision.choose_engine, supervision.progress, supervision.announce)
    resource_tracker.ensure_running()  # it belongs to this process, not to the run, and ends by itself
    with secrets_withheld(), prober, start_orphan_watcher(run_id, [this.layout.output, this.layout.models]):
        try:
            Scheduler(engine, supervision, supervision, stop, supervision.concurrency).run(jobs())
        finally:
            engine.close()
            # Helpers of a broken Ray live on for a minute.
            end_processes_of(run_id, grace_s=_LAST_GRACE_S)


def _within_memory(plan: VideoPlan, settings: Settings, supervision: Supervision) -> VideoPlan:
    """Refuse a video whose units can never fit in the memory limit; leave out drawing if only that is too large."""
    if not isinstance(plan, ReadyVideo) or plan.up_to_date:
        return plan
    if plan.missing_segments:
        why = supervision.why_never(unit_shape("pose", plan.index, settings))
        if why is not None:
            return RefusedVideo(plan.found, Finding("too_large", why, "fatal"), plan.index)
    if plan.why_render:
        return replace(plan, why_not_drawn=supervision.why_never(unit_shape("render", plan.index, settings)))
    return plan


def _exit_code(records: Sequence[VideoRecord], stop: StopRequest, ended_by: BaseException | None) -> int:
    if stop.requested:
        return stop.exit_code
    if ended_by is not None:
        return ended_by.exit_code if isinstance(ended_by, VidposeError) else ExitCode.NOTHING_DONE
    quarantined = sum(record.state == "quarantined" for record in records)
    if quarantined == len(records):
        return ExitCode.NOTHING_DONE
    return ExitCode.SOME_QUARANTINED if quarantined else ExitCode.DONE


def _entry(record: VideoRecord, supervision: Supervision) -> VideoEntry:
    return VideoEntry(
        name=record.relative,
        state=record.state,
        findings=tuple(record.findings),
        grades=record.grades,
        frames=record.n_posed_frames,
        seconds=supervision.seconds_of(record.relative),
        outputs=tuple(record.outputs),
    )


def _options(settings: Settings) -> dict[str, Any]:
    options: dict[str, Any] = settings.model_dump(mode="json")
    return options

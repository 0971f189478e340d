"""One call of ``vidpose run``: settings, terminal, signals, the run, the closing lines."""

from __future__ import annotations

import logging
from collections import Counter
from pathlib import Path
from typing import Any

import click

from vidpose.cli.display import Level, RunDisplay, why_given_up
from vidpose.cli.options import FLAG_NAMES
from vidpose.cli.terminal import terminal_for_us
from vidpose.config import Settings, load_settings
from vidpose.engines.stop import KEPT, StopRequest
from vidpose.errors import OutputError, UsageError, VidposeError
from vidpose.exit_codes import ExitCode
from vidpose.pose.fetching import get_networks
from vidpose.pose.opening import licence_notice
from vidpose.results.run_report import RunReport, State, VideoEntry
from vidpose.state.layout import Layout

MIB = 2**20
_LOG = logging.getLogger(__name__)


def run_session(config: Path | None, flags: dict[str, Any], level: Level, *, dry_run: bool) -> int:
    """Run what the command line requests; return the exit code."""
    settings = load_settings(config, flags, FLAG_NAMES)
    _check_pose_model(settings)
    if dry_run:
        from vidpose.cli.dry_run import show_dry_run

        return show_dry_run(settings)
    from vidpose.workflow.run import check_inputs, layout_of, run

    check_inputs(settings)
    _check_coaching(settings)
    get_networks(settings.pose, lambda sentence: click.echo(sentence, err=True), offline=settings.offline)
    notice = licence_notice(settings.pose)
    if notice is not None:
        click.echo(notice, err=True)
    layout = layout_of(settings)
    with terminal_for_us(layout.log) as (out, _):
        with RunDisplay(out, level) as display, StopRequest(display.say) as stop:
            try:
                report = run(settings, display, stop)
            except KeyboardInterrupt:
                display.say(f"stopped; {KEPT}")
                return stop.exit_code
            except VidposeError:
                raise
            except OSError as error:  # a disk that is full or gone, at a lock, the log or the report
                _LOG.exception("the run ended")
                raise OutputError(
                    f"{error.filename or layout.output}: {error.strerror or error}; every finished segment and "
                    "file is kept, run the same command again when that is solved"
                ) from error
            except Exception:  # noqa: BLE001 - a person gets a sentence, the log gets the traceback
                _LOG.exception("the run ended unexpectedly")
                display.say(
                    f"vidpose: unexpected error; every finished file is kept. Please report it with {layout.log}"
                )
                return ExitCode.NOTHING_DONE
        _last_lines(display, report, layout, level)
    if not stop.requested:
        _coach(settings)
    return report.exit_code


def _check_pose_model(settings: Settings) -> None:
    model = settings.pose.model
    if model is not None and not model.is_file():
        raise UsageError(
            f"--pose_model {model}: expected a .task file, found {'a folder' if model.is_dir() else 'none'}"
        )


def _wants_coaching(settings: Settings) -> bool:
    return settings.train_llm or settings.use_openai or settings.use_claude


def _check_coaching(settings: Settings) -> None:
    """Refuse before any work what would fail after it: a missing key, an unknown model, no list of athletes."""
    if _wants_coaching(settings) or settings.athletes_file is not None:
        from vidpose.corpus.coaching import check_coaching

        check_coaching(settings, click.echo)


def _coach(settings: Settings) -> None:
    """Build the corpus and train, if requested; Dask and Ray have ended by now."""
    if _wants_coaching(settings):
        from vidpose.corpus.coaching import coach

        coach(settings, click.echo)


def _last_lines(display: RunDisplay, report: RunReport, layout: Layout, level: Level) -> None:
    states = Counter(entry.state for entry in report.videos)
    if level != "quiet":
        _advise(display, report.videos)
    n_videos = len(report.videos)
    if states["skipped_unchanged"] == n_videos:
        are = "video is" if n_videos == 1 else "videos are"
        display.say(f"nothing to do: {n_videos} {are} up to date ({report.wall_s:.1f} s)")
        return
    order: tuple[State, ...] = ("done", "done_with_warnings", "skipped_unchanged", "quarantined", "interrupted")
    counted = ", ".join(f"{states[state]} {state.replace('_', ' ')}" for state in order if states[state])
    memory = report.memory
    display.say(
        f"{counted} in {report.wall_s:.0f} s; memory peak {memory['peak_bytes'] / MIB:.0f} of "
        f"{memory['limit_bytes'] / MIB:.0f} MiB, {memory['n_samples_over']} of {memory['n_samples']} samples over; "
        f"report: {layout.run_report.with_suffix('.txt')}"
    )


def _advise(display: RunDisplay, entries: tuple[VideoEntry, ...]) -> None:
    for entry in entries:
        if entry.state == "quarantined":
            for finding in entry.findings:
                display.say(why_given_up(entry.name, finding))

"""``vidpose analyse``: the numbers again from stored poses, with another filter, height or sport; never posing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from vidpose.cli.options import OF_COACHING, OF_PICTURES, as_flags, with_options, without
from vidpose.cli.run import end_with, level_of, with_session_options
from vidpose.exit_codes import ExitCode, exit_code_help


@without(*OF_PICTURES, *OF_COACHING)
@click.command(
    "analyse",
    epilog=exit_code_help(
        ExitCode.DONE,
        ExitCode.USAGE,
        ExitCode.SOME_QUARANTINED,
        ExitCode.NOTHING_DONE,
        ExitCode.IN_USE,
        ExitCode.INTERRUPTED,
    ),
)
@with_options
@with_session_options
def command(config: Path | None, dry_run: bool, quiet: bool, verbose: bool, **options: Any) -> None:
    """Compute the results of a folder, or of one video, again from the poses that vidpose run has stored.

    Give the options for poses (--estimator, --max_people ...) as you gave them to vidpose run, and new ones for the
    results: --height_m, --sex, --sport_type, --filter, --cutoff_hz, --slow_motion, --repair_swaps, --export. A video
    without stored poses is reported and skipped. To draw annotated videos, use vidpose run.
    """
    flags = as_flags(options) | {"no_pose": True, "no_video": True}
    flags["engine"] = flags.get("engine") or "inline"  # seconds of work: Dask and Ray take longer to start
    end_with(config, flags, level_of(quiet, verbose), dry_run=dry_run)

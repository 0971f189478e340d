"""``vidpose analyse``: the numbers again from stored poses, with another filter, height or sport; never posing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

import vidpose
from vidpose.cli.options import as_flags, with_options
from vidpose.cli.run import end_with

if TYPE_CHECKING:
    from vidpose.cli.display import Level


@click.command("analyse")
@with_options
@click.option("--config", type=click.Path(path_type=Path), default=None, help="YAML file with settings.")
@click.option("--dry_run", "--dry-run", "dry_run", is_flag=True, help="Show what would be done, and why; do nothing.")
@click.option("--quiet", is_flag=True, help="Print the last line only.")
@click.option("--verbose", is_flag=True, help="Print a line for every video and its reasons.")
@click.version_option(vidpose.__version__, prog_name="vidpose")
def command(config: Path | None, dry_run: bool, quiet: bool, verbose: bool, **options: Any) -> None:
    """Compute the numbers of a folder, or of one video, again from the poses that vidpose run has stored.

    Give the options for poses (--estimator, --max_people ...) as they were given to vidpose run, and new ones for the
    numbers: --height_m, --sex, --sport_type, --filter, --cutoff_hz, --slow_motion, --repair_swaps, --export. A video
    without stored poses is named and left alone. Annotated videos are not drawn; vidpose run does that.

    Exit codes are those of vidpose run.
    """
    if quiet and verbose:
        raise click.UsageError("--quiet and --verbose exclude each other")
    level: Level = "quiet" if quiet else "verbose" if verbose else "normal"
    flags = as_flags(options) | {"no_pose": True, "no_video": True}
    flags["engine"] = flags.get("engine") or "inline"  # seconds of work: Dask and Ray take longer to start
    end_with(config, flags, level, dry_run=dry_run)

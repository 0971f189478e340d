"""``vidpose run``: parse the options, call the workflow, print."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from vidpose.cli.options import as_flags, with_options
from vidpose.cli.version import version_option
from vidpose.exit_codes import ExitCode, exit_code_help

if TYPE_CHECKING:
    from vidpose.cli.display import Level


def with_session_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that are about one session: its configuration file and what it prints."""
    for option in (
        version_option(),
        click.option(
            "--verbose", is_flag=True, help="Print a line for every video, with the reason why it is processed."
        ),
        click.option("--quiet", is_flag=True, help="Print only the last line."),
        click.option(
            "--dry_run", "--dry-run", "dry_run", is_flag=True, help="Show what would be done, and why; change nothing."
        ),
        click.option("--config", type=click.Path(path_type=Path), default=None, help="YAML file with settings."),
    ):
        command = option(command)
    return command


@click.command(epilog=exit_code_help(*ExitCode))
@with_options
@with_session_options
def command(config: Path | None, dry_run: bool, quiet: bool, verbose: bool, **options: Any) -> None:
    """Process a folder of sports videos, or one video.

    Writes annotated videos, pose models, tables of joint angles and metrics. Run it again to continue where it
    stopped: finished work is not repeated.

    """
    end_with(config, as_flags(options), level_of(quiet, verbose), dry_run=dry_run)


def level_of(quiet: bool, verbose: bool) -> Level:
    """Return how much to print."""
    if quiet and verbose:
        raise click.UsageError("--quiet and --verbose exclude each other")
    return "quiet" if quiet else "verbose" if verbose else "normal"


def end_with(config: Path | None, flags: dict[str, Any], level: Level, *, dry_run: bool) -> NoReturn:
    """Run a session, then end the program with its exit code."""
    with ending():
        from vidpose.cli.session import run_session

        code = run_session(config, flags, level, dry_run=dry_run)
    raise SystemExit(code)


@contextmanager
def ending() -> Iterator[None]:
    """Turn an interruption or an error into a sentence and an exit code."""
    from vidpose.errors import VidposeError

    try:
        yield
    except KeyboardInterrupt:  # before the run listens to signals, or after its end
        click.echo("vidpose: stopped; every finished file is kept, run the same command again to continue", err=True)
        raise SystemExit(ExitCode.INTERRUPTED) from None
    except VidposeError as error:
        click.echo(f"vidpose: {error}", err=True)
        raise SystemExit(error.exit_code) from None

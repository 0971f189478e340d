"""``vidpose corpus``: build the coaching corpus from results, verify any dataset."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from vidpose.cli.options import FLAG_NAMES, as_flags, only, with_options
from vidpose.cli.run import ending
from vidpose.exit_codes import ExitCode, exit_code_help


@click.group()
def command() -> None:
    """Build and verify the coaching corpus."""


@only("config", "models", "llm_data", "use_openai", "use_claude", "max_cost", "llm_dry_run", "athletes_file")
@command.command(
    "build",
    epilog=exit_code_help(
        ExitCode.DONE, ExitCode.USAGE, ExitCode.NOTHING_DONE, ExitCode.TEXTS_ENDED_EARLY, ExitCode.IN_USE
    ),
)
@with_options
@click.option("--config", type=click.Path(path_type=Path), default=None, help="YAML file with settings.")
def build_corpus(config: Path | None, **options: Any) -> None:
    """Build the corpus from the results in --models into --llm_data; needs no API and no training library.

    With --use_openai or --use_claude texts are written by API on top of that.
    """
    with ending():
        from vidpose.config import load_settings
        from vidpose.corpus.coaching import coach

        coach(load_settings(config, as_flags(options) | {"train_llm": False}, FLAG_NAMES), click.echo)


@command.command("verify", epilog=exit_code_help(ExitCode.DONE, ExitCode.FAILED))
@click.argument("path", type=click.Path(path_type=Path))
def verify(path: Path) -> None:
    """Check a dataset, ours or not: format, duplicates, leakage, personal data, and texts against their facts.

    Errors are listed with file and line.
    """
    with ending():
        from vidpose.corpus.dataset.verify import verify_corpus

        report = verify_corpus(path)
        for sentence in report.sentences():
            click.echo(sentence)
        if not report.ok:
            raise SystemExit(ExitCode.FAILED)

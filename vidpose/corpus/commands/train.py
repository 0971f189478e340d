"""``vidpose train``: a model on the corpus that is there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from vidpose.cli.options import FLAG_NAMES, as_flags, only, with_options
from vidpose.cli.run import ending


@only("config", "memory_limit", "llm_data", "llm_models", "base_model")
@click.command("train")
@with_options
@click.option("--config", type=click.Path(path_type=Path), default=None, help="YAML file with settings.")
def command(config: Path | None, **options: Any) -> None:
    """Fine-tune --base_model on the corpus in --llm_data, evaluate before and after, write into --llm_models.

    Run it again to go on where it ended. Exit codes: 0 done, 1 training failed, 2 usage, 4 other failures,
    5 no base model.
    """
    with ending():
        from vidpose.config import load_settings
        from vidpose.corpus.coaching import train_model

        train_model(load_settings(config, as_flags(options), FLAG_NAMES), click.echo)

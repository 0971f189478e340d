"""``vidpose coach MODEL VIDEO``: ask a trained model about one video; every number of the answer is checked."""

from __future__ import annotations

from pathlib import Path

import click

from vidpose.cli.run import ending


@click.command("coach")
@click.argument("model", type=click.Path(path_type=Path))
@click.argument("video")
@click.option("--question", default="What stands out in this movement?", show_default=True, help="What to ask.")
@click.option("--language", type=click.Choice(["en", "de"]), default="en", show_default=True)
@click.option("--models", type=click.Path(path_type=Path), default=Path("models"), show_default=True, help="Results.")
@click.option("--base_model", default="", help="Where the base model is, if it has been moved since training.")
def command(model: Path, video: str, question: str, language: str, models: Path, base_model: str) -> None:
    """Ask the trained MODEL (a folder in llm_models) about one VIDEO (its file, or its folder in --models).

    What the measurements do not support is marked in the answer.
    """
    with ending():
        from vidpose.errors import UsageError

        if not model.is_dir():
            raise UsageError(
                f"{model}: expected the folder of a trained model, found {'a file' if model.exists() else 'none'}"
            )
        from vidpose.corpus.coaching import ask_model

        said = ask_model(model, results_folder(models, video), question, "de" if language == "de" else "en", base_model)
        click.echo(said.marked)
        if not said.ok:
            click.echo("marked statements are not supported by the measurements")
        elif said.n_checked:
            click.echo("every number is supported by the measurements")
        else:
            click.echo("the answer states no number: there was nothing to check")


def results_folder(models: Path, video: str) -> Path:
    """Return the folder of a video's results; in front of its name there may be the folder that was processed."""
    parts = Path(video).parts
    ends = [models.joinpath(*parts[first:]) for first in range(len(parts))]
    return next((end for end in ends if (end / "metrics.parquet").is_file()), models / video)

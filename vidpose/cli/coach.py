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
@click.option("--base_model", default="", help="Where the base model is, when it is not where training found it.")
def command(model: Path, video: str, question: str, language: str, models: Path, base_model: str) -> None:
    """Ask the trained MODEL (a folder in llm_models) about one VIDEO (a folder in --models).

    What the measurements do not support is marked in the answer.
    """
    with ending():
        from vidpose.workflow.coaching import ask_model

        said = ask_model(model, models / video, question, "de" if language == "de" else "en", base_model)
        click.echo(said.marked)
        if not said.ok:
            click.echo("marked statements are not supported by the measurements")
        elif said.n_checked:
            click.echo("every number is supported by the measurements")
        else:
            click.echo("the answer states no number: there was nothing to check")

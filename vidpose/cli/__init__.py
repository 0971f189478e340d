"""The command line. Commands are loaded when they are called, so that ``--help`` is instant."""

from __future__ import annotations

import importlib
from typing import Final

import click

from vidpose.cli.version import version_option

_COMMANDS: Final = {
    "run": ("vidpose.cli.run", "Process a folder of videos, or one video."),
    "analyse": ("vidpose.cli.analyse", "Compute the numbers again from stored poses."),
    "corpus": ("vidpose.cli.corpus", "Build and verify the coaching corpus."),
    "train": ("vidpose.cli.train", "Train a model on the coaching corpus."),
    "coach": ("vidpose.cli.coach", "Ask a trained model about one video."),
    "doctor": ("vidpose.cli.doctor", "Check this machine and test vidpose against a known truth."),
    "models": ("vidpose.cli.models", "List, check and fetch pose models."),
}


class _LazyGroup(click.Group):
    """Imports a command's file only when the command is used; its one-line help is known without."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = importlib.import_module(_COMMANDS[cmd_name][0]).command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in _COMMANDS.items()])


@click.command(cls=_LazyGroup)
@version_option()
def main() -> None:
    """Turn sports videos into joint angles, annotated videos and coaching data."""


def run_pipeline() -> None:
    """Offer ``vidpose run`` under the name of the script; what ``pipeline.py`` calls."""
    from vidpose.cli.run import command

    command(prog_name="pipeline.py")

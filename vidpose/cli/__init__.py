"""The command line. Commands are loaded when they are called, so that ``--help`` is instant.

A package adds commands with an entry point of the group ``vidpose.commands``: it names a mapping from each command to
the module that holds it as ``command`` and its line of help, as :data:`vidpose.corpus.plugin.COMMANDS` does.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping
from typing import Final

import click

from vidpose.cli.version import version_option

_COMMANDS: Final = {
    "run": ("vidpose.cli.run", "Process a folder of videos, or one video."),
    "analyse": ("vidpose.cli.analyse", "Compute the results again from stored poses."),
    "doctor": ("vidpose.cli.doctor", "Check this machine and measure a clip with known joint angles."),
    "models": ("vidpose.cli.models", "List, check and fetch pose models."),
}
_GROUP: Final = "vidpose.commands"
_CORPUS: Final = ("vidpose.corpus.plugin", "COMMANDS")
"""Named here too, because a checkout that was never installed has no entry points."""


class _LazyGroup(click.Group):
    """Imports a command's file only when the command is used; its one-line help is known without."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(_listed())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        for commands in _collections():
            if cmd_name in commands:
                command: click.Command = importlib.import_module(commands[cmd_name][0]).command
                return command
        return None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in _listed().items()])


def _collections() -> Iterator[Mapping[str, tuple[str, str]]]:
    """Yield our commands, those of the corpus, and only when more are asked for those of installed plug-ins."""
    yield _COMMANDS
    yield _plugin(*_CORPUS)
    from importlib.metadata import entry_points

    for one in entry_points(group=_GROUP):
        if (one.module, one.attr) != _CORPUS:
            yield _plugin(one.module, one.attr)


def _plugin(module: str, attribute: str) -> Mapping[str, tuple[str, str]]:
    """Return a plug-in's commands; one that is not there costs its own commands only."""
    try:
        commands: Mapping[str, tuple[str, str]] = getattr(importlib.import_module(module), attribute)
    except ImportError:
        return {}
    return commands


def _listed() -> dict[str, tuple[str, str]]:
    """Return all commands; a plug-in cannot replace one that stands before it."""
    found: dict[str, tuple[str, str]] = {}
    for commands in _collections():
        found |= {name: command for name, command in commands.items() if name not in found}
    return found


@click.command(cls=_LazyGroup)
@version_option()
def main() -> None:
    """Turn sports videos into joint angles, annotated videos and coaching data."""


def run_pipeline() -> None:
    """Offer ``vidpose run`` under the name of the script; what ``pipeline.py`` calls."""
    from vidpose.cli.run import command

    command(prog_name="pipeline.py")

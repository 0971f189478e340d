"""``--version``: what is installed, as the tags of the repository numbered it when it was built."""

from __future__ import annotations

from collections.abc import Callable
from importlib import metadata
from typing import Any

import click

import vidpose


def installed_version() -> str:
    """Return the version in the installed package's metadata; that of the source where nothing is installed."""
    try:
        return metadata.version("vidpose")
    except metadata.PackageNotFoundError:
        return vidpose.__version__


def version_option() -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Return the option ``--version``; the metadata are read only when it is given."""

    def show(ctx: click.Context, _: click.Parameter, given: bool) -> None:
        if given and not ctx.resilient_parsing:
            click.echo(f"vidpose, version {installed_version()}")
            ctx.exit()

    return click.option(
        "--version", is_flag=True, is_eager=True, expose_value=False, callback=show, help="Show the version and exit."
    )

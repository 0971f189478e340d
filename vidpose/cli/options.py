"""The options of ``vidpose run``.

None has a default here: an absent flag never beats a configuration file. Numbers and names are passed on as text, so
that all mistakes are reported together, in the words of the configuration file.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]
_PATH = click.Path(path_type=Path)


def _option(*names: str, **details: Any) -> Decorator:
    """Declare an option under its name and, when it has underscores, with hyphens too."""
    long = next(name for name in names if name.startswith("--"))
    both = [long] if "_" not in long else [long, long.replace("_", "-")]
    short = [name for name in names if not name.startswith("--")]
    return click.option(*both, *short, long.removeprefix("--"), default=None, **details)


def _flag(name: str, **details: Any) -> Decorator:
    return _option(name, is_flag=True, flag_value=True, type=bool, **details)


OPTIONS: tuple[Decorator, ...] = (
    # input and output
    _option("--input", "-i", type=_PATH, help="Folder that is searched for videos, with its sub-folders [public]."),
    _option("--video", "-v", type=_PATH, help="One video instead of a folder."),
    _option("--output", "-o", type=_PATH, help="Folder for annotated videos and reports [output]."),
    _option("--models", "-m", type=_PATH, help="Folder for pose models and tables [models]."),
    # control
    _option("--memory_limit", metavar="SHARE", help="Share of the machine's memory that may be used [0.4]."),
    _option("--workers", metavar="N", help="Processes for pose estimation and drawing, or 'auto' [auto]."),
    _option("--batch_size", metavar="N", help="Decoded frames that a worker holds at once [5]."),
    _flag("--no_video", help="Write no annotated videos."),
    _option(
        "--engine",
        metavar="NAME",
        help="'distributed' (Dask and Ray) or 'inline' (one process, neither) [distributed].",
    ),
    _option("--height_m", metavar="METRES", help="Standing height of the person, m; gives speeds in m/s."),
    click.option(
        "--resume/--fresh", "resume", default=None, help="Go on where an earlier run ended, or do all again [resume]."
    ),
    _flag("--verify", help="Hash results again instead of comparing their sizes."),
    _flag("--redo_failures", help="Try videos again that an earlier run gave up."),
    # AI
    _flag("--train_llm", help="Build the coaching corpus and train a model (not available yet)."),
    _flag("--use_openai", help="Let OpenAI write part of the corpus (not available yet)."),
    _flag("--use_claude", help="Let Claude write part of the corpus (not available yet)."),
    _option("--sport_type", metavar="NAME", help="Sport, for its filter settings; see configs/sports [general]."),
    # storage
    _option("--llm_data", "-l", type=_PATH, help="Folder for the coaching corpus [llm_training_data]."),
    _option("--llm_models", type=_PATH, help="Folder for trained models [llm_models]."),
)
"""Options that become settings; the rest of ``vidpose run`` is about the display and the configuration file."""


def with_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add all of :data:`OPTIONS` to a command, in their order."""
    for option in reversed(OPTIONS):
        command = option(command)
    return command


def as_flags(values: dict[str, Any]) -> dict[str, Any]:
    """Turn parsed options into settings: ``--fresh`` is the setting, ``--resume`` its absence."""
    flags = dict(values)
    resume = flags.pop("resume")
    flags["fresh"] = None if resume is None else not resume
    return flags

"""The options of ``vidpose run``.

None has a default here, so an absent option never overrides a configuration file. Numbers and names are passed on as
text, so that all mistakes are reported together, in the words of the configuration file.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from vidpose.short_names import SHORT_NAMES, in_groups

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
    _option("--input", "-i", type=_PATH, help="Folder to search for videos, with its sub-folders [public]."),
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
        help="'distributed' (Dask and Ray), 'inline' (one process), or 'auto': inline for one short clip [auto].",
    ),
    _flag("--hardware_decode", help="Decode with a hardware decoder (NVIDIA, Intel, Apple ...) where there is one."),
    click.option(
        "--resume/--fresh",
        "resume",
        default=None,
        help="Continue where an earlier run ended, or process everything again [resume].",
    ),
    _flag("--offline", help="Never download the pose networks: where they are missing, stop and say how to get them."),
    _flag("--verify", help="Check earlier results by hash instead of by size."),
    _flag("--redo_failures", help="Try videos again that an earlier run could not process."),
    # pose estimation
    _option(
        "--estimator",
        metavar="NAME",
        help="'blazepose', 'mediapipe' (its own graph, one person), 'yolo', 'yolo+blazepose' or 'file' [blazepose].",
    ),
    _option("--pose_model", type=_PATH, metavar="FILE", help="A .task file with BlazePose networks [fetched once]."),
    _option(
        "--max_people", metavar="N", help="People tracked at once; with 1, the person that MediaPipe would track [4]."
    ),
    _option("--precision", metavar="NAME", help="'f32', or 'fast' (bfloat16, if the processor supports it) [f32]."),
    _option("--device", metavar="NAME", help="'auto', 'cpu' or 'gpu' [auto]."),
    _option("--pose_fps", metavar="HZ", help="Estimate at most this many poses per second of video [every frame]."),
    _option(
        "--stride", metavar="N", help="Estimate every N-th frame, or 'auto': fewer while the person moves slowly [1]."
    ),
    _option("--yolo_model", metavar="NAME", help="Name of an ultralytics model, or a .pt file [yolo11n-pose.pt]."),
    _option(
        "--pose_files",
        type=_PATH,
        metavar="FOLDER",
        help="Folder with landmark files, for the estimator 'file' [beside each video].",
    ),
    _option("--video_stream", metavar="N", help="Video stream to read, counted from 0 [the largest picture]."),
    _flag("--split_fields", help="Split interlaced frames into their fields, at twice the rate."),
    # numbers
    _option(
        "--person",
        metavar="N",
        help="The main person: their number in a run without this option [0, the most prominent].",
    ),
    _option(
        "--person_at",
        metavar="X,Y[@SECONDS]",
        help="The main person: where they are in the picture, pixels, and when [the first time anybody is there].",
    ),
    _option(
        "--height_m", metavar="METRES", help="Standing height of the main person, m; adds lengths and speeds in metres."
    ),
    _option(
        "--sex", metavar="NAME", help="'female', 'male' or 'mean': body-segment masses for the centre of mass [mean]."
    ),
    _option(
        "--sport_type",
        metavar="NAME",
        help="Sport whose filter settings are used, or a YAML file with such settings [general].",
    ),
    _option("--filter", metavar="NAME", help="'butterworth', 'kalman', 'gcv_spline' or 'none' [butterworth]."),
    _option(
        "--cutoff_hz",
        metavar="HZ",
        help="Cut-off frequency of the filter, or 'auto'; some sports set their own [6].",
    ),
    _option(
        "--slow_motion",
        metavar="N",
        help="Recording over playback frame rate, such as 8 for 240 Hz played at 30 Hz; 'auto': as the file says [1].",
    ),
    _flag("--repair_swaps", help="Swap left and right limbs back where they are exchanged."),
    _option("--export", metavar="KINDS", help="Files for other programs: trc,sto,mot,c3d,coco,dlc or none [trc,sto]."),
    _option(
        "--csv_style",
        metavar="NAME",
        help="CSV tables for 'excel', 'excel-de' (; and decimal comma; also -es, -fr, -it, -nl, -pl, -pt), 'excel-ch' "
        "or 'plain' [excel].",
    ),
    _flag("--no_plots", help="Draw no heatmaps, trajectories and angle curves."),
    # pictures
    _option("--render_height", metavar="PX", help="Height of the annotated videos, pixels [as the source]."),
    _option("--codec", metavar="NAME", help="'h264', 'hevc' or 'av1' [h264]."),
    _flag("--thumbnail", help="Also write a still image of each annotated video."),
    _flag("--gif", help="Also write a short moving preview of each annotated video."),
    _flag("--blur_faces", help="Blur the faces of all people in annotated videos and previews."),
    # AI
    _flag("--train_llm", help="Build the coaching corpus and train a model on it."),
    _flag("--use_openai", help="Let OpenAI write part of the corpus; needs OPENAI_API_KEY."),
    _flag("--use_claude", help="Let Claude write part of the corpus; needs ANTHROPIC_API_KEY."),
    _option(
        "--base_model", metavar="NAME", help="Hugging Face id, local folder or 'tiny' [Qwen/Qwen2.5-0.5B-Instruct]."
    ),
    _option(
        "--max_cost",
        metavar="USD",
        help="Limit for the cost of texts through an API, US dollars, all runs together [5].",
    ),
    _flag("--llm_dry_run", help="Write what would be sent to OpenAI or Claude, and what it would cost; send nothing."),
    _option(
        "--athletes_file",
        type=_PATH,
        metavar="FILE",
        help="CSV file with the columns video, athlete and exercise.",
    ),
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


def only(*names: str) -> Callable[[click.Command], click.Command]:
    """Keep only the parameters with these names: the others would have no effect on the command."""

    def trimmed(command: click.Command) -> click.Command:
        command.params = [parameter for parameter in command.params if parameter.name in names]
        return command

    return trimmed


def without(*names: str) -> Callable[[click.Command], click.Command]:
    """Remove the parameters with these names, which would have no effect, from a command."""

    def trimmed(command: click.Command) -> click.Command:
        command.params = [parameter for parameter in command.params if parameter.name not in names]
        return command

    return trimmed


FLAG_NAMES = {".".join(path): f"--{name}" for name, path in SHORT_NAMES.items()}
"""What :func:`~vidpose.config.load_settings` calls them when a value is refused."""
OF_PICTURES = ("no_video", "batch_size", "render_height", "codec", "thumbnail", "gif", "blur_faces")
OF_COACHING = (
    *("train_llm", "use_openai", "use_claude", "base_model", "max_cost", "llm_dry_run"),
    *("athletes_file", "llm_data", "llm_models"),
)


def as_flags(values: dict[str, Any]) -> dict[str, Any]:
    """Turn parsed options into settings: ``--fresh`` is the setting, ``--resume`` its absence.

    Raises
    ------
    click.UsageError
        When both a folder and one video are given.
    """
    flags = dict(values)
    if flags.get("input") is not None and flags.get("video") is not None:
        raise click.UsageError("--input and --video exclude each other: give a folder or one video")
    resume = flags.pop("resume", None)
    flags["fresh"] = None if resume is None else not resume
    if flags.get("export") is not None:
        flags["export"] = [kind.strip() for kind in flags["export"].split(",") if kind.strip() not in ("", "none")]
    return in_groups(flags)

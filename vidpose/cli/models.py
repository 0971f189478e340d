"""``vidpose models``: list, check and fetch the networks of BlazePose."""

from __future__ import annotations

from pathlib import Path

import click

from vidpose.hashing import file_sha256

MEGABYTE = 1_000_000


@click.group()
def command() -> None:
    """List, check and fetch pose models."""


@command.command("list")
def list_models() -> None:
    """List the official models, and which of them are here."""
    from vidpose.pose.models import fetched_file
    from vidpose.pose.official_models import OFFICIAL

    for complexity, (variant, task) in enumerate(OFFICIAL.items()):
        file = fetched_file(variant)
        if not file.is_file():
            state = f"not fetched; run: vidpose models fetch {variant}"
        elif file_sha256(file) == task.sha256:
            state = f"fetched: {file}"
        else:
            state = f"DAMAGED or not the official one: {file}"
        click.echo(f"{variant:5}  {task.n_bytes / MEGABYTE:5.1f} MB  model_complexity {complexity}  {state}")
        click.echo(f"       {task.url}\n       SHA-256 {task.sha256}")
    click.echo(_installed())


@command.command("check")
@click.argument("file", type=click.Path(path_type=Path), required=False)
def check_models(file: Path | None) -> None:
    """Open a .task FILE and say what it is; without FILE, the models that a run would use.

    Exit code 0: both networks can be read; 1: not.
    """
    from vidpose.errors import EstimatorError
    from vidpose.pose.estimator import PoseSettings
    from vidpose.pose.models import pose_models
    from vidpose.pose.official_models import known_network, known_task

    try:
        models = pose_models(PoseSettings(model=file))
        shapes = [_shapes(content) for content in (models.detector, models.landmarks)]
    except EstimatorError as error:
        raise click.ClickException(str(error)) from None
    source = Path(models.source)
    what = known_task(file_sha256(source)) if source.is_file() else None
    click.echo(f"{models.source}: {what or 'not a known .task file'}" if source.is_file() else models.source)
    for (name, sha256), shape in zip(models.hashes.items(), shapes, strict=True):
        known = what or known_network(sha256) or "unknown network"
        click.echo(f"{name}: {known}\n       SHA-256 {sha256}\n       {shape}")


@command.command("fetch")
@click.argument("variant", type=click.Choice(["lite", "full", "heavy"]))
@click.option("--url", default=None, metavar="URL", help="Another address with the same file [Google's].")
@click.option(
    "--to", type=click.Path(path_type=Path), default=None, metavar="FILE", help="Where to put it [the cache]."
)
def fetch_model(variant: str, url: str | None, to: Path | None) -> None:
    """Download an official model, and keep it only if its SHA-256 is the known one.

    Runs find it in the cache by their model_complexity. This command alone uses the network.
    """
    from vidpose.errors import EstimatorError
    from vidpose.pose.models import fetched_file
    from vidpose.pose.official_models import OFFICIAL, fetch_task

    task, file = OFFICIAL[variant], to or fetched_file(variant)
    if file.is_file() and file_sha256(file) == task.sha256:
        click.echo(f"{file} is already there")
        return
    try:
        fetch_task(task, file, url)
    except EstimatorError as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"fetched {file} ({task.n_bytes / MEGABYTE:.1f} MB, SHA-256 as expected)")


def _installed() -> str:
    from vidpose.pose.models import VARIANTS, installed_models, package_folder

    if package_folder() is None:
        return "mediapipe is not installed"
    carried = [variant for complexity, variant in enumerate(VARIANTS) if installed_models(complexity) is not None]
    return f"the installed mediapipe carries: {', '.join(carried) or 'none'}"


def _shapes(network: bytes) -> str:
    """Return the sizes of a network's inputs and outputs, as OpenVINO reads them."""
    import tempfile

    import openvino

    from vidpose.errors import EstimatorError

    with tempfile.TemporaryDirectory() as scratch:
        file = Path(scratch) / "network.tflite"
        file.write_bytes(network)
        try:
            model = openvino.Core().read_model(file)
        except RuntimeError as error:
            raise EstimatorError(f"OpenVINO cannot read this network: {error}") from error
    sides = [[str(port.get_partial_shape()) for port in ports] for ports in (model.inputs, model.outputs)]
    return f"input {' '.join(sides[0])}, outputs {' '.join(sides[1])}"

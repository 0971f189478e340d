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
    """List the networks by variant: which are here, where they lie, where they are published."""
    from vidpose.pose.models import cached_models
    from vidpose.pose.official_models import DETECTOR_FILE, PUBLISHED, VARIANTS, landmarks_file

    for complexity, variant in enumerate(VARIANTS):
        found = cached_models(variant)
        state = f"here: {found.source}" if found else f"not fetched; run: vidpose models fetch {variant}"
        click.echo(f"{variant:5}  model_complexity {complexity}  {state}")
        for name in (DETECTOR_FILE, landmarks_file(variant)):
            file = PUBLISHED[name]
            click.echo(f"       {name}  {file.n_bytes / MEGABYTE:.1f} MB  SHA-256 {file.sha256[0]}")
            click.echo(f"       {file.urls[0]}")
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
@click.option("--offline", is_flag=True, help="Only report whether the networks are here, and how to get them.")
def fetch_model(variant: str, offline: bool) -> None:
    """Get the two networks of a variant, if they are not here; a run does the same for those that it needs.

    They come from Google's addresses, else from the mediapipe wheel (pip) or the package @mediapipe/pose (npm), and are
    kept only if their SHA-256 is a known one.
    """
    from vidpose.errors import EstimatorError
    from vidpose.pose.fetching import get_variant
    from vidpose.pose.models import local_models
    from vidpose.pose.official_models import VARIANTS

    try:
        get_variant(variant, click.echo, offline=offline)
    except EstimatorError as error:
        raise click.ClickException(str(error)) from None
    found = local_models(VARIANTS.index(variant))
    if found is not None:
        click.echo(f"{variant}: {' and '.join(found.hashes)} are here: {found.source}")


def _installed() -> str:
    from vidpose.pose.models import installed_models, package_folder
    from vidpose.pose.official_models import VARIANTS

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

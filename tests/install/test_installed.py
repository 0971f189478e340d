"""Wheel and source archive, installed into a clean environment outside the checkout, do what the checkout does."""

import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from vidpose.config import sports

PROJECT = Path(__file__).resolve().parents[2]
UV = shutil.which("uv", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
SAMPLE_NAME = "mannequin_squat_raise.mp4"
pytestmark = [pytest.mark.slow, pytest.mark.thorough, pytest.mark.timeout(1800)]


def run(*command, cwd, expected=0):
    """Run a command as a new user would: no path to the checkout, no variable of this test."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "PYTEST"))}
    said = subprocess.run(
        [str(word) for word in command], cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )
    assert said.returncode == expected, f"{command}: {said.stdout[-3000:]}\n{said.stderr[-3000:]}"
    return said.stdout + said.stderr


@pytest.fixture(scope="module")
def archives(tmp_path_factory):
    """The source archive, and the wheel that is made of it: data that one lacks, both lack."""
    pytest.importorskip("build")
    pytest.importorskip("hatchling")
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, PROJECT, cwd=folder)
    (wheel,), (source,) = folder.glob("*.whl"), folder.glob("*.tar.gz")
    return wheel, source


@pytest.fixture(scope="module")
def environment(archives, tmp_path_factory):
    """A clean environment with the wheel, from the pinned versions."""
    folder = tmp_path_factory.mktemp("clean")
    wheel, _ = archives
    if UV:
        run(UV, "venv", "--quiet", "--python", sys.executable, folder / "env", cwd=folder)
        install = [UV, "pip", "install", "--quiet", "--python", folder / "env"]
    else:
        run(sys.executable, "-m", "venv", folder / "env", cwd=folder)
        install = [folder / "env" / "bin" / "python", "-m", "pip", "install", "--quiet"]
    run(*install, "--constraint", PROJECT / "constraints.txt", wheel, cwd=folder)
    return folder / "env" / "bin", install


@pytest.fixture(scope="module")
def place(environment, tmp_path_factory):
    """A folder of results, made by the installed command from the installed sample."""
    folder = tmp_path_factory.mktemp("user")
    binaries, _ = environment
    sample = run(binaries / "python", "-c", "from vidpose.resources import SAMPLE; print(SAMPLE)", cwd=folder).strip()
    assert sample.startswith(str(binaries.parent)), "not that of the checkout"
    (folder / "public").mkdir()
    shutil.copy(sample, folder / "public")
    run(binaries / "vidpose", "run", "--engine", "inline", "--no_video", "--quiet", cwd=folder)
    return folder


def test_both_archives_hold_settings_sports_sample_and_every_data_file(archives):
    wheel, source = archives
    carried = {path.relative_to(PROJECT).as_posix() for path in (PROJECT / "vidpose").rglob("*") if path.is_file()}
    carried = {name for name in carried if "__pycache__" not in name}
    outside = [*(PROJECT / "configs").rglob("*.yaml"), *(PROJECT / "public").iterdir()]
    names = {path.relative_to(PROJECT).as_posix() for path in outside}
    with zipfile.ZipFile(wheel) as archive:
        missing = (carried | {f"vidpose/data/{name}" for name in names}) - set(archive.namelist())
    assert missing == set()
    with tarfile.open(source) as archive:
        inside = {member.name.partition("/")[2] for member in archive.getmembers()}
    assert (carried | names) - inside == set()


def test_the_results_are_there(place):
    assert (place / "models" / SAMPLE_NAME / "pose_model.json").is_file()


def test_the_version_is_that_of_the_archive(archives, environment, tmp_path):
    wheel, source = archives
    version = run(environment[0] / "vidpose", "--version", cwd=tmp_path).strip().removeprefix("vidpose, version ")
    assert wheel.name.split("-")[1] == version
    assert source.name == f"vidpose-{version}.tar.gz"


def test_the_numbers_can_be_computed_again(environment, place):
    said = run(
        *(environment[0] / "vidpose", "analyse", "--height_m", "1.8", "--sport_type", "running", "--quiet"), cwd=place
    )
    assert "1 done" in said


@pytest.mark.parametrize("sport", sports())
def test_every_sport_is_known(environment, place, sport):
    said = run(environment[0] / "vidpose", "run", "--dry_run", "--sport_type", sport, cwd=place)
    assert SAMPLE_NAME in said


def test_the_corpus_is_built(environment, place):
    run(environment[0] / "vidpose", "corpus", "build", cwd=place)
    assert any((place / "llm_training_data").iterdir())


@pytest.mark.chaos
def test_the_machine_is_checked_and_measures_right(environment, tmp_path):
    assert "this machine is ready" in run(environment[0] / "vidpose", "doctor", cwd=tmp_path)


def test_in_an_empty_folder_the_sample_is_named(environment, tmp_path):
    said = run(environment[0] / "vidpose", "run", cwd=tmp_path, expected=2)
    assert "--input FOLDER" in said
    assert SAMPLE_NAME in said
    assert list(tmp_path.iterdir()) == []


def test_the_source_archive_installs_to_the_same(archives, environment, place):
    _, source = archives
    binaries, install = environment
    run(*install, "--no-deps", "--force-reinstall", source, cwd=place)
    assert SAMPLE_NAME in run(binaries / "vidpose", "run", "--dry_run", cwd=place)
    again = (binaries / "vidpose", "analyse", "--height_m", "1.8", "--sport_type", "running")
    assert "up to date" in run(*again, cwd=place)


@pytest.mark.skipif(shutil.which("uvx") is None, reason="uvx is not installed")
def test_it_runs_as_a_tool(archives, tmp_path):
    wheel, _ = archives
    said = run("uvx", "--quiet", "--from", wheel, "vidpose", "run", cwd=tmp_path, expected=2)
    assert SAMPLE_NAME in said


@pytest.mark.skipif(UV is None, reason="uv is not installed")
def test_every_extra_resolves(tmp_path):
    resolve = [UV, "pip", "compile", "--quiet", "--all-extras", "--constraint", PROJECT / "constraints.txt"]
    said = run(*resolve, PROJECT / "pyproject.toml", cwd=tmp_path)
    for package in ("ultralytics==", "transformers==", "torch=="):
        assert package in said

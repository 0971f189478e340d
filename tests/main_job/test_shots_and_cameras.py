"""Whole runs over drawn clips with a cut, with repeated pictures and with a moving camera."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from .conftest import Workspace

pytestmark = [pytest.mark.slow, pytest.mark.thorough]
CLIPS = ("cut_two_people.mp4", "dup_20_in_60.mp4", "short_pan_against.mp4")


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory, shared_data: Path) -> Path:
    """Results of one run over the clips."""
    workspace = Workspace(tmp_path_factory.mktemp("shots"))
    (workspace.folder / "in").mkdir()
    for name in CLIPS:
        (workspace.folder / "in" / name).symlink_to(shared_data / "cases" / name)
    done = workspace.run("--engine", "inline", "--no_video", "--no_plots")
    assert done.returncode == 0, done.stdout + done.stderr
    return workspace.folder / "a" / "models"


def finding_of(folder: Path, code: str) -> dict:
    summary = json.loads((folder / "summary.json").read_bytes())
    return next(finding for finding in summary["findings"] if finding["code"] == code)


def metric(folder: Path, name: str) -> float:
    with (folder / "metrics.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["person"] == "0" and row["metric"] == name]
    return next(float(row["value"]) for row in rows if row["value"])


def test_two_people_in_two_rooms_are_two(models: Path) -> None:
    folder = models / "cut_two_people.mp4"
    assert finding_of(folder, "picture_cut")["details"]["times_s"] == [1.5]
    model = json.loads((folder / "pose_model.json").read_bytes())
    assert len(model["people"]) == 2
    shares = [person["found_share"] for person in json.loads((folder / "summary.json").read_bytes())["people"]]
    assert shares == pytest.approx([0.5, 0.5], abs=0.02)


def test_the_real_rate_of_repeated_pictures_is_told(models: Path) -> None:
    details = finding_of(models / "dup_20_in_60.mp4", "pictures_repeated")["details"]
    assert details["picture_rate_hz"] == pytest.approx(20, rel=0.05)
    assert details["stored_rate_hz"] == pytest.approx(60)


def test_who_walks_against_a_pan_has_the_speed_of_their_steps(models: Path) -> None:
    folder = models / "short_pan_against.mp4"
    details = finding_of(folder, "camera_moves")["details"]
    assert details["across_px"] == pytest.approx(156, rel=0.05)
    by_steps = metric(folder, "step_length") * metric(folder, "cadence") / 60
    assert metric(folder, "com_speed_mean") == pytest.approx(by_steps, rel=0.1)

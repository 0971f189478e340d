"""``vidpose models`` says what is there, what a file is, and fetches nothing that it does not know."""

import zipfile

import pytest
from click.testing import CliRunner

from vidpose.cli.models import command
from vidpose.pose.models import local_models, pose_models, write_task


def run(tmp_path, *words):
    return CliRunner(env={"XDG_CACHE_HOME": str(tmp_path)}).invoke(command, [str(word) for word in words])


def test_the_list_names_every_network_and_how_to_get_it(tmp_path):
    said = run(tmp_path, "list")
    assert said.exit_code == 0
    for variant in ("lite", "full", "heavy"):
        assert f"vidpose models fetch {variant}" in said.output
        assert f"pose_landmark_{variant}.tflite" in said.output
    assert "mediapipe" in said.output.splitlines()[-1]


def test_the_list_does_not_take_another_file_for_a_network(tmp_path):
    folder = tmp_path / "vidpose" / "models"
    folder.mkdir(parents=True)
    for name in ("pose_detection.tflite", "pose_landmark_full.tflite", "pose_landmarker_full.task"):
        (folder / name).write_bytes(b"something else")
    line = next(line for line in run(tmp_path, "list").output.splitlines() if line.startswith("full"))
    assert "not fetched" in line


def test_a_file_that_is_no_model_fails_the_check(tmp_path):
    (tmp_path / "page.task").write_text("<html>")
    said = run(tmp_path, "check", tmp_path / "page.task")
    assert said.exit_code == 1
    assert "expected a .task file" in said.output


def test_networks_that_cannot_be_read_fail_the_check(tmp_path):
    with zipfile.ZipFile(tmp_path / "odd.task", "w") as archive:
        for name in ("pose_detector.tflite", "pose_landmarks_detector.tflite"):
            archive.writestr(name, b"\x1c\0\0\0TFL3" + bytes(100))
    said = run(tmp_path, "check", tmp_path / "odd.task")
    assert said.exit_code == 1
    assert "OpenVINO cannot read" in said.output


@pytest.mark.skipif(local_models(1) is None, reason="the networks are not here; run: vidpose models fetch full")
def test_the_check_says_what_the_networks_are_and_their_sizes(tmp_path):
    from vidpose.pose.estimator import PoseSettings

    write_task(pose_models(PoseSettings()), tmp_path / "made.task")
    for words in (["check"], ["check", tmp_path / "made.task"]):
        said = CliRunner().invoke(command, [str(word) for word in words])
        assert said.exit_code == 0, said.output
        assert "full landmarks of mediapipe 0.10.21" in said.output
        assert "input [1,224,224,3]" in said.output
        assert "input [1,256,256,3]" in said.output
    assert "not a known .task file" in said.output


def test_offline_the_ways_out_are_named(tmp_path, monkeypatch):
    monkeypatch.setattr("vidpose.pose.models.installed_models", lambda complexity: None)
    said = run(tmp_path, "fetch", "full", "--offline")
    assert said.exit_code == 1
    assert said.output.startswith("Error: offline: ")
    assert "--pose_model FILE.task" in said.output


def test_only_known_models_are_fetched(tmp_path):
    said = run(tmp_path, "fetch", "huge")
    assert said.exit_code == 2
    assert "lite" in said.output

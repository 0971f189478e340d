"""``vidpose models`` says what is there, what a file is, and fetches nothing that it does not know."""

import zipfile

import pytest
from click.testing import CliRunner

from vidpose.cli.models import command
from vidpose.pose.models import installed_models, pose_models, write_task


def run(tmp_path, *words):
    return CliRunner(env={"XDG_CACHE_HOME": str(tmp_path)}).invoke(command, [str(word) for word in words])


def test_the_list_names_every_model_and_where_it_would_lie(tmp_path):
    said = run(tmp_path, "list")
    assert said.exit_code == 0
    for variant in ("lite", "full", "heavy"):
        assert f"vidpose models fetch {variant}" in said.output
        assert f"pose_landmarker_{variant}.task" in said.output
    assert "mediapipe" in said.output.splitlines()[-1]


def test_the_list_does_not_call_another_file_official(tmp_path):
    file = tmp_path / "vidpose" / "models" / "pose_landmarker_full.task"
    file.parent.mkdir(parents=True)
    file.write_bytes(b"something else")
    line = next(line for line in run(tmp_path, "list").output.splitlines() if line.startswith("full"))
    assert "not the official one" in line


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


@pytest.mark.skipif(installed_models(1) is None, reason="this mediapipe carries no networks")
def test_the_check_says_what_the_networks_are_and_their_sizes(tmp_path):
    from vidpose.pose.estimator import PoseSettings

    write_task(pose_models(PoseSettings()), tmp_path / "made.task")
    for words in (["check"], ["check", tmp_path / "made.task"]):
        said = run(tmp_path, *words)
        assert said.exit_code == 0, said.output
        assert "full landmarks of mediapipe 0.10.21" in said.output
        assert "input [1,224,224,3]" in said.output
        assert "input [1,256,256,3]" in said.output
    assert "not a known .task file" in said.output


def test_a_fetch_that_fails_says_so_and_leaves_nothing(tmp_path):
    said = run(tmp_path, "fetch", "lite", "--url", "http://127.0.0.1:9/lite.task", "--to", tmp_path / "x" / "lite.task")
    assert said.exit_code == 1
    assert "the download failed" in said.output
    assert list((tmp_path / "x").iterdir()) == []


def test_only_known_models_are_fetched(tmp_path):
    said = run(tmp_path, "fetch", "huge")
    assert said.exit_code == 2
    assert "lite" in said.output

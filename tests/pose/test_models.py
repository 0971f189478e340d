"""The networks are found in the order that is promised, and a file that is not what it should be is named."""

import hashlib
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from vidpose.errors import EstimatorError
from vidpose.pose.estimator import PoseSettings
from vidpose.pose.models import (
    DETECTOR_MEMBER,
    LANDMARKS_MEMBER,
    PoseModels,
    fetched_file,
    installed_models,
    model_hashes,
    models_in_package,
    pose_models,
    read_task,
    task_file,
    write_task,
)

DETECTOR, LANDMARKS = b"\x1c\0\0\0TFL3 finds", b"\x1c\0\0\0TFL3 places"


def made_task(file, members=((DETECTOR_MEMBER, DETECTOR), (LANDMARKS_MEMBER, LANDMARKS))):
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in members:
            archive.writestr(name, content)
    return file


@pytest.fixture
def cache(monkeypatch, tmp_path):
    """An empty cache of this test's own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "vidpose" / "models"


def test_a_given_file_is_read(tmp_path):
    file = made_task(tmp_path / "my.task")
    models = pose_models(PoseSettings(model=file))
    assert (models.detector, models.landmarks, models.source) == (DETECTOR, LANDMARKS, str(file))
    assert models.hashes == {
        DETECTOR_MEMBER: hashlib.sha256(DETECTOR).hexdigest(),
        LANDMARKS_MEMBER: hashlib.sha256(LANDMARKS).hexdigest(),
    }
    assert model_hashes(PoseSettings(model=file)) == models.hashes
    assert task_file(PoseSettings(model=file)) == file


def test_a_given_file_goes_before_everything_else(tmp_path, cache):
    cache.mkdir(parents=True)
    made_task(cache / "pose_landmarker_full.task", [(DETECTOR_MEMBER, DETECTOR), (LANDMARKS_MEMBER, DETECTOR)])
    assert pose_models(PoseSettings(model=made_task(tmp_path / "my.task"))).landmarks == LANDMARKS


@pytest.mark.skipif(installed_models(1) is None, reason="this mediapipe carries no networks")
def test_the_networks_of_the_wheel_go_before_those_of_the_cache(cache):
    cache.mkdir(parents=True)
    made_task(cache / "pose_landmarker_full.task")
    models = pose_models(PoseSettings())
    assert models.source.startswith("mediapipe ")
    assert models.hashes == {
        "pose_detection.tflite": "9ba9dd3d42efaaba86b4ff0122b06f29c4122e756b329d89dca1e297fd8f866c",
        "pose_landmark_full.tflite": "e9a5c5cb17f736fafd4c2ec1da3b3d331d6edbe8a0d32395855aeb2cdfd64b9f",
    }


@pytest.mark.parametrize(("complexity", "variant"), [(0, "lite"), (2, "heavy")])
def test_what_the_wheel_lacks_comes_from_the_cache(cache, complexity, variant):
    cache.mkdir(parents=True)
    file = made_task(cache / f"pose_landmarker_{variant}.task")
    assert fetched_file(variant) == file
    assert pose_models(PoseSettings(model_complexity=complexity)).source == str(file)


def test_without_any_the_three_ways_to_get_one_are_named(cache):
    with pytest.raises(EstimatorError) as caught:
        pose_models(PoseSettings(model_complexity=0))
    for way in ("mediapipe 0.10.21", "--pose_model FILE.task", "vidpose models fetch lite", str(cache)):
        assert way in str(caught.value)


@pytest.mark.parametrize(
    ("environment", "folder"),
    [
        ({"XDG_CACHE_HOME": "/somewhere"}, Path("/somewhere")),
        ({"XDG_CACHE_HOME": ""}, Path.home() / ".cache"),
        ({}, Path.home() / ".cache"),
    ],
)
def test_the_cache_is_where_the_desktop_standard_says(environment, folder):
    expected = folder / "vidpose" / "models" / "pose_landmarker_full.task"
    assert fetched_file("full", environment) == expected


# --- files that are not what they should be -------------------------------------------------------------------------


def test_a_missing_file_is_named(tmp_path):
    for look in (pose_models, task_file):
        with pytest.raises(EstimatorError, match=r"none\.task"):
            look(PoseSettings(model=tmp_path / "none.task"))


def test_something_else_is_refused(tmp_path):
    file = tmp_path / "page.task"
    file.write_text("<html>not found</html>")
    with pytest.raises(EstimatorError, match=r"page\.task: expected a \.task file"):
        read_task(file)


def test_a_folder_is_refused(tmp_path):
    with pytest.raises(EstimatorError, match=r"expected a \.task file"):
        read_task(tmp_path)


def test_the_model_of_another_task_is_refused_with_what_it_holds(tmp_path):
    file = made_task(tmp_path / "hand.task", [(DETECTOR_MEMBER, DETECTOR), ("hand_landmarks_detector.tflite", b"x")])
    with pytest.raises(EstimatorError, match=rf"{LANDMARKS_MEMBER}.*found .*hand_landmarks_detector"):
        read_task(file)


def test_a_member_that_is_no_network_is_named(tmp_path):
    file = made_task(tmp_path / "odd.task", [(DETECTOR_MEMBER, DETECTOR), (LANDMARKS_MEMBER, b"")])
    with pytest.raises(EstimatorError, match=rf"{LANDMARKS_MEMBER} is no TensorFlow Lite model"):
        read_task(file)


def test_one_turned_bit_is_noticed(tmp_path):
    file = made_task(tmp_path / "bit.task")
    content = bytearray(file.read_bytes())
    content[content.index(b"places")] ^= 1
    file.write_bytes(content)
    with pytest.raises(EstimatorError, match=r"bit\.task.*CRC"):
        read_task(file)


def test_half_a_download_is_refused(tmp_path):
    file = made_task(tmp_path / "half.task")
    file.write_bytes(file.read_bytes()[:40])
    with pytest.raises(EstimatorError, match=r"half\.task"):
        read_task(file)


# --- writing, and where the wheel keeps them ---------------------------------------------------------------------


def test_a_written_file_reads_back_and_is_the_same_every_time(tmp_path):
    models = PoseModels(DETECTOR, LANDMARKS, "a.tflite", "b.tflite", "here")
    for name in ("1.task", "2.task"):
        write_task(models, tmp_path / name)
    assert (tmp_path / "1.task").read_bytes() == (tmp_path / "2.task").read_bytes()
    again = read_task(tmp_path / "1.task")
    assert (again.detector, again.landmarks) == (DETECTOR, LANDMARKS)
    with zipfile.ZipFile(tmp_path / "1.task") as archive:
        assert {member.compress_type for member in archive.infolist()} == {zipfile.ZIP_STORED}


def test_a_package_must_carry_both_networks(tmp_path):
    (tmp_path / "pose_detection").mkdir()
    (tmp_path / "pose_landmark").mkdir()
    (tmp_path / "pose_detection" / "pose_detection.tflite").write_bytes(DETECTOR)
    assert models_in_package(tmp_path, 1, "made") is None
    (tmp_path / "pose_landmark" / "pose_landmark_full.tflite").write_bytes(LANDMARKS)
    models = models_in_package(tmp_path, 1, "made")
    assert models is not None
    assert list(models.hashes) == ["pose_detection.tflite", "pose_landmark_full.tflite"]
    assert models_in_package(tmp_path, 2, "made") is None


def test_networks_do_not_flood_a_message():
    models = PoseModels(DETECTOR, LANDMARKS, "a.tflite", "b.tflite", "here")
    assert "finds" not in repr(models)


def test_finding_networks_loads_no_heavy_library(tmp_path):
    file = made_task(tmp_path / "my.task")
    code = (
        "import sys; from pathlib import Path; from vidpose.pose.models import *; "
        "from vidpose.pose.estimator import PoseSettings; installed_models(1); "
        "pose_models(PoseSettings(model=Path(sys.argv[1]))); "
        "print(sorted({'mediapipe', 'cv2', 'openvino', 'jax'} & set(sys.modules)))"
    )
    said = subprocess.run([sys.executable, "-c", code, str(file)], capture_output=True, text=True, check=True)
    assert said.stdout == "[]\n"


def test_a_package_that_is_not_installed_has_no_networks():
    code = "import sys; sys.modules['mediapipe'] = None; from vidpose.pose.models import *; print(installed_models(1))"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout == "None\n"

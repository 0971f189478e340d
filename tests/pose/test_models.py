"""The networks are found in the order that is promised, and a file that is not what it should be is named."""

import hashlib
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from vidpose.errors import EstimatorError
from vidpose.pose import models as models_module
from vidpose.pose.estimator import PoseSettings
from vidpose.pose.models import (
    DETECTOR_MEMBER,
    LANDMARKS_MEMBER,
    PoseModels,
    cache_folder,
    model_hashes,
    models_in_package,
    pose_models,
    read_task,
    write_task,
)
from vidpose.pose.official_models import DETECTOR_FILE, PUBLISHED, landmarks_file, task_name

DETECTOR, LANDMARKS = b"\x1c\0\0\0TFL3 finds", b"\x1c\0\0\0TFL3 places"


def made_task(file, members=((DETECTOR_MEMBER, DETECTOR), (LANDMARKS_MEMBER, LANDMARKS))):
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in members:
            archive.writestr(name, content)
    return file


@pytest.fixture
def cache(monkeypatch, tmp_path):
    """An empty cache of this test's own; whatever lies in it is taken for what was published."""
    folder = tmp_path / "cache" / "vidpose" / "models"
    folder.mkdir(parents=True)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return folder


def put(monkeypatch, file, content):
    file.write_bytes(content)
    known = replace(PUBLISHED[file.name], sha256=(hashlib.sha256(content).hexdigest(),))
    monkeypatch.setitem(PUBLISHED, file.name, known)


def test_a_given_file_is_read(tmp_path):
    file = made_task(tmp_path / "my.task")
    models = pose_models(PoseSettings(model=file))
    assert (models.detector, models.landmarks, models.source) == (DETECTOR, LANDMARKS, str(file))
    assert models.hashes == {
        DETECTOR_MEMBER: hashlib.sha256(DETECTOR).hexdigest(),
        LANDMARKS_MEMBER: hashlib.sha256(LANDMARKS).hexdigest(),
    }
    assert model_hashes(PoseSettings(model=file)) == models.hashes


def test_a_given_file_goes_before_everything_else(tmp_path, cache, monkeypatch):
    for name in (DETECTOR_FILE, landmarks_file("full")):
        put(monkeypatch, cache / name, DETECTOR)
    assert pose_models(PoseSettings(model=made_task(tmp_path / "my.task"))).landmarks == LANDMARKS


def test_an_installed_mediapipe_that_carries_networks_goes_before_the_cache(tmp_path, cache, monkeypatch):
    for folder, name in (("pose_detection", DETECTOR_FILE), ("pose_landmark", landmarks_file("full"))):
        place = tmp_path / "mediapipe" / "modules" / folder
        place.mkdir(parents=True)
        (place / name).write_bytes(DETECTOR)
        put(monkeypatch, cache / name, LANDMARKS)
    monkeypatch.setattr(models_module, "package_folder", lambda: tmp_path / "mediapipe")
    models = pose_models(PoseSettings())
    assert models.source.startswith("mediapipe ")
    assert models.landmarks == DETECTOR


@pytest.mark.parametrize(("complexity", "variant"), [(0, "lite"), (1, "full"), (2, "heavy")])
def test_the_cache_is_looked_at_by_variant(cache, monkeypatch, complexity, variant):
    monkeypatch.setattr(models_module, "package_folder", lambda: None)
    put(monkeypatch, cache / task_name(variant), made_task(cache / "made").read_bytes())
    assert pose_models(PoseSettings(model_complexity=complexity)).source == str(cache / task_name(variant))
    put(monkeypatch, cache / DETECTOR_FILE, DETECTOR)
    put(monkeypatch, cache / landmarks_file(variant), LANDMARKS)
    models = pose_models(PoseSettings(model_complexity=complexity))
    assert list(models.hashes) == [DETECTOR_FILE, landmarks_file(variant)], "single files before Google's .task file"


def test_without_any_the_ways_to_get_one_are_named(cache):
    with pytest.raises(EstimatorError) as caught:
        pose_models(PoseSettings(model_complexity=0))
    for way in ("--pose_model FILE.task", "vidpose models fetch lite", str(cache)):
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
    assert cache_folder(environment) == folder / "vidpose" / "models"


# --- files that are not what they should be -------------------------------------------------------------------------


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(EstimatorError, match=r"none\.task"):
        pose_models(PoseSettings(model=tmp_path / "none.task"))


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
    with pytest.raises(EstimatorError, match=rf"{LANDMARKS_MEMBER} is not a TensorFlow Lite model"):
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

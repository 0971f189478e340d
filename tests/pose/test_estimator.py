"""The estimators' door: settings, description, refusal; and MediaPipe finds the person, the same way every time."""

import hashlib
import os
import subprocess
import sys
from importlib import util
from pathlib import Path

import numpy as np
import pytest
from made_yolo import save, says

from vidpose.errors import EstimatorError
from vidpose.pose.estimator import (
    ESTIMATORS,
    EstimatorInfo,
    FramePose,
    PoseSettings,
)
from vidpose.pose.models import installed_models
from vidpose.pose.opening import describe_estimator, open_estimator, usable
from vidpose.types.picture import BT601, Picture
from vidpose.types.skeleton import LANDMARK_INDEX, N_LANDMARKS

SHAPES = {
    "image_px": (N_LANDMARKS, 2),
    "z_rel": (N_LANDMARKS,),
    "visibility": (N_LANDMARKS,),
    "presence": (N_LANDMARKS,),
    "world_m": (N_LANDMARKS, 3),
}


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"estimator": "posenet"}, "estimator: expected one of blazepose, .*, file, got .posenet."),
        ({"model_complexity": 3}, "model_complexity: expected 0, 1 or 2, got 3"),
        ({"model_complexity": -1}, "model_complexity: expected 0, 1 or 2, got -1"),
        ({"min_detection_confidence": 1.01}, "min_detection_confidence: expected 0 to 1, got 1.01"),
        ({"min_tracking_confidence": -0.01}, "min_tracking_confidence: expected 0 to 1, got -0.01"),
        ({"min_tracking_confidence": float("nan")}, "min_tracking_confidence: expected 0 to 1, got nan"),
    ],
)
def test_settings_out_of_range_are_refused_by_name(changes, sentence):
    with pytest.raises(ValueError, match=sentence):
        PoseSettings(**changes)


@pytest.mark.parametrize("value", [0.0, 1.0])
def test_the_ends_of_the_ranges_are_allowed(value):
    PoseSettings(min_detection_confidence=value, min_tracking_confidence=value)


def test_a_frame_without_anybody_is_nan_everywhere_and_has_the_right_shapes():
    missing = FramePose.missing()
    for name, shape in SHAPES.items():
        array = getattr(missing, name)
        assert (array.shape, array.dtype) == (shape, np.float32)
        assert np.isnan(array).all()


# --- description --------------------------------------------------------------------------------------------------


@pytest.mark.skipif(installed_models(1) is None, reason="this mediapipe carries no networks; see tests/modern")
def test_the_description_names_the_package_its_version_and_the_hash_of_every_model():
    info = describe_estimator(PoseSettings(estimator="mediapipe"))
    modules = Path(util.find_spec("mediapipe").origin).parent / "modules"
    assert (info.name, info.package, info.version) == ("mediapipe", "mediapipe", "0.10.21")
    assert set(info.models) == {"pose_detection.tflite", "pose_landmark_full.tflite"}
    for name, sha256 in info.models.items():
        (file,) = modules.rglob(name)
        assert sha256 == hashlib.sha256(file.read_bytes()).hexdigest()
    assert info.settings == PoseSettings(estimator="mediapipe")


def test_describing_does_not_load_mediapipe():
    code = (
        "import sys; from vidpose.pose.estimator import PoseSettings; from vidpose.pose import opening; "
        "[opening.describe_estimator(PoseSettings(name)) for name in ('mediapipe', 'blazepose')]; "
        "print(sorted({'mediapipe', 'jax'} & set(sys.modules)))"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout == "[]\n"


def test_a_model_that_is_nowhere_is_refused_with_the_ways_to_get_it(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    with pytest.raises(EstimatorError, match=r"model_complexity 2 \(heavy\).*vidpose models fetch heavy"):
        describe_estimator(PoseSettings(estimator="mediapipe", model_complexity=2))


def unknown_settings():
    """Settings of an estimator that this version does not have, as a newer version may have written them."""
    settings = PoseSettings()
    object.__setattr__(settings, "estimator", "posenet")
    return settings


@pytest.mark.parametrize("enter", [describe_estimator, lambda settings: open_estimator(settings, Path("a.mp4"))])
def test_an_unknown_estimator_is_refused_with_the_known_ones(enter):
    with pytest.raises(EstimatorError, match=r"expected one of blazepose, mediapipe, .*, got 'posenet'"):
        enter(unknown_settings())


@pytest.mark.parametrize("name", ["blazepose", "mediapipe"])
@pytest.mark.parametrize("max_people", [1, 4])
def test_every_estimator_that_needs_no_file_keeps_the_protocol(name, max_people):
    settings = PoseSettings(estimator=name, max_people=max_people)
    assert isinstance(describe_estimator(settings), EstimatorInfo)
    estimator = open_estimator(settings, Path("a.mp4"))
    for method in ("__enter__", "__exit__", "estimate", "export_state", "restore_state", "appearances"):
        assert callable(getattr(estimator, method))


@pytest.mark.parametrize("name", ESTIMATORS)
def test_no_description_holds_a_path(name, tmp_path):
    settings = PoseSettings(estimator=name, pose_files=tmp_path, yolo_model=str(tmp_path / "a.pt"))
    try:
        info = describe_estimator(settings)
    except EstimatorError:
        assert "yolo" in name, "only those need files that are not there"
    else:
        assert str(tmp_path) not in repr(info)


@pytest.mark.parametrize("name", ["yolo", "yolo+blazepose"])
def test_a_network_that_finds_no_people_is_refused_before_any_video(name, tmp_path):
    folder = save(tmp_path / "cats", says(np.zeros((1, 6, 1))), names=("cat", "dog"))
    with pytest.raises(EstimatorError, match="expected a class named person, found cat, dog"):
        describe_estimator(PoseSettings(estimator=name, yolo_model=str(folder)))


def test_without_openvino_mediapipes_graph_stands_in_and_says_so(monkeypatch):
    assert usable(PoseSettings()) == (PoseSettings(), ())
    monkeypatch.setattr("vidpose.pose.opening.util.find_spec", lambda name: None)
    settings, (note,) = usable(PoseSettings())
    assert (settings.estimator, settings.max_people) == ("mediapipe", 1)
    assert note.code == "estimator_replaced"


# --- MediaPipe itself ---------------------------------------------------------------------------------------------

N_FRAMES = 30


@pytest.fixture(scope="module")
def frames(sample_video):
    """Every fifth of the sample clip's first frames, RGB."""
    import av

    with av.open(str(sample_video)) as video:
        wanted = []
        for number, frame in enumerate(video.decode(video=0)):
            if number % 5 == 0:
                wanted.append(frame.to_ndarray(format="rgb24"))
            if len(wanted) == N_FRAMES:
                return wanted
    raise AssertionError("the sample clip is shorter than 5 s")


def picture_of(rgb):
    """A picture whose planes are not looked at."""
    height, width = rgb.shape[:2]
    grey = np.full((height, width), 128, dtype=np.uint8)
    return Picture(grey, grey[::2, ::2], grey[::2, ::2], 0, BT601, rgb.copy)


def poses_of(frames):
    with open_estimator(PoseSettings(estimator="mediapipe"), Path("a.mp4")) as estimator:
        found = [estimator.estimate(picture_of(frame), k / 30) for k, frame in enumerate(frames)]
    return [people[0].pose if people else None for people in found]


@pytest.fixture(scope="module")
def poses(frames):
    return poses_of(frames)


@pytest.mark.slow
def test_the_person_is_found_in_every_frame_and_stands_upright(frames, poses):
    height, width = frames[0].shape[:2]
    for pose in poses:
        assert pose is not None
        for name, shape in SHAPES.items():
            assert (getattr(pose, name).shape, getattr(pose, name).dtype) == (shape, np.float32)
        x, y = pose.image_px.T
        assert ((x > 0) & (x < width) & (y > 0) & (y < height)).all()
        nose, hip, ankle = (y[LANDMARK_INDEX[name]] for name in ("nose", "left_hip", "left_ankle"))
        assert nose < hip < ankle, "y points down"
        assert pose.visibility[LANDMARK_INDEX["left_hip"]] > 0.8
        assert np.isnan(pose.presence).all(), "this graph does not report it"
        hips = pose.world_m[[LANDMARK_INDEX["left_hip"], LANDMARK_INDEX["right_hip"]]]
        np.testing.assert_allclose(hips.mean(axis=0), 0, atol=0.02, err_msg="origin mid-hip")


@pytest.mark.slow
def test_a_fresh_estimator_gives_identical_arrays(frames, poses):
    for first, second in zip(poses, poses_of(frames), strict=True):
        for name in SHAPES:
            np.testing.assert_array_equal(getattr(first, name), getattr(second, name))


@pytest.mark.slow
def test_an_empty_picture_holds_nobody(frames):
    with open_estimator(PoseSettings(estimator="mediapipe"), Path("a.mp4")) as estimator:
        assert not estimator.estimate(picture_of(np.full_like(frames[0], 128)), 0.0)


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "sched_getaffinity"), reason="this system does not bind threads to cores")
def test_opening_leaves_every_thread_all_cores(frames):
    allowed = os.sched_getaffinity(0)
    with open_estimator(PoseSettings(estimator="mediapipe"), Path("a.mp4")) as estimator:
        estimator.estimate(picture_of(frames[0]), 0.0)
        for thread in Path("/proc/self/task").iterdir():
            assert os.sched_getaffinity(int(thread.name)) == allowed

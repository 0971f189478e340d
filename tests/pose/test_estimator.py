"""The estimators' door: settings, description, refusal; and MediaPipe finds the person, the same way every time."""

import subprocess
import sys
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
from vidpose.pose.opening import describe_estimator, open_estimator, usable
from vidpose.types.skeleton import N_LANDMARKS

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
    for method in (
        "__enter__",
        "__exit__",
        "estimate",
        "export_state",
        "restore_state",
        "appearances",
        "n_not_followed",
    ):
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

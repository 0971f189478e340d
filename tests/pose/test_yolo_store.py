"""Fetching and converting once: with a made ultralytics that a child process runs, and the folders that come of it."""

import hashlib
import os
import subprocess
import sys
from importlib import util

import numpy as np
import pytest
from made_yolo import COCO, save, says

from vidpose.errors import EstimatorError
from vidpose.pose.yolo.store import LICENCE_NOTICE, cache_folder, converted_model, first_use_notice

MADE_ULTRALYTICS = """
import os, pathlib, shutil
class YOLO:
    def __init__(self, weights):
        self.weights = pathlib.Path(weights)
    def export(self, **settings):
        assert os.environ["YOLO_OFFLINE"] == "True" and os.environ["YOLO_AUTOINSTALL"] == "False"
        assert settings == dict(format="openvino", imgsz=640, dynamic=True, nms=False), settings
        content = self.weights.read_bytes()
        with open({log!r}, "ab") as log:
            log.write(content + b"\\n")
        print("a line before", "\\n" * 50)
        if content == b"damaged":
            raise ValueError("cannot read these weights")
        made = self.weights.with_name(self.weights.stem + "_openvino_model")
        shutil.copytree({network!r}, made)
        return str(made)
"""
MADE_DOWNLOADS = """
import pathlib
def attempt_download_asset(file):
    if pathlib.Path(file).name != "known.pt":
        raise ConnectionError("no network here")
    pathlib.Path(file).write_bytes(b"published")
"""


@pytest.fixture
def converter(tmp_path, monkeypatch):
    """A folder with a made ultralytics, put first on the path; returns the environment and the log of conversions."""
    library, log = tmp_path / "library", tmp_path / "log"
    network = save(tmp_path / "network", says([[[0.0]]]), keypoints=COCO)
    (library / "ultralytics" / "utils").mkdir(parents=True)
    made = MADE_ULTRALYTICS.replace("{log!r}", repr(str(log))).replace("{network!r}", repr(str(network)))
    (library / "ultralytics" / "__init__.py").write_text(made)
    (library / "ultralytics" / "utils" / "__init__.py").write_text("SETTINGS = {}")
    (library / "ultralytics" / "utils" / "downloads.py").write_text(MADE_DOWNLOADS)
    (library / "ultralytics-8.4.0.dist-info").mkdir()
    (library / "ultralytics-8.4.0.dist-info" / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: ultralytics\nVersion: 8.4.0\n"
    )
    monkeypatch.syspath_prepend(library)
    path = os.pathsep.join([str(library), *filter(None, [os.environ.get("PYTHONPATH")])])
    return {**os.environ, "XDG_CACHE_HOME": str(tmp_path / "cache"), "PYTHONPATH": path}, log


def weights_with(tmp_path, content, name="mine.pt"):
    file = tmp_path / name
    file.write_bytes(content)
    return file


@pytest.mark.slow
def test_weights_are_converted_once_and_again_when_they_change(tmp_path, converter):
    environment, log = converter
    file = weights_with(tmp_path, b"one")
    assert first_use_notice(str(file), environment) == LICENCE_NOTICE
    first = converted_model(str(file), environment)
    assert first_use_notice(str(file), environment) is None
    assert converted_model(str(file), environment) == first
    assert log.read_bytes() == b"one\n"
    assert dict(first.hashes) == {
        "mine.pt": hashlib.sha256(b"one").hexdigest(),
        **{name: hashlib.sha256((first.folder / name).read_bytes()).hexdigest() for name in ("made.xml", "made.bin")},
    }
    assert first.folder.parent == cache_folder(environment) / "networks"
    assert "ultralytics8.4.0" in first.folder.name
    assert "640px" in first.folder.name
    file.write_bytes(b"two")
    assert converted_model(str(file), environment).folder != first.folder
    assert log.read_bytes() == b"one\ntwo\n"
    assert sorted(path.name for path in first.folder.parent.iterdir() if path.name.startswith(".")) == []
    assert sorted(path.name for path in tmp_path.glob("mine*")) == ["mine.pt"], "nothing is left beside the weights"


@pytest.mark.slow
def test_weights_that_cannot_be_converted_are_refused_with_the_last_words(tmp_path, converter):
    environment, _ = converter
    file = weights_with(tmp_path, b"damaged")
    with pytest.raises(
        EstimatorError, match=r"(?s)mine\.pt: .*could not convert.*ValueError: cannot read these weights"
    ):
        converted_model(str(file), environment)
    assert list((cache_folder(environment) / "networks").iterdir()) == []


@pytest.mark.slow
def test_published_weights_are_fetched_by_name_once(converter):
    environment, _ = converter
    assert first_use_notice("known.pt", environment) == LICENCE_NOTICE
    model = converted_model("known.pt", environment)
    fetched = cache_folder(environment) / "weights" / "known.pt"
    assert dict(model.hashes)["known.pt"] == hashlib.sha256(b"published").hexdigest()
    fetched.write_bytes(b"mine now")
    assert dict(converted_model("known.pt", environment).hashes)["known.pt"] == hashlib.sha256(b"mine now").hexdigest()


@pytest.mark.slow
def test_weights_that_cannot_be_fetched_are_refused_with_what_to_do(converter):
    environment, _ = converter
    with pytest.raises(EstimatorError, match=r"(?s)no file unknown\.pt here or at .*give its path.*no network here"):
        converted_model("unknown.pt", environment)
    assert list((cache_folder(environment) / "weights").iterdir()) == []


@pytest.mark.parametrize("model", ["nowhere/yolo11n-pose.pt", "/nowhere/yolo11n-pose.pt", "yolo11n-pose", "model.onnx"])
def test_a_path_without_a_file_is_refused_before_anything_is_fetched(tmp_path, model):
    with pytest.raises(
        EstimatorError, match=r"expected a \.pt file or the folder of a converted network at .*found none"
    ):
        converted_model(model, {"XDG_CACHE_HOME": str(tmp_path)})


@pytest.mark.skipif(util.find_spec("ultralytics") is not None, reason="ultralytics is installed here")
@pytest.mark.parametrize("by_name", [True, False])
def test_without_ultralytics_the_extra_is_named(tmp_path, by_name):
    model = "yolo11n-pose.pt" if by_name else str(weights_with(tmp_path, b"one"))
    environment = {"XDG_CACHE_HOME": str(tmp_path / "cache")}
    with pytest.raises(EstimatorError, match=r"ultralytics is not installed; run: pip install \"vidpose\[yolo\]\""):
        converted_model(model, environment)


def test_a_converted_network_needs_no_ultralytics(tmp_path):
    folder = save(tmp_path / "net", says([[[0.0]]]))
    model = converted_model(str(folder), {"XDG_CACHE_HOME": str(tmp_path / "cache")})
    assert (model.folder, model.xml) == (folder, folder / "made.xml")
    assert set(dict(model.hashes)) == {"made.xml", "made.bin"}
    assert first_use_notice(str(folder)) is None
    assert not (tmp_path / "cache").exists()


@pytest.mark.parametrize(("gone", "sentence"), [
    ("made.bin", r"expected made\.bin beside made\.xml"),
    ("metadata.yaml", r"expected metadata\.yaml beside made\.xml"),
    ("made.xml", r"with one \.xml file; found 0"),
])  # fmt: skip
def test_a_folder_that_is_not_whole_is_refused(tmp_path, gone, sentence):
    folder = save(tmp_path, says([[[0.0]]]))
    (folder / gone).unlink()
    with pytest.raises(EstimatorError, match=sentence):
        converted_model(str(folder))


@pytest.mark.slow
@pytest.mark.thorough
def test_running_a_network_loads_neither_ultralytics_nor_torch(tmp_path):
    folder = save(tmp_path, says(np.zeros((1, 56, 1))), keypoints=COCO)
    program = (
        "import sys, numpy as np\n"
        "from vidpose.pose.estimator import PoseSettings\n"
        "from vidpose.pose.yolo.keypoint_estimator import YoloPoseEstimator\n"
        "from vidpose.pose.yolo.detector import YoloDetector\n"
        "from vidpose.types.picture import BT601, Picture\n"
        "grey = np.full((64, 64), 128, dtype=np.uint8)\n"
        "shown = Picture(grey, grey[::2, ::2].copy(), grey[::2, ::2].copy(), 0, BT601, lambda: None)\n"
        "settings = PoseSettings(estimator='yolo', yolo_model=sys.argv[1], device='cpu')\n"
        "assert not YoloPoseEstimator(settings).estimate(shown, 0.0)\n"
        "assert not YoloDetector(settings).detect(shown)\n"
        "print(sorted({'torch', 'ultralytics', 'torchvision'} & set(sys.modules)))\n"
    )
    said = subprocess.run([sys.executable, "-c", program, str(folder)], capture_output=True, text=True, check=True)
    assert said.stdout == "[]\n"

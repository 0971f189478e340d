"""The metric, the exporter and the estimator that CONTRIBUTING.md adds, run as it says."""

import re
import sys

import cv2
import numpy as np
import pandas as pd
import pytest
from made_results import made_provenance, made_result
from project_paths import PROJECT

import vidpose
from vidpose.biomech.jumping import jump_metrics
from vidpose.biomech.jumping.flight import Flight
from vidpose.biomech.metric_dictionary import DICTIONARY
from vidpose.config import load_settings
from vidpose.pose.estimator import ESTIMATORS, PoseSettings
from vidpose.pose.opening import describe_estimator, open_estimator
from vidpose.results.exports.export_settings import EXPORTERS
from vidpose.results.exports.write_exports import write_exports
from vidpose.types.picture import BT601, Picture
from vidpose.types.skeleton import LANDMARK_INDEX


def example(file):
    """Return the code that stands under a comment with the name of its file."""
    blocks = re.findall(r"```python\n# (?:in )?(\S+)\n(.*?)```", (PROJECT / "CONTRIBUTING.md").read_text("utf-8"), re.S)
    return dict(blocks)[file]


@pytest.fixture
def added(tmp_path, monkeypatch):
    """Add the example's module, as a file that can be imported, to a table of modules."""

    def add(file, table, name):
        module = f"added_{name}"
        (tmp_path / f"{module}.py").write_text(example(file), encoding="utf-8")
        monkeypatch.syspath_prepend(tmp_path)
        monkeypatch.setitem(table, name, module)
        monkeypatch.delitem(sys.modules, module, raising=False)

    return add


def test_the_metric_gives_what_a_calculator_does():
    names = dict(vars(jump_metrics))
    exec(example("vidpose/biomech/jumping/jump_metrics.py"), names)
    metric = names["_REACTIVE_STRENGTH"]
    assert metric.id not in DICTIONARY
    assert isinstance(metric, jump_metrics.JumpMetric.__origin__)
    three = tuple(Flight(start_s, start_s + 0.5, np.nan, np.nan, np.nan) for start_s in (1.0, 1.75, 2.5))
    outcome = metric.compute(jump_metrics.Jumps(three, frame_s=0.01), "none")
    height_m = 9.80665 * 0.5**2 / 8
    assert outcome.value == pytest.approx(height_m / 0.25)
    assert outcome.n == 2
    assert 0 < outcome.uncertainty < outcome.value
    assert metric.compute(jump_metrics.Jumps(three[:1], frame_s=0.01), "none").reason == "no_events"
    assert metric.compute(jump_metrics.Jumps(()), "none").reason == "no_events"


def test_the_exporter_writes_a_table_and_its_note(added, tmp_path):
    added("vidpose/results/exports/csv_files.py", EXPORTERS, "csv")
    settings = load_settings(None, {"exports": {"kinds": ["csv"]}}).exports
    result = made_result(5, n_people=2)
    paths = write_exports(tmp_path / "out", result, made_provenance(), settings)
    assert [path.name for path in paths] == ["person_0_angles.csv", "person_1_angles.csv", "exports.json"]
    for path, person in zip(paths, result.people, strict=False):
        table = pd.read_csv(path, index_col="time_s")
        angles = person.analysis.angles
        assert tuple(table.columns) == angles.ids
        np.testing.assert_allclose(table, np.rad2deg(angles.values_rad), atol=0.0005)


def test_the_estimator_finds_the_tags(added):
    added("vidpose/pose/aruco.py", ESTIMATORS, "aruco")
    settings = PoseSettings("aruco")
    assert describe_estimator(settings).name == "aruco"
    tags = cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_50)
    film = np.full((3, 240, 240), 255, np.uint8)
    places = {"right_hip": (60, 60), "right_knee": (60, 160), "right_ankle": (160, 160)}
    for tag, (x, y) in enumerate(places.values()):
        film[:2, y - 20 : y + 20, x - 20 : x + 20] = cv2.aruco.generateImageMarker(tags, tag, 40)
    with open_estimator(settings, PROJECT / "a.mp4") as estimator:
        found = [
            estimator.estimate(
                Picture(grey, grey[::2, ::2], grey[::2, ::2], 0, BT601, lambda grey=grey: np.dstack([grey] * 3)), t / 30
            )
            for t, grey in enumerate(film)
        ]
    assert [len(people) for people in found] == [1, 1, 0]
    image_px = found[0][0].pose.image_px
    assert int(np.isfinite(image_px[:, 0]).sum()) == 3
    seen = [image_px[LANDMARK_INDEX[name]] for name in places]
    np.testing.assert_allclose(seen, list(places.values()), atol=0.5)
    assert vidpose.joint_angle(*(point[None] for point in seen)) == pytest.approx(90, abs=1)

"""ultralytics itself converts a small network with random weights, and its own code reads the outputs as ours does.

Skipped where the extra ``yolo`` is not installed. No weights are downloaded.
"""

import os
import subprocess
import sys
from importlib import util

import numpy as np
import pytest
from made_yolo import picture

from vidpose.pose.yolo.detections import DetectionSettings, decode
from vidpose.pose.yolo.facts import read_facts
from vidpose.pose.yolo.network import RunSettings, YoloNetwork
from vidpose.pose.yolo.store import converted_model

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(util.find_spec("ultralytics") is None, reason="the extra yolo is not installed"),
]

# Batch statistics of one noisy picture keep the random network's outputs alive; without them all candidates are alike.
MAKE = """
import sys, torch
from ultralytics import YOLO
from ultralytics.nn.tasks import PoseModel
torch.manual_seed(0)
yolo = YOLO(sys.argv[1] + ".yaml")
model = yolo.model = PoseModel(sys.argv[1] + ".yaml", nc=1, verbose=False)
model.names, model.task = {0: "person"}, "pose"
for layer in model.modules():
    if isinstance(layer, torch.nn.BatchNorm2d):
        layer.momentum = 1.0
model.train()
with torch.no_grad():
    model(torch.rand(2, 3, 6, 10).repeat_interleave(32, 2).repeat_interleave(32, 3))
yolo.save(sys.argv[2])
"""
READ = """
import sys, numpy, torch
from ultralytics.utils.nms import non_max_suppression
output = torch.from_numpy(numpy.load(sys.argv[1]))
found = non_max_suppression(output, 0.1, 0.7, nc=1, max_det=3000, end2end=sys.argv[3] == "True", max_time_img=60)[0]
numpy.save(sys.argv[2], found.numpy())
"""


@pytest.fixture(scope="module")
def environment(tmp_path_factory):
    folder = str(tmp_path_factory.mktemp("home"))
    return {**os.environ, "XDG_CACHE_HOME": folder, "YOLO_CONFIG_DIR": folder, "YOLO_OFFLINE": "1"}


def run(program, environment, *arguments):
    done = subprocess.run(
        [sys.executable, "-c", program, *map(str, arguments)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(("name", "chooses"), [("yolo11n-pose", False), ("yolo26n-pose", True)])
def test_a_random_network_is_converted_and_read_as_ultralytics_reads_it(tmp_path, environment, name, chooses):
    weights = tmp_path / f"{name}.pt"
    run(MAKE, environment, name, weights)
    model = converted_model(str(weights), environment)
    facts = read_facts(model.folder)
    assert (facts.task, facts.stride_px, facts.chooses, facts.has_coco_keypoints) == ("pose", 32, chooses, True)

    rgb = np.random.default_rng(0).integers(0, 256, (9, 16, 3)).repeat(40, axis=0).repeat(40, axis=1)
    output, _ = YoloNetwork(model, RunSettings()).infer(picture(rgb))
    assert output.shape == ((1, 300, 57) if chooses else (1, 56, 5040))
    output = output.copy()
    if not chooses:  # no two candidates alike: their order would be anybody's choice
        output[:, 4] = np.random.default_rng(1).permutation(5040) / 5040
    np.save(tmp_path / "output.npy", output)
    run(READ, environment, tmp_path / "output.npy", tmp_path / "theirs.npy", chooses)
    theirs = np.load(tmp_path / "theirs.npy")
    theirs = theirs[np.argsort(-theirs[:, 4], kind="stable")]
    ours = decode(output, facts, DetectionSettings(min_score=0.1, max_overlap=0.7, max_candidates=10_000))
    assert len(ours) == len(theirs) > 10
    np.testing.assert_allclose(ours.scores, theirs[:, 4])
    np.testing.assert_allclose(ours.boxes_px, theirs[:, :4], atol=1e-3)
    np.testing.assert_allclose(ours.keypoints_px, theirs[:, 6:].reshape(-1, 17, 3)[..., :2], atol=1e-3)

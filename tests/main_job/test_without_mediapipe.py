"""The default estimator never imports mediapipe; the estimator ``mediapipe`` runs with what is installed."""

import subprocess
import sys
from pathlib import Path

import pytest

from vidpose.pose.models import local_models
from vidpose.selftest import LIMITS_DEG, MIN_FOUND_SHARE, measure, truth_of

PROJECT = Path(__file__).parents[2]
RUN = "from vidpose.cli import run_pipeline; run_pipeline()"
WITHOUT_MEDIAPIPE = f"import sys; sys.modules['mediapipe'] = None; {RUN}"
pytestmark = [
    pytest.mark.slow,
    pytest.mark.thorough,
    pytest.mark.skipif(local_models(1) is None, reason="the networks are not here; run: vidpose models fetch full"),
]


def knees_of(sample_video, folder, code, *options):
    """Process the sample clip in a process of its own and compare it with the truth."""
    said = subprocess.run(
        [
            *(sys.executable, "-c", code, "--video", str(sample_video), "--engine", "inline", "--no_video"),
            *("--output", str(folder / "output"), "--models", str(folder / "models"), *options),
        ],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.returncode == 0, said.stdout + said.stderr
    return measure(folder / "models" / sample_video.name / "pose_model.json", truth_of(sample_video))


@pytest.mark.parametrize(
    ("estimator", "code"),
    [pytest.param("mediapipe", RUN, marks=pytest.mark.chaos), ("blazepose", WITHOUT_MEDIAPIPE)],
)
def test_the_angles_of_the_sample_clip_are_right(sample_video, tmp_path, estimator, code):
    accuracy = knees_of(sample_video, tmp_path, code, "--estimator", estimator)
    assert accuracy.n_frames == 762
    assert accuracy.found_share >= MIN_FOUND_SHARE
    for joint in accuracy.joints:
        assert joint.median_abs_deg <= LIMITS_DEG[joint.angle_id[:-2]], joint
    assert {joint.angle_id[:-2] for joint in accuracy.joints} >= {"knee_flexion"}

"""BlazePose by OpenVINO and MediaPipe's own graph place landmarks alike, within what noise does to the graph."""

import pytest

from benchmarks.equality import MAX_OPEN_LOOP_PERCENT, compare, difference, noise_floor
from vidpose.pose.estimator import PoseSettings

SETTINGS = PoseSettings(estimator="blazepose", max_people=1, device="cpu")
pytestmark = pytest.mark.slow


def test_the_sample_clip_agrees_with_the_graph_within_what_noise_does(sample_video):
    answers = compare(sample_video, [SETTINGS], seeds=(1,), limit=20)
    assert difference(answers["f32 open"], answers["graph"]).mean_percent < MAX_OPEN_LOOP_PERCENT
    closed = difference(answers["f32 closed"], answers["graph"])
    assert closed.n_one_sided == 0
    assert closed.median_frame_percent < 2.0 * noise_floor(answers).median_frame_percent, "one seed, few frames"


@pytest.mark.parametrize("name", ["pose2sim_single_cam01.mp4", "gaitlab_male_side.mp4"])
def test_real_clips_agree_with_the_graph_in_the_squares_that_it_chose(shared_data, name):
    answers = compare(shared_data / "videos" / name, [SETTINGS], seeds=(), limit=25)
    found = difference(answers["f32 open"], answers["graph"])
    assert found.mean_percent < MAX_OPEN_LOOP_PERCENT
    assert found.knee_deg < 0.5
    assert found.n_one_sided == 0

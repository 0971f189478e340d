"""Contenders in processes of their own: warm first, then timed from a common start."""

import av
import numpy as np
import pytest

from benchmarks.contenders.naive import N_WARM
from benchmarks.harness.rounds import run_together

N_FRAMES = 45


@pytest.fixture
def small_clip(tmp_path):
    path = tmp_path / "grey.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=30)
        stream.width, stream.height, stream.pix_fmt = 128, 96, "yuv420p"
        for number in range(N_FRAMES):
            picture = np.full((96, 128, 3), 5 * number, dtype=np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode())
    return path


def test_frames_of_all_processes_count_but_the_warm_ones(small_clip):
    one = run_together([["decode", str(small_clip)]] * 2)
    assert one.n_frames == 2 * (N_FRAMES - N_WARM)
    assert 0 < one.wall_s < one.whole_s


def test_a_contender_that_ends_early_says_why(tmp_path):
    with pytest.raises(RuntimeError, match="No such file"):
        run_together([["decode", str(tmp_path / "none.mp4")]])


@pytest.mark.slow
@pytest.mark.thorough
@pytest.mark.parametrize("name", ["naive", "naive_draw", "pose_mediapipe", "stages_mediapipe"])
def test_contenders_that_pose(name, small_clip):
    pytest.importorskip("mediapipe.python.solutions", reason="measures the graph of mediapipe 0.10.21")
    one = run_together([[name, str(small_clip)]])
    assert one.n_frames == (N_FRAMES - N_WARM if name.startswith("naive") else N_FRAMES)
    assert one.cpu_s > 0
    if name.startswith("stages"):
        assert all(spent > 0 for stage, spent in one.extra["cpu_ms"].items() if not stage.startswith(("crop", "copy")))


@pytest.mark.slow
@pytest.mark.thorough
def test_the_network_alone():
    assert run_together([["inference_f32"]]).n_frames == 600

"""Files that bring a prober down, or want gigabytes, cost themselves only."""

import gzip
import os
import signal

import av
import numpy as np
import psutil
import pytest

from vidpose.engines.prober import LEAST_BYTES, Prober
from vidpose.errors import InputError
from vidpose.video.probe import content_sha256, probe
from vidpose.video.probe_limits import ProbeSettings

pytestmark = pytest.mark.slow


@pytest.fixture
def prober():
    with Prober(ProbeSettings(), limit_bytes=0) as prober:
        yield prober


@pytest.fixture
def clip(tmp_path):
    path = tmp_path / "clip \udcff.mp4"
    with av.open(f"file:{path}", "w") as output:
        stream = output.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for _ in range(5):
            output.mux(stream.encode(av.VideoFrame.from_ndarray(np.zeros((48, 64, 3), np.uint8))))
        output.mux(stream.encode(None))
    return path


def test_it_says_what_probing_here_says(prober, clip, tmp_path):
    sha256 = content_sha256(clip)
    there, here = prober.probe(clip, sha256), probe(clip, sha256)
    assert (there.path, there.sha256, there.width_px, there.codec) == (clip, sha256, 64, "h264")
    np.testing.assert_array_equal(there.pts, here.pts)
    (tmp_path / "text.mp4").write_text("no video")
    with pytest.raises(InputError, match=r"text\.mp4") as refused:
        prober.probe(tmp_path / "text.mp4", "")
    assert refused.value.context["code"] == "not_a_video"


def test_one_that_dies_costs_one_file(prober, clip):
    prober.probe(clip, "")
    os.kill(prober._idle[0].pid, signal.SIGKILL)
    with pytest.raises(InputError, match="died") as refused:
        prober.probe(clip, "")
    assert refused.value.context["code"] == "worker_lost"
    assert prober.probe(clip, "").n_frames == 5


def test_one_that_is_silent_for_too_long_is_given_up(prober, clip):
    prober.probe(clip, "")
    pid = prober._idle[0].pid
    os.kill(pid, signal.SIGSTOP)
    prober._settings = ProbeSettings(max_probe_s=0.2)
    with pytest.raises(InputError, match=r"not probed within .*probing\.max_probe_s") as refused:
        prober.probe(clip, "")
    assert refused.value.context["code"] == "stalled"
    assert not psutil.pid_exists(pid)


@pytest.mark.parametrize("name", ["bomb_h264_16000.mp4", "bomb_png_16k_rgba64.mov"])
def test_what_decodes_to_gigabytes_is_refused_with_the_arithmetic(prober, shared_data, tmp_path, name):
    packed = shared_data / "cases" / "attack" / f"{name}.gz"
    (tmp_path / name).write_bytes(gzip.decompress(packed.read_bytes()))
    with pytest.raises(InputError, match=f"{LEAST_BYTES >> 20} MiB") as refused:
        prober.probe(tmp_path / name, "")
    assert refused.value.context["code"] == "too_large"
    assert psutil.Process(prober._idle[0].pid).memory_info().rss < 2 * LEAST_BYTES


def test_a_picture_of_a_few_pixels_is_refused(prober, shared_data, tmp_path):
    packed = shared_data / "cases" / "attack" / "n1e6_1px.mov.gz"
    (tmp_path / "tiny.mov").write_bytes(gzip.decompress(packed.read_bytes()))
    with pytest.raises(InputError, match="at least 16 px") as refused:
        prober.probe(tmp_path / "tiny.mov", "")
    assert refused.value.context["code"] == "too_small"

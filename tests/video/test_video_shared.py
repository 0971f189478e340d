"""Real videos: what they are known to hold, counted independently, and written again."""

import av
import numpy as np
import pytest
from whole_video import annotate

from vidpose.planning.parts import plan_parts
from vidpose.video.damage import decode_findings
from vidpose.video.decode import VideoReader
from vidpose.video.probe import probe

# width, height, announced frames, frames that decode, rotation, frames per second
KNOWN = {
    "gaitlab_male_side.mp4": (720, 1280, 360, 360, 0, 30),
    "sports2d_demo.mp4": (1768, 994, 230, 230, 0, 30),
    "tfjs_pose_squats.mp4": (720, 1280, 65, 65, 0, 5),
    "tfjs_pose_1.mp4": (576, 576, 120, 120, 0, 30),
    "pose2sim_single_cam01.mp4": (1080, 1920, 100, 100, 0, 60),
    "pose2sim_single_cam04.mp4": (1088, 1920, 100, 100, 0, 60),
    "pose2sim_multi_cam02.mp4": (1088, 1920, 100, 100, 0, 60),
    "mmpose_demo.mp4": (960, 540, 5, 5, 0, 5),
    "rotation/decord_video_0.mov": (568, 320, 3, 3, 0, 30),
    "rotation/decord_video_90.mov": (320, 568, 3, 3, 90, 30),
    "rotation/decord_video_180.mov": (568, 320, 3, 3, 180, 30),
    "rotation/decord_video_270.mov": (320, 568, 3, 3, 270, 30),
    "bad/decord_corrupted.mp4": (1280, 720, 50, 49, 0, 10),
    "bad/decord_unordered.mov": (50, 50, 4, 4, 0, 32),
}


def test_every_known_video_is_there(shared_data):
    folder = shared_data / "videos"
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert set(KNOWN) <= found


@pytest.mark.parametrize("name", KNOWN)
@pytest.mark.thorough
def test_probe_and_decode(shared_data, name):
    width, height, n_announced, n_decodable, rotation, rate = KNOWN[name]
    index = probe(shared_data / "videos" / name, "")
    assert (index.width_px, index.height_px, index.rotation_deg) == (width, height, rotation)
    assert index.n_frames == n_announced
    assert index.frame_period_s == pytest.approx(1 / rate)
    assert index.findings == ()
    stamps = []
    with VideoReader(index.source) as reader:
        for batch in reader.batches(4):
            for frame in batch:
                assert frame.rgb.shape == (height, width, 3)
                stamps.append(frame.pts)
    assert len(stamps) == n_decodable == independent_count(index.path)
    assert set(stamps) <= set(index.pts.tolist())
    assert stamps == sorted(set(stamps))
    found = {finding.code for finding in decode_findings([reader.report], index)}
    assert found == ({"decode_gaps", "corrupt_frames"} if "corrupted" in name else set())


def independent_count(path):
    """Frames that ffmpeg's frame-threaded decoder gives, counted without our reader."""
    n_frames = 0
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        for packet in container.demux(stream):
            try:
                n_frames += len(packet.decode())
            except av.error.InvalidDataError:
                continue
    return n_frames


@pytest.mark.parametrize(
    "name", ["tfjs_pose_1.mp4", "sports2d_demo.mp4", "rotation/decord_video_90.mov", "bad/decord_corrupted.mp4"]
)
@pytest.mark.thorough
def test_annotated_again(shared_data, tmp_path, name):
    index = probe(shared_data / "videos" / name, "")
    parts = plan_parts(index, 2.0)
    report = annotate(index.source, tmp_path / "out.mp4", lambda _, canvas: canvas.planes[0][:4].fill(0), parts=parts)
    written = probe(tmp_path / "out.mp4", "")
    assert report.n_frames == written.n_frames == KNOWN[name][3] == independent_count(written.path)
    with VideoReader(index.source) as reader:
        times = [frame.pts * index.time_base for batch in reader.batches(1) for frame in batch]
    np.testing.assert_array_equal(written.pts * written.time_base, times)
    assert written.duration_s == pytest.approx(index.duration_s, abs=index.frame_period_s)
    assert report.audio == ("copied" if index.audio_codec else "none")
    if index.audio_codec:
        assert audio_content(written.path) == audio_content(index.path)


def audio_content(path):
    with av.open(str(path)) as container:
        return [(packet.pts, bytes(packet)) for packet in container.demux(audio=0) if packet.size]

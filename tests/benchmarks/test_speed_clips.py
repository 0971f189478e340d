"""Looped clips: the same pictures again and again, times that go on, nothing encoded again."""

import av
import numpy as np
import pytest

from benchmarks.harness.clips import SAMPLE, clip_of, find_clip, looped


def packets(path, kind):
    with av.open(str(path)) as container:
        stream = container.streams.video[0] if kind == "video" else container.streams.audio[0]
        return [(bytes(packet), packet.pts, packet.dts) for packet in container.demux(stream) if packet.size]


@pytest.fixture(scope="module")
def clip(tmp_path_factory):
    return looped(SAMPLE, 1500, tmp_path_factory.mktemp("clips"))


def test_the_source_is_repeated_whole(clip):
    assert clip.n_frames == 2 * 762
    assert (clip.name, clip.codec, clip.width_px, clip.height_px) == (SAMPLE.name, "h264", 1280, 720)
    assert clip.seconds == pytest.approx(1524 / 30)


def test_pictures_are_the_source_s_packets_and_their_times_go_on(clip):
    made, source = packets(clip.path, "video"), packets(SAMPLE, "video")
    assert [content for content, _, _ in made] == 2 * [content for content, _, _ in source]
    assert len(set(np.diff(sorted(pts for _, pts, _ in made)))) == 1
    assert np.all(np.diff([dts for _, _, dts in made]) > 0)


def test_sound_goes_on_without_a_pause_for_as_long(clip):
    made, source = packets(clip.path, "audio"), packets(SAMPLE, "audio")
    assert [content for content, _, _ in made[: len(source)]] == [content for content, _, _ in source]
    assert len(made) == pytest.approx(2 * len(source), abs=2)
    steps = np.diff([pts for _, pts, _ in made])
    assert steps.max() == 1024  # samples of an AAC packet; the source's last one is cut short
    assert np.sum(steps < 1024) <= 2


def test_copies_show_the_same_but_are_other_files(tmp_path):
    first, second = (looped(SAMPLE, 1, tmp_path, copy) for copy in (0, 1))
    assert first.path.read_bytes() != second.path.read_bytes()
    assert packets(first.path, "video") == packets(second.path, "video")


def test_a_clip_is_made_once(tmp_path):
    first = looped(SAMPLE, 1, tmp_path)
    made_at = first.path.stat().st_mtime_ns
    assert looped(SAMPLE, 1, tmp_path) == first == clip_of(first.path, SAMPLE.name)
    assert first.path.stat().st_mtime_ns == made_at
    assert sorted(tmp_path.iterdir()) == [first.path]


def test_the_sample_stands_in_for_what_is_not_there(tmp_path):
    assert find_clip("missing.mp4", tmp_path) == SAMPLE
    (tmp_path / "there.mp4").touch()
    assert find_clip("there.mp4", tmp_path) == tmp_path / "there.mp4"

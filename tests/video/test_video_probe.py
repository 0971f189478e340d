"""Probing: what the index says of good, odd and broken files."""

import math
import os
import shutil
from fractions import Fraction

import av
import numpy as np
import pytest

from vidpose.errors import InputError
from vidpose.types.findings import CODES
from vidpose.video.probe import content_sha256, probe
from vidpose.video.probe_limits import ProbeSettings


def codes(index):
    return [finding.code for finding in index.findings]


def refusal(path):
    with pytest.raises(InputError) as caught:
        probe(path, "")
    assert caught.value.context["advice"] == CODES[caught.value.context["code"]]
    return caught.value.context["code"]


def test_a_plain_clip(clip):
    path = clip("a.mp4", audio="aac")
    index = probe(path, content_sha256(path))
    assert index.path == path
    assert index.size_bytes == path.stat().st_size
    assert len(index.sha256) == 64
    assert (index.codec, index.pixel_format, index.audio_codec) == ("h264", "yuv420p", "aac")
    assert (index.width_px, index.height_px, index.rotation_deg) == (96, 64, 0)
    assert index.n_frames == 30
    np.testing.assert_allclose(index.timestamps_s, np.arange(30) / 30, atol=1e-9)
    assert index.declared_duration_s == pytest.approx(1.0)
    assert codes(index) == []


def test_true_times_of_a_variable_rate(clip):
    stamps = [0, 512, 1200, 1300, 2900, 5000]
    index = probe(clip("v.mp4", n_frames=6, stamps=stamps), "")
    np.testing.assert_array_equal(index.pts * index.time_base, [k * Fraction(1, 15360) for k in stamps])


def test_frames_outside_the_edit_list_are_not_announced(clip):
    path = clip("edit.mp4", stamps=[(k - 5) * 512 for k in range(30)])
    with av.open(str(path)) as container:
        assert sum(packet.size > 0 for packet in container.demux(video=0)) == 30
    index = probe(path, "")
    assert index.n_frames == 25
    assert index.pts[0] == 0
    assert codes(index) == []


@pytest.mark.parametrize(("name", "first_s"), [("late.mkv", 651.042), ("late.mp4", 651.0417)])
def test_a_late_start_is_told_and_the_clock_begins_at_0(clip, name, first_s):
    index = probe(clip(name, stamps=[10_000_000 + k * 512 for k in range(30)]), "")
    assert index.container_offset_s == pytest.approx(first_s, abs=1e-3)
    assert index.timestamps_s[0] == 0
    assert codes(index) == []


@pytest.mark.parametrize(("turns_ccw", "rotation_deg"), [(0, 0), (1, 270), (2, 180), (3, 90)])
def test_rotation_and_shown_size(clip, turns_ccw, rotation_deg):
    index = probe(clip("r.mp4", quarter_turns_ccw=turns_ccw), "")
    assert index.rotation_deg == rotation_deg
    assert (index.width_px, index.height_px) == ((96, 64) if turns_ccw % 2 == 0 else (64, 96))


@pytest.mark.parametrize("turns_ccw", [0, 1, 2, 3])
def test_a_mirror_is_told(clip, turns_ccw):
    index = probe(clip("m.mp4", mirrored=True, quarter_turns_ccw=turns_ccw), "")
    assert index.mirrored
    assert codes(index) == ["mirrored"]


def test_pixels_become_square(clip):
    index = probe(clip("sar.mp4", pixel_aspect=Fraction(4, 3), quarter_turns_ccw=3), "")
    assert (index.width_px, index.height_px) == (64, 128)


@pytest.mark.parametrize(
    "changes", [{"size": (97, 63), "pixel_format": "yuv444p"}, {"pixel_format": "yuv422p10le"}, {"n_frames": 1}]
)
def test_odd_sizes_deep_colours_and_single_frames(clip, changes):
    index = probe(clip("x.mp4", **changes), "")
    assert (index.width_px, index.height_px) == changes.get("size", (96, 64))
    assert index.n_frames == changes.get("n_frames", 30)
    assert index.pixel_format == changes.get("pixel_format", "yuv420p")


@pytest.mark.parametrize(("name", "container"), [("raw.h264", "h264"), ("raw.265", "hevc")])
def test_a_raw_stream_gets_its_own_rate(clip, name, container):
    codec = {"h264": "libx264", "hevc": "libx265"}[container]
    options = {"x265-params": "log-level=none"} if container == "hevc" else {"g": "10"}
    index = probe(clip(name, container=container, codec=codec, options=options, rate=50, time_base=Fraction(1, 50)), "")
    assert (index.timing, index.n_frames) == ("assumed", 30)
    assert index.assumed_period * index.time_base == Fraction(1, 50)
    assert index.frame_period_s == pytest.approx(0.02)
    assert math.isnan(index.declared_duration_s)
    assert codes(index) == ["timestamps_assumed"]


def test_avi_with_reordered_frames_counts_frames(clip):
    index = probe(clip("b.avi", time_base=Fraction(1, 30)), "")
    assert index.timing == "assumed"
    assert index.frame_period_s == pytest.approx(1 / 30)


def test_repeated_stamps_are_repaired(clip):
    path = clip(
        "dup.mkv",
        n_frames=6,
        codec="mjpeg",
        pixel_format="yuvj420p",
        options={},
        time_base=Fraction(1, 10000),
        stamps=[0, 330, 660, 662, 990, 1330],
    )
    index = probe(path, "")
    assert index.pts.tolist() == [0, 33, 66, 67, 99, 133]
    assert codes(index) == ["timestamps_repaired"]


def test_joined_transport_streams_get_a_constant_rate(clip, tmp_path):
    one = clip("one.ts", container="mpegts").read_bytes()
    joined = tmp_path / "joined.ts"
    joined.write_bytes(one + one)
    index = probe(joined, "")
    assert (index.n_frames, index.timing) == (60, "assumed")
    assert codes(index) == ["timestamps_repaired"]


def test_a_cut_file_is_noticed(clip, tmp_path):
    whole = clip("whole.mkv", n_frames=90).read_bytes()
    cut = tmp_path / "cut.mkv"
    cut.write_bytes(whole[: len(whole) * 6 // 10])
    index = probe(cut, "")
    assert 30 < index.n_frames < 90
    assert codes(index) == ["ends_early"]


def test_fatal_inputs_have_distinct_reasons(clip, tmp_path):
    empty, text = tmp_path / "empty.mp4", tmp_path / "text.mp4"
    empty.write_bytes(b"")
    text.write_text("hello world\n" * 50)
    no_index = tmp_path / "no_index.mp4"
    no_index.write_bytes(clip("ok.mp4").read_bytes()[:1500])
    assert refusal(empty) == "empty_file"
    assert refusal(text) == "not_a_video"
    assert refusal(no_index) == "recording_not_finished"
    assert refusal(tmp_path / "absent.mp4") == "unreadable"
    with pytest.raises(InputError, match="No such file"):
        content_sha256(tmp_path / "absent.mp4")


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads every file")
def test_a_closed_file_is_told_as_such(clip):
    path = clip("closed.mp4")
    path.chmod(0)
    assert refusal(path) == "no_access"


def test_sound_with_cover_art_is_no_video(tmp_path):
    path = tmp_path / "song.m4v"
    with av.open(str(path), "w", format="mp4") as output:
        sound = output.add_stream("aac", rate=48000)
        cover = output.add_stream("mjpeg", rate=1)
        cover.width, cover.height, cover.pix_fmt = 64, 64, "yuvj420p"
        cover.disposition = av.stream.Disposition.attached_pic
        picture = av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8), format="rgb24")
        output.mux(cover.encode(picture))
        output.mux(cover.encode(None))
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 2 * 48000), np.int16), format="s16", layout="stereo")
        frame.sample_rate = 48000
        output.mux(sound.encode(frame))
        output.mux(sound.encode(None))
    with av.open(str(path)) as container:
        assert len(container.streams.video) == 1
    assert refusal(path) == "no_video_stream"


def test_a_stream_without_any_good_frame(clip, tmp_path):
    content = bytearray(clip("ok.mkv", codec="libx264", n_frames=3).read_bytes())
    with av.open(str(tmp_path / "ok.mkv")) as container:
        for packet in container.demux(video=0):
            if packet.size:
                start = content.index(bytes(packet))
                content[start : start + packet.size] = b"\xff" * packet.size
    broken = tmp_path / "broken.mkv"
    broken.write_bytes(content)
    assert refusal(broken) == "no_frames"


def test_a_header_that_claims_a_huge_picture_is_refused(clip, tmp_path):
    content = clip("ok.avi", codec="ffv1", options={}, time_base=Fraction(1, 30), n_frames=2).read_bytes()
    size = (96).to_bytes(4, "little") + (64).to_bytes(4, "little")
    huge = (20000).to_bytes(4, "little") + (64).to_bytes(4, "little")
    assert size in content
    bomb = tmp_path / "bomb.avi"
    bomb.write_bytes(content.replace(size, huge))
    assert refusal(bomb) == "too_large"


@pytest.mark.parametrize(
    "name",
    [
        b"a:b.mp4",
        b"http:x.mp4",
        b"concat:x.mp4",
        b"pipe:0.mp4",
        b"%03d.mp4",
        b"-x.mp4",
        b"two\nlines.mp4",
        b"caf\xe9.mp4",
        "Kür – 跳.mp4".encode(),
        b"x" * 251 + b".mp4",
    ],
)
def test_hostile_names(clip, tmp_path, name, monkeypatch):
    original = clip("ok.mp4", n_frames=2)
    path = tmp_path / os.fsdecode(name)
    shutil.copy(original, path)
    assert probe(path, content_sha256(path)).n_frames == 2
    monkeypatch.chdir(tmp_path)
    assert probe(path.relative_to(tmp_path), "").path == path


def test_a_playlist_opens_nothing_else(clip, tmp_path):
    clip("inner.mp4", n_frames=2)
    playlist = tmp_path / "list.mp4"
    playlist.write_text("#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nhttp://127.0.0.1:9/x.ts\n#EXT-X-ENDLIST\n")
    assert refusal(playlist) in ("not_a_video", "unreadable", "no_video_stream")


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        ({"max_pixels": 6143}, r"96 x 64 px = 6144 pixels, at most 6143 \(probing\.max_pixels\)"),
        ({"max_frames": 29}, r"30 frames or more, at most 29 \(probing\.max_frames\)"),
        ({"max_streams": 1}, r"2 streams, at most 1 \(probing\.max_streams\)"),
        ({"max_duration_s": 0.9}, r"1\.0 s from the first to the last frame, at most 0\.9 \(probing\.max_duration_s\)"),
    ],
)
def test_a_video_beyond_a_limit_is_refused_with_the_figures_and_the_name_of_the_setting(clip, limits, said):
    path = clip("long.mp4", audio="aac")
    with pytest.raises(InputError, match=said) as refused:
        probe(path, "", ProbeSettings(**limits))
    assert refused.value.context["code"] == "beyond_limit"
    with pytest.raises(ValueError, match="expected more than 0"):
        ProbeSettings(**dict.fromkeys(limits, 0))

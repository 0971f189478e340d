"""What a file says about itself, and what is done with it; the clips are those of real users' reports, drawn."""

from __future__ import annotations

import struct
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from whole_video import annotate

from vidpose.state.ledger import Ledger
from vidpose.types.findings import Finding
from vidpose.video.declared import avchd_date
from vidpose.video.decode import VideoReader
from vidpose.video.edit_list import read_edits
from vidpose.video.fields import field_lines
from vidpose.video.probe import probe
from vidpose.video.probe_findings import with_factor
from vidpose.video.reading import ReadingSettings


def findings(index) -> dict[str, Finding]:
    return {finding.code: finding for finding in index.findings}


def frames_of(index):
    with VideoReader(index.source) as reader:
        for (frame,) in reader.batches(1):
            yield frame


def with_boxes(source: Path, target: Path, content: bytes) -> Path:
    """Copy an MP4 file with boxes added at the end of its last one, ``moov``."""
    given = source.read_bytes()
    place = given.rindex(b"moov") - 4
    size = struct.unpack_from(">I", given, place)[0]
    assert place + size == len(given)
    target.write_bytes(given[:place] + struct.pack(">I", size + len(content)) + given[place + 4 :] + content)
    return target


def box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(content), kind) + content


@pytest.mark.parametrize("what", ["no header", "empty header", "empty list", "no number"])
def test_damaged_boxes_say_nothing(sample_video, tmp_path, what):
    header = bytes(12) + struct.pack(">I", 600) + bytes(60)
    track = box(b"tkhd", bytes(12) + struct.pack(">I", 1) + bytes(60)) + box(b"mdia", box(b"mdhd", header))
    contents = {
        "no header": box(b"moov", box(b"trak", b"")),
        "empty header": box(b"moov", box(b"mvhd", b"")),
        "empty list": box(b"moov", box(b"mvhd", header) + box(b"trak", track + box(b"edts", box(b"elst", b"")))),
        "no number": box(b"meta", b'captureFps="1.2.3"'),
    }
    path = tmp_path / "a.mp4"
    path.write_bytes(contents[what])
    assert read_edits(path, 1) == ()
    path.write_bytes(sample_video.read_bytes() + contents["no number"])
    assert np.isnan(probe(path, "").capture_rate_hz)


@pytest.mark.parametrize(
    "name",
    [
        *("android_capture_fps_120_in_30.mp4", "selfie_mirror_matrix.mp4", "elst_slow.mov", "hdr10_pq_10bit.mp4"),
        *("interlaced_576i.mp4", "two_cameras.mkv"),
    ],
)
def test_what_a_file_says_is_remembered(shared_data, tmp_path, name):
    path = shared_data / "cases" / name
    index = probe(path, "ab", reading=ReadingSettings(split_fields=True))
    with Ledger(tmp_path / "ledger.sqlite") as ledger:
        ledger.remember_probe("ab", "1", index)
        known = ledger.known_probe("ab", "1", path)
    assert known is not None and known.findings == index.findings
    assert known.source == index.source


class TestOneClock:
    def test_a_camcorder_begins_where_its_sound_begins(self, shared_data):
        index = probe(shared_data / "cases" / "camcorder_start_1.467s.MTS", "")
        assert index.container_offset_s == pytest.approx(1.4434, abs=1e-4)
        assert index.timestamps_s[0] == pytest.approx(0.0232, abs=1e-4)
        assert next(frames_of(index)).time_s == index.timestamps_s[0]

    def test_the_annotated_video_has_the_times_of_the_tables(self, shared_data, tmp_path):
        index = probe(shared_data / "cases" / "camcorder_start_1.467s.MTS", "")
        told_s = []
        annotate(index.source, tmp_path / "a.mp4", lambda time_s, canvas: told_s.append(time_s))
        np.testing.assert_allclose(told_s, index.timestamps_s)
        np.testing.assert_allclose(probe(tmp_path / "a.mp4", "").timestamps_s, index.timestamps_s, atol=1e-5)

    def test_sound_before_0_is_encoder_delay(self, clip):
        index = probe(clip("a.mp4", audio="aac", n_frames=3), "")
        assert (index.origin_pts, index.timestamps_s[0]) == (0, 0)

    @pytest.mark.parametrize(
        ("tags", "recorded_at"),
        [
            ({"creation_time": "2026-11-03T10:20:30.000000Z"}, "2026-11-03T10:20:30+00:00"),
            ({"creation_time": "1904-01-01T00:00:00.000000Z"}, None),
            ({}, None),
        ],
    )
    def test_date_and_timecode_are_those_of_the_file(self, clip, tmp_path, tags, recorded_at):
        with av.open(str(clip("a.mp4", n_frames=3))) as source, av.open(str(tmp_path / "b.mkv"), "w") as target:
            stream = target.add_stream_from_template(source.streams.video[0])
            target.metadata.update(tags)
            stream.metadata["timecode"] = "10:20:30:05"
            for packet in source.demux(video=0):
                if packet.dts is not None:
                    packet.stream = stream
                    target.mux(packet)
        index = probe(tmp_path / "b.mkv", "")
        assert (index.recorded_at, index.timecode) == (recorded_at, "10:20:30:05")

    def test_the_date_of_an_avchd_camcorder(self):
        facts = bytes.fromhex("18 00 20 26 11  19 03 10 20 30")
        assert avchd_date(bytes(16) + b"MDPM" + bytes([2]) + facts) == "2026-11-03T10:20:30"
        assert avchd_date(b"x264 - core 165") is avchd_date(b"MDPM") is None


class TestSlowMotion:
    def test_the_android_tag(self, shared_data):
        index = probe(shared_data / "cases" / "android_capture_fps_120_in_30.mp4", "")
        assert (index.capture_rate_hz, index.slow_motion_factor) == (120, 4)
        assert findings(index)["slow_motion_declared"].details["played_rate_hz"] == pytest.approx(30)

    @pytest.mark.parametrize(
        ("content", "rate_hz", "factor"),
        [
            (box(b"udta", box(b"smta", bytes(4) + box(b"saut", bytes(5) + bytes([12, 1, 3])))), 240, 8),
            (box(b"udta", box(b"smta", bytes(4) + box(b"srfr", struct.pack(">I", 480 << 16)))), 480, 16),
            (box(b"udta", box(b"GPMF", b"VFPSL\x08\x00\x01" + struct.pack(">II", 240000, 1001))), 239.76, 7.992),
        ],
        ids=["samsung-mode", "samsung-rate", "gopro"],
    )
    def test_the_boxes_of_cameras(self, clip, tmp_path, content, rate_hz, factor):
        index = probe(with_boxes(clip("a.mp4", n_frames=9), tmp_path / "b.mp4", content), "")
        assert index.capture_rate_hz == pytest.approx(rate_hz, abs=0.01)
        assert index.slow_motion_factor == pytest.approx(factor, abs=0.01)

    @pytest.mark.parametrize(
        ("tag", "rate", "factor"),
        [
            (("com.apple.quicktime.capture.framerate", "240"), 30, 8),
            (("com.android.capture.fps", "30.0"), 15, 1),  # poor light, no slow motion
            (("com.android.capture.fps", "30.0"), 30, 1),
            (("com.android.capture.fps", "2"), 30, 1 / 15),
            (("comment", "240"), 30, 1),
        ],
    )
    def test_tags(self, clip, tmp_path, tag, rate, factor):
        with av.open(str(clip("a.mp4", n_frames=9, rate=rate))) as source:
            options = {"movflags": "use_metadata_tags"}
            with av.open(str(tmp_path / "b.mp4"), "w", container_options=options) as target:
                target.metadata.update([tag])
                stream = target.add_stream_from_template(source.streams.video[0])
                for packet in source.demux(video=0):
                    if packet.dts is not None:
                        packet.stream = stream
                        target.mux(packet)
        index = probe(tmp_path / "b.mp4", "")
        assert index.slow_motion_factor == pytest.approx(factor, abs=1e-3)
        assert ("slow_motion_declared" in findings(index)) == (factor != 1)

    def test_a_factor_that_is_used_is_told(self, shared_data):
        index = probe(shared_data / "cases" / "android_capture_fps_120_in_30.mp4", "")
        (told,) = with_factor(index.findings, 4.0)
        assert told.severity == "info" and "factor 4" in told.message
        assert with_factor(index.findings, 1.0) == index.findings


class TestStreams:
    def test_the_other_stream_is_named_and_can_be_chosen(self, shared_data):
        path = shared_data / "cases" / "two_cameras.mkv"
        first, second = probe(path, ""), probe(path, "", reading=ReadingSettings(video_stream=1))
        assert (first.width_px, second.width_px) == (640, 360)
        assert next(frames_of(second)).rgb.shape == (640, 360, 3)
        assert "1: 360 x 640 px" in findings(first)["other_video_stream"].message
        assert findings(second)["other_video_stream"].severity == "info"
        absent = probe(path, "", reading=ReadingSettings(video_stream=5))
        assert (absent.stream, findings(absent)["other_video_stream"].severity) == (first.stream, "warning")


class TestFields:
    @pytest.mark.parametrize("parity", [0, 1])
    @pytest.mark.parametrize("height", [2, 7, 8])
    def test_lines_of_one_field_are_kept_and_the_others_interpolated(self, parity, height):
        plane = np.arange(height, dtype=np.uint8)[:, None] * np.full(3, 10, np.uint8)
        made = field_lines(plane, parity)
        np.testing.assert_array_equal(made[parity::2], plane[parity::2])
        if height > 2:
            np.testing.assert_array_equal(made[1 : height - 1], plane[1 : height - 1])  # a ramp is straight

    def test_interlaced_video_is_told_and_split_on_request(self, shared_data):
        path = shared_data / "cases" / "interlaced_576i.mp4"
        whole, split = probe(path, ""), probe(path, "", reading=ReadingSettings(split_fields=True))
        assert findings(whole)["interlaced"].details["field_rate_hz"] == pytest.approx(50)
        assert split.n_frames == 2 * whole.n_frames == 150
        np.testing.assert_allclose(np.diff(split.timestamps_s), 0.02)
        assert list(findings(split)) == ["fields_split"]

    @pytest.mark.parametrize("codec", ["mpeg2video", "libx264"])
    @pytest.mark.parametrize(("name", "order"), [("a.mp4", "tt"), ("b.mkv", "bb"), ("c.avi", "tt")])
    def test_fields_come_in_their_order(self, tmp_path, name, order, codec):
        path = write_interlaced(tmp_path / name, order, codec)
        index = probe(path, "", reading=ReadingSettings(split_fields=True))
        frames = list(frames_of(index))
        assert [frame.pts for frame in frames] == index.pts.tolist()
        places = [int(frame.picture.y[16:-16].mean(axis=0).argmax()) for frame in frames]
        assert (np.diff(places) > 0).all(), "the bar moves on with every field"
        assert frames[9].time_s == index.timestamps_s[9] == pytest.approx(9 / 50)


def write_interlaced(path: Path, order: str, codec: str) -> Path:
    """Write 8 frames of 25 per second with a white bar that moves 6 pixels with every field."""
    options = {"flags": "+ilme+ildct", "field_order": order}
    if codec == "libx264":
        options = {"x264-params": {"tt": "tff=1", "bb": "bff=1"}[order] + ":bframes=0"}
    with av.open(str(path), "w") as output:
        stream = output.add_stream(codec, rate=25, options=options)
        stream.width, stream.height, stream.pix_fmt = 160, 96, "yuv420p"
        stream.codec_context.bit_rate = 4_000_000
        stream.codec_context.thread_count = 1
        graph = av.filter.Graph()
        given = graph.add_buffer(width=160, height=96, format="yuv420p", time_base=Fraction(1, 25))
        mark = graph.add("setfield", {"tt": "tff", "bb": "bff"}[order])
        sink = graph.add("buffersink")
        given.link_to(mark)
        mark.link_to(sink)
        graph.configure()
        for number in range(8):
            luma = np.full((144, 160), 128, np.uint8)
            luma[:96] = 16
            for field in (0, 1):
                parity = field if order == "tt" else 1 - field
                x = 12 + 6 * (2 * number + field)
                luma[parity:96:2, x : x + 6] = 235
            frame = av.VideoFrame.from_ndarray(luma, format="yuv420p")
            frame.pts, frame.time_base = number, Fraction(1, 25)
            given.push(frame)
            output.mux(stream.encode(sink.pull()))
        output.mux(stream.encode(None))
    return path


class TestEditLists:
    def test_a_jump_back_and_another_speed_are_told(self, shared_data):
        index = probe(shared_data / "cases" / "elst_slow.mov", "")
        assert [index.source.seconds(int(pts)) for pts in index.jump_pts] == [5.0]
        assert "0.25" in findings(index)["edit_list"].message

    def test_one_edit_is_no_jump(self, clip):
        index = probe(clip("edit.mp4", stamps=[(k - 5) * 512 for k in range(30)]), "")
        assert not len(index.jump_pts) and not index.findings

"""Writing annotated videos: same frames, same times, same sound, and what is said when that fails."""

from fractions import Fraction

import av
import numpy as np
import pytest

from vidpose.errors import DecodeError, OutputError
from vidpose.types.video import VideoSource
from vidpose.video.decode import VideoReader
from vidpose.video.encode import RenderSettings, annotate
from vidpose.video.probe import probe


def nothing(number, rgb):
    pass


def times_and_means(index):
    with VideoReader(index.source) as reader:
        frames = [
            (frame.pts * index.time_base, frame.rgb.mean(axis=(0, 1))) for batch in reader.batches(8) for frame in batch
        ]
    return [time for time, _ in frames], np.array([mean for _, mean in frames])


def audio_packets(path):
    with av.open(str(path)) as container:
        return [(packet.pts * packet.time_base, bytes(packet)) for packet in container.demux(audio=0) if packet.size]


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("cfr.mp4", {}),
        ("vfr.mp4", {"stamps": [0, 500, 1200, 1300, 2900, 5000], "n_frames": 6}),
        ("late.mp4", {"stamps": [15360 + k * 512 for k in range(30)]}),
        ("edit.mp4", {"stamps": [(k - 5) * 512 for k in range(30)]}),
        ("turned.mp4", {"quarter_turns_ccw": 3}),
        ("deep.mp4", {"pixel_format": "yuv422p10le"}),
        ("wide.mp4", {"pixel_aspect": Fraction(4, 3)}),
        ("one.mp4", {"n_frames": 1}),
        ("a.mkv", {}),
        ("a.ts", {"container": "mpegts"}),
        ("a.webm", {"codec": "libvpx", "options": {}}),
        ("raw.h264", {"container": "h264", "time_base": Fraction(1, 30)}),
        ("b.avi", {"time_base": Fraction(1, 30)}),
    ],
)
def test_same_frames_at_the_same_times(clip, tmp_path, name, changes):
    index = probe(clip(name, **changes), "")
    numbers = []
    report = annotate(index.source, tmp_path / "out.mp4", lambda number, rgb: numbers.append(number))
    written = probe(tmp_path / "out.mp4", "")
    assert (written.codec, written.pixel_format, written.rotation_deg) == ("h264", "yuv420p", 0)
    assert (written.width_px, written.height_px) == (index.width_px, index.height_px)
    assert numbers == list(range(index.n_frames))
    assert report.n_frames == written.n_frames == index.n_frames
    assert report.decode.n_frames == index.n_frames
    assert (report.audio, report.findings) == ("none", ())
    source_times, source_means = times_and_means(index)
    times, means = times_and_means(written)
    offset = source_times[0]
    assert float(offset) == pytest.approx(report.start_offset_s)
    assert times == [time - offset for time in source_times]
    np.testing.assert_allclose(means, source_means, atol=3)


def test_the_last_frame_is_shown_as_long_as_in_the_source(clip, tmp_path):
    stamps = [0, 500, 1200, 1300, 2900, 5000]
    index = probe(clip("vfr.mkv", stamps=stamps, n_frames=6), "")
    with VideoReader(index.source) as reader:
        last_duration_s = [frame.duration for batch in reader.batches(9) for frame in batch][-1] * index.time_base
    annotate(index.source, tmp_path / "out.mp4", nothing)
    with av.open(str(tmp_path / "out.mp4")) as container:
        packet = [packet for packet in container.demux(video=0) if packet.size][-1]
    assert last_duration_s > 0
    assert packet.duration * packet.time_base == last_duration_s


def test_odd_sizes_get_one_more_row_and_column(clip, tmp_path):
    index = probe(clip("odd.mp4", size=(97, 63), pixel_format="yuv444p"), "")

    def mark(number, rgb):
        assert rgb.shape == (63, 97, 3)
        rgb[:8, :8] = (255, 0, 255)

    annotate(index.source, tmp_path / "out.mp4", mark)
    written = probe(tmp_path / "out.mp4", "")
    assert (written.width_px, written.height_px) == (98, 64)
    with VideoReader(written.source) as reader:
        rgb = next(reader.batches(1))[0].rgb
    np.testing.assert_allclose(rgb[3, 3], (255, 0, 255), atol=12)
    np.testing.assert_allclose(rgb[-1, 20], rgb[-3, 20], atol=12)


@pytest.mark.parametrize("colour", [(1, 1), (5, 1), (1, 2), (9, 1)])
def test_colours_stay_and_are_tagged(clip, tmp_path, colour):
    index = probe(clip("c.mp4", colour=colour), "")
    annotate(index.source, tmp_path / "out.mp4", nothing)
    with av.open(str(tmp_path / "out.mp4")) as container:
        frame = next(container.decode(video=0))
    assert (frame.colorspace, frame.color_range) == (colour[0], 1)
    np.testing.assert_allclose(times_and_means(probe(tmp_path / "out.mp4", ""))[1], times_and_means(index)[1], atol=3)


def test_equal_input_gives_equal_bytes(clip, tmp_path):
    index = probe(clip("a.mp4", audio="aac", size=(320, 240)), "")
    for name in ("1.mp4", "2.mp4"):
        annotate(index.source, tmp_path / name, nothing)
    assert (tmp_path / "1.mp4").read_bytes() == (tmp_path / "2.mp4").read_bytes()
    content = (tmp_path / "1.mp4").read_bytes()
    assert content.index(b"moov") < content.index(b"mdat")


@pytest.mark.parametrize(
    ("name", "audio"),
    [
        ("a.mp4", "aac"),
        ("a.mkv", "libopus"),
        ("b.mkv", "libmp3lame"),
        ("c.mkv", "ac3"),
        ("d.mkv", "flac"),
        ("e.mov", "alac"),
        ("f.mkv", "eac3"),
    ],
)
def test_sound_is_copied_byte_for_byte(clip, tmp_path, name, audio):
    path = clip(name, audio=audio)
    report = annotate(probe(path, "").source, tmp_path / "out.mp4", nothing)
    assert (report.audio, report.findings) == ("copied", ())
    source, written = audio_packets(path), audio_packets(tmp_path / "out.mp4")
    assert [content for _, content in written] == [content for _, content in source]
    for (time, _), (source_time, _) in zip(written, source, strict=True):
        assert float(time) == pytest.approx(float(source_time) - report.start_offset_s, abs=2e-3)


@pytest.mark.parametrize(("audio_start_s", "offset_s"), [(0.2, 1.2), (1.5, 1.4)])
def test_sound_and_picture_move_together(clip, tmp_path, audio_start_s, offset_s):
    stamps = [3072 + k * 512 for k in range(30)]
    path = clip("a.mkv", audio="libopus", audio_start_s=audio_start_s, stamps=stamps)
    index = probe(path, "")
    report = annotate(index.source, tmp_path / "out.mp4", nothing)
    written = probe(tmp_path / "out.mp4", "")
    first_sound = [float(audio_packets(file)[0][0]) for file in (path, tmp_path / "out.mp4")]
    assert written.timestamps_s[0] == pytest.approx(index.timestamps_s[0] - report.start_offset_s)
    assert first_sound[1] == pytest.approx(first_sound[0] - report.start_offset_s, abs=1e-3)
    assert min(written.timestamps_s[0], first_sound[1]) == pytest.approx(0, abs=1e-3)
    assert report.start_offset_s == pytest.approx(min(index.timestamps_s[0], first_sound[0]), abs=1e-3)


def test_transport_stream_sound_fits_into_mp4(clip, tmp_path):
    path = clip("a.ts", container="mpegts", audio="aac")
    report = annotate(probe(path, "").source, tmp_path / "out.mp4", nothing)
    assert report.audio == "copied"
    with av.open(str(tmp_path / "out.mp4")) as container:
        n_samples = sum(frame.samples for frame in container.decode(audio=0))
    assert n_samples == pytest.approx(48000, abs=3 * 1024)


@pytest.mark.parametrize(("name", "audio"), [("a.mov", "pcm_s16le"), ("a.avi", "pcm_s16le"), ("a.mkv", "vorbis")])
def test_other_sound_becomes_aac(clip, tmp_path, name, audio):
    changes = {"time_base": Fraction(1, 30)} if name.endswith("avi") else {}
    options = {"strict": "experimental"} if audio == "vorbis" else {}
    path = clip(name, audio=audio, audio_options=options, **changes)
    report = annotate(probe(path, "").source, tmp_path / "out.mp4", nothing)
    assert report.audio == "transcoded"
    assert [finding.code for finding in report.findings] == ["audio_transcoded"]
    with av.open(str(tmp_path / "out.mp4")) as container:
        assert container.streams.audio[0].codec.canonical_name == "aac"
        samples = np.concatenate([frame.to_ndarray()[0] for frame in container.decode(audio=0)])
    spectrum = np.abs(np.fft.rfft(samples[:48000]))
    assert np.fft.rfftfreq(min(48000, len(samples)), 1 / 48000)[spectrum.argmax()] == pytest.approx(440, abs=2)


def test_broken_sound_does_not_cost_the_video(clip, tmp_path):
    path = clip("a.mkv", audio="aac")
    packets = audio_packets(path)
    content = bytearray(path.read_bytes())
    for _, packet in packets:
        start = content.find(packet)
        content[start : start + len(packet)] = b"\xff" * len(packet)
    path.write_bytes(content)
    index = probe(path, "")
    report = annotate(index.source, tmp_path / "out.mp4", nothing)
    assert report.audio == "dropped"
    assert report.n_frames == 30
    assert probe(tmp_path / "out.mp4", "").n_frames == 30


def test_sound_that_the_muxer_refuses_is_left_out(clip, tmp_path):
    path = clip("a.ts", container="mpegts", audio="aac")
    content = path.read_bytes()
    # The ADTS headers in a transport stream become the configuration of MP4; a reserved sampling rate cannot.
    index = probe(path, "")
    head = audio_packets(path)[0][1][:4]
    assert head[0] == 0xFF
    broken = bytes([head[0], head[1], (head[2] & 0b11000011) | (15 << 2), head[3]])
    path.write_bytes(content.replace(head, broken))
    numbers = []
    report = annotate(index.source, tmp_path / "out.mp4", lambda number, rgb: numbers.append(number))
    assert report.n_frames == probe(tmp_path / "out.mp4", "").n_frames == 30
    assert numbers[-30:] == list(range(30))
    assert report.audio == "dropped"
    assert [finding.code for finding in report.findings] == ["audio_dropped"]
    assert "aac" in report.findings[0].message
    with av.open(str(tmp_path / "out.mp4")) as container:
        assert len(container.streams.audio) == 0


def test_damaged_pictures_are_skipped_and_counted(clip, tmp_path):
    path = clip("hole.mp4", n_frames=90, size=(320, 240), options={"g": "15", "crf": "5", "preset": "ultrafast"})
    content = bytearray(path.read_bytes())
    middle, length = len(content) // 2, len(content) // 8
    content[middle : middle + length] = bytes(length)
    path.write_bytes(content)
    index = probe(path, "")
    report = annotate(index.source, tmp_path / "out.mp4", nothing)
    assert report.n_frames < 90
    assert report.decode.gaps
    assert times_and_means(probe(tmp_path / "out.mp4", ""))[0] == times_and_means(index)[0]


def test_progress_counts_frames(clip, tmp_path):
    told = []
    annotate(probe(clip("a.mp4", n_frames=5), "").source, tmp_path / "out.mp4", nothing, on_progress=told.append)
    assert told == [1, 2, 3, 4, 5]


def test_an_error_while_drawing_is_not_swallowed(clip, tmp_path):
    def fail(number, rgb):
        raise KeyError(number)

    with pytest.raises(KeyError):
        annotate(probe(clip("a.mp4"), "").source, tmp_path / "out.mp4", fail)


def test_refusals_say_what_to_do(clip, tmp_path):
    source = probe(clip("a.mp4", n_frames=2), "").source
    with pytest.raises(OutputError, match="pip install"):
        annotate(source, tmp_path / "out.mp4", nothing, RenderSettings(encoder="no_such_encoder"))
    with pytest.raises(OutputError, match="check free space"):
        annotate(source, tmp_path / "absent" / "out.mp4", nothing)
    for wrong in ({"preset": "no_such_preset"}, {"crf": 52}, {"gop_frames": 0}):
        with pytest.raises(ValueError, match=next(iter(wrong))):
            RenderSettings(**wrong)
    gone = VideoSource(tmp_path / "gone.mp4", 4, 4, 0, Fraction(1, 30), "container")
    with pytest.raises(DecodeError):
        annotate(gone, tmp_path / "out.mp4", nothing)

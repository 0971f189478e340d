"""Writing annotated videos: same frames, same times, same sound, and what is said when that fails."""

import threading
from fractions import Fraction
from itertools import pairwise

import av
import cv2
import numpy as np
import pytest
from whole_video import annotate

from vidpose.errors import DecodeError, OutputError
from vidpose.planning.parts import Part, plan_parts
from vidpose.types.motion import Facing
from vidpose.types.video import VideoSource
from vidpose.video.decode import VideoReader
from vidpose.video.encode import RenderSettings, require_encoder
from vidpose.video.mux import join_parts
from vidpose.video.palette import Legend, LegendState, Quality, Sizes
from vidpose.video.probe import probe
from vidpose.video.render_part import PartJob, render_part
from vidpose.video.yuv import yuv_of

WHOLE = Part(0, 0, 0, None, None)


def nothing(time_s, canvas):
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
    told_s = []
    report = annotate(
        index.source, tmp_path / "out.mp4", lambda time_s, canvas: told_s.append(time_s), parts=plan_parts(index, 0.4)
    )
    written = probe(tmp_path / "out.mp4", "")
    assert (written.codec, written.pixel_format, written.rotation_deg) == ("h264", "yuv420p", 0)
    assert (written.width_px, written.height_px) == (index.width_px, index.height_px)
    np.testing.assert_allclose(told_s, index.timestamps_s, atol=1e-12)
    assert report.n_frames == written.n_frames == index.n_frames
    assert sum(part.n_frames for part in report.decode) == index.n_frames
    assert (report.audio, report.findings) == ("none", ())
    source_times, source_means = times_and_means(index)
    times, means = times_and_means(written)
    offset = source_times[0]
    assert float(offset) == pytest.approx(index.container_offset_s) and index.timestamps_s[0] == 0
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

    def mark(time_s, canvas):
        assert canvas.size_px == (97, 63)
        assert [plane.shape for plane in canvas.planes] == [(64, 98), (32, 49), (32, 49)]
        for plane, value, side in zip(canvas.planes, yuv_of((255, 0, 255), canvas.colour), (8, 4, 4), strict=True):
            plane[:side, :side] = value

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
    assert (frame.colorspace, frame.color_range) == colour
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
    index = probe(path, "")
    report = annotate(index.source, tmp_path / "out.mp4", nothing)
    assert (report.audio, report.findings) == ("copied", ())
    source, written = audio_packets(path), audio_packets(tmp_path / "out.mp4")
    assert [content for _, content in written] == [content for _, content in source]
    for (time, _), (source_time, _) in zip(written, source, strict=True):
        assert float(time) == pytest.approx(float(source_time) - index.container_offset_s, abs=2e-3)


@pytest.mark.parametrize(("audio_start_s", "offset_s"), [(0.2, 1.2), (1.5, 1.4)])
def test_sound_and_picture_move_together(clip, tmp_path, audio_start_s, offset_s):
    stamps = [3072 + k * 512 for k in range(30)]
    path = clip("a.mkv", audio="libopus", audio_start_s=audio_start_s, stamps=stamps)
    index = probe(path, "")
    annotate(index.source, tmp_path / "out.mp4", nothing)
    written = probe(tmp_path / "out.mp4", "")
    first_sound = [float(audio_packets(file)[0][0]) for file in (path, tmp_path / "out.mp4")]
    assert written.timestamps_s[0] == pytest.approx(index.timestamps_s[0])
    assert first_sound[1] == pytest.approx(first_sound[0] - index.container_offset_s, abs=1e-3)
    assert min(written.timestamps_s[0], first_sound[1]) == pytest.approx(0, abs=1e-3)
    first_s = float(index.pts[0] * index.time_base)
    assert index.container_offset_s == pytest.approx(min(first_s, first_sound[0]), abs=1e-3)


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
    report = annotate(index.source, tmp_path / "out.mp4", nothing)
    assert report.n_frames == probe(tmp_path / "out.mp4", "").n_frames == 30
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
    assert report.decode[0].gaps
    assert times_and_means(probe(tmp_path / "out.mp4", ""))[0] == times_and_means(index)[0]


def test_progress_counts_frames(clip, tmp_path):
    told = []
    annotate(probe(clip("a.mp4", n_frames=5), "").source, tmp_path / "out.mp4", nothing, on_progress=told.append)
    assert told == [1, 2, 3, 4, 5]


def test_an_error_while_drawing_is_not_swallowed(clip, tmp_path):
    def fail(time_s, canvas):
        raise KeyError(time_s)

    with pytest.raises(KeyError):
        annotate(probe(clip("a.mp4"), "").source, tmp_path / "out.mp4", fail)


def test_refusals_say_what_to_do(clip, tmp_path):
    source = probe(clip("a.mp4", n_frames=2), "").source
    with pytest.raises(OutputError, match="check free space"):
        annotate(source, tmp_path / "absent" / "out.mp4", nothing)
    for wrong in (
        {"preset": "no_such_preset"},
        {"crf": 52},
        {"gop_frames": 0},
        {"codec": "vp9"},
        {"height_px": 10},
        {"part_s": 0.0},
    ):
        with pytest.raises(ValueError, match=next(iter(wrong))):
            RenderSettings(**wrong)
    gone = VideoSource(tmp_path / "gone.mp4", 4, 4, 0, Fraction(1, 30), "container")
    with pytest.raises(DecodeError):
        annotate(gone, tmp_path / "out.mp4", nothing)


def test_a_missing_encoder_is_named():
    with pytest.raises(OutputError, match=r"no_such_encoder.*pip install"):
        require_encoder("no_such_encoder")


# --- parts --------------------------------------------------------------------------------------------------------


def parts_of(index, tmp_path, part_s, read_ahead=0):
    """Render every part; return the files, in order."""
    files = []
    for part in plan_parts(index, part_s):
        files.append(tmp_path / f"{part_s}-{read_ahead}-{part.number}.part")
        render_part(PartJob(index.source, part, RenderSettings(), read_ahead), files[-1], nothing)
    return files


def packets_of(path):
    with av.open(str(path)) as container:
        return [(p.pts, p.dts, p.is_keyframe) for p in container.demux(video=0) if p.size]


@pytest.mark.parametrize("name", ["a.mp4", "a.mkv", "a.ts", "vfr.mp4", "edit.mp4"])
def test_parts_join_without_a_seam(clip, tmp_path, name):
    changes = {
        "a.ts": {"container": "mpegts"},
        "vfr.mp4": {"stamps": list(np.cumsum(np.arange(60) % 7 * 100 + 100)), "n_frames": 60},
        "edit.mp4": {"stamps": [(k - 5) * 512 for k in range(60)]},
    }
    index = probe(clip(name, **{"n_frames": 60, "audio": "aac", **changes.get(name, {})}), "")
    files = parts_of(index, tmp_path, 0.5)
    assert len(files) >= 3
    report = join_parts(index.source, files, tmp_path / "out.mp4", RenderSettings())
    assert report.n_frames == index.n_frames == probe(tmp_path / "out.mp4", "").n_frames
    assert report.audio == "copied"
    packets = packets_of(tmp_path / "out.mp4")
    assert all(earlier[1] < later[1] for earlier, later in pairwise(packets))
    assert all(pts == dts for pts, dts, _ in packets)
    starts = [part.start for part in plan_parts(index, 0.5)]
    assert [number for number, packet in enumerate(packets) if packet[2]] == starts
    source_times, source_means = times_and_means(index)
    times, means = times_and_means(probe(tmp_path / "out.mp4", ""))
    origin = Fraction(index.container_offset_s).limit_denominator(10**6)
    assert times == [time - origin for time in source_times]
    np.testing.assert_allclose(means, source_means, atol=3)
    seen = cv2.VideoCapture(str(tmp_path / "out.mp4"))
    n_seen = 0
    while seen.read()[0]:
        n_seen += 1
    assert n_seen == index.n_frames


def test_a_part_depends_on_nothing_but_the_video_and_the_settings(clip, tmp_path):
    index = probe(clip("a.mp4", n_frames=60, size=(320, 240)), "")
    alone, ahead = (parts_of(index, tmp_path, 0.5, read_ahead=n) for n in (0, 3))
    again = tmp_path / "again.part"
    render_part(PartJob(index.source, plan_parts(index, 0.5)[2], RenderSettings()), again, nothing)
    assert [file.read_bytes() for file in alone] == [file.read_bytes() for file in ahead]
    assert again.read_bytes() == alone[2].read_bytes()
    assert str(tmp_path).encode() not in again.read_bytes()


@pytest.mark.parametrize("read_ahead", [0, 3])
def test_the_way_to_a_part_far_from_its_keyframe_is_told_and_can_be_left(clip, tmp_path, read_ahead):
    index = probe(clip("a.mp4", n_frames=60, options={"g": "1000", "bf": "0", "crf": "30"}), "")
    late, told = plan_parts(index, 0.5)[-1], []
    job = PartJob(index.source, late, RenderSettings(), read_ahead)
    render_part(job, tmp_path / "late.part", nothing, told.append)
    assert told.count(0) == late.start > 30
    assert set(told) == set(range(late.n_frames + 1))

    def stop(n_drawn):
        raise InterruptedError

    with pytest.raises(InterruptedError):
        render_part(job, tmp_path / "late.part", nothing, stop)
    assert "ahead" not in [thread.name for thread in threading.enumerate()]


def test_keyframes_come_at_fixed_distances(clip, tmp_path):
    index = probe(clip("a.mp4", n_frames=50), "")
    annotate(index.source, tmp_path / "out.mp4", nothing, RenderSettings(gop_frames=20))
    assert [k for k, packet in enumerate(packets_of(tmp_path / "out.mp4")) if packet[2]] == [0, 20, 40]


def test_damaged_and_foreign_parts_are_refused(clip, tmp_path):
    index = probe(clip("a.mp4", n_frames=20), "")
    first, second = parts_of(index, tmp_path, 0.35)
    content = second.read_bytes()
    changed = bytearray(content)
    changed[len(content) // 2] ^= 1
    broken = tmp_path / "broken.part"
    for wrong in (
        b"",
        content[:10],
        content[:200],
        content[:-1],
        bytes(changed),
        content.replace(b"part/1", b"part/9"),
    ):
        broken.write_bytes(wrong)
        with pytest.raises(OutputError, match=r"broken\.part"):
            join_parts(index.source, [first, broken], tmp_path / "out.mp4", RenderSettings())
    with pytest.raises(OutputError, match="absent"):
        join_parts(index.source, [first, tmp_path / "absent.part"], tmp_path / "out.mp4", RenderSettings())
    with pytest.raises(OutputError, match="does not follow"):
        join_parts(index.source, [second, first], tmp_path / "out.mp4", RenderSettings())
    with pytest.raises(OutputError, match="other settings"):
        join_parts(index.source, [first, second], tmp_path / "out.mp4", RenderSettings(preset="slow"))


def test_a_stretch_without_frames_is_an_empty_part(clip, tmp_path):
    index = probe(clip("a.mp4", n_frames=10), "")
    beyond = Part(1, 10, 12, int(index.pts[-1]) + 1, None)
    report = render_part(PartJob(index.source, beyond, RenderSettings()), tmp_path / "1.part", nothing)
    assert report.n_frames == 0
    render_part(PartJob(index.source, WHOLE, RenderSettings()), tmp_path / "0.part", nothing)
    joined = join_parts(
        index.source, [tmp_path / "0.part", tmp_path / "1.part"], tmp_path / "out.mp4", RenderSettings()
    )
    assert joined.n_frames == 10
    with pytest.raises(DecodeError, match="no frame could be decoded"):
        join_parts(index.source, [tmp_path / "1.part"], tmp_path / "none.mp4", RenderSettings())


@pytest.mark.parametrize(("codec", "tag"), [("hevc", "hvc1"), ("av1", "av01")])
def test_other_codecs(clip, tmp_path, codec, tag):
    index = probe(clip("a.mp4", n_frames=24, size=(128, 96), audio="aac"), "")
    settings = RenderSettings(codec=codec)
    names = [tmp_path / "1.mp4", tmp_path / "2.mp4"]
    for name in names:
        annotate(index.source, name, nothing, settings, parts=plan_parts(index, 0.4))
    assert names[0].read_bytes() == names[1].read_bytes()
    written = probe(names[0], "")
    assert written.codec == codec
    with av.open(str(names[0])) as container:
        assert container.streams.video[0].codec_context.codec_tag == tag
    times, means = times_and_means(written)
    source_times, source_means = times_and_means(index)
    assert times == source_times
    np.testing.assert_allclose(means, source_means, atol=5)


@pytest.mark.parametrize("codec", ["h264", "hevc", "av1"])
def test_small_letters_stay_sharp(clip, tmp_path, codec):
    """The panel is 10 pixel text whose digits change with every frame; below 38 dB a degree sign gets lost (ours)."""
    index = probe(clip("a.mp4", n_frames=30, size=(320, 240), options={"crf": "10"}), "")
    drawn = []

    def draw(time_s, canvas):
        number = len(drawn)
        legend.draw(canvas, LegendState(time_s, number, 1, Facing.FRONT, Quality.MEASURED))
        drawn.append(canvas.planes[0][box].copy())

    legend = Legend((320, 240), Sizes.of((320, 240), 1.0, 1.0), np.arange(30) / 30, True, ())
    left, top, right, bottom = map(int, legend.boxes[0])
    box = (slice(top, bottom), slice(left, right))
    annotate(index.source, tmp_path / "out.mp4", draw, RenderSettings(codec=codec))
    with VideoReader(probe(tmp_path / "out.mp4", "").source) as reader:
        seen = [np.ascontiguousarray(frame.picture.y[box]) for batch in reader.batches(8) for frame in batch]
    assert min(cv2.PSNR(np.ascontiguousarray(a), b) for a, b in zip(drawn, seen, strict=True)) > 38


# --- the picture --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("height_px", "size"), [(100, (150, 100)), (101, (152, 100)), (240, (360, 240)), (600, (360, 240))]
)
def test_pictures_are_scaled_down_and_never_up(clip, tmp_path, height_px, size):
    index = probe(clip("a.mp4", size=(360, 240), n_frames=4), "")
    annotate(index.source, tmp_path / "out.mp4", nothing, RenderSettings(height_px=height_px))
    written = probe(tmp_path / "out.mp4", "")
    assert (written.width_px, written.height_px) == size
    np.testing.assert_allclose(times_and_means(written)[1], times_and_means(index)[1], atol=4)


@pytest.mark.parametrize("quarter_turns_ccw", [0, 1, 2, 3])
@pytest.mark.parametrize("height_px", [None, 64])
def test_turned_pictures_are_upright(clip, tmp_path, quarter_turns_ccw, height_px):
    """Each quarter of the clip has a colour of its own: they must lie where a viewer of the source sees them."""
    index = probe(clip("a.mov", size=(192, 128), n_frames=2, quarter_turns_ccw=quarter_turns_ccw), "")
    annotate(index.source, tmp_path / "out.mp4", nothing, RenderSettings(height_px=height_px))
    corners = []
    for video in (index, probe(tmp_path / "out.mp4", "")):
        with VideoReader(video.source) as reader:
            rgb = next(reader.batches(1))[0].rgb
        rows, columns = [rgb.shape[0] // 5, -rgb.shape[0] // 5], [rgb.shape[1] // 5, -rgb.shape[1] // 5]
        corners.append([rgb[row, column] for row in rows for column in columns])
    np.testing.assert_allclose(np.array(corners[0], int), np.array(corners[1], int), atol=8)


def test_the_pictures_of_the_decoder_stay_as_they_are(clip, tmp_path):
    """A frame drawn on in place would show in the frames that the decoder predicts from it."""
    index = probe(clip("a.mp4", n_frames=30, size=(128, 96), options={"g": "30", "bf": "0", "crf": "10"}), "")

    def black_out_first(time_s, canvas):
        if time_s == 0:
            for plane in canvas.planes:
                plane[:] = 0

    annotate(index.source, tmp_path / "out.mp4", black_out_first)
    _, means = times_and_means(probe(tmp_path / "out.mp4", ""))
    _, source_means = times_and_means(index)
    np.testing.assert_allclose(means[1:], source_means[1:], atol=3)
    assert np.abs(means[0] - source_means[0]).max() > 50

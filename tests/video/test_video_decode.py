"""Decoding: pictures, times, segments that do not depend on how they are reached, and damage that is counted."""

import gc
import hashlib
import weakref
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest

from vidpose.errors import DecodeError
from vidpose.types.video import Segment, VideoSource
from vidpose.video.damage import DecodeReport, decode_findings
from vidpose.video.decode import VideoReader
from vidpose.video.probe import probe

QUARTERS = {"red": (220, 20, 20), "green": (20, 200, 20), "blue": (20, 20, 220), "white": (235, 235, 235)}


def read(source, segment=None, batch_size=4):
    """Frames as (pts, digest, warmup, corrupt), and the report."""
    with VideoReader(source, segment) as reader:
        seen = [
            (frame.pts, hashlib.sha256(frame.rgb).hexdigest(), frame.warmup, frame.corrupt)
            for batch in reader.batches(batch_size)
            for frame in batch
        ]
    return seen, reader.report


def first_picture(index):
    with VideoReader(index.source) as reader:
        return next(reader.batches(1))[0].rgb.copy()


def segment_of(index, warmup, start, stop):
    last = stop >= index.n_frames
    return Segment(
        number=0,
        warmup_start=warmup,
        start=start,
        stop=stop,
        warmup_start_pts=None if start == 0 else int(index.pts[warmup]),
        start_pts=int(index.pts[start]),
        stop_pts=None if last else int(index.pts[stop]),
    )


def corner_names(rgb):
    """Names of the colours in the four corners: top left, top right, bottom left, bottom right."""
    corners = [rgb[4, 4], rgb[4, -5], rgb[-5, 4], rgb[-5, -5]]
    colours = np.array(list(QUARTERS.values()))
    return [list(QUARTERS)[int(np.abs(colours - corner).sum(axis=1).argmin())] for corner in corners]


def cut_hole(path, share_from=0.5, share=1 / 8):
    content = bytearray(path.read_bytes())
    start, length = int(len(content) * share_from), int(len(content) * share)
    content[start : start + length] = bytes(length)
    path.write_bytes(content)
    return path


BIG = {"n_frames": 90, "size": (320, 240), "options": {"g": "15", "crf": "5", "preset": "ultrafast"}}


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"stamps": [0, 500, 1200, 1300, 2900, 5000], "n_frames": 6},
        {"size": (97, 63), "pixel_format": "yuv444p"},
        {"pixel_format": "yuv422p10le"},
        {"stamps": [(k - 5) * 512 for k in range(30)]},
        {"n_frames": 1},
    ],
)
def test_frames_are_those_of_the_index(clip, changes):
    index = probe(clip("a.mp4", **changes), "")
    with VideoReader(index.source) as reader:
        for batch in reader.batches(7):
            for frame in batch:
                assert frame.rgb.shape == (index.height_px, index.width_px, 3)
                assert frame.rgb.dtype == np.uint8
                assert frame.rgb.flags.c_contiguous and frame.rgb.flags.writeable
                assert frame.time_s == (frame.pts - index.origin_pts) * float(index.time_base)
                assert not frame.warmup and not frame.corrupt
    seen, report = read(index.source)
    assert [pts for pts, *_ in seen] == index.pts.tolist()
    assert report == DecodeReport(n_frames=index.n_frames, end_reason="end of stream")
    assert decode_findings([report], index) == ()


@pytest.mark.parametrize("turns_ccw", [0, 1, 2, 3])
def test_mirrored_pictures_are_shown_as_players_do(clip, turns_ccw):
    stored = first_picture(probe(clip("stored.mp4"), ""))
    shown = first_picture(probe(clip("m.mp4", quarter_turns_ccw=turns_ccw, mirrored=True), ""))
    np.testing.assert_array_equal(shown, np.rot90(stored, turns_ccw)[:, ::-1])


@pytest.mark.parametrize(
    ("turns_ccw", "corners"),
    [
        (0, ["red", "green", "blue", "white"]),
        (1, ["green", "white", "red", "blue"]),
        (2, ["white", "blue", "green", "red"]),
        (3, ["blue", "red", "white", "green"]),
    ],
)
def test_pictures_are_upright(clip, turns_ccw, corners):
    upright = first_picture(probe(clip("stored.mp4"), ""))
    shown = first_picture(probe(clip("turned.mp4", quarter_turns_ccw=turns_ccw), ""))
    assert corner_names(shown) == corners
    np.testing.assert_array_equal(shown, np.rot90(upright, turns_ccw))


def test_pixels_are_square(clip):
    rgb = first_picture(probe(clip("sar.mp4", pixel_aspect=Fraction(4, 3)), ""))
    assert rgb.shape == (64, 128, 3)
    assert corner_names(rgb) == ["red", "green", "blue", "white"]


@pytest.mark.parametrize("colour", [(1, 1), (5, 1), (1, 2), (5, 2), (9, 1)])
def test_colour_matrix_and_range_are_honoured(clip, colour):
    rgb = first_picture(probe(clip("c.mp4", colour=colour, options={"crf": "4"}), ""))
    for place, expected in (((8, 8), "red"), ((8, -9), "green"), ((-9, 8), "blue"), ((-9, -9), "white")):
        np.testing.assert_allclose(rgb[place], QUARTERS[expected], atol=8)


def test_frames_on_the_way_to_a_segment_are_told(clip):
    index = probe(clip("a.h264", n_frames=30), "")
    assert index.timing == "assumed"  # nothing can be sought, so all is decoded from the start
    skipped = []
    with VideoReader(index.source, segment_of(index, 18, 20, 30), lambda: skipped.append(1)) as reader:
        n_read = sum(len(batch) for batch in reader.batches(4))
    assert (len(skipped), n_read) == (18, 12)


@pytest.mark.parametrize("batch_size", [1, 3, 30, 100])
def test_batches_have_the_asked_size(clip, batch_size):
    index = probe(clip("a.mp4"), "")
    with VideoReader(index.source) as reader:
        sizes = [len(batch) for batch in reader.batches(batch_size)]
    assert sum(sizes) == 30
    assert all(size == batch_size for size in sizes[:-1])
    assert read(index.source, batch_size=batch_size)[0] == read(index.source)[0]


@pytest.mark.thorough
def test_no_more_pictures_live_than_a_batch_holds(clip):
    index = probe(clip("a.mp4"), "")
    alive = weakref.WeakSet()
    most = 0
    with VideoReader(index.source) as reader:
        for batch in reader.batches(4):
            for position in range(len(batch)):
                alive.add(_Watched(batch, position).y)
            gc.collect()
            most = max(most, len(alive))
    assert most == 4


class _Watched:
    """Gives a batch's frame a picture that can be watched by a weak reference."""

    def __init__(self, batch, position):
        class Plane(np.ndarray):
            __hash__ = object.__hash__

        frame = batch[position]
        self.y = frame.picture.y.view(Plane)
        batch[position] = replace(frame, picture=replace(frame.picture, y=self.y, rgb=bytearray))


SEEKABLE = {
    "short.mp4": {"options": {"g": "10", "bf": "3"}},
    "open_gop.mp4": {"options": {"g": "10", "bf": "3", "x264-params": "open-gop=1"}},
    "one_key.mp4": {"options": {"g": "500", "bf": "2"}},
    "hevc.mkv": {"codec": "libx265", "options": {"x265-params": "log-level=none:keyint=10:bframes=3:open-gop=1"}},
    "vp9.webm": {"codec": "libvpx-vp9", "options": {"g": "12", "lag-in-frames": "8"}},
    "stream.ts": {"container": "mpegts", "options": {"g": "10", "bf": "2"}},
    "edit.mp4": {"stamps": [(k - 7) * 512 for k in range(60)]},
    "raw.h264": {"container": "h264", "time_base": Fraction(1, 30)},
    "b.avi": {"time_base": Fraction(1, 30)},
    "late.mkv": {"stamps": [10_000_000 + k * 512 for k in range(60)]},
}


@pytest.mark.parametrize("name", SEEKABLE)
def test_a_segment_is_the_same_however_it_is_reached(clip, name):
    index = probe(clip(name, **{"n_frames": 60, **SEEKABLE[name]}), "")
    whole, _ = read(index.source)
    assert [pts for pts, *_ in whole] == index.pts.tolist()
    for warmup, start, stop in (
        (0, 0, 17),
        (0, 3, 11),
        (5, 10, 20),
        (17, 22, 41),
        (29, 30, 31),
        (38, 41, index.n_frames),
    ):
        part, report = read(index.source, segment_of(index, warmup, start, stop), batch_size=3)
        expected = [(pts, digest, pts < index.pts[start], bad) for pts, digest, _, bad in whole]
        assert part == expected[warmup:stop]
        assert report.n_frames == stop - start
        assert report.gaps == ()
        assert report.n_errors == 0


@pytest.mark.parametrize("name", ["hole.mp4", "hole.mkv", "hole.ts"])
def test_a_hole_costs_its_frames_and_is_reported(clip, name):
    index = probe(cut_hole(clip(name, **BIG)), "")
    seen, report = read(index.source)
    assert 30 < len(seen) < 90
    stamps = [pts for pts, *_ in seen]
    assert stamps == sorted(set(stamps))
    assert report.n_frames == len(seen)
    assert index.findings or report.gaps
    missing_s = sum(stop - start for start, stop in report.gaps)
    assert missing_s == pytest.approx((index.n_frames - len(seen)) / 30, abs=0.04)
    findings = {finding.code: finding for finding in decode_findings([report], index)}
    if index.n_frames > len(seen):
        assert findings["decode_gaps"].details["n_missing"] == index.n_frames - len(seen)
    assert ("corrupt_frames" in findings) == (report.n_corrupt > 0)


def test_segments_of_a_damaged_file_add_up(clip):
    index = probe(cut_hole(clip("hole.mp4", **BIG)), "")
    whole, report = read(index.source)
    parts = [read(index.source, segment_of(index, max(0, s - 5), s, s + 18)) for s in range(0, 90, 18)]
    assert [frame[0] for seen, _ in parts for frame in seen if not frame[2]] == [frame[0] for frame in whole]
    reports = [part for _, part in parts]
    assert sum(part.n_frames for part in reports) == report.n_frames
    assert sum(part.n_errors for part in reports) == report.n_errors
    assert decode_findings(reports, index) == decode_findings([report], index)


def test_a_size_change_is_scaled_to_the_first_size(clip, tmp_path):
    raw = {"container": "h264", "time_base": Fraction(1, 30)}
    joined = tmp_path / "sizes.h264"
    joined.write_bytes(clip("1.h264", **raw).read_bytes() + clip("2.h264", size=(64, 48), **raw).read_bytes())
    index = probe(joined, "")
    with VideoReader(index.source) as reader:
        shapes = {frame.rgb.shape for batch in reader.batches(8) for frame in batch}
    assert shapes == {(64, 96, 3)}
    assert reader.report.n_frames == 60
    assert [finding.code for finding in decode_findings([reader.report], index)] == ["size_changes"]


def test_repeated_stamps_are_moved_as_in_the_index(clip):
    options = {"codec": "mjpeg", "pixel_format": "yuvj420p", "options": {}, "time_base": Fraction(1, 10000)}
    index = probe(clip("dup.mkv", n_frames=6, stamps=[0, 330, 660, 662, 990, 1330], **options), "")
    seen, report = read(index.source)
    assert [pts for pts, *_ in seen] == index.pts.tolist()
    assert report.n_repaired == 1


def test_a_pixel_format_that_needs_no_conversion_is_copied(clip):
    path = clip("rgb.avi", codec="rawvideo", pixel_format="bgr24", options={}, time_base=Fraction(1, 30), n_frames=3)
    index = probe(path, "")
    before = read(index.source)[0]
    with VideoReader(index.source) as reader:
        for batch in reader.batches(1):
            batch[0].rgb[:] = 0
            assert not batch[0].picture.y.flags.writeable
    assert read(index.source)[0] == before


def test_a_file_that_vanished(tmp_path):
    source = VideoSource(tmp_path / "gone.mp4", 4, 4, 0, Fraction(1, 30), "container")
    with VideoReader(source) as reader, pytest.raises(DecodeError, match="cannot be opened"):
        next(reader.batches(1))


def test_reports_become_findings(clip):
    index = probe(clip("a.mp4"), "")
    nothing = decode_findings([DecodeReport(n_errors=30)], index)
    assert [(finding.code, finding.severity) for finding in nothing] == [("no_frames", "fatal")]
    halves = [
        DecodeReport(n_frames=10, gaps=((0.3, 0.5),)),
        DecodeReport(n_frames=5, gaps=((0.5, 1.0 + 1 / 30),), end_reason="reading stopped: I/O error"),
    ]
    gaps, early = decode_findings(halves, index)
    assert (gaps.code, early.code) == ("decode_gaps", "ends_early")
    assert gaps.details["gaps_s"] == [[0.3, 1.0 + 1 / 30]]
    assert gaps.details["n_missing"] == 15
    tail = DecodeReport(n_frames=10, gaps=((0.3, 1.0),))
    assert [finding.code for finding in decode_findings([tail], index)] == ["decode_gaps", "ends_early"]


# --- several stretches with one open file -------------------------------------------------------------------------


def read_in_turn(source, segments):
    """Read segments with one reader as long as it goes on, then with another; also count the readers."""
    reader, n_readers, seen = None, 0, []
    for segment in segments:
        if reader is None or not reader.continue_with(segment):
            reader, n_readers = VideoReader(source, segment), n_readers + 1
        frames = [
            (frame.pts, hashlib.sha256(frame.rgb).hexdigest(), frame.warmup, frame.corrupt)
            for batch in reader.batches(2)
            for frame in batch
        ]
        seen.append((frames, reader.report))
    return seen, n_readers


@pytest.mark.parametrize("name", SEEKABLE)
def test_going_on_gives_the_frames_and_counts_of_a_fresh_reader(clip, name):
    index = probe(clip(name, **{"n_frames": 60, **SEEKABLE[name]}), "")
    cuts = [0, 7, 8, 30, 41, 60]
    segments = [segment_of(index, start, start, stop) for start, stop in pairwise(cuts)]
    seen, n_readers = read_in_turn(index.source, segments)
    assert n_readers == 1
    assert seen == [read(index.source, segment) for segment in segments]


@pytest.mark.parametrize("name", ["hole.mp4", "hole.mkv", "hole.ts"])
def test_after_damage_the_file_is_opened_again(clip, name):
    index = probe(cut_hole(clip(name, **BIG)), "")
    cuts = [share * index.n_frames // 4 for share in range(5)]
    segments = [segment_of(index, start, start, stop) for start, stop in pairwise(cuts)]
    seen, n_readers = read_in_turn(index.source, segments)
    assert n_readers > 1 or name != "hole.mp4", "only there the decoder notices the damage"
    assert seen == [read(index.source, segment) for segment in segments]


def test_a_reader_goes_on_with_the_next_stretch_only(clip):
    index = probe(clip("a.mp4", n_frames=30), "")
    first, second, third = (segment_of(index, start, start, start + 10) for start in (0, 10, 20))
    with VideoReader(index.source, first) as reader:
        assert not reader.continue_with(second), "the first stretch was not read to its end"
        for _ in reader.batches(4):
            pass
        assert not reader.continue_with(third)
        assert reader.continue_with(second)


def test_hardware_decoding_falls_back_to_the_same_pictures(clip):
    """Where there is a device its pictures have to be equal too: decoding is exact by standard."""
    index = probe(clip("a.mp4", n_frames=12), "")
    assert read(replace(index.source, hardware=True)) == read(index.source)

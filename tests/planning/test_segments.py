"""The cut of a video: tiling, lengths, warm-up, and that nothing but video and settings matters."""

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vidpose.planning.segments import SegmentSettings, plan_segments
from vidpose.types.video import VideoIndex

TICK = Fraction(1, 90000)


def video(pts, **changes):
    facts = {
        "path": Path("/videos/clip.mp4"),
        "sha256": "ab" * 32,
        "size_bytes": 1000,
        "container": "mov,mp4",
        "codec": "h264",
        "pixel_format": "yuv420p",
        "width_px": 640,
        "height_px": 360,
        "rotation_deg": 0,
        "time_base": TICK,
        "timing": "container",
    }
    return VideoIndex(pts=np.asarray(pts), **facts | changes)


def steady(n_frames, fps=30, first=0):
    return video(first + np.arange(n_frames) * (90000 // fps))


settings_of_any_kind = st.builds(
    lambda length_s, warmup_share, least: SegmentSettings(5 * length_s, length_s, warmup_share * length_s, least),
    st.floats(0.2, 40.0),
    st.floats(0.0, 0.9),
    st.integers(0, 40),
)


@st.composite
def videos_of_any_kind(draw):
    fps = draw(st.sampled_from([1, 5, 24, 25, 30, 50, 60, 240]))
    n_frames = draw(st.integers(1, 3000))
    steps = np.full(n_frames, 90000 // fps)
    for place in draw(st.lists(st.integers(0, n_frames - 1), max_size=4)):  # holes and crowded stamps
        steps[place] = draw(st.sampled_from([1, 7 * 90000, steps[0] // 2 + 1]))
    return video(draw(st.integers(-5000, 5000)) + np.cumsum(steps))


@given(videos_of_any_kind(), settings_of_any_kind, st.booleans())
def test_core_frames_tile_the_video_without_gap_or_overlap(index, settings, chained):
    segments = plan_segments(index, settings, chained=chained)
    covered = [frame for segment in segments for frame in range(segment.start, segment.stop)]
    assert covered == list(range(index.n_frames))
    assert [segment.number for segment in segments] == list(range(len(segments)))
    assert all(segment.n_frames > 0 for segment in segments)


@given(videos_of_any_kind(), settings_of_any_kind)
def test_tick_bounds_say_the_same_as_frame_bounds(index, settings):
    segments = plan_segments(index, settings)
    for segment in segments:
        assert segment.start_pts == index.pts[segment.start]
        if segment.number > 0:
            assert segment.warmup_start_pts == index.pts[segment.warmup_start]
        if segment.stop < index.n_frames:
            assert segment.stop_pts == index.pts[segment.stop]
    assert segments[0].warmup_start_pts is None, "the first segment begins wherever the decoder begins"
    assert segments[-1].stop_pts is None, "everything to the end belongs to the last segment"


@given(videos_of_any_kind(), settings_of_any_kind)
def test_warm_up_is_long_enough_in_time_and_frames_unless_the_video_begins(index, settings):
    for segment in plan_segments(index, settings, chained=False):
        n_warmup = segment.start - segment.warmup_start
        assert segment.warmup_start >= 0
        if segment.warmup_start > 0:
            assert n_warmup >= settings.min_warmup_frames
            assert n_warmup >= settings.warmup_s / index.frame_period_s - 1e-5


@given(videos_of_any_kind(), settings_of_any_kind)
def test_the_first_segment_has_no_warm_up(index, settings):
    first = plan_segments(index, settings, chained=False)[0]
    assert first.warmup_start == first.start == 0


@given(st.integers(2, 4000), settings_of_any_kind)
def test_videos_below_one_and_a_half_lengths_stay_whole_and_parts_stay_near_the_length(n_frames, settings):
    index = steady(n_frames)
    segments = plan_segments(index, settings, chained=False)
    if index.duration_s < 1.5 * settings.length_s * (1 - 1e-9):
        assert len(segments) == 1
    elif n_frames > 2 * len(segments):
        for segment in segments:
            seconds = segment.n_frames * index.frame_period_s
            # n + 0.5 lengths make n parts or n + 1, plus the rounding to whole frames
            assert seconds <= 1.5 * settings.length_s + 2 * index.frame_period_s
            assert seconds >= 0.74 * settings.length_s - 2 * index.frame_period_s


@pytest.mark.parametrize(
    ("seconds", "starts"),
    [(89.9, [0]), (90.0, [0, 1350]), (149.9, [0, 2248]), (150.0, [0, 1500, 3000])],
)
def test_cuts_at_the_documented_lengths(seconds, starts):
    segments = plan_segments(steady(round(seconds * 30)), SegmentSettings(length_s=60.0), chained=False)
    assert [segment.start for segment in segments] == starts


def test_warm_up_of_the_defaults_is_one_second_and_at_least_fifteen_frames():
    fast = plan_segments(steady(180 * 60, fps=60), SegmentSettings(), chained=False)
    slow = plan_segments(steady(180 * 5, fps=5), SegmentSettings(), chained=False)
    assert [segment.start - segment.warmup_start for segment in fast] == [0, 60, 60]
    assert [segment.start - segment.warmup_start for segment in slow] == [0, 15, 15]


def test_one_frame_is_one_segment():
    (segment,) = plan_segments(video([42]), SegmentSettings())
    assert (segment.warmup_start, segment.start, segment.stop) == (0, 0, 1)
    assert (segment.warmup_start_pts, segment.start_pts, segment.stop_pts) == (None, 42, None)


def test_fewer_frames_than_lengths_make_one_segment_per_frame():
    slides = video(np.arange(3) * 90000 * 100)  # three pictures, 100 s each
    assert [segment.n_frames for segment in plan_segments(slides, SegmentSettings())] == [1, 1, 1]


def test_only_time_stamps_and_settings_decide():
    index = steady(10_000)
    elsewhere = replace(
        index, path=Path("/other/name.mkv"), sha256="cd" * 32, codec="hevc", width_px=3840, height_px=2160, size_bytes=1
    )
    assert plan_segments(elsewhere, SegmentSettings()) == plan_segments(index, SegmentSettings())


@given(st.integers(1, 9000), st.integers(-(10**6), 10**6))
def test_a_shifted_clock_moves_the_ticks_and_nothing_else(n_frames, shift):
    here, there = (plan_segments(steady(n_frames, first=first), SegmentSettings()) for first in (0, shift))
    assert [(s.warmup_start, s.start, s.stop) for s in here] == [(s.warmup_start, s.start, s.stop) for s in there]
    assert [s.start_pts + shift for s in here] == [s.start_pts for s in there]


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"length_s": 0.0}, "length_s"),
        ({"length_s": -1.0}, "length_s"),
        ({"warmup_s": -0.1}, "warmup_s"),
        ({"length_s": 5.0, "warmup_s": 5.0}, "warmup_s"),
        ({"min_warmup_frames": -1}, "min_warmup_frames"),
        ({"unbroken_s": 0.0}, "unbroken_s"),
    ],
)
def test_settings_out_of_range_are_refused_by_name(changes, named):
    with pytest.raises(ValueError, match=named):
        SegmentSettings(**changes)


@given(videos_of_any_kind(), settings_of_any_kind)
def test_only_the_first_segment_of_a_chain_has_warm_up(index, settings):
    segments = plan_segments(index, settings)
    assert [segment.chain for segment in segments] == sorted(segment.chain for segment in segments)
    for before, segment in pairwise(segments):
        if segment.chain == before.chain:
            assert segment.warmup_start == segment.start
        else:
            assert segment.chain == before.chain + 1
            assert segment.warmup_start < segment.start or settings.min_warmup_frames == 0


@pytest.mark.parametrize(
    ("minutes", "chains"),
    [(0.74, [0]), (0.76, [0, 1]), (2.9, [0, 1]), (3.1, [0, 0, 1, 1]), (5, [0, 1, 2, 3]), (6, [0, 0, 1, 1, 2, 2, 3, 3])],
)
def test_long_videos_are_cut_into_an_even_number_of_chains_of_at_most_two_minutes(minutes, chains):
    segments = plan_segments(steady(round(minutes * 60 * 30)), SegmentSettings())
    assert [segment.chain for segment in segments] == chains


def test_without_chains_every_segment_stands_for_itself():
    segments = plan_segments(steady(200 * 30), SegmentSettings(), chained=False)
    assert [segment.chain for segment in segments] == [0, 1, 2]

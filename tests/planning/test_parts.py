from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vidpose.planning.parts import Part, plan_parts
from vidpose.types.video import VideoIndex


def index_of(pts, key_pts=()) -> VideoIndex:
    return VideoIndex(
        key_pts=key_pts,
        path=Path("/clip.mp4"), sha256="", size_bytes=1, container="mp4", codec="h264", pixel_format="yuv420p",
        width_px=4, height_px=4, rotation_deg=0, time_base=Fraction(1, 300), pts=pts, timing="container",
    )  # fmt: skip


def test_ten_seconds_are_two_parts_of_five():
    parts = plan_parts(index_of(np.arange(300) * 10), 10.0)
    assert parts == (Part(0, 0, 150, None, 1500), Part(1, 150, 300, 1500, None))
    assert [part.n_frames for part in parts] == [150, 150]


@pytest.mark.parametrize(
    ("seconds", "n_parts"), [(7.4, 1), (7.6, 2), (24.8, 2), (25.2, 3), (60, 6), (320, 32), (3600, 32)]
)
def test_parts_are_about_as_long_as_asked_for_and_never_very_many(seconds, n_parts):
    assert len(plan_parts(index_of(np.arange(round(seconds * 30)) * 10), 10.0)) == n_parts


def test_one_frame_is_one_open_part():
    assert plan_parts(index_of([7]), 5.0) == (Part(0, 0, 1, None, None),)


@given(st.lists(st.integers(1, 5000), min_size=1, max_size=200), st.integers(-4000, 4000), st.floats(0.5, 60))
def test_parts_tile_the_video(steps, start, part_s):
    pts = start + np.cumsum(steps)
    parts = plan_parts(index_of(pts), part_s)
    assert (parts[0].start, parts[-1].stop) == (0, len(pts))
    assert (parts[0].start_pts, parts[-1].stop_pts) == (None, None)
    assert [part.number for part in parts] == list(range(len(parts)))
    for before, after in pairwise(parts):
        assert before.stop == after.start
        assert before.stop_pts == after.start_pts == pts[after.start]
    sizes = [part.n_frames for part in parts]
    assert min(sizes) >= 1
    assert max(sizes) - min(sizes) <= 1


@pytest.mark.parametrize(
    ("key_frames", "border"),
    [([0, 140], 140), ([0, 120, 165], 165), ([0], 150), ([0, 74], 150), ([0, 76], 76), ([0, 299], 150)],
)
def test_a_border_lies_on_the_nearest_keyframe_that_is_near(key_frames, border):
    pts = np.arange(300) * 10
    assert [part.start for part in plan_parts(index_of(pts, pts[key_frames]), 10.0)] == [0, border]


def test_no_length_is_refused():
    for wrong in (0.0, -1.0, float("nan")):
        with pytest.raises(ValueError, match="part_s"):
            plan_parts(index_of([0]), wrong)

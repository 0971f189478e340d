"""What planned work costs."""

import pytest
from tiny_clips import Bench, found, tiny_clip

from vidpose.types.findings import Finding
from vidpose.workflow.estimate import (
    PICTURE_BYTES_PER_MEGAPIXEL,
    TABLE_BYTES_PER_FRAME,
    TYPICAL_SECONDS,
    TYPICAL_SECONDS_PER_FRAME,
    WorkEstimate,
    estimate,
)
from vidpose.workflow.video_plan import ReadyVideo, RefusedVideo

MEGAPIXELS = 64 * 48 / 1e6


@pytest.fixture
def bench(tmp_path):
    return Bench(tmp_path)


@pytest.fixture
def plan(bench, tmp_path):
    return bench.plan(tiny_clip(tmp_path / "clip.mp4", n_frames=10))


def never(kind):
    """No speed was ever measured."""


def test_without_measured_speeds_typical_ones_count(plan):
    expected = sum(TYPICAL_SECONDS[kind] * MEGAPIXELS + TYPICAL_SECONDS_PER_FRAME[kind] for kind in TYPICAL_SECONDS)
    assert estimate(plan, never).seconds == pytest.approx(10 * expected)


def test_measured_speeds_count_per_megapixel(plan):
    seconds = estimate(plan, {"pose": 2.0, "render": 0.5}.get).seconds
    assert seconds == pytest.approx(10 * MEGAPIXELS * 2.5)


def test_disk_is_tables_by_frames_and_pictures_by_pixels(plan):
    expected = 10 * TABLE_BYTES_PER_FRAME + 10 * MEGAPIXELS * PICTURE_BYTES_PER_MEGAPIXEL
    assert estimate(plan, never).disk_bytes == pytest.approx(expected)


def test_without_pictures_they_cost_nothing(bench, tmp_path, plan):
    quick = bench.plan(tmp_path / "clip.mp4", no_video=True)
    assert estimate(quick, {"pose": 2.0, "render": 0.5}.get).seconds == pytest.approx(10 * MEGAPIXELS * 2.0)
    assert estimate(quick, never).disk_bytes == 10 * TABLE_BYTES_PER_FRAME


def test_poses_that_are_there_cost_nothing(bench, tmp_path, plan):
    bench.lay_poses(plan)
    posed = bench.plan(tmp_path / "clip.mp4")
    assert estimate(posed, {"pose": 2.0, "render": 0.5}.get).seconds == pytest.approx(10 * MEGAPIXELS * 0.5)


def test_what_cannot_be_used_or_is_done_costs_nothing(tmp_path, plan):
    broken = RefusedVideo(found(tmp_path / "a.mp4"), Finding("empty_file", "no bytes", "fatal"))
    finished = ReadyVideo(plan.found, plan.index, plan.mark, plan.segments, plan.keys)
    assert estimate(broken, never) == estimate(finished, never) == WorkEstimate(0.0, 0.0)


def test_estimates_add_up():
    assert WorkEstimate(1.0, 10.0) + WorkEstimate(2.0, 20.0) == WorkEstimate(3.0, 30.0)

"""Time stamps: the repair rule, and when a constant rate is assumed instead."""

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from vidpose.types.video import VideoSource
from vidpose.video.stamps import Stamper, StreamStamps, settle_stamps

TICK = Fraction(1, 1000)


def settle(pts, *, dts_falls=False, has_clock=True, rate_hz=Fraction(50)):
    present = np.array([stamp for stamp in pts if stamp is not None], np.int64)
    settled = settle_stamps(StreamStamps(present, len(pts), dts_falls, has_clock, rate_hz, TICK))
    return replace(settled, pts=settled.pts.tolist())


def source(timing="container", period=0):
    return VideoSource(Path("/clip"), 4, 4, 0, TICK, timing, period)


def test_good_stamps_are_only_sorted():
    settled = settle([0, 40, 20, 70])
    assert settled.pts == [0, 20, 40, 70]
    assert (settled.timing, settled.assumed_period, settled.findings) == ("container", 0, ())


def test_a_repeated_stamp_moves_by_one_tick():
    settled = settle([0, 20, 20, 40, 60])
    assert settled.pts == [0, 20, 21, 40, 60]
    assert [f.code for f in settled.findings] == ["timestamps_repaired"]
    assert settled.findings[0].details["n_repaired"] == 1


def test_without_a_clock_the_rate_is_assumed():
    settled = settle([None, None, None], has_clock=False)
    assert settled.pts == [0, 20, 40]
    assert (settled.timing, settled.assumed_period) == ("assumed", 20)
    assert settled.findings[0].code == "timestamps_assumed"
    assert settle([None] * 2, rate_hz=None).assumed_period == 40


def test_a_clock_that_steps_back_or_stands_still_is_not_believed():
    assert settle([0, 20, 40, 0, 20, 40], dts_falls=True).pts == [0, 20, 40, 60, 80, 100]
    assert settle([7] * 10).timing == "assumed"


def test_few_missing_stamps_are_left_out():
    settled = settle([*range(0, 400, 20), None])
    assert settled.timing == "container"
    assert settled.pts == list(range(0, 400, 20))


@given(st.lists(st.integers(-1000, 1000), min_size=1))
def test_index_and_decoder_agree_and_increase(pts):
    stamper = Stamper(source())
    stamps = [stamper.stamp(value)[0] for value in sorted(pts)]
    assert all(b > a for a, b in pairwise(stamps))
    settled = settle(pts)
    if settled.timing == "container":
        assert settled.pts == stamps


def test_assumed_stamps_count_frames():
    stamper = Stamper(source("assumed", 33))
    assert [stamper.stamp(pts) for pts in (None, 5, 5)] == [(0, False), (33, False), (66, False)]
    assert stamper.upcoming == 99


def test_a_missing_stamp_follows_the_one_before():
    stamper = Stamper(source())
    assert [stamper.stamp(pts) for pts in (-5, None, 10, 3)] == [(-5, False), (-4, True), (10, False), (11, True)]

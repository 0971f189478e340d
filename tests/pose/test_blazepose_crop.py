"""Cutting squares out of planes: exact where squares meet pixels, at borders, turned, and out of strided planes."""

import math

import numpy as np
import pytest

from vidpose.pose.blazepose.colour import colour_terms, luma_levels
from vidpose.pose.blazepose.crop import Cutter
from vidpose.pose.regions import Region
from vidpose.types.picture import BT601, Picture, YuvColour

QUARTER_TURNS = {0: 0, 90: -1, 180: 2, 270: 1}  # numpy turns counterclockwise
FULL = YuvColour(BT601.kr, BT601.kb, full_range=True)  # levels are luma itself
HEIGHT, WIDTH = 48, 64


def planes(seed=0):
    random = np.random.default_rng(seed)
    halves = ((HEIGHT // 2, WIDTH // 2),) * 2
    return [random.integers(0, 256, shape, dtype=np.uint8) for shape in ((HEIGHT, WIDTH), *halves)]


def picture(rotation_deg=0, colour=FULL, yuv=None):
    return Picture(*(planes() if yuv is None else yuv), rotation_deg, colour, rgb=lambda: np.zeros(0, np.uint8))


def cut(shown, region, border="replicate", n_px=16):
    square = np.full((3, n_px, n_px), 7, dtype=np.uint8)
    Cutter(border).cut(shown, region, square)
    return square


@pytest.mark.parametrize("rotation_deg", QUARTER_TURNS)
@pytest.mark.parametrize("centre", [(24, 24), (8, 8), (0, 0), (47, 30), (70, 20), (-40, -40)])
def test_an_unscaled_square_is_the_upright_picture_with_its_border_repeated(rotation_deg, centre):
    shown = picture(rotation_deg)
    upright = np.pad(np.rot90(shown.y, QUARTER_TURNS[rotation_deg]), 64, mode="edge")
    x, y = centre[0] + 64 - 8, centre[1] + 64 - 8
    square = cut(shown, Region(float(centre[0]), float(centre[1]), 16.0, 0.0))
    np.testing.assert_array_equal(square[0], upright[y : y + 16, x : x + 16])


@pytest.mark.parametrize("rotation_deg", QUARTER_TURNS)
def test_beyond_the_picture_is_black(rotation_deg):
    shown = picture(rotation_deg)
    upright = np.pad(np.rot90(shown.y, QUARTER_TURNS[rotation_deg]), 16)
    square = cut(shown, Region(0.0, 0.0, 16.0, 0.0), border="black")
    np.testing.assert_array_equal(square[0], upright[8:24, 8:24])
    assert (square[1:, :7, :7] == 128).all(), "grey chroma and level 0 are black"


def test_a_square_far_outside_is_all_border():
    assert (cut(picture(), Region(-500.0, 20.0, 16.0, 0.3), "black")[0] == 0).all()
    corner = cut(picture(), Region(500.0, 500.0, 16.0, 0.3))[0]
    assert (corner == picture().y[-1, -1]).all()


def test_a_square_turned_clockwise_reads_columns_from_right_to_left():
    down, right = np.mgrid[0:16, 0:16]
    square = cut(picture(), Region(24.0, 24.0, 16.0, math.pi / 2))
    np.testing.assert_array_equal(square[0], picture().y[16 + right, 32 - down])


@pytest.mark.parametrize("rotation_deg", QUARTER_TURNS)
def test_chroma_lies_where_luma_lies(rotation_deg):
    """All planes show the same ramp of places, so the square has to show equal numbers in all."""
    rows, columns = np.mgrid[0:HEIGHT, 0:WIDTH]
    luma = (2 * columns + rows).astype(np.uint8)
    chroma = luma.reshape(HEIGHT // 2, 2, WIDTH // 2, 2).mean(axis=(1, 3))
    assert (chroma % 1 == 0.5).all()
    shown = picture(rotation_deg, yuv=[luma, (chroma - 0.5).astype(np.uint8), (chroma + 0.5).astype(np.uint8)])
    level, low, high = cut(shown, Region(24.0, 24.0, 21.0, 0.4)).astype(int)
    assert np.abs((low + high) / 2 - level).max() <= 1.0, "rounding"
    assert abs(((low + high) / 2 - level).mean()) < 0.1, "a quarter of a column off would make it 0.5"


def test_planes_with_gaps_between_their_rows_give_the_same():
    wide = [np.pad(plane, ((0, 0), (0, 13))) for plane in planes()]
    views = [plane[:, :-13] for plane in wide]
    for view in views:
        view.setflags(write=False)
    region = Region(20.0, 30.0, 37.0, 0.7)
    np.testing.assert_array_equal(cut(picture(yuv=views), region), cut(picture(), region))


def test_a_cutter_that_has_cut_before_cuts_the_same():
    cutter, region = Cutter("replicate"), Region(20.0, 30.0, 11.0, 0.7)
    squares = np.zeros((2, 3, 16, 16), dtype=np.uint8)
    cutter.cut(picture(), Region(32.0, 24.0, 90.0, 0.0), squares[0])
    for square in squares:
        cutter.cut(picture(), region, square)
    np.testing.assert_array_equal(squares[0], squares[1])
    np.testing.assert_array_equal(squares[0], cut(picture(), region))


@pytest.mark.parametrize("colour", [BT601, YuvColour(0.2126, 0.0722, full_range=False), FULL])
def test_levels_are_floored_products(colour):
    luma = np.arange(256, dtype=np.uint8).reshape(16, 16)
    levels = np.empty_like(luma)
    terms = colour_terms(colour)
    luma_levels(luma, terms, levels)
    expected = np.clip(np.floor((luma - terms.black) * terms.luma_gain), 0, 255)
    np.testing.assert_array_equal(levels, expected)

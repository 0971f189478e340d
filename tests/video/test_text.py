import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vidpose.types.picture import BT601, YuvColour
from vidpose.video.text import Typeface, over, stamp_of

WHITE = (255, 255, 255)


@pytest.mark.parametrize("size_px", [8, 11, 23, 52])
@pytest.mark.parametrize("letter", list("0123456789°≈−●■."))
def test_every_sign_is_a_glyph_of_its_own(size_px, letter):
    face = Typeface(size_px)
    missing = face.mask("\U0010ffff")
    glyph = face.mask(letter)
    assert glyph.max() > 100
    assert glyph.shape != missing.shape or not np.array_equal(glyph, missing)


def test_degree_sign_is_a_small_ring_at_the_top():
    face = Typeface(52)
    ink = face.mask("°") > 100
    rows = np.flatnonzero(ink.any(axis=1))
    digit_rows = np.flatnonzero((face.mask("0") > 100).any(axis=1))
    assert rows[-1] < digit_rows.mean()
    middle_row, middle_column = round(rows.mean()), round(np.flatnonzero(ink.any(axis=0)).mean())
    assert not ink[middle_row, middle_column]


def test_width_is_the_width_of_the_picture():
    face = Typeface(20)
    assert face.mask("120°").shape == (face.line_height_px, face.width_px("120°"))
    assert face.mask("").shape == (face.line_height_px, 0)
    assert len({face.width_px(digit) for digit in "0123456789"}) == 1


def test_stamp_is_made_once():
    face = Typeface(20)
    assert face.stamp("87°", WHITE, (0, 0, 0)) is face.stamp("87°", WHITE, (0, 0, 0))


def blend(frame, stamp, left_px=0, top_px=0):
    """Red, green and blue laid on by hand: what is left of the frame plus the ink."""
    height, width = stamp.ink.shape[:2]
    part = frame[top_px : top_px + height, left_px : left_px + width]
    part[:] = np.rint(part * (1 - stamp.ink[..., 3:] / 255) + stamp.ink[..., :3])


def test_halo_darkens_around_the_letters_and_nowhere_else():
    face = Typeface(24)
    stamp = face.stamp("1", WHITE, (0, 0, 0))
    grey = np.full((*stamp.size_px[::-1], 3), 128, np.uint8)
    blend(grey, stamp)
    assert grey.max() > 240
    assert grey.min() < 60
    assert abs(int(grey[0, 0, 0]) - 128) < 40


def test_ink_is_colour_times_opacity():
    stamp = stamp_of(np.array([[0, 128, 255]], np.uint8), (200, 0, 50))
    np.testing.assert_array_equal(stamp.ink[0], [[0, 0, 0, 0], [100, 0, 25, 128], [200, 0, 50, 255]])


def test_over_equals_blending_one_after_the_other():
    mask = np.arange(256, dtype=np.uint8).reshape(16, 16)
    back, front = stamp_of(mask, (10, 200, 90)), stamp_of(mask.T.copy(), (250, 20, 0))
    twice, once = np.full((2, 16, 16, 3), 77, np.uint8)
    blend(twice, back)
    blend(twice, front)
    blend(once, over(front, back))
    np.testing.assert_allclose(once.astype(int), twice.astype(int), atol=2)


@pytest.mark.parametrize("odd", [(0, 0), (1, 0), (0, 1), (1, 1)])
@pytest.mark.parametrize("size", [(6, 4), (7, 5), (1, 1)])
def test_chroma_is_the_mean_of_what_lies_around_its_sample(size, odd):
    """Opacity on the chroma planes, by the definition: rows 2c, 2c + 1, columns 2c - 1, 2c (twice), 2c + 1."""
    rng = np.random.default_rng(3)
    mask = rng.integers(0, 256, size[::-1]).astype(np.uint8)
    made = stamp_of(mask, WHITE).on_planes(BT601, odd)
    wide = np.zeros((size[1] + 4, size[0] + 6))
    wide[odd[1] : odd[1] + size[1], odd[0] + 1 : odd[0] + 1 + size[0]] = mask
    for row in range(made.half_keep.shape[0]):
        for column in range(made.half_keep.shape[1]):
            around = wide[2 * row : 2 * row + 2, 2 * column : 2 * column + 3].mean(axis=0)
            expected = 255 - around @ [0.25, 0.5, 0.25]
            assert made.half_keep[row, column] == pytest.approx(expected, abs=1.01)
    np.testing.assert_array_equal(made.keep, 255 - mask)


@given(st.tuples(*[st.integers(0, 255)] * 3), st.sampled_from([(0.299, 0.114), (0.2126, 0.0722)]), st.booleans())
def test_opaque_stamps_come_back_as_the_colour_they_were(rgb, shares, full_range):
    colour = YuvColour(*shares, full_range=full_range)
    made = stamp_of(np.full((8, 8), 255, np.uint8), rgb).on_planes(colour, (0, 0))
    matrix, offset = colour.to_rgb()
    back = matrix @ (made.y[4, 4], made.u[2, 2], made.v[2, 2]) + offset
    np.testing.assert_allclose(back, rgb, atol=2.5)


def test_planes_are_made_once():
    stamp = Typeface(20).stamp("8", WHITE)
    assert stamp.on_planes(BT601, (0, 1)) is stamp.on_planes(BT601, (0, 1))
    assert stamp.on_planes(BT601, (0, 1)) is not stamp.on_planes(BT601, (1, 1))

"""Fitting a picture into a network's input: the mapping both ways, and the samples that it reads."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_yolo import picture

from vidpose.pose.yolo.letterbox import Letterbox

sides = st.integers(16, 5000)


@pytest.mark.parametrize(
    ("picture_px", "input_px", "shown_px", "margins_px"),
    [
        ((1920, 1080), (640, 384), (640, 360), (0, 12)),
        ((1080, 1920), (384, 640), (360, 640), (12, 0)),
        ((640, 640), (640, 640), (640, 640), (0, 0)),
        ((320, 240), (640, 480), (640, 480), (0, 0)),
        ((400, 600), (448, 640), (427, 640), (10, 0)),
        ((4000, 16), (640, 32), (640, 3), (0, 14)),
    ],
)
def test_the_smallest_input_for_a_picture(picture_px, input_px, shown_px, margins_px):
    box = Letterbox.around(picture_px, 640, 32)
    assert (box.input_width_px, box.input_height_px) == input_px
    assert (box.shown_width_px, box.shown_height_px) == shown_px
    assert (box.left_px, box.top_px) == margins_px


def test_a_fixed_input_gets_wide_margins():
    box = Letterbox.within((1920, 1080), (640, 640))
    assert (box.shown_width_px, box.shown_height_px, box.left_px, box.top_px) == (640, 360, 0, 140)


@given(width=sides, height=sides)
def test_the_picture_fills_the_input_but_for_less_than_a_stride(width, height):
    box = Letterbox.around((width, height), 640, 32)
    assert box.input_width_px % 32 == 0
    assert box.input_height_px % 32 == 0
    assert max(box.input_width_px, box.input_height_px) == 640
    assert 0 <= box.input_width_px - box.shown_width_px < 32
    assert 0 <= box.input_height_px - box.shown_height_px < 32


@given(width=sides, height=sides)
def test_the_shown_picture_has_the_corners_of_the_whole(width, height):
    box = Letterbox.around((width, height), 640, 32)
    left_top = np.array([box.left_px, box.top_px])
    shown = np.array([left_top, left_top + np.array([box.shown_width_px, box.shown_height_px])])
    np.testing.assert_allclose(box.to_picture(shown), [[0, 0], [width, height]], atol=1e-6)


def test_a_missing_point_stays_missing():
    box = Letterbox.around((1920, 1080), 640, 32)
    assert np.isnan(box.to_picture(np.full((2, 2), np.nan))).all()


def ramp(width, height):
    """An RGB picture that gets redder to the right and bluer downwards."""
    x, y = np.meshgrid(np.arange(width) + 0.5, np.arange(height) + 0.5)
    return np.stack([40 + 150 * x / width, np.full_like(x, 90.0), 40 + 150 * y / height], axis=-1)


def filled(box, shown):
    planes = np.zeros((3, box.shown_height_px, box.shown_width_px), dtype=np.uint8)
    box.fill(shown, planes)
    return planes


@pytest.mark.parametrize("rotation_deg", [0, 90, 180, 270])
@pytest.mark.parametrize("size_px", [(960, 540), (541, 961), (96, 54), (55, 97)])
def test_every_sample_shows_the_place_that_the_mapping_says(size_px, rotation_deg):
    shown = picture(ramp(*size_px), rotation_deg)
    assert shown.size_px == size_px
    box = Letterbox.around(size_px, 640, 32)
    planes = filled(box, shown)
    # What the ramp has at the position of each sample, by the mapping that results use.
    x, y = np.meshgrid(np.arange(box.shown_width_px) + 0.5, np.arange(box.shown_height_px) + 0.5)
    places = box.to_picture(np.stack([x + box.left_px, y + box.top_px], axis=-1))
    matrix, offset = shown.colour.to_rgb()
    width, height = size_px
    rgb = np.stack(
        [40 + 150 * places[..., 0] / width, np.full_like(x, 90.0), 40 + 150 * places[..., 1] / height], axis=-1
    )
    expected = (rgb - offset) @ np.linalg.inv(matrix).T
    off = planes.transpose(1, 2, 0).astype(float) - expected
    inner = off[8:-8, 8:-8]  # at the very border samples repeat
    assert np.abs(inner).max() < 1.2, "rounding of the planes and of the result"
    assert np.abs(inner.mean(axis=(0, 1))).max() < 0.15, "no shift: a chroma sample off by half a pixel shows here"


def test_a_turned_picture_gives_the_samples_of_the_upright_one():
    rgb = np.random.default_rng(0).integers(0, 256, (36, 64, 3)).repeat(10, axis=0).repeat(10, axis=1)
    box = Letterbox.around((640, 360), 640, 32)
    upright = filled(box, picture(rgb))
    for rotation_deg in (90, 180, 270):
        np.testing.assert_array_equal(filled(box, picture(rgb, rotation_deg)), upright)

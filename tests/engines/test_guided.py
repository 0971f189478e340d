"""Showing an estimator the guided person only: the same part of the picture, however its planes are stored."""

import numpy as np
import pytest

from vidpose.engines.guided import blank_outside
from vidpose.planning.joining import Guide
from vidpose.types.picture import BT601, Picture, YuvColour

WIDTH, HEIGHT = 24, 16
BOX = (4.0, 2.0, 11.0, 7.0)


def picture(rotation_deg, colour=BT601):
    """A picture whose upright luma counts its pixels, and whose chroma is nowhere neutral."""
    upright = np.arange(WIDTH * HEIGHT, dtype=np.uint32).reshape(HEIGHT, WIDTH)
    luma = (20 + upright % 200).astype(np.uint8)
    stored = np.ascontiguousarray(np.rot90(luma, rotation_deg // 90))
    chroma = np.full((stored.shape[0] // 2, stored.shape[1] // 2), 90, dtype=np.uint8)
    rgb = np.dstack([luma] * 3)
    return Picture(stored, chroma, chroma + 90, rotation_deg, colour, rgb.copy)


def upright(plane, rotation_deg):
    return np.rot90(plane, -(rotation_deg // 90))


@pytest.mark.parametrize("rotation_deg", [0, 90, 180, 270])
def test_only_the_box_is_left_whatever_the_rotation(rotation_deg):
    before = picture(rotation_deg)
    after = blank_outside(before, Guide((7,), (BOX,)), 7)
    shown, known = upright(after.y, rotation_deg), upright(before.y, rotation_deg)
    inside = np.zeros((HEIGHT, WIDTH), dtype=bool)
    inside[2:8, 4:12] = True
    np.testing.assert_array_equal(shown[inside], known[inside])
    assert (shown[~inside] == 16).all()
    assert (after.rgb()[~inside] == 0).all()
    np.testing.assert_array_equal(after.rgb()[inside], before.rgb()[inside])
    for plane, known_plane in ((after.u, before.u), (after.v, before.v)):
        kept = upright(plane != 128, rotation_deg)
        assert kept[1:4, 2:6].all()
        assert kept.sum() == 12
        assert set(np.unique(plane)) == {128, known_plane[0, 0]}


def test_a_frame_without_a_box_is_all_black():
    after = blank_outside(picture(0, YuvColour(0.2126, 0.0722, full_range=True)), Guide((7,), (BOX,)), 8)
    assert (after.y == 0).all()
    assert (after.u == 128).all()
    assert not after.rgb().any()

"""Quarter turns: every pixel is where numpy puts it, boxes go there and back."""

import numpy as np
import pytest

from vidpose.types.rotation import as_stored, stored_box, stored_from_upright, stored_points, upright_box, upright_size
from vidpose.video.picture_conversion import turned_upright

STORED = np.arange(12, dtype=np.uint8).reshape(3, 4)
STORED_PX = (4, 3)
ROTATIONS = (0, 90, 180, 270)


@pytest.fixture(params=ROTATIONS)
def rotation_deg(request):
    return request.param


def test_every_pixel_of_the_upright_picture_is_found_in_the_stored_one(rotation_deg):
    upright = np.rot90(STORED, -rotation_deg // 90)  # numpy turns counterclockwise
    assert upright_size(STORED_PX, rotation_deg) == upright.shape[::-1]
    np.testing.assert_array_equal(as_stored(upright, rotation_deg), STORED)
    for (y, x), value in np.ndenumerate(upright):
        ((column, row),) = stored_points(np.array([[x, y]]), rotation_deg, STORED_PX).astype(int)
        assert STORED[row, column] == value
        assert stored_from_upright(rotation_deg, STORED_PX) @ (x, y, 1) == pytest.approx((column, row))


def test_opencv_turns_pixels_to_the_same_places(rotation_deg):
    if rotation_deg:
        np.testing.assert_array_equal(turned_upright(STORED, rotation_deg), np.rot90(STORED, -rotation_deg // 90))


def test_a_box_shows_the_same_pixels_and_comes_back(rotation_deg):
    upright = np.rot90(STORED, -rotation_deg // 90)
    box = (1, 0, 2, 1)
    left, top, right, bottom = map(int, stored_box(box, rotation_deg, STORED_PX))
    cut = np.rot90(STORED[top : bottom + 1, left : right + 1], -rotation_deg // 90)
    np.testing.assert_array_equal(cut, upright[0:2, 1:3])
    assert upright_box((left, top, right, bottom), rotation_deg, STORED_PX) == box


def test_an_empty_box_stays_empty(rotation_deg):
    left, top, right, bottom = stored_box((0.0, 0.0, -1.0, -1.0), rotation_deg, STORED_PX)
    assert right < left
    assert bottom < top

"""Mappings between square, upright picture and stored planes, by hand and both ways."""

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from vidpose.pose.blazepose.mapping import apply, then, upright_from_crop
from vidpose.pose.regions import Region
from vidpose.types.rotation import stored_from_upright


def test_a_straight_square_reaches_from_its_left_top_to_its_right_bottom():
    mapping = upright_from_crop(Region(100.0, 50.0, 40.0, 0.0), 20)
    np.testing.assert_allclose(
        apply(mapping, np.array([[0.0, 0.0], [10.0, 10.0], [20.0, 20.0]])), [[80, 30], [100, 50], [120, 70]]
    )


def test_a_square_turned_clockwise_has_its_top_on_the_right():
    mapping = upright_from_crop(Region(100.0, 50.0, 40.0, math.pi / 2), 20)
    np.testing.assert_allclose(apply(mapping, np.array([[10.0, 0.0]])), [[120.0, 50.0]])


@given(
    st.floats(-1e3, 1e3),
    st.floats(-1e3, 1e3),
    st.floats(1.0, 4e3),
    st.floats(-4.0, 4.0),
    st.sampled_from([0, 90, 180, 270]),
)
def test_there_and_back_is_where_it_began(x, y, side, rotation, rotation_deg):
    there = then(upright_from_crop(Region(x, y, side, rotation), 256), stored_from_upright(rotation_deg, (640, 480)))
    points = np.array([[0.0, 0.0], [255.0, 3.0], [128.0, 128.0]])
    back = np.linalg.inv(np.vstack([there, [0.0, 0.0, 1.0]]))[:2]
    np.testing.assert_allclose(apply(back, apply(there, points)), points, atol=1e-6)
    distances = np.linalg.norm(np.diff(apply(there, points), axis=0), axis=1)
    np.testing.assert_allclose(distances, np.linalg.norm(np.diff(points, axis=0), axis=1) * side / 256, rtol=1e-9)

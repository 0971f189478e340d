"""Symmetry indices as closed forms, and the errors that they take over."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vidpose.biomech.symmetry.indices import Side, normalised_index, robinson, symmetry_angle

positive = st.floats(0.1, 1e3)


def exact(value):
    return Side(value, 0.0)


@pytest.mark.parametrize(
    ("right", "left", "index", "angle"),
    [
        (1.0, 1.0, 0.0, 0.0),
        (3.0, 1.0, 1.0, 0.5 - math.degrees(math.atan(1 / 3)) / 90),
        (1.0, 0.0, 2.0, 0.5),
        (0.0, 1.0, -2.0, -0.5),
        (1.15, 1.0, 0.15 / 1.075, 0.5 - math.degrees(math.atan(1 / 1.15)) / 90),
    ],
)
def test_closed_forms(right, left, index, angle):
    assert robinson(exact(right), exact(left))[0] == pytest.approx(index, abs=1e-12)
    assert symmetry_angle(exact(right), exact(left))[0] == pytest.approx(angle, abs=1e-12)


def test_normalised_index_counts_from_zero():
    assert normalised_index(exact(30.0), exact(20.0), 18.0, 40.0)[0] == pytest.approx(10 / 40)
    assert normalised_index(exact(10.0), exact(-10.0), -20.0, 20.0)[0] == pytest.approx(20 / 40)


def test_nothing_to_divide_by():
    for value, error in (
        robinson(exact(1.0), exact(-1.0)),
        symmetry_angle(exact(0.0), exact(0.0)),
        normalised_index(exact(0.0), exact(0.0), 0.0, 0.0),
    ):
        assert math.isnan(value)
        assert math.isnan(error)


@given(right=positive, left=positive, scale=positive)
def test_swapping_sides_changes_the_sign_and_size_does_not_matter(right, left, scale):
    for index in (robinson, symmetry_angle):
        value = index(exact(right), exact(left))[0]
        assert index(exact(left), exact(right))[0] == pytest.approx(-value, abs=1e-9)
        assert index(exact(scale * right), exact(scale * left))[0] == pytest.approx(value, abs=1e-9)


@given(right=st.floats(-100, 100), left=st.floats(-100, 100))
def test_the_symmetry_angle_stays_within_one(right, left):
    value, _ = symmetry_angle(exact(right), exact(left))
    assert math.isnan(value) or -1 - 1e-12 <= value <= 1 + 1e-12


def test_errors_are_those_of_a_simulation():
    rng = np.random.default_rng(0)
    right, left = rng.normal(60.0, 1.0, 100_000), rng.normal(50.0, 2.0, 100_000)
    sides = Side(60.0, 1.0), Side(50.0, 2.0)
    assert robinson(*sides)[1] == pytest.approx(np.std(2 * (right - left) / (right + left)), rel=0.02)
    assert symmetry_angle(*sides)[1] == pytest.approx(np.std(np.arctan2(left, right)) / (np.pi / 2), rel=0.02)
    assert normalised_index(*sides, 40.0, 70.0)[1] == pytest.approx(np.std((right - left) / 70.0), rel=0.02)

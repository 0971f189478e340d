"""Velocities and accelerations: exact on parabolas, never across what is missing."""

import numpy as np
import pytest
from biomech_bodies import squats, track_of, without

from vidpose.biomech.conventions import ANGLE_IDS, ANGLES
from vidpose.biomech.derivatives import (
    acceleration,
    angular_acceleration,
    angular_velocity,
    landmark_speed,
    velocity,
)
from vidpose.biomech.filtering import FilterSettings, filter_movement

UNEVEN_S = np.cumsum(np.random.default_rng(0).choice([1 / 60, 1 / 30], size=50))
ONE_STRETCH = np.zeros(50, dtype=np.int64)
KNEE = ANGLE_IDS.index("knee_flexion_r")


def angles_of(values_rad):
    result = np.full((len(values_rad), len(ANGLES)), np.nan)
    result[:, KNEE] = values_rad
    return result


def parabola(times_s):
    return 2 + 3 * times_s - 4 * times_s**2, 3 - 8 * times_s, np.full(len(times_s), -8.0)


def test_parabolas_are_exact_on_uneven_times():
    value, slope, bend = parabola(UNEVEN_S)
    points = np.stack([value, 2 * value], axis=1)[:, None]
    found = velocity(points, UNEVEN_S, ONE_STRETCH)
    assert found[1:-1, 0, 0] == pytest.approx(slope[1:-1])
    assert found[1:-1, 0, 1] == pytest.approx(2 * slope[1:-1])
    assert np.all(np.isfinite(found))
    found = acceleration(points, UNEVEN_S, ONE_STRETCH)
    assert found[1:-1, 0, 0] == pytest.approx(bend[1:-1], rel=1e-6)
    assert np.all(np.isnan(found[[0, -1]]))


def test_velocity_is_numpys_gradient_inside_runs():
    values = np.random.default_rng(1).normal(size=(50, 3))
    values[[10, 30, 31, 33]] = np.nan
    stretch = np.where(np.arange(50) < 20, 0, 1)
    found = velocity(values, UNEVEN_S, stretch)
    for start, stop in ((0, 10), (11, 20), (20, 30), (34, 50)):
        run = slice(start, stop)
        assert found[run] == pytest.approx(np.gradient(values[run], UNEVEN_S[run], axis=0))
    assert np.all(np.isnan(found[[10, 30, 31, 32, 33]]))


def test_a_point_is_missing_as_a_whole():
    values = np.random.default_rng(1).normal(size=(50, 2, 2))
    values[20, 0, 1] = np.nan
    found = velocity(values, UNEVEN_S, ONE_STRETCH)
    assert np.all(np.isnan(found[20, 0]))
    assert np.all(np.isfinite(found[:, 1]))
    assert np.array_equal(np.isnan(found[:, 0, 0]), np.isnan(found[:, 0, 1]))


@pytest.mark.parametrize("n_frames", [0, 1, 2])
def test_too_few_frames_have_no_derivatives(n_frames):
    values, stretch = np.ones((n_frames, 33, 2)), np.zeros(n_frames, dtype=np.int64)
    facing = np.ones(n_frames, dtype=np.uint8)
    for function in (velocity, acceleration):
        assert np.all(np.isnan(function(values, UNEVEN_S[:n_frames], stretch)))
    for function in (angular_velocity, angular_acceleration):
        angles_rad = np.ones((n_frames, len(ANGLES)))
        found = function(angles_rad, UNEVEN_S[:n_frames], stretch, facing)
        assert found.shape == angles_rad.shape
        assert np.all(np.isnan(found))


def test_angles_are_unwrapped():
    turning = 9.0 * UNEVEN_S
    row = ANGLES[KNEE]
    lower, period = np.deg2rad(row.lower_deg), np.deg2rad(row.period_deg)
    wrapped = (turning - lower) % period + lower
    assert np.min(np.diff(wrapped)) < -5.0
    facing = np.ones(50, dtype=np.uint8)
    found = angular_velocity(angles_of(wrapped), UNEVEN_S, ONE_STRETCH, facing)[:, KNEE]
    assert found == pytest.approx(np.full(50, 9.0))
    found = angular_acceleration(angles_of(wrapped), UNEVEN_S, ONE_STRETCH, facing)[1:-1, KNEE]
    assert found == pytest.approx(np.zeros(48), abs=1e-9)


def test_angular_acceleration_is_exact_and_stops_at_changes():
    value, _, bend = parabola(UNEVEN_S)
    facing = np.where(np.arange(50) < 25, 1, 2).astype(np.uint8)
    found = angular_acceleration(angles_of(value / 50), UNEVEN_S, ONE_STRETCH, facing)[:, KNEE]
    known = np.isfinite(found)
    assert np.flatnonzero(~known).tolist() == [0, 24, 25, 49]
    assert found[known] == pytest.approx(bend[known] / 50, rel=1e-6)
    others = np.delete(angular_acceleration(angles_of(value), UNEVEN_S, ONE_STRETCH, facing), KNEE, axis=1)
    assert np.all(np.isnan(others))


def test_a_gap_in_every_second_frame_yields_nothing_and_does_not_fail():
    values = np.ones((50, 33, 2))
    values[::2] = np.nan
    assert np.all(np.isnan(velocity(values, UNEVEN_S, ONE_STRETCH)))
    assert np.all(np.isnan(acceleration(values, UNEVEN_S, ONE_STRETCH)))


def test_landmark_speed_is_the_length_of_the_velocity():
    hidden = without(track_of(squats()), "nose", frames=slice(50, 90))
    track = filter_movement(hidden, FilterSettings()).track
    speed = landmark_speed(track, 700.0)
    whole = velocity(track.image_px, track.timestamps_s, track.stretch)
    assert np.array_equal(np.isnan(speed), np.isnan(whole).any(axis=2))
    known = np.isfinite(speed)
    assert speed[known] == pytest.approx((np.linalg.norm(whole, axis=2) / 700.0)[known])
    assert np.all(np.isnan(landmark_speed(track, float("nan"))))

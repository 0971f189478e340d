"""Smoothness of single speed profiles: published values, order, and what must not matter."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vidpose.biomech.smoothness.jerk import log_dimensionless_jerk
from vidpose.biomech.smoothness.spectral import SpectralSettings, spectral_arc_length

SETTINGS = SpectralSettings()


def minimum_jerk(n=100):
    share = np.linspace(0.0, 1.0, n)
    return 30 * share**2 * (1 - share) ** 2


def pushes(count, n=200):
    """Sub-movements one after the other, half overlapping."""
    length = round(2 * n / (count + 1))
    speed = np.zeros(n + length)
    for number in range(count):
        start = number * length // 2
        speed[start : start + length] += minimum_jerk(length)
    return speed[:n]


def test_the_published_example():
    """The example in the documentation of the authors' package: exp(-5 t^2), -1 to 1 s, 100 Hz."""
    speed = np.exp(-5 * np.arange(-1, 1, 0.01) ** 2)
    assert spectral_arc_length(speed, 100.0, SETTINGS) == pytest.approx(-1.41403, abs=5e-6)
    assert log_dimensionless_jerk(speed[:, None], 100.0) == pytest.approx(-5.81636, abs=5e-6)


def test_a_reach_is_smoother_than_sub_movements_and_these_than_a_tremor():
    reach = minimum_jerk(200)
    tremor = reach + 0.25 * (1 + np.sin(2 * np.pi * 8 * np.arange(200) / 100))
    for measure in (
        lambda speed: spectral_arc_length(speed, 100.0, SETTINGS),
        lambda speed: log_dimensionless_jerk(speed[:, None], 100.0),
    ):
        values = [measure(speed) for speed in (reach, pushes(2), pushes(4), tremor)]
        assert values == sorted(values, reverse=True)


@given(scale=st.floats(1e-3, 1e3), rate_hz=st.sampled_from([60.0, 100.0, 240.0]))
def test_size_does_not_matter(scale, rate_hz):
    speed = minimum_jerk() + 0.1 * np.sin(np.arange(100)) ** 2
    assert spectral_arc_length(scale * speed, rate_hz, SETTINGS) == pytest.approx(
        spectral_arc_length(speed, rate_hz, SETTINGS), rel=1e-9
    )
    assert log_dimensionless_jerk(scale * speed[:, None], rate_hz) == pytest.approx(
        log_dimensionless_jerk(speed[:, None], rate_hz), rel=1e-9
    )


def test_jerk_is_free_of_duration():
    speed = minimum_jerk()[:, None]
    assert log_dimensionless_jerk(speed, 100.0) == pytest.approx(log_dimensionless_jerk(speed, 25.0), rel=1e-12)


def test_jerk_is_that_of_the_closed_form():
    """v = sin(w t) over n whole periods: T^3 w^4 T / 2."""
    n, rate_hz, periods = 20_000, 1000.0, 3
    t = np.arange(n) / rate_hz
    omega = 2 * np.pi * periods / (n / rate_hz)
    value = log_dimensionless_jerk(np.sin(omega * t)[:, None], rate_hz)
    assert value == pytest.approx(-np.log((n / rate_hz) ** 4 * omega**4 / 2), abs=1e-3)


def test_a_turn_costs_nothing_in_the_jerk():
    """A joint that turns back has a kink in its speed, not in its velocity."""
    velocity = np.sin(np.linspace(0, 2 * np.pi, 120))[:, None]
    assert log_dimensionless_jerk(velocity, 60.0) > log_dimensionless_jerk(np.abs(velocity), 60.0) + 1.0


@pytest.mark.parametrize("n", [0, 1, 3])
def test_too_few_samples(n):
    assert np.isnan(log_dimensionless_jerk(np.ones((n, 1)), 30.0))
    if n < 2:
        assert np.isnan(spectral_arc_length(np.ones(n), 30.0, SETTINGS))


def test_rest_and_low_rates_have_no_value():
    assert np.isnan(spectral_arc_length(np.zeros(50), 30.0, SETTINGS))
    assert np.isnan(spectral_arc_length(minimum_jerk(), 15.0, SETTINGS))
    assert np.isnan(log_dimensionless_jerk(np.zeros((50, 2)), 30.0))
    assert np.isnan(log_dimensionless_jerk(np.full((50, 2), 3.0), 30.0))


@pytest.mark.parametrize(
    "wrong", [{"highest_hz": 0.0}, {"amplitude_share": 0.0}, {"amplitude_share": 1.0}, {"padding_levels": -1}]
)
def test_settings_are_checked(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        SpectralSettings(**wrong)

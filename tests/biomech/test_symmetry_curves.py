"""Pattern, lag and distance of two sides' curves."""

import numpy as np
import pytest

from vidpose.biomech.symmetry.curves import align

RATE_HZ = 60.0
CYCLE_S = 1.2


def curve(shift_s=0.0, scale=1.0, n_cycles=8, cycle_s=CYCLE_S):
    times_s = np.arange(round(n_cycles * cycle_s * RATE_HZ)) / RATE_HZ
    phase = 2 * np.pi * (times_s - shift_s) / cycle_s
    return scale * (0.5 - 0.4 * np.cos(phase) - 0.1 * np.cos(2 * phase))


@pytest.mark.parametrize("lag_s", [-0.2, -0.05, 0.0, 0.013, 0.1])
def test_lag_of_sides_that_move_together(lag_s):
    found = align(curve(lag_s), curve(), RATE_HZ, CYCLE_S)
    assert not found.alternating
    assert found.lag_s == pytest.approx(lag_s, abs=2e-3)
    assert found.correlation == pytest.approx(1.0, abs=0.02)


@pytest.mark.parametrize("lag_s", [-0.1, 0.0, 0.02, 0.15])
def test_lag_of_sides_that_take_turns(lag_s):
    found = align(curve(lag_s + CYCLE_S / 2), curve(), RATE_HZ, CYCLE_S)
    assert found.alternating
    assert found.lag_s == pytest.approx(lag_s, abs=4e-3)


def test_distance_of_equal_curves_is_nothing_and_of_a_shifted_one_the_shift():
    assert align(curve(), curve(), RATE_HZ, CYCLE_S).difference_rad == pytest.approx(0.0, abs=1e-12)
    assert align(curve() + 0.3, curve(), RATE_HZ, CYCLE_S).difference_rad == pytest.approx(0.3)
    turned = align(curve(CYCLE_S / 2), curve(), RATE_HZ, CYCLE_S)
    assert turned.difference_rad == pytest.approx(0.0, abs=1e-9)


def test_offset_and_size_do_not_change_the_lag():
    found = align(5.0 + 3.0 * curve(0.1), curve() - 2.0, RATE_HZ, CYCLE_S)
    assert found.lag_s == pytest.approx(0.1, abs=2e-3)


def test_without_a_rhythm_the_sides_move_together():
    rise = 1 / (1 + np.exp(-np.linspace(-6, 6, 300)))
    found = align(np.roll(rise, 6), rise, RATE_HZ, float("nan"))
    assert not found.alternating
    assert found.lag_s == pytest.approx(0.1, abs=0.02)


def test_noise_moves_the_lag_little():
    rng = np.random.default_rng(2)
    right, left = curve(0.05), curve()
    lags = [
        align(right + rng.normal(0, 0.05, len(right)), left + rng.normal(0, 0.05, len(left)), RATE_HZ, CYCLE_S).lag_s
        for _ in range(50)
    ]
    assert np.mean(lags) == pytest.approx(0.05, abs=4e-3)
    assert np.std(lags) < 5e-3


def test_too_short_or_still():
    assert align(curve(n_cycles=1), curve(n_cycles=1), RATE_HZ, CYCLE_S) is None
    assert align(np.full(500, 0.2), curve()[:500], RATE_HZ, CYCLE_S) is None
    assert align(np.empty(0), np.empty(0), RATE_HZ, float("nan")) is None

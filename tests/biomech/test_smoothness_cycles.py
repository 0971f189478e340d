"""Where cycles begin and end, and how alike they are."""

import numpy as np
import pytest

from vidpose.biomech.smoothness.consistency import (
    multiple_correlation,
    normalised_cycles,
    pointwise_spread,
    variation,
)
from vidpose.biomech.smoothness.cycles import CycleSettings, find_cycles

RATE_HZ = 30.0
SETTINGS = CycleSettings()


def bumps(tops_deg, period_s=2.0, rest_s=0.0, rate_hz=RATE_HZ):
    """Raised cosines between rests, radians, and their times."""
    n = round(period_s * rate_hz)
    shape = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(n) / n)
    rest = np.zeros(round(rest_s * rate_hz))
    parts = [rest, *(part for top in tops_deg for part in (np.deg2rad(top) * shape, rest)), [0.0]]
    values = np.concatenate(parts)
    return values, np.arange(len(values)) / rate_hz


def cycles_of(values, times_s, label=None, settings=SETTINGS):
    label = np.zeros(len(values), dtype=np.int64) if label is None else label
    return find_cycles(values, times_s, label, settings)


@pytest.mark.parametrize("rate_hz", [10.0, 24.0, 29.97, 120.0, 240.0])
def test_cycles_without_rest_meet(rate_hz):
    values, times_s = bumps([90] * 6, rate_hz=rate_hz)
    cycles = cycles_of(values, times_s)
    assert len(cycles) == 6
    assert np.diff(times_s[cycles], axis=1).ravel() == pytest.approx(2.0, abs=0.25)
    assert list(cycles[1:, 0]) == list(cycles[:-1, 1])


def test_rest_does_not_belong_to_a_cycle():
    values, times_s = bumps([80, 85, 90, 75], rest_s=3.0)
    cycles = cycles_of(values, times_s)
    assert times_s[cycles[:, 0]] == pytest.approx([3.0, 8.0, 13.0, 18.0], abs=0.2)
    assert np.diff(times_s[cycles], axis=1).ravel() == pytest.approx(2.0, abs=0.3)


def test_parts_of_a_cycle_at_the_ends_do_not_count():
    values, times_s = bumps([90] * 4)
    assert len(cycles_of(values[30:], times_s[30:])) == 3  # begins at a peak
    assert len(cycles_of(values[25:], times_s[25:])) == 3  # begins just before it


def test_a_shallow_repetition_counts_and_a_wobble_does_not():
    values, times_s = bumps([90, 50, 90, 15, 90])
    assert len(cycles_of(values, times_s)) == 4


def test_cycles_do_not_cross_gaps_and_labels():
    values, times_s = bumps([90] * 5)
    values[150] = np.nan  # the third peak
    cycles = cycles_of(values, times_s)
    assert len(cycles) == 4
    assert not any(first <= 150 <= last for first, last in cycles)
    whole, times_s = bumps([90] * 5)
    label = (np.arange(len(whole)) >= 150).astype(np.int64)
    assert len(cycles_of(whole, times_s, label)) == 4


def test_an_outlying_movement_is_left_out():
    values, _ = bumps([90] * 5)
    slow, _ = bumps([90], period_s=9.0)
    together = np.concatenate([values, slow])
    assert len(cycles_of(together, np.arange(len(together)) / RATE_HZ)) == 5


def test_uneven_times_make_no_difference():
    rng = np.random.default_rng(1)
    times_s = np.cumsum(rng.uniform(0.02, 0.05, 400))
    values = 0.7 - 0.7 * np.cos(2 * np.pi * times_s / 2.0)
    assert len(cycles_of(values, times_s)) == pytest.approx(times_s[-1] / 2.0, abs=1.0)


@pytest.mark.parametrize("values", [[], [0.3], [np.nan] * 60, [0.5] * 60, list(np.linspace(0, 2, 60))])
def test_no_cycles(values):
    values = np.asarray(values, dtype=float)
    assert cycles_of(values, np.arange(len(values)) / RATE_HZ).shape == (0, 2)


def test_noise_makes_no_cycles():
    rng = np.random.default_rng(0)
    values = np.deg2rad(rng.normal(0.0, 2.0, 900))
    assert len(cycles_of(values, np.arange(900) / RATE_HZ)) == 0


def test_equal_cycles_are_consistent():
    values, times_s = bumps([90] * 5)
    curves = normalised_cycles(values, times_s, cycles_of(values, times_s))
    assert curves.shape == (5, 101)
    assert multiple_correlation(curves) == pytest.approx(1.0, abs=1e-3)
    assert pointwise_spread(curves) == pytest.approx(0.0, abs=0.02)


def test_spread_is_the_mean_standard_deviation():
    curves = np.array([[0.0, 0.0], [1.0, 2.0], [2.0, 4.0]])
    assert pointwise_spread(curves) == pytest.approx(1.5)


def test_multiple_correlation_by_hand():
    """Two curves 0, 1 and 0.2, 1.2: within = 0.04 / 2 / 1... over the total, see Kadaba et al. 1989."""
    curves = np.array([[0.0, 1.0], [0.2, 1.2]])
    within = 4 * 0.1**2 / (2 * 1)
    total = np.sum((curves - 0.6) ** 2) / 3
    assert multiple_correlation(curves) == pytest.approx(np.sqrt(1 - within / total))


def test_cycles_that_differ_by_more_than_they_move_have_no_correlation():
    assert np.isnan(multiple_correlation(np.array([[0.0, 0.1], [5.0, 5.1], [9.0, 9.1]])))
    assert np.isnan(multiple_correlation(np.ones((3, 4))))


def test_a_cycle_with_a_gap_is_no_curve():
    values, times_s = bumps([90] * 3)
    cycles = cycles_of(values, times_s)
    values[cycles[1, 0] + 5] = np.nan
    assert list(np.isnan(normalised_cycles(values, times_s, cycles)).all(axis=1)) == [False, True, False]


def test_variation():
    assert variation(np.array([1.0, 2.0, 3.0])) == pytest.approx(0.5)
    assert np.isnan(variation(np.array([-1.0, 1.0])))


@pytest.mark.parametrize(
    "wrong",
    [
        {"min_range_deg": 0.0},
        {"prominence_share": 1.0},
        {"min_duration_s": 0.0},
        {"min_duration_s": 30.0},
        {"rest_margin_s": -0.1},
        {"odd_factor": 1.0},
    ],
)
def test_settings_are_checked(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        CycleSettings(**wrong)

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vidpose.results.exports.export_settings import ExportSettings
from vidpose.results.exports.gap_free import gap_free, span_of, stretch_at
from vidpose.results.exports.resampling import MAX_OFF_LINE_S, resample, uniform_times


def stretches(n):
    return np.zeros(n, np.int64)


@pytest.mark.parametrize("rate", [5.0, 23.976023976, 25.0, 29.97002997, 30.0, 59.94005994, 60.0, 119.88011988, 240.0])
def test_constant_rates_keep_their_frames(rate):
    times = 2.5 + np.arange(300) / rate
    uniform = uniform_times(times)
    assert uniform.exact
    assert uniform.n == 300
    assert uniform.rate_hz == pytest.approx(rate, rel=1e-8)
    np.testing.assert_allclose(uniform.at_s(slice(0, 300)), times, atol=1e-8)


@pytest.mark.parametrize("rate", [30.0, 30000 / 1001, 24.0])
def test_stamps_in_milliseconds_have_the_rate_that_was_meant(rate):
    uniform = uniform_times(np.round(np.arange(1000) / rate, 3))
    assert uniform.exact
    assert uniform.rate_hz == pytest.approx(rate, rel=1e-9)


def test_a_lost_frame_makes_the_times_uneven():
    times = np.delete(np.arange(100) / 30, 40)
    uniform = uniform_times(times)
    assert not uniform.exact
    assert (uniform.rate_hz, uniform.n) == (30.0, 100)


def test_an_odd_rate_is_declared_as_it_is():
    times = np.delete(np.arange(100) / 13.4, 40)
    assert (uniform_times(times).rate_hz, uniform_times(times).exact) == (13.4, False)


def test_another_rate_on_request():
    uniform = uniform_times(np.arange(61) / 60, 30.0)
    assert (uniform.rate_hz, uniform.n, uniform.exact) == (30.0, 31, False)
    assert uniform_times(np.arange(61) / 60, 60.0).exact


@pytest.mark.parametrize("n", [0, 1])
def test_fewer_than_two_frames_have_no_rate(n):
    assert uniform_times(np.arange(n) * 1.0) is None


def test_a_leap_of_a_day_makes_no_file():
    times = np.arange(100) / 30
    times[50:] += 86400
    assert uniform_times(times) is None


def test_high_rates_take_no_frame_for_its_neighbour():
    times = np.arange(100) / 1000
    times[1:-1:2] += 0.0009  # within a millisecond, but nearly a whole period
    assert not uniform_times(times).exact


def test_kept_frames_are_the_same_array():
    times = np.arange(10) / 30
    values = np.random.default_rng(0).normal(size=(10, 3, 2))
    assert resample(values, times, stretches(10), uniform_times(times)) is values


def test_nothing_is_interpolated_over_a_gap_or_between_stretches():
    times = np.array([0, 0.1, 0.2, 0.3, 0.41, 0.52, 0.6, 0.7, 0.8, 0.9])
    values = np.stack([times, -times], axis=1)[:, None, :].copy()
    values[4] = np.nan
    stretch = np.array([0, 0, 0, 0, 0, 0, 0, 1, 1, 1])
    uniform = uniform_times(times, 20.0)
    result = resample(values, times, stretch, uniform)
    grid = uniform.at_s(slice(0, uniform.n))
    wanted = (grid <= 0.3 + 1e-9) | ((grid >= 0.52) & (grid <= 0.6 + 1e-9)) | (grid >= 0.7 - 1e-9)
    assert np.array_equal(np.isfinite(result[:, 0, 0]), wanted)
    np.testing.assert_allclose(result[wanted, 0, 0], grid[wanted], atol=1e-9)
    np.testing.assert_allclose(result[wanted, 0, 1], -grid[wanted], atol=1e-9)


def test_a_lone_sample_stands_where_a_time_falls_on_it():
    times = np.array([0.0, 0.1, 0.2, 0.31, 0.4])
    values = np.array([1.0, np.nan, 2.0, np.nan, 3.0]).reshape(5, 1, 1)
    result = resample(values, times, stretches(5), uniform_times(times, 10.0))
    assert np.array_equal(result[:, 0, 0], [1.0, np.nan, 2.0, np.nan, 3.0], equal_nan=True)


@given(st.lists(st.floats(0.005, 0.2), min_size=3, max_size=60), st.lists(st.booleans(), min_size=61, max_size=61))
def test_a_straight_line_stays_one_and_no_number_is_invented(steps, present):
    times = np.concatenate([[0.0], np.cumsum(steps)])
    values = np.where(present[: len(times)], 3 + 2 * times, np.nan).reshape(-1, 1, 1)
    uniform = uniform_times(times)
    if uniform is None:
        return
    result = resample(values, times, stretches(len(times)), uniform)[:, 0, 0]
    grid = uniform.at_s(slice(0, uniform.n))
    known = np.isfinite(result)
    np.testing.assert_allclose(result[known], 3 + 2 * grid[known], atol=2 * MAX_OFF_LINE_S + 1e-9)
    before = np.clip(np.searchsorted(times, grid + 1e-9, side="right") - 1, 0, len(times) - 1)
    after = np.clip(np.searchsorted(times, grid - 1e-9), 0, len(times) - 1)
    if not uniform.exact:
        assert not known[~np.isfinite(values[before, 0, 0]) & ~np.isfinite(values[after, 0, 0])].any()


def test_gap_free_leaves_out_what_comes_and_goes():
    valid = np.ones((100, 3), bool)
    valid[::3, 2] = False
    valid[40:43, 0] = False
    valid[95:97, 1] = False
    found = gap_free(valid, stretches(100), 30.0, ExportSettings(min_run_s=0.5))
    assert (found.columns, found.dropped) == ((0, 1), (2,))
    assert found.runs == (slice(0, 40), slice(43, 95))


def test_gap_free_ends_where_the_stretch_does_and_knows_nobody():
    label = np.repeat([0, 1], 50)
    found = gap_free(np.ones((100, 2), bool), label, 30.0, ExportSettings())
    assert found.runs == (slice(0, 50), slice(50, 100))
    nobody = gap_free(np.zeros((100, 2), bool), label, 30.0, ExportSettings())
    assert (nobody.columns, nobody.runs) == ((), ())
    assert gap_free(np.zeros((0, 2), bool), label[:0], 30.0, ExportSettings()).runs == ()


def test_span_and_stretch():
    valid = np.zeros((10, 2), bool)
    assert span_of(valid) == slice(0, 0)
    valid[3, 0] = valid[6, 1] = True
    assert span_of(valid) == slice(3, 7)
    times = np.array([0.0, 0.1, 0.25, 0.3])
    uniform = uniform_times(times, 10.0)
    assert stretch_at(uniform, times, np.array([0, 0, 1, 1])).tolist() == [0, 0, 0, 1]


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"kinds": ("trc", "bvh")}, "kinds"),
        ({"gaps": "fill"}, "gaps"),
        ({"rate_hz": 0.0}, "rate_hz"),
        ({"rate_hz": float("nan")}, "rate_hz"),
        ({"min_valid_share": 0.0}, "min_valid_share"),
        ({"min_run_s": float("nan")}, "min_run_s"),
        ({"opensim_model": "lai"}, "opensim_model"),
    ],
)
def test_settings_are_checked(changes, word):
    with pytest.raises(ValueError, match=f"{word}: expected"):
        ExportSettings(**changes)

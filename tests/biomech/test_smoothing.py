import numpy as np
import pytest
from scipy.signal import correlate

from vidpose.biomech.smoothing import ButterworthSettings, is_uniform, lowpass

SIX_HZ = ButterworthSettings(cutoff_hz=6.0)


def sine(frequency_hz, times_s, phase=0.3):
    return np.sin(2 * np.pi * frequency_hz * times_s + phase)[:, None]


def measured_gain(times_s, frequency_hz, settings):
    """Return the gain in the middle of the run, from the fit of a sine."""
    smooth = lowpass(sine(frequency_hz, times_s), times_s, settings)
    middle = slice(len(times_s) // 4, -len(times_s) // 4)
    angle = 2 * np.pi * frequency_hz * times_s[middle]
    basis = np.stack([np.sin(angle), np.cos(angle)], axis=1)
    found, *_ = np.linalg.lstsq(basis, smooth[middle, 0], rcond=None)
    return np.hypot(*found), np.arctan2(found[1], found[0])


@pytest.mark.parametrize("rate_hz", [24.0, 30.0, 60.0, 240.0])
@pytest.mark.parametrize("settings", [SIX_HZ, ButterworthSettings(6.0, 2), ButterworthSettings(4.0, 8)])
def test_the_cut_off_is_the_real_minus_3_db_of_both_passes(rate_hz, settings):
    times = np.arange(round(20 * rate_hz)) / rate_hz
    gain, phase = measured_gain(times, settings.cutoff_hz, settings)
    assert gain == pytest.approx(np.sqrt(0.5), abs=0.005)
    assert phase == pytest.approx(0.3, abs=0.01)  # zero phase


def test_zero_lag_on_a_pulse():
    times = np.arange(200) / 60
    pulse = np.exp(-(((times - times[100]) / 0.15) ** 2))[:, None]
    smooth = lowpass(pulse, times, SIX_HZ)
    lag = np.argmax(correlate(smooth[:, 0], pulse[:, 0])) - (len(times) - 1)
    assert lag == 0
    assert np.argmax(smooth) == 100


def test_times_rounded_to_milliseconds_count_as_uniform():
    for rate_hz in (29.97, 60.0, 239.76):
        exact = np.arange(3000) / rate_hz
        assert is_uniform(np.round(exact, 3))
        gain, _ = measured_gain(np.round(exact, 3), 6.0, SIX_HZ)
        assert gain == pytest.approx(np.sqrt(0.5), abs=0.005)


def test_uneven_times_are_filtered_on_their_true_axis():
    rng = np.random.default_rng(1)
    times = np.cumsum(rng.choice([1 / 60, 1 / 30], size=1200))
    assert not is_uniform(times)
    slow = sine(1.0, times)
    assert np.max(np.abs(lowpass(slow, times, SIX_HZ) - slow)[20:-20]) < 0.02
    even = np.arange(1200) / 60
    wrong = lowpass(slow, even, SIX_HZ)
    assert np.max(np.abs(wrong - slow)[20:-20]) > 0.02  # what a constant rate would do
    gain, phase = measured_gain(times, 6.0, SIX_HZ)
    assert gain == pytest.approx(np.sqrt(0.5), abs=0.1)
    assert phase == pytest.approx(0.3, abs=0.05)


@pytest.mark.parametrize("n_frames", [1, 2, 3, 4, 9, 30])
def test_short_runs_and_constants_survive(n_frames):
    times = np.arange(n_frames) / 30
    values = np.full((n_frames, 2), 7.0)
    assert lowpass(values, times, SIX_HZ) == pytest.approx(values)


def test_a_straight_line_stays_straight():
    times = np.arange(60) / 30
    line = (3 * times + 1)[:, None]
    assert lowpass(line, times, SIX_HZ) == pytest.approx(line, abs=1e-6)


@pytest.mark.parametrize(("rate_hz", "filtered"), [(5.0, False), (13.0, False), (14.0, True)])
def test_a_cut_off_near_half_the_rate_is_refused(rate_hz, filtered):
    times = np.arange(50) / rate_hz
    assert (lowpass(sine(1.0, times), times, SIX_HZ) is not None) == filtered


@pytest.mark.parametrize("bad", [{"cutoff_hz": 0.0}, {"cutoff_hz": float("nan")}, {"order": 3}, {"order": 0}])
def test_bad_settings_are_refused(bad):
    with pytest.raises(ValueError, match="expected"):
        ButterworthSettings(**bad)

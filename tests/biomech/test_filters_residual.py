"""Cut-offs from residual analysis."""

import numpy as np
import pytest
from biomech_bodies import squats, track_of

from vidpose.biomech.filters.residual import ResidualSettings, residual_cutoff
from vidpose.biomech.filters.slow_motion import real_time
from vidpose.biomech.smoothing import ButterworthSettings, lowpass


def wave(times_s):
    return 100 * np.sin(2 * np.pi * times_s) + 30 * np.sin(4 * np.pi * times_s) + 10 * np.sin(6 * np.pi * times_s)


def noise_of(times_s, scale=3.0):
    return np.random.default_rng(0).normal(scale=scale, size=len(times_s))


@pytest.mark.parametrize("rate_hz", [30.0, 60.0, 120.0])
def test_the_noise_is_found_and_the_cut_off_is_near_the_best(rate_hz):
    times_s = np.arange(round(20 * rate_hz)) / rate_hz
    values = wave(times_s) + noise_of(times_s)
    cutoff_hz, curve = residual_cutoff(values, times_s)
    assert curve.noise == pytest.approx(3.0, rel=0.12)

    def error(hz):
        return np.std(lowpass(values[:, None], times_s, ButterworthSettings(hz))[:, 0] - wave(times_s))

    best = min(error(hz) for hz in np.arange(3.0, 12.0, 0.25))
    assert error(cutoff_hz) < 1.25 * best


def test_the_residual_only_falls():
    times_s = np.arange(600) / 60
    _, curve = residual_cutoff(wave(times_s) + noise_of(times_s), times_s)
    assert np.all(np.diff(curve.residual) < 0)
    assert curve.frequencies_hz[-1] <= 24.0


def test_faster_movements_get_a_higher_cut_off():
    times_s = np.arange(1200) / 120
    slow, _ = residual_cutoff(wave(times_s) + noise_of(times_s), times_s)
    fast, _ = residual_cutoff(wave(3 * times_s) + noise_of(times_s), times_s)
    assert fast > 1.5 * slow


def test_the_cut_off_stays_between_its_limits():
    times_s = np.arange(6000) / 60
    assert residual_cutoff(noise_of(times_s), times_s)[0] < 3.5
    assert residual_cutoff(wave(6 * times_s), times_s)[0] == 15.0
    narrow = ResidualSettings(min_cutoff_hz=5.0, max_cutoff_hz=5.5)
    assert residual_cutoff(noise_of(times_s), times_s, narrow)[0] == 5.0
    assert 3.0 <= residual_cutoff(np.zeros(6000), times_s)[0] <= 15.0


def test_uneven_times():
    times_s = np.cumsum(np.random.default_rng(1).choice([1 / 60, 1 / 30], size=900))
    cutoff_hz, curve = residual_cutoff(np.stack([wave(times_s) + noise_of(times_s)] * 2, axis=1), times_s)
    assert 3.0 <= cutoff_hz <= 6.5
    assert curve.noise == pytest.approx(3.0, rel=0.4)


@pytest.mark.parametrize(("n_frames", "rate_hz"), [(0, 30.0), (1, 30.0), (20, 30.0), (200, 5.0)])
def test_too_little_says_nothing(n_frames, rate_hz):
    times_s = np.arange(n_frames) / rate_hz
    cutoff_hz, curve = residual_cutoff(wave(times_s), times_s)
    assert np.isnan(cutoff_hz)
    assert np.isnan(curve.noise)
    assert len(curve.frequencies_hz) == 0


@pytest.mark.parametrize(
    "make",
    [
        lambda: ResidualSettings(min_cutoff_hz=0.0),
        lambda: ResidualSettings(min_cutoff_hz=9.0, max_cutoff_hz=3.0),
        lambda: ResidualSettings(step_hz=0.0),
        lambda: ResidualSettings(step_hz=30.0),
        lambda: ButterworthSettings(cutoff_hz=-1.0),
    ],
)
def test_bad_settings_are_refused(make):
    with pytest.raises(ValueError, match="expected"):
        make()


@pytest.mark.thorough
def test_slow_motion_is_played_back_in_real_time():
    recorded = track_of(squats(rate_hz=240.0), rate_hz=240.0)
    played = track_of(squats(rate_hz=240.0), rate_hz=30.0)
    real = real_time(played, 8.0)
    assert real.timestamps_s == pytest.approx(recorded.timestamps_s)
    assert np.array_equal(real.pts, played.pts)
    assert real.image_px is played.image_px
    assert real_time(played, 1.0) is played
    assert real_time(recorded, 0.125).timestamps_s == pytest.approx(played.timestamps_s)


@pytest.mark.parametrize("factor", [0.0, -8.0, float("nan"), float("inf")])
def test_an_impossible_slow_motion_is_refused(factor):
    with pytest.raises(ValueError, match="slow_motion_factor: expected"):
        real_time(track_of([]), factor)

"""Every filter on whole tracks: what survives, what never leaks, what is reported."""

from dataclasses import replace

import numpy as np
import pytest
from biomech_bodies import absent, make_track, squats, still, track_of, without
from examples import few_examples
from hypothesis import given
from hypothesis import strategies as st

from vidpose.biomech.filtering import FilterSettings, filter_movement
from vidpose.biomech.filters.choice import Smoothing, smooth_run
from vidpose.biomech.filters.run import Run
from vidpose.biomech.smoothing import ButterworthSettings
from vidpose.types.footage import Footage
from vidpose.types.pose import Status
from vidpose.types.skeleton import LANDMARK_INDEX

METHODS = ("butterworth", "kalman", "gcv_spline", "none")
KNEE = LANDMARK_INDEX["left_knee"]
AUTO = ButterworthSettings(cutoff_hz="auto")


def moved_by_noise(track, scale_px=2.0, seed=0):
    rng = np.random.default_rng(seed)
    image_px = track.image_px + rng.normal(scale=scale_px, size=track.image_px.shape)
    world_m = track.world_m + rng.normal(scale=scale_px / 400, size=track.world_m.shape)
    return make_track(image_px, track.timestamps_s, world_m, track.visibility, track.corrupt)


def assert_no_leaks(track):
    allowed = np.isin(track.status, (Status.MEASURED, Status.IMPUTED))
    assert np.array_equal(np.isfinite(track.image_px), np.repeat(allowed[:, :, None], 2, axis=2))
    assert np.all(np.isnan(track.world_m[~allowed]))


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.thorough
def test_status_and_stretches_do_not_depend_on_the_method(method):
    track = absent(moved_by_noise(track_of(squats())), slice(60, 80))
    track = without(track, "left_knee", frames=slice(20, 24))
    track = without(track, "left_wrist", frames=slice(100, 125))
    result, usual = (
        filter_movement(track, FilterSettings(method=method)).track,
        filter_movement(track, FilterSettings()).track,
    )
    assert np.array_equal(result.status, usual.status)
    assert np.array_equal(result.stretch, usual.stretch)
    assert np.all(result.status[20:24, KNEE] == Status.IMPUTED)
    assert_no_leaks(result)
    assert np.array_equal(np.isfinite(result.world_m), np.isfinite(usual.world_m))


@pytest.mark.parametrize("method", ["butterworth", "kalman", "gcv_spline"])
@pytest.mark.parametrize("rate_hz", [30.0, 120.0])
@pytest.mark.thorough
def test_noise_is_at_least_halved_beside_no_filter(method, rate_hz):
    clean = track_of(squats(rate_hz=rate_hz), rate_hz=rate_hz)
    noisy = moved_by_noise(clean)
    error = {
        name: np.std(filter_movement(noisy, FilterSettings(method=name)).track.image_px - clean.image_px)
        for name in (method, "none")
    }
    assert error[method] < (0.75 if rate_hz == 30.0 else 0.55) * error["none"]  # 6 Hz of 15 Hz is not half the noise


@pytest.mark.parametrize("method", ["kalman", "gcv_spline"])
@pytest.mark.thorough
def test_nothing_is_smoothed_across_a_break(method):
    track = still()
    image_px = track.image_px.copy()
    image_px[20:, :, 0] += 500
    moved = make_track(image_px, track.timestamps_s, track.world_m)
    result = filter_movement(moved, FilterSettings(method=method), Footage(breaks=[20])).track
    assert result.image_px == pytest.approx(image_px.astype(float), abs=1e-3)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.thorough
def test_results_are_the_same_to_the_last_bit(method):
    track = without(moved_by_noise(track_of(squats())), "left_knee", frames=slice(20, 24))
    first, second = (filter_movement(track, FilterSettings(method=method)).track for _ in range(2))
    assert first.image_px.tobytes() == second.image_px.tobytes()
    assert first.world_m.tobytes() == second.world_m.tobytes()


def test_none_keeps_the_samples_and_fills_the_gaps():
    track = without(moved_by_noise(track_of(squats())), "left_knee", frames=slice(20, 24))
    result = filter_movement(track, FilterSettings(method="none"))
    measured = result.track.status == Status.MEASURED
    assert np.array_equal(result.track.image_px[measured], track.image_px[measured].astype(float))
    assert np.all(np.isfinite(result.track.image_px[20:24, KNEE]))
    assert result.unfiltered_share == 0.0


@pytest.mark.parametrize(
    ("method", "rate_hz", "share"),
    [
        ("butterworth", 10.0, 1.0),
        ("kalman", 10.0, 1.0),
        ("gcv_spline", 10.0, 0.0),
        ("gcv_spline", 5.0, 1.0),
        ("none", 5.0, 0.0),
    ],
)
def test_a_rate_that_is_too_low_leaves_the_samples_alone(method, rate_hz, share):
    track = moved_by_noise(still(rate_hz=rate_hz))
    result = filter_movement(track, FilterSettings(method=method))
    assert result.unfiltered_share == share
    if share == 1.0:
        assert np.array_equal(result.track.image_px, track.image_px.astype(float))


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("n_frames", [0, 1, 4])
def test_very_short_tracks(method, n_frames):
    result = filter_movement(still(n_frames=n_frames), FilterSettings(method=method, butterworth=AUTO))
    assert result.track.status.shape == (n_frames, 33)
    assert np.all(result.track.status == Status.MEASURED)
    assert result.cutoff.source == "default"


@pytest.mark.parametrize("method", METHODS)
def test_a_track_without_anybody(method):
    result = filter_movement(absent(still(), slice(None)), FilterSettings(method=method, butterworth=AUTO))
    assert np.all(np.isnan(result.track.image_px))
    assert result.unfiltered_share == 0.0


@few_examples
@given(
    method=st.sampled_from(METHODS),
    seed=st.integers(0, 1000),
    missing=st.floats(0.0, 0.9),
    rates_hz=st.lists(st.sampled_from([5.0, 25.0, 30.0, 60.0, 240.0]), min_size=1, max_size=3),
)
@pytest.mark.thorough
def test_no_pattern_of_gaps_leaks(method, seed, missing, rates_hz):
    rng = np.random.default_rng(seed)
    times_s = np.cumsum(1 / rng.choice(rates_hz, size=60))
    track = moved_by_noise(still(n_frames=60, times_s=times_s), seed=seed)
    image_px = track.image_px.copy()
    image_px[rng.random((60, 33)) < missing] = np.nan
    visibility = rng.uniform(0.2, 1.0, size=(60, 33))
    result = filter_movement(
        make_track(image_px, times_s, track.world_m, visibility), FilterSettings(method=method)
    ).track
    assert_no_leaks(result)
    assert np.all(result.status[np.isnan(image_px[:, :, 0])] != Status.MEASURED)


@pytest.mark.parametrize("method", METHODS)
def test_a_run_is_smoothed_as_such(method):
    times_s = np.arange(60) / 30
    run = Run(np.full((60, 2), 7.0), times_s, times_s, np.ones(60))
    assert smooth_run(run, Smoothing(method=method)) == pytest.approx(np.full((60, 2), 7.0))


@pytest.mark.thorough
def test_the_cut_off_is_found_and_reported():
    clean = track_of(squats(n_reps=6, rate_hz=60.0, period_s=1.0), rate_hz=60.0)
    auto = filter_movement(moved_by_noise(clean), FilterSettings(butterworth=AUTO))
    assert auto.cutoff.source == "residual"
    assert 3.0 <= auto.cutoff.cutoff_hz <= 8.0
    assert set(auto.cutoff.landmark_hz) == set(auto.cutoff.curves)
    assert auto.smoothing.butterworth.cutoff_hz == auto.cutoff.cutoff_hz
    by_hand = FilterSettings(butterworth=replace(AUTO, cutoff_hz=auto.cutoff.cutoff_hz))
    same = filter_movement(moved_by_noise(clean), by_hand)
    assert same.cutoff.source == "given"
    assert np.array_equal(same.track.image_px, auto.track.image_px)


def test_a_filter_needs_a_number():
    times_s = np.arange(60) / 30
    run = Run(np.ones((60, 2)), times_s, times_s, np.ones(60))
    with pytest.raises(ValueError, match="cutoff_hz: expected a number, got auto"):
        smooth_run(run, Smoothing(butterworth=AUTO))


def test_an_unknown_method_is_refused():
    with pytest.raises(ValueError, match="method: expected one of butterworth, kalman, gcv_spline, none, got 'best'"):
        FilterSettings(method="best")

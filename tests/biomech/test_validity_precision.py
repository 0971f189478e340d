"""Precision: exact derivatives, and the scatter that noise really makes."""

import numpy as np
import pytest
from biomech_bodies import make_track, squats, still, track_of, without
from validity_bodies import filtered_with_height

from vidpose.biomech.analysis import AnalysisSettings, analyse
from vidpose.biomech.angles import image_angle, included_angle
from vidpose.biomech.conventions import ANGLE_IDS, ANGLES
from vidpose.biomech.filters.run import Run
from vidpose.biomech.filters.spline import GcvSettings, gcv_spline, noise_shares
from vidpose.biomech.points import named_points
from vidpose.biomech.smoothing import ButterworthSettings, lowpass
from vidpose.biomech.validity.precision import (
    LandmarkNoise,
    PrecisionSettings,
    angle_precision,
    butterworth_noise_gain,
    landmark_noise,
    left_by_spline,
    unfiltered_noise_gain,
)
from vidpose.types.pose import FilteredTrack, Status


def random_track(n_frames=40, seed=1):
    rng = np.random.default_rng(seed)
    return FilteredTrack(
        timestamps_s=np.arange(n_frames) / 30.0,
        image_px=rng.uniform(0, 500, (n_frames, 33, 2)),
        world_m=rng.uniform(-1, 1, (n_frames, 33, 3)),
        status=np.full((n_frames, 33), Status.MEASURED, dtype=np.uint8),
        stretch=np.zeros(n_frames, dtype=np.int64),
    )


def angle_of(row, image_px, world_m):
    if row.kind == "included_3d":
        points = named_points(world_m, row.points)
        return included_angle(points[:, 0], points[:, 1], points[:, 2])
    return image_angle(row, named_points(image_px, row.points), np.zeros(len(image_px), dtype=bool))


def differenced(row, track, sigma_px, sigma_m):
    """Return the propagated noise by differences instead of derivatives."""
    variance = np.zeros(len(track.timestamps_s))
    for landmark in range(33):
        for axis in range(3 if row.kind == "included_3d" else 2):
            moved = []
            for step in (1e-6, -1e-6):
                image_px, world_m = track.image_px.copy(), track.world_m.copy()
                (world_m if row.kind == "included_3d" else image_px)[:, landmark, axis] += step
                moved.append(angle_of(row, image_px, world_m))
            slope = np.angle(np.exp(2j * (moved[0] - moved[1]))) / 4e-6  # a line without direction wraps at pi
            sigma = sigma_m if row.kind == "included_3d" else sigma_px
            variance += (slope * sigma[:, landmark, axis]) ** 2
    return np.sqrt(variance)


@pytest.mark.parametrize("row", ANGLES, ids=lambda row: row.id)
def test_derivatives_are_exact(row):
    track = random_track()
    rng = np.random.default_rng(2)
    noise = LandmarkNoise(rng.uniform(0.5, 3, (40, 33, 2)), rng.uniform(0.01, 0.1, (40, 33, 3)))
    found = angle_precision(track, noise)[:, ANGLES.index(row)]
    assert found == pytest.approx(differenced(row, track, noise.image_px, noise.world_m), rel=1e-4)


def test_a_straight_joint_has_the_noise_of_its_ends():
    track = random_track(1)
    world_m = track.world_m.copy()
    for name, x in ((23, 0.0), (25, 0.4), (27, 0.9)):  # left hip, knee, ankle on a line
        world_m[0, name] = (x, 0.0, 0.0)
    track = FilteredTrack(track.timestamps_s, track.image_px, world_m, track.status, track.stretch)
    noise = LandmarkNoise(np.ones((1, 33, 2)), np.full((1, 33, 3), 0.01))
    column = [row.id for row in ANGLES].index("knee_included_3d_l")
    expected = 0.01 * np.sqrt(1 / 0.4**2 + 1 / 0.5**2 + (1 / 0.4 + 1 / 0.5) ** 2)
    assert angle_precision(track, noise)[0, column] == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("rate_hz", [30.0, 60.0, 240.0])
def test_gain_is_that_of_white_noise(rate_hz):
    settings = ButterworthSettings()
    white = np.random.default_rng(3).normal(0, 1, (40_000, 1))
    smooth = lowpass(white, np.arange(40_000) / rate_hz, settings)
    assert butterworth_noise_gain(rate_hz, settings) == pytest.approx(smooth.std() / (white - smooth).std(), rel=0.05)


@pytest.mark.parametrize("rate_hz", [0.0, 5.0, float("nan")])
def test_nothing_can_be_said_without_filtering(rate_hz):
    gain = butterworth_noise_gain(rate_hz, ButterworthSettings())
    assert np.isnan(gain)
    track = still(rate_hz=5.0)
    filtered, height_px = filtered_with_height(track)
    assert np.isnan(angle_precision(filtered, landmark_noise(track, filtered, gain, height_px))).all()


@pytest.mark.parametrize("rate_hz", [30.0, 120.0])
def test_unfiltered_noise_is_told_from_what_the_filter_would_take(rate_hz):
    settings = ButterworthSettings()
    white = np.random.default_rng(4).normal(0, 2.5, (40_000, 1))
    removed = white - lowpass(white, np.arange(40_000) / rate_hz, settings)
    assert unfiltered_noise_gain(rate_hz, settings) * removed.std() == pytest.approx(2.5, rel=0.05)
    assert np.isnan(unfiltered_noise_gain(5.0, settings))


@pytest.mark.thorough
def test_unfiltered_angles_have_the_noise_of_their_landmarks():
    track = noisy(still(n_frames=300), 4.0, seed=5)
    column = [row.id for row in ANGLES].index("knee_flexion_r")
    raw = analyse(track, AnalysisSettings(filter="none")).angles
    smooth = analyse(track, AnalysisSettings()).angles
    assert np.nanmedian(raw.precision_rad[:, column]) == pytest.approx(np.nanstd(raw.values_rad[:, column]), rel=0.15)
    assert np.nanmedian(raw.precision_rad[:, column]) > 1.5 * np.nanmedian(smooth.precision_rad[:, column])


@pytest.mark.parametrize(("rate_hz", "cutoff_hz"), [(30.0, 3.0), (30.0, 10.0), (120.0, 6.0)])
def test_a_spline_leaves_what_its_cutoff_lets_pass(rate_hz, cutoff_hz):
    white = np.random.default_rng(6).normal(0, 2.5, (4_000, 1))
    times_s = np.arange(4_000) / rate_hz
    run = Run(white, times_s, times_s, np.ones(4_000))
    smooth = gcv_spline(run, GcvSettings(cutoff_hz, cutoff_hz * 1.001))
    shape = (1, 33, 1)
    raw, removed, least = (
        LandmarkNoise(np.full(shape, size), np.full(shape, size)) for size in (2.5, float((white - smooth).std()), 0.1)
    )
    left = left_by_spline(raw, removed, noise_shares(rate_hz, GcvSettings()), least)
    assert left.image_px == pytest.approx(float(smooth.std()), rel=0.05)
    floor = left_by_spline(least, removed, noise_shares(rate_hz, GcvSettings()), raw)
    assert floor.world_m == pytest.approx(2.5)


@pytest.mark.parametrize("method", ["butterworth", "kalman", "gcv_spline"])
@pytest.mark.thorough
def test_every_filter_tells_the_scatter_that_it_leaves(method):
    clean, column = track_of(squats(n_reps=2), rate_hz=30.0), ANGLE_IDS.index("knee_flexion_r")
    runs = [analyse(noisy(clean, 10.0, seed), AnalysisSettings(filter=method)).angles for seed in range(12)]
    scatter = np.nanstd([one.values_rad[20:-20, column] for one in runs], axis=0).mean()
    told = np.nanmean([one.precision_rad[20:-20, column] for one in runs])
    assert told == pytest.approx(scatter, rel=0.25)


def noisy(track, sigma_px, seed):
    image_px = track.image_px + np.random.default_rng(seed).normal(0, sigma_px, track.image_px.shape)
    return make_track(image_px, track.timestamps_s, track.world_m, track.visibility)


@pytest.mark.thorough
def test_precision_is_the_scatter_of_repeated_measurements():
    clean = track_of(squats(n_reps=2), rate_hz=30.0)
    columns = [k for k, row in enumerate(ANGLES) if row.id in {"knee_flexion_r", "hip_flexion_r", "thigh_r", "shank_r"}]
    gain = butterworth_noise_gain(30.0, ButterworthSettings())
    values, told = [], []
    for seed in range(40):
        track = noisy(clean, 5.0, seed)
        filtered, height_px = filtered_with_height(track)
        told.append(angle_precision(filtered, landmark_noise(track, filtered, gain, height_px))[20:-20, columns])
        values.append(
            np.stack([angle_of(ANGLES[k], filtered.image_px, filtered.world_m) for k in columns], axis=1)[20:-20]
        )
    scatter = np.std(values, axis=0).mean(axis=0)
    assert np.mean(told, axis=(0, 1)) == pytest.approx(scatter, rel=0.2)


def test_a_quiet_track_keeps_the_floor_and_less_visible_landmarks_a_larger_one():
    track = still()
    half = make_track(track.image_px, track.timestamps_s, track.world_m, np.full(track.visibility.shape, 0.5))
    settings = PrecisionSettings()
    for version, factor in ((track, 1.0), (half, 2.0)):
        filtered, height_px = filtered_with_height(version)
        noise = landmark_noise(version, filtered, 0.5, height_px, settings)
        assert noise.image_px == pytest.approx(
            factor * settings.floor_bh * height_px[:, None, None] * np.ones((1, 33, 2))
        )


def test_interpolated_and_missing_samples_have_none():
    track = without(still(n_frames=60), "right_knee", frames=slice(20, 24))
    filtered, height_px = filtered_with_height(track)
    noise = landmark_noise(track, filtered, 0.5, height_px)
    precision = angle_precision(filtered, noise)
    column = [row.id for row in ANGLES].index("knee_flexion_r")
    assert np.isnan(precision[20:24, column]).all()
    assert np.isfinite(precision[:20, column]).all()


@pytest.mark.parametrize("n_frames", [0, 1, 2])
def test_short_tracks(n_frames):
    track = still(n_frames=n_frames)
    filtered, height_px = filtered_with_height(track)
    assert angle_precision(filtered, landmark_noise(track, filtered, 0.5, height_px)).shape == (n_frames, len(ANGLES))


@pytest.mark.parametrize("wrong", [{"half_window_s": 0.0}, {"floor_bh": -1.0}, {"min_visibility": 0.0}])
def test_settings_are_checked(wrong):
    with pytest.raises(ValueError, match="expected"):
        PrecisionSettings(**wrong)

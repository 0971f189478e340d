import numpy as np
import pytest
from biomech_bodies import absent, make_track, squats, still, track_of, without

from vidpose.biomech.confidence import ConfidenceSettings, HampelSettings
from vidpose.biomech.filtering import FilterSettings, filter_movement
from vidpose.biomech.gaps import GapSettings
from vidpose.types.footage import Footage
from vidpose.types.pose import Status
from vidpose.types.skeleton import LANDMARK_INDEX

KNEE = LANDMARK_INDEX["left_knee"]
WRIST = LANDMARK_INDEX["right_wrist"]


def filtered(track, settings=None, breaks=(), frame_size=None):
    return filter_movement(track, settings or FilterSettings(), Footage(frame_size, breaks)).track


def with_visibility(track, frames, landmark, value):
    visibility = track.visibility.copy()
    visibility[frames, landmark] = value
    return make_track(track.image_px, track.timestamps_s, track.world_m, visibility, track.corrupt)


def moved(track, frame, landmark, by_px):
    image_px = track.image_px.copy()
    image_px[frame, landmark] += by_px
    return make_track(image_px, track.timestamps_s, track.world_m, track.visibility, track.corrupt)


@pytest.mark.parametrize("visibility", [0.29, np.nan])
def test_low_confidence_is_rejected_and_a_short_gap_imputed(visibility):
    track = with_visibility(still(), slice(10, 13), KNEE, visibility)
    result = filtered(track)
    assert np.all(result.status[10:13, KNEE] == Status.IMPUTED)
    assert result.image_px[:, KNEE] == pytest.approx(track.image_px[:, KNEE].astype(float), abs=1e-6)
    long = filtered(with_visibility(still(), slice(10, 25), KNEE, visibility))
    assert np.all(long.status[10:25, KNEE] == Status.REJECTED)
    assert np.all(np.isnan(long.image_px[10:25, KNEE]))
    assert np.all(np.isnan(long.world_m[10:25, KNEE]))
    assert np.all(long.status[:10, KNEE] == Status.MEASURED)


@pytest.mark.parametrize(
    ("n_missing", "rate_hz", "status"),
    [
        (7, 30.0, Status.IMPUTED),
        (8, 30.0, Status.MISSING),
        (15, 60.0, Status.IMPUTED),
        (16, 60.0, Status.MISSING),
        (1, 5.0, Status.IMPUTED),
        (2, 5.0, Status.MISSING),
    ],
)
def test_a_gap_is_the_time_that_is_missing(n_missing, rate_hz, status):
    track = without(still(rate_hz=rate_hz, n_frames=60), "left_knee", frames=slice(20, 20 + n_missing))
    assert np.all(filtered(track).status[20 : 20 + n_missing, KNEE] == status)


def test_nothing_is_extrapolated():
    track = without(still(), "left_knee", frames=slice(0, 2))
    track = without(track, "left_knee", frames=slice(38, 40))
    result = filtered(track)
    assert np.all(result.status[[0, 1, 38, 39], KNEE] == Status.MISSING)
    assert np.all(np.isnan(result.image_px[[0, 1, 38, 39], KNEE]))


def test_corrupt_frames_are_rejected():
    track = still()
    corrupt = np.zeros(40, dtype=bool)
    corrupt[5] = True
    image_px = track.image_px.copy()
    image_px[5] += 3  # too little for the outlier test
    result = filtered(make_track(image_px, track.timestamps_s, track.world_m, corrupt=corrupt))
    assert np.all(result.status[5] == Status.IMPUTED)
    assert result.image_px[5] == pytest.approx(track.image_px[5].astype(float), abs=0.01)


@pytest.mark.parametrize("by_px", [(60.0, 0.0), (0.0, -60.0)], ids=["x", "y"])
def test_an_outlier_in_either_coordinate_is_replaced(by_px):
    track = track_of(squats())
    result = filtered(moved(track, 70, WRIST, by_px))
    assert result.status[70, WRIST] == Status.IMPUTED
    clean = filtered(track).image_px[70, WRIST]
    assert np.hypot(*(result.image_px[70, WRIST] - clean)) < 2.0


def test_small_jitter_and_fast_turning_points_are_kept():
    rng = np.random.default_rng(0)
    track = track_of(squats(period_s=0.8, n_reps=8))
    noisy = track.image_px + rng.normal(scale=3.0, size=track.image_px.shape)
    result = filtered(make_track(noisy, track.timestamps_s, track.world_m))
    assert np.all(result.status == Status.MEASURED)


def test_the_outlier_test_is_skipped_where_too_few_samples_fit():
    result = filtered(moved(still(rate_hz=10.0), 20, WRIST, (80.0, 0.0)))
    assert np.all(result.status == Status.MEASURED)


@pytest.mark.thorough
def test_stretches_end_at_absence_time_jumps_and_breaks():
    assert np.all(filtered(still()).stretch == 0)
    short = filtered(absent(still(), slice(10, 15)))
    assert np.all(short.stretch == 0)
    assert np.all(short.status[10:15] == Status.IMPUTED)
    gone = filtered(absent(still(), slice(10, 20)))
    assert gone.stretch.tolist() == [0] * 10 + [-1] * 10 + [1] * 20
    seam = filtered(still(), breaks=[12, 30])
    assert seam.stretch.tolist() == [0] * 12 + [1] * 18 + [2] * 10
    times = np.arange(40) / 30
    times[25:] += 1.0
    assert filtered(still(times_s=times)).stretch.tolist() == [0] * 25 + [1] * 15


def test_a_gap_at_a_break_is_not_filled():
    track = without(still(), "left_knee", frames=slice(19, 21))
    assert np.all(filtered(track).status[19:21, KNEE] == Status.IMPUTED)
    assert np.all(filtered(track, breaks=[20]).status[19:21, KNEE] == Status.MISSING)


def test_nothing_is_filtered_across_a_break():
    track = still()
    image_px = track.image_px.copy()
    image_px[20:, :, 0] += 500
    result = filtered(make_track(image_px, track.timestamps_s, track.world_m), breaks=[20])
    assert result.image_px == pytest.approx(image_px.astype(float), abs=1e-3)


def test_world_landmarks_are_filtered_too():
    rng = np.random.default_rng(0)
    track = still(n_frames=200)
    noisy = track.world_m + rng.normal(scale=0.02, size=track.world_m.shape)
    result = filtered(make_track(track.image_px, track.timestamps_s, noisy))
    assert np.std(result.world_m - track.world_m) < 0.8 * 0.02


def test_a_model_without_world_landmarks():
    track = still()
    result = filtered(make_track(track.image_px, track.timestamps_s))
    assert np.all(result.status == Status.MEASURED)
    assert np.all(np.isnan(result.world_m))


@pytest.mark.parametrize(
    "make",
    [
        lambda: ConfidenceSettings(min_visibility=1.5),
        lambda: GapSettings(max_gap_s=-1.0),
        lambda: HampelSettings(n_sigma=-1),
    ],
)
def test_bad_settings_are_refused(make):
    with pytest.raises(ValueError, match="expected"):
        make()

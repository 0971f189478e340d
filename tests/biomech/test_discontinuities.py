import numpy as np
import pytest
from biomech_bodies import STANDING, absent, make_track, still, track_of

from vidpose.biomech.analysis import AnalysisSettings, analyse
from vidpose.biomech.discontinuities import find_discontinuities
from vidpose.biomech.filtering import FilterSettings, filter_movement
from vidpose.types.pose import Status

HEIGHT_PX = 700.0  # of a standing body in these tracks


def moved(track, frames, by_px):
    image_px = track.image_px.copy()
    image_px[frames, :, 0] += by_px
    return make_track(image_px, track.timestamps_s, track.world_m)


def stretches(track):
    return filter_movement(track, FilterSettings()).track.stretch


@pytest.mark.thorough
def test_another_person_is_another_stretch_and_nothing_is_joined():
    track = moved(still(), slice(20, None), 3 * HEIGHT_PX)
    result = analyse(track, AnalysisSettings())
    assert result.filtered.stretch.tolist() == [0] * 20 + [1] * 20
    assert np.all(result.filtered.status == Status.MEASURED)
    assert result.filtered.image_px == pytest.approx(track.image_px.astype(float), abs=1e-3)
    assert np.nanmax(result.speed_bh_s) < 0.01
    changes = [finding for finding in result.findings if finding.code == "person_changed"]
    assert [finding.details["times_s"] for finding in changes] == [[pytest.approx(20 / 30, abs=1e-3)]]
    assert "person_changed" not in [finding.code for finding in analyse(still(), AnalysisSettings()).findings]


def test_a_missing_frame_at_the_jump_is_not_imputed():
    track = absent(moved(still(), slice(20, None), 3 * HEIGHT_PX), slice(19, 20))
    filtered = filter_movement(track, FilterSettings()).track
    assert filtered.stretch.tolist() == [0] * 19 + [-1] + [1] * 20
    assert np.all(filtered.status[19] == Status.MISSING)


def test_a_tracker_that_is_back_at_once_is_an_outlier_and_no_jump():
    track = moved(still(), slice(20, 22), 3 * HEIGHT_PX)
    filtered = filter_movement(track, FilterSettings()).track
    assert np.all(filtered.stretch == 0)
    assert np.all(filtered.status[20:22] == Status.IMPUTED)
    assert np.unique(stretches(moved(still(), slice(20, 30), 3 * HEIGHT_PX))).tolist() == [0, 1, 2]


@pytest.mark.parametrize("rate_hz", [5.0, 30.0, 240.0])
def test_the_fastest_athlete_does_not_jump(rate_hz):
    n_frames = 40
    shift_px = 8.0 * HEIGHT_PX * np.arange(n_frames) / rate_hz  # 14 m/s
    track = track_of([STANDING] * n_frames, rate_hz=rate_hz)
    assert np.all(stretches(moved(track, slice(None), shift_px[:, None])) == 0)


def test_a_near_neighbour_is_another_person():
    assert stretches(moved(still(), slice(20, None), 0.8 * HEIGHT_PX)).tolist() == [0] * 20 + [1] * 20


def test_a_fast_limb_is_no_jump():
    track = still()
    image_px = track.image_px.copy()
    image_px[20:, 11:23] += HEIGHT_PX
    assert find_discontinuities(image_px.astype(float), track.timestamps_s, 0.11) == []


@pytest.mark.parametrize("n_frames", [0, 1])
def test_too_few_frames_and_nobody(n_frames):
    times = np.arange(n_frames) / 30
    assert find_discontinuities(np.full((n_frames, 33, 2), np.nan), times, 0.11) == []
    assert find_discontinuities(np.zeros((n_frames, 33, 2)), times, 0.11) == []

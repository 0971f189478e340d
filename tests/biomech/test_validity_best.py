"""The best-supported flexion: known angles, sources, reasons."""

from dataclasses import replace

import numpy as np
import pytest
from biomech_bodies import SQUAT, STANDING, absent, make_track, squats, still, track_of, without
from validity_bodies import body_of, no_world

from vidpose.biomech.validity.best import BEST_IDS, best_flexion, flexion_of
from vidpose.biomech.validity.support import AngleSupportSettings, doubtful_landmarks
from vidpose.biomech.validity.swaps import Swap
from vidpose.types.motion import BestSource


def column(found, name):
    return np.rad2deg(found.values_rad[:, found.ids.index(name)]), found.source[:, found.ids.index(name)]


@pytest.mark.parametrize(
    ("name", "expected"), [("knee_r", 93.0), ("knee_l", 93.0), ("ankle_r", 3.0), ("elbow_r", 0.0), ("hip_r", 120.8)]
)
@pytest.mark.parametrize("yaw", [90.0, 60.0, 10.0])
def test_flexion_is_the_same_from_everywhere(name, expected, yaw):
    track = still(replace(SQUAT, yaw=yaw))
    assert np.rad2deg(flexion_of(name, track.world_m.astype(float))) == pytest.approx(abs(expected), abs=0.5)


def test_an_arm_raised_forward():
    track = still(replace(STANDING, arm=0.0, forearm=0.0))
    assert np.rad2deg(flexion_of("shoulder_l", track.world_m.astype(float))) == pytest.approx(90.0, abs=0.1)


@pytest.mark.parametrize("yaw", [90.0, 70.0])
def test_best_follows_a_squat(yaw):
    track = track_of(squats(yaw=yaw))
    found = best_flexion(body_of(track))
    value, _ = column(found, "knee_r")
    true = np.rad2deg(flexion_of("knee_r", track.world_m.astype(float)))
    given = np.isfinite(value)
    assert given.mean() > 0.5
    assert np.abs(value - true)[given].max() < 12.0


def test_one_source_per_stretch():
    found = best_flexion(body_of(absent(track_of(squats(n_reps=4, yaw=60.0)), slice(100, 140))))
    for source in found.source.T:
        for part in (source[:100], source[140:]):
            assert len(set(part.tolist()) - {BestSource.MISSING, BestSource.WITHHELD}) <= 1
        assert (source[100:140] == BestSource.MISSING).all()


def test_the_picture_stands_in_without_world_landmarks():
    value, source = column(best_flexion(body_of(make_track(*no_world(still(SQUAT))))), "knee_r")
    assert (source == BestSource.IMAGE).all()
    assert value == pytest.approx(93.0, abs=0.5)


def test_withheld_and_missing_have_their_reasons():
    inputs = body_of(without(still(SQUAT), "left_knee"))
    found = best_flexion(inputs, settings=AngleSupportSettings(max_error_rad=1e-3, max_shown_error_rad=1e-3))
    assert np.isnan(found.values_rad).all()
    assert (column(found, "knee_l")[1] == BestSource.MISSING).all()
    assert (column(found, "knee_r")[1] == BestSource.WITHHELD).all()
    assert np.isfinite(found.expected_error_rad[:, BEST_IDS.index("knee_r")]).all()


def test_infinity_withholds_nothing():
    everything = AngleSupportSettings(max_shown_error_rad=float("inf"))
    found = best_flexion(body_of(still(replace(SQUAT, yaw=10.0))), settings=everything)
    assert np.isfinite(found.values_rad).all()


def test_exchanged_sides_are_withheld():
    doubtful = doubtful_landmarks([Swap("arms", 0, 40, 5.0)], 40)
    found = best_flexion(body_of(still()), doubtful)
    assert (column(found, "elbow_r")[1] == BestSource.WITHHELD).all()
    assert (column(found, "knee_r")[1] != BestSource.WITHHELD).all()


@pytest.mark.parametrize("n_frames", [0, 1, 2])
@pytest.mark.parametrize("rate_hz", [5.0, 240.0])
def test_short_tracks(n_frames, rate_hz):
    found = best_flexion(body_of(still(n_frames=n_frames, rate_hz=rate_hz)))
    assert found.values_rad.shape == (n_frames, len(BEST_IDS))
    assert (np.isin(found.source, (BestSource.MISSING, BestSource.WITHHELD)) == np.isnan(found.values_rad)).all()


def test_values_and_sources_agree():
    found = best_flexion(body_of(track_of(squats(yaw=45.0))))
    without_value = np.isin(found.source, (BestSource.MISSING, BestSource.WITHHELD))
    assert (np.isnan(found.values_rad) == without_value).all()


@pytest.mark.parametrize("wrong", [{"max_error_rad": 0.0}, {"min_gain": 0.0}])
def test_settings_are_checked(wrong):
    with pytest.raises(ValueError, match="expected"):
        AngleSupportSettings(**wrong)

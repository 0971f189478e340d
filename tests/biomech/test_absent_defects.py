"""Defects found in other tools that must not come back; one test each."""

from dataclasses import replace

import numpy as np
import pytest
from biomech_bodies import STANDING, Pose, absent, degrees, make_track, squats, states, still, track_of, without

from vidpose.biomech.analysis import AnalysisSettings, analyse
from vidpose.biomech.smoothing import ButterworthSettings
from vidpose.types.motion import AngleStatus
from vidpose.types.pose import Status
from vidpose.types.skeleton import LANDMARK_INDEX


@pytest.mark.thorough
def test_one_unseen_toe_never_mirrors_the_person():
    whole = analyse(track_of(squats()), AnalysisSettings())
    track = without(track_of(squats()), "left_foot_index", frames=slice(40, 90))
    track = without(track, "right_foot_index", frames=slice(70, 71))
    result = analyse(track, AnalysisSettings())
    assert np.array_equal(result.facing, whole.facing)
    for name in ("knee_flexion_r", "knee_flexion_l", "hip_flexion_r", "shank_r", "trunk"):
        assert degrees(result, name) == pytest.approx(degrees(whole, name), abs=1e-9)


def test_a_large_change_across_a_gap_is_not_unwrapped():
    poses = [STANDING] * 30 + [replace(STANDING, arm=10.0, forearm=10.0, hand=10.0)] * 45
    result = analyse(absent(track_of(poses), slice(30, 45)), AnalysisSettings())
    angle = degrees(result, "shoulder_flexion_r")
    assert angle[:30] == pytest.approx(0.0, abs=0.01)
    assert angle[45:] == pytest.approx(100.0, abs=0.01)
    velocity = result.angles.velocity_rad_s[:, result.angles.ids.index("shoulder_flexion_r")]
    assert np.nanmax(np.abs(velocity)) < 1e-3


@pytest.mark.thorough
def test_the_left_wrist_bends_at_the_wrist():
    result = analyse(still(Pose(hand=-60.0)), AnalysisSettings())
    assert degrees(result, "wrist_flexion_l") == pytest.approx(30.0, abs=0.01)
    assert degrees(analyse(still(), AnalysisSettings()), "wrist_flexion_l") == pytest.approx(0.0, abs=0.01)


@pytest.mark.thorough
def test_filter_settings_take_effect():
    track = track_of(squats(period_s=1.0))
    usual = analyse(track, AnalysisSettings())
    for settings in (ButterworthSettings(cutoff_hz=3.0), ButterworthSettings(order=8)):
        other = analyse(track, AnalysisSettings(butterworth=settings))
        assert np.nanmax(np.abs(degrees(other, "knee_flexion_r") - degrees(usual, "knee_flexion_r"))) > 0.01


def test_a_coordinate_of_zero_is_a_value():
    track = still()
    knee = track.image_px[0, LANDMARK_INDEX["right_knee"]].astype(float)
    result = analyse(still(shift_px=tuple(np.array([640.0, 360.0]) - knee)), AnalysisSettings())
    assert result.filtered.image_px[:, LANDMARK_INDEX["right_knee"]] == pytest.approx(0.0, abs=1e-3)
    assert np.all(result.filtered.status == Status.MEASURED)
    assert np.all(states(result, "knee_flexion_r") == AngleStatus.MEASURED)


def test_time_is_the_video_s_own():
    """The knee bends at a constant 60 degrees per second, sampled unevenly."""
    steps = np.where(np.arange(120) % 3 == 0, 0.05, 0.02)
    times = np.cumsum(steps)
    bend = 60.0 * (times - times[0])
    poses = [replace(STANDING, shank=-90.0 - angle) for angle in np.minimum(bend, 130.0)]
    result = analyse(track_of(poses, times_s=times), AnalysisSettings())
    velocity = np.rad2deg(result.angles.velocity_rad_s[:, result.angles.ids.index("knee_flexion_r")])
    moving = (bend > 30) & (bend < 100)
    assert velocity[moving] == pytest.approx(60.0, abs=1.5)


def test_angles_come_from_filtered_points():
    rng = np.random.default_rng(3)
    track = track_of(squats())
    noisy = make_track(
        track.image_px + rng.normal(scale=4.0, size=track.image_px.shape), track.timestamps_s, track.world_m
    )
    result = analyse(noisy, AnalysisSettings())
    hip, knee, ankle = (
        result.filtered.image_px[:, LANDMARK_INDEX[f"right_{name}"]] for name in ("hip", "knee", "ankle")
    )
    a, b = hip - knee, ankle - knee
    included = np.arctan2(a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0], np.sum(a * b, axis=1))
    expected = np.mod(np.rad2deg(included), 360.0) - 180.0
    given = np.isfinite(degrees(result, "knee_flexion_r"))
    assert given.mean() > 0.9
    assert degrees(result, "knee_flexion_r")[given] == pytest.approx(expected[given], abs=1e-9)


def test_a_model_without_feet_gives_no_ankle_and_no_foot_angle():
    feet = [f"{side}_{name}" for side in ("left", "right") for name in ("heel", "foot_index")]
    result = analyse(without(still(), *feet), AnalysisSettings())
    for name in ("ankle_dorsiflexion_r", "foot_l", "ankle_included_3d_r"):
        assert np.all(states(result, name) == AngleStatus.MISSING)
    assert np.all(states(result, "knee_flexion_r") == AngleStatus.MEASURED)

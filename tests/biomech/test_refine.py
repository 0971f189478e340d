"""Refined world landmarks: they agree with the picture, bones keep their length, nothing leaks."""

from dataclasses import replace

import numpy as np
import pytest
from biomech_bodies import SQUAT, STANDING, absent, make_track, squats, still, track_of, without

from vidpose.biomech.angles import included_angle
from vidpose.biomech.filtering import FilterSettings, filter_movement
from vidpose.biomech.points import named_points
from vidpose.biomech.validity.refine import (
    RefineSettings,
    limb_lengths_m,
    pixels_per_metre,
    refine_world,
)
from vidpose.types.footage import Footage
from vidpose.types.skeleton import LANDMARK_INDEX

KNEE = ("right_hip", "right_knee", "right_ankle")


def filtered(track):
    return filter_movement(track, FilterSettings()).track


def angle_deg(world_m, names=KNEE):
    points = named_points(world_m, names)
    return np.rad2deg(included_angle(points[:, 0], points[:, 1], points[:, 2]))


def spoiled(track, depth=0.4, squeeze=0.9, lean_m=0.0):
    """Return the track as a model gives it that underrates depth and is a little off across the line of sight."""
    world_m = track.world_m * np.array([squeeze, 1.0, depth])
    world_m[:, LANDMARK_INDEX["right_knee"], 0] += lean_m
    return make_track(track.image_px, track.timestamps_s, world_m)


def test_a_side_view_without_depth_is_left_as_it_is():
    track = filtered(track_of(squats(1)))
    result = refine_world(track)
    assert angle_deg(result) == pytest.approx(angle_deg(track.world_m), abs=0.01)
    assert np.linalg.norm(result - track.world_m, axis=2).max() < 1e-3


@pytest.mark.parametrize("yaw", [20.0, 45.0, 70.0, 110.0, -60.0])
def test_underrated_depth_is_corrected(yaw):
    bent = replace(SQUAT, yaw=yaw)
    true = angle_deg(filtered(still(bent)).world_m)
    track = filtered(spoiled(still(bent), depth=0.6, squeeze=1.0))
    # the lengths are those of the spoiled bones, so only a part can be won back; it must never be lost
    before, after = (np.abs(angle_deg(world_m) - true).mean() for world_m in (track.world_m, refine_world(track)))
    assert after <= before + 0.5


@pytest.mark.parametrize("yaw", [30.0, 60.0])
def test_error_falls_when_the_model_is_off_across_the_line_of_sight(yaw):
    track = track_of(squats(2, yaw=yaw))
    true = angle_deg(filtered(track).world_m)
    wrong = filtered(spoiled(track, depth=1.0, lean_m=0.05))
    before, after = (np.abs(angle_deg(world_m) - true).mean() for world_m in (wrong.world_m, refine_world(wrong)))
    assert after < 0.7 * before


def test_the_result_projects_onto_the_picture():
    track = filtered(spoiled(track_of(squats(1, yaw=50.0))))
    result = refine_world(track)
    scale = pixels_per_metre(track, RefineSettings().half_window_s)
    apart_m = result[:, :, :2] - result[:, :1, :2]
    apart_px = track.image_px - track.image_px[:, :1]
    assert apart_m * scale[:, None, None] == pytest.approx(apart_px, abs=1e-6)
    hips = [LANDMARK_INDEX["left_hip"], LANDMARK_INDEX["right_hip"]]
    assert result[:, hips].mean(axis=1) == pytest.approx(track.world_m[:, hips].mean(axis=1), abs=1e-9)


def test_limb_lengths_vary_less():
    track = filtered(spoiled(track_of(squats(2, yaw=60.0)), depth=0.5))

    def variation(world_m):
        thigh = named_points(world_m, ("right_hip", "right_knee"))
        length_m = np.linalg.norm(thigh[:, 1] - thigh[:, 0], axis=1)
        return length_m.std() / length_m.mean()

    everything = RefineSettings(depth_share=1.0, depth_doubt_m=1e-3)
    assert variation(refine_world(track, everything)) < 0.7 * variation(track.world_m)


def test_moving_and_zooming_the_picture_changes_nothing():
    poses = squats(1, yaw=40.0)
    plain, zoomed = (
        refine_world(filtered(track_of(poses, **kw))) for kw in ({}, {"zoom": 250.0, "shift_px": (90, 70)})
    )
    assert zoomed == pytest.approx(plain, abs=1e-3)


def test_hands_and_feet_go_along_with_their_limb():
    track = filtered(spoiled(still(replace(SQUAT, yaw=50.0))))
    result = refine_world(track)
    for end, tips in (("ankle", ("heel", "foot_index")), ("wrist", ("pinky", "index", "thumb"))):
        for tip in tips:
            pair = [LANDMARK_INDEX[f"right_{tip}"], LANDMARK_INDEX[f"right_{end}"]]
            apart_m = [np.subtract(*(points[:, i, 2] for i in pair)) for points in (result, track.world_m)]
            assert apart_m[0] == pytest.approx(apart_m[1], abs=1e-9)


def test_the_scale_never_reaches_across_stretches():
    poses = [STANDING] * 40
    near, far = track_of(poses, zoom=400.0), track_of(poses, zoom=100.0)
    image_px = np.where(np.arange(40)[:, None, None] < 20, near.image_px, far.image_px)
    track = make_track(image_px, near.timestamps_s, near.world_m)
    cut = filter_movement(track, FilterSettings(), Footage(breaks=[20])).track
    scale = pixels_per_metre(cut, 0.5)
    assert scale[:20] == pytest.approx(400.0, rel=1e-3)
    assert scale[20:] == pytest.approx(100.0, rel=1e-3)


def test_both_sides_get_one_length_unless_clearly_different():
    world_m = np.array(still().world_m, dtype=float)
    ends = ("hip", "knee")
    true_m = limb_lengths_m(world_m, *ends, 0.25)
    assert true_m[0] == true_m[1]
    hip, knee = (LANDMARK_INDEX[f"left_{name}"] for name in ends)
    world_m[:, knee] = world_m[:, hip] + 1.1 * (world_m[:, knee] - world_m[:, hip])
    left_m, right_m = limb_lengths_m(world_m, *ends, 0.25)
    assert left_m == right_m == pytest.approx(1.05 * true_m[0])
    left_m, right_m = limb_lengths_m(world_m, *ends, 0.05)
    assert left_m == pytest.approx(1.1 * right_m)


def test_a_side_that_is_never_seen_gets_the_length_of_the_other():
    track = without(still(), "left_knee")
    left_m, right_m = limb_lengths_m(track.world_m.astype(float), "hip", "knee", 0.25)
    assert left_m == right_m == pytest.approx(0.245 * 1.75, rel=1e-4)


def test_missing_stays_missing_and_nothing_else_gets_lost():
    track = without(track_of(squats(2, yaw=45.0)), "left_knee", frames=slice(10, 30))
    cut = filtered(absent(track, slice(50, 90)))
    result = refine_world(cut)
    assert np.array_equal(np.isnan(result), np.isnan(cut.world_m))


def test_without_hips_the_arms_are_still_refined():
    track = filtered(without(spoiled(still(replace(SQUAT, yaw=45.0))), "left_hip", "right_hip"))
    result = refine_world(track)
    assert np.isfinite(result[:, LANDMARK_INDEX["right_wrist"]]).all()
    assert not np.allclose(result, track.world_m, equal_nan=True)
    assert np.array_equal(np.isnan(result), np.isnan(track.world_m))


def test_without_world_landmarks_there_is_nothing_to_refine():
    track = still()
    assert np.isnan(refine_world(filtered(make_track(track.image_px, track.timestamps_s)))).all()


@pytest.mark.parametrize("n_frames", [0, 1, 2])
def test_few_frames(n_frames):
    track = filtered(still(n_frames=n_frames))
    assert refine_world(track).shape == (n_frames, 33, 3)
    assert np.isfinite(refine_world(track)).all()


@pytest.mark.parametrize("rate_hz", [5.0, 240.0])
def test_any_frame_rate(rate_hz):
    assert np.isfinite(refine_world(filtered(track_of(squats(1, yaw=30.0, rate_hz=rate_hz), rate_hz=rate_hz)))).all()


def test_variable_frame_rate_and_nobody_at_all():
    times_s = np.cumsum(np.random.default_rng(1).uniform(0.01, 0.08, 60))
    track = track_of(squats(1, yaw=30.0), times_s=times_s)
    assert np.isfinite(refine_world(filtered(track))).all()
    assert np.isnan(refine_world(filtered(absent(track, slice(None))))).all()


@pytest.mark.parametrize(
    "wrong",
    [{"depth_share": 1.5}, {"depth_doubt_m": 0.0}, {"max_asymmetry": -1.0}, {"half_window_s": float("nan")}],
)
def test_bad_settings_are_refused(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        RefineSettings(**wrong)

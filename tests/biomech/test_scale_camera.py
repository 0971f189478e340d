"""Metres, the floor, and when neither can be trusted."""

import math
from dataclasses import replace

import numpy as np
import pytest
from balance_recordings import FRONT, agree, exact, flying, recording_of, rolled, standing_track, value_of
from biomech_bodies import SQUAT, STANDING, STATURE_M, Pose, absent, make_track, still, track_of, without

from synthetic.motions import Stand
from synthetic.scene import Actor, Camera, Scene, act, project
from synthetic.walking import Walk
from vidpose.biomech.body_size import metres_per_pixel, world_height_m
from vidpose.biomech.scale.drift import drift_speed, lasting
from vidpose.biomech.scale.feet import FOOT_POINTS, ContactSettings, foot_contacts
from vidpose.biomech.scale.floor import FloorSettings
from vidpose.biomech.scale.measure_scale import measure_scale
from vidpose.biomech.scale.scale_metrics import METRICS
from vidpose.biomech.scale.trust import (
    TrustSettings,
    assess_scale,
    camera_pitch,
    find_scale_limits,
    floor_pitch,
    size_change,
)
from vidpose.types.skeleton import LANDMARK_INDEX

SETTINGS = TrustSettings()


def scale_of(recording):
    """Return what is known of a recording's scale."""
    return assess_scale(recording, SETTINGS, foot_contacts(recording, SETTINGS.floor.contact))


def scale_in(recording):
    """Return the metrics of a recording's scale."""
    return measure_scale(recording, scale_of(recording))


def floor_of(track):
    """Return the floor's direction in a track."""
    return scale_of(recording_of(track)).floor


def walking():
    """Return the mannequin that walks to the right, its true landmarks with a pixel of noise."""
    scene = Scene((Actor((Stand(0.5), Walk(steps=6), Stand(0.5)), x_m=-1.75),), Camera(stature_share=0.5))
    landmarks_m = act(scene, scene.actors[0])[1].landmarks_m
    image_px = project(scene, landmarks_m)[0]
    image_px += np.random.default_rng(7).normal(size=image_px.shape)
    hips = landmarks_m[:, [LANDMARK_INDEX["left_hip"], LANDMARK_INDEX["right_hip"]]].mean(axis=1, keepdims=True)
    return make_track(image_px, scene.times_s, (landmarks_m - hips) * np.array([1.0, -1.0, -1.0]))


def looking_down(track, angle_deg):
    """Return the track with the model's space tipped as by a camera that looks down."""
    turn = math.radians(angle_deg)
    y, z = track.world_m[:, :, 1].astype(float), track.world_m[:, :, 2].astype(float)
    world_m = track.world_m.astype(float)
    world_m[:, :, 1] = math.cos(turn) * y - math.sin(turn) * z
    world_m[:, :, 2] = math.sin(turn) * y + math.cos(turn) * z
    return make_track(track.image_px, track.timestamps_s, world_m)


def test_metres_per_pixel():
    assert metres_per_pixel(700.0, 1.75) == pytest.approx(0.0025)
    assert np.isnan(metres_per_pixel(700.0, None))
    assert np.isnan(metres_per_pixel(math.nan, 1.75))
    assert metres_per_pixel(np.array([350.0, math.nan, 0.0]), 1.75) == pytest.approx(
        [0.005, math.nan, math.nan], nan_ok=True
    )


@pytest.mark.parametrize("pose", [STANDING, SQUAT, FRONT])
def test_the_world_body_has_its_height_in_every_pose(pose):
    assert world_height_m(still(pose, 3).world_m) == pytest.approx(STATURE_M, rel=1e-3)


def test_a_leg_that_is_never_seen_does_not_hide_the_height():
    track = without(still(STANDING, 3), "left_knee", "left_ankle")
    assert world_height_m(track.world_m) == pytest.approx(STATURE_M, rel=1e-3)
    assert math.isnan(world_height_m(np.full((3, 33, 3), np.nan)))
    assert math.isnan(world_height_m(np.empty((0, 33, 3))))


def test_drift_leaves_trembling_out_and_keeps_movement():
    times_s = np.arange(60) / 30.0
    one = np.zeros(60, dtype=int)
    trembling = np.stack([(-1.0) ** np.arange(60), np.zeros(60)], axis=1)
    moving = np.stack([3.0 * times_s, -4.0 * times_s], axis=1)
    assert drift_speed(moving, times_s, one, 0.25) == pytest.approx(np.full(60, 5.0))
    assert drift_speed(trembling, times_s, one, 0.25).max() < 8.0  # the path has 60 per second
    assert np.isnan(drift_speed(moving[:2], times_s[:2], one[:2], 0.25)).all()


def test_lasting_drops_short_runs_and_does_not_join_stretches():
    times_s = np.arange(10) / 10.0
    frames = np.array([1, 1, 0, 1, 1, 1, 1, 1, 1, 1], dtype=bool)
    assert lasting(frames, times_s, np.zeros(10, dtype=int), 0.3).tolist() == [False] * 3 + [True] * 7
    stretch = np.array([0] * 6 + [1] * 4)
    assert lasting(frames, times_s, stretch, 0.3).tolist() == [False] * 6 + [True] * 4


@pytest.mark.thorough
def test_feet_rest_while_standing_and_not_in_the_air():
    assert foot_contacts(recording_of(still(STANDING, 30)), ContactSettings()).all()
    assert not foot_contacts(exact(flying(0.3)), ContactSettings()).any()


@pytest.mark.parametrize("pose", [STANDING, FRONT])
@pytest.mark.thorough
def test_a_lifted_foot_does_not_rest_however_still(pose):
    track = still(pose, 30)
    image_px, world_m = track.image_px.astype(float), track.world_m.astype(float)
    for name in ("ankle", "heel", "foot_index"):
        image_px[:, LANDMARK_INDEX[f"left_{name}"], 1] -= 0.2 * 400.0
        world_m[:, LANDMARK_INDEX[f"left_{name}"], 1] -= 0.2
    contacts = foot_contacts(recording_of(make_track(image_px, track.timestamps_s, world_m)), ContactSettings())
    assert [bool(contacts[:, k].all()) for k in range(4)] == [name.startswith("right") for name in FOOT_POINTS]
    assert contacts[:, :2].sum() == 0


def test_a_far_foot_rests_when_space_says_so_though_it_is_higher_in_the_picture():
    track = still(STANDING, 30)
    image_px = track.image_px.astype(float)
    for name in ("heel", "foot_index"):
        image_px[:, LANDMARK_INDEX[f"left_{name}"], 1] -= 0.09 * STATURE_M * 400.0
    assert foot_contacts(recording_of(make_track(image_px, track.timestamps_s, track.world_m)), ContactSettings()).all()


@pytest.mark.parametrize("roll_deg", [0.0, 3.0, -5.0])
@pytest.mark.thorough
def test_the_floor_of_a_walk_is_found(roll_deg):
    floor = floor_of(rolled(walking(), math.radians(roll_deg)))
    assert math.degrees(floor.angle_rad) == pytest.approx(roll_deg, abs=0.6)
    assert abs(floor.angle_rad - math.radians(roll_deg)) <= max(floor.half_width_rad, math.radians(0.3))
    assert floor.n_contacts >= 8


@pytest.mark.thorough
def test_the_floor_of_who_stands_is_unknown():
    for track in (still(STANDING, 60), still(FRONT, 60), still(STANDING, 0), absent(still(STANDING, 30), slice(None))):
        assert math.isnan(floor_of(track).angle_rad)


def test_who_walks_up_to_the_camera_tells_no_floor():
    track = walking()
    nearer = np.linspace(1.0, 1.6, track.n_frames)[:, None, None]
    image_px = (track.image_px - [480.0, 200.0]) * nearer + [480.0, 200.0]
    floor = floor_of(make_track(image_px, track.timestamps_s, track.world_m))
    assert math.isnan(floor.angle_rad)
    assert floor.half_width_rad > math.radians(2.0)


@pytest.mark.thorough
def test_size_and_pitch_are_those_of_the_camera():
    track = standing_track(seconds=30.0, rate_hz=15.0)
    growth = np.linspace(1.0, 1.5, track.n_frames)[:, None, None]
    near = recording_of(make_track(track.image_px * growth, track.timestamps_s, track.world_m))
    assert size_change(recording_of(track)) == pytest.approx(0.0, abs=1e-6)
    assert size_change(near) == pytest.approx(0.9 * 0.5 / 1.25, rel=0.1)
    assert math.degrees(camera_pitch(recording_of(track))[0]) == pytest.approx(0.0, abs=0.1)
    assert math.degrees(camera_pitch(recording_of(looking_down(track, 40.0)))[0]) == pytest.approx(40.0, abs=0.1)
    assert scale_of(near).doubts == ("scale_changes",)
    assert scale_of(recording_of(looking_down(track, 40.0))).doubts == ("view_from_above",)


def test_who_bends_before_a_level_camera_does_not_tilt_it():
    bent = still(replace(FRONT, trunk=40.0, thigh=-130.0, shank=-95.0), 30)
    assert math.isnan(camera_pitch(recording_of(bent))[0])
    assert scale_of(recording_of(bent)).doubts == ()


def test_a_body_that_leans_in_the_models_space_above_level_feet_does_not_tilt_the_camera():
    level = still(FRONT, 30)
    tipped = looking_down(level, 50.0)
    world_m = tipped.world_m.copy()
    feet = [LANDMARK_INDEX[name] for name in FOOT_POINTS]
    ankles = [LANDMARK_INDEX[f"{side}_ankle"] for side in ("left", "right")]
    world_m[:, feet] = level.world_m[:, feet] + (world_m[:, ankles] - level.world_m[:, ankles]).mean(1, keepdims=True)
    contradicted = make_track(level.image_px, level.timestamps_s, world_m)
    assert scale_of(recording_of(tipped)).doubts == ("view_from_above",)
    assert math.degrees(floor_pitch(recording_of(tipped))) == pytest.approx(50.0, abs=0.5)
    assert scale_of(recording_of(contradicted)).doubts == ()
    assert value_of(scale_in(recording_of(contradicted)), "camera_pitch").reason == "low_confidence"


def test_the_pitch_is_as_uncertain_as_frames_differ():
    level = standing_track(seconds=6.0, rate_hz=15.0)
    tipped = looking_down(level, 10.0).world_m.copy()
    tipped[: level.n_frames // 2] = level.world_m[: level.n_frames // 2]
    wavering = make_track(level.image_px, level.timestamps_s, tipped)
    certain, uncertain = (value_of(scale_in(recording_of(track)), "camera_pitch") for track in (level, wavering))
    assert math.degrees(certain.uncertainty) < 0.1
    assert math.degrees(uncertain.uncertainty) == pytest.approx(5.0, abs=0.2)


@pytest.mark.thorough
def test_findings_say_what_limits_lengths():
    track = walking()
    assert list(find_scale_limits(scale_of(recording_of(track)), SETTINGS)) == []
    rolled_one = list(find_scale_limits(scale_of(recording_of(rolled(track, math.radians(5.0)))), SETTINGS))
    assert [finding.code for finding in rolled_one] == ["camera_rolled"]
    assert rolled_one[0].details["roll_deg"] == pytest.approx(5.0, abs=0.6)
    tall = standing_track(seconds=6.0)
    growth = np.linspace(1.0, 1.5, tall.n_frames)[:, None, None]
    both = looking_down(make_track(tall.image_px * growth, tall.timestamps_s, tall.world_m), 40.0)
    codes = [finding.code for finding in find_scale_limits(scale_of(recording_of(both)), SETTINGS)]
    assert codes == ["scale_changes", "view_from_above"]


@pytest.mark.parametrize("n_frames", [0, 1, 2, 90])
@pytest.mark.parametrize("pose", [STANDING, FRONT, replace(STANDING, trunk=0.0, thigh=180.0, shank=180.0)])
def test_every_row_has_a_value_or_a_reason(n_frames, pose):
    recording = recording_of(still(pose, n_frames))
    agree(METRICS, scale_in(recording))
    list(find_scale_limits(scale_of(recording), SETTINGS))


@pytest.mark.parametrize("rate_hz", [5.0, 240.0])
def test_odd_rates_and_absences(rate_hz):
    track = absent(track_of([STANDING] * 60, rate_hz=rate_hz), slice(20, 40))
    agree(METRICS, scale_in(recording_of(track)))


@pytest.mark.thorough
def test_reasons_of_the_floor():
    assert value_of(scale_in(recording_of(still(STANDING, 60))), "camera_roll").reason == "no_events"
    bare = without(still(STANDING, 60), *FOOT_POINTS)
    assert value_of(scale_in(recording_of(bare)), "camera_roll").reason == "no_feet"
    flat = make_track(still(STANDING, 60).image_px, still(STANDING, 60).timestamps_s)
    assert value_of(scale_in(recording_of(flat)), "camera_pitch").reason == "no_world"
    unseen = replace(still(STANDING, 60), visibility=seen_except(*FOOT_POINTS))
    assert value_of(scale_in(recording_of(unseen)), "camera_roll").reason == "low_confidence"


@pytest.mark.thorough
def test_reasons_of_the_pitch():
    lying = still(Pose(foot=90.0, shank=0.0, thigh=0.0, trunk=180.0, head=180.0, arm=0.0, forearm=0.0, hand=0.0), 60)
    assert value_of(scale_in(recording_of(lying)), "camera_pitch").reason == "not_static"
    legless = without(still(STANDING, 60), "left_ankle", "right_ankle")
    assert value_of(scale_in(recording_of(legless)), "camera_pitch").reason == "no_data"


def seen_except(*names):
    """Return the visibility of 60 frames in which some landmarks are hidden."""
    visibility = np.ones((60, len(LANDMARK_INDEX)))
    visibility[:, [LANDMARK_INDEX[name] for name in names]] = 0.1
    return visibility


@pytest.mark.parametrize(
    ("build", "name"),
    [
        (lambda: ContactSettings(max_speed_bh_s=0.0), "max_speed_bh_s"),
        (lambda: ContactSettings(min_duration_s=-1.0), "min_duration_s"),
        (lambda: FloorSettings(min_contacts=2), "min_contacts"),
        (lambda: FloorSettings(min_spread_bh=0.0), "min_spread_bh"),
        (lambda: FloorSettings(max_half_width_rad=0.0), "max_half_width_rad"),
        (lambda: TrustSettings(max_size_change=0.0), "max_size_change"),
    ],
)
def test_bad_settings_are_refused(build, name):
    with pytest.raises(ValueError, match=f"{name}: expected"):
        build()

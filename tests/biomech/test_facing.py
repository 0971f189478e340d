from dataclasses import replace

import numpy as np
import pytest
from biomech_bodies import STANDING, Pose, make_track, squats, still, track_of, without

from vidpose.biomech.analysis import AnalysisSettings, analyse
from vidpose.biomech.facing import FacingSettings
from vidpose.types.footage import Footage
from vidpose.types.motion import Facing
from vidpose.types.skeleton import LANDMARK_INDEX


def facing(track):
    return analyse(track, AnalysisSettings()).facing


@pytest.mark.parametrize(
    ("yaw", "expected"),
    [
        (90, Facing.RIGHT),
        (40, Facing.RIGHT),
        (140, Facing.RIGHT),
        (-90, Facing.LEFT),
        (-40, Facing.LEFT),
        (-140, Facing.LEFT),
        (0, Facing.FRONT),
        (10, Facing.FRONT),
        (-10, Facing.FRONT),
        (180, Facing.BACK),
        (170, Facing.BACK),
        (-170, Facing.BACK),
    ],
)
@pytest.mark.parametrize("has_world", [True, False])
@pytest.mark.thorough
def test_views(yaw, expected, has_world):
    track = still(Pose(yaw=yaw), 12)
    if not has_world:
        track = make_track(track.image_px, track.timestamps_s)
    assert np.all(facing(track) == expected)


@pytest.mark.parametrize("roll_deg", [-90, 30, 90])
@pytest.mark.thorough
def test_a_turned_camera_sees_the_same_side(roll_deg):
    """A push-up to the right is a person facing right, and so is one lying on the back with the head to the left."""
    track = still()
    angle = np.deg2rad(roll_deg)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    world_m = track.world_m.copy()
    world_m[:, :, :2] = world_m[:, :, :2] @ turn.T
    turned = make_track(track.image_px @ turn.T, track.timestamps_s, world_m)
    assert np.all(facing(turned) == Facing.RIGHT)


@pytest.mark.parametrize(("yaw", "side"), [(90.0, Facing.RIGHT), (-90.0, Facing.LEFT)])
@pytest.mark.thorough
def test_six_squats_in_side_view_then_arm_raises_in_front_view(yaw, side):
    lift = 90 * np.sin(np.linspace(0, 4 * np.pi, 240)) ** 2
    turn = [replace(STANDING, yaw=float(angle)) for angle in np.linspace(yaw, 0.0, 15)]
    front = [replace(STANDING, yaw=0.0, abduction=float(angle)) for angle in lift]
    side_frames = squats(n_reps=6, yaw=yaw)
    result = facing(track_of(side_frames + turn + front))
    change = np.flatnonzero(np.diff(result.astype(int)))
    assert len(change) == 1
    assert len(side_frames) <= change[0] <= len(side_frames) + len(turn)
    assert (result[0], result[-1]) == (side, Facing.FRONT)


@pytest.mark.thorough
def test_no_side_view_angle_is_given_while_the_person_turns_to_the_camera():
    yaws = np.concatenate([np.full(60, 90.0), np.linspace(90.0, 0.0, 45), np.zeros(60)])
    poses = [replace(STANDING, yaw=float(yaw)) for yaw in yaws]
    result = facing(track_of(poses))
    assert np.all(result[yaws < 22.0] == Facing.FRONT)
    assert np.all(result[yaws > 45.0] == Facing.RIGHT)
    back = facing(track_of(poses[::-1]))
    assert np.all(back[yaws[::-1] < 22.0] == Facing.FRONT)


def test_who_stood_obliquely_before_turning_keeps_the_side_view_there():
    yaws = np.concatenate([np.full(120, 22.0), np.linspace(22.0, 0.0, 15), np.zeros(60)])
    result = facing(track_of([replace(STANDING, yaw=float(yaw)) for yaw in yaws]))
    assert np.all(result[:90] == Facing.RIGHT)
    assert np.all(result[135:] == Facing.FRONT)


def test_a_glance_does_not_turn_the_person():
    glance = [replace(STANDING, yaw=0.0)] * 10  # a third of a second
    result = facing(track_of([STANDING] * 60 + glance + [STANDING] * 60))
    assert np.all(result == Facing.RIGHT)


@pytest.mark.parametrize(("n_frames", "turns"), [(12, False), (20, True)])
@pytest.mark.thorough
def test_a_change_needs_evidence_for_half_a_second(n_frames, turns):
    settings = AnalysisSettings(facing=FacingSettings(half_window_s=0.0))
    glance = [replace(STANDING, yaw=0.0)] * n_frames
    result = analyse(track_of([STANDING] * 60 + glance + [STANDING] * 60), settings).facing
    assert bool(np.any(result != Facing.RIGHT)) == turns


def test_the_feet_alone_tell_the_side():
    track = still(Pose(yaw=-90.0))
    image_px = track.image_px.copy()
    image_px[:, 0:13] = np.nan
    assert np.all(facing(make_track(image_px, track.timestamps_s)) == Facing.LEFT)


def test_an_oblique_walk_with_swinging_hips_does_not_flip():
    swing = 40 + 20 * np.sin(2 * np.pi * np.arange(180) / 30)
    assert np.all(facing(track_of([replace(STANDING, yaw=float(yaw)) for yaw in swing])) == Facing.RIGHT)


def moved(track, names, shift_px):
    """Return the track with landmarks displaced in the picture."""
    image_px = track.image_px.copy()
    image_px[:, [LANDMARK_INDEX[name] for name in names]] += np.float32(shift_px)
    return make_track(image_px, track.timestamps_s, track.world_m)


@pytest.mark.parametrize(("yaw", "expected"), [(180, Facing.BACK), (0, Facing.FRONT)])
@pytest.mark.parametrize("across_px", [-80.0, 80.0])
def test_feet_and_head_that_are_turned_aside_do_not_turn_a_trunk_that_is_seen_square(yaw, expected, across_px):
    """The end of a golf swing, seen from behind."""
    track = broad_shouldered(still(Pose(yaw=float(yaw))))
    turned = moved(moved(track, ("left_foot_index", "right_foot_index"), (across_px, 0.0)), ("nose",), (across_px, 0.0))
    assert np.all(facing(turned) == expected)


def broad_shouldered(track):
    """Return the track of a body whose shoulders are as wide as the model's."""
    image_px = track.image_px.copy()
    for side, other in (("left", "right"), ("right", "left")):
        at, opposite = (track.image_px[:, LANDMARK_INDEX[f"{name}_shoulder"]] for name in (side, other))
        image_px[:, LANDMARK_INDEX[f"{side}_shoulder"]] += (at - opposite) * np.float32(0.125)
    return make_track(image_px, track.timestamps_s, track.world_m)


@pytest.mark.parametrize(("yaw", "expected"), [(0, Facing.FRONT), (180, Facing.BACK)])
@pytest.mark.parametrize("limbs", [("hip", "knee", "ankle", "heel", "foot_index"), ("hip", "shoulder")])
def test_exchanged_limbs_do_not_turn_a_person_round(yaw, expected, limbs):
    track = still(Pose(yaw=float(yaw)))
    image_px, world_m = track.image_px.copy(), track.world_m.copy()
    for name in limbs:
        pair = [LANDMARK_INDEX[f"{side}_{name}"] for side in ("left", "right")]
        image_px[:, pair], world_m[:, pair] = image_px[:, pair[::-1]], world_m[:, pair[::-1]]
    assert np.all(facing(make_track(image_px, track.timestamps_s, world_m)) == expected)


def test_frames_without_evidence_keep_the_direction():
    track = without(
        still(n_frames=90),
        "left_hip",
        "right_hip",
        "left_shoulder",
        "right_shoulder",
        "left_foot_index",
        "right_foot_index",
        frames=slice(30, 60),
    )
    assert np.all(facing(track) == Facing.RIGHT)


def test_without_any_evidence_the_direction_is_unknown_and_no_image_angle_is_given():
    track = still()
    image_px = track.image_px.copy()
    image_px[:, 0:13] = np.nan
    image_px[:, 29:] = np.nan
    result = analyse(make_track(image_px, track.timestamps_s), AnalysisSettings())
    assert np.all(result.facing == Facing.UNKNOWN)
    assert np.all(np.isnan(result.angles.values_rad))


def test_a_new_stretch_decides_anew():
    poses = [STANDING] * 40 + [replace(STANDING, yaw=-90.0)] * 40
    result = analyse(track_of(poses), AnalysisSettings(), footage=Footage(breaks=[40])).facing
    assert np.all(result[:40] == Facing.RIGHT)
    assert np.all(result[40:] == Facing.LEFT)


def test_bad_settings_are_refused():
    with pytest.raises(ValueError, match="expected"):
        FacingSettings(side_share=0.05)
    with pytest.raises(ValueError, match="expected"):
        FacingSettings(hold_s=-1.0)

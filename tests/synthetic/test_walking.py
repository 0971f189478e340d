from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from synthetic.body import SIDES, forward_kinematics
from synthetic.motions import March, Stand, perform, relaxed
from synthetic.scene import Actor, Camera, Scene, act
from synthetic.truth import actor_truth
from synthetic.walking import Walk
from vidpose.types.skeleton import LANDMARK_INDEX

STATURE_M = 2.0
RATE_HZ = 60


def places(walk, rate_hz=RATE_HZ):
    skeleton = forward_kinematics(walk.pose(np.arange(0.0, walk.duration_s, 1 / rate_hz)), STATURE_M)
    return {name: skeleton.landmarks_m[:, k] for name, k in LANDMARK_INDEX.items()}


def hips_m(actor, duration_s):
    landmarks = act(Scene((actor,), duration_s=duration_s), actor)[1].landmarks_m
    return (landmarks[:, LANDMARK_INDEX["left_hip"]] + landmarks[:, LANDMARK_INDEX["right_hip"]]) / 2


walks = st.builds(Walk, steps=st.integers(2, 7), step=st.floats(0.25, 0.45), step_s=st.floats(0.35, 0.8))


@given(walk=walks)
def test_a_foot_between_its_swings_stays_where_it_is(walk):
    at, beat = places(walk), np.arange(0.0, walk.duration_s, 1 / RATE_HZ) / walk.step_s
    for k, side in enumerate(SIDES):
        for step in range(k, walk.steps, 2):
            # after the swing of the step, and until the heel comes up for the next one
            standing = (beat > step + 1.10) & (beat < step + 1.60)
            if step == walk.steps - 1:
                continue
            for part in ("ankle", "heel", "foot_index"):
                path = at[f"{side}_{part}"][standing]
                assert np.ptp(path[:, 0]) < 0.006
                assert np.ptp(path[:, 1]) < 0.006


@given(walk=walks)
def test_walking_begins_and_ends_standing(walk):
    pose, calm = walk.pose(np.array([0.0, walk.duration_s])), relaxed(2)
    for name in ("hip", "knee", "ankle", "shoulder", "elbow", "trunk_lean"):
        assert getattr(pose, name) == pytest.approx(getattr(calm, name), abs=1e-6), name
    assert pose.pelvis == pytest.approx([0.0, walk.travel])


def test_hips_go_evenly_between_the_first_and_the_last_step():
    walk = Walk(steps=6, step=0.4, step_s=0.5)
    t_s = np.arange(0.5, 2.5, 0.01)
    assert np.diff(walk.pose(t_s).pelvis) / 0.01 == pytest.approx(0.4 / 0.5)


def test_knees_and_hips_stay_within_those_of_walking_people():
    pose = Walk(steps=8).pose(np.arange(0, 4, 0.01))
    knee_deg, hip_deg = np.degrees(pose.knee), np.degrees(pose.hip)
    assert knee_deg.min() >= 0
    assert 50 < knee_deg.max() < 75
    assert -20 < hip_deg.min() < 0
    assert 25 < hip_deg.max() < 50


def test_each_arm_goes_forward_with_the_leg_of_the_other_side():
    at = places(Walk(steps=8))
    step = {side: (at[f"{side}_ankle"] - at[f"{side}_hip"])[:, 0] for side in SIDES}
    swing = {side: (at[f"{side}_wrist"] - at[f"{side}_shoulder"])[:, 0] for side in SIDES}
    for side, other in zip(SIDES, reversed(SIDES), strict=True):
        assert np.corrcoef(swing[side], step[other])[0, 1] > 0.8
        assert swing[side].min() < -0.1 < 0.2 < swing[side].max()


def test_elbows_bend_to_the_front():
    at = places(Walk(steps=8))
    for side in SIDES:
        arm, fore = at[f"{side}_elbow"] - at[f"{side}_shoulder"], at[f"{side}_wrist"] - at[f"{side}_elbow"]
        assert (arm[:, 0] * fore[:, 1] - arm[:, 1] * fore[:, 0] > 0).all()  # anticlockwise, facing the image's right


@pytest.mark.parametrize(("facing_deg", "way_m"), [(0.0, [2.0, 0.0]), (180.0, [-2.0, 0.0]), (90.0, [0.0, 2.0])])
def test_who_walks_goes_where_they_face(facing_deg, way_m):
    walk = Walk(steps=6, step=0.2)
    actor = Actor((Stand(0.5), walk, Stand(1.0)), stature_m=STATURE_M, x_m=0.3, z_m=-0.2, facing_deg=facing_deg)
    hips = hips_m(actor, 0.5 + walk.duration_s + 1.0)
    assert hips[0, [0, 2]] == pytest.approx([0.3, -0.2])
    assert hips[-1, [0, 2]] - hips[0, [0, 2]] == pytest.approx(way_m)


def test_there_and_back_again_without_a_jump():
    walk = Walk(steps=4, step=0.35)
    phases = (walk, March(steps=3, step_s=0.4, lift_deg=10.0, turn_deg=180.0), walk, Stand(0.5))
    hips = hips_m(Actor(phases, stature_m=STATURE_M), 6.0)
    assert hips[-1] == pytest.approx(hips[0], abs=1e-9)
    assert hips[:, 0].max() == pytest.approx(3 * 0.35 * STATURE_M, abs=0.1)
    assert np.abs(np.diff(hips, axis=0)).max() < 0.08


def test_place_is_where_the_phase_began():
    walk = Walk(steps=3, step=0.3, step_s=0.5)
    times_s = np.array([0.0, 1.0, 1.6, 3.0, 4.0])
    performance = perform((walk, March(steps=2, step_s=0.5, turn_deg=90.0), walk), times_s)
    assert performance.place == pytest.approx(np.array([[0, 0], [0, 0], [0.6, 0], [0.6, 0], [0.6, 0]]))
    after = perform((walk, March(steps=2, step_s=0.5, turn_deg=90.0), walk, Stand(1.0)), np.array([0.0, 4.5]))
    assert after.place[1] == pytest.approx([0.6, 0.6])


def test_walk_does_not_depend_on_the_frame_rate():
    fine, coarse = places(Walk(), 60), places(Walk(), 30)
    assert fine["right_knee"][::2] == pytest.approx(coarse["right_knee"])


def test_image_angles_of_a_walker_equal_the_drivers_from_the_side():
    for facing_deg in (0.0, 180.0):
        actor = Actor((Walk(),), facing_deg=facing_deg)
        truth = actor_truth(Scene((actor,), camera=Camera(projection="orthographic")), actor)
        for name in ("knee_flexion_r", "knee_flexion_l", "hip_flexion_r", "hip_flexion_l"):
            assert truth.image_deg[name] == pytest.approx(truth.driver_deg[name], abs=0.3), name


@pytest.mark.parametrize("change", [{"steps": 1}, {"step": 0.0}, {"step": 0.6}, {"step_s": 0.0}])
def test_impossible_walks_are_refused(change):
    with pytest.raises(ValueError, match="expected at least 2 steps"):
        replace(Walk(), **change)

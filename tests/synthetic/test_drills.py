import numpy as np
import pytest

from synthetic.body import SOLE_HEIGHT, forward_kinematics
from synthetic.drills import FrontKicks, JumpingJacks
from synthetic.motions import relaxed
from synthetic.pacing import paced_scenes
from synthetic.truth import truth_of
from vidpose.types.skeleton import LANDMARK_INDEX

STATURE_M = 2.0
SOLES = [LANDMARK_INDEX[f"{side}_{end}"] for side in ("right", "left") for end in ("heel", "foot_index")]


def landmarks_m(phase, t_s):
    return forward_kinematics(phase.pose(np.asarray(t_s)), STATURE_M).landmarks_m


@pytest.mark.parametrize("phase", [JumpingJacks(), FrontKicks()])
def test_drills_begin_and_end_relaxed(phase):
    pose, calm = phase.pose(np.array([0.0, phase.duration_s])), relaxed(2)
    for name in ("hip", "knee", "ankle", "shoulder", "elbow", "trunk_lean", "hip_abduction", "lift"):
        assert getattr(pose, name) == pytest.approx(getattr(calm, name), abs=1e-9), name


def test_jumping_jack_opens_arms_and_legs_and_closes_them():
    jacks = JumpingJacks(top_deg=150.0, apart_deg=25.0)
    first = jacks.repetitions()[0]
    pose = jacks.pose(np.array([first.start_s, first.extreme_s, first.end_s]))
    assert np.degrees(pose.hip_abduction[:, 0]) == pytest.approx([0, 25, 0], abs=1e-9)
    assert np.degrees(pose.shoulder[1]) == pytest.approx([150, 150])
    assert pose.shoulder[2] == pytest.approx(pose.shoulder[0])


def test_feet_leave_the_floor_on_the_way_and_land_wide():
    jacks = JumpingJacks(hop=0.03)
    first = jacks.repetitions()[0]
    halfway_s = jacks.tempo.out_share * jacks.tempo.period_s / 2
    body = landmarks_m(jacks, [first.start_s, halfway_s, first.extreme_s])
    assert body[:, SOLES, 1].min(axis=1) == pytest.approx(STATURE_M * (SOLE_HEIGHT + np.array([0.0, 0.03, 0.0])))
    width_m = body[:, LANDMARK_INDEX["right_ankle"], 2] - body[:, LANDMARK_INDEX["left_ankle"], 2]
    leg_m = STATURE_M * 0.491
    assert width_m[2] - width_m[0] == pytest.approx(2 * leg_m * np.sin(np.radians(20.0)), abs=0.03)
    for part in ("knee", "ankle"):  # to the right with the right leg, to the left with the left one
        assert body[2, LANDMARK_INDEX[f"right_{part}"], 2] > body[0, LANDMARK_INDEX[f"right_{part}"], 2]
        assert body[2, LANDMARK_INDEX[f"left_{part}"], 2] < body[0, LANDMARK_INDEX[f"left_{part}"], 2]


def test_kicks_go_right_then_left_and_stretch_the_knee():
    kicks = FrontKicks(reps=2, hip_deg=90.0)
    pose = kicks.pose(np.array([r.extreme_s for r in kicks.repetitions()]))
    thigh_deg = np.degrees(pose.hip - pose.trunk_lean[:, None])
    assert thigh_deg[:, 0] == pytest.approx([90.0, 0.0], abs=1e-9)
    assert np.degrees(pose.knee) == pytest.approx(np.array([[4.7, 0.0], [0.0, 4.7]]))


def test_the_standing_foot_stays_flat_while_the_other_kicks():
    body = landmarks_m(FrontKicks(reps=1), np.arange(0, 1, 0.01))
    for part in ("heel", "foot_index", "ankle"):
        path = body[:, LANDMARK_INDEX[f"left_{part}"]]
        assert np.ptp(path, axis=0) == pytest.approx([0, 0, 0], abs=1e-9)


def test_a_kick_is_fast_and_a_slow_squat_is_slow():
    def knee_speed_deg_s(name):
        truth = truth_of(paced_scenes()[name])
        knee_deg = np.array(truth["persons"][0]["angles_driver_deg"]["knee_flexion_r"])
        return np.abs(np.diff(knee_deg) / np.diff(truth["time_s"])).max()

    assert knee_speed_deg_s("fast_kicks") > 900
    assert knee_speed_deg_s("slow_squat") < 70


@pytest.mark.parametrize(
    ("name", "exercises", "fps"),
    [
        ("slow_squat", ["squat"], "30/1"),
        ("fast_jacks", ["jumping_jack"] * 4, "60/1"),
        ("fast_kicks", ["front_kick"] * 4, "60/1"),
    ],
)
def test_paced_scenes_list_their_repetitions(name, exercises, fps):
    truth = truth_of(paced_scenes()[name])
    assert truth["clip"]["fps"] == fps
    assert [r["exercise"] for r in truth["persons"][0]["repetitions"]] == exercises
    for limb in ("right_wrist", "left_wrist", "right_foot_index", "left_foot_index"):
        assert limb not in truth["persons"][0]["occluded"]  # all of the movement is in the picture

from dataclasses import replace

import numpy as np
import pytest

from synthetic.body import forward_kinematics
from synthetic.motions import ArmRaises, March, Squats, Stand, Tempo, perform, relaxed
from vidpose.types.skeleton import LANDMARK_INDEX

TIMES_S = np.arange(0, 10, 1 / 50)


def test_repetitions_follow_the_period():
    reps = Tempo(reps=3, period_s=2.0, out_share=0.4, hold_share=0.1, back_share=0.4).repetitions("squat")
    assert [r.number for r in reps] == [1, 2, 3]
    assert [r.start_s for r in reps] == pytest.approx([0.0, 2.0, 4.0])
    assert [r.extreme_s for r in reps] == pytest.approx([0.9, 2.9, 4.9])
    assert [r.end_s for r in reps] == pytest.approx([1.8, 3.8, 5.8])


def test_squat_reaches_its_depth_at_the_extreme_and_stands_at_both_ends():
    squats = Squats(tempo=Tempo(reps=2, period_s=2.0), depth_deg=90.0, depth_drift_deg=-10.0)
    first, second = squats.repetitions()
    times_s = np.array([first.start_s, first.extreme_s, first.end_s, second.extreme_s, second.end_s])
    knee_deg = np.degrees(squats.pose(times_s).knee)
    assert knee_deg[:, 0] == pytest.approx([0, 90, 0, 80, 0], abs=1e-9)
    assert knee_deg[:, 1] == pytest.approx(knee_deg[:, 0])


def test_squatting_feet_stay_flat_and_in_place():
    squats = Squats(tempo=Tempo(reps=2), asymmetry_deg=8.0, knee_valgus_deg=10.0)
    skeleton = forward_kinematics(squats.pose(np.arange(0, squats.duration_s, 0.02)), 1.75)
    for side in ("right", "left"):
        for part in ("ankle", "heel", "foot_index"):
            path = skeleton.landmarks_m[:, LANDMARK_INDEX[f"{side}_{part}"]]
            assert np.ptp(path[:, 0]) == pytest.approx(0.0, abs=1e-9)
            assert np.ptp(path[:, 1]) < 0.004  # the tilted pelvis shifts the hips sideways by millimetres
            assert np.ptp(path[:, 2]) < 0.012


def test_asymmetry_bends_the_left_knee_less():
    squats = Squats(depth_deg=90.0, asymmetry_deg=10.0)
    pose = squats.pose(np.array([squats.repetitions()[0].extreme_s]))
    assert np.degrees(pose.knee[0]) == pytest.approx([90.0, 80.0])
    assert pose.pelvis_roll[0] < 0  # the right hip is lower


def test_arm_raise_reaches_its_top_and_the_left_arm_stays_lower():
    raises = ArmRaises(top_deg=170.0, asymmetry_deg=20.0)
    pose = raises.pose(np.array([raises.repetitions()[1].extreme_s]))
    assert np.degrees(pose.shoulder[0]) == pytest.approx([170.0, 150.0])
    assert pose.shoulder_plane[0] == pytest.approx([0.0, 0.0])


@pytest.mark.parametrize("phase", [Stand(1.0), Squats(), ArmRaises(), March(), March(turn_deg=90.0)])
def test_every_phase_begins_and_ends_relaxed(phase):
    pose, calm = phase.pose(np.array([0.0, phase.duration_s])), relaxed(2)
    for name in ("hip", "knee", "ankle", "shoulder", "elbow", "trunk_lean", "pelvis_roll"):
        assert getattr(pose, name) == pytest.approx(getattr(calm, name), abs=1e-9)
    assert pose.heading == pytest.approx([0.0, phase.turn_rad])


def test_phases_join_in_time_and_heading():
    phases = (Stand(1.0), March(steps=2, step_s=0.5, turn_deg=90.0), ArmRaises(tempo=Tempo(reps=1, period_s=2.0)))
    performance = perform(phases, TIMES_S)
    heading_deg = np.degrees(performance.angles.heading)
    assert heading_deg[TIMES_S < 1.0] == pytest.approx(0.0)
    assert heading_deg[TIMES_S >= 2.0] == pytest.approx(90.0)
    assert performance.turning.tolist() == [1.0 <= t < 2.0 for t in TIMES_S]
    assert [r.start_s for r in performance.repetitions] == pytest.approx([2.0])
    assert np.abs(np.diff(performance.angles.shoulder, axis=0)).max() < np.radians(15.0)


def test_movement_does_not_depend_on_the_frame_rate():
    phases = (Stand(0.4), Squats(tempo=Tempo(reps=1)))
    fine, coarse = perform(phases, np.arange(0, 2, 1 / 60)), perform(phases, np.arange(0, 2, 1 / 30))
    assert fine.angles.knee[::2] == pytest.approx(coarse.angles.knee)


def test_march_lifts_right_then_left():
    march = March(steps=2, step_s=0.5, lift_deg=40.0)
    pose = march.pose(np.array([0.25, 0.75]))
    assert np.degrees(pose.hip) == pytest.approx(np.array([[40.0, 0.0], [0.0, 40.0]]))


def test_faults_leave_the_rest_alone():
    plain, caved = Squats().pose(TIMES_S), replace(Squats(), knee_valgus_deg=12.0).pose(TIMES_S)
    assert caved.knee == pytest.approx(plain.knee)
    assert np.degrees(caved.knee_valgus.max()) == pytest.approx(12.0)

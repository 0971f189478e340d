from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from synthetic import body
from synthetic.body import forward_kinematics, joined, straight, turned
from vidpose.types.skeleton import LANDMARK_INDEX, LANDMARK_NAMES, mirrored

STATURE_M = 2.0


def place(skeleton, name, frame=0):
    return skeleton.landmarks_m[frame, LANDMARK_INDEX[name]]


def with_both(pose, **degrees):
    return replace(pose, **{name: np.radians([[value, value]]) for name, value in degrees.items()})


def included_deg(a, b, c):
    u, v = a - b, c - b
    return np.degrees(np.arccos(u @ v / np.linalg.norm(u) / np.linalg.norm(v)))


def test_zero_pose_stands_upright_with_hanging_arms():
    skeleton = forward_kinematics(straight(1), STATURE_M)
    leg = np.sqrt((0.530 - 0.039) ** 2 - body.STANCE**2)  # the feet stand a little outside the hips
    hip, knee = place(skeleton, "right_hip"), place(skeleton, "right_knee")
    assert hip == pytest.approx([0.0, STATURE_M * (0.039 + leg), STATURE_M * body.HIP_HALF_WIDTH])
    assert np.linalg.norm(hip - knee) == pytest.approx(STATURE_M * 0.245)
    shoulder, wrist = place(skeleton, "left_shoulder"), place(skeleton, "left_wrist")
    assert wrist - shoulder == pytest.approx([0.0, -STATURE_M * (0.186 + 0.146), 0.0])
    assert place(skeleton, "right_heel")[1] == pytest.approx(STATURE_M * body.SOLE_HEIGHT)
    assert place(skeleton, "right_foot_index")[0] > 0 > place(skeleton, "right_heel")[0]
    assert place(skeleton, "nose")[0] > place(skeleton, "right_ear")[0]


def test_right_side_is_nearer_when_facing_the_images_right():
    skeleton = forward_kinematics(straight(1), STATURE_M)
    assert place(skeleton, "right_hip")[2] > 0 > place(skeleton, "left_hip")[2]


def test_facing_the_camera_puts_the_right_hand_on_the_images_left():
    skeleton = forward_kinematics(turned(straight(1), np.pi / 2), STATURE_M)
    assert place(skeleton, "right_wrist")[0] < 0 < place(skeleton, "left_wrist")[0]
    assert place(skeleton, "nose")[2] > place(skeleton, "left_ear")[2]


def test_right_angled_knee_and_hip():
    pose = with_both(straight(1), hip=90.0, knee=90.0)
    skeleton = forward_kinematics(pose, STATURE_M)
    hip, knee, ankle = (place(skeleton, f"right_{part}") for part in ("hip", "knee", "ankle"))
    assert knee - hip == pytest.approx([STATURE_M * 0.245, 0.0, 0.0], abs=1e-9)
    assert np.linalg.norm(ankle - knee) == pytest.approx(STATURE_M * 0.246)
    assert included_deg(hip, knee, ankle) == pytest.approx(90.0)


@pytest.mark.parametrize(("plane_deg", "axis", "sign"), [(0.0, 2, 1.0), (90.0, 0, 1.0)])
def test_arm_raised_to_the_horizontal(plane_deg, axis, sign):
    pose = with_both(straight(1), shoulder=90.0, shoulder_plane=plane_deg)
    skeleton = forward_kinematics(pose, STATURE_M)
    expected = np.zeros(3)
    expected[axis] = sign * STATURE_M * (0.186 + 0.146)
    assert place(skeleton, "right_wrist") - place(skeleton, "right_shoulder") == pytest.approx(expected, abs=1e-9)


def test_bent_elbow_brings_the_forearm_forward():
    skeleton = forward_kinematics(with_both(straight(1), elbow=90.0), STATURE_M)
    fore = place(skeleton, "left_wrist") - place(skeleton, "left_elbow")
    assert fore == pytest.approx([STATURE_M * 0.146, 0.0, 0.0], abs=1e-9)


def test_trunk_lean_moves_the_shoulders_over_the_hips():
    lean = np.radians([30.0])
    pose = replace(with_both(straight(1), hip=30.0), trunk_lean=lean)  # the thigh stays vertical
    skeleton = forward_kinematics(pose, STATURE_M)
    trunk = place(skeleton, "right_shoulder") - place(skeleton, "right_hip")
    assert trunk[:2] == pytest.approx(STATURE_M * 0.288 * np.array([0.5, np.sqrt(3) / 2]))


def test_valgus_moves_both_knees_inwards_and_leaves_feet_and_flexion_alone():
    bent = with_both(straight(1), hip=60.0, knee=80.0, ankle=20.0)
    plain = forward_kinematics(bent, STATURE_M)
    caved = forward_kinematics(with_both(bent, knee_valgus=15.0), STATURE_M)
    for side, outward in (("right", 1.0), ("left", -1.0)):
        assert outward * (place(caved, f"{side}_knee") - place(plain, f"{side}_knee"))[2] < -0.01
        assert place(caved, f"{side}_ankle") == pytest.approx(place(plain, f"{side}_ankle"))
        hip, knee, ankle = (place(caved, f"{side}_{part}") for part in ("hip", "knee", "ankle"))
        assert 180.0 - included_deg(hip, knee, ankle) == pytest.approx(80.0)


angles_deg = st.floats(-20.0, 140.0)


@given(knee=angles_deg, hip=angles_deg, shoulder=angles_deg, heading=st.floats(-3.0, 3.0), lean=st.floats(-0.5, 1.0))
def test_limbs_keep_their_lengths_and_the_lower_foot_stands_on_the_floor(knee, hip, shoulder, heading, lean):
    pose = with_both(straight(1), knee=knee, hip=hip, shoulder=shoulder)
    pose = turned(replace(pose, trunk_lean=np.array([lean])), heading)
    skeleton = forward_kinematics(pose, STATURE_M)
    lengths = {
        ("hip", "knee"): 0.245,
        ("knee", "ankle"): 0.246,
        ("shoulder", "elbow"): 0.186,
        ("elbow", "wrist"): 0.146,
    }
    for (first, second), share in lengths.items():
        for side in body.SIDES:
            length = np.linalg.norm(place(skeleton, f"{side}_{first}") - place(skeleton, f"{side}_{second}"))
            assert length == pytest.approx(STATURE_M * share)
    soles = [place(skeleton, f"{side}_{end}")[1] for side in body.SIDES for end in ("heel", "foot_index")]
    assert min(soles) == pytest.approx(STATURE_M * body.SOLE_HEIGHT)


def test_a_symmetric_pose_is_symmetric():
    skeleton = forward_kinematics(with_both(straight(1), hip=50.0, knee=70.0, shoulder=40.0), STATURE_M)
    for name in LANDMARK_NAMES:
        assert place(skeleton, name) == pytest.approx(place(skeleton, mirrored(name)) * [1, 1, -1], abs=1e-9)


def test_joined_keeps_the_order():
    both = joined([straight(2), turned(straight(1), 1.0)])
    assert both.heading.tolist() == [0.0, 0.0, 1.0]


def test_wrong_shape_is_refused():
    with pytest.raises(ValueError, match="knee: expected shape"):
        replace(straight(2), knee=np.zeros((3, 2)))

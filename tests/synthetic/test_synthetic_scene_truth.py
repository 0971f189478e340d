import json
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from synthetic.clip import truth_bytes
from synthetic.motions import ArmRaises, Squats, Stand, Tempo
from synthetic.occlusion import occluded_landmarks
from synthetic.sample import Variant, build_scene, sample_scene
from synthetic.scene import Actor, Camera, Occluder, Scene, project
from synthetic.truth import ANGLE_IDS, actor_truth, frame_spans, image_angles_deg, truth_of, views
from vidpose.errors import UsageError
from vidpose.types.skeleton import LANDMARK_INDEX, LANDMARK_NAMES, N_LANDMARKS

ORTHOGRAPHIC = Camera(projection="orthographic")
SQUATS = (Stand(0.2), Squats(tempo=Tempo(reps=2, period_s=1.5)), Stand(0.2))
RAISES = (Stand(0.2), ArmRaises(tempo=Tempo(reps=1, period_s=1.5)), Stand(0.2))


def drawn(**points):
    """One frame with the given landmarks (x right, y up) as pixels."""
    pixels = np.full((1, N_LANDMARKS, 2), np.nan)
    for name, (x, y) in points.items():
        pixels[0, LANDMARK_INDEX[name]] = (x, -y)
    return pixels


def test_projection_of_known_points():
    scene = Scene((Actor(SQUATS),), camera=Camera(distance_m=6.0, stature_share=0.7, floor_share=0.9))
    pixels, depth_m = project(scene, np.array([[0.0, 0.0, 0.0], [0.0, 1.75, 0.0], [1.0, 1.05, 3.0]]))
    assert pixels[0] == pytest.approx([640.0, 648.0])
    assert pixels[1] == pytest.approx([640.0, 648.0 - 0.7 * 720])
    horizon_px = 648.0 - 0.7 * 720 * 1.05 / 1.75
    assert pixels[2] == pytest.approx([640.0 + 2 * 0.7 * 720 / 1.75, horizon_px])
    assert depth_m.tolist() == [6.0, 6.0, 3.0]


def test_side_view_of_a_hand_made_squat():
    # thigh horizontal forward, shank vertical, trunk upright, arm forward, forearm up, sole flat; faces right
    pixels = drawn(
        right_hip=(0, 0), left_hip=(0, 0), right_shoulder=(0, 50), left_shoulder=(0, 50),
        right_knee=(40, 0), right_ankle=(40, -40), right_heel=(38, -45), right_foot_index=(52, -45),
        right_elbow=(30, 50), right_wrist=(30, 75),
    )  # fmt: skip
    angles = image_angles_deg(pixels, np.array([0.0]))
    assert angles["knee_flexion_r"] == pytest.approx([90.0])
    assert angles["hip_flexion_r"] == pytest.approx([90.0])
    assert angles["shoulder_flexion_r"] == pytest.approx([90.0])
    assert angles["elbow_flexion_r"] == pytest.approx([90.0])
    assert angles["ankle_dorsiflexion_r"] == pytest.approx([0.0])
    assert np.isnan(angles["knee_flexion_l"]).all()
    mirrored = image_angles_deg(pixels * [-1, 1], np.array([180.0]))
    for name in ANGLE_IDS:
        assert mirrored[name] == pytest.approx(angles[name], nan_ok=True)


def test_arms_raised_sideways_count_positive_from_the_front_and_from_behind():
    front = drawn(
        right_hip=(-5, 0), left_hip=(5, 0), right_shoulder=(-8, 50), left_shoulder=(8, 50),
        right_elbow=(-38, 80), left_elbow=(38, 50), right_wrist=(-68, 110), left_wrist=(68, 50),
    )  # fmt: skip
    angles = image_angles_deg(front, np.array([90.0]))
    assert angles["shoulder_flexion_r"] == pytest.approx([135.0])
    assert angles["shoulder_flexion_l"] == pytest.approx([90.0])
    behind = image_angles_deg(front * [-1, 1], np.array([-90.0]))
    assert behind["shoulder_flexion_r"] == pytest.approx([135.0])


@pytest.mark.parametrize("facing_deg", [0.0, 180.0])
def test_image_angles_equal_the_drivers_in_the_plane_of_motion(facing_deg):
    scene = Scene((Actor(SQUATS, facing_deg=facing_deg),), camera=ORTHOGRAPHIC)
    truth = actor_truth(scene, scene.actors[0])
    for joint in ("knee_flexion", "hip_flexion", "ankle_dorsiflexion"):
        for side in "rl":
            name = f"{joint}_{side}"
            # the legs splay by a degree and the toes turn out a little
            assert truth.image_deg[name] == pytest.approx(truth.driver_deg[name], abs=0.15)
    assert truth.driver_deg["knee_flexion_r"].max() > 95.0


def test_raised_arms_equal_the_drivers_from_the_front():
    scene = Scene((Actor(RAISES, facing_deg=90.0),), camera=ORTHOGRAPHIC)
    truth = actor_truth(scene, scene.actors[0])
    for name in ("shoulder_flexion_r", "shoulder_flexion_l"):
        assert truth.image_deg[name] == pytest.approx(truth.driver_deg[name], abs=1e-6)
    assert truth.image_deg["shoulder_flexion_r"].max() == pytest.approx(168.0, abs=0.5)


def test_camera_yaw_is_a_turn_of_everybody():
    turned_camera = Scene((Actor(SQUATS),), camera=Camera(yaw_deg=35.0))
    turned_actor = Scene((Actor(SQUATS, facing_deg=35.0),))
    pixels = [actor_truth(scene, scene.actors[0]).landmarks_px for scene in (turned_camera, turned_actor)]
    assert pixels[0] == pytest.approx(pixels[1])


def test_distance_and_size_leave_orthographic_angles_alone():
    scenes = [
        Scene((Actor(SQUATS),), camera=replace(ORTHOGRAPHIC, distance_m=d), width_px=w, height_px=h)
        for d, w, h in ((4.0, 640, 480), (9.0, 720, 1280))
    ]
    first, second = (actor_truth(scene, scene.actors[0]).image_deg for scene in scenes)
    for name in ANGLE_IDS:
        assert first[name] == pytest.approx(second[name], abs=1e-6)


def test_views_are_named_by_heading():
    heading_deg = np.array([0.0, 15.0, 45.0, 90.0, -178.0, -90.0, 90.0])
    turning = np.array([False] * 6 + [True])
    assert views(heading_deg, turning) == ["side", "side", "oblique", "front", "side", "back", "turn"]


def test_frame_spans():
    assert frame_spans(np.array([True, False, True, True])) == [[0, 1], [2, 4]]
    assert frame_spans(np.zeros(3, bool)) == []


def test_occluder_hides_what_is_behind_it():
    scene = Scene((Actor(SQUATS),), occluders=(Occluder(left=0.0, right=1.0, top=0.0, bottom=0.5),))
    pixels = actor_truth(scene, scene.actors[0]).landmarks_px
    hidden = occluded_landmarks(scene)[0]
    assert (hidden == (pixels[..., 1] < 360)).all()
    assert hidden.any()
    assert not hidden.all()


def test_nearer_person_hides_the_farther_one_only():
    scene = Scene((Actor(SQUATS, z_m=-0.8), Actor(SQUATS, z_m=0.8)), camera=ORTHOGRAPHIC)
    far, near = occluded_landmarks(scene)
    assert far[:, LANDMARK_INDEX["right_hip"]].all()
    assert not near.any()


def test_landmarks_outside_the_picture_are_hidden():
    scene = Scene((Actor(SQUATS, x_m=30.0),))
    assert occluded_landmarks(scene)[0].all()


def test_truth_document_is_complete_and_plain():
    scene = Scene((Actor(SQUATS), Actor(RAISES, x_m=1.2)), fps=Fraction(30000, 1001))
    document = json.loads(truth_bytes(truth_of(scene)))
    assert document["clip"]["fps"] == "30000/1001"
    n = document["clip"]["n_frames"]
    assert document["time_s"] == pytest.approx(np.arange(n) * 1001 / 30000, abs=1e-6)
    assert len(document["persons"]) == 2
    for person in document["persons"]:
        assert set(person["landmarks_px"]) == set(LANDMARK_NAMES)
        assert np.shape([person["landmarks_px"][name] for name in LANDMARK_NAMES]) == (33, 2, n)
        assert set(person["angles_driver_deg"]) == set(person["angles_image_deg"]) == set(ANGLE_IDS)
        assert all(len(values) == n for values in person["angles_image_deg"].values())
        assert len(person["view"]) == n
    squats, raises = (person["repetitions"] for person in document["persons"])
    assert [r["exercise"] for r in squats + raises] == ["squat", "squat", "arm_raise"]
    assert squats[0]["start_s"] == pytest.approx(0.2)
    assert squats[0]["peak_driver_deg"]["knee_flexion_r"] == pytest.approx(100.0, abs=0.2)
    assert document["parameters"]["actors"][0]["phases"][1]["kind"] == "Squats"


def test_cut_off_repetition_is_not_listed():
    scene = Scene((Actor(SQUATS),), duration_s=2.0)
    assert [r["number"] for r in truth_of(scene)["persons"][0]["repetitions"]] == [1]


def test_sample_scene_has_six_squats_then_four_raises():
    person = truth_of(sample_scene())["persons"][0]
    assert [r["exercise"] for r in person["repetitions"]] == ["squat"] * 6 + ["arm_raise"] * 4
    assert {"side", "turn", "front"} <= set(person["view"])
    assert person["view"][0] == "side"
    assert person["view"][-1] == "front"


def test_variants():
    assert len(build_scene(Variant(people=3)).actors) == 3
    slow, fast = (build_scene(Variant(motion="squats", speed=speed)).n_frames for speed in (1.0, 2.0))
    assert fast < slow
    assert build_scene(Variant(occlude=True)).occluders


def test_bad_scenes_are_refused_together():
    with pytest.raises(UsageError, match="at least one actor; width and height must be even"):
        Scene((), width_px=641)
    with pytest.raises(UsageError, match="speed above 0"):
        build_scene(Variant(speed=0.0))

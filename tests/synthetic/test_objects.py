"""Things before a person: drawn where they are said to be, and known to hide what lies behind them."""

import numpy as np

from synthetic.drills import Deadlifts
from synthetic.motions import Stand, Tempo
from synthetic.objects import bench, faces_of
from synthetic.occlusion import occluded_landmarks
from synthetic.render import draw_frame, set_up
from synthetic.scene import Actor, Board, Camera, Plate, Scene
from synthetic.truth import truth_of
from vidpose.types.skeleton import LANDMARK_INDEX

ANKLE, SHOULDER = LANDMARK_INDEX["right_ankle"], LANDMARK_INDEX["right_shoulder"]
LIFT = (Deadlifts(Tempo(1, 2.0)),)


def scene(*things, phases=LIFT, yaw_deg=0.0):
    return Scene((Actor(phases),), camera=Camera(yaw_deg=yaw_deg), things=things, width_px=320, height_px=240)


def test_a_carried_plate_hides_the_ankle_at_the_bottom_and_not_while_standing():
    lift = scene(Plate(-0.06, -0.1, 0.25, carried_by="right_wrist"))
    hidden = occluded_landmarks(lift)[0]
    assert not hidden[0, ANKLE]
    assert hidden[27, ANKLE]
    assert not hidden[:, SHOULDER].any()
    lowest = max(face.corners_px[:, :, 1].max() for face in faces_of(lift)[0])
    assert lowest <= faces_of(scene(Plate(0.0, 0.225, 0.25)))[0][0].corners_px[:, :, 1].max() + 8  # on the floor


def test_things_are_drawn_over_the_person_in_their_colour():
    board = Board(-0.3, 0.3, 0.0, 0.4, 0.3, (10, 200, 30))
    behind = scene(board, *bench(1.0), phases=(Stand(0.1),), yaw_deg=20.0)
    picture = draw_frame(set_up(behind), 0)
    centre = faces_of(behind)[0][0].corners_px[0].mean(axis=0).round().astype(int)
    assert tuple(picture[centre[1], centre[0]]) == (10, 200, 30)
    assert occluded_landmarks(behind)[0][:, ANKLE].all()
    assert truth_of(behind)["parameters"]["things"][0]["top_m"] == 0.4
    assert "things" not in truth_of(scene(phases=(Stand(0.1),)))["parameters"]


def test_in_a_deadlift_knees_and_trunk_bend_as_told_and_the_arms_hang():
    truth = truth_of(scene())["persons"][0]
    angles = truth["angles_image_deg"]
    assert abs(max(angles["knee_flexion_r"]) - 76.0) < 1.5
    x, y = (np.array(truth["landmarks_px"][f"right_{name}"]) for name in ("shoulder", "wrist"))
    lowest = int(np.argmax(y[1]))
    lean_deg = np.rad2deg(np.arctan2(y[0][lowest] - x[0][lowest], y[1][lowest] - x[1][lowest]))
    assert abs(lean_deg) < 12.0
    assert [one["exercise"] for one in truth["repetitions"]] == ["deadlift"]

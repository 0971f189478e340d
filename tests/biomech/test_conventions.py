from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from biomech_bodies import SQUAT, STANDING, Pose, degrees, states, still

from vidpose.biomech.analysis import AnalysisSettings, analyse
from vidpose.biomech.angles import wrap
from vidpose.biomech.conventions import ANGLE_BY_ID, ANGLES
from vidpose.biomech.conventions_doc import markdown
from vidpose.types.motion import AngleStatus

EXACT_DEG = 0.01
PAGE = Path(__file__).parents[2] / "docs" / "angles.md"


@cache
def analysed(pose):
    return analyse(still(pose, 12), AnalysisSettings())


def angle(pose, angle_id):
    return degrees(analysed(pose), angle_id)


def test_the_table_has_12_joint_14_body_segment_and_10_included_angles():
    kinds = [row.kind for row in ANGLES]
    assert (kinds.count("joint_2d"), kinds.count("body_segment_2d"), kinds.count("included_3d")) == (12, 14, 10)
    assert len(ANGLE_BY_ID) == len(ANGLES)
    assert all(row.source and row.zero and row.positive and row.plane and row.views for row in ANGLES)


def test_every_row_is_the_mirror_image_of_the_other_side():
    for row in ANGLES:
        if row.side == "right":
            left = ANGLE_BY_ID[row.id[:-2] + "_l"]
            assert left.points == tuple(name.replace("right_", "left_") for name in row.points)
            assert (left.offset_deg, left.scale, left.lower_deg) == (row.offset_deg, row.scale, row.lower_deg)


def test_the_page_is_what_the_table_says():
    assert PAGE.read_text(encoding="utf-8") == markdown(), "run python -m vidpose.biomech.conventions_doc"


@pytest.mark.parametrize("row", ANGLES, ids=lambda row: row.id)
def test_standing_upright_facing_right(row):
    # 60 degrees off the front: facing right, and hips and shoulders still have a width in the image
    values = angle(Pose(yaw=60.0), row.id)
    tolerance = 1.0 if row.id.startswith("ankle_included") else EXACT_DEG  # its value depends on the foot's build
    assert np.all(np.abs(values - row.standing_deg) <= tolerance), values[0]


SQUAT_DEG = {
    "knee_flexion": 93.0,
    "hip_flexion": 120.8,
    "ankle_dorsiflexion": 3.0,
    "thigh": 0.0,
    "shank": -93.0,
    "foot": 0.0,
    "knee_included_3d": 87.0,
    "hip_included_3d": 59.2,
}


@pytest.mark.parametrize("yaw", [90.0, -90.0], ids=["right", "left"])
@pytest.mark.parametrize("side", ["r", "l"])
@pytest.mark.parametrize(("name", "expected"), SQUAT_DEG.items())
def test_squat(name, expected, side, yaw):
    assert angle(replace(SQUAT, yaw=yaw), f"{name}_{side}") == pytest.approx(expected, abs=EXACT_DEG)


@pytest.mark.parametrize("yaw", [90.0, -90.0], ids=["right", "left"])
@pytest.mark.parametrize("side", ["r", "l"])
@pytest.mark.parametrize(
    ("pose", "name", "expected"),
    [
        (Pose(arm=0.0), "shoulder_flexion", 90.0),
        (Pose(arm=90.0, forearm=90.0, hand=90.0), "shoulder_flexion", 180.0),
        (Pose(arm=100.0, forearm=100.0, hand=100.0), "shoulder_flexion", 190.0),
        (Pose(arm=-130.0), "shoulder_flexion", -40.0),
        (Pose(forearm=20.0, hand=20.0), "elbow_flexion", 110.0),
        (Pose(hand=-60.0), "wrist_flexion", 30.0),
        (Pose(shank=-105.0), "ankle_dorsiflexion", 15.0),
        (Pose(shank=-105.0), "shank", -105.0),
        (Pose(foot=-90.0), "ankle_dorsiflexion", -90.0),
        (Pose(shank=-180.0), "knee_flexion", 90.0),
        (Pose(thigh=-110.0, shank=-110.0), "hip_flexion", -20.0),
        (Pose(forearm=20.0, hand=20.0), "elbow_included_3d", 70.0),
        (Pose(arm=0.0), "shoulder_included_3d", 90.0),
    ],
)
@pytest.mark.thorough
def test_one_joint_moved(pose, name, expected, side, yaw):
    assert angle(replace(pose, yaw=yaw), f"{name}_{side}") == pytest.approx(expected, abs=EXACT_DEG)


@pytest.mark.parametrize("yaw", [0.0, 180.0], ids=["front", "back"])
@pytest.mark.parametrize("elevation", [30.0, 90.0, 150.0])
@pytest.mark.thorough
def test_arms_raised_sideways_are_positive_on_both_sides(yaw, elevation):
    pose = replace(STANDING, abduction=elevation, yaw=yaw)
    for side in "rl":
        assert angle(pose, f"shoulder_flexion_{side}") == pytest.approx(elevation, abs=EXACT_DEG)
        assert angle(pose, f"arm_{side}") == pytest.approx(elevation - 90.0, abs=EXACT_DEG)


@pytest.mark.parametrize("yaw", [0.0, 180.0], ids=["front", "back"])
@pytest.mark.thorough
def test_side_view_angles_are_withheld_in_front_and_back_views(yaw):
    result = analyse(still(Pose(yaw=yaw)), AnalysisSettings())
    for name in ("knee_flexion_r", "hip_flexion_l", "ankle_dorsiflexion_r", "wrist_flexion_l", "foot_r"):
        assert np.all(states(result, name) == AngleStatus.WITHHELD_VIEW)
        assert np.all(np.isnan(degrees(result, name)))
    for name in ("shoulder_flexion_r", "elbow_flexion_l", "trunk", "pelvis", "shank_l", "knee_included_3d_r"):
        assert np.all(states(result, name) == AngleStatus.MEASURED)


@pytest.mark.thorough
def test_a_body_segment_that_points_at_the_camera_is_withheld():
    result = analyse(still(Pose(yaw=0.0, thigh=-5.0)), AnalysisSettings())
    assert np.all(states(result, "thigh_r") == AngleStatus.WITHHELD_SHORT)
    assert np.all(states(result, "shank_r") == AngleStatus.MEASURED)
    assert np.all(states(analyse(still(), AnalysisSettings()), "pelvis") == AngleStatus.WITHHELD_SHORT)


def test_wrap_keeps_the_upper_border_and_nan():
    values = np.deg2rad([180.0, -180.0, 190.0, np.nan, 0.0])
    assert np.rad2deg(wrap(values, -np.pi, 2 * np.pi)) == pytest.approx([180, 180, -170, np.nan, 0], nan_ok=True)
    assert np.rad2deg(wrap(values, -np.pi / 2, 2 * np.pi)) == pytest.approx([180, 180, 190, np.nan, 0], nan_ok=True)


def test_what_no_joint_does_is_withheld():
    from vidpose.biomech.angles import _is_possible

    values = np.deg2rad([-31.0, -29.0, 179.0, 181.0, np.nan])
    side, front = np.ones(5, dtype=bool), np.zeros(5, dtype=bool)
    elbow = ANGLE_BY_ID["elbow_flexion_r"]
    assert _is_possible(elbow, values, side).tolist() == [False, True, True, False, False]
    assert _is_possible(elbow, values, front).tolist() == [True, True, True, False, False]
    assert _is_possible(ANGLE_BY_ID["shank_r"], values, side).all()
    bent_backwards = analyse(still(Pose(shank=-10.0)), AnalysisSettings())
    assert np.all(states(bent_backwards, "knee_flexion_r") == AngleStatus.WITHHELD_IMPOSSIBLE)
    assert np.all(np.isfinite(degrees(bent_backwards, "shank_r")))

"""Which angles are supported: by view, agreement, visibility, side."""

from dataclasses import replace

import numpy as np
import pytest
from biomech_bodies import SQUAT, STANDING, absent, make_track, squats, still, track_of
from examples import few_examples
from hypothesis import given
from hypothesis import strategies as st
from validity_bodies import body_of, no_world

from vidpose.biomech.conventions import ANGLE_IDS, ANGLES
from vidpose.biomech.validity.angle_estimates import REFINED, ErrorSettings, estimate_joint_angle
from vidpose.biomech.validity.support import AngleSupportSettings, assess_support, doubtful_landmarks
from vidpose.biomech.validity.swaps import Swap
from vidpose.biomech.validity.windows import rolling_rms, window_frames
from vidpose.types.motion import Facing
from vidpose.types.skeleton import LANDMARK_INDEX

BENT = replace(STANDING, thigh=-30.0, shank=-130.0)
SAGITTAL = ("knee_flexion_r", "hip_flexion_r", "ankle_dorsiflexion_r", "thigh_r", "shank_r", "trunk")


def support_of(track, facing=Facing.RIGHT, doubtful=None, limits=None):
    inputs = body_of(track)
    n_frames = len(inputs.height_px)
    precision = np.zeros((n_frames, len(ANGLES)))
    return assess_support(inputs, np.full(n_frames, facing, dtype=np.uint8), precision, doubtful, limits)


def share(support, angle_id):
    return support.supported[:, ANGLE_IDS.index(angle_id)].mean()


@pytest.mark.parametrize("angle_id", SAGITTAL)
def test_a_side_view_supports_sagittal_angles(angle_id):
    assert share(support_of(track_of(squats(yaw=90.0))), angle_id) == 1.0


def test_nothing_but_the_floor_where_all_ways_agree():
    found = support_of(still(replace(SQUAT, yaw=90.0))).expected_error_rad[:, ANGLE_IDS.index("knee_flexion_r")]
    assert np.rad2deg(found) == pytest.approx(4.0, abs=1.0)


def test_an_oblique_squat_is_withheld_in_the_picture():
    found = support_of(still(replace(BENT, yaw=40.0)))
    assert share(found, "knee_flexion_r") == 0.0
    assert share(found, "thigh_r") == 0.0


def test_frontal_lines_belong_to_the_front_view():
    side, front = (
        support_of(still(replace(STANDING, yaw=yaw)), facing)
        for yaw, facing in ((40.0, Facing.RIGHT), (0.0, Facing.FRONT))
    )
    errors = [found.expected_error_rad[:, ANGLE_IDS.index("shoulders")].mean() for found in (side, front)]
    assert errors[0] > errors[1] == pytest.approx(np.deg2rad(4.0), abs=0.02)


def test_hidden_landmarks_are_withheld():
    track = still()
    visibility = track.visibility.copy()
    visibility[:, [LANDMARK_INDEX["right_elbow"], LANDMARK_INDEX["right_knee"]]] = 0.4
    found = support_of(make_track(track.image_px, track.timestamps_s, track.world_m, visibility))
    assert share(found, "elbow_flexion_r") == 0.0
    assert share(found, "elbow_flexion_l") == 1.0
    sides = [found.expected_error_rad[:, ANGLE_IDS.index(f"knee_flexion_{side}")] for side in "rl"]
    assert (
        sides[0] > sides[1] + np.deg2rad(2)
    ).all()  # the far leg of every side view is hidden: doubted, not withheld


@pytest.mark.parametrize(("yaw", "sine"), [(90.0, 0.0), (40.0, np.cos(np.deg2rad(40)))])
def test_a_bent_leg_out_of_the_side_view_is_doubted(yaw, sine):
    straight, bent = (body_of(still(replace(pose, yaw=yaw))) for pose in (STANDING, BENT))
    believed = ErrorSettings(bent_share=0.0)
    row = ANGLES[ANGLE_IDS.index("knee_included_3d_r")]
    added = [
        np.sqrt(
            estimate_joint_angle(row, inputs, ErrorSettings()).expected_rad ** 2
            - estimate_joint_angle(row, inputs, believed).expected_rad ** 2
        )
        for inputs in (straight, bent)
    ]
    assert np.nanmax(added[0]) < np.deg2rad(1)
    assert added[1][REFINED] == pytest.approx(0.2 * np.deg2rad(100) * sine, abs=np.deg2rad(1.5))


def test_world_landmarks_that_contradict_the_picture_raise_the_error():
    track = still()
    world_m = track.world_m.copy()
    world_m[:, LANDMARK_INDEX["right_ankle"], 2] += 0.3
    wrong = support_of(make_track(track.image_px, track.timestamps_s, world_m, track.visibility))
    column = ANGLE_IDS.index("knee_included_3d_r")
    assert (
        wrong.expected_error_rad[:, column] > support_of(track).expected_error_rad[:, column] + np.deg2rad(10)
    ).all()
    assert not wrong.supported[:, column].any()


def test_without_a_view_only_world_angles_stand():
    inputs = body_of(still())
    inputs = replace(inputs, view=np.full_like(inputs.view, np.nan))
    found = assess_support(
        inputs, np.zeros(40, dtype=np.uint8), np.zeros((40, len(ANGLES))), settings=AngleSupportSettings(1.0, 1.0)
    )
    for row, column in zip(ANGLES, found.supported.T, strict=True):
        assert column.all() == (row.kind == "included_3d"), row.id


def test_without_world_landmarks_short_lines_are_withheld():
    stands, points = (
        support_of(make_track(*no_world(still(replace(pose, yaw=yaw)))))
        for pose, yaw in ((STANDING, 90.0), (BENT, 40.0))
    )
    assert share(stands, "knee_flexion_r") == 1.0
    assert share(points, "knee_flexion_r") == 0.0
    assert np.isnan(stands.expected_error_rad[:, ANGLE_IDS.index("knee_included_3d_r")]).all()


def test_exchanged_sides_are_withheld():
    doubtful = doubtful_landmarks([Swap("legs", 10, 20, 5.0)], 40)
    found = support_of(still(), doubtful=doubtful)
    knee = found.supported[:, ANGLE_IDS.index("knee_flexion_r")]
    assert not knee[10:20].any()
    assert knee[:10].all() and knee[20:].all()
    assert share(found, "elbow_flexion_r") == 1.0


@pytest.mark.parametrize("rate_hz", [5.0, 30.0, 240.0])
def test_any_frame_rate(rate_hz):
    assert share(support_of(still(rate_hz=rate_hz)), "knee_flexion_r") == 1.0


@pytest.mark.parametrize(
    "track", [still(n_frames=0), still(n_frames=1), absent(still(), slice(None))], ids=["none", "one", "nobody"]
)
def test_hardly_anything_to_see(track):
    found = support_of(track)
    assert found.supported.shape == (track.n_frames, len(ANGLES))
    assert not found.supported[np.isnan(found.expected_error_rad)].any()


def test_who_leaves_and_returns():
    found = support_of(absent(still(n_frames=90), slice(30, 60)))
    knee = found.supported[:, ANGLE_IDS.index("knee_flexion_r")]
    assert knee[:30].all() and not knee[30:60].any() and knee[60:].all()


@few_examples
@given(st.integers(0, 30), st.floats(0.0, 1.0), st.integers(0, 2**31))
def test_rolling_rms_is_what_it_says(n_frames, half_window_s, seed):
    rng = np.random.default_rng(seed)
    times = np.cumsum(rng.uniform(0.01, 0.1, n_frames))
    stretch = np.cumsum(rng.random(n_frames) < 0.2)
    values = np.where(rng.random((n_frames, 2)) < 0.2, np.nan, rng.normal(size=(n_frames, 2)))
    found = rolling_rms(values, window_frames(times, stretch, half_window_s))
    for k in range(n_frames):
        near = (np.abs(times - times[k]) <= half_window_s + 1e-6) & (stretch == stretch[k])
        for column in range(2):
            kept = values[near, column][np.isfinite(values[near, column])]
            expected = np.sqrt(np.mean(kept**2)) if len(kept) else np.nan
            assert found[k, column] == pytest.approx(expected, abs=1e-7, nan_ok=True)


@pytest.mark.parametrize(
    "wrong",
    [
        {"floor_rad": -1.0},
        {"bent_share": -0.1},
        {"hidden_leg_rad": -1.0},
        {"full_share": 0.0},
        {"max_turn_rad": 2.0},
        {"half_window_s": -1.0},
    ],
)
def test_error_settings_are_checked(wrong):
    with pytest.raises(ValueError, match="expected"):
        ErrorSettings(**wrong)


def test_support_settings_are_checked():
    with pytest.raises(ValueError, match="max_error_rad: expected"):
        AngleSupportSettings(0.0)

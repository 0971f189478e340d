import warnings
from dataclasses import replace

import numpy as np
import pytest
from biomech_bodies import (
    PX_PER_M,
    SQUAT,
    STANDING,
    STATURE_M,
    Pose,
    absent,
    degrees,
    make_track,
    mirrored_track,
    squats,
    states,
    still,
    track_of,
    without,
)
from examples import few_examples
from hypothesis import given
from hypothesis import strategies as st

from vidpose.biomech.analysis import AnalysisSettings, analyse
from vidpose.biomech.conventions import ANGLE_IDS, ANGLES
from vidpose.biomech.derivatives import angular_velocity
from vidpose.types.footage import Footage
from vidpose.types.motion import AngleStatus, Facing
from vidpose.types.pose import Status
from vidpose.types.skeleton import LANDMARK_INDEX

USUAL = AnalysisSettings()
IMAGE_ANGLES = [row.id for row in ANGLES if row.kind != "included_3d"]
JOINTS = [row.id for row in ANGLES if row.kind == "joint_2d"]


def odd(low, high, offset):
    """Angles whose differences do not lie on a limit of a joint, where rounding alone would decide."""
    return st.floats(low, high).map(lambda angle: angle + offset)


poses = st.builds(
    Pose,
    foot=odd(-30, 30, 0.213),
    shank=odd(-140, -70, 0.071),
    thigh=odd(-110, 20, 0.053),
    trunk=odd(40, 100, 0.029),
    arm=odd(-120, 60, 0.017),
    forearm=odd(-120, 60, 0.137),
    hand=odd(-120, 60, 0.311),
    yaw=st.sampled_from([90.0, -90.0]),
)


def codes(result):
    return [finding.code for finding in result.findings]


def same_angles(first, second, names, shift_deg=0.0):
    for name in names:
        turn = np.mod(degrees(second, name) - degrees(first, name) - shift_deg + 180.0, 360.0) - 180.0
        known = np.isfinite(turn)
        assert np.array_equal(states(first, name), states(second, name)), name
        assert np.all(np.abs(turn[known]) <= 0.02), name  # float32 pixels


@few_examples
@given(poses, st.floats(-5000, 5000), st.floats(-5000, 5000), st.floats(0.3, 4.0))
@pytest.mark.thorough
def test_moving_or_zooming_the_camera_leaves_all_angles_alone(pose, x_px, y_px, zoom):
    first = analyse(still(pose, 8), USUAL)
    second = analyse(still(pose, 8, shift_px=(x_px, y_px), zoom=PX_PER_M * zoom), USUAL)
    same_angles(first, second, ANGLE_IDS)


@few_examples
@given(poses)
def test_the_mirrored_picture_exchanges_the_sides_and_nothing_else(pose):
    bent = replace(pose, abduction=5.0)
    track = still(bent, 8)
    first, second = analyse(track, USUAL), analyse(mirrored_track(track), USUAL)
    assert {first.facing[0], second.facing[0]} == {Facing.RIGHT, Facing.LEFT}
    for name in ANGLE_IDS:
        other = {"r": name[:-1] + "l", "l": name[:-1] + "r"}.get(name[-1], name) if name[-2] == "_" else name
        assert degrees(second, other) == pytest.approx(degrees(first, name), abs=0.02, nan_ok=True)


@few_examples
@given(poses, st.floats(-80, 80))
@pytest.mark.thorough
def test_turning_the_picture_leaves_joints_alone_and_turns_body_segments(pose, roll_deg):
    track = still(pose, 8)
    angle = np.deg2rad(-roll_deg)  # anticlockwise in an image whose y points down
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    world_m = track.world_m.astype(float)
    world_m[:, :, :2] = world_m[:, :, :2] @ turn.T
    turned = make_track(track.image_px.astype(float) @ turn.T, track.timestamps_s, world_m)
    first, second = analyse(track, USUAL), analyse(turned, USUAL)
    assert np.array_equal(first.facing, second.facing)
    same_angles(first, second, [*JOINTS, "knee_included_3d_r"])
    sense = 1.0 if first.facing[0] == Facing.RIGHT else -1.0
    same_angles(first, second, ["shank_r", "thigh_l", "trunk", "arm_r", "foot_l"], shift_deg=sense * roll_deg)


HARD_CASES = {
    "no frames": track_of([]),
    "one frame": track_of([STANDING]),
    "two frames": track_of([STANDING, SQUAT]),
    "nobody": absent(still(), slice(None)),
    "one landmark never": without(still(), "left_ankle"),
    "5 frames per second": track_of(squats(rate_hz=5.0), rate_hz=5.0),
    "240 frames per second": track_of(squats(n_reps=1, rate_hz=240.0), rate_hz=240.0),
    "variable rate": track_of(squats(), times_s=np.cumsum(np.tile([0.02, 0.05, 0.033], 60))),
    "leaves and returns": absent(track_of(squats()), slice(60, 120)),
    "seen once": absent(still(), slice(1, None)),
    "no confidence": make_track(still().image_px, still().timestamps_s, visibility=np.zeros((40, 33))),
    "all damaged": make_track(still().image_px, still().timestamps_s, corrupt=np.ones(40, dtype=bool)),
    "all points in one place": make_track(np.zeros((40, 33, 2)), np.arange(40) / 30, np.zeros((40, 33, 3))),
}


@pytest.mark.parametrize("track", HARD_CASES.values(), ids=HARD_CASES.keys())
def test_hard_cases_are_survived_and_status_and_nan_agree(track):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        result = analyse(track, USUAL, height_m=1.8, footage=Footage(breaks=[0, 7, 10_000]))
    given = np.isin(result.angles.status, (AngleStatus.MEASURED, AngleStatus.IMPUTED))
    assert np.array_equal(np.isfinite(result.angles.values_rad), given)
    assert not np.any(np.isfinite(result.angles.velocity_rad_s) & ~given)
    known = np.isin(result.filtered.status, (Status.MEASURED, Status.IMPUTED))
    assert np.array_equal(np.isfinite(result.filtered.image_px).all(axis=2), known)
    assert np.array_equal(result.filtered.stretch >= 0, known.any(axis=1))
    assert len(result.summaries) == len(ANGLES)
    assert len(result.side_differences) == 11
    assert result.speed_bh_s.shape == (track.n_frames, 33)


def test_findings():
    assert codes(analyse(still(), USUAL)) == []
    assert codes(analyse(HARD_CASES["no frames"], USUAL)) == ["no_person"]
    assert codes(analyse(HARD_CASES["nobody"], USUAL)) == ["no_person"]
    assert codes(analyse(absent(still(), slice(15, None)), USUAL)) == ["person_rarely_found"]
    assert codes(analyse(HARD_CASES["one frame"], USUAL)) == ["single_frame"]
    assert codes(analyse(HARD_CASES["5 frames per second"], USUAL)) == ["low_frame_rate"]
    assert codes(analyse(still(Pose(yaw=0.0)), USUAL)) == ["view_frontal"]
    assert codes(analyse(still(Pose(yaw=-50.0)), USUAL)) == ["view_oblique"]
    assert codes(analyse(still(Pose(yaw=75.0)), USUAL)) == []
    assert codes(analyse(HARD_CASES["no confidence"], USUAL)) == ["person_rarely_found"]  # nothing of it is trusted


def test_a_single_frame_has_angles_and_no_velocities():
    result = analyse(HARD_CASES["one frame"], USUAL)
    assert degrees(result, "knee_flexion_r") == pytest.approx(0.0, abs=0.01)
    assert np.all(np.isnan(result.angles.velocity_rad_s))
    assert np.all(np.isnan(result.speed_bh_s))


def test_a_low_frame_rate_leaves_the_series_as_it_was():
    track = HARD_CASES["5 frames per second"]
    assert np.array_equal(analyse(track, USUAL).filtered.image_px, track.image_px.astype(float))


def test_a_landmark_that_is_never_seen_costs_its_own_angles_only():
    result = analyse(HARD_CASES["one landmark never"], USUAL)
    lost = {row.id for row in ANGLES if "left_ankle" in row.points}
    for name in ANGLE_IDS:
        assert np.all(states(result, name) == AngleStatus.MISSING) == (name in lost)


@pytest.mark.thorough
def test_imputed_and_rejected_reach_the_angle():
    track = without(still(), "right_knee", frames=slice(10, 13))
    result = analyse(track, USUAL)
    assert np.all(states(result, "knee_flexion_r")[10:13] == AngleStatus.IMPUTED)
    assert degrees(result, "knee_flexion_r")[10:13] == pytest.approx(0.0, abs=0.01)
    visibility = np.ones((40, 33))
    visibility[:, LANDMARK_INDEX["right_knee"]] = 0.1
    doubtful = analyse(make_track(track.image_px, track.timestamps_s, track.world_m, visibility), USUAL)
    assert np.all(states(doubtful, "hip_flexion_r")[:10] == AngleStatus.REJECTED)


def test_the_range_of_motion_survives_the_filter():
    result = analyse(track_of(squats()), USUAL)
    summary = {row.angle_id: row for row in result.summaries}["knee_flexion_r"]
    assert np.rad2deg(summary.max_rad) == pytest.approx(93.0, abs=1.0)
    assert np.rad2deg(summary.min_rad) == pytest.approx(0.0, abs=1.0)
    assert summary.range_rad == summary.max_rad - summary.min_rad
    assert (summary.value_share, summary.measured_share, summary.withheld) == (1.0, 1.0, {})


@pytest.mark.thorough
def test_summary_counts_what_is_missing_and_why():
    track = without(still(n_frames=50), "right_knee", frames=slice(10, 15))
    track = without(track, "right_knee", frames=slice(30, 50))
    summary = {row.angle_id: row for row in analyse(track, USUAL).summaries}["knee_flexion_r"]
    assert (summary.value_share, summary.measured_share, summary.withheld) == (0.6, 0.5, {"MISSING": 20})
    frontal = {row.angle_id: row for row in analyse(still(Pose(yaw=0.0)), USUAL).summaries}["knee_flexion_r"]
    assert frontal.withheld == {"WITHHELD_VIEW": 40}
    assert np.isnan(frontal.mean_rad)


def test_side_differences_are_right_minus_left_over_common_frames():
    right_bent = squats()
    track, upright = track_of(right_bent), track_of([STANDING] * len(right_bent))
    left = [index for name, index in LANDMARK_INDEX.items() if name.startswith("left")]
    image_px, world_m = track.image_px.copy(), track.world_m.copy()
    image_px[:, left], world_m[:, left] = upright.image_px[:, left], upright.world_m[:, left]
    mixed = without(make_track(image_px, track.timestamps_s, world_m), "left_knee", frames=slice(0, 60))
    result = analyse(mixed, USUAL)
    knee = {row.joint: row for row in result.side_differences}["knee_flexion"]
    both = slice(60, None)
    expected = degrees(result, "knee_flexion_r")[both] - degrees(result, "knee_flexion_l")[both]
    assert knee.n_frames == len(right_bent) - 60
    assert np.rad2deg(knee.mean_rad) == pytest.approx(np.mean(expected))
    assert np.rad2deg(knee.range_rad) == pytest.approx(93.0, abs=1.5)


def test_angular_velocity_of_a_known_movement():
    period_s = 2.0
    result = analyse(track_of(squats(period_s=period_s)), USUAL)
    velocity = np.rad2deg(result.angles.velocity_rad_s[:, ANGLE_IDS.index("knee_flexion_r")])
    # flexion = 93 x (0.5 - 0.5 cos(2 pi t / T)) has its fastest moment at T / 4
    assert velocity[15] == pytest.approx(93.0 * np.pi / period_s, rel=0.02)
    assert velocity[30] == pytest.approx(0.0, abs=2.0)


def test_velocity_passes_the_border_of_an_angle_s_range_without_a_spike():
    turn = [
        replace(STANDING, arm=float(angle), forearm=float(angle), hand=float(angle)) for angle in range(100, 220, 2)
    ]
    result = analyse(track_of(turn), USUAL)
    arm = degrees(result, "arm_r")
    assert arm.min() < -150
    assert arm.max() > 150
    velocity = np.rad2deg(result.angles.velocity_rad_s[:, ANGLE_IDS.index("arm_r")])
    assert velocity[10:-10] == pytest.approx(60.0, abs=1.0)


def test_a_change_of_view_is_no_movement():
    """A lean to one side changes its sign when the mirroring changes; nobody moved."""
    facing = np.repeat([Facing.RIGHT, Facing.LEFT], 20).astype(np.uint8)
    values = np.repeat([0.2, -0.2], 20)[:, None] * np.ones((1, len(ANGLES)))
    times, stretch = np.arange(40) / 30, np.zeros(40, dtype=np.int64)
    assert np.max(np.abs(angular_velocity(values, times, stretch, facing))) < 1e-9
    same_view = np.full(40, Facing.RIGHT, dtype=np.uint8)
    assert np.max(np.abs(angular_velocity(values, times, stretch, same_view))) > 1


@pytest.mark.parametrize("pose", [STANDING, SQUAT, Pose(trunk=0.0), Pose(yaw=60.0)])
@pytest.mark.parametrize("zoom", [100.0, 800.0])
@pytest.mark.thorough
def test_body_height_does_not_depend_on_the_pose(pose, zoom):
    result = analyse(still(pose, zoom=zoom), USUAL)
    assert result.body_height_px == pytest.approx(STATURE_M * zoom, rel=0.001)


@pytest.mark.thorough
def test_body_height_takes_the_leg_that_does_not_point_at_the_camera():
    track = still()
    image_px = track.image_px.copy()
    for name in ("left_knee", "left_ankle"):
        image_px[:, LANDMARK_INDEX[name]] = image_px[:, LANDMARK_INDEX["left_hip"]]
    result = analyse(make_track(image_px, track.timestamps_s, track.world_m), USUAL)
    assert result.body_height_px == pytest.approx(analyse(track, USUAL).body_height_px)


@pytest.mark.thorough
def test_speeds_in_body_heights_and_metres():
    track = still(n_frames=60)
    image_px = track.image_px.astype(float)
    image_px[:, :, 0] += (0.5 * STATURE_M * PX_PER_M * track.timestamps_s)[:, None]  # half a body height per second
    moving = make_track(image_px, track.timestamps_s, track.world_m)
    result = analyse(moving, USUAL, height_m=1.9)
    assert result.speed_bh_s == pytest.approx(np.full((60, 33), 0.5), rel=0.01)
    assert result.speed_m_s == pytest.approx(result.speed_bh_s * 1.9)
    assert analyse(moving, USUAL).speed_m_s is None


@pytest.mark.thorough
def test_the_same_input_gives_the_same_bytes():
    first, second = analyse(track_of(squats()), USUAL), analyse(track_of(squats()), USUAL)
    assert first.angles.values_rad.tobytes() == second.angles.values_rad.tobytes()
    assert first.filtered.image_px.tobytes() == second.filtered.image_px.tobytes()

"""The whole body's metrics: hand-made answers, gates, and agreement with the rows for every kind of input."""

import math
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from balance_recordings import (
    BACK,
    FRONT,
    LEFTWARD,
    agree,
    exact,
    flying,
    recording_of,
    standing_track,
    value_of,
)
from biomech_bodies import SQUAT, STANDING, STATURE_M, absent, make_track, squats, still, track_of, without
from examples import few_examples
from hypothesis import given
from hypothesis import strategies as st

from vidpose.biomech.balance.balance_context import BalanceSettings, find_context
from vidpose.biomech.balance.balance_metrics import METRIC_TWIN, METRICS
from vidpose.biomech.balance.base_of_support import BaseOfSupportSettings, base_of_support, extrapolated_centre
from vidpose.biomech.balance.centre_of_mass import centre_of_mass, weighted_place
from vidpose.biomech.balance.mass import landmark_weights
from vidpose.biomech.balance.measure_balance import measure_balance
from vidpose.biomech.balance.standing import StandingSettings, standing_still
from vidpose.biomech.scale.feet import ContactSettings, foot_contacts
from vidpose.types.skeleton import LANDMARK_INDEX

SETTINGS = BalanceSettings()


def measured(track, **options):
    return measure_balance(find_context(recording_of(track, **options), SETTINGS))


def moved(track, shift, *names):
    """Return the track with landmarks shifted by pixels."""
    image_px = track.image_px.astype(float)
    for name in names:
        image_px[:, LANDMARK_INDEX[name]] += shift
    return make_track(image_px, track.timestamps_s, track.world_m)


@cache
def inputs():
    rng = np.random.default_rng(1)
    uneven = np.cumsum(rng.uniform(0.01, 0.08, 120))
    coming_back = absent(still(STANDING, 150), slice(50, 90))
    image_px = coming_back.image_px.copy()
    image_px[90:] += 300.0
    return {
        "no frames": still(STANDING, 0),
        "one frame": still(STANDING, 1),
        "two frames": still(STANDING, 2),
        "nobody": absent(still(STANDING, 30), slice(None)),
        "5 fps": track_of(squats(2, rate_hz=5.0), rate_hz=5.0),
        "240 fps": track_of(squats(1, rate_hz=240.0), rate_hz=240.0),
        "variable rate": track_of([STANDING] * 120, times_s=uneven),
        "leaving and returning": replace(coming_back, image_px=image_px),
        "legs only": without(still(STANDING, 60), *(n for n in LANDMARK_INDEX if n.split("_")[-1] in
                             {"shoulder", "ear", "nose", "elbow", "wrist", "eye"})),
        "no feet": without(still(FRONT, 200), *(f"{s}_{n}" for s in ("left", "right") for n in ("heel", "foot_index"))),
        "no world": make_track(still(STANDING, 60).image_px, still(STANDING, 60).timestamps_s),
        "lying": track_of([replace(STANDING, trunk=0.0, thigh=180.0, shank=180.0, head=0.0)] * 60),
        "flight": flying(),
        "front": standing_track(FRONT),
        "side": standing_track(STANDING, sway_px=5.0),
    }  # fmt: skip


@pytest.mark.parametrize("name", list(inputs()))
def test_every_row_has_a_value_or_a_reason(name):
    height_m = 1.8 if len(name) % 2 else None
    agree(METRICS, measured(inputs()[name], height_m=height_m))


def test_ids_and_columns_are_unique_and_twins_differ_by_unit_only():
    assert len({row.id for row in METRICS}) == len(METRICS)
    by_id = {row.id: row for row in METRICS}
    for row in METRICS:
        assert row.needs_height == row.id.endswith(METRIC_TWIN)
        assert row.needs_height == (row.unit in {"m", "m/s"})
        if row.unit.startswith("body_heights"):
            assert (by_id[row.id + METRIC_TWIN].views, by_id[row.id + METRIC_TWIN].plane) == (row.views, row.plane)


@pytest.mark.thorough
def test_metres_are_body_heights_times_the_height_and_absent_without_it():
    with_height, without_height = measured(standing_track(), height_m=1.6), measured(standing_track(), height_m=None)
    com = value_of(with_height, "com_height")
    metric = value_of(with_height, "com_height_metric")
    assert (metric.value, metric.uncertainty) == pytest.approx((1.6 * com.value, 1.6 * com.uncertainty))
    assert value_of(without_height, "com_height_metric").reason == "no_height"
    assert value_of(without_height, "com_height").value == pytest.approx(com.value)


def test_the_standing_centre_of_mass_is_where_the_segments_put_it():
    made = exact(still(STANDING, 60))
    expected_px = made.filtered.image_px[0, :, 1].max()  # the soles
    com = value_of(measure_balance(find_context(made, SETTINGS)), "com_height")
    place = weighted_place(made.filtered.image_px[:1], "mean")[0, 1]
    assert com.value * made.body_height_px == pytest.approx(expected_px - place, abs=1e-6)
    assert 0.53 < com.value < 0.60
    assert com.n == 60


@pytest.mark.parametrize("pose", [STANDING, LEFTWARD])
@pytest.mark.thorough
def test_sway_of_a_sine_is_that_of_the_sine(pose):
    amplitude_px, hertz, seconds = 6.0, 0.25, 8.0
    recording = recording_of(standing_track(pose, seconds, sway_px=amplitude_px, sway_hz=hertz))
    values = measure_balance(find_context(recording, SETTINGS))
    # the feet and ankles stay: the mass that moves is all but theirs
    stays = [LANDMARK_INDEX[f"{s}_{n}"] for s in ("left", "right") for n in ("heel", "foot_index", "ankle")]
    amplitude = amplitude_px * (1 - landmark_weights("mean")[stays].sum()) / recording.body_height_px
    assert value_of(values, "sway_rms_ap").value == pytest.approx(amplitude / math.sqrt(2), rel=0.02)
    assert value_of(values, "sway_range_ap").value == pytest.approx(2 * amplitude, rel=0.02)
    assert value_of(values, "sway_path_ap").value == pytest.approx(4 * amplitude * hertz * seconds, rel=0.02)
    assert value_of(values, "sway_speed_ap").value == pytest.approx(4 * amplitude * hertz, rel=0.02)
    assert value_of(values, "sway_rms_ml").reason == "view"
    assert 0 < value_of(values, "sway_rms_ap").uncertainty < value_of(values, "sway_rms_ap").value


@pytest.mark.thorough
def test_sway_needs_time_stillness_and_more_than_noise():
    assert value_of(measured(standing_track(seconds=3.0, sway_px=6.0)), "sway_rms_ap").reason == "too_short"
    assert value_of(measured(track_of(squats(3))), "sway_rms_ap").reason == "not_static"
    assert value_of(measured(standing_track(sway_px=0.0)), "sway_rms_ap").reason == "below_noise"
    slow = measured(standing_track(sway_px=6.0, rate_hz=10.0))
    assert value_of(slow, "sway_rms_ap").reason == ""
    assert value_of(slow, "sway_path_ap").reason == "frame_rate"


@pytest.mark.thorough
def test_support_and_margin_of_a_body_at_rest():
    recording = exact(still(STANDING, 60))
    values = measure_balance(find_context(recording, SETTINGS))
    place = recording.filtered.image_px[0]
    heel, toe = place[LANDMARK_INDEX["left_heel"], 0], place[LANDMARK_INDEX["left_foot_index"], 0]
    com_x = weighted_place(place[None], "mean")[0, 0]
    height = recording.body_height_px
    assert value_of(values, "base_of_support_ap").value == pytest.approx((toe - heel) / height, abs=1e-6)
    expected = min(com_x - heel, toe - com_x) / height
    assert value_of(values, "margin_of_stability_ap").value == pytest.approx(expected, abs=1e-4)
    assert value_of(values, "base_of_support_ml").reason == "view"
    frontal = measured(standing_track(FRONT))
    assert value_of(frontal, "base_of_support_ml").value == pytest.approx(0.28 / STATURE_M, rel=0.02)
    assert value_of(frontal, "margin_of_stability_ml").value == pytest.approx(0.14 / STATURE_M, rel=0.02)


@pytest.mark.parametrize("pose", [FRONT, STANDING])
@pytest.mark.thorough
def test_one_foot_alone_is_a_base_from_the_side_and_none_from_the_front(pose):
    track = still(pose, 60)
    image_px, world_m = track.image_px.astype(float), track.world_m.astype(float)
    for name in ("ankle", "heel", "foot_index"):
        image_px[:, LANDMARK_INDEX[f"left_{name}"], 1] -= 0.2 * 400.0
        world_m[:, LANDMARK_INDEX[f"left_{name}"], 1] -= 0.2
    values = measured(make_track(image_px, track.timestamps_s, world_m))
    axis, reason = ("ml", "no_events") if pose is FRONT else ("ap", "")
    for metric_id in (f"base_of_support_{axis}", f"margin_of_stability_{axis}"):
        assert value_of(values, metric_id).reason == reason
    both = measured(track)
    assert (
        value_of(both, f"base_of_support_{axis}").reason == value_of(both, f"margin_of_stability_{axis}").reason == ""
    )


def test_a_body_that_falls_forward_loses_its_margin_before_its_centre_leaves_the_feet():
    track = standing_track(seconds=2.0, rate_hz=60.0)
    image_px = track.image_px.astype(float)
    body = [i for n, i in LANDMARK_INDEX.items() if not n.endswith(("heel", "foot_index", "ankle"))]
    image_px[:, body, 0] += 100.0 * track.timestamps_s[:, None]  # 0.14 body heights per second
    recording = exact(make_track(image_px, track.timestamps_s, track.world_m))
    com, support = centre_of_mass(recording), BaseOfSupportSettings()
    ends = base_of_support(recording, foot_contacts(recording, ContactSettings()))
    length_m = 1.29 * 0.530 * STATURE_M
    speed_px_s = np.gradient(com.image_px[:, 0], recording.times_s)
    expected = com.image_px[:, 0] + speed_px_s * math.sqrt(length_m / 9.80665)
    ahead = extrapolated_centre(com, recording, support)
    assert ahead == pytest.approx(expected, abs=1e-6)
    out = int(np.argmax(ahead > ends[:, 1]))
    assert 0 < out < int(np.argmax(com.image_px[:, 0] > ends[:, 1]))


@pytest.mark.parametrize(("pose", "right_sign"), [(FRONT, -1.0), (BACK, 1.0)])
@pytest.mark.thorough
def test_posture_from_the_front_has_the_stated_signs(pose, right_sign):
    track = standing_track(pose)
    up = np.array([0.0, -10.0])
    width_px = 0.28 * 400.0
    tilted = value_of(measured(moved(track, up, "left_shoulder")), "shoulder_tilt")
    assert tilted.value == pytest.approx(math.atan(10.0 / width_px), rel=0.01)
    lower = value_of(measured(moved(track, up, "right_hip")), "pelvis_tilt")
    assert lower.value == pytest.approx(-math.atan(10.0 / width_px), rel=0.01)
    to_right = np.array([right_sign * 20.0, 0.0])
    lean = value_of(measured(moved(track, to_right, "left_shoulder", "right_shoulder")), "trunk_lean_lateral")
    assert lean.value == pytest.approx(math.atan(20.0 / (0.288 * STATURE_M * 400.0)), rel=0.01)
    knee = measured(moved(track, -to_right, "right_knee"))  # towards the other leg
    thigh_px, shank_px = 0.245 * STATURE_M * 400.0, 0.246 * STATURE_M * 400.0
    bend = math.atan(20.0 / thigh_px) + math.atan(20.0 / shank_px)
    assert value_of(knee, "frontal_knee_angle", "right").value == pytest.approx(bend, rel=0.01)
    assert value_of(knee, "frontal_knee_angle", "left").value == pytest.approx(0.0, abs=1e-3)
    assert value_of(measured(moved(track, to_right, "left_knee")), "frontal_knee_angle", "left").value > 0.1


@pytest.mark.parametrize("pose", [STANDING, LEFTWARD])
@pytest.mark.thorough
def test_posture_from_the_side_leans_forward_positive(pose):
    leaning = measured(standing_track(replace(pose, trunk=80.0, head=60.0)))
    assert math.degrees(value_of(leaning, "trunk_inclination").value) == pytest.approx(10.0, abs=0.05)
    assert math.degrees(value_of(leaning, "head_forward").value) == pytest.approx(30.0, abs=0.05)
    assert value_of(leaning, "shoulder_tilt").reason == "view"


@pytest.mark.thorough
def test_posture_needs_somebody_who_stands_still():
    moving, squatting = track_of(squats(3)), still(SQUAT, 90)
    for track in (moving, squatting, still(STANDING, 20)):
        assert value_of(measured(track), "trunk_inclination").reason == "not_static"
    assert value_of(measured(still(STANDING, 40)), "trunk_inclination").reason == ""


@pytest.mark.thorough
def test_hands_that_work_are_no_stillness():
    track = standing_track()
    image_px = track.image_px.astype(float)
    image_px[:, LANDMARK_INDEX["right_wrist"], 1] -= 150.0 * np.sin(2 * np.pi * 0.5 * track.timestamps_s)
    busy = recording_of(make_track(image_px, track.timestamps_s, track.world_m))
    still_share = standing_still(busy, StandingSettings()).mean()
    assert still_share < 0.1
    assert standing_still(recording_of(track), StandingSettings()).all()


def test_an_oblique_view_shows_neither_plane():
    values = measured(standing_track(replace(STANDING, yaw=45.0), sway_px=6.0))
    for name in ("sway_rms_ap", "sway_rms_ml", "margin_of_stability_ap", "trunk_inclination", "shoulder_tilt"):
        assert value_of(values, name).reason == "view", name
    assert value_of(values, "com_height").reason == ""


def test_who_comes_nearer_has_no_lengths_over_the_whole_recording():
    track = standing_track(FRONT, seconds=6.0)
    growth = np.linspace(1.0, 1.5, track.n_frames)[:, None, None]
    near = measured(make_track(track.image_px * growth, track.timestamps_s, track.world_m))
    for name in ("com_vertical_range", "com_speed_max", "com_speed_mean", "com_speed_max_metric"):
        assert value_of(near, name).reason == "scale", name


def test_a_camera_that_looks_down_gives_angles_but_no_lengths():
    track = standing_track(STANDING, sway_px=6.0)
    turn = math.radians(40.0)
    world_m = track.world_m.astype(float)
    tipped = world_m.copy()
    tipped[:, :, 1] = math.cos(turn) * world_m[:, :, 1] - math.sin(turn) * world_m[:, :, 2]
    tipped[:, :, 2] = math.sin(turn) * world_m[:, :, 1] + math.cos(turn) * world_m[:, :, 2]
    values = measured(make_track(track.image_px, track.timestamps_s, tipped))
    assert value_of(values, "com_height").reason == "scale"
    assert value_of(values, "sway_rms_ap").reason == "scale"
    assert value_of(values, "trunk_inclination").reason == ""


def test_without_feet_there_is_no_support():
    values = measured(inputs()["no feet"])
    for name in ("base_of_support_ml", "margin_of_stability_ml", "com_height"):
        assert value_of(values, name).reason == "no_feet", name
    assert value_of(values, "balance_score_ml").reason in {"no_feet", "below_noise"}


@few_examples
@given(zoom=st.floats(0.4, 2.0), x=st.floats(-400.0, 400.0), y=st.floats(-300.0, 300.0))
@pytest.mark.thorough
def test_moving_and_zooming_the_camera_changes_nothing(zoom, x, y):
    track = standing_track(STANDING, seconds=6.0, rate_hz=20.0, sway_px=6.0)
    other = make_track(track.image_px * zoom + np.array([x, y]), track.timestamps_s, track.world_m)
    for one, two in zip(measured(track), measured(other), strict=True):
        assert one.reason == two.reason, one.metric_id
        if not one.reason:
            assert two.value == pytest.approx(one.value, rel=1e-3, abs=1e-4), one.metric_id

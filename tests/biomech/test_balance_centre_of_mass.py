"""The centre of mass: weights, equivariance, hand-computed bodies, stand-ins, and the parabola of a flight."""

from dataclasses import replace

import numpy as np
import pytest
from balance_recordings import FRONT, exact, flying, recording_of
from biomech_bodies import SQUAT, STANDING, STATURE_M, squats, still, track_of, without, world
from examples import few_examples
from hypothesis import given
from hypothesis import strategies as st

from vidpose.biomech.balance.centre_of_mass import centre_of_mass, weighted_place
from vidpose.biomech.balance.mass import DE_LEVA, landmark_weights
from vidpose.types.skeleton import LANDMARK_INDEX, LANDMARK_NAMES

SEXES = ("female", "male", "mean")
PER_LANDMARK = {  # one side, worked out from the paper's table by hand
    "male": {"ear": 0.03470, "shoulder": 0.13510, "elbow": 0.02443, "wrist": 0.00869, "hip": 0.17727, "knee": 0.08225,
             "ankle": 0.01903, "heel": 0.00765, "foot_index": 0.00605},
    "female": {"ear": 0.03340, "shoulder": 0.14318, "elbow": 0.02218, "wrist": 0.00771, "hip": 0.17491,
               "knee": 0.08055, "ankle": 0.02093, "heel": 0.00772, "foot_index": 0.00518},
}  # fmt: skip


@pytest.mark.parametrize("sex", SEXES)
def test_weights_add_up_to_one_and_are_symmetric(sex):
    weights = landmark_weights(sex)
    assert weights.sum() == pytest.approx(1.0, abs=1e-6)
    for name, index in LANDMARK_INDEX.items():
        if name.startswith("left_"):
            assert weights[index] == pytest.approx(weights[LANDMARK_INDEX[name.replace("left", "right")]])
    with pytest.raises(ValueError, match="read-only"):
        weights[0] = 1.0


@pytest.mark.parametrize("sex", ["female", "male"])
def test_weights_are_those_of_the_table(sex):
    for name, expected in PER_LANDMARK[sex].items():
        assert landmark_weights(sex)[LANDMARK_INDEX[f"left_{name}"]] == pytest.approx(expected, abs=2.5e-5)


def by_segments(landmarks, sex):
    """The centre of mass the long way: mass times place, body segment by body segment."""
    moment, mass = np.zeros(landmarks.shape[1]), 0.0
    for row in DE_LEVA:
        share, place = getattr(row, sex)
        for side in ("left", "right") if row.paired else ("",):
            first, last = (
                np.mean([landmarks[LANDMARK_INDEX[n.format(side=side)]] for n in names], axis=0)
                for names in (row.first, row.last)
            )
            moment += share * (first + place * (last - first))
            mass += share
    return moment / mass


@pytest.mark.parametrize("sex", ["female", "male"])
@pytest.mark.parametrize("pose", [STANDING, SQUAT, FRONT, replace(SQUAT, yaw=40.0, arm=10.0)])
def test_hand_made_bodies_are_right_to_a_tenth_of_a_millimetre(sex, pose):
    made = exact(still(pose, 5), sex=sex, height_m=None)
    expected = by_segments(made.filtered.image_px[0], sex)
    assert centre_of_mass(made).image_px == pytest.approx(np.tile(expected, (5, 1)), abs=0.02)


@few_examples
@given(angle=st.floats(-np.pi, np.pi), zoom=st.floats(0.1, 10.0), x=st.floats(-1e3, 1e3), y=st.floats(-1e3, 1e3))
def test_it_moves_turns_and_grows_with_the_body(angle, zoom, x, y):
    body = world(SQUAT)[None, :, :2]
    turn = zoom * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    moved = weighted_place(body @ turn.T + [x, y], "mean")
    assert moved == pytest.approx(weighted_place(body, "mean") @ turn.T + [x, y], abs=1e-9)


def test_a_body_in_flight_falls_with_g():
    made = exact(flying(0.3))
    com = centre_of_mass(made)
    times_s = made.times_s
    up_m = -com.image_px[:, 1] * STATURE_M / made.body_height_px
    half = np.polyfit(times_s, up_m, 2)[0]
    # single precision of the stored landmarks, and the model body is 1 % taller than its lengths say
    assert -2 * half == pytest.approx(9.80665, rel=0.02)
    assert up_m.max() - up_m[0] == pytest.approx(0.3, abs=0.005)
    speed_m_s = com.velocity_bh_s[:, 1] * STATURE_M
    assert np.gradient(speed_m_s, times_s)[2:-2] == pytest.approx(9.80665, rel=0.03)


def test_velocity_is_that_of_the_picture_and_needs_three_frames():
    times_s = np.array([0.0, 0.03, 0.07, 0.1, 0.14, 0.2])
    track = track_of([STANDING] * 6, times_s=times_s)
    moving = track.image_px + np.float32(100.0) * times_s[:, None, None] * np.array([1.0, -0.5])
    made = exact(replace(track, image_px=moving))
    com = centre_of_mass(made)
    assert com.velocity_bh_s * made.body_height_px == pytest.approx(np.tile([100.0, -50.0], (6, 1)), abs=0.05)
    assert np.isnan(centre_of_mass(exact(still(STANDING, 2))).velocity_bh_s).all()


@pytest.mark.thorough
def test_small_parts_have_stand_ins_with_small_effect():
    whole = centre_of_mass(exact(still(STANDING, 5))).image_px
    made = exact(still(STANDING, 5))
    for names, limit_bh in (
        (("left_ear",), 0.0035),
        (("left_ear", "right_ear"), 0.006),
        (("left_pinky", "left_index", "left_thumb"), 0.0005),
        (("right_heel", "right_foot_index"), 0.0015),
        (("left_elbow", "left_wrist", "left_pinky", "left_index"), 0.0003),
    ):
        com = centre_of_mass(exact(without(still(STANDING, 5), *names)))
        assert np.abs(com.image_px - whole).max() <= limit_bh * made.body_height_px, names
        missing = sum(landmark_weights("mean")[LANDMARK_INDEX[name]] for name in names)
        assert com.substituted == pytest.approx(np.full(5, missing)), names


@pytest.mark.parametrize("yaw", [90.0, -90.0])
@pytest.mark.parametrize("pose", [STANDING, SQUAT, replace(STANDING, thigh=20.0, shank=-100.0)])
@pytest.mark.thorough
def test_a_hidden_knee_is_found_between_hip_and_ankle(yaw, pose):
    track = still(replace(pose, yaw=yaw), 5)
    whole, made = centre_of_mass(exact(track)), exact(without(track, "left_knee"))
    com = centre_of_mass(made)
    assert np.abs(com.image_px - whole.image_px).max() < 1e-3 * made.body_height_px


@pytest.mark.parametrize("name", ["left_shoulder", "right_hip", "left_ankle"])
def test_what_carries_the_mass_has_no_stand_in(name):
    com = centre_of_mass(exact(without(still(STANDING, 5), name)))
    assert np.isnan(com.image_px).all()
    assert np.isnan(com.velocity_bh_s).all()
    assert np.isnan(com.substituted).all()


@pytest.mark.parametrize("name", ["left_elbow", "right_wrist", "left_knee"])
@pytest.mark.thorough
def test_limbs_have_no_stand_in_from_the_front(name):
    assert np.isnan(centre_of_mass(exact(without(still(FRONT, 5), name))).image_px).all()


def test_nothing_is_differentiated_across_a_change_of_stand_ins():
    track = without(still(STANDING, 20), "left_ear", "right_ear", frames=slice(10, None))
    com = centre_of_mass(exact(track))
    assert np.abs(np.diff(com.image_px[:, 0])).max() > 0.5  # the place jumps ...
    assert np.abs(com.velocity_bh_s).max() < 1e-3  # ... and nobody moved


def test_nothing_is_differentiated_across_stretches():
    poses = squats(1)
    made = exact(track_of(poses))
    stretch = (np.arange(made.n_frames) >= 20).astype(int)
    place = made.filtered.image_px.copy()
    place[20:, :, 0] += 500.0
    cut = replace(made, filtered=replace(made.filtered, image_px=place, stretch=stretch))
    assert np.nanmax(np.abs(centre_of_mass(cut).velocity_bh_s)) < 1.0


@pytest.mark.parametrize("n_frames", [0, 1, 2])
def test_short_recordings_have_no_velocity(n_frames):
    com = centre_of_mass(recording_of(still(STANDING, n_frames)))
    assert com.image_px.shape == (n_frames, 2)
    assert np.isnan(com.velocity_bh_s).all()


def test_every_landmark_name_of_the_table_exists():
    names = {n.format(side=side) for row in DE_LEVA for n in (*row.first, *row.last) for side in ("left", "right")}
    assert names <= set(LANDMARK_NAMES)

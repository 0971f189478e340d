import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from synthetic.body import SIDES, SOLE_HEIGHT, forward_kinematics
from synthetic.jumping import GRAVITY_M_S2, VerticalJumps, jumping_scenes
from synthetic.moments import moments_of
from synthetic.motions import Squats, Stand, Tempo, relaxed
from synthetic.truth import truth_of
from synthetic.walking import SWING_SHARE, Walk
from vidpose.types.skeleton import LANDMARK_INDEX

jumps = st.builds(
    VerticalJumps,
    reps=st.just(2),
    flight_s=st.floats(0.25, 0.65),
    depth=st.floats(0.10, 0.22),
    stature_m=st.floats(1.5, 2.0),
    period_s=st.just(4.0),
)


def places(jump, times_s):
    landmarks_m = forward_kinematics(jump.pose(times_s), jump.stature_m).landmarks_m
    return {name: landmarks_m[:, k] for name, k in LANDMARK_INDEX.items()}


def flights(jump):
    times_s = [moment.time_s for moment in jump.moments()]
    return list(zip(times_s[::2], times_s[1::2], strict=True))


@given(jump=jumps)
def test_in_the_air_every_landmark_flies_the_same_parabola(jump):
    for (up_s, down_s), height_m in zip(flights(jump), jump.heights_m, strict=True):
        times_s = np.linspace(up_s, down_s, 101)
        at = places(jump, times_s)
        expected_m = height_m - GRAVITY_M_S2 / 2 * (times_s - (up_s + down_s) / 2) ** 2
        for name in ("nose", "left_hip", "right_wrist", "left_foot_index"):
            risen_m = at[name][:, 1] - at[name][0, 1]
            assert risen_m == pytest.approx(expected_m, abs=1e-6), name
            assert np.ptp(at[name][:, 0]) < 1e-9
        assert height_m == pytest.approx(GRAVITY_M_S2 * (down_s - up_s) ** 2 / 8)


@given(jump=jumps)
def test_the_toes_leave_the_floor_only_in_the_air(jump):
    times_s = np.arange(0.0, jump.duration_s, 1 / 240)
    airborne = np.zeros(len(times_s), dtype=bool)
    for up_s, down_s in flights(jump):
        airborne |= (times_s > up_s) & (times_s < down_s)
    at = places(jump, times_s)
    for side in SIDES:
        above = at[f"{side}_foot_index"][:, 1] - SOLE_HEIGHT * jump.stature_m
        assert above[~airborne] == pytest.approx(0.0, abs=1e-6)
        assert above[airborne].min() > 0
        assert np.ptp(at[f"{side}_foot_index"][~airborne, 0]) < 1e-6  # it does not slide either
        assert at[f"{side}_heel"][:, 1].min() > 0


def test_the_hips_leave_the_floor_with_the_speed_that_the_flight_needs():
    jump = VerticalJumps(reps=1, flight_s=0.5)
    (up_s, down_s) = flights(jump)[0]
    step_s = 1e-4
    for moment_s, sign in ((up_s, 1.0), (down_s, -1.0)):
        hip_m = places(jump, moment_s + step_s * np.array([-2.0, -1.0, 0.0, 1.0, 2.0]))["left_hip"][:, 1]
        assert np.diff(hip_m) / step_s == pytest.approx(sign * GRAVITY_M_S2 * 0.25, abs=0.01)


def test_the_hips_sink_to_the_given_depth_and_the_jumper_stands_before_and_after():
    jump = VerticalJumps(reps=1, depth=0.2)
    times_s = np.arange(0.0, jump.duration_s, 1 / 500)
    hip_m = places(jump, times_s)["left_hip"][:, 1]
    assert hip_m[0] - hip_m.min() == pytest.approx(0.2 * jump.stature_m, abs=1e-4)
    ends = jump.pose(np.array([0.0, jump.duration_s]))
    for name in ("hip", "knee", "ankle", "shoulder", "trunk_lean", "lift"):
        assert getattr(ends, name) == pytest.approx(getattr(relaxed(2), name), abs=1e-5), name


def test_knees_and_ankles_stay_within_those_of_jumping_people():
    jump = VerticalJumps(reps=2, flight_s=0.44, flight_drift_s=0.12)
    pose = jump.pose(np.arange(0.0, jump.duration_s, 1 / 500))
    assert pose.knee.min() > -1e-6
    assert 80 < np.degrees(pose.knee.max()) < 115
    assert -50 < np.degrees(pose.ankle.min()) < -30
    assert np.degrees(pose.ankle.max()) < 42


@pytest.mark.parametrize(
    "wrong", [{"reps": 0}, {"flight_s": 0.05}, {"depth": 0.0}, {"stature_m": 0.0}, {"period_s": 1.0}]
)
def test_impossible_jumps_are_refused(wrong):
    with pytest.raises(ValueError, match="VerticalJumps: expected"):
        VerticalJumps(**wrong)


def test_moments_are_in_clip_time_and_only_of_phases_that_know_them():
    walk, jump = Walk(steps=2, step_s=0.5), VerticalJumps(reps=1)
    phases = (Stand(1.0), walk, Squats(tempo=Tempo(reps=1, period_s=2.0)), jump)
    moments = moments_of(phases, 100.0)
    half_s = SWING_SHARE / 2 * 0.5
    walked = [("toe_off", "right"), ("foot_strike", "right"), ("toe_off", "left"), ("foot_strike", "left")]
    jumped = [("take_off", "both"), ("landing", "both")]
    assert [(m.name, m.side) for m in moments] == walked + jumped
    assert [m.time_s for m in moments[:4]] == pytest.approx(
        [1.25 - half_s, 1.25 + half_s, 1.75 - half_s, 1.75 + half_s]
    )
    assert moments[4].time_s == pytest.approx(4.0 + jump.moments()[0].time_s)
    assert moments_of(phases, 1.3) == moments[:1]


def test_the_scene_has_its_events_and_heights_in_the_truth():
    scene = jumping_scenes()["vertical_jumps"]
    assert scene.fps == 120
    person = truth_of(scene)["persons"][0]
    assert [event["name"] for event in person["events"]] == ["take_off", "landing"] * 3
    times_s = [event["time_s"] for event in person["events"]]
    assert np.diff(times_s)[::2] == pytest.approx([0.44, 0.50, 0.56], abs=2e-6)
    for event, jump in zip(person["events"][::2], person["repetitions"], strict=True):
        assert jump["start_s"] < event["time_s"] < jump["extreme_s"] < jump["end_s"]
    inside_px = np.array([person["landmarks_px"][name] for name in ("nose", "left_foot_index")])
    assert inside_px.min() > 0
    assert inside_px[:, 1].max() < scene.height_px


def test_a_truth_without_events_does_not_mention_them():
    scene = jumping_scenes()["vertical_jumps"]
    actor = scene.actors[0]
    still = type(scene)((type(actor)((Stand(1.0),)),))
    assert "events" not in truth_of(still)["persons"][0]

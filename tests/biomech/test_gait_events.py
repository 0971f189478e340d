from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from biomech_bodies import mirrored_track, still
from examples import few_examples
from gait_recordings import on_treadmill, recording_of, runner, scene_of, steps_in, track_of_scene
from hypothesis import given
from hypothesis import strategies as st

from synthetic.drills import FrontKicks, JumpingJacks
from synthetic.jumping import VerticalJumps
from synthetic.moments import moments_of
from synthetic.motions import ArmRaises, March, Squats, Stand
from synthetic.walking import Walk
from vidpose.biomech.gait.bouts import GaitSettings, turning_points

SETTINGS = GaitSettings()


def walking(walk=None, facing_deg=0.0, rate_hz=30):
    walk = walk or Walk(steps=6)
    way_m = walk.travel * 1.75 / 2
    return scene_of(walk, rate_hz=rate_hz, facing_deg=facing_deg, x_m=-way_m if facing_deg == 0.0 else way_m)


def true_times(scene, name, side):
    moments = moments_of(scene.actors[0].phases, 1e3)
    return np.array([m.time_s for m in moments if (m.name, m.side) == (name, side)])


def errors_s(events, scene):
    return np.array([np.min(np.abs(true_times(scene, e.name, e.side) - e.time_s)) for e in events])


@few_examples
@given(
    step=st.floats(0.32, 0.45),
    step_s=st.floats(0.42, 0.6),
    facing_deg=st.sampled_from([0.0, 180.0]),
    rate_hz=st.sampled_from([25, 30]),
)
def test_steps_of_a_walk_are_timed_within_a_frame(step, step_s, facing_deg, rate_hz):
    scene = walking(Walk(steps=7, step=step, step_s=step_s), facing_deg, rate_hz)
    events = steps_in(recording_of(track_of_scene(scene)))
    assert sum(e.name == "foot_strike" for e in events) >= 5
    assert sum(e.name == "toe_off" for e in events) >= 4
    errors = errors_s(events, scene)
    assert np.mean(errors <= 1 / rate_hz) >= 0.9  # of a dozen events one may be off: the last step slows down
    assert errors.max() <= 2 / rate_hz


def test_strikes_and_toe_offs_come_by_turns_and_lie_on_their_frames():
    recording = recording_of(track_of_scene(walking(Walk(steps=8))))
    events = steps_in(recording)
    strikes = [e.side for e in events if e.name == "foot_strike"]
    assert all(one != other for one, other in pairwise(strikes))
    assert [e.time_s for e in events] == sorted(e.time_s for e in events)
    for event in events:
        assert abs(recording.times_s[event.frame] - event.time_s) <= 0.5 / 30 + 1e-9
        assert 0 < event.uncertainty_s < 0.05
    assert next(e.side for e in events if e.name == "toe_off") != strikes[0]  # of the swing to the second strike
    # the far leg is less sure
    sure = {e.side: e.uncertainty_s for e in events}
    assert sure["left"] > sure["right"]


@pytest.mark.thorough
def test_who_faces_left_has_the_same_events_with_sides_exchanged():
    track = track_of_scene(walking())
    seen = steps_in(recording_of(track))
    mirrored = steps_in(recording_of(mirrored_track(track)))
    other = {"left": "right", "right": "left"}
    assert [(e.name, other[e.side], e.frame) for e in mirrored] == [(e.name, e.side, e.frame) for e in seen]


@pytest.mark.thorough
def test_a_treadmill_does_not_change_the_events():
    scene = walking(Walk(steps=8))
    track = track_of_scene(scene)
    there, here = (steps_in(recording_of(t)) for t in (track, on_treadmill(track)))
    assert [(e.name, e.side) for e in there] == [(e.name, e.side) for e in here]
    assert [e.time_s for e in there] == pytest.approx([e.time_s for e in here], abs=0.02)


@pytest.mark.parametrize("rate_hz", [30.0, 60.0, 120.0])
@pytest.mark.thorough
def test_a_run_is_timed_within_a_frame(rate_hz):
    track, strikes_s = runner(rate_hz)
    events = steps_in(recording_of(track))
    assert sum(e.name == "foot_strike" for e in events) >= 14
    for event in events:
        true_s = strikes_s[event.side] + (0.24 if event.name == "toe_off" else 0.0)
        assert np.min(np.abs(true_s - event.time_s)) <= min(1 / rate_hz, 0.011), event


@pytest.mark.parametrize(
    ("phase", "facing_deg"),
    [
        (Squats(), 0.0),
        (Squats(), 180.0),
        (ArmRaises(), 0.0),
        (ArmRaises(), 90.0),
        (Stand(4.0), 0.0),
        (March(steps=12), 0.0),
        (FrontKicks(), 0.0),
        (JumpingJacks(), 0.0),
        (JumpingJacks(), 90.0),
        (VerticalJumps(), 0.0),
    ],
)
@pytest.mark.thorough
def test_other_movements_have_no_steps(phase, facing_deg):
    scene = scene_of(phase, facing_deg=facing_deg)
    assert steps_in(recording_of(track_of_scene(scene, noise_px=2.0))) == ()


def test_walking_towards_the_camera_is_not_timed():
    scene = scene_of(Walk(steps=6, step=0.3), facing_deg=90.0)
    assert steps_in(recording_of(track_of_scene(scene))) == ()


def test_a_somersault_pose_is_no_gait():
    track = track_of_scene(walking())
    upside_down = track.image_px.copy()
    upside_down[:, :, 1] = 720.0 - upside_down[:, :, 1]
    assert steps_in(recording_of(replace(track, image_px=upside_down))) == ()


def test_too_few_frames_per_second_give_no_events():
    assert steps_in(recording_of(track_of_scene(walking(Walk(steps=8), rate_hz=8)))) == ()


@pytest.mark.thorough
def test_too_few_steps_are_no_gait():
    assert steps_in(recording_of(track_of_scene(walking(Walk(steps=3))))) == ()
    assert steps_in(recording_of(still())) == ()


def test_a_turning_point_lies_between_the_frames_also_when_they_are_uneven():
    times_s = np.array([0.0, 0.03, 0.08, 0.1, 0.15, 0.2])
    values = 1.0 - (times_s - 0.09) ** 2
    assert turning_points(values, times_s, 1e-4) == pytest.approx([0.09])
    values[2] = np.nan
    assert len(turning_points(values, times_s, 1e-4)) == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"min_strikes": 1},
        {"min_step_s": 0.0},
        {"min_step_s": 2.0},
        {"max_step_ratio": 1.0},
        {"lift_bh": 0.0},
        {"min_swing_bh": -1.0},
    ],
)
def test_wrong_settings_are_refused(wrong):
    with pytest.raises(ValueError, match="expected"):
        GaitSettings(**wrong)

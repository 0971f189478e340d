"""Walking backward is walking; steps count only on feet that stand, and a rate only where it is one."""

import numpy as np
import pytest
from gait_recordings import find_gait, gait_in, on_treadmill, recording_of, scene_of, steps_in, track_of_scene

from synthetic.moments import moments_of
from synthetic.walking import Walk, WalkBackward
from vidpose.biomech.floor_motion import find_floor_motion
from vidpose.biomech.gait.bouts import GaitSettings
from vidpose.types.pose import PoseTrack
from vidpose.types.skeleton import LANDMARK_INDEX

WALK = Walk(steps=7, step=0.36, step_s=0.5)


def backward(facing_deg=0.0, rate_hz=30):
    way_m = WALK.travel * 1.75 / 2
    back = WalkBackward(WALK)
    return scene_of(back, rate_hz=rate_hz, facing_deg=facing_deg, x_m=way_m if facing_deg == 0.0 else -way_m)


def values_of(track):
    return {(v.metric_id, v.side): v for v in gait_in(recording_of(track))}


@pytest.mark.parametrize("facing_deg", [0.0, pytest.param(180.0, marks=pytest.mark.thorough)])
def test_walking_backward_has_steps_and_negative_lengths(facing_deg):
    scene = backward(facing_deg)
    recording = recording_of(track_of_scene(scene))
    got = {(v.metric_id, v.side): v for v in gait_in(recording)}
    assert got["cadence", "none"].value * 60 == pytest.approx(120.0, abs=2.0)
    assert got["step_length", "both"].value == pytest.approx(-0.36, abs=0.03)
    assert got["gait_speed", "none"].value == pytest.approx(-0.72, abs=0.05)
    strikes = [e for e in steps_in(recording) if e.name == "foot_strike"]
    truth = moments_of(scene.actors[0].phases, 1e3)
    errors_s = [min(abs(m.time_s - e.time_s) for m in truth if (m.name, m.side) == (e.name, e.side)) for e in strikes]
    assert len(strikes) >= 4
    assert np.mean(np.array(errors_s) <= 2 / 30) >= 0.8
    contacts = find_gait(recording, GaitSettings())
    assert list(find_floor_motion(recording, np.zeros((recording.n_frames, 4), bool), contacts)) == []


@pytest.mark.thorough
def test_walking_backward_on_a_treadmill_is_told_by_the_feet():
    track = on_treadmill(track_of_scene(backward()))
    (contacts,) = find_gait(recording_of(track), GaitSettings())
    assert contacts.bout.run.backward
    assert values_of(track)["step_length", "both"].reason == "in_place"


@pytest.mark.thorough
def test_a_turning_point_in_mid_swing_is_no_strike():
    scene = scene_of(Walk(steps=12), rate_hz=60, x_m=-2.0)
    track = track_of_scene(scene)
    image_px = track.image_px.copy()
    foot = [LANDMARK_INDEX[f"left_{part}"] for part in ("heel", "foot_index", "ankle")]
    # in the middle of a swing the far foot is seen too far ahead for a moment
    swing_s = 0.5 + 5.5 * 0.5
    bump_px = 60.0 * np.exp(-(((track.timestamps_s - swing_s) / 0.05) ** 2))
    image_px[:, foot, 0] += bump_px[:, None]
    wrong = PoseTrack(**{name: getattr(track, name) for name in track.__slots__} | {"image_px": image_px})
    true, got = values_of(track)["cadence", "none"], values_of(wrong)["cadence", "none"]
    assert got.reason in ("irregular", "not_cyclic") or got.value == pytest.approx(true.value, rel=0.03)


def test_steps_of_two_rates_mixed_have_no_cadence():
    scene = scene_of(Walk(steps=6, step_s=0.4, step=0.3), Walk(steps=6, step_s=0.8, step=0.3), x_m=-2.2)
    got = values_of(track_of_scene(scene))
    assert {got["cadence", "none"].reason, got["step_time_cv", "both"].reason} == {"irregular"}

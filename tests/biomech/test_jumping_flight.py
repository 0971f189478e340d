import math
from dataclasses import replace

import numpy as np
import pytest
from biomech_bodies import absent, make_track, still, without
from examples import few_examples
from gait_recordings import frames_of, jumps_in, recording_of, runner, scene_of, track_of_scene
from hypothesis import given
from hypothesis import strategies as st

from synthetic.drills import FrontKicks, JumpingJacks
from synthetic.jumping import VerticalJumps
from synthetic.motions import March, Squats, Stand
from synthetic.walking import Walk
from vidpose.biomech.analysis import AnalysisSettings, analyse
from vidpose.biomech.balance.centre_of_mass import centre_of_mass
from vidpose.biomech.jumping.flight import GRAVITY_M_S2, JumpSettings, find_flights
from vidpose.biomech.jumping.jump_metrics import METRICS
from vidpose.biomech.jumping.measure_jumps import jump_events, measure_jumps
from vidpose.types.metrics import REASONS
from vidpose.types.skeleton import LANDMARK_INDEX

SETTINGS = JumpSettings()
JUMPS = VerticalJumps(reps=2, flight_s=0.46, flight_drift_s=0.06)


def jump_track(rate_hz=120, jumps=JUMPS, facing_deg=0.0, noise_px=1.0):
    return track_of_scene(scene_of(jumps, rate_hz=rate_hz, facing_deg=facing_deg), noise_px)


def hidden(track, *names, frames=slice(None)):
    """Return the track with landmarks that the model gives and does not trust."""
    visibility = track.visibility.copy()
    for name in names:
        visibility[frames, LANDMARK_INDEX[name]] = 0.1
    return replace(track, visibility=visibility)


def measured(track, **options):
    recording = recording_of(track, **options)
    return {v.metric_id: v for v in measure_jumps(recording, jumps_in(recording))}


@few_examples
@given(
    flight_s=st.floats(0.36, 0.6),
    facing_deg=st.sampled_from([0.0, 90.0, 180.0]),
    rate_hz=st.sampled_from([30, 60, 120]),
)
def test_height_is_right_within_three_centimetres(flight_s, facing_deg, rate_hz):
    jumps = VerticalJumps(reps=1, flight_s=flight_s)
    recording = recording_of(jump_track(rate_hz, jumps, facing_deg))
    (flight,) = find_flights(recording, centre_of_mass(recording).image_px, SETTINGS)
    true_m = jumps.heights_m[0]
    assert GRAVITY_M_S2 * flight.flight_s**2 / 8 == pytest.approx(true_m, abs=0.03)
    assert flight.rise_bh * 1.75 == pytest.approx(true_m, abs=0.03)
    assert flight.sink_bh == pytest.approx(jumps.depth, abs=0.012)


@pytest.mark.parametrize("rate_hz", [30, 60])
@pytest.mark.thorough
def test_take_off_and_landing_are_timed_within_a_frame(rate_hz):
    recording = recording_of(jump_track(rate_hz))
    events = jump_events(recording, jumps_in(recording))
    assert [e.name for e in events] == ["take_off", "landing"] * 2
    for event, moment in zip(events, JUMPS.moments(), strict=True):
        assert event.time_s == pytest.approx(moment.time_s + 0.5, abs=1 / rate_hz)
        assert event.uncertainty_s == pytest.approx(1 / rate_hz)
        assert event.side == "both"


@pytest.mark.thorough
def test_in_slow_motion_events_and_their_uncertainty_go_by_the_played_video():
    track = jump_track(120)
    played = replace(track, timestamps_s=4.0 * track.timestamps_s)
    real, slow = analyse(track, AnalysisSettings()), analyse(played, AnalysisSettings(slow_motion_factor=4.0))
    assert len(real.events) == 4
    for one, other in zip(real.events, slow.events, strict=True):
        assert (other.name, other.frame) == (one.name, one.frame)
        assert (other.time_s, other.uncertainty_s) == pytest.approx((4.0 * one.time_s, 4.0 * one.uncertainty_s))
    heights_m = [next(v.value for v in a.metrics if v.metric_id == "jump_height_flight") for a in (real, slow)]
    assert heights_m[1] == pytest.approx(heights_m[0])


@pytest.mark.thorough
def test_metrics_of_known_jumps():
    got = measured(jump_track())
    heights_m = np.array(JUMPS.heights_m)
    assert got["jump_count"].value == 2
    assert got["jump_flight_time"].value == pytest.approx(0.49, abs=0.012)
    assert got["jump_height_flight"].value == pytest.approx(heights_m.mean(), abs=0.015)
    assert got["jump_height_flight_best"].value == pytest.approx(heights_m.max(), abs=0.02)
    assert got["jump_take_off_speed"].value == pytest.approx(GRAVITY_M_S2 * 0.49 / 2, abs=0.06)
    assert got["jump_height_com_m"].value == pytest.approx(heights_m.mean(), abs=0.02)
    assert got["jump_height_com"].value == pytest.approx(heights_m.mean() / 1.75, abs=0.012)
    assert got["countermovement_depth_m"].value == pytest.approx(JUMPS.depth * 1.75, abs=0.02)
    bottoms_s = [moment.time_s for moment in JUMPS.moments()[::2]] - np.array([0.9, 3.9])
    assert got["jump_push_off_time"].value == pytest.approx(bottoms_s.mean(), abs=0.06)


@pytest.mark.thorough
def test_uncertainty_is_a_frame_of_flight():
    one = measured(jump_track(30, VerticalJumps(reps=1, flight_s=0.5)))["jump_height_flight"]
    assert one.uncertainty == pytest.approx(0.041, abs=0.003)  # the figure for 0.5 s at 30 frames per second
    fast = measured(jump_track(120, VerticalJumps(reps=1, flight_s=0.5)))["jump_height_flight"]
    assert fast.uncertainty == pytest.approx(one.uncertainty / 4, rel=0.05)


@pytest.mark.thorough
def test_flight_time_gives_metres_without_a_height():
    got = measured(jump_track(), height_m=None)
    assert got["jump_height_flight"].value == pytest.approx(np.mean(JUMPS.heights_m), abs=0.02)
    assert got["jump_height_com"].reason == ""
    assert {got[name].reason for name in ("jump_height_com_m", "countermovement_depth_m")} == {"no_height"}


@pytest.mark.parametrize(
    ("phase", "facing_deg"),
    [
        (Squats(), 0.0),
        (Stand(4.0), 0.0),
        (March(steps=12), 0.0),
        (FrontKicks(), 0.0),
        (JumpingJacks(), 90.0),
        (JumpingJacks(hop=0.09), 90.0),
        (Walk(steps=6), 0.0),
    ],
)
@pytest.mark.thorough
def test_other_movements_are_no_jumps(phase, facing_deg):
    got = measured(track_of_scene(scene_of(phase, facing_deg=facing_deg), noise_px=2.0))
    if isinstance(phase, JumpingJacks):
        assert got["jump_count"].reason == "other_flights"
    else:
        assert got["jump_count"].value == 0
    assert got["jump_height_flight"].reason == "no_events"


@pytest.mark.thorough
def test_the_flights_of_a_runner_are_no_jumps():
    assert measured(runner(120.0, stride_s=0.75, contact_s=0.12)[0])["jump_count"].value == 0


@pytest.mark.parametrize(("drop_m", "reason"), [(0.6, "no_events"), (1.5, "no_events"), (0.05, "")])
@pytest.mark.thorough
def test_a_drop_is_no_jump_and_not_nothing_either(drop_m, reason):
    standing = still(n_frames=120)  # at 30 Hz, 400 pixels a metre
    fallen_s = np.clip(standing.timestamps_s - 2.0, 0.0, math.sqrt(2 * drop_m / GRAVITY_M_S2))
    image_px = standing.image_px.astype(float)
    image_px[:, :, 1] += 400.0 * 0.5 * GRAVITY_M_S2 * fallen_s[:, None] ** 2
    got = measured(make_track(image_px, standing.timestamps_s, standing.world_m))
    assert got["jump_count"].reason == reason
    assert got["jump_height_flight"].reason == "no_events"


@pytest.mark.thorough
def test_a_slow_rise_is_no_jump():
    slow = jump_track(120)
    recording = recording_of(replace(slow, timestamps_s=slow.timestamps_s * 1.5))
    assert find_flights(recording, centre_of_mass(recording).image_px, SETTINGS) == []


CASES = {
    "jumps": jump_track(),
    "no frames": frames_of(still(), slice(0, 0)),
    "one frame": frames_of(still(), slice(0, 1)),
    "nobody": make_track(np.full((60, 33, 2), np.nan), np.arange(60) / 30.0),
    "5 fps": frames_of(jump_track(), slice(None, None, 24)),
    "240 fps": jump_track(240),
    "variable rate": frames_of(jump_track(), np.flatnonzero(np.random.default_rng(1).random(840) > 0.3)),
    "leaves in the air": absent(jump_track(), slice(208, 300)),
    "begins in the air": frames_of(jump_track(), slice(220, 400)),
    "two frames": frames_of(still(), slice(0, 2)),
    "a foot hidden": hidden(jump_track(), "left_heel", "left_foot_index"),
    "seldom trusted": hidden(still(n_frames=90), "left_knee", "left_hip", frames=slice(20, 90)),
    "no feet": without(jump_track(), *(f"{s}_{p}" for s in ("left", "right") for p in ("heel", "foot_index"))),
}


@pytest.mark.parametrize("name", CASES)
@pytest.mark.thorough
def test_there_is_one_value_per_row_and_a_reason_for_every_absence(name):
    recording = recording_of(CASES[name])
    values = measure_jumps(recording, jumps_in(recording))
    assert [(v.metric_id, v.side) for v in values] == [(row.id, side) for row in METRICS for side in row.sides]
    for value in values:
        assert value.reason in REASONS
        assert math.isfinite(value.value) == (value.reason == "")


@pytest.mark.thorough
def test_what_is_missing_is_said():
    assert measured(CASES["no feet"])["jump_count"].reason == "no_feet"
    assert measured(CASES["5 fps"])["jump_count"].reason == "frame_rate"
    assert measured(CASES["nobody"])["jump_count"].reason == "no_data"
    assert measured(CASES["two frames"])["jump_count"].reason == "too_short"
    assert measured(CASES["a foot hidden"])["jump_count"].reason == "low_confidence"
    assert measured(CASES["seldom trusted"])["jump_count"].reason == "low_confidence"
    assert measured(CASES["leaves in the air"])["jump_count"].reason == "interrupted"
    assert measured(CASES["leaves in the air"])["jump_height_flight"].n == 1
    assert measured(CASES["begins in the air"])["jump_count"].reason == "unclear"
    assert measured(CASES["variable rate"])["jump_height_flight"].value == pytest.approx(
        np.mean(JUMPS.heights_m), abs=0.03
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"lift_bh": 0.0},
        {"min_flight_s": 2.0},
        {"max_uneven_s": 0.0},
        {"max_spread_bh": 0.0},
        {"gravity_ratio": (1.1, 1.5)},
        {"floor_window_s": 1.0},
    ],
)
def test_wrong_settings_are_refused(wrong):
    with pytest.raises(ValueError, match="expected"):
        JumpSettings(**wrong)

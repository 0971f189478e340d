import math

import numpy as np
import pytest
from biomech_bodies import absent, make_track, still, without
from gait_recordings import frames_of, gait_in, on_treadmill, recording_of, runner, scene_of, steps_in, track_of_scene

from synthetic.motions import Squats
from synthetic.walking import Walk
from vidpose.biomech.analysis import AnalysisSettings, analyse
from vidpose.biomech.gait.bouts import GaitSettings
from vidpose.biomech.gait.gait_metrics import METRICS
from vidpose.biomech.gait.measure_gait import find_gait, strides
from vidpose.types.metrics import REASONS

SETTINGS = GaitSettings()
WALK = Walk(steps=8, step=0.38, step_s=0.5)


def walk_track(rate_hz=60, walk=WALK):
    return track_of_scene(scene_of(walk, rate_hz=rate_hz, x_m=-walk.travel * 1.75 / 2))


def measured(track, **options):
    return {(v.metric_id, v.side): v for v in gait_in(recording_of(track, **options))}


def nobody(n_frames):
    return make_track(np.full((n_frames, 33, 2), np.nan), np.arange(n_frames) / 30.0)


def uneven(track):
    kept = np.flatnonzero(np.random.default_rng(3).random(track.n_frames) > 0.25)
    return frames_of(track, kept)


CASES = {
    "walk": walk_track(),
    "run": runner()[0],
    "run at 30": runner(30.0)[0],
    "squats": track_of_scene(scene_of(Squats())),
    "walks a little": track_of_scene(scene_of(Squats(), WALK, x_m=-1.0)),
    "no frames": frames_of(still(), slice(0, 0)),
    "one frame": frames_of(still(), slice(0, 1)),
    "nobody": nobody(60),
    "5 fps": frames_of(walk_track(), slice(None, None, 12)),
    "240 fps": walk_track(240),
    "variable rate": uneven(walk_track()),
    "leaves and returns": absent(walk_track(), slice(100, 160)),
    "no feet": without(walk_track(), *(f"{s}_{p}" for s in ("left", "right") for p in ("heel", "foot_index"))),
    "no far foot": without(walk_track(), "left_heel", "left_foot_index", "left_ankle"),
}


@pytest.mark.parametrize("name", CASES)
@pytest.mark.thorough
def test_there_is_one_value_per_row_and_side_and_a_reason_for_every_absence(name):
    values = gait_in(recording_of(CASES[name]))
    assert [(v.metric_id, v.side) for v in values] == [(row.id, side) for row in METRICS for side in row.sides]
    for value in values:
        assert value.reason in REASONS
        assert math.isfinite(value.value) == (value.reason == "")
        assert not value.uncertainty < 0


@pytest.mark.thorough
def test_without_feet_the_reason_is_the_feet():
    assert measured(CASES["no feet"])["cadence", "none"].reason == "no_feet"
    assert measured(CASES["squats"])["cadence", "none"].reason == "not_cyclic"


def test_rows_are_complete_and_told_apart():
    ids = [row.id for row in METRICS]
    assert len(set(ids)) == len(ids)
    for row in METRICS:
        assert all((row.label, row.definition, row.formula, row.positive, row.zero, row.source)), row.id
        assert row.needs_height == (row.unit in {"m", "m/s"})


@pytest.mark.thorough
def test_a_walk_has_its_known_numbers():
    got = measured(walk_track())
    assert got["cadence", "none"].value * 60 == pytest.approx(120.0, abs=1.5)
    for side in ("left", "right", "both"):
        assert got["step_time", side].value == pytest.approx(0.5, abs=0.01)
        assert got["stride_time", side].value == pytest.approx(1.0, abs=0.01)
        assert got["step_length", side].value == pytest.approx(0.38, abs=0.02)
        assert got["step_length_m", side].value == pytest.approx(0.38 * 1.75, abs=0.035)
    assert got["stride_length", "both"].value == pytest.approx(0.76, abs=0.02)
    assert got["gait_speed", "none"].value == pytest.approx(0.76, abs=0.02)
    assert got["gait_speed_m", "none"].value == pytest.approx(0.76 * 1.75, abs=0.035)
    # a foot is in the air for 0.8 of a step and both are down for the rest
    for side in ("left", "right"):
        assert got["contact_time", side].value == pytest.approx(0.6, abs=0.025)
        assert got["swing_time", side].value == pytest.approx(0.4, abs=0.025)
        assert got["duty_factor", side].value == pytest.approx(0.6, abs=0.025)
    assert got["double_support", "both"].value == pytest.approx(0.2, abs=0.045)
    assert got["vertical_oscillation", "none"].value == pytest.approx(0.2 * 0.38**2, abs=0.008)
    assert got["gait_trunk_lean", "none"].value == pytest.approx(np.deg2rad(3.0), abs=np.deg2rad(1.0))
    assert abs(got["step_time_asymmetry", "both"].value) < 0.05
    assert got["step_flight_time", "both"].reason == "no_events"


@pytest.mark.thorough
def test_the_true_value_lies_within_the_uncertainty():
    got = measured(walk_track())
    for metric, side, true in (("cadence", "none", 2.0), ("step_time", "both", 0.5), ("stride_time", "both", 1.0)):
        value = got[metric, side]
        assert value.uncertainty > 0
        assert abs(value.value - true) <= value.uncertainty


@pytest.mark.parametrize("track", [walk_track(), walk_track(30), runner(60.0)[0]], ids=["walk", "walk at 30", "run"])
@pytest.mark.thorough
def test_strides_are_the_cycles_of_gait(track):
    got = {(v.metric_id, v.side): v for v in analyse(track, AnalysisSettings()).metrics}
    assert got["cycle_duration", "none"].value == pytest.approx(got["stride_time", "both"].value, rel=0.01)
    assert got["consistency_duration_cv", "none"].value == pytest.approx(got["stride_time_cv", "both"].value, abs=0.01)


@pytest.mark.thorough
def test_strides_of_each_foot_follow_one_another_and_the_near_foot_gives_the_cycles():
    recording = recording_of(walk_track())
    found = strides(recording, find_gait(recording, SETTINGS))
    assert set(found) == {"left", "right", "none"}
    for of_foot in found.values():
        assert np.diff(of_foot, axis=1)[:, 0] == pytest.approx(1.0, abs=0.05)
        assert of_foot[1:, 0] == pytest.approx(of_foot[:-1, 1])
    assert np.array_equal(found["none"], found["right"])  # who goes to the right has the right side to the camera


@pytest.mark.parametrize("name", ["squats", "5 fps", "no frames", "nobody", "walks a little"])
@pytest.mark.thorough
def test_without_gait_for_half_of_the_time_there_are_no_strides(name):
    recording = recording_of(CASES[name])
    assert strides(recording, find_gait(recording, SETTINGS)) == {}


@pytest.mark.thorough
def test_a_run_has_its_known_numbers():
    got = measured(runner(120.0)[0])
    assert got["cadence", "none"].value * 60 == pytest.approx(60 / 0.35, abs=0.5)
    for side in ("left", "right"):
        assert got["contact_time", side].value == pytest.approx(0.24, abs=0.01)
        assert got["duty_factor", side].value == pytest.approx(0.24 / 0.70, abs=0.015)
        # the foot lands half a contact's way before the hips
        assert got["overstride", side].value == pytest.approx(1.5 * 0.12 / 0.491, abs=0.05)
    assert got["step_flight_time", "both"].value == pytest.approx(0.11, abs=0.01)
    assert got["double_support", "both"].reason == "no_events"
    assert got["vertical_oscillation", "none"].value == pytest.approx(0.06, abs=0.005)


@pytest.mark.thorough
def test_contacts_of_a_run_need_a_fast_camera_and_its_cadence_does_not():
    got = measured(runner(30.0)[0])
    assert got["cadence", "none"].value * 60 == pytest.approx(60 / 0.35, abs=1.0)
    fine = [row.id for row in METRICS if row.compute.fine]
    assert "contact_time" in fine
    for metric in fine:
        assert got[metric, "left"].reason == "frame_rate"
    assert measured(walk_track(30))["contact_time", "right"].reason == ""


@pytest.mark.thorough
def test_a_limp_shows_as_asymmetry():
    track = on_treadmill(walk_track(60, Walk(steps=12, step_s=0.5)))
    # the second half of every second step passes more slowly
    times_s = track.timestamps_s - 0.5
    stretched = track.timestamps_s + 0.1 * np.floor(times_s) + 0.1 * np.clip(np.mod(times_s, 1.0) - 0.5, 0.0, 0.5) / 0.5
    got = measured(make_track(track.image_px, stretched, track.world_m))
    asymmetry = got["step_time_asymmetry", "both"]
    assert abs(asymmetry.value) == pytest.approx(0.1 / 0.55, abs=0.05)
    assert got["step_time", "left"].value - got["step_time", "right"].value == pytest.approx(
        -asymmetry.value * got["step_time", "both"].value, abs=0.01
    )


def test_there_are_no_distances_on_a_treadmill():
    got = measured(on_treadmill(walk_track()))
    for metric in ("step_length", "step_length_m", "stride_length", "gait_speed", "gait_speed_m"):
        assert {v.reason for (name, _), v in got.items() if name == metric} == {"in_place"}
    assert got["cadence", "none"].value * 60 == pytest.approx(120.0, abs=1.5)
    assert got["overstride", "right"].reason == ""


def test_metres_need_the_height_and_body_heights_do_not():
    got = measured(walk_track(), height_m=None)
    assert {v.reason for (name, _), v in got.items() if name.endswith("_m")} == {"no_height"}
    assert got["step_length", "both"].reason == ""


@pytest.mark.thorough
def test_squats_have_no_gait_and_a_front_view_shows_none():
    assert measured(track_of_scene(scene_of(Squats(), rate_hz=60)))["cadence", "none"].reason == "not_cyclic"
    front = track_of_scene(scene_of(Walk(steps=6, step=0.3), rate_hz=60, facing_deg=90.0))
    assert measured(front)["cadence", "none"].reason == "view"


def test_a_body_turned_out_of_the_side_view_has_times_but_no_lengths():
    recording = recording_of(walk_track())
    turned = type(recording)(
        **{name: getattr(recording, name) for name in recording.__slots__ if name != "yaw_rad"},
        yaw_rad=np.full(recording.n_frames, np.deg2rad(38.0)),
    )
    got = {(v.metric_id, v.side): v for v in gait_in(turned)}
    assert got["cadence", "none"].reason == ""
    for metric in ("step_length", "overstride", "gait_trunk_lean"):
        assert {v.reason for (name, _), v in got.items() if name == metric} == {"view"}


@pytest.mark.thorough
def test_nothing_is_counted_across_an_absence():
    track = walk_track(60, Walk(steps=16, step_s=0.5))
    away = absent(track, slice(240, 300))
    strikes = [e for e in steps_in(recording_of(away)) if e.name == "foot_strike"]
    assert not any(4.0 <= e.time_s < 5.0 for e in strikes)
    got = {(v.metric_id, v.side): v for v in gait_in(recording_of(away))}
    assert got["step_time", "both"].value == pytest.approx(0.5, abs=0.02)
    assert got["step_time", "both"].n == len(strikes) - 2  # two bouts

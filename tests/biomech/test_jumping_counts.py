"""What leaves the floor is counted by its kind, and a count is given only where the opposite could have been seen."""

from dataclasses import replace

import numpy as np
import pytest
from biomech_bodies import absent, make_track, still
from gait_recordings import frames_of, jumps_in, recording_of, runner, scene_of, track_of_scene

from synthetic.drills import JumpingJacks
from synthetic.hopping import Hops
from synthetic.jumping import VerticalJumps
from synthetic.motions import March, Squats
from vidpose.biomech.jumping.flight import GRAVITY_M_S2
from vidpose.biomech.jumping.measure_jumps import measure_jumps
from vidpose.types.skeleton import LANDMARK_INDEX


def counts(track):
    """Return the three counts by the first letter of what they count: a number, or the reason why there is none."""
    recording = recording_of(track)
    got = {v.metric_id: v for v in measure_jumps(recording, jumps_in(recording))}
    return {name: got[f"{name}_count"].reason or got[f"{name}_count"].value for name in ("jump", "hop", "leap")}


def leaps(n_leaps=2, way_bh=0.5, flight_s=0.4, rate_hz=60):
    """Return the track of a stand, 400 pixels a metre, that leaps from one leg to the side again and again."""
    track = still(n_frames=rate_hz * (n_leaps + 1) * 2, rate_hz=rate_hz)
    image_px = track.image_px.astype(float)
    left = [LANDMARK_INDEX[f"left_{part}"] for part in ("heel", "foot_index", "ankle", "knee")]
    for k in range(n_leaps):
        since_s = track.timestamps_s - 2.0 * (k + 1)
        flown_s = np.clip(since_s, 0.0, flight_s)
        image_px[:, :, 0] += 400.0 * 1.75 * way_bh * flown_s[:, None] / flight_s
        image_px[:, :, 1] -= 400.0 * 0.5 * GRAVITY_M_S2 * (flown_s * (flight_s - flown_s))[:, None]
        lifted = np.clip(1.5 - np.abs(since_s - flight_s / 2) / (flight_s / 2 + 0.2), 0.0, 0.5)
        image_px[:, left, 1] -= 400.0 * 0.6 * lifted[:, None]
    return make_track(image_px, track.timestamps_s, track.world_m)


@pytest.mark.parametrize(
    ("hops", "rate_hz", "facing_deg"),
    [
        (Hops(reps=10), 30, 0.0),
        pytest.param(Hops(reps=10), 60, 90.0, marks=pytest.mark.thorough),
        pytest.param(Hops(reps=7, flight_s=0.17, contact_s=0.2), 30, 180.0, marks=pytest.mark.thorough),
        pytest.param(Hops(reps=6, flight_s=0.3, contact_s=0.3, one_leg=True), 30, 0.0, marks=pytest.mark.thorough),
        pytest.param(Hops(reps=9, one_leg=True), 60, 180.0, marks=pytest.mark.thorough),
    ],
)
def test_hops_in_place_are_counted_and_are_not_called_no_jumps(hops, rate_hz, facing_deg):
    track = track_of_scene(scene_of(hops, rate_hz=rate_hz, facing_deg=facing_deg))
    assert counts(track) == {"jump": "other_flights", "hop": hops.reps, "leap": 0}


def test_leaps_from_one_leg_are_named_as_such():
    assert counts(leaps()) == {"jump": "other_flights", "hop": 0, "leap": 2}


@pytest.mark.thorough
def test_jumping_jacks_are_hops_where_they_leave_the_floor():
    jacks = JumpingJacks(hop=0.05)
    got = counts(track_of_scene(scene_of(jacks, facing_deg=90.0)))
    assert got["jump"] == "other_flights"
    assert got["hop"] == pytest.approx(2 * jacks.tempo.reps, abs=1)


@pytest.mark.thorough
def test_jumps_among_hops_are_jumps():
    both = scene_of(VerticalJumps(reps=2, flight_s=0.5), Hops(reps=5), rate_hz=60)
    assert counts(track_of_scene(both)) == {"jump": 2, "hop": 5, "leap": 0}


@pytest.mark.parametrize("phase", [Squats(), March(steps=10)])
@pytest.mark.thorough
def test_none_is_said_where_feet_stay_on_the_floor(phase):
    assert counts(track_of_scene(scene_of(phase))) == {"jump": 0, "hop": 0, "leap": 0}


@pytest.mark.thorough
def test_the_steps_of_a_run_are_no_leaps():
    assert counts(runner(120.0, stride_s=0.75, contact_s=0.12)[0])["leap"] == 0


def test_hops_too_low_to_be_sure_of_are_not_none():
    standing = still(n_frames=180, rate_hz=60)
    image_px = standing.image_px.astype(float)
    since_s = (standing.timestamps_s % 0.5) - 0.25
    low = np.clip(GRAVITY_M_S2 / 2 * since_s * (0.14 - since_s), 0.0, None)  # 2.4 cm
    image_px[:, :, 1] -= 400.0 * low[:, None]
    got = counts(make_track(image_px, standing.timestamps_s, standing.world_m))
    assert got == {"jump": "unclear", "hop": "unclear", "leap": 0}


@pytest.mark.thorough
def test_nothing_is_counted_across_a_cut_or_an_absence_but_heights_remain():
    track = track_of_scene(scene_of(VerticalJumps(reps=2, flight_s=0.5), rate_hz=60))
    recording = recording_of(absent(track, slice(0, 0)))
    gone = recording_of(absent(track, slice(195, 235)))
    assert {v.metric_id: v for v in measure_jumps(recording, jumps_in(recording))}["jump_count"].value == 2
    got = {v.metric_id: v for v in measure_jumps(gone, jumps_in(gone))}
    assert got["jump_count"].reason == got["hop_count"].reason == "interrupted"
    assert got["jump_height_flight"].n == 2


@pytest.mark.thorough
def test_feet_out_of_sight_for_the_time_of_a_flight_make_a_count_impossible():
    track = track_of_scene(scene_of(Hops(reps=10), rate_hz=60))
    visibility = track.visibility.copy()
    visibility[120:180, LANDMARK_INDEX["left_heel"]] = 0.1
    assert set(counts(replace(track, visibility=visibility)).values()) == {"low_confidence"}
    assert counts(frames_of(track, slice(None, None, 5)))["hop"] == "frame_rate"

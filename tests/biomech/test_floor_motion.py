"""A floor that moves in the picture: told by feet that rest, and not claimed without them."""

import numpy as np
import pytest
from balance_recordings import FRONT, standing_track
from balance_recordings import recording_of as recording_of_body
from biomech_bodies import STANDING, absent, make_track, squats, still, track_of, without
from gait_recordings import on_treadmill, recording_of, scene_of, track_of_scene

from synthetic.walking import Walk
from vidpose.biomech.analysis import AnalysisSettings, analyse
from vidpose.biomech.floor_motion import find_floor_motion, resting_shift_bh
from vidpose.biomech.gait.bouts import GaitSettings
from vidpose.biomech.gait.measure_gait import find_gait
from vidpose.biomech.metric_dictionary import DICTIONARY
from vidpose.biomech.metric_dictionary_doc import page
from vidpose.biomech.scale.feet import ContactSettings, foot_contacts

WALK = track_of_scene(scene_of(Walk(steps=8, step=0.38, step_s=0.5), rate_hz=60, x_m=-2.5))


def panned(track, px_s):
    """Return the track of a camera that turns so that everything moves to the right."""
    image_px = track.image_px.astype(float)
    image_px[:, :, 0] += px_s * track.timestamps_s[:, None]
    return make_track(image_px, track.timestamps_s, track.world_m)


def found_in(recording):
    contacts = foot_contacts(recording, ContactSettings())
    return list(find_floor_motion(recording, contacts, find_gait(recording, GaitSettings())))


@pytest.mark.parametrize("pose", [STANDING, FRONT])
@pytest.mark.thorough
def test_resting_feet_tell_a_camera_that_turns(pose):
    track = standing_track(pose, seconds=4.0, noise_px=1.0)
    recording = recording_of_body(panned(track, 50.0))
    (finding,) = found_in(recording)
    assert (finding.code, finding.severity) == ("floor_moves", "warning")
    true_bh = 50.0 * 0.8 * 4.0 / recording.body_height_px
    assert finding.details["shift_bh"] == pytest.approx(true_bh, rel=0.05)
    assert found_in(recording_of_body(track)) == []


@pytest.mark.thorough
def test_who_moves_above_resting_feet_moves_no_camera():
    assert found_in(recording_of_body(track_of(squats(3)))) == []
    assert found_in(recording_of_body(standing_track(sway_px=20.0))) == []
    assert found_in(recording_of(WALK)) == []


def test_one_foot_alone_claims_nothing():
    track = panned(without(standing_track(seconds=4.0), "left_heel", "left_foot_index"), 50.0)
    recording = recording_of_body(track)
    contacts = foot_contacts(recording, ContactSettings())
    assert contacts.any()
    assert np.isnan(resting_shift_bh(recording, contacts))
    assert found_in(recording) == []


def test_steps_in_place_are_a_treadmill_or_a_camera_that_follows():
    (finding,) = analyse(on_treadmill(WALK), AnalysisSettings()).findings
    assert (finding.code, finding.severity) == ("floor_moves", "info")


@pytest.mark.parametrize("n_frames", [0, 1, 40])
@pytest.mark.thorough
def test_nobody_and_few_frames(n_frames):
    assert found_in(recording_of_body(still(STANDING, n_frames))) == []
    assert found_in(recording_of_body(absent(still(STANDING, n_frames), slice(None)))) == []


def test_the_dictionary_says_what_needs_a_camera_that_stands_still():
    for metric_id in ("com_speed_max", "sway_rms_ap", "step_length_m", "gait_speed", "smoothness_hand_sparc"):
        assert DICTIONARY[metric_id].still_camera, metric_id
        assert "a stationary camera" in next(line for line in page().splitlines() if f"`{metric_id}`" in line)
    for metric_id in ("com_height", "cadence", "gait_trunk_lean", "shoulder_tilt", "smoothness_knee_sparc"):
        assert not DICTIONARY[metric_id].still_camera, metric_id

"""Real clips: the cadence of a runner counted from pixels, and exercises that are no gait."""

import json

import numpy as np
import pytest
from biomech_bodies import make_track
from gait_recordings import gait_in, jumps_in, recording_of, steps_in

from benchmarks.accuracy_gait import posed


@pytest.mark.parametrize("name", [f"clip_{number:02d}" for number in range(1, 11)])
@pytest.mark.thorough
def test_exercises_have_no_steps_and_no_jumps(shared_data, name):
    with np.load(shared_data / "landmarks" / "clips" / f"{name}.npz") as clip:
        image = clip["image_px"]
        track = make_track(image[:, :, :2], clip["timestamps_s"], clip["world_m"], image[:, :, 3])
    recording = recording_of(track)
    assert steps_in(recording) == ()
    if json.loads((shared_data / "truth" / "clips.json").read_text())["clips"][name]["exercise"] != "broad_jump":
        assert jumps_in(recording).flights == ()


@pytest.mark.slow
@pytest.mark.thorough
def test_cadence_of_a_treadmill_run(shared_data, tmp_path):
    truth = json.loads((shared_data / "truth" / "gaitlab_male_side.json").read_text())["cadence_spm"]
    (track,) = posed(shared_data / "videos" / "gaitlab_male_side.mp4", tmp_path / "run", 1).values()
    got = {(v.metric_id, v.side): v for v in gait_in(recording_of(track))}
    assert got["cadence", "none"].value * 60 == pytest.approx(truth["value"], abs=1.5)
    assert got["step_length", "both"].reason == "in_place"
    assert got["contact_time", "left"].reason == "frame_rate"


@pytest.mark.slow
@pytest.mark.thorough
def test_who_walks_has_steps_and_who_jumps_and_turns_over_has_none(shared_data, tmp_path):
    tracks = posed(shared_data / "videos" / "sports2d_demo.mp4", tmp_path / "demo", 4)
    steps = {person: len(steps_in(recording_of(track))) for person, track in tracks.items()}
    assert steps[0] == 0
    assert sorted(steps.values())[-1] >= 12
    for track in tracks.values():
        assert jumps_in(recording_of(track)).flights == ()

"""Landmarks of real clips: directions seen by eye, values within what a body can do."""

import json

import numpy as np
import pytest
from biomech_bodies import degrees, make_track
from scipy.signal import find_peaks

from vidpose.biomech.analysis import AnalysisSettings, analyse
from vidpose.biomech.validity.support import AngleSupportSettings
from vidpose.types.motion import Facing

DIRECTION = {
    "clip_01": Facing.LEFT, "clip_02": Facing.RIGHT, "clip_03": Facing.FRONT, "clip_05": Facing.LEFT,
    "clip_06": Facing.LEFT, "clip_07": Facing.RIGHT, "clip_08": Facing.FRONT, "clip_09": Facing.RIGHT,
    "clip_10": Facing.RIGHT,
}  # fmt: skip
POSSIBLE_DEG = {
    "knee_flexion": (-25, 165), "hip_flexion": (-45, 150), "ankle_dorsiflexion": (-75, 60),
}  # fmt: skip


def analysed(folder, name, **settings):
    with np.load(folder / "landmarks" / "clips" / f"{name}.npz") as clip:
        image = clip["image_px"]
        track = make_track(image[:, :, :2], clip["timestamps_s"], clip["world_m"], image[:, :, 3])
    return analyse(track, AnalysisSettings(**settings))


@pytest.mark.parametrize("name", [f"clip_{number:02d}" for number in range(1, 11)])
def test_values_are_within_what_a_body_can_do(shared_data, name):
    result = analysed(shared_data, name)
    present = result.filtered.stretch >= 0
    for joint, (low, high) in POSSIBLE_DEG.items():
        for side in "rl":
            values = degrees(result, f"{joint}_{side}")
            values = values[np.isfinite(values)]
            if len(values):
                assert low <= np.percentile(values, 1) <= np.percentile(values, 99) <= high, (joint, side)
    if name in DIRECTION:
        assert np.mean(result.facing[present] == DIRECTION[name]) > 0.97
        longest = np.flatnonzero(result.filtered.stretch == np.bincount(result.filtered.stretch[present]).argmax())
        assert np.all(result.facing[longest] == DIRECTION[name])
    assert np.nanmax(result.speed_bh_s) < 15


@pytest.mark.thorough
def test_squats_are_deep_where_they_were_seen_to_be(shared_data):
    oblique = AngleSupportSettings(max_shown_error_rad=np.pi)  # what such a view supports is not the question here
    result = analysed(shared_data, "clip_01", support=oblique)
    knee = degrees(result, "knee_flexion_l")
    times = result.filtered.timestamps_s
    peaks, _ = find_peaks(knee, prominence=30)
    expected = json.loads((shared_data / "truth" / "clips.json").read_text())["clips"]["clip_01"]["bottoms_s"]
    assert len(peaks) == len(expected)
    assert times[peaks] == pytest.approx(expected, abs=0.25)


@pytest.mark.thorough
def test_arms_rise_together_in_the_lateral_raise(shared_data):
    result = analysed(shared_data, "clip_03")
    expected = json.loads((shared_data / "truth" / "clips.json").read_text())["clips"]["clip_03"]["tops_s"]
    for side in "rl":
        elevation = degrees(result, f"shoulder_flexion_{side}")
        assert elevation.min() > 0
        assert len(find_peaks(elevation, prominence=30)[0]) == len(expected)

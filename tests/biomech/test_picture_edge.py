"""Nothing is measured from what lies outside the picture."""

import numpy as np
import pytest
from biomech_bodies import squats, still, track_of

from vidpose.biomech.analysis import AnalysisSettings, analyse
from vidpose.types.footage import Footage
from vidpose.types.motion import AngleStatus, BestSource
from vidpose.types.pose import Status
from vidpose.types.skeleton import LANDMARK_INDEX

WHOLE = (1280, 900)
TO_THE_THIGHS = (1280, 420)  # the hips of the hand-made bodies lie at 360, the knees 70 to 172 px below
KNEE, HIP = LANDMARK_INDEX["right_knee"], LANDMARK_INDEX["right_hip"]


def analysed(track, frame_size):
    return analyse(track, AnalysisSettings(), height_m=1.75, footage=Footage(frame_size))


def status_of(result, angle):
    return result.angles.status[:, result.angles.ids.index(angle)]


@pytest.fixture(scope="module")
def cut():
    return analysed(track_of(squats(2)), TO_THE_THIGHS)


def test_a_landmark_outside_is_neither_measured_nor_given(cut):
    beyond = track_of(squats(2)).image_px[:, KNEE, 1] > TO_THE_THIGHS[1] + 1
    assert beyond.mean() > 0.3
    long = cut.filtered.status[:, KNEE] == Status.OUTSIDE
    assert long[beyond].mean() > 0.9
    assert np.isnan(cut.filtered.image_px[long, KNEE]).all()
    assert np.isnan(cut.filtered.world_m[long, KNEE]).all()
    assert np.all(cut.filtered.status[:, HIP] == Status.MEASURED)


def test_what_needs_it_is_withheld_with_its_own_reason_and_the_rest_stays(cut):
    whole = analysed(track_of(squats(2)), WHOLE)
    for angle in ("knee_flexion_r", "hip_flexion_r", "shank_r", "knee_included_3d_r"):
        assert (status_of(cut, angle) == AngleStatus.WITHHELD_OUTSIDE).mean() > 0.3
        assert not (status_of(whole, angle) == AngleStatus.WITHHELD_OUTSIDE).any()
    assert np.array_equal(status_of(cut, "elbow_flexion_r"), status_of(whole, "elbow_flexion_r"))
    assert cut.best.source[0, cut.best.ids.index("knee_r")] == BestSource.OUTSIDE
    assert not cut.best.valid[:, cut.best.ids.index("ankle_r")].any()


def test_a_metric_says_that_the_edge_is_why_it_is_missing(cut):
    feet = [one for one in cut.metrics if one.metric_id == "cadence"]
    assert feet
    assert {one.reason for one in feet} == {"cut_by_edge"}


@pytest.mark.parametrize("frame_size", [WHOLE, None])
def test_without_an_edge_nothing_changes(frame_size):
    track = track_of(squats(1))
    one, other = analysed(track, frame_size), analyse(track, AnalysisSettings(), height_m=1.75)
    np.testing.assert_array_equal(one.angles.values_rad, other.angles.values_rad)
    assert "cut_by_edge" not in {finding.code for finding in one.findings}


def test_the_finding_says_in_how_many_frames_which_parts_are_cut():
    below = still(n_frames=10).image_px[0, :, 1].max() + 5
    frames = [still(n_frames=30, shift_px=(640.0, 360.0)), still(n_frames=10, shift_px=(640.0, 372.0))]
    image_px = np.concatenate([one.image_px for one in frames])
    track = still(n_frames=40)
    track = type(track)(**{name: getattr(track, name) for name in track.__slots__} | {"image_px": image_px})
    found = [one for one in analysed(track, (1280, int(below))).findings if one.code == "cut_by_edge"]
    assert [one.severity for one in found] == ["warning"]
    assert found[0].details["share"] == pytest.approx(0.25)
    assert set(found[0].details["parts"]) == {"feet"}
    assert "in 25% of the frames (feet in 25%)" in found[0].message


def test_a_short_way_outside_is_imputed_and_not_measured():
    track = still()
    image_px = track.image_px.copy()
    image_px[20:23, KNEE, 0] = -5.0
    moved = type(track)(**{name: getattr(track, name) for name in track.__slots__} | {"image_px": image_px})
    assert np.all(analysed(moved, WHOLE).filtered.status[20:23, KNEE] == Status.IMPUTED)

"""Bone lengths: a sound skeleton passes, and every way to break it is told."""

import numpy as np
import pytest
from biomech_bodies import SQUAT, STANDING, absent, make_track, squats, still, track_of, without

from vidpose.biomech.filtering import FilterSettings, filter_movement
from vidpose.biomech.validity.bones import BONES, BoneSettings, assess_bones
from vidpose.types.skeleton import LANDMARK_INDEX


def filtered(track):
    return filter_movement(track, FilterSettings()).track


def stretched(track, first, last, factor):
    """Return the track with one bone longer or shorter by a factor, one for all frames or one per frame."""
    world_m = np.array(track.world_m, dtype=float)
    start, end = LANDMARK_INDEX[first], LANDMARK_INDEX[last]
    world_m[:, end] = world_m[:, start] + np.reshape(factor, (-1, 1)) * (world_m[:, end] - world_m[:, start])
    return make_track(track.image_px, track.timestamps_s, world_m)


def column(name, side):
    return [bone[:2] for bone in BONES].index((name, side))


@pytest.mark.parametrize("yaw", [0.0, 45.0, 90.0])
def test_a_sound_skeleton_passes(yaw):
    report = assess_bones(filtered(track_of(squats(2, yaw=yaw))))
    assert report.findings == ()
    assert not report.suspicious.any()
    assert max(abs(value) for value in report.mismatch.values()) < 1e-4
    for bone in report.bones:
        assert bone.variation < 0.01
        assert bone.n == 120


def test_lengths_are_those_of_the_body():
    report = assess_bones(filtered(still()))
    known_m = {"thigh": 0.245, "shank": 0.246, "arm": 0.186, "forearm": 0.146, "trunk": 0.288, "foot": 0.152}
    for bone in report.bones:
        if bone.name in known_m:
            assert bone.median_m == pytest.approx(known_m[bone.name] * 1.75, rel=1e-4)


def test_sides_that_differ_are_told():
    report = assess_bones(filtered(stretched(still(), "left_elbow", "left_wrist", 1.3)))
    assert report.mismatch["forearm"] == pytest.approx(0.3 / 1.15, rel=1e-3)
    assert report.mismatch["arm"] == pytest.approx(0.0, abs=1e-4)
    (finding,) = report.findings
    assert finding.code == "skeleton_implausible"
    assert finding.details["mismatch"] == pytest.approx({"forearm": 0.3 / 1.15}, rel=1e-3)


def test_a_bone_that_changes_its_length_is_told():
    factor = 1.0 + 0.35 * np.sin(np.arange(120) * 2 * np.pi / 60)  # slow enough to pass the low-pass filter
    report = assess_bones(filtered(stretched(track_of(squats(2)), "right_elbow", "right_wrist", factor)))
    (finding,) = report.findings
    assert list(finding.details["variation"]) == ["right forearm"]
    bone = report.bones[column("forearm", "right")]
    # median absolute deviation of a sine is its amplitude over sqrt 2
    assert bone.variation == pytest.approx(1.4826 * 0.35 / np.sqrt(2), rel=0.05)


def test_proportions_that_nobody_has_are_told():
    track = still()
    for side in ("left", "right"):
        track = stretched(track, f"{side}_elbow", f"{side}_wrist", 0.5)
    (finding,) = assess_bones(filtered(track)).findings
    assert finding.details["spread"] > 0.5
    assert finding.details["frame_share"] == 1.0  # in the picture the forearms are as long as ever
    assert "mismatch" not in finding.details


def test_single_frames_are_marked_and_few_of_them_are_no_finding():
    factor = np.ones(200)
    factor[100:112] = 1.6
    report = assess_bones(filtered(stretched(still(n_frames=200), "right_knee", "right_ankle", factor)))
    marked = np.flatnonzero(report.suspicious[:, column("shank", "right")])
    assert {102, 109} <= set(marked) <= set(range(96, 116))
    assert not report.suspicious[:, column("thigh", "right")].any()
    assert np.array_equal(np.flatnonzero(report.suspicious.any(axis=1)), marked)
    assert report.findings == ()


def test_a_bone_that_looks_too_long_in_the_picture_is_marked():
    track = still(n_frames=100)
    image_px = track.image_px.copy()
    knee, ankle = LANDMARK_INDEX["left_knee"], LANDMARK_INDEX["left_ankle"]
    image_px[40:60, ankle] = image_px[40:60, knee] + 1.9 * (image_px[40:60, ankle] - image_px[40:60, knee])
    report = assess_bones(filtered(make_track(image_px, track.timestamps_s, track.world_m)))
    marked = np.flatnonzero(report.suspicious[:, column("shank", "left")])
    assert set(range(44, 56)) <= set(marked) <= set(range(36, 64))


def test_zooming_the_camera_changes_nothing():
    reports = [assess_bones(filtered(track_of(squats(1, yaw=30.0), zoom=zoom))) for zoom in (400.0, 90.0)]
    for one, other in zip(*(report.bones for report in reports), strict=True):
        assert other.median_m == pytest.approx(one.median_m, rel=1e-6)
    assert np.array_equal(reports[0].suspicious, reports[1].suspicious)


def test_a_bone_that_is_never_seen_has_no_length():
    report = assess_bones(filtered(without(still(), "left_ankle")))
    bone = report.bones[column("shank", "left")]
    assert np.isnan([bone.median_m, bone.variation]).all()
    assert bone.n == 0
    assert np.isnan(report.mismatch["shank"])
    assert report.findings == ()


@pytest.mark.parametrize("n_frames", [0, 1, 2, 40])
def test_nobody_and_few_frames(n_frames):
    track = still(SQUAT, n_frames=n_frames)
    empty = assess_bones(filtered(absent(track, slice(None))))
    assert empty.findings == ()
    assert len(empty.suspicious) == n_frames
    assert not empty.suspicious.any()
    assert np.isnan(empty.spread)
    assert assess_bones(filtered(track)).findings == ()


def test_without_world_landmarks_nothing_is_said():
    track = still()
    report = assess_bones(filtered(make_track(track.image_px, track.timestamps_s)))
    assert report.findings == ()
    assert not report.suspicious.any()


@pytest.mark.parametrize("rate_hz", [5.0, 240.0])
def test_any_frame_rate(rate_hz):
    report = assess_bones(filtered(track_of(squats(1, rate_hz=rate_hz), rate_hz=rate_hz)))
    assert report.findings == ()


def test_people_who_leave_and_return():
    report = assess_bones(filtered(absent(track_of([STANDING] * 120), slice(40, 80))))
    assert report.findings == ()
    assert report.bones[0].n == 80


@pytest.mark.parametrize("name", ["max_variation", "max_mismatch", "max_spread", "max_deviation", "max_stretch"])
def test_bad_settings_are_refused(name):
    with pytest.raises(ValueError, match=name):
        BoneSettings(**{name: 0.0})

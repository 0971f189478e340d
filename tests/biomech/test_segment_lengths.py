"""A body segment that has not its usual length raises the expected error; one that is seen does not."""

from dataclasses import replace

import numpy as np
import pytest
from biomech_bodies import STANDING, squats, still, track_of
from validity_bodies import body_of

from vidpose.biomech.analysis import AnalysisSettings, analyse
from vidpose.biomech.validity.segment_lengths import LengthSettings, length_error_rad
from vidpose.types.skeleton import LANDMARK_INDEX

SHANK = ("right_knee", "right_ankle")


def error_deg(track, ends=SHANK, body_segment="shank"):
    body = body_of(track)
    found = length_error_rad(
        ends, body_segment, body.filtered.image_px, body.height_px, body.view[:, 0], LengthSettings()
    )
    return np.rad2deg(found)


def with_guessed(track, frames, name, share):
    """Return the track with one end of the right shank or forearm moved towards the other end by a share of it."""
    image_px = track.image_px.copy()
    end, other = (LANDMARK_INDEX[one] for one in name)
    image_px[frames, end] += share * (image_px[frames, other] - image_px[frames, end])
    return type(track)(**{one: getattr(track, one) for one in track.__slots__} | {"image_px": image_px})


@pytest.mark.parametrize("yaw", [90.0, 60.0, -60.0])
def test_a_leg_that_is_seen_costs_nothing_up_to_an_oblique_view(yaw):
    track = track_of(squats(2, yaw=yaw))
    for ends, name in ((SHANK, "shank"), (("left_hip", "left_knee"), "thigh")):
        assert error_deg(track, ends, name).max() == 0.0


@pytest.mark.parametrize("side", ["right", "left"])
def test_a_guessed_ankle_makes_the_knee_invalid_and_nothing_else(side):
    track = track_of(squats(3))
    hidden = slice(60, 120)
    guessed = with_guessed(track, hidden, (f"{side}_ankle", f"{side}_knee"), 0.35)
    before, after = (analyse(one, AnalysisSettings()) for one in (track, guessed))
    knee = before.angles.ids.index(f"knee_flexion_{side[0]}")
    assert before.angles.valid[:, knee].all()
    assert not after.angles.valid[hidden, knee].any()
    assert after.angles.valid[:40, knee].all()
    assert not after.best.valid[hidden, after.best.ids.index(f"knee_{side[0]}")].any()
    elbow = before.angles.ids.index("elbow_flexion_r")
    np.testing.assert_array_equal(before.angles.valid[:, elbow], after.angles.valid[:, elbow])


def test_who_is_hidden_throughout_is_compared_with_the_other_leg_and_an_average_build():
    track = track_of(squats(2))
    for guessed in (("right",), ("right", "left")):
        moved = track
        for side in guessed:
            moved = with_guessed(moved, slice(None), (f"{side}_ankle", f"{side}_knee"), 0.4)
        assert error_deg(moved).min() > 6.0


def test_an_arm_may_point_at_the_camera_but_not_grow():
    pointing = track_of([replace(STANDING, abduction=angle) for angle in np.linspace(0.0, 80.0, 60)])
    arm = ("right_elbow", "right_wrist")
    assert error_deg(pointing, arm, "forearm").max() == 0.0
    assert (
        error_deg(with_guessed(pointing, slice(0, 4), ("right_wrist", "right_elbow"), -0.5), arm, "forearm").max() > 10
    )


def test_a_front_view_says_nothing_about_legs():
    assert error_deg(with_guessed(still(replace(STANDING, yaw=0.0)), slice(None), SHANK[::-1], 0.4)).max() == 0.0


@pytest.mark.parametrize("wrong", [{"tolerance": -1.0}, {"usual_quantile": 1.5}, {"max_yaw_rad": 2.0}])
def test_settings_are_checked(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        LengthSettings(**wrong)

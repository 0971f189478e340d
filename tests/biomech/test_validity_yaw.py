"""The turn out of the side view: from all evidence, and NaN where there is none."""

from dataclasses import replace

import numpy as np
import pytest
from biomech_bodies import STANDING, absent, make_track, still, track_of, without
from validity_bodies import filtered_with_height, no_world

from vidpose.biomech.validity.yaw import ViewSettings, known_view, yaw_of
from vidpose.types.skeleton import LANDMARK_INDEX, LANDMARK_NAMES

FEET = [name for name in LANDMARK_NAMES if "heel" in name or "foot" in name]


def yaw_deg(track):
    return np.rad2deg(yaw_of(known_view(*filtered_with_height(track))))


@pytest.mark.parametrize(("heading", "expected"), [(90, 0), (-90, 0), (0, 90), (180, 90), (45, 45), (120, 30)])
def test_the_turn_is_that_of_the_body(heading, expected):
    assert yaw_deg(still(replace(STANDING, yaw=heading))) == pytest.approx(expected, abs=12)


def test_shift_and_zoom_leave_it_alone():
    near, far = (
        still(replace(STANDING, yaw=50.0), zoom=zoom, shift_px=shift) for zoom, shift in ((400, (0, 0)), (90, (7, 900)))
    )
    assert yaw_deg(near) == pytest.approx(yaw_deg(far), abs=1e-3)


def test_nobody_has_no_view():
    assert np.isnan(yaw_deg(absent(still(), slice(None)))).all()
    assert len(yaw_deg(track_of([]))) == 0
    assert yaw_deg(still(n_frames=1)) == pytest.approx(0.0, abs=12)


def nodding_between_sides(period_frames):
    """Return a body without world landmarks and feet whose nose changes sides."""
    track = without(still(n_frames=90), *FEET)
    image_px, times, _, visibility = no_world(track)
    image_px = image_px.copy()
    nose, ears = LANDMARK_INDEX["nose"], [LANDMARK_INDEX["left_ear"], LANDMARK_INDEX["right_ear"]]
    middle = image_px[:, ears, 0].mean(axis=1)
    sign = np.where(np.arange(len(times)) // period_frames % 2, -1.0, 1.0)
    image_px[:, nose, 0] = middle + sign * (image_px[:, nose, 0] - middle)
    return make_track(image_px, times, None, visibility)


def test_a_nose_that_changes_sides_gives_no_view():
    assert np.isnan(yaw_deg(nodding_between_sides(6))).all()


def test_a_steady_nose_is_enough():
    assert yaw_deg(nodding_between_sides(1000)) == pytest.approx(0.0, abs=12)


def test_wide_shoulders_need_no_nose():
    track = without(still(replace(STANDING, yaw=0.0)), *FEET)
    assert yaw_deg(make_track(*no_world(track))) == pytest.approx(90.0, abs=15)


def test_feet_are_enough():
    track = still()
    filtered, height_px = filtered_with_height(make_track(*no_world(track)))
    assert np.isfinite(known_view(filtered, height_px)).all()


def test_yaw_of_unknown_is_unknown():
    assert np.isnan(yaw_of(np.array([[np.nan, np.nan]]))).all()


def test_settings_are_checked():
    with pytest.raises(ValueError, match="min_front: expected"):
        ViewSettings(min_front=2.0)

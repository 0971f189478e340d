"""Faces are blurred in every frame, on everybody, whoever is analysed."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pytest

from vidpose.engines.faces import FaceBlur, FaceTrack, face_discs
from vidpose.pose.estimator import FramePose
from vidpose.pose.regions import Detection, Landmarked, Region
from vidpose.types.picture import BT601
from vidpose.types.skeleton import LANDMARK_INDEX
from vidpose.video.blur import blur_discs
from vidpose.video.canvas import Canvas

SIZE = (320, 240)
NO_ONE = np.full((33, 2), np.nan)


def body(x: float, y: float) -> np.ndarray:
    """Landmarks of somebody with the nose at (x, y): ears 8 px apart from it, a torso of 60 px."""
    points = np.full((33, 2), np.nan)
    points[:11] = (x, y)
    points[LANDMARK_INDEX["left_ear"]], points[LANDMARK_INDEX["right_ear"]] = (x + 8, y), (x - 8, y)
    for side, across in (("left", 10), ("right", -10)):
        points[LANDMARK_INDEX[f"{side}_shoulder"]] = (x + across, y + 25)
        points[LANDMARK_INDEX[f"{side}_hip"]] = (x + across, y + 85)
    return points


def canvas() -> Canvas:
    noise = np.random.default_rng(0).integers(16, 235, (360, 320)).astype(np.uint8)
    return Canvas((noise[:240].copy(), noise[240:, :160].copy(), noise[240:, 160:].copy()), SIZE, BT601)


def roughness(shown: Canvas, x: float, y: float) -> float:
    """Difference between neighbours around a place."""
    return float(np.abs(np.diff(shown.planes[0][int(y) - 4 : int(y) + 5, int(x) - 4 : int(x) + 5].astype(int))).mean())


@dataclass
class Networks:
    """Finds the people that it is told, and reads their landmarks."""

    people: list[tuple[float, float]] = field(default_factory=list)

    def detect(self, picture):
        if picture.size_px != SIZE:
            return []
        return [Detection(0.9, (x, y, x, y), Region(x, y + 55, 160.0, 0.0)) for x, y in self.people]

    def landmarks(self, picture, regions):
        return [self._read(region) for region in regions]

    def _read(self, region):
        x, y = region.centre_x_px, region.centre_y_px - 55
        there = any(np.hypot(x - a, y - b) < 20 for a, b in self.people)
        none = np.full(33, np.nan, np.float32)
        pose = FramePose(body(x, y).astype(np.float32), none, none, none, np.full((33, 3), np.nan, np.float32))
        return Landmarked(pose, 0.9 if there else 0.0, np.array([[x, y + 55], [x, y - 9]], float))


def test_a_disc_is_unrecognisable_and_the_rest_is_as_it_was():
    shown, before = canvas(), canvas()
    blur_discs(shown, np.array([[100.0, 80.0, 20.0], [-3.0, 235.0, 12.0], [5000.0, 5.0, 9.0]]))
    assert roughness(shown, 100, 80) < 0.1 * roughness(before, 100, 80)
    assert roughness(shown, 4, 234) < roughness(before, 4, 234)
    np.testing.assert_array_equal(shown.planes[0][:, 130:], before.planes[0][:, 130:])


def test_a_face_is_as_large_as_its_ears_or_the_torso_say():
    (x, y, radius), missing = face_discs(np.stack([body(100, 50), NO_ONE]))
    assert (x, y) == (100, 50) and radius == pytest.approx(0.27 * 60)
    assert np.isnan(missing[:2]).all()


@pytest.mark.parametrize(
    ("time_s", "x"),
    [(0.0, 0.0), (1.0, 10.0), (1.4, 14.0), (1.8, 18.0), (3.2, 20.0), (2.2, 20.0), (2.6, None), (2.9, 30.0)],
)
def test_a_face_is_found_between_and_around_the_frames_in_which_it_was_seen(time_s, x):
    track = FaceTrack(
        np.array([0.0, 1.0, 1.8, 2.0, 3.2]), np.array([[0, 5, 9], [10, 5, 9], [18, 5, 9], [20, 5, 9], [30, 5, 9.0]])
    )
    found = track.at(time_s)
    if time_s == 3.2:
        x = 30.0
    assert found is None if x is None else found[0] == pytest.approx(x)


def test_people_who_are_not_tracked_are_blurred_and_held_when_they_are_missed_for_a_moment():
    networks = Networks([(60.0, 60.0)])
    blur = FaceBlur(
        [FaceTrack(np.array([0.0, 0.04]), np.array([[200.0, 100.0, 16.0]] * 2))], (1.0, 1.0), networks, networks
    )
    for number, people in enumerate([[(60.0, 60.0)], [], [(64.0, 60.0)]]):
        networks.people = people
        shown = canvas()
        blur.blur(0.04 * number, shown)
        assert roughness(shown, 60, 60) < 12 and roughness(shown, 200, 100) < 12
    networks.people = []
    shown = canvas()
    blur.blur(2.0, shown)
    assert roughness(shown, 60, 60) > 40 and roughness(shown, 200, 100) > 40


def test_a_scaled_picture_is_blurred_at_its_own_place():
    blur = FaceBlur([FaceTrack(np.array([0.0]), np.array([[400.0, 200.0, 32.0]]))], (0.5, 0.5), Networks(), Networks())
    shown = canvas()
    blur.blur(0.0, shown)
    assert roughness(shown, 200, 100) < 12

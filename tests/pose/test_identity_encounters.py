"""People near each other: the other one is veiled before landmarks are read, and limbs that jump are doubted."""

import json
from dataclasses import replace

import numpy as np
import pytest

from vidpose.pose.blazepose.follower import Follower
from vidpose.pose.estimator import FramePose, PoseSettings
from vidpose.pose.identity.appearance import Appearance
from vidpose.pose.identity.body_motion import Motion, Place, place_of
from vidpose.pose.identity.encounters import Encounter, occluders, people_nearby
from vidpose.pose.identity.landmark_motion import LandmarkMotion
from vidpose.pose.identity.masking import mask_others
from vidpose.pose.identity.people import FoundPerson, People
from vidpose.pose.identity.track import FollowedBody, Track
from vidpose.pose.identity.tracking_settings import TrackingSettings
from vidpose.pose.regions import Detection, Landmarked, Region
from vidpose.pose.tracking.people_estimator import PeopleEstimator
from vidpose.types.picture import BT601, Picture
from vidpose.types.skeleton import LANDMARK_INDEX

LIMITS = TrackingSettings()
PERIOD_S = 1 / 32
KNEE, ANKLE = LANDMARK_INDEX["left_knee"], LANDMARK_INDEX["left_ankle"]
DOWN = {"shoulder": -0.5, "elbow": 0.0, "wrist": 0.4, "hip": 0.5, "knee": 1.3, "ankle": 2.1, "heel": 2.2, "foot": 2.2}
WIDTH, HEIGHT, SIZE = 480, 360, 80.0


def pose_at(x, y=140.0, size=SIZE):
    """Somebody upright; the trunk's middle is at (x, y)."""
    px = np.full((33, 2), (x, y - 0.9 * size), dtype=np.float32)
    for name, row in LANDMARK_INDEX.items():
        side, _, joint = name.partition("_")
        if (down := DOWN.get(joint.split("_")[0])) is not None:
            px[row] = (x + (0.2 if side == "left" else -0.2) * size, y + down * size)
        elif joint in ("pinky", "index", "thumb"):
            px[row] = (x + (0.2 if side == "left" else -0.2) * size, y + 0.5 * size)
    ones = np.ones(33, np.float32)
    return FramePose(px, ones, ones, ones, np.zeros((33, 3), np.float32))


def walked(n_frames, speed_px_s=100.0, max_jump_px=20.0):
    """The landmark motion of a person who walked to the right for some frames."""
    landmarks = LandmarkMotion.of(pose_at(100.0), 0.0)
    for k in range(1, n_frames):
        pose = pose_at(100.0 + speed_px_s * k * PERIOD_S)
        landmarks, jumped = landmarks.moved(pose, k * PERIOD_S, max_jump_px, LIMITS)
        assert not jumped.any()
    return landmarks


def with_landmark(pose, row, x, y):
    px = pose.image_px.copy()
    px[row] = (x, y)
    return replace(pose, image_px=px)


def track_at(key, x, y=140.0, *, hidden=False):
    follower = Follower(PoseSettings())
    follower.begin(Detection(0.9, (0, 0, 0, 0), Region(x, y + 0.5 * SIZE, 5 * SIZE, 0.0)))
    body = FollowedBody(follower, [Place(0.0, x, y, SIZE)], LandmarkMotion.of(pose_at(x, y), 0.0))
    return Track(key, key, None if hidden else body, Motion(0.0, x, y, SIZE, 0.0, 0.0), Appearance.unknown(), 5 * SIZE)


def white(rotation_deg=0):
    upright = np.full((HEIGHT, WIDTH), 255, np.uint8)
    stored = np.rot90(upright, rotation_deg // 90)
    half = stored[::2, ::2]
    return Picture(stored, half, half, rotation_deg, BT601, rgb=lambda: np.zeros((HEIGHT, WIDTH, 3), np.uint8))


def is_masked(picture, x, y):
    """Whether a place of the upright picture is grey, in all planes alike."""
    luma = np.rot90(picture.y, -(picture.rotation_deg // 90))[y, x]
    u, v = (np.rot90(plane, -(picture.rotation_deg // 90))[y // 2, x // 2] for plane in (picture.u, picture.v))
    assert luma == u == v
    assert luma in (128, 255)
    return bool(luma == 128)


class TestLandmarkMotion:
    def test_who_walks_evenly_is_expected_where_they_will_be(self):
        landmarks = walked(40)
        np.testing.assert_allclose(landmarks.at(40 * PERIOD_S), pose_at(100.0 + 40 * 100.0 * PERIOD_S).image_px, atol=1)

    def test_a_landmark_that_jumps_is_doubted_and_the_others_are_not(self):
        landmarks = walked(20)
        true = pose_at(100.0 + 20 * 100.0 * PERIOD_S)
        after, jumped = landmarks.moved(with_landmark(true, ANKLE, 260.0, 300.0), 20 * PERIOD_S, 20.0, LIMITS)
        assert np.flatnonzero(jumped).tolist() == [ANKLE]
        np.testing.assert_allclose(after.px[ANKLE], true.image_px[ANKLE], atol=3)

    def test_where_nobody_is_near_nothing_is_doubted_and_poses_are_believed(self):
        jump = with_landmark(pose_at(170.0), ANKLE, 300.0, 300.0)
        after, jumped = walked(20).moved(jump, 20 * PERIOD_S, np.inf, LIMITS)
        assert not jumped.any()
        np.testing.assert_allclose(after.px, jump.image_px)

    def test_a_landmark_that_stays_elsewhere_is_believed_in_the_end(self):
        landmarks, doubted = LandmarkMotion.of(pose_at(100.0), 0.0), []
        for k in range(1, 16):
            pose = with_landmark(pose_at(100.0), ANKLE, 180.0, 300.0)
            landmarks, jumped = landmarks.moved(pose, k * PERIOD_S, 20.0, LIMITS)
            doubted.append(bool(jumped[ANKLE]))
        n_doubted = int(LIMITS.max_doubt_s / PERIOD_S)
        assert doubted == [True] * n_doubted + [False] * (15 - n_doubted)
        np.testing.assert_allclose(landmarks.px[ANKLE], (180.0, 300.0))

    def test_a_limb_that_is_doubted_goes_with_the_body(self):
        landmarks = LandmarkMotion.of(pose_at(100.0), 0.0)
        for k in range(1, 24):
            x, y = pose_at(100.0 + 3.0 * k).image_px[ANKLE]
            swing_px = 9.0 * min(k, 16)  # forward, until it is taken for somebody else's, behind
            pose = with_landmark(pose_at(100.0 + 3.0 * k), ANKLE, x + swing_px if k <= 16 else x - 100.0, y)
            landmarks, jumped = landmarks.moved(pose, k * PERIOD_S, 20.0, LIMITS)
            assert jumped[ANKLE] == (k > 16)
        assert landmarks.px[ANKLE, 0] == pytest.approx(100.0 + 16.0 + 3.0 * 23 + 9.0 * 17, abs=12.0)

    def test_after_a_long_time_nothing_is_expected(self):
        after, jumped = walked(20).moved(pose_at(300.0), 3.0, 20.0, LIMITS)
        assert not jumped.any()
        assert not after.velocity_px_s.any()

    def test_it_goes_through_json_unchanged(self):
        landmarks = walked(20, speed_px_s=123.4)
        again = LandmarkMotion.restored(json.loads(json.dumps(landmarks.export(), allow_nan=False)))
        assert again.time_s == landmarks.time_s
        for name in ("px", "velocity_px_s", "trusted_s"):
            np.testing.assert_array_equal(getattr(again, name), getattr(landmarks, name))


class TestVeil:
    @pytest.mark.parametrize("rotation_deg", [0, 90, 180, 270])
    def test_the_other_is_covered_and_the_own_body_is_not(self, rotation_deg):
        own, other = track_at(0, 200.0), track_at(1, 260.0)
        shown = mask_others(white(rotation_deg), own, [other], 0.0, LIMITS)
        assert shown.rotation_deg == rotation_deg
        assert is_masked(shown, 276, 140 + 168)  # the other's farther ankle
        assert is_masked(shown, 260, 150)  # the other's trunk
        assert not is_masked(shown, 216, 140 + 168)  # the own ankle
        assert not is_masked(shown, 200, 150)  # the own trunk
        assert not is_masked(shown, 60, 60)  # nobody

    def test_where_both_are_the_own_body_is_spared(self):
        shown = mask_others(white(), track_at(0, 200.0), [track_at(1, 202.0)], 0.0, LIMITS)
        assert not is_masked(shown, 202, 150)

    def test_where_somebody_hidden_is_expected_is_covered(self):
        shown = mask_others(white(), track_at(0, 200.0), [track_at(1, 240.0, hidden=True)], 0.0, LIMITS)
        assert is_masked(shown, 300, 200)
        assert not is_masked(shown, 200, 150)
        assert not is_masked(shown, 420, 200)

    def test_the_frame_itself_is_left_alone(self):
        picture = white()
        mask_others(picture, track_at(0, 200.0), [track_at(1, 240.0)], 0.0, LIMITS)
        assert (picture.y == 255).all()
        assert (picture.u == 255).all()

    def test_who_is_alone_is_shown_the_very_frame(self):
        picture = white()
        assert mask_others(picture, track_at(0, 200.0), [], 0.0, LIMITS) is picture

    def test_people_nearby_are_those_near_now(self):
        tracks = [track_at(key, 200.0) for key in range(4)]
        encounters = [Encounter(0, 1), Encounter(2, 0, parted=True), Encounter(2, 3)]
        assert [other.key for other in people_nearby(tracks[0], tracks, encounters)] == [1]
        assert [other.key for other in people_nearby(tracks[3], tracks, encounters)] == [2]

    @pytest.mark.parametrize(("away_px", "reaches"), [(210.0, True), (220.0, False)])
    def test_whose_limbs_are_in_the_region_is_in_the_way(self, away_px, reaches):
        own, other = track_at(0, 200.0), track_at(1, 200.0 + away_px)  # the region ends 200 px away, limbs 16 px nearer
        assert occluders(own, [own, other], []) == ([other] if reaches else [])
        assert not people_nearby(own, [own, other], [])
        stranger = replace(other, number=None)
        assert not occluders(own, [own, stranger], [])

    def test_whoever_is_near_is_in_the_way_hidden_or_not(self):
        own, hidden = track_at(0, 200.0), track_at(1, 240.0, hidden=True)
        assert occluders(own, [own, hidden], [Encounter(0, 1)]) == [hidden]
        assert not occluders(own, [own, hidden], [])


@pytest.mark.parametrize("near", [True, False])
def test_a_limb_that_jumps_is_reported_as_not_seen_when_somebody_is_near(near):
    people = People(LIMITS, [track_at(0, 200.0), track_at(1, 260.0)], [Encounter(0, 1, parted=not near)])
    poses = {0: with_landmark(pose_at(200.0), KNEE, 276.0, 244.0), 1: pose_at(260.0)}
    people.doubt(poses, PERIOD_S)
    assert np.flatnonzero(poses[0].visibility == 0).tolist() == ([KNEE] if near else [])
    assert poses[1].visibility.all()
    assert poses[0].image_px[KNEE].tolist() == [276.0, 244.0]


def found_at(x):
    pose = pose_at(x)
    return FoundPerson(track_at(9, x).body.follower, pose, place_of(pose, 0.0), sure=True)


@pytest.mark.parametrize(("x", "number"), [(90.0, None), (300.0, None), (400.0, 2)])
def test_whoever_is_found_beside_somebody_is_not_certain_yet(x, number):
    people = People(LIMITS, [track_at(0, 180.0), track_at(1, 220.0)], n_numbers=2, n_keys=2)
    people.welcome([found_at(x)], white(), {0: pose_at(180.0), 1: pose_at(220.0)}, 0.0)
    assert [track.number for track in people.tracks] == [0, 1, number]


class Pair:
    """Two people who walk up to each other; a landmarker whose ankles leap to the nearer bright place."""

    def __init__(self):
        self.pictures = []
        self.now = 0

    def x(self, who):
        return (120.0 + 2.0 * self.now, 360.0 - 2.0 * self.now)[who]

    def detect(self, picture):
        self.left = 0 if picture.size_px == (WIDTH, HEIGHT) else None
        if self.left is None:
            return []
        return [Detection(0.9, (0, 0, 1, 1), Region(self.x(who), 140.0 + 0.5 * SIZE, 5 * SIZE, 0.0)) for who in (0, 1)]

    def landmarks(self, picture, regions):
        self.pictures.append(picture)
        return [self._read(region) for region in regions]

    def _read(self, region):
        who = int(np.argmin([abs(self.x(k) - region.centre_x_px) for k in (0, 1)]))
        pose = pose_at(self.x(who))
        if self.now in (5, 46, 47):
            pose = with_landmark(pose, ANKLE, *pose_at(self.x(1 - who)).image_px[ANKLE])
        x, y = self.x(who), 140.0
        return Landmarked(pose, 0.95, np.array([[x, y + 0.5 * SIZE], [x, y - 2.0 * SIZE]]))

    def follow(self, estimator, start, stop):
        found = []
        for self.now in range(start, stop):
            found.append({p.person: p.pose for p in estimator.estimate(white(), self.now * PERIOD_S)})
        return found


def several(world):
    pose = PoseSettings(max_people=2)
    return PeopleEstimator(pose, world, world, lambda: Follower(pose), LIMITS)


def test_a_limb_in_the_region_is_masked_and_only_those_who_are_near_lose_leaping_limbs():
    world = Pair()
    found = world.follow(several(world), 0, 50)
    assert all(sorted(frame) == [0, 1] for frame in found)
    grey = [(picture.y == 128).any() for picture in world.pictures]
    assert not any(grey[:2])
    assert all(grey[2:])  # 240 px apart or less, and the regions are 500 px wide
    doubted = [k for k, frame in enumerate(found) if any((pose.visibility == 0).any() for pose in frame.values())]
    assert doubted == [46, 47]


@pytest.mark.parametrize("cut", [30, 40, 47, 48])
@pytest.mark.thorough
def test_a_state_within_a_meeting_continues_exactly(cut):
    world, other = Pair(), Pair()
    first, second = several(world), several(other)
    whole = world.follow(several(world), 0, 52)
    begun = world.follow(first, 0, cut)
    second.restore_state(json.loads(json.dumps(first.export_state(), allow_nan=False)))
    world.pictures.clear()
    continued = other.follow(second, cut, 52)
    assert json.dumps(first.export_state()) != json.dumps(second.export_state())
    world.follow(first, cut, 52)
    assert json.dumps(first.export_state()) == json.dumps(second.export_state())
    for one, two in zip(world.pictures, other.pictures, strict=True):
        np.testing.assert_array_equal(one.y, two.y)
    for one, two in zip(whole, begun + continued, strict=True):
        assert one.keys() == two.keys()
        for number, pose in one.items():
            np.testing.assert_array_equal(pose.image_px, two[number].image_px)
            np.testing.assert_array_equal(pose.visibility, two[number].visibility)

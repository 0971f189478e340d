"""The pieces of following several people: places, looks, views of a picture, evidence, encounters."""

import itertools
import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vidpose.pose.blazepose.follower import Follower
from vidpose.pose.estimator import FramePose, PoseSettings
from vidpose.pose.identity.appearance import APPEARANCE_LENGTH, Appearance, read_appearance
from vidpose.pose.identity.body_motion import Motion, Place, distance, motion_of, place_of, pose_distance
from vidpose.pose.identity.encounters import Encounter, find_hidden, resolve_encounters, update_encounters
from vidpose.pose.identity.identity_evidence import drift, is_mixture, recognise
from vidpose.pose.identity.landmark_motion import LandmarkMotion
from vidpose.pose.identity.track import FollowedBody, Track
from vidpose.pose.identity.tracking_settings import TrackingSettings
from vidpose.pose.regions import Detection, Region
from vidpose.pose.tracking.search import Search, newcomers
from vidpose.pose.tracking.views import View, around, cut_out, find_people, squares, whole
from vidpose.types.picture import BT601, Picture
from vidpose.types.skeleton import LANDMARK_INDEX

SETTINGS = TrackingSettings()


def pose_at(x, y, torso=100.0, width=40.0):
    px = np.full((33, 2), (x, y - torso), dtype=np.float32)
    for side, sign in (("left", 1), ("right", -1)):
        for joint, down in (
            ("shoulder", -0.5),
            ("elbow", 0.0),
            ("wrist", 0.4),
            ("hip", 0.5),
            ("knee", 1.3),
            ("ankle", 2.1),
        ):
            px[LANDMARK_INDEX[f"{side}_{joint}"]] = (x + sign * width / 2, y + down * torso)
    ones = np.ones(33, np.float32)
    return FramePose(px, ones, ones, ones, np.zeros((33, 3), np.float32))


def picture_of(upright, rotation_deg=0):
    """A grey picture from upright luma; chroma is luma at half the resolution."""
    stored = np.rot90(upright, rotation_deg // 90)
    half = stored[::2, ::2]
    return Picture(stored, half, half, rotation_deg, BT601, rgb=lambda: np.dstack([upright] * 3).copy())


def look_of(*bins):
    values = np.zeros(APPEARANCE_LENGTH)
    values[list(bins)] = 1.0
    return Appearance(values, 5)


def track_at(key, place, look, velocity=0.0, number=0):
    follower = Follower(PoseSettings())
    follower.begin(Detection(0.9, (0, 0, 0, 0), Region(place.x_px, place.y_px, 5 * place.size_px, 0.0)))
    motion = Motion(place.time_s, place.x_px, place.y_px, place.size_px, velocity, 0.0)
    landmarks = LandmarkMotion.of(pose_at(place.x_px, place.y_px, place.size_px), place.time_s)
    return Track(key, number, FollowedBody(follower, [place], landmarks, look), motion, look, 500.0)


class TestPlaces:
    def test_place_and_size_of_a_standing_body(self):
        assert place_of(pose_at(300, 200), 1.5) == Place(1.5, 300.0, 200.0, 100.0)

    def test_a_foreshortened_torso_does_not_shrink_the_body(self):
        pose = pose_at(300, 200)
        px = pose.image_px.copy()
        for side in ("left", "right"):
            px[LANDMARK_INDEX[f"{side}_shoulder"], 1] = px[LANDMARK_INDEX[f"{side}_hip"], 1]
        assert place_of(replace(pose, image_px=px), 0.0).size_px == pytest.approx(80.0)

    @given(st.floats(-500, 500), st.floats(-500, 500), st.integers(2, 12))
    def test_even_motion_is_forecast_exactly(self, vx, vy, n):
        places = [Place(k / 30, 100 + vx * k / 30, 50 + vy * k / 30, 80.0) for k in range(n)]
        ahead = motion_of(places).at(places[-1].time_s + 0.5, 1.0)
        assert ahead.x_px == pytest.approx(places[-1].x_px + 0.5 * vx, abs=1e-6)
        assert ahead.y_px == pytest.approx(places[-1].y_px + 0.5 * vy, abs=1e-6)

    def test_a_forecast_ends(self):
        motion = Motion(0.0, 100.0, 0.0, 80.0, 50.0, 0.0)
        assert motion.at(1.0, 1.0).x_px == motion.at(9.0, 1.0).x_px == 150.0

    def test_one_place_stands_still(self):
        assert motion_of([Place(2.0, 5.0, 6.0, 7.0)]) == Motion(2.0, 5.0, 6.0, 7.0, 0.0, 0.0)

    def test_distances_are_in_sizes_of_the_larger_body(self):
        assert distance(Place(0, 0, 0, 50), Place(0, 30, 40, 100)) == 0.5

    def test_pose_distance_is_a_median_and_knows_missing_joints(self):
        first, second = pose_at(0, 0), pose_at(30, 40)
        assert pose_distance(first, second, 100.0) == pytest.approx(0.5)
        assert pose_distance(first, FramePose.missing(), 100.0) == math.inf


class TestLooks:
    def test_torso_and_legs_are_seen_apart(self):
        luma = np.full((600, 600), 20, np.uint8)
        luma[240:380] = 235
        look = read_appearance(picture_of(luma), pose_at(300, 300, width=60))
        torso, legs = look.reshape(2, -1)[:, :6]
        assert torso[-1] > 0.5 > torso[0]
        assert legs[0] > 0.5 > legs[-1]
        assert look.sum() == pytest.approx(6.0)

    @pytest.mark.parametrize("rotation_deg", [0, 90, 180, 270])
    def test_the_display_rotation_does_not_matter(self, rotation_deg):
        luma = np.kron(np.random.default_rng(1).integers(0, 256, (30, 40)), np.ones((20, 20))).astype(np.uint8)
        pose = pose_at(409, 251)
        expected = read_appearance(picture_of(luma), pose)
        np.testing.assert_allclose(read_appearance(picture_of(luma, rotation_deg), pose), expected)

    def test_what_is_outside_the_picture_is_not_known(self):
        picture = picture_of(np.full((300, 400), 90, np.uint8))
        torso, legs = read_appearance(picture, pose_at(200, 240)).reshape(2, -1)
        assert torso.any()
        assert not legs.any()
        assert not read_appearance(picture, FramePose.missing()).any()

    def test_a_memory_keeps_a_part_that_is_out_of_sight(self):
        memory, seen = Appearance.unknown(), np.zeros(APPEARANCE_LENGTH)
        seen[0] = seen[APPEARANCE_LENGTH // 2] = 1.0
        memory.add(seen)
        torso_only = np.zeros(APPEARANCE_LENGTH)
        torso_only[1] = 1.0
        memory.add(torso_only)
        assert memory.values[0] == memory.values[1] == 0.5
        assert memory.values[APPEARANCE_LENGTH // 2] == 1.0
        assert Appearance.restored(memory.export()).values.tolist() == memory.values.tolist()

    def test_nothing_seen_is_nothing_learnt(self):
        memory = Appearance.unknown()
        memory.add(np.zeros(APPEARANCE_LENGTH))
        assert memory.n_samples == 0
        assert math.isnan(memory.distance(look_of(0)))


class TestViews:
    @given(st.integers(64, 900), st.integers(64, 900), st.integers(40, 900), st.sampled_from([0.25, 0.5]))
    def test_squares_cover_the_picture_and_overlap(self, width, height, side, overlap):
        views = squares((width, height), side, overlap)
        covered = np.zeros((height, width), bool)
        for view in views:
            assert 0 <= view.left < view.right <= width
            assert 0 <= view.top < view.bottom <= height
            covered[view.top : view.bottom, view.left : view.right] = True
        assert covered.all()
        lefts = sorted({view.left for view in views})
        assert all(b - a <= side * (1 - overlap) + 1 for a, b in itertools.pairwise(lefts))

    @pytest.mark.parametrize("rotation_deg", [0, 90, 180, 270])
    @given(left=st.integers(0, 60), top=st.integers(0, 40), width=st.integers(2, 37), height=st.integers(2, 37))
    def test_a_cut_shows_its_part_of_the_upright_picture(self, rotation_deg, left, top, width, height):
        upright = np.arange(80 * 100, dtype=np.uint32).reshape(80, 100).astype(np.uint8)
        picture = picture_of(upright, rotation_deg)
        part, x, y = cut_out(picture, View(left, top, left + width, top + height))
        assert x <= left
        assert y <= top
        shown_width, shown_height = part.size_px
        assert x + shown_width >= left + width
        assert y + shown_height >= top + height
        expected = upright[y : y + shown_height, x : x + shown_width]
        np.testing.assert_array_equal(np.rot90(part.y, -rotation_deg // 90), expected)
        np.testing.assert_array_equal(part.rgb()[:, :, 0], expected)
        np.testing.assert_array_equal(part.u, part.y[::2, ::2])

    def test_a_view_around_somebody_stays_inside(self):
        assert around(Region(10.0, 500.0, 200.0, 0.3), (960, 540)) == View(0, 240, 300, 540)
        assert around(Region(480.0, 270.0, 900.0, 0.0), (960, 540)) == View(0, 0, 960, 540)

    def test_what_is_found_in_a_view_is_told_in_the_whole_picture(self):
        class Middle:
            def detect(self, picture):
                width, height = picture.size_px
                inside = Region(width / 2, height / 2, 50.0, 0.1)
                outside = replace(inside, centre_x_px=width + 1.0)
                huge = replace(inside, side_px=2.0 * max(width, height))
                return [Detection(0.9, (1.0, 2.0, 3.0, 4.0), region) for region in (inside, outside, huge)]

        picture = picture_of(np.zeros((200, 300), np.uint8))
        (found,) = find_people(Middle(), picture, [View(100, 60, 200, 160)])
        assert found.region == Region(150.0, 110.0, 50.0, 0.1)
        assert found.box_px == (101.0, 62.0, 103.0, 64.0)
        assert len(find_people(Middle(), picture, [whole((300, 200))])) == 3


class TestSearch:
    def test_everything_first_then_one_view_in_turn_now_and_then(self):
        search, tracks = Search(), [track_at(0, Place(0.0, 400.0, 200.0, 60.0), look_of(0))]
        assert len(search.due(0.0, (960, 540), tracks, SETTINGS, 3)) > 4
        turns = [search.due(k / 30, (960, 540), tracks, SETTINGS, 3) for k in range(1, 200)]
        taken = [view for views in turns for view in views]
        assert len(taken) == int(199 / 30 / SETTINGS.calm_interval_s)
        assert len(set(taken)) == 4

    def test_no_search_without_room_when_all_is_calm(self):
        search, tracks = Search(0.0, 0.0), [track_at(0, Place(0.0, 400.0, 200.0, 60.0), look_of(0))]
        assert search.due(9.0, (960, 540), tracks, SETTINGS, 0) == []

    def test_somebody_out_of_sight_is_looked_for_where_expected(self):
        gone = track_at(0, Place(0.0, 400.0, 200.0, 20.0), look_of(0), velocity=100.0)
        gone.side_px = 100.0
        gone.hide()
        there = track_at(1, Place(0.0, 50.0, 200.0, 20.0), look_of(1))
        (view,) = Search(0.0, 0.0).due(1.0, (960, 540), [gone, there], SETTINGS, 3)
        assert (view.left + view.right) / 2 == 500
        assert view.size_px == (150, 150)

    def test_detections_of_the_same_person_are_one_and_the_followed_are_counted(self):
        track = track_at(0, Place(0.0, 400.0, 200.0, 60.0), look_of(0))
        regions = [Region(405.0, 200.0, 310.0, 0), Region(700.0, 200.0, 300.0, 0), Region(720.0, 210.0, 330.0, 0)]
        (new,) = newcomers([Detection(0.9, (0, 0, 0, 0), region) for region in regions], [track], SETTINGS)
        assert new.detection.region == regions[1]
        assert new.n_found == 2
        assert track.n_found == 1


class TestWhoIsWho:
    def test_of_two_on_one_body_the_one_who_was_expected_there_stays(self):
        here = Place(1.0, 500.0, 200.0, 100.0)
        walking, slid = track_at(0, here, look_of(0), number=0), track_at(1, here, look_of(0), number=1)
        walking.motion = Motion(0.5, 450.0, 200.0, 100.0, 100.0, 0.0)
        slid.motion = Motion(0.5, 550.0, 200.0, 100.0, 100.0, 0.0)
        poses = {0: pose_at(500, 200), 1: pose_at(505, 200)}
        assert find_hidden([slid, walking], poses, SETTINGS) == [(slid, walking)]

    def test_of_two_on_one_body_the_one_who_looks_like_it_stays(self):
        here = Place(1.0, 500.0, 200.0, 100.0)
        red, green = track_at(0, here, look_of(0), number=0), track_at(1, here, look_of(3), number=1)
        red.body.appearance = green.body.appearance
        poses = {0: pose_at(500, 200), 1: pose_at(505, 200)}
        assert find_hidden([red, green], poses, SETTINGS) == [(red, green)]
        assert is_mixture(red, SETTINGS)
        assert not is_mixture(green, SETTINGS)

    def test_whoever_has_no_number_yet_gives_way(self):
        here = Place(1.0, 500.0, 200.0, 100.0)
        known, new = track_at(0, here, look_of(0), number=0), track_at(1, here, look_of(0), number=None)
        known.motion = replace(known.motion, x_px=900.0)
        poses = {0: pose_at(500, 200), 1: pose_at(500, 200)}
        assert find_hidden([known, new], poses, SETTINGS) == [(new, known)]

    def test_two_bodies_are_two_people(self):
        first, second = (track_at(k, Place(1.0, 500.0 + 60 * k, 200.0, 100.0), look_of(k), number=k) for k in (0, 1))
        poses = {0: pose_at(500, 200), 1: pose_at(560, 200)}
        assert find_hidden([first, second], poses, SETTINGS) == []

    def test_exchanged_numbers_are_exchanged_back_after_people_part(self):
        first, second = (
            track_at(k, Place(1.0, 300.0 + 400 * k, 200.0, 100.0), look_of(3 * k), number=k) for k in (0, 1)
        )
        bodies = first.body, second.body
        first.body.appearance, second.body.appearance = look_of(3), look_of(0)
        assert resolve_encounters([Encounter(0, 1, parted=True)], [first, second], 9.0, SETTINGS) == []
        assert (second.body, first.body) == bodies

    def test_right_numbers_and_too_few_looks_change_nothing(self):
        first, second = (
            track_at(k, Place(1.0, 300.0 + 400 * k, 200.0, 100.0), look_of(3 * k), number=k) for k in (0, 1)
        )
        bodies = first.body, second.body
        assert resolve_encounters([Encounter(0, 1, parted=True)], [first, second], 1.0, SETTINGS) == []
        first.body.appearance, second.body.appearance = look_of(3), Appearance(look_of(0).values, 1)
        left = resolve_encounters([Encounter(0, 1, parted=True)], [first, second], 1.0, SETTINGS)
        assert left == [Encounter(0, 1, parted=True)]
        assert (first.body, second.body) == bodies

    def test_a_meeting_begins_near_and_parts_apart(self):
        first = track_at(0, Place(1.0, 300.0, 200.0, 100.0), look_of(0), number=0)
        second = track_at(1, Place(1.0, 400.0, 200.0, 100.0), look_of(1), number=1)
        encounters = update_encounters([], [first, second], SETTINGS)
        assert encounters == [Encounter(0, 1)]
        second.body.places = [Place(2.0, 460.0, 200.0, 100.0)]
        assert update_encounters(encounters, [first, second], SETTINGS) == [Encounter(0, 1, parted=True)]
        assert second.body.appearance.n_samples == 0
        assert update_encounters(encounters, [first], SETTINGS) == []

    def test_found_again_near_the_forecast_or_by_the_look(self):
        gone = track_at(0, Place(0.0, 300.0, 200.0, 100.0), look_of(0), velocity=200.0)
        gone.hide()
        near = track_at(7, Place(1.0, 520.0, 200.0, 100.0), Appearance.unknown()).body
        far_alike = track_at(8, Place(9.0, 900.0, 200.0, 60.0), look_of(0)).body
        far_other = track_at(9, Place(9.0, 900.0, 200.0, 60.0), look_of(3)).body
        assert drift(gone, near.place, SETTINGS) == pytest.approx(0.2)
        assert recognise([near], [gone], SETTINGS, anywhere=False) == [(0, 0)]
        assert recognise([far_alike], [gone], SETTINGS, anywhere=False) == []
        assert recognise([far_other, far_alike], [gone], SETTINGS, anywhere=True) == [(1, 0)]
        assert recognise([far_other], [gone], SETTINGS, anywhere=True) == []
        assert recognise([], [gone], SETTINGS, anywhere=True) == []

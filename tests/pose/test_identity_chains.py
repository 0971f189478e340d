"""Who is who across two chains, and who is the main person."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vidpose.planning.chains import PoseSeries
from vidpose.pose.identity.appearance import appearance_distance
from vidpose.pose.identity.assignment import assign
from vidpose.pose.identity.chain_matching import match_people
from vidpose.pose.identity.main_person import choose_people
from vidpose.pose.identity.people_settings import PeopleSettings
from vidpose.pose.identity.prominence import prominence_of
from vidpose.types.pose import PoseTrack
from vidpose.types.skeleton import LANDMARK_INDEX

SETTINGS = PeopleSettings()
RED, GREEN, BLUE = np.eye(3).repeat(2, axis=0).reshape(3, 2, 3)[:, :, [0, 1, 2]].reshape(3, 6)


def track(frames, x=300.0, height=340.0, rate_hz=30, estimated=None):
    """Somebody who stands upright at x; ``frames`` says when they are seen."""
    frames = np.asarray(frames, bool)
    n, unit = len(frames), height / 3.4
    px = np.full((n, 33, 2), np.nan, np.float32)
    downs = {"nose": -1.0, "shoulder": 0.0, "hip": 1.0, "knee": 1.7, "ankle": 2.4}
    for name, index in LANDMARK_INDEX.items():
        down = next((value for joint, value in downs.items() if joint in name), 0.5)
        px[frames, index] = (x, 100.0 + down * unit)
    nan = np.where(frames[:, None], 0.5, np.nan) * np.ones((n, 33))
    return PoseTrack(
        pts=np.arange(n),
        timestamps_s=np.arange(n) / rate_hz,
        image_px=px,
        z_rel=nan,
        visibility=nan,
        presence=nan,
        world_m=nan[:, :, None] * np.ones(3),
        corrupt=np.zeros(n, bool),
        estimated=np.ones(n, bool) if estimated is None else estimated,
    )


def swinging(seen, reach):
    """The same, with arms that swing by this share of the height to either side."""
    px = seen.image_px.copy()
    arms = [index for name, index in LANDMARK_INDEX.items() if "wrist" in name or "elbow" in name]
    px[:, arms, 0] += (reach * 300.0 * np.sin(seen.timestamps_s * 3.0))[:, None]
    return replace(seen, image_px=px)


def trembling(seen, share):
    """The same, with landmarks that jump by this share of the height."""
    reach = share * 300.0 / 4.0
    px = seen.image_px + np.random.default_rng(4).choice([-reach, reach], size=seen.image_px.shape)
    return replace(seen, image_px=px)


def panned(seen):
    return replace(seen, image_px=seen.image_px + np.float32(40.0) * seen.timestamps_s[:, None, None])


def zoomed(seen):
    return replace(seen, image_px=seen.image_px * (1.0 + 0.05 * seen.timestamps_s[:, None, None]))


def rolled(seen):
    cosine, sine = np.cos(0.05 * np.sin(seen.timestamps_s)), np.sin(0.05 * np.sin(seen.timestamps_s))
    turn = np.stack([np.stack([cosine, -sine], -1), np.stack([sine, cosine], -1)], -2)
    return replace(seen, image_px=np.einsum("tij,tpj->tpi", turn, seen.image_px))


def series(people, appearances=(), n=60, warmup=0):
    first = next(iter(people.values()), track(np.zeros(n)))
    return PoseSeries(people, first, np.arange(first.n_frames) < warmup, dict(appearances))


class TestMatching:
    def test_people_in_the_same_place_are_the_same(self):
        seen = np.ones(60)
        earlier = series({0: track(seen, 300), 1: track(seen, 600)})
        later = series({0: track(seen, 606), 1: track(seen, 300)}, warmup=20)
        match = match_people(earlier, later, SETTINGS)
        assert match.numbers == {0: 1, 1: 0}
        assert [same.by for same in match.people] == ["position", "position"]
        assert match.people[0].disagreement == pytest.approx(0.06)
        seam = match.seam(3, 2.0)
        assert (seam.segment, seam.time_s, seam.state) == (3, 2.0, "agrees")
        assert seam.disagreement == pytest.approx(0.06)

    def test_neighbours_are_not_the_same_and_a_newcomer_gets_a_new_number(self):
        seen = np.ones(60)
        earlier = series({0: track(seen, 300), 4: track(seen, 500)})
        later = series({0: track(seen, 300), 1: track(seen, 700)}, {0: RED, 1: RED}, warmup=20)
        match = match_people(earlier, later, SETTINGS)
        assert match.numbers == {0: 0, 1: 5}
        assert match.people[1].by == "new"
        assert match.people[1].disagreement is None

    def test_who_is_not_in_the_overlap_is_known_by_the_look(self):
        left = np.arange(60) >= 30  # seen later only
        earlier = series({0: track(np.ones(60), 300), 1: track(~left, 600)}, {0: RED, 1: GREEN})
        later = series({0: track(np.ones(60), 300), 1: track(left, 100)}, {0: RED, 1: GREEN}, warmup=20)
        match = match_people(earlier, later, SETTINGS)
        assert match.numbers == {0: 0, 1: 1}
        assert match.people[1].by == "appearance"
        other = series(later.people, {0: RED, 1: BLUE}, warmup=20)
        assert match_people(earlier, other, SETTINGS).numbers == {0: 0, 1: 2}

    def test_who_was_seen_elsewhere_at_the_same_time_is_somebody_else_whatever_they_wear(self):
        seen = np.ones(60)
        earlier, later = series({0: track(seen, 300)}, {0: RED}), series({0: track(seen, 700)}, {0: RED}, warmup=20)
        assert match_people(earlier, later, SETTINGS).numbers == {0: 1}

    def test_a_border_with_different_poses_disagrees_and_nobody_is_not_comparable(self):
        seen = np.ones(60)
        later = series({0: track(seen, 340)}, warmup=20)
        assert match_people(series({0: track(seen, 300)}), later, SETTINGS).seam(1, 0.0).state == "disagrees"
        empty = match_people(series({}), later, SETTINGS)
        assert empty.numbers == {0: 0}
        assert empty.seam(1, 0.0).state == "not_comparable"
        assert match_people(later, series({}), SETTINGS).numbers == {}


class TestChoosing:
    def test_size_times_time_decides(self):
        seen = np.ones(300)
        passer_by = np.arange(300) < 60
        chosen = choose_people(
            {0: track(seen, height=100), 1: track(passer_by, height=500), 2: track(seen, height=300)}, SETTINGS
        )
        assert chosen.order == (2, 0, 1)
        assert chosen.margin == pytest.approx(2 / 3, abs=1e-4)
        assert chosen.people[0].height_px == pytest.approx(300.0, rel=1e-4)
        assert chosen.people[2].seen_s == pytest.approx(2.0)
        assert chosen.findings == ()

    def test_an_unclear_choice_and_ghosts_are_told(self):
        seen = np.ones(300)
        tracks = {0: track(seen, height=300), 1: track(seen, height=290), 2: track(np.arange(300) < 10)}
        chosen = choose_people(tracks, SETTINGS)
        assert chosen.order == (0, 1)
        assert [seen.number for seen in chosen.dropped] == [2]
        assert [finding.code for finding in chosen.findings] == ["main_person_unclear", "people_seen_too_short"]

    def test_who_is_seen_too_briefly_is_nobody_also_when_alone(self):
        chosen = choose_people({3: track(np.arange(300) == 5)}, SETTINGS)
        assert chosen.order == ()
        assert [seen.number for seen in chosen.dropped] == [3]
        assert choose_people({}, SETTINGS).order == ()

    def test_who_moves_comes_before_a_larger_picture_on_the_wall(self):
        seen = np.ones(300)
        tracks = {0: track(seen, height=480), 1: swinging(track(seen, x=700, height=300), 0.1)}
        assert choose_people(tracks, SETTINGS).order == (1, 0)
        assert choose_people({0: tracks[0]}, SETTINGS).order == (0,)

    @pytest.mark.parametrize("moved", [panned, zoomed, rolled])
    def test_a_picture_does_not_move_because_the_camera_does(self, moved):
        seen = np.ones(300)
        poster = moved(track(seen, height=480))
        assert choose_people({0: poster, 1: moved(swinging(track(seen, height=300), 0.1))}, SETTINGS).order == (1, 0)
        assert prominence_of(0, poster, SETTINGS).movement_bh == pytest.approx(0.0, abs=1e-3)

    def test_larger_movements_do_not_make_anybody_more_prominent(self):
        seen = np.ones(300)
        tracks = {0: swinging(track(seen, height=300), 0.4), 1: swinging(track(seen, height=340), 0.1)}
        assert choose_people(tracks, SETTINGS).order == (1, 0)

    def test_what_jumps_about_is_no_body(self):
        seen = np.ones(300)
        tracks = {0: trembling(track(seen, height=480), 0.3), 1: track(seen, x=900, height=200)}
        chosen = choose_people(tracks, SETTINGS)
        assert (chosen.order, [one.number for one in chosen.dropped]) == ((1,), [0])
        assert [finding.code for finding in chosen.findings] == ["objects_left_out"]
        assert choose_people({0: tracks[0]}, SETTINGS).order == ()
        assert choose_people(tracks, PeopleSettings(person_at="300,200")).order == (0, 1)
        upon_a_body = {0: tracks[0], 1: track(seen, x=330)}
        assert choose_people(upon_a_body, PeopleSettings(person_at="300,200")).order == (1,)
        unseen = replace(trembling(track(seen), 0.12), visibility=np.full((300, 33), 0.1))
        assert choose_people({0: unseen}, SETTINGS).order == ()
        assert choose_people({0: trembling(track(seen), 0.12)}, SETTINGS).order == (0,)

    def test_at_a_low_frame_rate_fast_limbs_jump(self):
        assert choose_people({0: trembling(track(np.ones(30), rate_hz=10), 0.3)}, SETTINGS).order == (0,)

    def test_a_number_chooses_the_main_person(self):
        tracks = {0: track(np.ones(300), height=300), 5: track(np.ones(300), height=200)}
        chosen = choose_people(tracks, PeopleSettings(person=1))
        assert (chosen.order, chosen.margin, chosen.findings) == ((5, 0), None, ())
        nobody = choose_people(tracks, PeopleSettings(person=2))
        assert (nobody.order, [finding.code for finding in nobody.findings]) == ((0, 5), ["person_not_there"])

    @pytest.mark.parametrize(
        ("place", "order"),
        [
            ("300,200", (0, 1)),
            ("610,200", (1, 0)),  # there is nobody before 5 s
            ("450,200@9", (1, 0)),
            ("300,200@2", (0, 1)),
        ],
    )
    def test_a_place_in_the_picture_chooses_the_main_person(self, place, order):
        late = np.arange(300) >= 150
        tracks = {0: track(~late | (np.arange(300) < 200), x=300), 1: track(late, x=600)}
        tracks[1] = replace(
            tracks[1], image_px=tracks[1].image_px - 10.0 * np.maximum(np.arange(300) - 255, 0)[:, None, None]
        )
        chosen = choose_people(tracks, PeopleSettings(person_at=place))
        assert chosen.order == order
        assert chosen.findings == ()

    @pytest.mark.parametrize("place", ["900,200", "600,200@1", "300,200@9.9"])
    def test_a_place_where_nobody_is_chooses_nobody(self, place):
        late = np.arange(300) >= 150
        chosen = choose_people({0: track(~late, x=300), 1: track(late, x=600)}, PeopleSettings(person_at=place))
        assert chosen.findings[0].code == "person_not_there"

    def test_who_was_asked_for_is_kept_however_briefly_seen(self):
        tracks = {0: track(np.ones(300), x=300), 1: track(np.arange(300) < 5, x=700)}
        assert choose_people(tracks, PeopleSettings(person_at="700,200")).order == (1, 0)

    @pytest.mark.parametrize("text", ["640", "640,", "a,b", "1,2@", "1,2@x", "-3,4", "1.2.3,4"])
    def test_a_place_that_cannot_be_read_is_refused(self, text):
        with pytest.raises(ValueError, match="person_at: expected X,Y"):
            PeopleSettings(person_at=text)

    def test_in_a_short_clip_a_share_is_enough(self):
        assert choose_people({0: track(np.ones(5)), 1: track(np.arange(5) > 2)}, SETTINGS).order == (0, 1)

    def test_one_picture_is_enough(self):
        assert choose_people({0: track([True]), 1: track([True], height=200)}, SETTINGS).order == (0, 1)

    def test_frames_that_were_left_out_do_not_count(self):
        asked = np.arange(300) % 3 == 0
        chosen = choose_people({0: track(asked, estimated=asked)}, SETTINGS)
        assert chosen.people[0].share == 1.0

    def test_equal_people_go_by_number(self):
        assert choose_people({2: track(np.ones(90)), 1: track(np.ones(90))}, SETTINGS).order == (1, 2)

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("person", -1),
            ("moving_bh", 0.0),
            ("moving_bh", math.inf),
            ("min_seen_s", -1),
            ("min_seen_share", 1.1),
            ("max_disagreement", 0),
            ("max_appearance_distance", 2),
            ("clear_margin", -0.1),
        ],
    )
    def test_bad_settings_are_refused(self, name, value):
        with pytest.raises(ValueError, match=name):
            PeopleSettings(**{name: value})


class TestLikeness:
    def test_known_distances(self):
        assert appearance_distance(RED, RED) == 0.0
        assert appearance_distance(RED, GREEN) == 1.0
        assert appearance_distance([1, 0, 1, 0], [1, 1, 2, 0]) == pytest.approx(np.sqrt(1 - (np.sqrt(0.5) + 1) / 2))

    def test_a_part_that_is_not_seen_does_not_count(self):
        assert appearance_distance([1, 0, 0, 0], [2, 0, 0, 5]) == 0.0
        assert np.isnan(appearance_distance([1, 0, 0, 0], [0, 0, 0, 5]))
        assert np.isnan(appearance_distance([], [1, 0]))

    @given(st.lists(st.floats(0, 10), min_size=6, max_size=6), st.lists(st.floats(0, 10), min_size=6, max_size=6))
    def test_symmetric_and_bounded(self, first, second):
        there, back = appearance_distance(first, second), appearance_distance(second, first)
        assert there == pytest.approx(back, nan_ok=True)
        assert np.isnan(there) or 0.0 <= there <= 1.0

    def test_as_many_pairs_as_can_be_with_the_least_cost(self):
        costs = np.array([[0.1, 0.2], [0.15, np.nan]])
        assert assign(costs, 1.0) == [(0, 1), (1, 0)]
        assert assign(costs, 0.12) == [(0, 0)]
        assert assign(np.zeros((0, 3)), 1.0) == []

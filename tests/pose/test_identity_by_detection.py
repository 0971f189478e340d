"""Telling people apart: made-up paths with known numbers."""

import json

import numpy as np
import pytest

from vidpose.pose.identity.appearance import APPEARANCE_LENGTH
from vidpose.pose.identity.body_motion import Place
from vidpose.pose.identity.tracking_by_detection import DetectedPerson, DetectionTracker, DetectionTrackingSettings

SIZE_PX = 200.0
BODY = np.stack([np.linspace(-60, 60, 17), np.linspace(-150, 150, 17)], axis=1)
NO_APPEARANCE = np.zeros(APPEARANCE_LENGTH)
FPS = 30.0


def clothes(number):
    """A look that shares no colour with that of another number."""
    look = np.zeros((2, APPEARANCE_LENGTH // 2))
    look[:, number] = 1.0
    return look.ravel()


def seen(time_s, x_px, y_px=500.0, *, size_px=SIZE_PX, appearance=NO_APPEARANCE, keypoints=True, alone=True, sure=True):
    body = BODY * size_px / SIZE_PX + [x_px, y_px] if keypoints else np.full((17, 2), np.nan)
    return DetectedPerson(Place(time_s, x_px, y_px, size_px), body, appearance, alone, sure)


def crowd(max_people=4, **settings):
    return DetectionTracker(DetectionTrackingSettings(**settings), max_people)


def walk(group, people, n_frames):
    """Feed frames, each a function of time to {who: DetectedPerson}; return {who: set of numbers}."""
    numbers = {}
    for time_s in (k / FPS for k in range(n_frames)):
        detected = people(time_s)
        order = list(detected)
        for number, column in group.assign_numbers([detected[who] for who in order], time_s):
            numbers.setdefault(order[column], set()).add(number)
    return numbers


@pytest.fixture
def group():
    return crowd()


def test_people_who_walk_keep_their_numbers(group):
    def people(t):
        return {"left": seen(t, 300 + 400 * t), "right": seen(t, 1500 - 300 * t, 520, size_px=150)}

    assert walk(group, people, 40) == {"left": {0}, "right": {1}}


@pytest.mark.parametrize("keypoints", [True, False])
@pytest.mark.parametrize("order", [1, -1])
def test_people_who_cross_go_on_as_they_went(group, order, keypoints):
    def people(t):
        both = {
            "eastward": seen(t, 300 + 500 * t, keypoints=keypoints),
            "westward": seen(t, 1300 - 500 * t, 510, keypoints=keypoints),
        }
        return dict(list(both.items())[::order])

    numbers = walk(group, people, 60)
    assert sorted(map(len, numbers.values())) == [1, 1]
    assert numbers["eastward"] != numbers["westward"]


def test_whoever_is_hidden_while_crossing_is_found_on_the_other_side(group):
    def people(t):
        both = {"front": seen(t, 300 + 500 * t), "behind": seen(t, 1300 - 500 * t)}
        return {"front": both["front"]} if 0.8 < t < 1.2 else both

    numbers = walk(group, people, 60)
    assert sorted(map(len, numbers.values())) == [1, 1]
    assert numbers["front"] != numbers["behind"]


def test_whoever_jumps_across_the_picture_is_somebody_else(group):
    assert group.assign_numbers([seen(0.0, 300)], 0.0) == [(0, 0)]
    assert group.assign_numbers([seen(1 / FPS, 1500)], 1 / FPS) == [(1, 0)]


def test_whoever_is_of_another_size_is_somebody_else(group):
    group.assign_numbers([seen(0.0, 300)], 0.0)
    assert group.assign_numbers([seen(1 / FPS, 300, size_px=SIZE_PX / 2)], 1 / FPS) == [(1, 0)]


def test_whoever_comes_back_late_is_known_by_their_clothes(group):
    group.assign_numbers([seen(0.0, 300, appearance=clothes(1)), seen(0.0, 900, appearance=clothes(2))], 0.0)
    late_s = 20.0
    returning = [seen(late_s, 1700, appearance=clothes(2)), seen(late_s, 1200, appearance=clothes(3))]
    assert group.assign_numbers(returning, late_s) == [(1, 0), (2, 1)]


def test_without_clothes_nobody_is_known_again_late(group):
    group.assign_numbers([seen(0.0, 300)], 0.0)
    assert group.assign_numbers([seen(20.0, 300)], 20.0) == [(1, 0)]


def test_clothes_decide_between_two_who_stand_close(group):
    group.assign_numbers([seen(0.0, 500, appearance=clothes(1)), seen(0.0, 560, appearance=clothes(2))], 0.0)
    swapped = [seen(0.1, 525, appearance=clothes(2)), seen(0.1, 535, appearance=clothes(1))]
    assert group.assign_numbers(swapped, 0.1) == [(0, 1), (1, 0)]


def test_clothes_seen_while_others_overlap_are_not_remembered(group):
    group.assign_numbers([seen(0.0, 500, appearance=clothes(1), alone=False)], 0.0)
    assert group.appearances() == {}
    group.assign_numbers([seen(0.1, 500, appearance=clothes(2))], 0.1)
    np.testing.assert_array_equal(group.appearances()[0], clothes(2))


def test_the_doubtful_go_on_but_get_no_number(group):
    assert group.assign_numbers([seen(0.0, 300, sure=False)], 0.0) == []
    group.assign_numbers([seen(0.1, 300)], 0.1)
    assert group.assign_numbers([seen(0.2, 300, sure=False), seen(0.2, 900, sure=False)], 0.2) == [(0, 0)]


def test_no_more_people_than_asked_for_the_larger_ones_first():
    two = crowd(max_people=2)
    detected = [seen(0.0, 300, size_px=100), seen(0.0, 700, size_px=300), seen(0.0, 1100, size_px=200)]
    assert two.assign_numbers(detected, 0.0) == [(0, 1), (1, 2)]
    later = [seen(0.1, 300, size_px=100), seen(0.1, 700, size_px=300)]
    assert two.assign_numbers(later, 0.1) == [(0, 1), (2, 0)], "there is room while somebody is out of sight"
    back = [seen(0.2, 300, size_px=100), seen(0.2, 700, size_px=300), seen(0.2, 1100, size_px=200)]
    assert two.assign_numbers(back, 0.2) == [(0, 1), (2, 0)], "those in view come before the one who returns"


def test_only_so_many_are_remembered():
    few = crowd(max_remembered=3)
    for k in range(10):
        few.assign_numbers([seen(10.0 * k, 300, appearance=clothes(k))], 10.0 * k)
    assert sorted(few.appearances()) == [7, 8, 9]


def test_an_empty_frame_changes_nothing(group):
    assert group.assign_numbers([], 0.0) == []
    before = group.export()
    assert group.assign_numbers([], 0.1) == []
    assert group.export() == before


@pytest.mark.parametrize("cut", [0, 1, 7, 23, 39])
def test_a_state_that_went_through_json_goes_on_exactly(cut):
    rng = np.random.default_rng(3)
    frames = []
    for k in range(40):
        t = k / FPS
        x = rng.normal(0, 3, 4)
        frames.append(
            [
                seen(t, 300 + 500 * t + x[0], appearance=clothes(1) + rng.random(APPEARANCE_LENGTH) / 9),
                seen(t, 1000 - 500 * t + x[1], 480, keypoints=k % 3 > 0, alone=k % 2 > 0, appearance=clothes(2)),
                seen(t, 700 + x[2], 470 + x[3], size_px=180),
            ][: 3 if k % 5 else 2]
        )
    whole, first, second = crowd(), crowd(), crowd()
    expected = [whole.assign_numbers(people, k / FPS) for k, people in enumerate(frames)]
    answers = [first.assign_numbers(people, k / FPS) for k, people in enumerate(frames[:cut])]
    second.restore(json.loads(json.dumps(first.export(), allow_nan=False)))
    answers += [second.assign_numbers(people, (cut + k) / FPS) for k, people in enumerate(frames[cut:])]
    assert answers == expected
    assert second.export() == whole.export()


def test_people_beyond_the_limit_are_counted():
    few = DetectionTracker(DetectionTrackingSettings(), 2)
    few.assign_numbers([seen(0.0, x) for x in (200, 900, 1600)], 0.0)
    few.assign_numbers([seen(0.1, x) for x in (200, 900)], 0.1)
    assert few.n_not_followed == 1

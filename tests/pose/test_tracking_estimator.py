"""Following several people in a made world: blocks of colour for bodies, a detector and a landmarker that see them."""

import json
import math
from dataclasses import dataclass, field
from functools import cache

import numpy as np
import pytest
from examples import few_examples
from hypothesis import given
from hypothesis import strategies as st

from vidpose.pose.blazepose.follower import Follower
from vidpose.pose.estimator import FramePose, PoseSettings
from vidpose.pose.identity.tracking_settings import TrackingSettings
from vidpose.pose.regions import Detection, Landmarked, Region
from vidpose.pose.tracking.people_estimator import PeopleEstimator
from vidpose.types.picture import BT601, Picture
from vidpose.types.skeleton import LANDMARK_NAMES

WIDTH, HEIGHT, RATE_HZ = 960, 540, 30
RED, GREEN, BLUE = (90, 100, 200), (120, 70, 60), (60, 200, 100)
OFFSETS = {
    "shoulder": (0.3, -0.5),
    "elbow": (0.35, 0.0),
    "wrist": (0.35, 0.5),
    "hip": (0.2, 0.5),
    "knee": (0.2, 1.4),
    "ankle": (0.2, 2.3),
    "heel": (0.2, 2.4),
    "foot_index": (0.25, 2.4),
}


@dataclass
class Figure:
    """Somebody: where (a function of time, None when out of the picture), how large, in which colour."""

    path: object
    colour: tuple
    size: float = 50.0
    y: float = 230.0


@dataclass
class World:
    """A video; later figures are nearer to the camera and hide earlier ones."""

    figures: list
    ghosts: dict = field(default_factory=dict)  # frame: x of something that is taken for a person
    rough: bool = False
    doubled: bool = False
    n_detected: int = 0
    n_landmarked: int = 0
    blind: bool = False

    def places(self, frame):
        found = [(figure, figure.path(frame / RATE_HZ)) for figure in self.figures]
        return [(figure, x) for figure, x in found if x is not None]

    def picture(self, frame):
        y = np.full((HEIGHT, WIDTH), 128, np.uint8)
        u, v = (np.full((HEIGHT // 2, WIDTH // 2), 128, np.uint8) for _ in range(2))
        for figure, x in self.places(frame):
            s = figure.size
            left, right = (int(np.clip(x + side * 0.4 * s, 0, WIDTH)) for side in (-1, 1))
            top, low = int(figure.y - 0.6 * s), int(figure.y + 2.4 * s)
            for plane, value, part in ((y, figure.colour[0], 1), (u, figure.colour[1], 2), (v, figure.colour[2], 2)):
                plane[top // part : low // part, left // part : right // part] = value
        picture = Picture(y, u, v, 0, BT601, rgb=lambda: np.zeros((HEIGHT, WIDTH, 3), np.uint8))
        self.now = frame
        return picture

    def seen(self):
        """Everybody who is not hidden by somebody nearer, with their x."""
        places = self.places(self.now)
        hidden = [
            any(abs(x - other) < 0.8 * nearer.size for nearer, other in places[k + 1 :])
            for k, (_, x) in enumerate(places)
        ]
        return [place for place, out in zip(places, hidden, strict=True) if not out]

    def detect(self, picture):
        self.n_detected += 1
        left = 0 if picture.size_px == (WIDTH, HEIGHT) else self._left(picture)
        found = []
        for figure, x in self.seen() if not self.blind else ():
            if left <= x < left + picture.size_px[0]:
                found.append(self._detection(x - left, figure.y - self._top(picture), figure.size, 0.9))
                if self.doubled:
                    found.append(
                        self._detection(x - left + 8, figure.y - self._top(picture) - 60, 0.5 * figure.size, 0.8)
                    )
        if self.now in self.ghosts and left == 0 and picture.size_px == (WIDTH, HEIGHT):
            found.append(self._detection(self.ghosts[self.now], 230.0, 50.0, 0.6))
        return found

    def _detection(self, x, y, s, score):
        region = Region(float(x), float(y + 0.5 * s), 6.25 * s, 0.0)
        return Detection(score, (x - s, y - s, x + s, y + 2 * s), region, rough=self.rough)

    def _start(self, picture):
        """Where a part of the picture begins, from the address of its first sample."""
        whole = picture.y.base if picture.y.base is not None else picture.y
        return divmod(picture.y.ctypes.data - whole.ctypes.data, WIDTH)

    def _left(self, picture):
        return self._start(picture)[1]

    def _top(self, picture):
        return self._start(picture)[0]

    def landmarks(self, picture, regions):
        self.n_landmarked += len(regions)
        return [self._landmarked(region) for region in regions]

    def _landmarked(self, region):
        people = [(x, figure.y, figure.size) for figure, x in self.seen()]
        people += [(self.ghosts[self.now], 230.0, 50.0)] if self.now in self.ghosts else []
        x, y, s = min(people, key=lambda p: abs(p[0] - region.centre_x_px), default=(0.0, 0.0, 50.0))
        near = (
            bool(people) and math.hypot(x - region.centre_x_px, y + s / 2 - region.centre_y_px) < 0.35 * region.side_px
        )
        return Landmarked(stick(x, y, s), 0.95 if near else 0.1, np.array([[x, y + 0.5 * s], [x, y - 2.0 * s]]))


def stick(x, y, s):
    points = []
    for name in LANDMARK_NAMES:
        sign = 1 if "left" in name else -1 if "right" in name else 0
        across, down = next((offset for joint, offset in OFFSETS.items() if joint in name), (0.1, -1.0))
        points.append((x + sign * across * s, y + down * s))
    ones = np.ones(33, np.float32)
    return FramePose(np.array(points, np.float32), ones, ones, ones, np.zeros((33, 3), np.float32))


def estimator_of(world, max_people=4, tracking=None):
    pose = PoseSettings(max_people=max_people)
    return PeopleEstimator(pose, world, world, lambda: Follower(pose), tracking)


def follow(world, n_frames, estimator=None, start=0):
    """Return, per frame, the middle of everybody's shoulders by number."""
    with estimator or estimator_of(world) as people:
        return [
            {p.person: float(p.pose.image_px[11:13, 0].mean()) for p in people.estimate(world.picture(k), k / RATE_HZ)}
            for k in range(start, n_frames)
        ]


def at(x, speed=0.0):
    return lambda t: x + speed * t


def right_numbers(world, answers):
    """Whether everybody who is answered is where the figure is whose number they had in the first frame."""
    first = {n: int(np.argmin([abs(x - at_0) for _, at_0 in world.places(0)])) for n, x in answers[0].items()}
    for k, answer in enumerate(answers):
        for number, x in answer.items():
            where = world.figures[first[number]].path(k / RATE_HZ)
            if where is None or abs(where - x) > 1.0:
                return False
    return True


def test_everybody_has_a_number_from_the_first_frame():
    world = World([Figure(at(200), RED), Figure(at(500), GREEN), Figure(at(800), BLUE)])
    answers = follow(world, 30)
    assert all(sorted(answer) == [0, 1, 2] for answer in answers)
    assert right_numbers(world, answers)


def test_more_people_than_asked_for_are_left_alone():
    world = World([Figure(at(200), RED), Figure(at(500), GREEN), Figure(at(800), BLUE)])
    estimator = estimator_of(world, max_people=2)
    answers = follow(world, 60, estimator)
    assert all(sorted(answer) == [0, 1] for answer in answers)
    assert world.n_landmarked == 2 * 60
    assert estimator.n_not_followed() == 1


@pytest.mark.parametrize(("comes_s", "max_people", "n_others"), [(1.0, 2, 1), (1.0, 3, 0), (99.0, 2, 0)])
def test_who_comes_when_all_places_are_taken_is_counted(comes_s, max_people, n_others):
    late = Figure(lambda t: 800.0 if t >= comes_s else None, BLUE)
    world = World([Figure(at(200), RED), Figure(at(500), GREEN), late], doubled=True)
    estimator = estimator_of(world, max_people)
    follow(world, 60, estimator)
    assert estimator.n_not_followed() == n_others
    again = estimator_of(world, max_people)
    again.restore_state(json.loads(json.dumps(estimator.export_state())))
    assert again.n_not_followed() == n_others


def test_whoever_comes_later_is_found():
    world = World([Figure(at(200), RED), Figure(lambda t: 700.0 if t >= 1 else None, GREEN)])
    answers = follow(world, 150)
    assert sorted(answers[-1]) == [0, 1]
    assert all(sorted(answer) == [0] for answer in answers[:30])


def test_calm_footage_costs_few_detections():
    world = World([Figure(at(480), RED)])
    answers = follow(world, 10)
    at_first = world.n_detected
    assert all(answer == {0: 480.0} for answer in answers)
    people = estimator_of(world)
    world.n_detected = world.n_landmarked = 0
    follow(world, 900, people)
    assert world.n_detected - at_first <= 30 / TrackingSettings().calm_interval_s
    assert world.n_landmarked <= 1.05 * 900


@pytest.mark.parametrize("speed", [150.0, 250.0])
@pytest.mark.parametrize("colours", [(RED, GREEN), (GREEN, RED), (RED, RED)])
def test_people_who_cross_keep_their_numbers_and_the_hidden_one_is_missing(speed, colours):
    world = World([Figure(at(200, speed), colours[0]), Figure(at(760, -speed), colours[1])])
    n_frames = int(560 / speed * RATE_HZ)
    answers = follow(world, n_frames)
    assert right_numbers(world, answers)
    assert sorted(answers[0]) == sorted(answers[-1]) == [0, 1]
    missing = [k for k, answer in enumerate(answers) if len(answer) < 2]
    assert missing
    assert len(missing) < 0.7 * RATE_HZ


def test_people_who_meet_and_turn_back_keep_their_numbers_by_their_looks():
    def back(x, speed):
        return lambda t: x + speed * (t if t < 1.5 else 3.0 - t)

    world = World([Figure(back(200, 180), RED), Figure(back(730, -180), GREEN)])
    answers = follow(world, 90)
    assert sorted(answers[-1]) == [0, 1]
    assert right_numbers(world, answers)


def test_who_comes_back_is_known_by_their_looks_and_somebody_else_is_new():
    def away(t):
        return 150.0 if t < 1 else 850.0 if t >= 6 else None

    def other(t):
        return 150.0 if t >= 8 else None

    world = World([Figure(away, RED), Figure(at(480), BLUE), Figure(other, GREEN)])
    answers = follow(world, 12 * RATE_HZ)
    gone = answers[0].keys() - answers[3 * RATE_HZ].keys()
    assert len(gone) == 1
    assert sorted(answers[8 * RATE_HZ - 1]) == [0, 1]
    assert answers[8 * RATE_HZ - 1][gone.pop()] == 850.0
    assert answers[-1][2] == 150.0


def test_a_ghost_gets_no_number():
    world = World([Figure(at(200), RED)], ghosts=dict.fromkeys((0, 1, 2, 3, 4), 700.0))
    assert all(list(answer) == [0] for answer in follow(world, 60))


def test_two_detections_of_one_body_are_one_person():
    world = World([Figure(at(480), RED)], doubled=True)
    assert all(list(answer) == [0] for answer in follow(world, 90))


def test_nobody_is_nobody():
    world = World([])
    assert follow(world, 5) == [{}] * 5


def test_lost_and_found_again_in_place_is_the_same_person():
    world = World([Figure(lambda t: None if 1 <= t < 1.3 else 480.0, RED)])
    answers = follow(world, 60)
    assert all(not answer for answer in answers[30:39])
    assert answers[39] == answers[-1] == {0: 480.0}


def test_a_rough_detection_is_looked_at_twice():
    world = World([Figure(at(480), RED)], rough=True)
    follow(world, 1)
    assert world.n_landmarked == 2


def test_a_detector_that_sees_small_people_gets_whole_pictures_only():
    world = World([Figure(at(480), RED)])
    people = estimator_of(world, tracking=TrackingSettings(parts=False))
    assert all(answer == {0: 480.0} for answer in follow(world, 20, people))
    assert world.n_detected == 1


def test_looks_are_told_apart():
    world = World([Figure(at(200), RED), Figure(at(700), GREEN)])
    people = estimator_of(world)
    follow(world, 10, people)
    looks = people.appearances()
    assert sorted(looks) == [0, 1]
    assert all(np.sum(look) == pytest.approx(6.0) for look in looks.values())
    assert not np.allclose(looks[0], looks[1])


CROSSING = World([Figure(at(200, 200), RED), Figure(at(760, -200), GREEN), Figure(at(480), BLUE, y=250.0)])
whole = cache(lambda: follow(CROSSING, 84))


@few_examples
@given(cut=st.integers(0, 83))
@pytest.mark.thorough
def test_a_state_goes_through_json_and_continues_exactly(cut):
    first, second = estimator_of(CROSSING), estimator_of(CROSSING)
    begun = follow(CROSSING, cut, first)
    second.restore_state(json.loads(json.dumps(first.export_state(), allow_nan=False)))
    assert begun + follow(CROSSING, 84, second, start=cut) == whole()

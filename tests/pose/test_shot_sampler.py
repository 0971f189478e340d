"""A new shot begins with nobody known, and its people get numbers that nobody had before."""

import numpy as np

from vidpose.pose.estimator import FramePose, PersonPose
from vidpose.pose.sampling import SamplingSettings
from vidpose.pose.shot_sampler import ShotSampler
from vidpose.types.picture import BT601, Picture

GREY = np.full((8, 8), 128, np.uint8)
PICTURE = Picture(GREY, GREY[:4, :4], GREY[:4, :4], 0, BT601, rgb=lambda: np.zeros((8, 8, 3), np.uint8))


class Counter:
    """Sees as many people as it is told; its state is how often it was asked since it last forgot everybody."""

    def __init__(self, n_people=2):
        self.n_people = n_people
        self.n_asked = 0

    def estimate(self, picture, time_s):
        self.n_asked += 1
        return [PersonPose(number, FramePose.missing()) for number in range(self.n_people)]

    def export_state(self):
        return {"n_asked": self.n_asked}

    def restore_state(self, state):
        self.n_asked = state["n_asked"]

    def forget(self):
        self.n_asked = 0

    def appearances(self):
        return {number: [self.n_asked] for number in range(self.n_people)}


def numbers(results):
    return [[one.person for one in result.people] for result in results]


def test_people_of_every_shot_have_numbers_of_their_own():
    estimator = Counter()
    sampler = ShotSampler(estimator, SamplingSettings())
    assert numbers(sampler.feed(PICTURE, 0.0)) == [[0, 1]]
    assert sampler.begin_shot() == []
    assert estimator.n_asked == 0
    assert numbers(sampler.feed(PICTURE, 0.1)) == [[2, 3]]
    assert sampler.appearances() == {0: [1], 1: [1], 2: [1], 3: [1]}


def test_a_frame_that_was_held_is_answered_before_the_shot_ends():
    sampler = ShotSampler(Counter(), SamplingSettings(stride=5))
    assert numbers(sampler.feed(PICTURE, 0.0)) == [[0, 1]]
    assert sampler.feed(PICTURE, 0.1) == []
    assert numbers(sampler.begin_shot()) == [[0, 1]]


def test_a_shot_without_people_takes_no_number():
    estimator = Counter(0)
    sampler = ShotSampler(estimator, SamplingSettings())
    sampler.feed(PICTURE, 0.0)
    sampler.begin_shot()
    estimator.n_people = 1
    assert numbers(sampler.feed(PICTURE, 0.1)) == [[0]]


def test_an_interrupted_run_goes_on_with_the_same_numbers():
    sampler = ShotSampler(Counter(), SamplingSettings())
    sampler.feed(PICTURE, 0.0)
    sampler.begin_shot()
    sampler.feed(PICTURE, 0.1)
    sampler.flush()
    state = sampler.export_state()
    again = ShotSampler(Counter(), SamplingSettings())
    again.restore_state(state)
    for one in (sampler, again):
        assert numbers(one.feed(PICTURE, 0.2)) == [[2, 3]]
        one.begin_shot()
        assert numbers(one.feed(PICTURE, 0.3)) == [[4, 5]]

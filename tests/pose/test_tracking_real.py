"""Several people in real videos: as many as a viewer counts, and nobody changes because others could be there."""

from itertools import islice

import numpy as np
import pytest

from vidpose.pose.blazepose.detector import BlazePoseDetector
from vidpose.pose.blazepose.follower import Follower
from vidpose.pose.blazepose.landmarker import BlazePoseLandmarker
from vidpose.pose.blazepose.person_estimator import BlazePoseEstimator
from vidpose.pose.estimator import PoseSettings
from vidpose.pose.tracking.people_estimator import PeopleEstimator
from vidpose.video.decode import VideoReader
from vidpose.video.probe import probe

pytestmark = [pytest.mark.slow, pytest.mark.thorough]


def several():
    settings = PoseSettings(max_people=4)
    return PeopleEstimator(
        settings, BlazePoseDetector(settings), BlazePoseLandmarker(settings), lambda: Follower(settings)
    )


def answers(file, estimator, stop, step=1):
    with estimator, VideoReader(probe(file, "0" * 64).source) as reader:
        frames = islice((frame for batch in reader.batches(1) for frame in batch), 0, stop, step)
        return [{p.person: p.pose for p in estimator.estimate(frame.picture, frame.time_s)} for frame in frames]


@pytest.mark.parametrize("name", ["pose2sim_single_cam04.mp4", "gaitlab_male_side.mp4"])
def test_somebody_alone_gets_the_same_landmarks(shared_data, name):
    file = shared_data / "videos" / name
    one, all_ = answers(file, BlazePoseEstimator(PoseSettings()), 60), answers(file, several(), 60)
    assert all(list(found) == [0] for found in all_)
    for single, found in zip(one, all_, strict=True):
        np.testing.assert_array_equal(single[0].image_px, found[0].image_px)
        np.testing.assert_array_equal(single[0].world_m, found[0].world_m)


def test_two_people_in_the_laboratory(shared_data):
    found = answers(shared_data / "videos" / "pose2sim_multi_cam02.mp4", several(), 60)
    assert all(list(frame) == [0, 1] for frame in found)


def test_a_man_on_a_roof_and_a_woman_who_walks_past(shared_data):
    found = answers(shared_data / "videos" / "sports2d_demo.mp4", several(), 230, step=2)
    assert set().union(*found) == {0, 1}
    assert all(list(frame) == [0] for frame in found[:20])
    assert all(list(frame) == [0, 1] for frame in found[35:80])
    assert sum(1 in frame for frame in found[105:]) == 0

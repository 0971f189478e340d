"""Of the poses that MediaPipe's task finds, the one is kept whose person was followed."""

from dataclasses import replace

import numpy as np

from vidpose.pose.estimator import FramePose
from vidpose.pose.mediapipe import nearest_pose


def person_at(x_px):
    image_px = np.zeros((33, 2), dtype=np.float32)
    image_px[:, 0] = x_px
    return replace(FramePose.missing(), image_px=image_px)


LEFT, RIGHT = person_at(100.0), person_at(500.0)


def test_the_first_one_counts_at_the_start():
    assert nearest_pose([RIGHT, LEFT], None) is RIGHT


def test_the_one_that_was_followed_counts_in_any_order():
    last_px = person_at(130.0).image_px
    assert nearest_pose([RIGHT, LEFT], last_px) is LEFT
    assert nearest_pose([LEFT, RIGHT], last_px) is LEFT


def test_the_only_one_counts_however_far():
    assert nearest_pose([RIGHT], LEFT.image_px) is RIGHT


def test_nobody_is_nobody():
    assert nearest_pose([], None) is None
    assert nearest_pose([], LEFT.image_px) is None


def test_one_limb_that_flies_off_does_not_make_another_person():
    astray = replace(LEFT, image_px=np.where(np.arange(33)[:, None] == 15, np.float32(900), LEFT.image_px))
    assert nearest_pose([RIGHT, astray], LEFT.image_px) is astray

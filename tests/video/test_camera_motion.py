"""The camera's motion is measured from the background, whatever people do in front of it."""

import math

import numpy as np
import pytest

from vidpose.types.picture import BT601, Picture
from vidpose.video.camera_motion import STILL, CameraFollower, combined, inverse
from vidpose.video.small_picture import SmallPicture

RATE_HZ = 30
SIZE = (640, 360)


def background(seed=0, margin=320):
    """Boxes of all sizes, wider than the picture, so that it can be panned."""
    random = np.random.default_rng(seed)
    width, height = SIZE[0] + 2 * margin, SIZE[1] + 2 * margin
    wide = np.full((height, width), 120.0)
    for _ in range(500):
        x, y = random.integers(width), random.integers(height)
        w, h = random.integers(10, 90, 2)
        wide[y : y + h, x : x + w] = random.uniform(30, 220)
    return wide


WIDE = background()


def picture(x=0.0, y=0.0, body=None, rotation_deg=0, margin=320):
    left, top = round(margin + x), round(margin + y)
    luma = WIDE[top : top + SIZE[1], left : left + SIZE[0]].astype(np.uint8)
    if body is not None:
        luma = luma.copy()
        x0, y0, x1, y1 = body
        luma[y0:y1, x0:x1] = np.random.default_rng(1).integers(0, 255, (y1 - y0, x1 - x0))
    luma = np.ascontiguousarray(np.rot90(luma, rotation_deg // 90))
    grey = np.full((luma.shape[0] // 2, luma.shape[1] // 2), 128, np.uint8)
    return Picture(luma, grey, grey, rotation_deg, BT601, rgb=lambda: np.zeros((*luma.shape, 3), np.uint8))


def path_of(pictures, follower=None, people=lambda number: (), start=0):
    """Return the similarity to the first frame after every frame that is measured, and how often it was not known."""
    follower = follower or CameraFollower()
    whole, path, n_lost = STILL, [], 0
    for number, one in enumerate(pictures, start):
        step = follower.look(SmallPicture.of(one), one, number / RATE_HZ)
        follower.people = list(people(number))
        if step is not None and math.isfinite(step[0]):
            whole = combined(whole, step)
            path.append(whole)
        n_lost += step is not None and not math.isfinite(step[0])
    return np.array(path), n_lost


@pytest.mark.parametrize("px_per_s", [20, 60, 200])
def test_a_pan_is_measured_within_two_pixels(px_per_s):
    way = np.arange(45) / RATE_HZ * px_per_s
    path, n_lost = path_of([picture(round(x), round(0.3 * x)) for x in way])
    assert n_lost == 0
    assert path[-1, 2] == pytest.approx(round(way[44]), abs=2.0)
    assert path[-1, 3] == pytest.approx(round(0.3 * way[44]), abs=2.0)
    assert np.hypot(path[:, 0], path[:, 1]) == pytest.approx(1.0, abs=0.01)


def test_a_turned_picture_is_measured_upright():
    path, _ = path_of([picture(3 * number, 0, rotation_deg=90) for number in range(30)])
    assert path[-1, 2:] == pytest.approx([84, 0], abs=2.0)


def test_a_still_camera_stays_still_although_somebody_walks():
    def body(number):
        return 50 + 8 * number, 80, 170 + 8 * number, 350

    path, n_lost = path_of([picture(body=body(number)) for number in range(45)], people=lambda number: [body(number)])
    assert n_lost == 0
    assert np.abs(path[:, 2:]).max() < 0.4


def test_nothing_is_known_without_a_background():
    path, n_lost = path_of([picture() for _ in range(20)], people=lambda _: [(0.0, 0.0, 640.0, 360.0)])
    assert n_lost >= 8
    assert len(path) == 1


def test_a_follower_continues_where_its_state_was_exported():
    pictures = [picture(4 * number) for number in range(40)]
    whole, _ = path_of(pictures)
    first = CameraFollower()
    before, _ = path_of(pictures[:21], first)
    after, _ = path_of(pictures[21:], CameraFollower.restored(first.export_state()), start=21)
    joined = [*before, *(combined(tuple(before[-1]), tuple(step)) for step in after)]
    assert np.array(joined) == pytest.approx(whole, abs=1e-9)


def test_similarities_combine_and_undo_each_other():
    first, second = (1.1, 0.2, 5.0, -3.0), (0.9, -0.1, 2.0, 8.0)
    assert combined(inverse(first), first) == pytest.approx(STILL)
    (u, v), (a, b, x, y) = (7.0, 11.0), combined(second, first)
    p, q = 1.1 * u - 0.2 * v + 5.0, 0.2 * u + 1.1 * v - 3.0
    assert (a * u - b * v + x, b * u + a * v + y) == pytest.approx((0.9 * p + 0.1 * q + 2.0, -0.1 * p + 0.9 * q + 8.0))

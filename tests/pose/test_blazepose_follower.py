"""Following: regions by hand, MediaPipe's filters by hand, and a memory that survives as text."""

import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vidpose.pose.blazepose.follower import Follower, region_around, region_shift
from vidpose.pose.blazepose.one_euro import FRAME_PERIOD_S, LowPass, OneEuro, OneEuroSettings
from vidpose.pose.estimator import FramePose, PoseSettings
from vidpose.pose.regions import Detection, Landmarked, Region

SIZE_PX = (640, 480)
NAMES = ("image_px", "z_rel", "visibility", "presence", "world_m")


def landmarked(seed):
    random = np.random.default_rng(seed)
    single = np.float32
    pose = FramePose(
        random.uniform(0, 480, (33, 2)).astype(single),
        random.normal(size=33).astype(single),
        random.uniform(size=33).astype(single),
        random.uniform(size=33).astype(single),
        random.normal(size=(33, 3)).astype(single),
    )
    aux_px = np.array([[320.0, 240.0], [320.0, 120.0]]) + random.normal(size=(2, 2)) * 3
    return Landmarked(pose, 0.9, aux_px)


def detection():
    return Detection(0.8, (300.0, 50.0, 340.0, 90.0), Region(320.0, 240.0, 300.0, 0.1))


def started(smooth=False):
    follower = Follower(PoseSettings(smooth_landmarks=smooth))
    follower.begin(detection())
    return follower


def assert_same(first, second):
    for name in NAMES:
        np.testing.assert_array_equal(getattr(first, name), getattr(second, name))


@pytest.mark.parametrize(
    ("rim", "rotation_rad"),
    [((100.0, 60.0), 0.0), ((140.0, 100.0), math.pi / 2), ((100.0, 140.0), -math.pi), ((60.0, 100.0), -math.pi / 2)],
)
def test_the_square_s_top_points_to_the_rim(rim, rotation_rad):
    region = region_around(np.array([100.0, 100.0]), np.array(rim))
    assert (region.centre_x_px, region.centre_y_px) == (100.0, 100.0)
    assert region.side_px == pytest.approx(2 * 40 * 1.25)
    assert region.rotation_rad == pytest.approx(rotation_rad)


@given(st.floats(-math.pi, math.pi - 1e-9), st.floats(1.0, 1e3))
def test_turning_the_rim_turns_the_square(angle, radius):
    rim = np.array([math.sin(angle), -math.cos(angle)]) * radius
    region = region_around(np.zeros(2), rim)
    assert region.side_px == pytest.approx(2.5 * radius)
    assert math.cos(region.rotation_rad - angle) == pytest.approx(1.0)
    assert -math.pi <= region.rotation_rad < math.pi


@pytest.mark.parametrize(
    ("second", "shift"),
    [
        (Region(100.0, 50.0, 40.0, 0.3), 0.0),
        (Region(103.0, 46.0, 40.0, 0.3), 5.0 / 40.0),
        (Region(100.0, 50.0, 80.0, 0.3), math.sqrt(2.0) / 4.0),
        (Region(100.0, 50.0, 40.0, 0.3 + math.pi / 2.0), 1.0),
        (Region(100.0, 50.0, 40.0, 0.3 - 2.0 * math.pi), 0.0),
    ],
)
def test_moving_growing_and_turning_shift_a_region(second, shift):
    first = Region(100.0, 50.0, 40.0, 0.3)
    assert region_shift(first, second) == pytest.approx(shift, abs=1e-12)
    assert region_shift(second, first) == pytest.approx(shift, abs=1e-12)


@pytest.mark.parametrize("n_periods", [1.0, 3.0])
def test_one_euro_s_second_value_by_hand(n_periods):
    period_s = n_periods * FRAME_PERIOD_S
    euro = OneEuro(OneEuroSettings(min_cutoff_hz=0.5, beta=2.0))
    euro.step(np.array([1.0]))
    filtered = euro.step(np.array([2.0]), scale=0.1, n_periods=n_periods)

    def share(cutoff):
        return 1 / (1 + 1 / (2 * math.pi * cutoff * period_s))

    speed = share(1.0) * 0.1 / period_s
    assert filtered[0] == pytest.approx(1.0 + share(0.5 + 2.0 * speed))


def test_filters_leave_rest_alone_and_start_at_the_first_value():
    euro, low_pass = OneEuro(OneEuroSettings(0.05, 80.0)), LowPass(0.1)
    for _ in range(5):
        np.testing.assert_allclose(euro.step(np.array([3.0, -1.0])), [3.0, -1.0])
        np.testing.assert_allclose(low_pass.step(np.array([3.0])), [3.0])
    np.testing.assert_allclose(low_pass.step(np.array([4.0])), [3.1])


def test_one_euro_follows_fast_movement_and_calms_slow_noise():
    def lag(step):
        euro = OneEuro(OneEuroSettings(0.05, 80.0))
        for k in range(30):
            last = euro.step(np.array([k * step]), scale=1.0)
        return (29 * step - last[0]) / step

    assert lag(1.0) < 0.1 < lag(1e-3)


def test_one_long_step_of_the_average_is_as_many_short_ones():
    short, long = LowPass(0.1), LowPass(0.1)
    for low_pass in (short, long):
        low_pass.step(np.array([0.0, 5.0]))
    for _ in range(3):
        last = short.step(np.array([1.0, 1.0]))
    np.testing.assert_allclose(long.step(np.array([1.0, 1.0]), n_periods=3.0), last, rtol=1e-12)


@pytest.mark.parametrize("smooth", [False, True])
def test_after_a_gap_old_frames_count_less(smooth):
    followers = [started(smooth) for _ in range(2)]
    for follower in followers:
        follower.accept(landmarked(0), SIZE_PX)
    answer = landmarked(1)
    poses = [
        follower.accept(answer, SIZE_PX, n_periods) for follower, n_periods in zip(followers, (1.0, 3.0), strict=True)
    ]
    wanted = region_around(*answer.aux_px)
    short, long = (region_shift(follower.region, wanted) for follower in followers)
    assert long < short
    for name in ("image_px", "world_m", "visibility"):
        left = [np.abs(getattr(pose, name) - getattr(answer.pose, name)).mean() for pose in poses]
        assert left[1] < left[0] if smooth else left == [0.0, 0.0]


def test_nobody_is_followed_before_and_after():
    follower = Follower(PoseSettings())
    assert follower.region is None
    follower.begin(detection())
    assert follower.region == detection().region
    follower.accept(landmarked(0), SIZE_PX)
    follower.lost()
    assert follower.region is None
    assert follower.export() == Follower(PoseSettings()).export()


def test_without_smoothing_the_pose_is_what_was_read():
    follower, answer = started(), landmarked(0)
    follower.accept(landmarked(1), SIZE_PX)
    assert_same(follower.accept(answer, SIZE_PX), answer.pose)


def test_the_first_region_is_around_the_points_and_later_ones_are_calmed():
    follower, first, second = started(), landmarked(0), landmarked(1)
    follower.accept(first, SIZE_PX)
    assert follower.region == region_around(*first.aux_px)
    follower.accept(second, SIZE_PX)
    low, high = sorted([first.aux_px[0, 0], second.aux_px[0, 0]])
    assert low < follower.region.centre_x_px < high


def test_smoothing_keeps_the_first_pose_and_calms_the_next():
    follower, first, second = started(smooth=True), landmarked(0), landmarked(1)
    kept = follower.accept(first, SIZE_PX)
    for name in NAMES:
        np.testing.assert_allclose(getattr(kept, name), getattr(first.pose, name), rtol=1e-6)
    calmed = follower.accept(second, SIZE_PX)
    for name in ("image_px", "z_rel", "visibility", "world_m"):
        before, raw, now = (getattr(pose, name) for pose in (first.pose, second.pose, calmed))
        assert (np.abs(now - before) <= np.abs(raw - before) * (1 + 1e-4) + 1e-4).all()
        assert now.dtype == np.float32
    np.testing.assert_array_equal(calmed.presence, second.pose.presence)
    np.testing.assert_allclose(calmed.visibility, 0.1 * second.pose.visibility + 0.9 * first.pose.visibility, rtol=1e-5)


@pytest.mark.parametrize("smooth", [False, True])
@pytest.mark.parametrize("n_before", [0, 1, 4])
def test_a_follower_restored_from_text_goes_on_exactly(smooth, n_before):
    follower = started(smooth)
    for seed in range(n_before):
        follower.accept(landmarked(seed), SIZE_PX)
    other = started(smooth)
    other.accept(landmarked(99), SIZE_PX)
    other.restore(json.loads(json.dumps(follower.export())))
    assert other.region == follower.region
    for seed in range(10, 14):
        assert_same(other.accept(landmarked(seed), SIZE_PX), follower.accept(landmarked(seed), SIZE_PX))
        assert other.region == follower.region


def test_a_new_person_does_not_inherit_the_old_one_s_filters():
    follower = started(smooth=True)
    follower.accept(landmarked(0), SIZE_PX)
    follower.begin(detection())
    assert_same(follower.accept(landmarked(1), SIZE_PX), started(smooth=True).accept(landmarked(1), SIZE_PX))

"""Borders between segments, on tracks made by hand: a stick figure that walks, and another one beside it."""

import numpy as np
import pytest

from vidpose.planning.joining import Seam, SeamSettings, breaks_at, guide_from, seam_disagreement
from vidpose.types.pose import PoseTrack
from vidpose.types.skeleton import LANDMARK_INDEX, N_LANDMARKS

TORSO_PX = 100.0
RATE_HZ = 30


def track(frames, *, x_px=300.0, noise_px=0.0, lost=(), seed=0):
    """A person whose mid-hip is at ``x_px`` plus 2 px per frame, torso 100 px upright; NaN in the ``lost`` frames."""
    frames = np.asarray(frames)
    spots = np.random.default_rng(5).uniform(-80, 80, (N_LANDMARKS, 2))
    for name, offset in {
        "left_hip": (10, 0),
        "right_hip": (-10, 0),
        "left_shoulder": (15, -TORSO_PX),
        "right_shoulder": (-15, -TORSO_PX),
    }.items():
        spots[LANDMARK_INDEX[name]] = offset
    image_px = spots + np.array([x_px, 200.0]) + 2.0 * np.stack([frames, 0 * frames], axis=1)[:, None, :]
    image_px = image_px + np.random.default_rng(seed).normal(0, noise_px, image_px.shape)
    image_px[np.isin(frames, lost)] = np.nan
    per_landmark = np.where(np.isnan(image_px[:, :, 0]), np.nan, 0.9)
    return PoseTrack(
        pts=frames * 1000,
        timestamps_s=frames / RATE_HZ,
        image_px=image_px,
        z_rel=per_landmark,
        visibility=per_landmark,
        presence=per_landmark,
        world_m=np.repeat(per_landmark[:, :, None], 3, axis=2),
        corrupt=np.zeros(len(frames), bool),
    )


EARLIER = range(60)
LATER = range(45, 120)  # 15 frames of warm-up, core from 60
WARMUP = np.arange(45, 120) < 60


def test_the_same_person_with_the_noise_of_a_restart_agrees():
    # 0.05 torso lengths of scatter on each side, the middle of what restarts of the tracker show
    value = seam_disagreement(track(EARLIER, noise_px=5, seed=1), track(LATER, noise_px=5, seed=2), WARMUP)
    assert value is not None
    assert 0.02 < value < 0.25


@pytest.mark.parametrize("shift_px", [-60.0, 60.0, 250.0])
def test_another_person_disagrees_by_the_distance_in_torso_lengths(shift_px):
    value = seam_disagreement(track(EARLIER), track(LATER, x_px=300 + shift_px), WARMUP)
    assert value == pytest.approx(abs(shift_px) / TORSO_PX, rel=1e-3)
    assert value > 0.5


def test_identical_sides_disagree_by_nothing():
    assert seam_disagreement(track(EARLIER), track(LATER), WARMUP) == 0.0


def test_the_first_half_of_the_warm_up_does_not_count():
    later = track(LATER, lost=range(49, 60))  # four frames to compare
    image_px = later.image_px.copy()
    image_px[:2] += 400  # the tracker has not settled yet
    settled = PoseTrack(**{name: getattr(later, name) for name in PoseTrack.__slots__} | {"image_px": image_px})
    assert seam_disagreement(track(EARLIER), settled, WARMUP) == 0.0


@pytest.mark.parametrize(
    ("earlier_lost", "later_lost"), [(range(40, 60), ()), ((), range(45, 60)), (range(45, 53), range(53, 60))]
)
def test_no_frame_with_a_person_on_both_sides_cannot_be_compared(earlier_lost, later_lost):
    earlier, later = track(EARLIER, lost=earlier_lost), track(LATER, lost=later_lost)
    assert seam_disagreement(earlier, later, WARMUP) is None


def test_frames_behind_the_border_are_never_compared():
    earlier, later = track(range(120), x_px=900), track(LATER, lost=range(45, 60))
    assert seam_disagreement(earlier, later, WARMUP) is None


def test_one_common_frame_is_enough():
    earlier = track(EARLIER, lost=[*range(45, 58), 59])
    assert seam_disagreement(earlier, track(LATER, x_px=350), WARMUP) == pytest.approx(0.5)


def test_a_person_too_small_for_a_torso_is_compared_in_pixels():
    """The torso counts as one pixel at least, so the value stays finite."""
    earlier, later = track(EARLIER), track(LATER)
    dot = {name: getattr(earlier, name) for name in PoseTrack.__slots__}
    dot["image_px"] = np.full_like(earlier.image_px, 10.0)
    value = seam_disagreement(PoseTrack(**dot), later, WARMUP)
    assert value is not None
    assert np.isfinite(value)


def test_the_guide_is_the_earlier_persons_box_widened_by_the_margin():
    earlier = track(EARLIER, lost=[58])
    guide = guide_from(earlier, range(57_000, 61_000, 1000), SeamSettings(guide_margin=0.5))
    assert guide.pts == (57_000, 59_000), "warm-up frames in which the earlier side sees the person"
    for pts, box in zip(guide.pts, guide.boxes_px, strict=True):
        shown = earlier.image_px[pts // 1000]
        (left, top), (right, bottom) = shown.min(axis=0), shown.max(axis=0)
        margin = 0.5 * max(right - left, bottom - top)
        assert box == pytest.approx((left - margin, top - margin, right + margin, bottom + margin))


def test_no_person_makes_an_empty_guide():
    guide = guide_from(track(EARLIER, lost=EARLIER), range(45_000, 60_000, 1000), SeamSettings())
    assert (guide.pts, guide.boxes_px) == ((), ())


def test_breaks_stand_at_disagreeing_borders_only():
    joined = track([*range(10), *range(13, 40)])
    states = ["agrees", "disagrees", "repaired", "not_comparable", "disagrees"]
    times = [5 / RATE_HZ, 9 / RATE_HZ, 20 / RATE_HZ, 25 / RATE_HZ, 11 / RATE_HZ]
    seams = [Seam(k + 1, time, state, 0.6) for k, (time, state) in enumerate(zip(times, states, strict=True))]
    # frame 9 is the tenth; at 11 / 30 s nothing was decoded, so the next frame there is begins the new stretch
    assert breaks_at(joined, seams) == (9, 10)


@pytest.mark.parametrize(
    ("changes", "named"), [({"max_disagreement": 0.0}, "max_disagreement"), ({"guide_margin": -0.1}, "guide_margin")]
)
def test_settings_out_of_range_are_refused_by_name(changes, named):
    with pytest.raises(ValueError, match=named):
        SeamSettings(**changes)

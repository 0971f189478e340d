"""Which frames are estimated: at a rate, every n-th, as many as the movement needs; and nothing depends on luck."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vidpose.errors import ConfigError
from vidpose.pose.estimator import EstimatorInfo, FramePose, PersonPose, PoseSettings
from vidpose.pose.movement import movement
from vidpose.pose.sampling import Sampler, SamplingSettings, check_sampling
from vidpose.types.picture import BT601, Picture
from vidpose.types.skeleton import LANDMARK_INDEX, N_LANDMARKS

AUTO = SamplingSettings(stride="auto")
GREY = np.full((4, 4), 128, np.uint8)
PICTURE = Picture(GREY, GREY[::2, ::2], GREY[::2, ::2], 0, BT601, GREY.copy)
TORSO_PX = 100.0


def pose_at(x_px, visibility=1.0):
    """A person whose torso is 100 px long, moved to the right as a whole."""
    image_px = np.zeros((N_LANDMARKS, 2), np.float32)
    for name in ("left_hip", "right_hip"):
        image_px[LANDMARK_INDEX[name], 1] = TORSO_PX
    image_px[:, 0] += x_px
    return replace(
        FramePose.missing(), image_px=image_px, visibility=np.full(N_LANDMARKS, visibility, dtype=np.float32)
    )


class Walker:
    """Knows where the person is at every time, None for nobody; what it answers also depends on how often it was asked
    since it began, which is its state, so that a wrong state shows."""

    def __init__(self, where, has_state=True):
        self.where = where
        self.has_state = has_state
        self.n_asked = 0
        self.asked = []

    def estimate(self, picture, time_s):
        assert picture is PICTURE
        self.asked.append(time_s)
        self.n_asked += 1
        x_px = self.where(time_s)
        if x_px is None:
            return []
        return [PersonPose(0, replace(pose_at(x_px), z_rel=np.full(N_LANDMARKS, self.n_asked, np.float32)))]

    def export_state(self):
        return {"n_asked": self.n_asked} if self.has_state else None

    def restore_state(self, state):
        self.n_asked = state["n_asked"]


class Bridging(Walker):
    """Also remembers the gaps that it was told of, by the frame after each."""

    def __init__(self, where):
        super().__init__(where)
        self.gaps = {}

    def estimate_after_gap(self, picture, time_s, gap_s):
        self.gaps[round(30 * time_s)] = round(30 * gap_s)
        return self.estimate(picture, time_s)


def still(time_s):
    return 50.0


def fed(sampler, times):
    results = [result for time_s in times for result in sampler.feed(PICTURE, float(time_s))]
    return results + sampler.flush()


def estimated(where, times, options):
    """Return the numbers of the frames that were estimated; every frame has one result, in order."""
    results = fed(Sampler(Walker(where), options), times)
    assert len(results) == len(times)
    for result, time_s in zip(results, times, strict=True):
        x_px = where(float(time_s)) if result.estimated else None
        assert bool(result.people) == (x_px is not None)
        if result.people:
            assert result.people[0].pose.image_px[0, 0] == pytest.approx(x_px, abs=1e-3)
    return [number for number, result in enumerate(results) if result.estimated]


def even(n_frames, rate_hz=30.0):
    return np.arange(n_frames) / rate_hz


# --- every frame, every n-th, at a rate ---------------------------------------------------------------------------


def test_stride_1_answers_every_frame_at_once():
    sampler = Sampler(Walker(still, has_state=False), SamplingSettings())
    for time_s in even(5):
        (result,) = sampler.feed(PICTURE, time_s)
        assert result.estimated
        assert len(result.people) == 1
    assert sampler.flush() == []


@pytest.mark.parametrize(
    ("stride", "n_frames", "frames"),
    [(2, 5, [0, 2, 4]), (2, 6, [0, 2, 4, 5]), (3, 8, [0, 3, 6, 7]), (10, 3, [0, 2]), (4, 1, [0]), (4, 0, [])],
)
def test_every_nth_frame_and_the_last(stride, n_frames, frames):
    assert estimated(still, even(n_frames), SamplingSettings(stride=stride)) == frames


@pytest.mark.parametrize(
    ("rate_hz", "pose_fps", "frames"),
    [
        (30.0, 10.0, [0, 3, 6, 9]),
        (30.0, 15.0, [0, 2, 4, 6, 8, 9]),
        (30.0, 20.0, [0, 2, 3, 5, 6, 8, 9]),
        (30.0, 30.0, list(range(10))),
        (30000 / 1001, 60.0, list(range(10))),
        (60.0, 7.5, [0, 8, 9]),
    ],
)
def test_a_rate_takes_the_first_frame_of_every_period(rate_hz, pose_fps, frames):
    assert estimated(still, even(10, rate_hz), SamplingSettings(pose_fps=pose_fps)) == frames


def test_a_rate_goes_by_time_stamps_not_by_frame_numbers():
    times = [0.0, 0.01, 0.02, 0.11, 0.12, 0.35, 0.39, 0.41, 0.42]
    assert estimated(still, times, SamplingSettings(pose_fps=10.0)) == [0, 3, 5, 7, 8]


def test_sampling_at_a_rate_needs_no_state():
    results = fed(Sampler(Walker(still, has_state=False), SamplingSettings(stride=3)), even(7))
    assert [result.estimated for result in results] == [True, False, False, True, False, False, True]


def test_frames_that_are_asked_for_are_estimated_whatever_the_settings():
    sampler = Sampler(Walker(still), SamplingSettings(stride=4))
    results = [sampler.feed(PICTURE, time_s, always=number < 3) for number, time_s in enumerate(even(8))]
    assert [len(result) for result in results[:3]] == [1, 1, 1]
    flat = [result.estimated for part in [*results, sampler.flush()] for result in part]
    assert flat == [True, True, True, False, False, False, True, True]


@pytest.mark.parametrize(
    ("options", "n_frames", "gaps"),
    [
        (SamplingSettings(), 5, {}),
        (SamplingSettings(pose_fps=30.0), 5, {}),
        (SamplingSettings(stride=3), 8, {3: 3, 6: 3}),
        (SamplingSettings(stride=3), 9, {3: 3, 6: 3, 8: 2}),
        (SamplingSettings(pose_fps=20.0), 9, {2: 2, 5: 2, 8: 2}),
        (AUTO, 8, {3: 2, 7: 4}),
    ],
)
def test_an_estimator_that_minds_is_told_of_gaps_and_of_nothing_else(options, n_frames, gaps):
    walker = Bridging(still)
    sampler = Sampler(walker, options)
    for start in (0, n_frames):  # two stretches: there is no gap between them
        fed(sampler, (start + np.arange(n_frames)) / 30)
    assert walker.gaps == gaps | {n_frames + frame: gap for frame, gap in gaps.items()}


def test_frames_that_are_estimated_after_all_have_no_gap_before_them():
    walker = Bridging(lambda time_s: 50.0 if time_s < 14.5 / 30 else 50.0 + 40.0 * (30 * time_s - 14))
    fed(Sampler(walker, AUTO), even(24))
    assert walker.gaps == {3: 2, 7: 4, 11: 4, 15: 4}
    assert walker.asked[5:10] == pytest.approx(np.array([15, 12, 13, 14, 15]) / 30)


# --- as many as the movement needs --------------------------------------------------------------------------------


def test_who_stands_still_is_looked_at_ever_less_often():
    assert estimated(still, even(20), AUTO) == [0, 1, 3, 7, 11, 15, 19]


def test_a_steady_fast_movement_is_estimated_in_every_frame():
    assert estimated(lambda time_s: 30 * 30.0 * time_s, even(20), AUTO) == list(range(20))


def test_a_slow_movement_sets_the_stride():
    steps = np.diff(estimated(lambda time_s: 30 * 6.0 * time_s, even(40), AUTO))  # 0.06 torso lengths per frame
    assert set(steps[2:-1]) == {2}


def test_the_beginning_of_a_fast_movement_is_not_lost():
    def jump(time_s):
        return 50.0 if time_s < 14.5 / 30 else 50.0 + 40.0 * (30 * time_s - 14)

    walker = Walker(jump)
    results = fed(Sampler(walker, AUTO), even(24))
    frames = [number for number, result in enumerate(results) if result.estimated]
    assert frames == [0, 1, 3, 7, 11, *range(12, 24)]
    asked = np.round(np.array(walker.asked) * 30).astype(int).tolist()
    assert asked[:11] == [0, 1, 3, 7, 11, 15, 12, 13, 14, 15, 16], "15 showed the jump, then in order"
    # the answers are those of an estimator that never left the order
    counted = [result.people[0].pose.z_rel[0] for result in results if result.estimated]
    assert counted == list(range(1, len(frames) + 1))


def test_who_comes_in_meanwhile_is_estimated_from_the_first_frame_on():
    frames = estimated(lambda time_s: None if time_s < 8.5 / 30 else 50.0, even(20), AUTO)
    assert frames[:9] == [0, 1, 3, 7, 8, 9, 10, 11, 12]


@pytest.mark.parametrize(("rate_hz", "longest"), [(5.0, 1), (10.0, 1), (12.0, 2), (24.0, 4), (60.0, 4)])
def test_no_gap_is_longer_than_the_interval_and_the_stride_allow(rate_hz, longest):
    assert max(np.diff(estimated(still, even(60, rate_hz), AUTO))) == longest


def test_no_more_pictures_are_held_than_promised():
    sampler = Sampler(Walker(still), replace(AUTO, max_stride=3, max_interval_s=9.0))
    n_open = []
    n_results = 0
    for number, time_s in enumerate(even(30)):
        n_results += len(sampler.feed(PICTURE, time_s))
        n_open.append(number + 1 - n_results)
    assert max(n_open) == sampler._settings.held_pictures == 2


steps_px = st.lists(
    st.one_of(st.floats(-3.0, 3.0), st.floats(-60.0, 60.0), st.none()), min_size=1, max_size=60
)  # None: nobody


def path_of(steps):
    places, x_px = [], 0.0
    for step in steps:
        x_px += step or 0.0
        places.append(None if step is None else x_px)
    return lambda time_s: places[round(time_s * 30)]


@given(steps_px)
def test_what_is_left_out_lies_between_estimates_that_hardly_differ(steps):
    where, times = path_of(steps), even(len(steps))
    frames = estimated(where, times, AUTO)
    assert frames[0] == 0
    assert frames[-1] == len(steps) - 1
    for first, then in pairwise(frames):
        a, b = where(times[first]), where(times[then])
        if then - first > 1:
            assert (a is None) == (b is None)
            assert a is None or abs(a - b) <= AUTO.max_move * TORSO_PX + 1e-3


@given(
    steps_px, st.integers(1, 59), st.sampled_from([AUTO, SamplingSettings(stride=3), SamplingSettings(pose_fps=9.0)])
)
def test_a_stretch_that_is_taken_up_elsewhere_goes_on_exactly(steps, border, options):
    where, times = path_of(steps), even(len(steps))
    through = Sampler(Walker(where), options)
    whole = fed(through, times[:border]) + fed(through, times[border:])
    first = Sampler(Walker(where), options)
    again = fed(first, times[:border])
    second = Sampler(Walker(where), options)
    second.restore_state(first.export_state())
    again += fed(second, times[border:])
    for one, other in zip(whole, again, strict=True):
        assert one.estimated == other.estimated
        for a, b in zip(one.people, other.people, strict=True):
            np.testing.assert_array_equal(a.pose.image_px, b.pose.image_px)
            np.testing.assert_array_equal(a.pose.z_rel, b.pose.z_rel)


# --- refusals -----------------------------------------------------------------------------------------------------


def test_an_estimator_that_cannot_go_back_is_refused_for_the_adaptive_stride():
    with pytest.raises(ConfigError, match=r"stride auto: the estimator Walker cannot go back.*blazepose"):
        Sampler(Walker(still, has_state=False), AUTO)
    info = EstimatorInfo("mediapipe", "mediapipe", "0", {}, PoseSettings())
    with pytest.raises(ConfigError, match="the estimator mediapipe cannot go back"):
        check_sampling(AUTO, info)
    check_sampling(SamplingSettings(stride=2), info)
    check_sampling(AUTO, replace(info, exports_state=True))


def test_a_state_inside_a_stretch_is_refused():
    sampler = Sampler(Walker(still), AUTO)
    sampler.feed(PICTURE, 0.0)
    with pytest.raises(ValueError, match="flush first"):
        sampler.export_state()
    sampler.flush()
    assert sampler.export_state() == {"n_asked": 1}


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"pose_fps": 0.0}, "pose_fps: expected more than 0, got 0.0"),
        ({"pose_fps": float("nan")}, "pose_fps: expected more than 0, got nan"),
        ({"stride": 0}, "stride: expected auto or a whole number of at least 1, got 0"),
        ({"stride": 1.5}, "stride: expected auto or a whole number"),
        ({"stride": "fast"}, "stride: expected auto or a whole number of at least 1, got 'fast'"),
        ({"stride": 2, "pose_fps": 10.0}, "pose_fps, stride: give one of them, got 10 and 2"),
        ({"stride": "auto", "pose_fps": 10.0}, "pose_fps, stride: give one of them, got 10 and auto"),
        ({"max_stride": 0}, "max_stride: expected 1 to 30, got 0"),
        ({"max_interval_s": 0.0}, "max_interval_s: expected more than 0"),
        ({"max_move": -1.0}, "max_move: expected more than 0"),
    ],
)
def test_settings_out_of_range_are_refused_by_name(changes, sentence):
    with pytest.raises(ValueError, match=sentence):
        SamplingSettings(**changes)


@pytest.mark.parametrize(
    ("options", "n_held"),
    [
        (SamplingSettings(), 0),
        (SamplingSettings(stride=7), 1),
        (SamplingSettings(pose_fps=5.0), 1),
        (AUTO, AUTO.max_stride - 1),
    ],
)
def test_how_many_pictures_are_held(options, n_held):
    assert options.held_pictures == n_held


# --- movement -----------------------------------------------------------------------------------------------------


def one(pose, person=0):
    return [PersonPose(person, pose)]


def with_moved(pose, names, by_px):
    image_px = pose.image_px.copy()
    image_px[[LANDMARK_INDEX[name] for name in names]] += by_px
    return replace(pose, image_px=image_px)


def test_the_part_that_moved_most_decides_and_limb_ends_weigh_most():
    at_rest = pose_at(0.0)
    hand = ("left_wrist", "left_thumb", "left_index", "left_pinky")
    assert movement(one(at_rest), one(with_moved(at_rest, hand, (30.0, 40.0)))) == pytest.approx(0.5)
    assert movement(one(at_rest), one(with_moved(at_rest, ("right_knee",), (50.0, 0.0)))) == pytest.approx(0.4)
    assert movement(one(at_rest), one(with_moved(at_rest, ("left_index",), (50.0, 0.0)))) == pytest.approx(0.125)
    assert movement(one(at_rest), one(at_rest)) == 0.0


def test_what_is_hidden_counts_less():
    at_rest = pose_at(0.0, visibility=0.2)
    assert movement(one(at_rest), one(pose_at(50.0))) == pytest.approx(0.1)
    unknown = pose_at(0.0, visibility=np.nan)
    assert movement(one(unknown), one(pose_at(50.0, visibility=np.nan))) == pytest.approx(0.5)


def test_whoever_moves_most_decides():
    still_one, other = PersonPose(0, pose_at(0.0)), PersonPose(1, pose_at(500.0))
    moved = PersonPose(1, pose_at(520.0))
    assert movement([still_one, other], [still_one, moved]) == pytest.approx(0.2)
    assert movement([], []) == 0.0


def test_coming_leaving_and_unclear_poses_are_no_small_movements():
    at_rest = pose_at(0.0)
    assert movement([], one(at_rest)) == movement(one(at_rest), []) == np.inf
    assert movement(one(at_rest), one(at_rest, person=1)) == np.inf
    assert movement(one(FramePose.missing()), one(FramePose.missing())) == np.inf
    no_hips = with_moved(at_rest, ("left_hip", "right_hip"), np.nan)
    assert movement(one(no_hips), one(no_hips)) == np.inf
    assert movement(one(at_rest), one(FramePose.missing())) == np.inf


def test_landmarks_that_are_not_known_are_left_out():
    no_hands = with_moved(
        pose_at(0.0), [f"{side}_{name}" for side in ("left", "right") for name in ("thumb", "index", "pinky")], np.nan
    )
    assert movement(one(no_hands), one(with_moved(no_hands, ("left_wrist",), (20.0, 0.0)))) == pytest.approx(0.2)

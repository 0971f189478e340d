"""Exchanged sides: those that are put in are found, those that are not there are not, and the repair is exact."""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pytest
from biomech_bodies import SQUAT, STANDING, absent, make_track, squats, still, track_of, without

from synthetic.motions import March, Squats, Tempo
from synthetic.scene import Actor, Camera, Scene, act, project
from synthetic.walking import Walk
from vidpose.biomech.confidence import ConfidenceSettings, trusted_samples
from vidpose.biomech.filtering import FilterSettings, filter_movement
from vidpose.biomech.validity.swaps import (
    GROUPS,
    Swap,
    SwapSettings,
    describe_swaps,
    find_swaps,
    repair_swaps,
)
from vidpose.types.findings import CODES
from vidpose.types.skeleton import LANDMARK_INDEX as INDEX

NOISE_PX = 2.0  # 0.4 % of the stature of about 500 px, the jitter of the pose model
MOTIONS = {
    "walk": Walk(steps=10),
    "run": Walk(steps=20, step=0.5, step_s=0.34),
    "march": March(steps=8),
    "squat": Squats(Tempo(reps=2)),
}


def performed(motion, yaw_deg=0.0, fps=30, seed=0):
    """Return the noisy track of a mannequin, not drawn; yaw 0 shows the right side, 90 the front."""
    scene = Scene((Actor((MOTIONS[motion],)),), camera=Camera(yaw_deg=yaw_deg), fps=Fraction(fps))
    pixels = project(scene, act(scene, scene.actors[0])[1].landmarks_m)[0]
    noise = np.random.default_rng(seed).normal(0.0, NOISE_PX, pixels.shape)
    return make_track(pixels + noise, scene.times_s)


def swapped(track, group, start, stop):
    """Return the track with the sides of a group exchanged in ``[start, stop)``, without the code under test."""
    image_px = track.image_px.copy()
    for joint in GROUPS[group]:
        names = [f"{side}_{joint}" for side in ("left", "right")]
        left, right = (INDEX[name] for name in names)
        image_px[start:stop, left], image_px[start:stop, right] = (
            track.image_px[start:stop, right],
            track.image_px[start:stop, left],
        )
    return make_track(image_px, track.timestamps_s, track.world_m, track.visibility, track.corrupt)


def found(track, settings=None):
    trusted = trusted_samples(track, ConfidenceSettings())
    image_px = np.where(trusted[:, :, None], track.image_px.astype(float), np.nan)
    stretch = filter_movement(track, FilterSettings()).track.stretch
    return find_swaps(image_px, track.timestamps_s, stretch, settings)


def frames_of(swaps, group, n_frames):
    marked = np.zeros(n_frames, dtype=bool)
    for swap in swaps:
        if swap.group == group:
            marked[swap.start : swap.stop] = True
    return marked


@dataclass
class Score:
    """Frames that were exchanged, of those the found ones, frames that were not, of those the marked ones."""

    wanted: int = 0
    hit: int = 0
    untouched: int = 0
    false: int = 0

    def add(self, track, group, start, stop):
        wanted = np.zeros(track.n_frames, dtype=bool)
        wanted[start:stop] = True
        marked = frames_of(found(swapped(track, group, start, stop)), group, track.n_frames)
        self.wanted += wanted.sum()
        self.hit += (marked & wanted).sum()
        self.untouched += (~wanted).sum()
        self.false += (marked & ~wanted).sum()

    @property
    def found_share(self):
        return self.hit / self.wanted

    @property
    def false_share(self):
        return self.false / self.untouched


@pytest.mark.parametrize(
    ("motion", "yaw_deg", "fps"),
    [
        ("walk", 0, 30), ("walk", 30, 60), ("run", 0, 30), ("run", 0, 60), ("run", 20, 30),
        ("squat", 30, 30), ("squat", 60, 25), ("march", 45, 30),
    ],
)  # fmt: skip
def test_injected_exchanges_are_found(motion, yaw_deg, fps):
    track = performed(motion, yaw_deg, fps)
    rng = np.random.default_rng(yaw_deg + fps)
    score = Score()
    for length in (1, 2, 3, 5, 8, 12, 16, 20, 25, 30):
        for group in GROUPS:
            start = int(rng.integers(5, track.n_frames - length - 5))
            score.add(track, group, start, start + length)
    assert score.found_share >= 0.90  # of one movement, few exchanges; of all together see below
    assert score.false_share <= 0.005


@pytest.mark.thorough
def test_of_all_movements_together_95_of_100_exchanged_frames_are_found():
    rng = np.random.default_rng(0)
    score = Score()
    for motion, yaw_deg, fps in (("walk", 0, 30), ("run", 0, 30), ("run", 0, 60), ("squat", 30, 30), ("walk", 60, 25)):
        track = performed(motion, yaw_deg, fps, seed=1)
        for _ in range(8):
            length = int(rng.integers(1, 31))
            start = int(rng.integers(5, track.n_frames - length - 5))
            score.add(track, "legs", start, start + length)
            score.add(track, "arms", start, start + length)
    assert score.found_share >= 0.95
    assert score.false_share <= 0.005


@pytest.mark.parametrize("motion", MOTIONS)
@pytest.mark.parametrize(("yaw_deg", "fps"), [(0, 30), (45, 60), (90, 25)])
def test_limbs_that_cross_are_no_exchange(motion, yaw_deg, fps):
    track = performed(motion, yaw_deg, fps)
    n_marked = sum(swap.stop - swap.start for swap in found(track))
    assert n_marked <= 0.005 * track.n_frames


@pytest.mark.thorough
def test_real_clips(shared_data):
    score, n_marked, n_frames = Score(), 0, 0
    rng = np.random.default_rng(0)
    for number in (1, 2, 3, 4, 6, 8):  # the others hide one side, or have real exchanges
        with np.load(shared_data / "landmarks" / "clips" / f"clip_{number:02d}.npz") as clip:
            image = clip["image_px"]
            track = make_track(image[:, :, :2], clip["timestamps_s"], clip["world_m"], image[:, :, 3])
        n_marked += sum(swap.stop - swap.start for swap in found(track))
        n_frames += track.n_frames
        if number in {3, 8}:  # front views, in which every exchange can be seen
            for length in (1, 3, 7, 15, 30):
                start = int(rng.integers(40, 120))
                score.add(track, "legs", start, start + length)
                score.add(track, "arms", start, start + length)
    assert n_marked <= 0.005 * n_frames
    assert score.found_share >= 0.95
    assert score.false_share <= 0.005


def test_the_repair_gives_the_track_back():
    track = performed("walk", 30)
    rng = np.random.default_rng(2)
    shape = track.visibility.shape
    track = make_track(track.image_px, track.timestamps_s, rng.normal(size=(*shape, 3)), rng.uniform(0.5, 1.0, shape))
    swaps = (Swap("legs", 40, 52, 5.0), Swap("arms", 0, 9, 5.0), Swap("legs", 60, 61, 5.0))
    broken = repair_swaps(track, swaps)
    for name in ("image_px", "world_m", "visibility", "presence"):
        before, after = getattr(track, name), getattr(broken, name)
        left, right = INDEX["left_knee"], INDEX["right_knee"]
        assert np.array_equal(after[40:52, left], before[40:52, right])
        assert np.array_equal(after[52:60], before[52:60])
        assert np.array_equal(after[:9, INDEX["right_wrist"]], before[:9, INDEX["left_wrist"]])
        assert np.array_equal(after[:9, left], before[:9, left])
        assert np.array_equal(getattr(repair_swaps(broken, swaps), name), before)


def test_what_is_found_repairs_what_was_broken():
    track = performed("run", 0, 60)
    broken = swapped(track, "legs", 70, 88)
    swaps = found(broken)
    assert [(swap.group, swap.start, swap.stop) for swap in swaps] == [("legs", 70, 88)]
    assert np.array_equal(repair_swaps(broken, swaps).image_px, track.image_px)
    assert found(repair_swaps(broken, swaps)) == ()


def test_two_exchanges_and_both_groups_are_told_apart():
    track = performed("walk", 45)
    broken = swapped(swapped(swapped(track, "legs", 30, 34), "legs", 80, 95), "arms", 50, 60)
    spans = [(swap.group, swap.start, swap.stop) for swap in found(broken)]
    assert spans == [("legs", 30, 34), ("legs", 80, 95), ("arms", 50, 60)]
    assert all(swap.margin > SwapSettings().min_margin for swap in found(broken))


def test_naming_all_sides_the_other_way_round_changes_nothing():
    track = swapped(performed("walk", 45), "legs", 30, 45)
    renamed = swapped(track, "legs", 0, track.n_frames)
    spans = [[(swap.start, swap.stop) for swap in found(one)] for one in (track, renamed)]
    assert spans[0] == spans[1] == [(30, 45)]


def test_moving_and_zooming_the_picture_changes_nothing():
    track = swapped(performed("run", 20, 60), "legs", 40, 60)
    moved = make_track(0.25 * track.image_px + np.array([300.0, -40.0]), track.timestamps_s)
    assert [(s.start, s.stop) for s in found(moved)] == [(s.start, s.stop) for s in found(track)] == [(40, 60)]


def test_an_exchange_until_the_end_is_found():
    track = performed("walk", 45)
    spans = [(swap.start, swap.stop) for swap in found(swapped(track, "legs", 120, track.n_frames))]
    assert spans == [(120, track.n_frames)]


def test_of_two_ways_to_name_the_sides_the_rarer_one_is_the_exchange():
    track = performed("walk", 45)
    spans = [(swap.start, swap.stop) for swap in found(swapped(track, "legs", 0, 25))]
    assert spans == [(0, 25)]


def test_an_exchange_in_which_landmarks_get_lost_is_found():
    track = swapped(performed("walk", 45), "legs", 40, 60)
    lossy = without(without(track, "left_foot_index", frames=slice(30, 70)), "right_ankle", frames=slice(50, 52))
    assert [(swap.start, swap.stop) for swap in found(lossy)] == [(40, 60)]


def test_nothing_is_found_across_stretches():
    track = swapped(performed("walk", 45), "legs", 60, 75)
    gone = absent(track, slice(58, 90))  # away for longer than a gap is filled; the exchange with them
    assert found(gone) == ()


def test_slow_video_is_not_judged():
    slow = performed("run", 0, 5)
    assert found(swapped(slow, "legs", 10, 14)) == ()


@pytest.mark.parametrize("n_frames", [0, 1, 2, 3])
def test_few_frames(n_frames):
    assert found(still(STANDING, n_frames=n_frames)) == ()


def test_nobody_and_variable_frame_rate():
    times_s = np.cumsum(np.random.default_rng(3).uniform(0.01, 0.06, 60))
    track = track_of(squats(1, yaw=30.0), times_s=times_s)
    assert found(track) == ()
    assert found(absent(track, slice(None))) == ()
    spans = [(swap.group, swap.start, swap.stop) for swap in found(swapped(track, "legs", 20, 31))]
    assert spans == [("legs", 20, 31)]


def test_limbs_on_each_other_are_never_exchanged():
    assert found(still(SQUAT, n_frames=90)) == ()


def test_findings_say_where_and_what_was_done():
    times_s = np.arange(100) / 25.0
    swaps = (Swap("legs", 10, 20, 4.0), Swap("legs", 50, 51, 3.0))
    (flagged,), (mended,) = (list(describe_swaps(swaps, times_s, repaired=repaired)) for repaired in (False, True))
    assert flagged.code == "sides_swapped"
    assert flagged.code in CODES
    assert (flagged.severity, mended.severity) == ("warning", "info")
    assert flagged.details["n_frames"] == 11
    assert flagged.details["spans_s"] == [[0.4, 0.76], [2.0, 2.0]]
    assert "0.40 s" in flagged.message
    assert list(describe_swaps((), times_s, repaired=False)) == []


@pytest.mark.parametrize("wrong", [{"noise_bh": 0.0}, {"flip_cost": -1.0}, {"min_joints": 0}, {"max_step_s": 0.0}])
def test_bad_settings_are_refused(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        SwapSettings(**wrong)

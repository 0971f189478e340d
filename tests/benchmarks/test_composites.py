"""Composite clips: rooms are emptied, the nearer one hides the other, and joints from elsewhere go where people go."""

import csv
import json
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from benchmarks import people_real
from benchmarks.composites import Crossing, Cut, Footage, crossing_frames, empty_room, guest_frames, picture, widened
from vidpose.types.skeleton import LANDMARK_INDEX

HEIGHT, WIDTH = 60, 200
HOST, GUEST = Footage("host.mp4", 0, 12), Footage("guest.mp4", 0, 12)
GREY, RED, BLUE = (90, 90, 90), (200, 20, 20), (20, 20, 200)


def cut(colour, columns):
    """A block of a colour in a grey room, with its left edge at these columns."""
    frames = [np.full((HEIGHT, WIDTH, 3), GREY, np.uint8) for _ in columns]
    masks = [np.zeros((HEIGHT, WIDTH), np.float32) for _ in columns]
    for frame, mask, left in zip(frames, masks, columns, strict=True):
        frame[20:40, left : left + 10] = colour
        mask[20:40, left : left + 10] = 1.0
    return Cut(frames, masks)


def crossing(*, before, velocity_px=(0.0, 0.0), margin_px=0):
    return Crossing("", HOST, GUEST, before, 1.0, (-20.0, 0.0), velocity_px, margin_px, Fraction(30))


def test_a_room_is_empty_behind_whoever_moves_and_filled_in_behind_whoever_stands():
    for columns in ([10 * k for k in range(12)], [100] * 12):
        assert np.abs(empty_room(cut(RED, columns)).astype(int) - GREY).max() <= 5  # OpenCV fills in with small errors


@pytest.mark.parametrize(("before", "colour"), [(True, BLUE), (False, RED)])
def test_the_nearer_one_hides_the_other(before, colour):
    both = list(crossing_frames(crossing(before=before), cut(RED, [100] * 12), cut(BLUE, [125] * 12)))
    assert tuple(both[5][30, 107]) == colour  # where both are
    assert tuple(both[5][30, 102]) == RED
    assert tuple(both[5][30, 112]) == BLUE
    assert tuple(both[5][30, 60]) == GREY


def test_the_guest_is_alone_in_the_room_and_moves():
    room = np.full((HEIGHT, WIDTH, 3), GREY, np.uint8)
    alone = list(guest_frames(crossing(before=True, velocity_px=(-5.0, 0.0)), room, cut(BLUE, [125] * 12)))
    blue = [int(np.flatnonzero((frame[30] == BLUE).all(axis=1))[0]) for frame in alone]
    assert blue == [105 - 5 * k for k in range(12)]


def test_a_wider_picture_shows_the_room_mirrored_and_nobody_twice():
    room = np.full((HEIGHT, WIDTH, 3), GREY, np.uint8)
    room[:, :5] = BLUE
    host, wide = widened(cut(RED, [10] * 12), room, 50)
    assert wide.shape == host.frames[0].shape == (HEIGHT, WIDTH + 100, 3)
    assert (wide[:, 45:55] == BLUE).all()
    assert np.flatnonzero((host.frames[0][30] == RED).all(axis=1)).tolist() == list(range(60, 70))
    assert np.flatnonzero(host.masks[0][30]).tolist() == list(range(60, 70))


def test_a_picture_has_the_colours_and_its_grain_is_one_level():
    rgb = np.random.default_rng(0).integers(0, 256, (HEIGHT, WIDTH, 3), np.uint8)
    plain, grainy = picture(rgb), picture(rgb, np.random.default_rng(1))
    assert plain.size_px == (WIDTH, HEIGHT)
    for name in ("y", "u", "v"):
        moved = getattr(grainy, name).astype(int) - getattr(plain, name)
        assert set(np.unique(moved)) == {-1, 0, 1}
    flat = picture(np.full((HEIGHT, WIDTH, 3), RED, np.uint8))
    matrix, offset = flat.colour.to_rgb()
    shown = matrix @ (flat.y[5, 5], flat.u[2, 2], flat.v[2, 2]) + offset
    np.testing.assert_allclose(shown, RED, atol=2)


def test_joints_from_elsewhere_go_with_the_pictures(tmp_path):
    footage = replace(people_real.BALANCER, stop=2)
    names = [f"{side}{joint}" for side in "LR" for joint in ("Shoulder", "Elbow", "Wrist", "Hip", "Knee", "Ankle")]
    with (tmp_path / "pose2sim_single_cam01_projected_px.csv").open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["frame", *(f"{name}_{axis}" for name in names for axis in "xy")])
        rows.writerows([[k, *(100 * k + n for n in range(24))] for k in range(2)])
    coco = [{name: {"x": 7.0, "y": 8.0} for name in LANDMARK_INDEX}] * people_real.STANDER.n_frames
    (tmp_path / "tfjs_pose_1.json").write_text(json.dumps(coco))
    clip = Crossing("", people_real.STANDER, footage, True, 2.0, (10.0, 20.0), (1.0, 0.0), 50)
    host, guest = people_real.elsewhere(clip, tmp_path)
    wrist = LANDMARK_INDEX["left_wrist"]  # columns 4 and 5; half the size, back and forth, twice as large, moved
    assert host[:, wrist].tolist() == [[57.0, 8.0]] * 4
    assert guest[:, wrist].tolist() == [[14.0 + k, 25.0] if k in (0, 3) else [114.0 + k, 125.0] for k in range(4)]
    assert np.isnan(guest[:, LANDMARK_INDEX["nose"]]).all()
    assert people_real.elsewhere(replace(clip, host=people_real.RUNNER), tmp_path)[0] is None

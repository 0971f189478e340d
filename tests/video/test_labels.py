import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vidpose.types.skeleton import LANDMARK_INDEX, N_LANDMARKS
from vidpose.video.labels import LabelPlacer, OutwardDirections


@given(
    st.lists(st.tuples(st.floats(-50, 370), st.floats(-50, 250), st.floats(-3.2, 3.2)), min_size=1, max_size=12),
)
def test_labels_never_meet_and_stay_inside(joints):
    taken = (10.0, 10.0, 90.0, 60.0)
    placer = LabelPlacer((320, 200), [taken])
    boxes = [taken]
    for x, y, angle in joints:
        box = placer.place(np.array([x, y]), np.array([np.cos(angle), np.sin(angle)]), (40, 14), 5.0)
        if box is not None:
            assert box[0] >= 0
            assert box[1] >= 0
            assert box[2] <= 320
            assert box[3] <= 200
            assert all(box[0] >= b[2] or box[2] <= b[0] or box[1] >= b[3] or box[3] <= b[1] for b in boxes)
            boxes.append(box)


def test_label_lies_where_it_is_wanted_and_clear_of_the_joint():
    box = LabelPlacer((320, 200), []).place(np.array([100.0, 100.0]), np.array([1.0, 0.0]), (40, 14), 5.0)
    assert box == pytest.approx((105, 93, 145, 107))


def test_no_room_means_no_label():
    assert (
        LabelPlacer((320, 200), [(0, 0, 320, 200)]).place(np.zeros(2) + 100, np.array([1.0, 0.0]), (40, 14), 5) is None
    )


KNEE = np.array([[LANDMARK_INDEX["left_hip"], LANDMARK_INDEX["left_knee"], LANDMARK_INDEX["left_ankle"]]])


def bent_knee(n_frames: int) -> np.ndarray:
    """Hip above, knee out to the right, ankle below; nothing else is known."""
    points = np.full((n_frames, N_LANDMARKS, 2), np.nan)
    points[:, KNEE[0]] = [[100, 0], [140, 50], [100, 100]]
    return points


def directions(points, height_px: float) -> np.ndarray:
    n_frames = len(points)
    made = OutwardDirections(points, KNEE, np.full(n_frames, height_px), 1 / 30 if n_frames > 1 else 0.0)
    return np.stack([made.at(frame) for frame in range(n_frames)])


def test_label_goes_out_of_the_bend():
    ways = directions(bent_knee(1), 200.0)
    np.testing.assert_allclose(ways[0, 0], [1, 0], atol=0.02)


def test_label_goes_up_when_nothing_is_known():
    ways = directions(np.full((3, N_LANDMARKS, 2), np.nan), np.nan)
    np.testing.assert_allclose(ways[:, 0], [[0, -1]] * 3)


def test_directions_do_not_depend_on_the_length_of_the_video():
    n_frames = 5000
    ways = directions(bent_knee(n_frames), 200.0)
    np.testing.assert_allclose(ways, np.broadcast_to(ways[:1], ways.shape), atol=1e-9)


@given(st.floats(-1e4, 1e4), st.floats(-1e4, 1e4), st.floats(0.1, 20))
def test_directions_ignore_where_and_how_large_the_person_is(x, y, zoom):
    points = bent_knee(1)
    moved = points * zoom + (x, y)
    ways = directions(points, 200.0)
    np.testing.assert_allclose(directions(moved, 200.0 * zoom), ways, atol=1e-6)


def test_a_jump_of_the_limb_turns_the_label_slowly():
    points = bent_knee(60)
    points[30:, KNEE[0, 1], 0] = 60.0
    ways = directions(points, 200.0)
    x = ways[:, 0, 0]
    assert x[0] > 0.95
    assert x[-1] < -0.95
    assert np.all(np.diff(x) <= 1e-12)


def test_directions_are_those_of_the_whole_video_whichever_is_asked_for_first():
    rng = np.random.default_rng(5)
    points = bent_knee(1400) + rng.normal(0, 30, (1400, N_LANDMARKS, 2))
    height_px = np.full(1400, 200.0)
    forwards = directions(points, 200.0)
    backwards = OutwardDirections(points, KNEE, height_px, 1 / 30)
    for frame in (1399, 511, 512, 0, 1024):
        np.testing.assert_array_equal(backwards.at(frame), forwards[frame])
    raw = np.stack([OutwardDirections(points[k : k + 1], KNEE, height_px[:1], 0.0).at(0) for k in range(1400)])
    assert np.abs(np.diff(forwards, axis=0)).mean() < 0.2 * np.abs(np.diff(raw, axis=0)).mean()

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vidpose.types.skeleton import LANDMARK_INDEX, N_LANDMARKS
from vidpose.video.text import LabelPlacer, Typeface, blend, outward_directions, over, stamp_of

WHITE = (255, 255, 255)


@pytest.mark.parametrize("size_px", [8, 11, 23, 52])
@pytest.mark.parametrize("letter", list("0123456789°≈−●■."))
def test_every_sign_is_a_glyph_of_its_own(size_px, letter):
    face = Typeface(size_px)
    missing = face.mask("\U0010ffff")
    glyph = face.mask(letter)
    assert glyph.max() > 100
    assert glyph.shape != missing.shape or not np.array_equal(glyph, missing)


def test_degree_sign_is_a_small_ring_at_the_top():
    face = Typeface(52)
    ink = face.mask("°") > 100
    rows = np.flatnonzero(ink.any(axis=1))
    digit_rows = np.flatnonzero((face.mask("0") > 100).any(axis=1))
    assert rows[-1] < digit_rows.mean()
    middle_row, middle_column = round(rows.mean()), round(np.flatnonzero(ink.any(axis=0)).mean())
    assert not ink[middle_row, middle_column]


def test_width_is_the_width_of_the_picture():
    face = Typeface(20)
    assert face.mask("120°").shape == (face.line_height_px, face.width_px("120°"))
    assert face.mask("").shape == (face.line_height_px, 0)
    assert len({face.width_px(digit) for digit in "0123456789"}) == 1


def test_stamp_is_made_once():
    face = Typeface(20)
    assert face.stamp("87°", WHITE, (0, 0, 0)) is face.stamp("87°", WHITE, (0, 0, 0))


def test_halo_darkens_around_the_letters_and_nowhere_else():
    face = Typeface(24)
    stamp = face.stamp("1", WHITE, (0, 0, 0))
    grey = np.full((*stamp.size_px[::-1], 3), 128, np.uint8)
    blend(grey, stamp, 0, 0)
    assert grey.max() > 240
    assert grey.min() < 60
    assert abs(int(grey[0, 0, 0]) - 128) < 40


def test_blend_mixes_by_opacity():
    frame = np.full((1, 3, 3), 100, np.uint8)
    blend(frame, stamp_of(np.array([[0, 128, 255]], np.uint8), (200, 0, 50)), 0, 0)
    np.testing.assert_allclose(frame[0], [[100, 100, 100], [150, 50, 75], [200, 0, 50]], atol=1)


def test_over_equals_blending_one_after_the_other():
    mask = np.arange(256, dtype=np.uint8).reshape(16, 16)
    back, front = stamp_of(mask, (10, 200, 90)), stamp_of(mask.T.copy(), (250, 20, 0))
    twice, once = np.full((2, 16, 16, 3), 77, np.uint8)
    blend(twice, back, 0, 0)
    blend(twice, front, 0, 0)
    blend(once, over(front, back), 0, 0)
    np.testing.assert_allclose(once.astype(int), twice.astype(int), atol=2)


@given(st.integers(-40, 40), st.integers(-40, 40))
def test_blend_cuts_off_at_the_border(left_px, top_px):
    frame = np.zeros((20, 30, 3), np.uint8)
    stamp = stamp_of(np.full((12, 9), 255, np.uint8), WHITE)
    blend(frame, stamp, left_px, top_px)
    rows, columns = np.mgrid[:20, :30]
    inside = (columns >= left_px) & (columns < left_px + 9) & (rows >= top_px) & (rows < top_px + 12)
    np.testing.assert_array_equal(frame[..., 0] == 255, inside)


@settings(deadline=None)
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


def test_label_goes_out_of_the_bend():
    ways = outward_directions(bent_knee(1), KNEE, np.array([200.0]), np.zeros(1))
    np.testing.assert_allclose(ways[0, 0], [1, 0], atol=0.02)


def test_label_goes_up_when_nothing_is_known():
    ways = outward_directions(np.full((3, N_LANDMARKS, 2), np.nan), KNEE, np.full(3, np.nan), np.arange(3) / 30)
    np.testing.assert_allclose(ways[:, 0], [[0, -1]] * 3)


def test_directions_do_not_depend_on_the_length_of_the_video():
    n_frames = 5000
    ways = outward_directions(bent_knee(n_frames), KNEE, np.full(n_frames, 200.0), np.arange(n_frames) / 30)
    np.testing.assert_allclose(ways, np.broadcast_to(ways[:1], ways.shape), atol=1e-9)


@given(st.floats(-1e4, 1e4), st.floats(-1e4, 1e4), st.floats(0.1, 20))
def test_directions_ignore_where_and_how_large_the_person_is(x, y, zoom):
    points = bent_knee(1)
    moved = points * zoom + (x, y)
    ways = outward_directions(points, KNEE, np.array([200.0]), np.zeros(1))
    np.testing.assert_allclose(outward_directions(moved, KNEE, np.array([200.0 * zoom]), np.zeros(1)), ways, atol=1e-6)


def test_a_jump_of_the_limb_turns_the_label_slowly():
    points = bent_knee(60)
    points[30:, KNEE[0, 1], 0] = 60.0
    ways = outward_directions(points, KNEE, np.full(60, 200.0), np.arange(60) / 30)
    x = ways[:, 0, 0]
    assert x[0] > 0.95
    assert x[-1] < -0.95
    assert np.all(np.diff(x) <= 1e-12)

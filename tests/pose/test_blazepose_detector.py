"""The detector's arithmetic, by hand: anchors, decoding, merging."""

import numpy as np
import pytest

from vidpose.pose.blazepose.anchors import detector_anchors
from vidpose.pose.blazepose.detector import decode, merge_overlapping, overlap, whole_picture

N_ANCHORS = 2254
AT_8, AT_16, AT_32 = 0, 28 * 28 * 2, 28 * 28 * 2 + 14 * 14 * 2


def test_anchors_lie_in_the_middle_of_their_cells():
    anchors = detector_anchors()
    assert anchors.shape == (N_ANCHORS, 2)
    for start, n_cells, per_cell in ((AT_8, 28, 2), (AT_16, 14, 2), (AT_32, 7, 6)):
        np.testing.assert_allclose(anchors[start : start + per_cell], 0.5 / n_cells)
        np.testing.assert_allclose(anchors[start + per_cell], [1.5 / n_cells, 0.5 / n_cells], err_msg="x runs first")
    np.testing.assert_allclose(anchors[-1], 6.5 / 7)


def answers(*found):
    """Network outputs in which only (anchor, logit, box and points) speak."""
    boxes, logits = np.zeros((N_ANCHORS, 12), np.float32), np.full(N_ANCHORS, -200.0, np.float32)
    for anchor, logit, row in found:
        boxes[anchor], logits[anchor] = row, logit
    return boxes, logits


def test_decoding_by_hand():
    row = [22.4, 0.0, 44.8, 67.2, 0.0, 22.4, 0.0, -22.4, 2.24, 0.0, 0.0, 0.0]
    scores, values = decode(*answers((AT_32, 0.0, row)), min_score=0.5)
    x = y = 0.5 / 7
    assert scores.tolist() == [0.5], "the threshold itself is enough"
    box = [x + 0.1 - 0.1, y - 0.15, x + 0.1 + 0.1, y + 0.15]
    np.testing.assert_allclose(values[0], [*box, x, y + 0.1, x, y - 0.1, x + 0.01, y, x, y], atol=1e-6)


def test_the_most_confident_comes_first_and_the_unsure_not_at_all():
    row = np.full(12, 10.0)
    scores, values = decode(*answers((5, 1.0, row), (9, 3.0, row), (7, -1.0, row)), min_score=0.5)
    np.testing.assert_allclose(scores, 1 / (1 + np.exp([-3.0, -1.0])))
    assert values.shape == (2, 12)


def test_boxes_of_negative_size_are_no_findings():
    scores, _ = decode(*answers((5, 1.0, [0, 0, -1, 4, *[0] * 8])), min_score=0.5)
    assert len(scores) == 0


def test_nothing_found_keeps_its_shapes():
    scores, values = merge_overlapping(*decode(*answers(), min_score=0.5))
    assert (scores.shape, values.shape) == ((0,), (0, 12))


def finding(left, top, size):
    return [left, top, left + size, top + size, *np.tile([left, top], 4)]


def test_overlapping_findings_are_averaged_by_score_and_others_left():
    values = np.array([finding(0.0, 0.0, 1.0), finding(0.25, 0.0, 1.0), finding(3.0, 3.0, 1.0)])
    scores, merged = merge_overlapping(np.array([0.9, 0.6, 0.5]), values)
    assert scores.tolist() == [0.9, 0.5]
    np.testing.assert_allclose(merged, [finding(0.1, 0.0, 1.0), finding(3.0, 3.0, 1.0)])


def test_a_box_without_area_stands_alone():
    values = np.array([finding(1.0, 1.0, 0.0), finding(1.0, 1.0, 0.0)])
    scores, _ = merge_overlapping(np.array([0.9, 0.8]), values)
    assert scores.tolist() == [0.9, 0.8]


@pytest.mark.parametrize(
    ("other", "share"), [((0, 0, 2, 2), 1.0), ((1, 0, 3, 2), 1 / 3), ((2, 0, 4, 2), 0.0), ((5, 5, 6, 6), 0.0)]
)
def test_overlap_by_hand(other, share):
    found = overlap(np.array([0.0, 0.0, 2.0, 2.0]), np.array([other], dtype=float))
    assert found[0] == pytest.approx(share)


def test_a_wide_picture_lies_in_the_middle_of_its_square():
    whole = whole_picture((1920, 1080))
    assert (whole.centre_x_px, whole.centre_y_px, whole.side_px, whole.rotation_rad) == (960.0, 540.0, 1920.0, 0.0)

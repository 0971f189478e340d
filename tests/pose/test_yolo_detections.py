"""Reading the outputs of both kinds of heads, with cases made by hand."""

import numpy as np
import pytest

from vidpose.errors import EstimatorError
from vidpose.pose.yolo.detections import DetectionSettings, decode
from vidpose.pose.yolo.facts import NetworkFacts

BOXES = NetworkFacts("detect", 32, 3, 1, (0, 0), chooses=False)
POSES = NetworkFacts("pose", 32, 1, 0, (17, 3), chooses=False)
CHOSEN_BOXES = NetworkFacts("detect", 32, 3, 1, (0, 0), chooses=True)
CHOSEN_POSES = NetworkFacts("pose", 32, 1, 0, (17, 3), chooses=True)
SETTINGS = DetectionSettings(min_score=0.4, max_overlap=0.5)


def candidates(*columns):
    return np.array(columns, dtype=np.float32).T[None]


def keypoints(start):
    points = np.arange(start, start + 51, dtype=np.float32).reshape(17, 3)
    points[:, 2] = 0.5
    return points


def test_centres_and_sizes_become_corners_and_the_best_comes_first():
    found = decode(candidates([50, 60, 20, 40, 0, 0.5, 0], [200, 100, 10, 10, 0.1, 0.75, 0]), BOXES, SETTINGS)
    np.testing.assert_array_equal(found.scores, [0.75, 0.5])
    np.testing.assert_array_equal(found.boxes_px, [[195, 95, 205, 105], [40, 40, 60, 80]])
    assert np.isnan(found.keypoints_px).all()
    assert found.keypoints_px.shape == (2, 17, 2)


def test_other_things_and_doubtful_people_are_left_out():
    found = decode(
        candidates(
            [50, 60, 20, 40, 0.9, 0.8, 0],  # more a ball than a person
            [150, 60, 20, 40, 0, 0.39, 0],
            [250, 60, 20, 40, 0, 0.4, 0.4],
            [350, 60, 20, 40, np.nan, np.nan, np.nan],
        ),
        BOXES,
        SETTINGS,
    )
    np.testing.assert_array_equal(found.boxes_px[:, 0], [240])


def test_of_overlapping_candidates_the_best_stays():
    # IoU of boxes 100 wide that are shifted by d is (100 - d) / (100 + d): 0.5 at d = 33.3
    columns = [[100 + d, 100, 100, 100, 0, s, 0] for d, s in ((0, 0.6), (33, 0.9), (66.5, 0.7), (99, 0.8))]
    found = decode(candidates(*columns), BOXES, SETTINGS)
    # 0.9 takes 0.6 with it; 0.8 is far enough and stays; 0.7 overlaps 0.8 (d = 32.5) and goes
    np.testing.assert_allclose(found.scores, [0.9, 0.8], rtol=1e-6)


def test_a_dropped_candidate_drops_no_others():
    columns = [[100 + d, 100, 100, 100, 0, s, 0] for d, s in ((0, 0.9), (30, 0.8), (60, 0.7))]
    np.testing.assert_allclose(decode(candidates(*columns), BOXES, SETTINGS).scores, [0.9, 0.7], rtol=1e-6)


def test_equally_sure_findings_keep_the_networks_order():
    columns = [[100 * k, 50, 20, 20, 0, 0.5, 0] for k in (3, 1, 2)]
    np.testing.assert_array_equal(decode(candidates(*columns), BOXES, SETTINGS).boxes_px[:, 0], [290, 90, 190])


def test_keypoints_travel_with_their_box():
    first, second = keypoints(100), keypoints(500)
    found = decode(
        candidates([50, 60, 20, 40, 0.5, *first.ravel()], [300, 60, 20, 40, 0.9, *second.ravel()]), POSES, SETTINGS
    )
    np.testing.assert_array_equal(found.keypoints_px, np.stack([second, first])[..., :2])
    np.testing.assert_array_equal(found.confidences, np.full((2, 17), 0.5))


@pytest.mark.parametrize("facts", [POSES, CHOSEN_POSES])
def test_a_keypoint_at_zero_is_missing_and_one_on_an_edge_is_not(facts):
    points = keypoints(10)
    points[4, :2] = 0
    points[5, :2] = (0, 7)
    head = [50, 60, 60, 90, 0.9, 0] if facts.chooses else [50, 60, 20, 40, 0.9]
    output = np.float32([*head, *points.ravel()])
    found = decode(output[None, None] if facts.chooses else output[None, :, None], facts, SETTINGS)
    assert np.isnan(found.keypoints_px[0, 4]).all()
    assert np.isnan(found.confidences[0, 4])
    np.testing.assert_array_equal(found.keypoints_px[0, 5], [0, 7])
    assert np.isfinite(np.delete(found.keypoints_px[0], 4, axis=0)).all()


def test_a_choice_is_taken_as_it_is_even_where_boxes_overlap():
    rows = np.zeros((300, 6), dtype=np.float32)
    rows[:4] = [[10, 20, 30, 60, 0.5, 1], [11, 20, 30, 60, 0.75, 1], [0, 0, 9, 9, 0.9, 0], [1, 1, 5, 5, 0.3, 1]]
    found = decode(rows[None], CHOSEN_BOXES, SETTINGS)
    np.testing.assert_array_equal(found.scores, [0.75, 0.5])
    np.testing.assert_array_equal(found.boxes_px, [[11, 20, 30, 60], [10, 20, 30, 60]])


def test_unused_rows_are_no_people_even_at_threshold_zero():
    assert len(decode(np.zeros((1, 300, 57), dtype=np.float32), CHOSEN_POSES, DetectionSettings(min_score=0.0))) == 0


def test_nobody_gives_empty_arrays_of_the_right_shapes():
    found = decode(np.zeros((1, 56, 100), dtype=np.float32), POSES, SETTINGS)
    assert (found.boxes_px.shape, found.keypoints_px.shape, found.confidences.shape) == ((0, 4), (0, 17, 2), (0, 17))


def test_both_heads_say_the_same_of_the_same_people():
    raw = candidates([50, 60, 20, 40, 0.5, *keypoints(100).ravel()], [300, 60, 20, 40, 0.9, *keypoints(500).ravel()])
    rows = [[290, 40, 310, 80, 0.9, 0, *keypoints(500).ravel()], [40, 40, 60, 80, 0.5, 0, *keypoints(100).ravel()]]
    one = decode(raw, POSES, SETTINGS)
    other = decode(np.float32([rows]), CHOSEN_POSES, SETTINGS)
    for name in ("scores", "boxes_px", "keypoints_px", "confidences"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))


@pytest.mark.parametrize(
    ("facts", "shape"),
    [(POSES, (1, 57, 100)), (POSES, (1, 300, 57)), (CHOSEN_POSES, (1, 56, 100)), (BOXES, (7,)), (BOXES, (2, 7, 100))],
)
def test_an_output_of_another_shape_is_refused_with_both_shapes(facts, shape):
    with pytest.raises(EstimatorError, match=r"expected an output of shape \(.*\), got \("):
        decode(np.zeros(shape, dtype=np.float32), facts, SETTINGS)


@pytest.mark.parametrize("values", [{"min_score": -0.1}, {"max_overlap": 1.5}, {"min_score": float("nan")}])
def test_thresholds_out_of_range_are_refused_by_name(values):
    with pytest.raises(ValueError, match=f"{next(iter(values))}: expected 0 to 1"):
        DetectionSettings(**values)

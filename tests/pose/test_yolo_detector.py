"""Where BlazePose is told to look for somebody whom YOLO found."""

import math

import numpy as np
import pytest
from made_yolo import COCO, finds_spot, picture, save, spot

from vidpose.pose.estimator import PoseSettings
from vidpose.pose.yolo.detections import Detections
from vidpose.pose.yolo.detector import YoloDetector, detections, region_of_body, region_of_box
from vidpose.pose.yolo.keypoints import COCO_INDEX

SURE = np.ones(17)


def standing(turn_rad=0.0, centre_px=(400.0, 300.0)):
    """Somebody whose hips are at the centre and whose ankles, the farthest points, are 100 px below them."""
    body = np.zeros((17, 2))
    for name, number in COCO_INDEX.items():
        side = {"l": 10.0, "r": -10.0}.get(name[0] if "_" in name else "", 0.0)
        down = {"hip": 0, "knee": 50, "ankle": math.sqrt(100**2 - 10**2), "shoulder": -60}.get(name.split("_")[-1], -80)
        body[number] = (side, down)
    cosine, sine = math.cos(turn_rad), math.sin(turn_rad)
    return body @ np.array([[cosine, sine], [-sine, cosine]]) + centre_px


def found(keypoints, confidences, box=(350.0, 200.0, 450.0, 420.0)):
    return Detections(np.array([0.9]), np.array([box]), keypoints[None], confidences[None])


def test_a_box_gives_an_upright_square_around_its_middle_larger_than_its_longer_side():
    region = region_of_box(np.array([100.0, 50.0, 200.0, 350.0]))
    assert (region.centre_x_px, region.centre_y_px, region.rotation_rad) == (150, 200, 0)
    assert region.side_px == pytest.approx(1.4 * 300)


@pytest.mark.parametrize("turn_rad", [0.0, 0.5, -1.2, math.pi / 2, 3.0])
def test_keypoints_give_a_square_around_the_hips_that_turns_with_the_body(turn_rad):
    region = region_of_body(standing(turn_rad), SURE)
    assert (region.centre_x_px, region.centre_y_px) == pytest.approx((400, 300))
    assert math.remainder(region.rotation_rad - turn_rad, 2 * math.pi) == pytest.approx(0, abs=1e-9)
    assert region.side_px == pytest.approx(1.25 * 2 * 1.2 * 100)


def test_one_hip_and_one_shoulder_are_enough():
    confidences = SURE.copy()
    confidences[[COCO_INDEX["left_hip"], COCO_INDEX["left_shoulder"]]] = 0.1
    region = region_of_body(standing(), confidences)
    assert (region.centre_x_px, region.centre_y_px) == pytest.approx((390, 300))


@pytest.mark.parametrize("pair", ["hip", "shoulder"])
@pytest.mark.parametrize("confidence", [0.49, math.nan])
def test_without_hips_or_shoulders_the_box_is_used_and_called_rough(pair, confidence):
    confidences, keypoints = SURE.copy(), standing()
    gone = [COCO_INDEX[f"{side}_{pair}"] for side in ("left", "right")]
    confidences[gone] = confidence
    keypoints[gone] = np.nan
    assert region_of_body(keypoints, confidences) is None
    (detection,) = detections(found(keypoints, confidences))
    assert detection.rough
    assert detection.region == region_of_box(np.array(detection.box_px))


def test_keypoints_that_are_not_sure_do_not_stretch_the_square():
    keypoints, confidences = standing(), SURE.copy()
    keypoints[COCO_INDEX["left_wrist"]], confidences[COCO_INDEX["left_wrist"]] = (5000, 5000), 0.2
    assert region_of_body(keypoints, confidences).side_px == pytest.approx(300)


def test_hips_on_top_of_shoulders_say_nothing():
    assert region_of_body(np.full((17, 2), 7.0), SURE) is None


def test_a_detection_carries_score_box_and_the_bodys_square():
    (detection,) = detections(found(standing(), SURE))
    assert (detection.score, detection.box_px) == (0.9, (350.0, 200.0, 450.0, 420.0))
    assert not detection.rough
    assert detection.region == region_of_body(standing(), SURE)


def test_nobody_gives_no_detections():
    nobody = Detections(np.zeros(0), np.zeros((0, 4)), np.zeros((0, 17, 2)), np.zeros((0, 17)))
    assert detections(nobody) == []


@pytest.mark.parametrize(("min_score", "n_found"), [(None, 0), (0.3, 1)])
def test_the_detector_looks_at_pictures_with_its_own_threshold_or_the_settings(tmp_path, min_score, n_found):
    folder = save(tmp_path, finds_spot, keypoints=COCO)
    settings = PoseSettings(yolo_model=str(folder), min_detection_confidence=0.95, device="cpu")
    detected = YoloDetector(settings, min_score).detect(picture(spot((640, 360), (200.0, 100.0)), 90))
    assert len(detected) == n_found
    for detection in detected:
        assert detection.score == pytest.approx(0.9)
        np.testing.assert_allclose(detection.box_px, (180, 70, 220, 130), atol=0.2)

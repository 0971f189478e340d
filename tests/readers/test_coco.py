"""COCO keypoint results as pycocotools reads them."""

import numpy as np
import pytest

coco = pytest.importorskip("pycocotools.coco")
cocoeval = pytest.importorskip("pycocotools.cocoeval")

CHOSEN = [0, 2, 5, 7, 8, 11, 12, 13, 14, 15, 16, 23, 24, 25, 26, 27, 28]


@pytest.fixture(scope="module")
def loaded(files):
    images = coco.COCO(str(files / "ntsc" / "coco_images.json"))
    return images, images.loadRes(str(files / "ntsc" / "coco_predictions.json"))


def test_every_result_says_which_frame_and_what_was_estimated(loaded, meant):
    images, results = loaded
    seen = []
    for entry in results.loadAnns(results.getAnnIds()):
        image = images.imgs[entry["image_id"]]
        seen.append(image["frame"])
        assert image["video"] == "a/ntsc.mp4"
        assert image["time_s"] == pytest.approx(meant["ntsc_s"][image["frame"]], abs=1e-6)
        points = np.reshape(entry["keypoints"], (17, 3))
        np.testing.assert_allclose(points[:, :2], meant["raw_px"][image["frame"]][CHOSEN], atol=0.006)
        assert set(points[:, 2]) == {0.75}
        assert entry["score"] == 0.75
    lost = range(*meant["lost"])
    assert seen == [frame for frame in range(100) if frame not in lost]
    assert [image["frame"] for image in images.dataset["images"]] == list(range(100))


def test_ids_are_exact_in_every_json_reader(loaded):
    images, _ = loaded
    assert max(images.getImgIds()) < 2**53
    assert len(set(images.getImgIds())) == 100


def test_the_category_is_cocos_person(loaded):
    images, _ = loaded
    (category,) = images.loadCats(images.getCatIds())
    assert category["name"] == "person"
    assert len(category["keypoints"]) == 17
    assert category["keypoints"][5] == "left_shoulder"
    assert len(category["skeleton"]) == 19


def test_results_score_full_marks_against_themselves_as_truth(loaded):
    images, results = loaded
    truth = coco.COCO()
    annotations = []
    for entry in results.loadAnns(results.getAnnIds()):
        keypoints = np.reshape(entry["keypoints"], (17, 3)).copy()
        keypoints[:, 2] = 2
        changes = {"keypoints": keypoints.ravel().tolist(), "num_keypoints": 17, "iscrowd": 0}
        annotations.append(dict(entry) | changes)
    truth.dataset = {**images.dataset, "annotations": annotations}
    truth.createIndex()
    evaluation = cocoeval.COCOeval(truth, results, "keypoints")
    evaluation.evaluate()
    evaluation.accumulate()
    evaluation.summarize()
    assert evaluation.stats[0] == pytest.approx(1.0)

"""Running made networks: what they are fed, where their answers lie in the picture, and what is refused."""

import numpy as np
import pytest
from made_yolo import COCO, finds_spot, opened, picture, save, says, shows, spot

from vidpose.errors import EstimatorError
from vidpose.pose.yolo.detections import DetectionSettings
from vidpose.pose.yolo.facts import read_facts
from vidpose.pose.yolo.network import RunSettings, YoloNetwork
from vidpose.types.picture import BT601, YuvColour

BT709_FULL = YuvColour(0.2126, 0.0722, full_range=True)


@pytest.fixture(scope="module")
def mirror(tmp_path_factory):
    return opened(save(tmp_path_factory.mktemp("mirror"), shows))


@pytest.fixture(scope="module")
def finder(tmp_path_factory):
    return opened(save(tmp_path_factory.mktemp("finder"), finds_spot, keypoints=COCO))


@pytest.mark.parametrize("colour", [BT601, BT709_FULL])
def test_the_network_sees_rgb_from_0_to_1_between_grey_margins(mirror, colour):
    rgb = np.zeros((90, 160, 3))
    rgb[:, :80], rgb[:, 80:] = (250, 20, 20), (30, 60, 240)
    seen, box = YoloNetwork(mirror, RunSettings()).infer(picture(rgb, colour=colour))
    assert seen.shape == (1, 3, 384, 640)
    top, bottom = box.top_px, box.top_px + box.shown_height_px
    for margin in (seen[0, :, :top], seen[0, :, bottom:]):
        assert margin.size
        np.testing.assert_array_equal(margin, np.float32(114 / 255))
    np.testing.assert_allclose(seen[0, :, top:bottom, :300].mean(axis=(1, 2)) * 255, (250, 20, 20), atol=2)
    np.testing.assert_allclose(seen[0, :, top:bottom, -300:].mean(axis=(1, 2)) * 255, (30, 60, 240), atol=2)
    assert seen.min() >= 0
    assert seen.max() <= 1


def test_a_network_for_one_size_gets_that_size(tmp_path):
    model = opened(save(tmp_path, shows, size_px=(320, 320)))
    seen, box = YoloNetwork(model, RunSettings()).infer(picture(np.full((100, 200, 3), 200)))
    assert seen.shape == (1, 3, 320, 320)
    assert (box.shown_width_px, box.shown_height_px, box.left_px, box.top_px) == (320, 160, 0, 80)


@pytest.mark.parametrize("rotation_deg", [0, 90, 180, 270])
@pytest.mark.parametrize(
    ("size_px", "centre_px"), [((960, 540), (700.0, 100.0)), ((541, 961), (60.0, 900.0)), ((320, 240), (160.5, 120.5))]
)
def test_what_is_found_lies_where_it_is_in_the_upright_picture(finder, size_px, centre_px, rotation_deg):
    found = YoloNetwork(finder, RunSettings()).find(
        picture(spot(size_px, centre_px), rotation_deg), DetectionSettings()
    )
    assert len(found) == 1
    left, top, right, bottom = found.boxes_px[0]
    np.testing.assert_allclose([(left + right) / 2, (top + bottom) / 2], centre_px, atol=0.1)
    scale = max(size_px) / 640
    np.testing.assert_allclose([right - left, bottom - top], [40 * scale, 60 * scale], rtol=0.01)
    np.testing.assert_allclose(found.keypoints_px[0, 8], centre_px, atol=0.1)
    np.testing.assert_allclose(found.keypoints_px[0, 16] - centre_px, [8 * scale, 16 * scale], rtol=0.02, atol=0.1)
    assert np.isnan(found.keypoints_px[0, 3]).all(), "(0, 0) in the input is missing, wherever that is in the picture"


def test_a_network_that_sees_nobody_finds_nobody(finder):
    assert len(YoloNetwork(finder, RunSettings()).find(picture(np.zeros((90, 160, 3))), DetectionSettings())) == 0


def test_pictures_of_different_size_and_colour_can_follow_each_other(finder):
    network = YoloNetwork(finder, RunSettings())
    for size_px, colour in (((320, 240), BT601), ((240, 320), BT601), ((240, 320), BT709_FULL), ((320, 240), BT601)):
        found = network.find(picture(spot(size_px, (100.0, 90.0)), colour=colour), DetectionSettings())
        np.testing.assert_allclose(found.keypoints_px[0, 8], (100, 90), atol=0.15)


def test_the_choice_of_a_network_is_mapped_to_the_picture(tmp_path):
    rows = np.zeros((1, 300, 6), dtype=np.float32)
    rows[0, 0] = [0, 12, 640, 372, 0.9, 0]  # the whole picture of 16:9 in 640 x 384
    model = opened(save(tmp_path, says(rows), chooses=True))
    found = YoloNetwork(model, RunSettings()).find(picture(np.zeros((540, 960, 3))), DetectionSettings())
    np.testing.assert_allclose(found.boxes_px, [[0, 0, 960, 540]])


# --- metadata -------------------------------------------------------------------------------------------------------


def test_the_metadata_says_how_to_read_the_output(tmp_path):
    folder = save(tmp_path, shows, names=("ball", "Person", "dog"), chooses=True)
    facts = read_facts(folder)
    assert (facts.task, facts.stride_px, facts.n_classes, facts.person_class) == ("detect", 32, 3, 1)
    assert facts.chooses
    assert not facts.has_coco_keypoints


def test_a_network_with_one_class_finds_people_whatever_it_is_called(tmp_path):
    assert read_facts(save(tmp_path, shows, names=("athlete",))).person_class == 0


def test_a_network_that_knows_no_people_is_refused(tmp_path):
    folder = save(tmp_path, shows, names=("cat", "dog"))
    with pytest.raises(EstimatorError, match="expected a class named person, found cat, dog"):
        read_facts(folder)


def test_a_network_for_another_task_is_refused(tmp_path):
    folder = save(tmp_path, shows, task="segment")
    with pytest.raises(EstimatorError, match="detect or pose, got one for segment"):
        read_facts(folder)


@pytest.mark.parametrize("text", ["", "task: pose", "[1, 2", "task: pose\nnames: 3\nstride: 32", "\x00"])
def test_damaged_metadata_is_refused_by_its_path(tmp_path, text):
    (tmp_path / "metadata.yaml").write_text(text)
    with pytest.raises(EstimatorError, match=r"metadata\.yaml: expected the description that ultralytics writes"):
        read_facts(tmp_path)


def test_a_damaged_network_is_refused_by_its_path(tmp_path):
    folder = save(tmp_path, shows)
    (folder / "made.xml").write_text("<net")
    with pytest.raises(EstimatorError, match=r"made\.xml: OpenVINO cannot read it"):
        YoloNetwork(opened(folder), RunSettings()).infer(picture(np.zeros((90, 160, 3))))

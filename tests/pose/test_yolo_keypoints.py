"""The estimator ``yolo`` on made networks: landmarks, numbers, description, state, and the analysis behind it."""

import json
from dataclasses import replace

import numpy as np
import pytest
from made_yolo import COCO, finds_spot, picture, save, says, spot

from vidpose.biomech.analysis import AnalysisSettings, analyse
from vidpose.errors import EstimatorError
from vidpose.pose.estimator import PoseSettings
from vidpose.pose.yolo.keypoint_estimator import YoloPoseEstimator, describe
from vidpose.pose.yolo.keypoints import COCO_INDEX, COCO_KEYPOINTS, frame_pose, limits
from vidpose.types.motion import AngleStatus
from vidpose.types.pose import PoseTrack
from vidpose.types.skeleton import LANDMARK_INDEX, LANDMARK_NAMES, N_LANDMARKS

COVERED = [LANDMARK_INDEX[name] for name in COCO_KEYPOINTS]
UNCOVERED = sorted(set(range(N_LANDMARKS)) - set(COVERED))


def settings_for(folder, **changes):
    return replace(PoseSettings(estimator="yolo", yolo_model=str(folder), device="cpu"), **changes)


@pytest.fixture(scope="module")
def settings(tmp_path_factory):
    return settings_for(save(tmp_path_factory.mktemp("finder"), finds_spot, keypoints=COCO))


def frames(n):
    """A spot that walks to the right and is gone in every fifth frame."""
    for k in range(n):
        gone = k % 5 == 4
        yield picture(spot((320, 240), (60.0 + 3 * k, 100.0), value=0 if gone else 255)), k / 30


def answers(estimator, shown):
    return [[(person.person, person.pose) for person in estimator.estimate(*frame)] for frame in shown]


def test_each_keypoint_goes_to_the_landmark_of_its_name():
    keypoints = np.arange(34, dtype=float).reshape(17, 2) + 1
    keypoints[9] = np.nan
    pose = frame_pose(keypoints, np.linspace(0.1, 0.9, 17))
    for name, number in COCO_INDEX.items():
        np.testing.assert_array_equal(pose.image_px[LANDMARK_INDEX[name]], keypoints[number].astype(np.float32))
    assert pose.visibility[LANDMARK_INDEX["nose"]] == np.float32(0.1)
    assert np.isnan(pose.visibility[LANDMARK_INDEX["left_wrist"]]), "a missing point has no confidence"
    for values in (pose.image_px[UNCOVERED], pose.visibility[UNCOVERED], pose.z_rel, pose.presence, pose.world_m):
        assert np.isnan(values).all()
    for values in (pose.image_px, pose.z_rel, pose.visibility, pose.presence, pose.world_m):
        assert values.dtype == np.float32


def test_the_limits_name_every_landmark_that_is_not_given():
    finding = limits()
    assert finding.details["landmarks"] == [LANDMARK_NAMES[number] for number in UNCOVERED]
    assert {"left_heel", "right_foot_index", "left_thumb"} <= set(finding.details["landmarks"])
    assert finding.severity == "info"
    assert "17 of 33" in finding.message


def test_somebody_who_walks_keeps_their_number_through_gaps(settings):
    with YoloPoseEstimator(settings) as estimator:
        found = answers(estimator, frames(12))
    assert [len(people) for people in found] == [0 if k % 5 == 4 else 1 for k in range(12)]
    assert {person for people in found for person, _ in people} == {0}
    for k, people in enumerate(found):
        for _, pose in people:
            middle = pose.image_px[LANDMARK_INDEX["left_elbow"]] - pose.image_px[LANDMARK_INDEX["right_elbow"]]
            np.testing.assert_allclose(middle, (-0.5, -1), atol=0.05)
            # keypoint 8 is the middle of the spot
            np.testing.assert_allclose(pose.image_px[LANDMARK_INDEX["right_elbow"]], (60 + 3 * k, 100), atol=0.15)
            assert pose.visibility[LANDMARK_INDEX["nose"]] == pytest.approx(0.8)
            assert np.isnan(pose.image_px[LANDMARK_INDEX["left_ear"]]).all(), "keypoint 3 is (0, 0)"


def test_results_do_not_depend_on_threads_or_on_what_the_process_did_before(settings):
    runs = [answers(YoloPoseEstimator(settings, n_threads), frames(6)) for n_threads in (1, 2, 1)]
    for other in runs[1:]:
        for one, same in zip(runs[0], other, strict=True):
            for (number, pose), (same_number, same_pose) in zip(one, same, strict=True):
                assert number == same_number
                np.testing.assert_array_equal(pose.image_px, same_pose.image_px)
                np.testing.assert_array_equal(pose.visibility, same_pose.visibility)


@pytest.mark.parametrize("cut", [0, 3, 5])
def test_a_stretch_is_taken_up_exactly_where_another_estimator_left_it(settings, cut):
    shown = list(frames(10))
    whole, first, second = (YoloPoseEstimator(settings) for _ in range(3))
    expected = answers(whole, shown)
    found = answers(first, shown[:cut])
    second.restore_state(json.loads(json.dumps(first.export_state(), allow_nan=False)))
    found += answers(second, shown[cut:])
    for one, other in zip(expected, found, strict=True):
        assert [number for number, _ in one] == [number for number, _ in other]
        for (_, pose), (_, same) in zip(one, other, strict=True):
            np.testing.assert_array_equal(pose.image_px, same.image_px)
    assert second.export_state() == whole.export_state()
    assert second.appearances() == whole.appearances()


def test_the_thresholds_of_the_settings_are_used(settings):
    shown = next(iter(frames(1)))
    for confidence, n_found in ((0.89, 1), (0.91, 0)):
        strict = replace(settings, min_detection_confidence=confidence)
        assert len(YoloPoseEstimator(strict).estimate(*shown)) == n_found


def test_no_more_people_than_asked_for(tmp_path):
    rows = np.zeros((1, 300, 57), dtype=np.float32)
    for k in range(6):
        rows[0, k, :6] = [100 * k, 100, 100 * k + 60 + k, 250, 0.9, 0]
        rows[0, k, 6:] = np.tile([100 * k + 30, 170, 0.9], 17)
    folder = save(tmp_path, says(rows), keypoints=COCO, chooses=True)
    shown = picture(np.zeros((384, 640, 3)))
    for max_people in (1, 4, 20):
        estimator = YoloPoseEstimator(settings_for(folder, max_people=max_people))
        for time_s in (0.0, 0.1):
            people = estimator.estimate(shown, time_s)
            assert [person.person for person in people] == list(range(min(max_people, 6)))
    assert people[0].pose.image_px[0, 0] == 530, "the widest is the largest here, and is number 0"


# --- description --------------------------------------------------------------------------------------------------


def test_the_description_has_hashes_and_the_device_but_no_path(settings):
    info = describe(replace(settings, device="auto"))
    assert (info.name, info.package, info.exports_state) == ("yolo", "openvino", True)
    assert set(info.models) == {"made.xml", "made.bin"}
    assert all(len(sha256) == 64 for sha256 in info.models.values())
    assert info.settings.device in {"cpu", "gpu"}
    assert "/" not in info.settings.yolo_model


def test_another_network_has_another_description(settings, tmp_path):
    other = settings_for(save(tmp_path, says(np.zeros((1, 56, 1))), keypoints=COCO))
    assert describe(other).models != describe(settings).models


@pytest.mark.parametrize("keypoints", [None, (5, 3), (17, 2)])
@pytest.mark.parametrize("door", [describe, YoloPoseEstimator])
def test_a_network_without_cocos_keypoints_is_refused(tmp_path, keypoints, door):
    folder = save(tmp_path, says(np.zeros((1, 5, 1))), keypoints=keypoints)
    with pytest.raises(
        EstimatorError, match=r"needs a network with COCO's 17 keypoints.*use --estimator yolo\+blazepose"
    ):
        door(settings_for(folder))


def test_fast_precision_is_refused(settings):
    with pytest.raises(EstimatorError, match="precision fast is not offered"):
        describe(replace(settings, precision="fast"))


# --- the analysis behind it ---------------------------------------------------------------------------------------


def walking_track(n=60):
    """Somebody in side view, looking to the right, who bends and stretches both knees; COCO's landmarks only."""
    times = np.arange(n) / 30
    bend = 0.5 + 0.4 * np.sin(2 * np.pi * times)
    points = {
        "nose": (520, 120), "eye": (515, 110), "ear": (500, 115), "shoulder": (500, 180), "elbow": (505, 260),
        "wrist": (515, 330), "hip": (500, 340), "ankle": (500, 660),
    }  # fmt: skip
    image_px = np.full((n, N_LANDMARKS, 2), np.nan)
    for name in COCO_KEYPOINTS:
        joint = name.split("_")[-1]
        nearer = 4.0 if name.startswith("left") else 0.0
        if joint == "knee":
            position = np.stack([500 + 80 * bend + nearer, np.full(n, 500.0)], axis=1)
        else:
            x, y = points[joint]
            position = np.tile((x + nearer, y), (n, 1))
        image_px[:, LANDMARK_INDEX[name]] = position
    visibility = np.full((n, N_LANDMARKS), np.nan)
    visibility[:, COVERED] = 0.95
    nan = np.full((n, N_LANDMARKS), np.nan)
    return PoseTrack(
        pts=np.arange(n), timestamps_s=times, image_px=image_px, z_rel=nan, visibility=visibility, presence=nan,
        world_m=np.full((n, N_LANDMARKS, 3), np.nan), corrupt=np.zeros(n, dtype=bool),
    )  # fmt: skip


def test_the_analysis_gives_what_coco_allows_and_says_what_is_missing():
    analysis = analyse(walking_track(), AnalysisSettings(), height_m=1.8)
    angles = analysis.angles
    by_id = {name: (angles.values_rad[:, k], angles.status[:, k]) for k, name in enumerate(angles.ids)}
    for side in "rl":
        for name in ("knee_flexion", "hip_flexion", "thigh", "shank"):
            assert np.isfinite(by_id[f"{name}_{side}"][0]).all(), name
        for name in ("ankle_dorsiflexion", "foot", "wrist_flexion", "ankle_included_3d", "knee_included_3d"):
            values, status = by_id[f"{name}_{side}"]
            assert np.isnan(values).all(), name
            assert (status == AngleStatus.MISSING).all(), name
    assert np.isfinite(analysis.body_height_px)


def test_a_body_straightens_and_bends_as_it_was_made():
    analysis = analyse(walking_track(), AnalysisSettings())
    knee = analysis.angles.values_rad[:, list(analysis.angles.ids).index("knee_flexion_r")]
    # thigh and shank are 160 high and reach 80 x bend forward: flexion is twice the angle of each
    expected = 2 * np.arctan2(80 * 0.9, 160)
    assert knee.max() == pytest.approx(expected, abs=0.02)

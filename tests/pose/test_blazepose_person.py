"""The fast estimator on pictures: it finds, loses, goes on exactly, and agrees with MediaPipe's graph."""

import json
from dataclasses import replace
from importlib import metadata

import numpy as np
import pytest

from benchmarks.equality import difference, pictures, torso_px
from vidpose.errors import EstimatorError
from vidpose.pose.blazepose.detector import BlazePoseDetector
from vidpose.pose.blazepose.hardware import read_cpu_flags
from vidpose.pose.blazepose.landmarker import BlazePoseLandmarker
from vidpose.pose.blazepose.person_estimator import BlazePoseEstimator, describe
from vidpose.pose.estimator import PoseSettings
from vidpose.pose.models import local_models, write_task
from vidpose.pose.opening import open_estimator
from vidpose.pose.regions import Region
from vidpose.pose.sampling import Sampler, SamplingSettings
from vidpose.types.picture import BT601, Picture, YuvColour
from vidpose.types.skeleton import LANDMARK_INDEX

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(local_models(1) is None, reason="the networks are not here; run: vidpose models fetch full"),
]
SETTINGS = PoseSettings(estimator="blazepose", max_people=1, device="cpu")
FAST = replace(SETTINGS, precision="fast")
NATIVE_BFLOAT16 = bool(read_cpu_flags() & {"avx512_bf16", "amx_bf16"})
NAMES = ("image_px", "z_rel", "visibility", "presence", "world_m")
N_FRAMES = 24


@pytest.fixture(scope="module")
def frames(sample_video):
    """The sample clip's first frames, with planes of their own."""
    return [
        Picture(one.y.copy(), one.u.copy(), one.v.copy(), one.rotation_deg, one.colour, one.rgb)
        for one in pictures(sample_video, N_FRAMES)
    ]


def poses(frames, settings=SETTINGS, n_threads=1, states=None):
    """One pose or None per frame; ``states`` receives the state before each frame, as text."""
    found = []
    with BlazePoseEstimator(settings, n_threads) as estimator:
        for number, picture in enumerate(frames):
            if states is not None:
                states.append(json.dumps(estimator.export_state()))
            people = estimator.estimate(picture, number / 30)
            assert [one.person for one in people] in ([], [0])
            found.append(people[0].pose if people else None)
    return found


def assert_same(first, second):
    for one, other in zip(first, second, strict=True):
        for name in NAMES:
            np.testing.assert_array_equal(getattr(one, name), getattr(other, name))


def flat(colour, y, u=128, v=128, size=(120, 160)):
    half = (size[0] // 2, size[1] // 2)
    planes = (np.full(size, y, np.uint8), np.full(half, u, np.uint8), np.full(half, v, np.uint8))
    return Picture(*planes, 0, colour, lambda: np.zeros((*size, 3), np.uint8))


def turned(picture, quarters):
    """The same upright picture, stored turned by quarters clockwise."""
    planes = [np.ascontiguousarray(np.rot90(plane, -quarters)) for plane in (picture.y, picture.u, picture.v)]
    return Picture(*planes, -90 * quarters % 360, picture.colour, picture.rgb)


def test_the_description_names_openvino_the_models_and_the_device():
    info = describe(replace(SETTINGS, device="auto"))
    assert (info.name, info.package, info.version) == ("blazepose", "openvino", metadata.version("openvino"))
    assert info.models == dict(local_models(1).hashes)
    assert info.exports_state
    assert info.settings.device in ("cpu", "gpu")
    assert replace(info.settings, device="cpu") == SETTINGS


def test_the_person_is_found_in_every_frame_where_the_graph_finds_them(frames):
    for picture, pose in zip(frames, poses(frames), strict=True):
        width, height = picture.size_px
        x, y = pose.image_px.T
        assert ((x > 0) & (x < width) & (y > 0) & (y < height)).all()
        nose, hip, ankle = (y[LANDMARK_INDEX[name]] for name in ("nose", "left_hip", "left_ankle"))
        assert nose < hip < ankle, "y points down"
        for confidence in (pose.visibility, pose.presence):
            assert ((confidence >= 0) & (confidence <= 1)).all()
        assert pose.presence[LANDMARK_INDEX["left_hip"]] > 0.8
        hips = pose.world_m[[LANDMARK_INDEX["left_hip"], LANDMARK_INDEX["right_hip"]]]
        np.testing.assert_allclose(hips.mean(axis=0), 0, atol=0.02, err_msg="origin mid-hip")
        assert {getattr(pose, name).dtype for name in NAMES} == {np.dtype(np.float32)}


@pytest.mark.parametrize("settings", [SETTINGS, replace(SETTINGS, smooth_landmarks=True)])
@pytest.mark.thorough
def test_going_on_from_a_state_is_exact_wherever_the_clip_is_cut(frames, settings):
    states = []
    whole = poses(frames, settings, states=states)
    for cut in (0, 1, 7, N_FRAMES - 1):
        with BlazePoseEstimator(settings) as other:
            other.restore_state(json.loads(states[cut]))
            assert_same(whole[cut:], [other.estimate(picture, 0.0)[0].pose for picture in frames[cut:]])


@pytest.mark.thorough
def test_results_do_not_depend_on_threads_or_on_what_else_the_process_did(frames):
    alone = poses(frames[:8])
    assert_same(alone, poses(frames[:8], n_threads=2))
    with BlazePoseEstimator(SETTINGS) as first, BlazePoseEstimator(SETTINGS) as second:
        found = []
        for picture in frames[:8]:
            found.append(first.estimate(picture, 0.0)[0].pose)
            second.estimate(turned(picture, 2), 0.0)
    assert_same(alone, found)


def test_a_pose_does_not_change_when_the_next_is_read(frames):
    with BlazePoseEstimator(SETTINGS) as estimator:
        pose = estimator.estimate(frames[0], 0.0)[0].pose
        before = [getattr(pose, name).copy() for name in NAMES]
        estimator.estimate(frames[20], 0.0)
    for name, value in zip(NAMES, before, strict=True):
        np.testing.assert_array_equal(getattr(pose, name), value)


@pytest.mark.thorough
def test_whoever_leaves_is_lost_and_found_again(frames):
    empty = flat(BT601, 100, size=frames[0].y.shape)
    found = poses([frames[0], empty, empty, frames[0]])
    assert [pose is not None for pose in found] == [True, False, False, True]
    assert_same(found[:1], found[3:])


def misled(frames, side):
    """An estimator that takes the person of the first frame for larger and elsewhere; then the second frame's truth."""
    estimator = BlazePoseEstimator(SETTINGS)
    (person,) = estimator.estimate(frames[0], 0.0)
    state = estimator.export_state()
    truth = estimator.estimate(frames[1], 0.0)[0].pose
    centre_x_px, centre_y_px, side_px, rotation_rad = state["region"]
    moved = [centre_x_px + 0.15 * side * side_px, centre_y_px + 0.1 * side * side_px, 1.8 * side_px, rotation_rad]
    estimator.restore_state({**state, "region": moved})
    return estimator, truth, torso_px(person.pose.image_px)


@pytest.mark.parametrize("side", [-1.0, 1.0])
def test_after_a_gap_the_person_is_read_where_they_are(frames, side):
    def error(ask):
        estimator, truth, size_px = misled(frames, side)
        (person,) = ask(estimator)
        return np.linalg.norm(person.pose.image_px - truth.image_px, axis=1).mean() / size_px

    once = error(lambda estimator: estimator.estimate(frames[1], 0.1))
    again = error(lambda estimator: estimator.estimate_after_gap(frames[1], 0.1, 0.1))
    assert again < 0.03
    assert again < 0.5 * once


def test_after_a_gap_without_movement_nothing_else_is_read(frames):
    plain, bridged = BlazePoseEstimator(SETTINGS), BlazePoseEstimator(SETTINGS)
    plain.estimate(frames[0], 0.0)
    bridged.restore_state(plain.export_state())
    for picture in frames[1:4]:
        (expected,), (person,) = plain.estimate(picture, 0.0), bridged.estimate_after_gap(picture, 0.0, 0.01)
        assert_same([person.pose], [expected.pose])
    assert bridged.export_state() == plain.export_state()


def test_nobody_is_found_after_a_gap_where_nobody_is(frames):
    empty = flat(BT601, 100, size=frames[0].y.shape)
    estimator = BlazePoseEstimator(SETTINGS)
    assert estimator.estimate(frames[0], 0.0)
    assert estimator.estimate_after_gap(empty, 0.1, 0.1) == ()
    assert estimator.estimate_after_gap(empty, 0.2, 0.1) == ()


@pytest.mark.parametrize("pose_fps", [5.0, 10.0, 15.0])
@pytest.mark.thorough
def test_few_poses_per_second_are_as_good_as_those_of_every_frame(shared_data, pose_fps):
    """The detector's first squares are twice too large here; every square after a gap would be, for a second."""
    video = shared_data / "videos" / "sports2d_demo.mp4"
    (every, _), (some, found) = (
        sampled(video, replace(SETTINGS, max_people=n), how)
        for n, how in ((4, SamplingSettings()), (1, SamplingSettings(pose_fps=pose_fps)))
    )
    assert found.sum() >= 0.8 * len(found), "the detector misses the first tenths of a second"
    error_px = np.linalg.norm(every - some, axis=2)[:, LIMBS].mean(axis=1)
    assert np.nanmax(error_px) < 0.2 * torso_px(every[0])


LIMBS = [
    LANDMARK_INDEX[f"{side}_{name}"] for side in ("left", "right") for name in ("shoulder", "hip", "knee", "ankle")
]


def sampled(video, settings, how, n_frames=40):
    """Landmarks of the first person, shape (T, 33, 2), pixels; and whether somebody was found where one was asked."""
    with open_estimator(settings, video) as estimator:
        sampler = Sampler(estimator, how)
        results = [
            result
            for number, picture in enumerate(pictures(video, n_frames))
            for result in sampler.feed(picture, number / 30)
        ]
        results += sampler.flush()
    found = np.array([bool(result.people) for result in results if result.estimated])
    nothing = np.full((33, 2), np.nan)
    return np.array([result.people[0].pose.image_px if result.people else nothing for result in results]), found


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_a_clip_that_is_stored_turned_gives_the_same_pose(frames, quarters):
    (upright,), (other,) = poses(frames[:1]), poses([turned(frames[0], quarters)])
    distance = np.linalg.norm(upright.image_px - other.image_px, axis=1).mean()
    assert distance < 0.01 * torso_px(upright.image_px), "only the rounding of interpolation differs"


def test_regions_are_read_one_by_one_in_their_order(frames):
    (detection,) = BlazePoseDetector(SETTINGS).detect(frames[0])
    shifted = replace(detection.region, centre_x_px=detection.region.centre_x_px + 20)
    landmarker = BlazePoseLandmarker(SETTINGS)
    both = landmarker.landmarks(frames[0], [detection.region, shifted])
    alone = [landmarker.landmarks(frames[0], [region])[0] for region in (detection.region, shifted)]
    assert_same([one.pose for one in both], [one.pose for one in alone])
    assert both[0].presence > 0.9
    assert landmarker.landmarks(frames[0], []) == []


@pytest.mark.thorough
def test_colours_mean_what_their_file_says():
    """The same grey and the same orange, written with two sets of numbers, look the same to the network."""
    landmarker, region = BlazePoseLandmarker(SETTINGS), Region(80.0, 60.0, 100.0, 0.0)
    full = YuvColour(0.2126, 0.0722, full_range=True)

    def outputs(picture):
        return landmarker.landmarks(picture, [region])[0].pose.world_m

    for rgb in ([128.0, 128.0, 128.0], [220.0, 130.0, 60.0]):
        numbers = []
        for colour in (BT601, full):
            matrix, offset = colour.to_rgb()
            numbers.append(np.rint(np.linalg.solve(matrix, np.array(rgb) - offset)).astype(int).tolist())
        right = [outputs(flat(colour, *yuv)) for colour, yuv in zip((BT601, full), numbers, strict=True)]
        wrong = outputs(flat(full, *numbers[0]))
        assert np.abs(right[0] - right[1]).max() < np.abs(right[0] - wrong).max() / 2


def test_a_model_that_openvino_cannot_read_is_refused(tmp_path, frames):
    broken = tmp_path / "pose.task"
    models = local_models(1)
    write_task(replace(models, landmarks=models.landmarks[:1000]), broken)
    settings = replace(SETTINGS, model=broken)
    with pytest.raises(EstimatorError, match=r"pose\.task: OpenVINO cannot read the pose model; fetch the file again"):
        describe(settings)
    with pytest.raises(EstimatorError, match="cannot read the pose model; fetch the file again"):
        BlazePoseEstimator(settings).estimate(frames[0], 0.0)


def test_networks_of_another_kind_are_refused(tmp_path, frames):
    swapped = tmp_path / "pose.task"
    models = local_models(1)
    write_task(replace(models, landmarks=models.detector), swapped)
    settings = replace(SETTINGS, model=swapped)
    with pytest.raises(EstimatorError, match=r"pose\.task: pose model: expected outputs .* found .*2254.*models check"):
        describe(settings)
    with pytest.raises(EstimatorError, match="expected outputs of shapes"):
        BlazePoseEstimator(settings).estimate(frames[0], 0.0)


@pytest.mark.skipif(not NATIVE_BFLOAT16, reason="this processor has no bfloat16")
def test_fast_stays_close_to_f32(frames):
    found = difference(poses(frames[:10], FAST), poses(frames[:10]))
    assert found.mean_percent < 4.0
    assert found.knee_deg < 6.0
    with BlazePoseEstimator(FAST) as fast, BlazePoseEstimator(SETTINGS) as exact:
        world_m = [estimator.estimate(frames[0], 0.0)[0].pose.world_m for estimator in (fast, exact)]
    assert np.linalg.norm(world_m[0] - world_m[1], axis=1).mean() < 0.02, "not the 10 cm of bfloat16 throughout"

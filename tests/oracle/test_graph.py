"""MediaPipe's own graph finds the person, the same way every time, and its networks are those that are fetched."""

import os
from pathlib import Path

import numpy as np
import pytest

from vidpose.pose.estimator import PoseSettings
from vidpose.pose.mediapipe_task import task_of
from vidpose.pose.models import installed_models, pose_models
from vidpose.pose.official_models import PUBLISHED
from vidpose.pose.opening import describe_estimator, open_estimator
from vidpose.types.picture import BT601, Picture
from vidpose.types.skeleton import LANDMARK_INDEX, N_LANDMARKS

SHAPES = {
    "image_px": (N_LANDMARKS, 2),
    "z_rel": (N_LANDMARKS,),
    "visibility": (N_LANDMARKS,),
    "presence": (N_LANDMARKS,),
    "world_m": (N_LANDMARKS, 3),
}
GRAPH = PoseSettings("mediapipe")
pytestmark = pytest.mark.slow


def test_the_description_names_the_version_and_the_networks_that_are_published():
    info = describe_estimator(PoseSettings("mediapipe"))
    assert (info.name, info.package, info.version) == ("mediapipe", "mediapipe", "0.10.21")
    assert info.models == installed_models(1).hashes
    assert info.models == {name: PUBLISHED[name].sha256[0] for name in info.models}


N_FRAMES = 30


@pytest.fixture(scope="module")
def frames(sample_video):
    """Every fifth of the sample clip's first frames, RGB."""
    import av

    with av.open(str(sample_video)) as video:
        wanted = []
        for number, frame in enumerate(video.decode(video=0)):
            if number % 5 == 0:
                wanted.append(frame.to_ndarray(format="rgb24"))
            if len(wanted) == N_FRAMES:
                return wanted
    raise AssertionError("the sample clip is shorter than 5 s")


def picture_of(rgb):
    """A picture whose planes are not looked at."""
    height, width = rgb.shape[:2]
    grey = np.full((height, width), 128, dtype=np.uint8)
    return Picture(grey, grey[::2, ::2], grey[::2, ::2], 0, BT601, rgb.copy)


def poses_of(frames, settings=GRAPH):
    with open_estimator(settings, Path("a.mp4")) as estimator:
        found = [estimator.estimate(picture_of(frame), k / 30) for k, frame in enumerate(frames)]
    return [people[0].pose if people else None for people in found]


@pytest.fixture(scope="module")
def poses(frames):
    return poses_of(frames)


def test_the_person_is_found_in_every_frame_and_stands_upright(frames, poses):
    height, width = frames[0].shape[:2]
    for pose in poses:
        assert pose is not None
        for name, shape in SHAPES.items():
            assert (getattr(pose, name).shape, getattr(pose, name).dtype) == (shape, np.float32)
        x, y = pose.image_px.T
        assert ((x > 0) & (x < width) & (y > 0) & (y < height)).all()
        nose, hip, ankle = (y[LANDMARK_INDEX[name]] for name in ("nose", "left_hip", "left_ankle"))
        assert nose < hip < ankle, "y points down"
        assert pose.visibility[LANDMARK_INDEX["left_hip"]] > 0.8
        assert np.isnan(pose.presence).all(), "this graph does not report it"
        hips = pose.world_m[[LANDMARK_INDEX["left_hip"], LANDMARK_INDEX["right_hip"]]]
        np.testing.assert_allclose(hips.mean(axis=0), 0, atol=0.02, err_msg="origin mid-hip")


def test_a_fresh_estimator_gives_identical_arrays(frames, poses):
    for first, second in zip(poses, poses_of(frames), strict=True):
        for name in SHAPES:
            np.testing.assert_array_equal(getattr(first, name), getattr(second, name))


def test_an_empty_picture_holds_nobody(frames):
    with open_estimator(PoseSettings(estimator="mediapipe"), Path("a.mp4")) as estimator:
        assert not estimator.estimate(picture_of(np.full_like(frames[0], 128)), 0.0)


@pytest.mark.skipif(not hasattr(os, "sched_getaffinity"), reason="this system does not bind threads to cores")
def test_opening_leaves_every_thread_all_cores(frames):
    allowed = os.sched_getaffinity(0)
    with open_estimator(PoseSettings(estimator="mediapipe"), Path("a.mp4")) as estimator:
        estimator.estimate(picture_of(frames[0]), 0.0)
        for thread in Path("/proc/self/task").iterdir():
            assert os.sched_getaffinity(int(thread.name)) == allowed


def test_the_task_and_the_graph_agree(frames, poses, tmp_path):
    """Ours: within 5 % of the torso; the two differ in when they look for a person again."""
    file = tmp_path / "made.task"
    file.write_bytes(task_of(pose_models(PoseSettings())))
    task = poses_of(frames, PoseSettings("mediapipe", file))
    graph_px, task_px = (np.array([pose.image_px for pose in some]) for some in (poses, task))
    middle = [
        (graph_px[:, LANDMARK_INDEX[f"left_{joint}"]] + graph_px[:, LANDMARK_INDEX[f"right_{joint}"]]) / 2
        for joint in ("shoulder", "hip")
    ]
    error = np.linalg.norm(graph_px - task_px, axis=-1).mean(axis=1) / np.linalg.norm(middle[0] - middle[1], axis=1)
    assert np.median(error) < 0.05

"""MediaPipe's task sees the person unsmoothed, and one person only; it takes the networks that BlazePose uses."""

from importlib import metadata

import numpy as np
import pytest

from vidpose.errors import EstimatorError
from vidpose.pose.estimator import PoseSettings
from vidpose.pose.mediapipe import MediaPipeEstimator
from vidpose.pose.mediapipe_task import task_of
from vidpose.pose.models import local_models, pose_models, read_task, write_task
from vidpose.pose.opening import describe_estimator
from vidpose.types.picture import BT601, Picture
from vidpose.types.skeleton import LANDMARK_INDEX

N_FRAMES = 24
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(local_models(1) is None, reason="the networks are not here; run: vidpose models fetch full"),
]


@pytest.fixture(scope="module")
def task(tmp_path_factory):
    """A ``.task`` file made of the networks that are here."""
    pytest.importorskip("mediapipe.tasks.metadata", reason="this mediapipe cannot describe networks")
    file = tmp_path_factory.mktemp("task") / "pose_landmarker_full.task"
    file.write_bytes(task_of(pose_models(PoseSettings())))
    return file


@pytest.fixture(scope="module")
def frames(sample_video):
    """Every fifth of the sample clip's first frames, RGB."""
    import av

    wanted = []
    with av.open(str(sample_video)) as video:
        for number, frame in enumerate(video.decode(video=0)):
            if number % 5 == 0:
                wanted.append(np.ascontiguousarray(frame.to_ndarray(format="rgb24")))
            if len(wanted) == N_FRAMES:
                return wanted
    raise AssertionError("the sample clip is too short")


def poses_of(settings, frames, times_s=None):
    times_s = times_s or [number / 6 for number in range(len(frames))]
    found = []
    with MediaPipeEstimator(settings) as estimator:
        for rgb, time_s in zip(frames, times_s, strict=True):
            grey = np.full(rgb.shape[:2], 128, dtype=np.uint8)
            picture = Picture(grey, grey[::2, ::2], grey[::2, ::2], 0, BT601, lambda rgb=rgb: rgb)
            found.append(estimator.estimate(picture, time_s))
    return found


@pytest.fixture(scope="module")
def seen(task, frames):
    return poses_of(PoseSettings("mediapipe", task), frames)


def positions(found):
    return np.array([people[0].pose.image_px for people in found])


def torso_px(image_px):
    middle = [
        (image_px[:, LANDMARK_INDEX[f"left_{joint}"]] + image_px[:, LANDMARK_INDEX[f"right_{joint}"]]) / 2
        for joint in ("shoulder", "hip")
    ]
    return np.linalg.norm(middle[0] - middle[1], axis=1)


@pytest.mark.thorough
def test_one_person_is_seen_in_every_frame_with_everything_the_task_knows(seen, frames):
    assert [len(people) for people in seen] == [1] * N_FRAMES
    height, width = frames[0].shape[:2]
    for (person,) in seen:
        assert person.person == 0
        assert person.pose.image_px.shape == (33, 2)
        assert ((person.pose.image_px > 0) & (person.pose.image_px < (width, height))).mean() > 0.95
        for values in (person.pose.visibility, person.pose.presence):
            assert values.dtype == np.float32
            assert ((values >= 0) & (values <= 1)).all()
        head_m, foot_m = person.pose.world_m[LANDMARK_INDEX["nose"]], person.pose.world_m[LANDMARK_INDEX["left_heel"]]
        assert 0.5 < np.linalg.norm(head_m - foot_m) < 2.2


@pytest.mark.thorough
def test_the_same_frames_give_the_same_bytes(task, frames, seen):
    again = poses_of(PoseSettings("mediapipe", task), frames)
    assert positions(again).tobytes() == positions(seen).tobytes()


@pytest.mark.thorough
def test_a_frame_that_lies_in_memory_with_gaps_is_seen_alike(task, frames, seen):
    """Frames of a width that is no multiple of 16 come so."""
    padded = [np.pad(rgb, ((0, 0), (0, 8), (0, 0)))[:, :-8] for rgb in frames]
    assert not padded[0].flags.c_contiguous
    assert positions(poses_of(PoseSettings("mediapipe", task), padded)).tobytes() == positions(seen).tobytes()


@pytest.mark.thorough
def test_without_smoothing_the_first_person_found_is_not_left_for_a_second_one(task, frames):
    """The middle of the clip, and from some frame on the same person standing still on the left of it."""
    middle = [rgb[:, 320:960] for rgb in frames]
    empty = np.full_like(middle[0], middle[0][2, 2])
    pairs = [np.concatenate([middle[0] if number > 5 else empty, rgb], axis=1) for number, rgb in enumerate(middle)]
    found = poses_of(PoseSettings("mediapipe", task), pairs)
    assert [len(people) for people in found] == [1] * N_FRAMES
    hips_px = positions(found)[:, [LANDMARK_INDEX["left_hip"], LANDMARK_INDEX["right_hip"]], 0].mean(axis=1)
    assert (hips_px > 640).all()


@pytest.mark.thorough
def test_smoothing_is_off_unless_asked_for(task, frames, seen):
    """The filter lags: with 200 frames per second it hardly moves at all, without it nothing depends on the time."""
    quick = [number / 200 for number in range(N_FRAMES)]
    raw = positions(poses_of(PoseSettings("mediapipe", task), frames, quick))
    smooth = positions(poses_of(PoseSettings("mediapipe", task, smooth_landmarks=True), frames, quick))
    error = [np.linalg.norm(other - positions(seen), axis=-1).mean(axis=1) / torso_px(raw) for other in (raw, smooth)]
    assert np.median(error[1]) > 1.5 * np.median(error[0])


def test_times_may_stand_still(task, frames):
    """Two frames within one millisecond: the task wants growing times."""
    found = poses_of(PoseSettings("mediapipe", task), frames[:3], [-0.5, 0.0001, 0.0002])
    assert [len(people) for people in found] == [1, 1, 1]


@pytest.mark.thorough
def test_without_a_file_the_networks_that_are_here_are_used(task, frames, seen):
    assert positions(poses_of(PoseSettings("mediapipe"), frames)).tobytes() == positions(seen).tobytes()
    assert describe_estimator(PoseSettings("mediapipe")).models == pose_models(PoseSettings()).hashes


def test_the_description_names_the_version_and_the_networks_of_the_file(task):
    info = describe_estimator(PoseSettings("mediapipe", task))
    assert (info.name, info.version) == ("mediapipe", metadata.version("mediapipe"))
    assert info.models == read_task(task).hashes
    assert not info.exports_state


def test_a_file_without_metadata_is_refused_by_name(task, tmp_path):
    """Networks straight from the wheel: the estimator blazepose takes them, mediapipe does not."""
    models = read_task(task)
    bare = tmp_path / "bare.task"
    broken = models.landmarks.replace(b"TFLITE_METADATA", b"TFLITE_METADATB")
    write_task(type(models)(models.detector, broken, "d", "l", "bare"), bare)
    with pytest.raises(EstimatorError, match=r"bare\.task: mediapipe cannot use it"):
        MediaPipeEstimator(PoseSettings("mediapipe", bare)).__enter__()

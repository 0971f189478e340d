"""Poses from files: the right file for a video, the right row for a frame, and sentences that help when it fails."""

import gzip
import hashlib
import json
import tracemalloc
from fractions import Fraction

import numpy as np
import pytest

from vidpose.biomech.analysis import AnalysisSettings, analyse
from vidpose.errors import InputError
from vidpose.pose.estimator import FramePose, PoseSettings
from vidpose.pose.landmark_file import FileEstimator, describe, find_landmark_file, landmark_file_sha256
from vidpose.pose.landmark_series import read_landmark_file
from vidpose.pose.sampling import Sampler, SamplingSettings
from vidpose.results.pose_model import SCHEMA_VERSION, write_pose_model
from vidpose.results.video_result import Person, Provenance, VideoResult
from vidpose.types.picture import BT601, Picture
from vidpose.types.pose import PoseTrack
from vidpose.types.skeleton import N_LANDMARKS
from vidpose.types.video import VideoIndex

SHAPES = {"image_px": (33, 2), "z_rel": (33,), "visibility": (33,), "presence": (33,), "world_m": (33, 3)}


def picture(width=640, height=360):
    grey = np.broadcast_to(np.uint8(128), (height, width))
    return Picture(grey, grey[::2, ::2], grey[::2, ::2], 0, BT601, grey.copy)


def landmarks(n_frames, n_columns=4):
    """x = 100 + frame + landmark / 8, y = x + 0.5, z = 64, visibility 0.75."""
    x = 100.0 + np.arange(n_frames)[:, None] + np.arange(N_LANDMARKS) / 8
    return np.stack([x, x + 0.5, np.full_like(x, 64.0), np.full_like(x, 0.75)], axis=2)[:, :, :n_columns]


def write_npz(path, n_frames=10, **changes):
    arrays = {
        "timestamps_s": np.arange(n_frames) / 30,
        "image_px": landmarks(n_frames).astype(np.float32),
        "world_m": np.full((n_frames, N_LANDMARKS, 3), 0.25, np.float32),
        "frame_size": np.array([640, 360]),
    } | changes
    np.savez(path, **{name: array for name, array in arrays.items() if array is not None})
    return path


def asked(path, time_s, shown=None, max_people=4):
    with FileEstimator(path, max_people) as estimator:
        return estimator.estimate(shown or picture(), time_s)


# --- arrays -------------------------------------------------------------------------------------------------------


def test_a_frame_has_the_row_of_its_time(tmp_path):
    path = write_npz(tmp_path / "squat.npz")
    (person,) = asked(path, 3 / 30)
    assert person.person == 0
    for name, shape in SHAPES.items():
        array = getattr(person.pose, name)
        assert (array.shape, array.dtype) == (shape, np.float32), name
    assert person.pose.image_px[8].tolist() == [104.0, 104.5]
    assert person.pose.visibility[0] == 0.75
    assert person.pose.z_rel[0] == pytest.approx(0.1), "frame widths"
    assert np.isnan(person.pose.presence).all()
    assert person.pose.world_m[5, 2] == 0.25


@pytest.mark.parametrize(
    ("time_s", "x_px"),
    [(0.1, 103.0), (0.1 + 0.016, 103.0), (0.1 - 0.016, 103.0), (0.1 + 0.018, 104.0), (-0.016, 100.0), (0.316, 109.0)],
)
def test_times_match_within_half_a_frame(tmp_path, time_s, x_px):
    (person,) = asked(write_npz(tmp_path / "squat.npz"), time_s)
    assert person.pose.image_px[0, 0] == x_px


@pytest.mark.parametrize("time_s", [-0.018, 0.32, 7.0])
def test_a_frame_that_the_file_does_not_know_shows_nobody(tmp_path, time_s):
    assert asked(write_npz(tmp_path / "squat.npz"), time_s) == ()


def test_a_hole_in_the_file_shows_nobody(tmp_path):
    keep = [0, 1, 2, 6, 7, 8, 9]
    path = write_npz(
        tmp_path / "squat.npz",
        timestamps_s=np.array(keep) / 30,
        image_px=landmarks(10)[keep],
        world_m=None,
    )
    assert [len(asked(path, k / 30)) for k in range(10)] == [1, 1, 1, 0, 0, 0, 1, 1, 1, 1]


def test_rows_of_nan_show_nobody_and_single_landmarks_may_be_missing(tmp_path):
    image = landmarks(3)
    image[1] = np.nan
    image[2, 5] = np.nan
    path = write_npz(tmp_path / "squat.npz", 3, image_px=image)
    assert asked(path, 1 / 30) == []
    (person,) = asked(path, 2 / 30)
    assert np.isnan(person.pose.image_px).any(axis=1).tolist() == [k == 5 for k in range(N_LANDMARKS)]


@pytest.mark.parametrize("n_columns", [2, 3])
def test_landmarks_without_visibility_count_as_seen(tmp_path, n_columns):
    image = landmarks(2, n_columns)
    image[0, 7, 0] = np.nan
    path = write_npz(tmp_path / "squat.npz", 2, image_px=image, world_m=None, frame_size=None)
    (person,) = asked(path, 0.0)
    assert np.isnan(person.pose.visibility[7])
    assert np.delete(person.pose.visibility, 7).tolist() == [1.0] * 32
    assert np.isnan(person.pose.world_m).all()
    assert np.isnan(person.pose.z_rel).all(), "without the width there is no scale"


def test_no_frames_and_one_frame(tmp_path):
    assert asked(write_npz(tmp_path / "none.npz", 0), 0.0) == ()
    lone = write_npz(tmp_path / "lone.npz", 1)
    assert len(asked(lone, 0.016)) == 1
    assert asked(lone, 0.02) == ()


def test_landmarks_follow_the_size_of_the_picture(tmp_path):
    path = write_npz(tmp_path / "squat.npz")
    (person,) = asked(path, 0.0, picture(1280, 720))
    assert person.pose.image_px[0].tolist() == [200.0, 201.0]
    with pytest.raises(InputError, match=r"squat\.npz: the landmarks belong to a picture of 640 x 360.*has 360 x 640"):
        asked(path, 0.0, picture(360, 640))


def test_the_file_can_be_sampled_and_looked_at_again(tmp_path):
    path = write_npz(tmp_path / "squat.npz")
    with FileEstimator(path, 1) as estimator:
        sampler = Sampler(estimator, SamplingSettings(stride="auto"))
        results = [result for k in range(10) for result in sampler.feed(picture(), k / 30)] + sampler.flush()
        assert estimator.appearances() == {}
        assert estimator.export_state() == {}
    seen = [result.people[0].pose.image_px[0, 0] for result in results if result.estimated]
    assert seen == [100.0 + number for number, result in enumerate(results) if result.estimated]


# --- pose models --------------------------------------------------------------------------------------------------


def track(n_frames, shift_px=0.0, lost=()):
    image = landmarks(n_frames).astype(np.float32)
    image[list(lost)] = np.nan
    pts = 1001 * np.arange(n_frames)
    return PoseTrack(
        pts=pts,
        timestamps_s=pts / 30000,
        image_px=image[:, :, :2] + np.float32(shift_px),
        z_rel=image[:, :, 2] / 640,
        visibility=image[:, :, 3],
        presence=image[:, :, 3],
        world_m=np.repeat(image[:, :, :1] / 1000, 3, axis=2),
        corrupt=np.zeros(n_frames, bool),
    )


def write_model(path, tracks):
    pts = tracks[0].pts
    index = VideoIndex(
        path=path,
        sha256="ab" * 32,
        size_bytes=1,
        container="mp4",
        codec="h264",
        pixel_format="yuv420p",
        width_px=640,
        height_px=360,
        rotation_deg=0,
        time_base=Fraction(1, 30000),
        pts=pts,
        timing="container",
    )
    people = tuple(Person(k, item, analyse(item, AnalysisSettings())) for k, item in enumerate(tracks))
    provenance = Provenance("squat.mp4", "ab" * 32, 1, "0", {}, "blazepose", {}, {})
    write_pose_model(path, VideoResult.of_people(index, people), provenance)
    return path


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    folder = tmp_path_factory.mktemp("models") / "squat.mp4"
    folder.mkdir()
    return write_model(folder / "pose_model.json", [track(12), track(12, 200.0, lost=range(5))])


def test_everybody_of_a_pose_model_comes_back_with_the_same_number(model):
    assert [person.person for person in asked(model, 4 * 1001 / 30000)] == [0]
    first, second = asked(model, 7 * 1001 / 30000)
    assert (first.person, second.person) == (0, 1)
    written = track(12, 200.0)
    np.testing.assert_allclose(second.pose.image_px, written.image_px[7], atol=0.0051)
    np.testing.assert_allclose(second.pose.world_m, written.world_m[7], atol=0.000051)
    np.testing.assert_allclose(second.pose.presence, written.presence[7], atol=0.00051)
    np.testing.assert_allclose(second.pose.z_rel, written.z_rel[7], atol=0.000051)


def test_no_more_people_than_asked_for(model):
    assert [person.person for person in asked(model, 7 * 1001 / 30000, max_people=1)] == [0]


def test_a_pose_model_that_was_reformatted_is_read_as_well(model, tmp_path):
    path = tmp_path / "squat.json"
    path.write_text(json.dumps(json.loads(model.read_text()), indent=1))
    np.testing.assert_array_equal(asked(path, 0.0)[0].pose.image_px, asked(model, 0.0)[0].pose.image_px)


# --- which file ---------------------------------------------------------------------------------------------------

NAMES = ("squat.mp4.npz", "squat.npz", "squat.mp4.json", "squat.json", "squat.mp4/pose_model.json")


@pytest.mark.parametrize("place", range(len(NAMES)))
@pytest.mark.parametrize("in_folder", [False, True])
def test_the_first_of_the_names_is_taken(tmp_path, place, in_folder):
    videos = tmp_path / "videos"
    videos.mkdir()
    folder = tmp_path / "poses" if in_folder else videos
    for name in NAMES[place:]:
        target = folder / name
        if target.parent.name == "squat.mp4" and not in_folder:
            continue  # the video itself has that name there
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(b"")
    if place == len(NAMES) - 1 and not in_folder:
        return
    assert find_landmark_file(videos / "squat.mp4", folder if in_folder else None) == folder / NAMES[place]


def test_no_file_is_told_with_what_was_expected_and_what_to_do(tmp_path):
    with pytest.raises(
        InputError, match=r"squat\.mp4: no landmark file in .*poses; expected squat\.mp4\.npz.*pose_files"
    ) as error:
        find_landmark_file(tmp_path / "squat.mp4", tmp_path / "poses")
    assert error.value.context["code"] == "no_landmark_file"
    assert str(error.value).count("pose_files") == 1, "the advice is given once"


def test_the_description_and_the_hash_of_the_file(tmp_path):
    path = write_npz(tmp_path / "squat.npz")
    settings = PoseSettings(estimator="file")
    info = describe(settings)
    assert (info.name, info.exports_state, info.settings, info.models) == ("file", True, settings, {})
    assert landmark_file_sha256(path) == hashlib.sha256(path.read_bytes()).hexdigest()
    with pytest.raises(InputError, match=r"gone\.npz.*No such file"):
        landmark_file_sha256(tmp_path / "gone.npz")


# --- files that cannot be used ------------------------------------------------------------------------------------


def bad_arrays():
    image = landmarks(3)
    yield (
        "two_dimensional",
        {"image_px": image[:, :, 0]},
        r"image_px: expected shape \(any, 33, 2 to 4\), got \(3, 33\)",
    )
    yield "17_points", {"image_px": image[:, :17]}, r"got \(3, 17, 4\)"
    yield "no_times", {"timestamps_s": None}, "it has no 'timestamps_s"
    yield "times_back", {"timestamps_s": np.array([0.0, 0.2, 0.1])}, "strictly increasing"
    yield "time_nan", {"timestamps_s": np.array([0.0, np.nan, 0.1])}, "strictly increasing"
    yield "times_short", {"timestamps_s": np.arange(2) / 30}, "expected 2 frames of 33 landmarks"
    yield "world", {"world_m": np.zeros((2, 33, 3))}, r"world_m: expected shape \(3, 33, 3\)"
    yield "infinite", {"image_px": np.where(image > 0.5, np.inf, image)}, "image_px: expected finite numbers"
    yield "visibility", {"image_px": np.concatenate([image[:, :, :3], image[:, :, 3:] + 7], axis=2)}, "0 to 1, got 7"
    yield "world_infinite", {"world_m": np.full((3, 33, 3), -np.inf)}, "world_m: expected finite numbers"
    yield "size_0", {"frame_size": np.array([0, 360])}, "frame_size: expected at least 1 x 1, got 0 x 360"
    yield "size_mirrored", {"frame_size": np.array([-640, 360])}, "got -640 x 360"
    yield "words", {"image_px": np.full((3, 33, 4), "a")}, "could not convert"
    yield "objects", {"timestamps_s": np.array([{}, 1, 2], dtype=object)}, "Python objects"


BAD_ARRAYS = list(bad_arrays())


@pytest.mark.parametrize(("name", "changes", "sentence"), BAD_ARRAYS, ids=[row[0] for row in BAD_ARRAYS])
def test_arrays_that_do_not_fit_are_refused_by_name(tmp_path, name, changes, sentence):
    path = write_npz(tmp_path / f"{name}.npz", 3, **changes)
    with pytest.raises(InputError, match=sentence) as error:
        read_landmark_file(path)
    assert str(path) in str(error.value)
    assert "Export it again" in str(error.value)
    assert error.value.context["code"] == "landmark_file_unusable"


@pytest.mark.parametrize("name", ["a.npz", "a.json"])
@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b'{"schema": "other", "schema_version": "1.0.0"}', b"PK\x03\x04"]
)
def test_damaged_files_are_refused_by_name(tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(InputError, match=name.replace(".", r"\.")):
        read_landmark_file(path)
    with pytest.raises(InputError, match="gone"):
        read_landmark_file(tmp_path / f"gone.{name[2:]}")


def test_a_truncated_pose_model_and_one_of_another_version_are_refused(model, tmp_path):
    text = model.read_text()
    for content in (
        text[: len(text) // 2],
        text.replace(f'"{SCHEMA_VERSION}"', '"2.0.0"', 1),
        text.replace('"raw"', '"row"'),
    ):
        path = tmp_path / "squat.json"
        path.write_text(content)
        with pytest.raises(InputError, match=r"squat\.json"):
            read_landmark_file(path)


def test_outside_a_with_block_nothing_is_answered(tmp_path):
    with pytest.raises(RuntimeError, match="with block"):
        FileEstimator(write_npz(tmp_path / "a.npz"), 1).estimate(picture(), 0.0)


def test_real_landmarks_are_read(shared_data):
    path = shared_data / "landmarks" / "clips" / "clip_03.npz"
    series = read_landmark_file(path)
    assert series.size_px == (1280, 720)
    with FileEstimator(path, 1) as estimator:
        found = [estimator.estimate(picture(1280, 720), float(time_s)) for time_s in series.timestamps_s]
    assert all(len(people) == 1 for people in found)
    assert isinstance(found[0][0].pose, FramePose)
    with np.load(path) as file:
        np.testing.assert_array_equal(found[100][0].pose.image_px, file["image_px"][100, :, :2])


@pytest.mark.parametrize("name", ["bomb.npz", "landmarks_deep.json", "landmarks_timebase0.json"])
def test_files_that_would_blow_up_are_refused_before_they_are_unpacked(shared_data, tmp_path, name):
    case = shared_data / "cases" / "attack" / name
    if not case.is_file():
        (tmp_path / name).write_bytes(gzip.decompress(case.with_name(f"{name}.gz").read_bytes()))
        case = tmp_path / name
    tracemalloc.start()
    with pytest.raises(InputError, match=f"{name}: expected landmarks"):
        read_landmark_file(case)
    _, peak_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak_bytes < 50e6

"""``vidpose.process``: folders, files and lists, progress, refusals; ``vidpose.estimate`` and ``vidpose.read`` of it.

Poses come from landmark files beside clips of a few frames, so no network is needed.
"""

import threading

import numpy as np
import pytest
from biomech_bodies import squats, track_of
from tiny_clips import tiny_clip

import vidpose

QUICK = {"estimator": "file", "engine": "inline", "no_plots": True, "export": []}


@pytest.fixture(scope="module")
def clips(tmp_path_factory):
    """Return a folder with three clips of 30 frames, one of them in a folder below, and their landmarks."""
    folder = tmp_path_factory.mktemp("clips")
    track = track_of(squats(1, period_s=1.0), zoom=16.0, shift_px=(32.0, 20.0))
    for number, name in enumerate(("a.mp4", "b.mp4", "day 2/c.mp4")):
        path = tiny_clip(folder / name, n_frames=30, shade=100 + number)
        times_s = track.timestamps_s[:30]
        image = np.concatenate([track.image_px[:30], np.ones((30, 33, 2))], axis=2)
        np.savez(path.with_suffix(".npz"), timestamps_s=times_s, image_px=image, world_m=track.world_m[:30])
    return folder


@pytest.fixture(scope="module")
def whole(clips, tmp_path_factory):
    """Return the folder of the results of all clips."""
    folder = tmp_path_factory.mktemp("whole")
    report = vidpose.process(clips, output=folder / "output", models=folder / "models", no_video=True, **QUICK)
    assert [entry.name for entry in report.videos] == ["a.mp4", "b.mp4", "day 2/c.mp4"]
    assert report.exit_code == 0
    return folder / "models"


@pytest.mark.thorough
def test_a_list_of_videos_gives_what_their_folder_gives(clips, whole, tmp_path):
    chosen = [clips / "day 2" / "c.mp4", clips / "a.mp4", clips / "a.mp4"]
    report = vidpose.process(chosen, output=tmp_path / "o", models=tmp_path / "m", no_video=True, **QUICK)
    assert [entry.name for entry in report.videos] == ["a.mp4", "day 2/c.mp4"]
    for name in ("a.mp4", "day 2/c.mp4"):
        for file in ("pose_model.json", "angles.parquet", "metrics.csv"):
            assert (tmp_path / "m" / name / file).read_bytes() == (whole / name / file).read_bytes()
    assert vidpose.read(tmp_path / "m").cohort.video_id.unique().tolist() == ["a.mp4", "day 2/c.mp4"]


@pytest.mark.thorough
def test_progress_tells_of_every_video_and_of_all_frames(clips, tmp_path):
    heard = []
    vidpose.process(clips, output=tmp_path / "o", models=tmp_path / "m", progress=heard.append, **QUICK)
    assert sorted(one.video for one in heard if one.video) == ["a.mp4", "b.mp4", "day 2/c.mp4"]
    assert heard[-1].n_videos_done == heard[-1].n_videos == 3
    assert all(0.0 <= one.share <= 1.0 for one in heard)  # planning goes on beside the work
    again = []
    report = vidpose.process(clips, output=tmp_path / "o", models=tmp_path / "m", progress=again.append, **QUICK)
    assert {entry.state for entry in report.videos} == {"skipped_unchanged"}
    assert again[-1].share == 1.0


@pytest.mark.thorough
def test_what_progress_raises_ends_the_run_and_the_next_one_goes_on(clips, tmp_path):
    def fails(progress):
        if progress.n_videos_done:
            raise RuntimeError("enough")

    where = {"output": tmp_path / "o", "models": tmp_path / "m", "no_video": True}
    with pytest.raises(RuntimeError, match="enough"):
        vidpose.process(clips, progress=fails, **where, **QUICK)
    assert {entry.state for entry in vidpose.process(clips, **where, **QUICK).videos} <= {"done", "skipped_unchanged"}


def test_it_works_outside_the_main_thread(clips, tmp_path):
    reports = []

    def work():
        reports.append(
            vidpose.process(clips / "a.mp4", output=tmp_path / "o", models=tmp_path / "m", no_video=True, **QUICK)
        )

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert [entry.state for entry in reports[0].videos] == ["done"]


def test_a_video_that_cannot_be_processed_is_in_the_report(clips, tmp_path):
    broken = clips.parent / "broken.mp4"
    broken.write_bytes(b"")
    report = vidpose.process(broken, output=tmp_path / "o", models=tmp_path / "m", engine="inline")
    assert [(entry.state, entry.findings[0].code) for entry in report.videos] == [("quarantined", "empty_file")]


@pytest.mark.parametrize(
    ("videos", "settings", "message"),
    [
        ("nowhere", {}, "expected a folder with videos or a video, found none"),
        ([], {}, "got an empty list"),
        (["a.mp4", "x.mp4"], {}, "found none at .*x.mp4"),
        (".", {"heigth_m": 1.8}, "did you mean height_m"),
        (".", {"cutoff_hz": -1}, "cutoff_hz: expected more than 0"),
        (".", {"analysis": {"gaps": {"max_gap": 1}}}, "did you mean max_gap_s"),
        (".", {"use_openai": True}, "vidpose corpus"),
        ("day 3", {}, "expected videos there or in its sub-folders, found none"),
        (".", {"height_m": 178}, "^height_m: expected less than 2.8 metres, got 178$"),
    ],
)
def test_what_is_wrong_is_refused_with_what_was_expected(clips, tmp_path, monkeypatch, videos, settings, message):
    monkeypatch.chdir(clips)
    (clips / "day 3").mkdir(exist_ok=True)
    with pytest.raises(vidpose.UsageError, match=message):
        vidpose.process(videos, output=tmp_path / "o", models=tmp_path / "m", **QUICK, **settings)


def test_a_folder_without_videos_leaves_the_results_as_they_were(clips, whole):
    (clips / "day 3").mkdir(exist_ok=True)
    before = {path: path.read_bytes() for path in whole.parent.rglob("*") if path.is_file()}
    with pytest.raises(vidpose.UsageError, match="found none"):
        vidpose.process(clips / "day 3", output=whole.parent / "output", models=whole, **QUICK)
    assert {path: path.read_bytes() for path in whole.parent.rglob("*") if path.is_file()} == before


def test_estimate_gives_the_poses_that_a_run_stores(clips, whole):
    poses = vidpose.estimate(clips / "a.mp4", estimator="file")
    table = vidpose.read(whole)["a.mp4"].table("landmarks")
    assert poses.image_px.shape == (30, 1, 33, 2)
    assert poses.frame_size == (64, 48)
    np.testing.assert_allclose(poses.image_px[:, 0, :, 0].ravel(), table.x_raw_px, atol=0.006)
    np.testing.assert_allclose(poses.world_m[:, 0, :, 2].ravel(), table.world_z_raw_m, atol=6e-5)
    np.testing.assert_allclose(poses.timestamps_s, table.time_s.unique(), atol=1e-6)
    frames = vidpose.iter_poses(clips / "a.mp4", estimator="file")
    assert [frame.frame for frame in frames] == list(range(30))


def test_estimate_says_what_it_expected(clips):
    with pytest.raises(vidpose.UsageError, match="unknown argument height_m"):
        vidpose.estimate(clips / "a.mp4", height_m=1.8)
    with pytest.raises(vidpose.UsageError, match="expected a video, found a folder"):
        vidpose.iter_poses(clips)
    with pytest.raises(vidpose.ConfigError, match="estimator"):
        vidpose.estimate(clips / "a.mp4", estimator="alphapose")
    with pytest.raises(vidpose.InputError, match="no landmark file"):
        vidpose.estimate(clips / "a.mp4", estimator="file", pose_files=clips / "day 2")


def test_results_are_read_by_video_and_by_table(whole):
    results = vidpose.read(whole)
    assert list(results) == ["a.mp4", "b.mp4", "day 2/c.mp4"]
    video = results["day 2/c.mp4"]
    assert video.angle("knee_flexion_r").index.tolist() == video.angles.time_s.unique().tolist()
    assert video.metrics.status.eq("ok").any()
    assert video.summary["input_name"] == "day 2/c.mp4"
    assert set(video.events.columns) >= {"event", "side", "time_s"}
    assert video.table("body").frame.tolist() == list(range(30))
    for ask, message in (
        (lambda: video.table("knees"), "expected one of landmarks"),
        (lambda: video.angle("knee"), "expected one of ankle_dorsiflexion_r"),
        (lambda: video.angle("knee_flexion_r", person=3), "expected one of \\[0\\], got 3"),
    ):
        with pytest.raises(vidpose.UsageError, match=message):
            ask()
    with pytest.raises(KeyError, match="no results in"):
        results["d.mp4"]


def test_landmarks_come_as_poses_of_movement(whole):
    pytest.importorskip("xarray")
    video = vidpose.read(whole)["a.mp4"]
    poses, table = video.landmarks, video.table("landmarks")
    assert dict(poses.sizes) == {"time": 30, "space": 2, "keypoints": 33, "individuals": 1}
    assert {poses.attrs[name] for name in ("ds_type", "time_unit", "source_software")} == {
        "poses",
        "seconds",
        "vidpose",
    }
    assert poses.attrs["fps"] == pytest.approx(30.0)
    nose = table[table.keypoint == "nose"]
    at = {"keypoints": "nose", "individuals": "person_0"}
    np.testing.assert_array_equal(poses.position.sel(space="y", **at), nose.y_filtered_px)
    np.testing.assert_array_equal(poses.raw_position.sel(space="x", **at), nose.x_raw_px)
    np.testing.assert_array_equal(poses.confidence.sel(**at), nose.visibility)
    again = vidpose.analyse(poses.drop_vars("raw_position"))
    assert again.motion.filtered.image_px.shape == (30, 33, 2)


def test_a_folder_without_results_is_refused(tmp_path):
    with pytest.raises(vidpose.UsageError, match="found none; check the path"):
        vidpose.read(tmp_path / "models")
    with pytest.raises(vidpose.UsageError, match="not its output"):
        vidpose.read(tmp_path)


@pytest.mark.thorough
def test_ten_thousand_results_are_listed_without_opening_one(tmp_path, monkeypatch):
    for number in range(10_000):
        folder = tmp_path / f"squat_{number:05}.mp4"
        folder.mkdir()
        (folder / "analysis.receipt.json").touch()

    def refuse(*args, **options):
        raise AssertionError("a file was opened")

    monkeypatch.setattr("builtins.open", refuse)
    monkeypatch.setattr("io.open", refuse)
    monkeypatch.setattr("os.open", refuse)
    results = vidpose.read(tmp_path)
    assert results["squat_09999.mp4"].name == "squat_09999.mp4"
    assert "squat_10000.mp4" not in results
    names = list(results)
    assert (len(names), names[0], names[-1]) == (10_000, "squat_00000.mp4", "squat_09999.mp4")

"""All real videos in one run: states, frames, sound, upright pictures, steady signs; and the same bytes inline."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.real_videos import counted_frames, joint_angle_flips

from .conftest import Workspace

pytestmark = [pytest.mark.slow, pytest.mark.thorough]
ONE_PERSON = ("pose2sim_single_cam01.mp4", "pose2sim_single_cam04.mp4")


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory, shared_data: Path):
    """One distributed run over the whole tree."""
    workspace = Workspace(tmp_path_factory.mktemp("real"))
    (workspace.folder / "in").symlink_to(shared_data / "videos", target_is_directory=True)
    return workspace, workspace.run("--workers", "2", "--no_plots")


def test_every_video_is_done_and_the_exit_code_says_so(run) -> None:
    workspace, done = run
    assert done.returncode == 0, done.stdout + done.stderr
    states = workspace.states()
    videos = {path for path in (workspace.folder / "in").rglob("*") if path.suffix in {".mp4", ".mov"}}
    assert len(states) == len(videos)
    assert set(states.values()) <= {"done", "done_with_warnings"}


def test_the_corrupted_clip_reports_its_gap(run) -> None:
    entry = next(entry for entry in run[0].report()["videos"] if "corrupted" in entry["name"])
    assert {"decode_gaps", "corrupt_frames"} <= {finding["code"] for finding in entry["findings"]}


def test_annotated_videos_have_the_frames_times_and_sound_of_their_sources(run) -> None:
    workspace = run[0]
    for name in workspace.states():
        ours = counted_frames(workspace.folder / "a/output" / name / "annotated.mp4")
        source = counted_frames(workspace.folder / "in" / name)
        assert ours[0] == source[0], name
        assert ours[1] == pytest.approx(source[1], abs=1e-3), name
        assert ours[2] == source[2], name


def test_rotated_clips_come_out_upright_and_empty(run) -> None:
    import av

    workspace = run[0]
    entries = [entry for entry in workspace.report()["videos"] if entry["name"].startswith("rotation/")]
    assert len(entries) == 4
    for entry in entries:
        assert "no_person" in {finding["code"] for finding in entry["findings"]}
        with av.open(str(workspace.folder / "a/output" / entry["name"] / "annotated.mp4")) as container:
            stream = container.streams.video[0]
            turned = entry["name"].endswith(("_90.mov", "_270.mov"))
            assert (stream.width > stream.height) is not turned


@pytest.mark.parametrize("name", ONE_PERSON)
def test_joint_angles_keep_their_sign(run, name: str) -> None:
    flips = joint_angle_flips(run[0].folder / "a/models" / name / "angles.parquet")
    assert len(flips) == 12
    assert flips["sign_flips"].sum() == 0, flips.to_string()
    assert flips["frames"].max() == 100


@pytest.mark.chaos
def test_inline_gives_the_same_bytes(run, tmp_path: Path, shared_data: Path) -> None:
    workspace = Workspace(tmp_path)
    (tmp_path / "in").mkdir()
    for name in (*ONE_PERSON, "tfjs_pose_squats.mp4"):
        (tmp_path / "in" / name).symlink_to(shared_data / "videos" / name)
    assert workspace.run("--engine", "inline", "--no_plots", "--batch_size", "3").returncode == 0
    ours = {name: value for name, value in workspace.bytes_of_results().items() if "cohort" not in name}
    theirs = run[0].bytes_of_results()
    assert ours
    assert {name: theirs[name] for name in ours} == ours

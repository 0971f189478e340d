"""Results never depend on workers, batch size, engine, memory limit, or on a crash and resume in between."""

from __future__ import annotations

import os
import signal
import time

import pytest

from .conftest import SHORT_SEGMENTS, Workspace, processes_of

pytestmark = pytest.mark.slow
GRID = [(workers, batch_size) for workers in (1, 2, 3) for batch_size in (1, 5, 16)]


@pytest.fixture(scope="module")
def oracle(tmp_path_factory: pytest.TempPathFactory, drawn_clips):
    """Results of the inline engine, the plain way."""
    folder = tmp_path_factory.mktemp("oracle")
    (folder / "in").symlink_to(drawn_clips, target_is_directory=True)
    (folder / "short.yaml").write_text(SHORT_SEGMENTS)
    workspace = Workspace(folder)
    done = workspace.run("--engine", "inline", "--config", "short.yaml")
    assert done.returncode == 0, done.stdout + done.stderr
    results = workspace.bytes_of_results()
    assert sum("segment_" in name for name in results) > 8, sorted(results)
    return results


@pytest.mark.parametrize("batch_size", [1, 16])
def test_inline_with_another_batch_size(workspace: Workspace, oracle, batch_size: int) -> None:
    done = workspace.run("--engine", "inline", "--config", "short.yaml", "--batch_size", str(batch_size))
    assert done.returncode == 0, done.stdout + done.stderr
    assert workspace.bytes_of_results() == oracle


def test_sampled_poses_do_not_depend_on_the_engine_or_the_batch(workspace: Workspace) -> None:
    for name, arguments in (("a", ["--engine", "inline"]), ("b", ["--engine", "distributed", "--batch_size", "1"])):
        done = workspace.run("--config", "short.yaml", "--stride", "auto", "--no_video", *arguments, name=name)
        assert done.returncode == 0, done.stdout + done.stderr
    assert workspace.bytes_of_results("a") == workspace.bytes_of_results("b")


@pytest.mark.parametrize(("workers", "batch_size"), GRID)
def test_distributed(workspace: Workspace, oracle, workers: int, batch_size: int) -> None:
    done = workspace.run("--config", "short.yaml", "--workers", str(workers), "--batch_size", str(batch_size))
    assert done.returncode == 0, done.stdout + done.stderr
    assert workspace.bytes_of_results() == oracle


@pytest.mark.parametrize("delay_s", [4.0, 5.5, 7.0])
def test_kill_in_the_middle_and_resume(workspace: Workspace, oracle, delay_s: float) -> None:
    run = workspace.start("--config", "short.yaml", "--workers", "2")
    time.sleep(delay_s)
    os.kill(run.pid, signal.SIGKILL)
    run.communicate(timeout=30)
    again = workspace.run("--config", "short.yaml", "--workers", "2")
    assert again.returncode == 0, again.stdout + again.stderr
    assert workspace.bytes_of_results() == oracle
    deadline = time.monotonic() + 10
    while processes_of(str(workspace.folder)) and time.monotonic() < deadline:
        time.sleep(0.2)
    assert processes_of(str(workspace.folder)) == []


def test_second_run_does_nothing_in_seconds(workspace: Workspace, oracle) -> None:
    workspace.run("--engine", "inline", "--config", "short.yaml")
    before = {path: path.stat().st_mtime_ns for path in workspace.folder.rglob("*.parquet")}
    started = time.monotonic()
    again = workspace.run("--config", "short.yaml")
    assert time.monotonic() - started < 6
    assert again.returncode == 0
    assert "nothing to do" in again.stdout
    assert {path: path.stat().st_mtime_ns for path in before} == before
    assert set(workspace.states().values()) == {"skipped_unchanged"}


def test_another_filter_analyses_again_without_posing(workspace: Workspace) -> None:
    workspace.run("--engine", "inline", "--no_video")
    (workspace.folder / "filter.yaml").write_text("analysis: {butterworth: {cutoff_hz: 4.0}}\n")
    again = workspace.run("--engine", "inline", "--no_video", "--config", "filter.yaml")
    assert again.returncode == 0
    report = workspace.report()
    assert [entry["frames"] for entry in report["videos"]] == [0, 0, 0]
    assert {entry["state"] for entry in report["videos"]} <= {"done", "done_with_warnings"}


def test_a_renamed_video_is_not_posed_again(workspace: Workspace, drawn_clips) -> None:
    folder = workspace.folder / "own"
    folder.mkdir()
    (folder / "first.mp4").write_bytes((drawn_clips / "one.mp4").read_bytes())
    arguments = ["--input", "own", "--engine", "inline", "--no_video"]
    assert workspace.run(*arguments).returncode == 0
    (folder / "first.mp4").rename(folder / "second.mp4")
    assert workspace.run(*arguments).returncode == 0
    assert [(entry["name"], entry["frames"]) for entry in workspace.report()["videos"]] == [("second.mp4", 0)]

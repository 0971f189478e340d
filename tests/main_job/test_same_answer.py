"""Results never depend on workers, batch size, engine, memory limit, or on a crash and resume in between."""

from __future__ import annotations

import os
import shutil
import signal

import pytest

from .conftest import SHORT_SEGMENTS, Workspace, wait_until_gone, wait_until_posing

pytestmark = pytest.mark.slow
GRID = [(1, 16), *(pytest.param(*row, marks=pytest.mark.chaos) for row in ((2, 5), (3, 1)))]


@pytest.fixture(scope="module")
def inline(tmp_path_factory: pytest.TempPathFactory, small_clips) -> Workspace:
    """Workspace of one plain run with the inline engine."""
    folder = tmp_path_factory.mktemp("inline")
    (folder / "in").symlink_to(small_clips, target_is_directory=True)
    (folder / "short.yaml").write_text(SHORT_SEGMENTS)
    workspace = Workspace(folder)
    done = workspace.run("--engine", "inline", "--config", "short.yaml")
    assert done.returncode == 0, done.stdout + done.stderr
    return workspace


@pytest.fixture(scope="module")
def expected(inline: Workspace) -> dict[str, str]:
    """Bytes that every other way has to give."""
    results = inline.bytes_of_results()
    assert sum("segment_" in name for name in results) > 8, sorted(results)
    return results


@pytest.fixture
def processed(workspace: Workspace, inline: Workspace, expected) -> Workspace:
    """Workspace that holds the results of the plain run already."""
    shutil.copytree(inline.folder / "a", workspace.folder / "a")
    return workspace


@pytest.mark.parametrize("batch_size", [1, pytest.param(16, marks=pytest.mark.chaos)])
@pytest.mark.thorough
def test_inline_with_another_batch_size(workspace: Workspace, expected, batch_size: int) -> None:
    done = workspace.run("--engine", "inline", "--config", "short.yaml", "--batch_size", str(batch_size))
    assert done.returncode == 0, done.stdout + done.stderr
    assert workspace.bytes_of_results() == expected


@pytest.mark.thorough
def test_sampled_poses_do_not_depend_on_the_engine_or_the_batch(workspace: Workspace) -> None:
    for name, arguments in (("a", ["--engine", "inline"]), ("b", ["--engine", "distributed", "--batch_size", "1"])):
        done = workspace.run("--config", "short.yaml", "--stride", "auto", "--no_video", *arguments, name=name)
        assert done.returncode == 0, done.stdout + done.stderr
    assert workspace.bytes_of_results("a") == workspace.bytes_of_results("b")


@pytest.mark.chaos
def test_plots_do_not_depend_on_the_engine(workspace: Workspace) -> None:
    (workspace.folder / "plots.yaml").write_text(SHORT_SEGMENTS.replace("no_plots: true", ""))
    for name in ("inline", "distributed"):
        done = workspace.run("--config", "plots.yaml", "--no_video", "--engine", name, name=name)
        assert done.returncode == 0, done.stdout + done.stderr
    assert any(path.endswith("heatmap.png") for path in workspace.bytes_of_results("inline"))
    assert workspace.bytes_of_results("inline") == workspace.bytes_of_results("distributed")


@pytest.mark.parametrize(("workers", "batch_size"), GRID)
@pytest.mark.thorough
def test_distributed(workspace: Workspace, expected, workers: int, batch_size: int) -> None:
    done = workspace.run("--config", "short.yaml", "--workers", str(workers), "--batch_size", str(batch_size))
    assert done.returncode == 0, done.stdout + done.stderr
    assert workspace.bytes_of_results() == expected


@pytest.mark.parametrize("n_segments", [2, *(pytest.param(n, marks=pytest.mark.chaos) for n in (1, 5))])
def test_kill_in_the_middle_and_resume(workspace: Workspace, expected, n_segments: int) -> None:
    run = workspace.start("--config", "short.yaml", "--workers", "1" if n_segments == 2 else "2")
    wait_until_posing(workspace, run, n_segments)
    os.kill(run.pid, signal.SIGKILL)
    run.communicate()
    wait_until_gone(workspace)
    engine = ["--engine", "inline"] if n_segments == 2 else ["--workers", "2"]  # whoever goes on, which costs less
    again = workspace.run("--config", "short.yaml", *engine)
    assert again.returncode == 0, again.stdout + again.stderr
    assert workspace.bytes_of_results() == expected
    wait_until_gone(workspace)


def test_a_second_run_does_nothing(processed: Workspace) -> None:
    before = {path: path.stat().st_mtime_ns for path in processed.folder.rglob("*.parquet")}
    again = processed.run("--config", "short.yaml")
    assert again.returncode == 0
    assert "nothing to do" in again.stdout
    assert {path: path.stat().st_mtime_ns for path in before} == before
    assert set(processed.states().values()) == {"skipped_unchanged"}


@pytest.mark.thorough
def test_another_filter_analyses_again_without_posing(processed: Workspace) -> None:
    (processed.folder / "filter.yaml").write_text(SHORT_SEGMENTS + "analysis: {butterworth: {cutoff_hz: 4.0}}\n")
    again = processed.run("--engine", "inline", "--no_video", "--config", "filter.yaml")
    assert again.returncode == 0
    report = processed.report()
    assert [entry["frames"] for entry in report["videos"]] == [0, 0, 0]
    assert {entry["state"] for entry in report["videos"]} <= {"done", "done_with_warnings"}


@pytest.mark.thorough
def test_a_renamed_video_is_not_posed_again(workspace: Workspace, small_clips) -> None:
    folder = workspace.folder / "own"
    folder.mkdir()
    (folder / "first.mp4").write_bytes((small_clips / "one.mp4").read_bytes())
    arguments = ["--input", "own", "--engine", "inline", "--no_video"]
    assert workspace.run(*arguments).returncode == 0
    (folder / "first.mp4").rename(folder / "second.mp4")
    assert workspace.run(*arguments).returncode == 0
    assert [(entry["name"], entry["frames"]) for entry in workspace.report()["videos"]] == [("second.mp4", 0)]

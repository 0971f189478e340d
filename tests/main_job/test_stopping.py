"""Ctrl-C, SIGTERM, two runs at once, a limit that is too tight: one sentence each, nothing lost, nobody left behind."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from .conftest import SHORT_SEGMENTS, Workspace, wait_until_gone, wait_until_posing
from .small_clips import cut

pytestmark = pytest.mark.slow
BRIEF = ("--config", "short.yaml", "--workers", "2", "--no_video")


@pytest.fixture(scope="module")
def long_clips(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Enough work for a signal to arrive in the middle."""
    folder = tmp_path_factory.mktemp("long")
    cut(folder / "clip0.mp4", 150)
    for k in range(1, 3):
        # other bytes, same pictures: a trailing box that players ignore
        box = b"\0\0\0\x0cfree" + bytes([k]) * 4
        (folder / f"clip{k}.mp4").write_bytes((folder / "clip0.mp4").read_bytes() + box)
    return folder


@pytest.fixture
def busy(tmp_path: Path, long_clips: Path) -> Iterator[Workspace]:
    (tmp_path / "in").symlink_to(long_clips, target_is_directory=True)
    (tmp_path / "short.yaml").write_text(SHORT_SEGMENTS)
    workspace = Workspace(tmp_path)
    yield workspace
    for pid, _ in pids_of(workspace):  # what a failed test leaves
        os.kill(pid, signal.SIGKILL)


@pytest.mark.parametrize(
    ("number", "code"),
    [(signal.SIGINT, 130), pytest.param(signal.SIGTERM, 143, marks=pytest.mark.chaos)],
    ids=["ctrl-c", "terminate"],
)
@pytest.mark.thorough
def test_one_signal_ends_with_one_sentence(busy: Workspace, number: signal.Signals, code: int) -> None:
    run = busy.start(*BRIEF)
    wait_until_posing(busy, run)
    os.kill(run.pid, number)
    output, _ = run.communicate()
    assert run.returncode == code, output
    assert "Traceback" not in output
    assert output.count("run the same command again") == 1
    wait_until_gone(busy)
    kept = busy.bytes_of_results()
    assert any("segment_" in name for name in kept)
    assert not any(".part" in name for name in kept)


@pytest.mark.thorough
def test_second_run_in_the_same_folder_is_refused(busy: Workspace) -> None:
    run = busy.start(*BRIEF)
    wait_until_posing(busy, run)
    second = busy.run("--engine", "inline")
    assert second.returncode == 75
    assert str(run.pid) in second.stderr
    run.send_signal(signal.SIGTERM)
    run.communicate()


@pytest.mark.thorough
def test_limit_below_the_fixed_cost_is_refused_with_the_arithmetic(busy: Workspace) -> None:
    refused = busy.run("--memory_limit", "0.01")
    assert refused.returncode == 2
    assert "MiB fixed" in refused.stderr
    assert "--memory_limit 0." in refused.stderr
    assert busy.bytes_of_results() == {}


@pytest.mark.thorough
def test_two_workers_that_do_not_fit_become_one(busy: Workspace) -> None:
    total = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    fraction = 1250 * 2**20 / total
    done = busy.run(*BRIEF, "--memory_limit", f"{fraction:.4f}")
    assert done.returncode == 0, done.stdout + done.stderr
    memory = busy.report()["memory"]
    assert memory["workers"].startswith("1 of 2")
    assert memory["n_samples"] > 10
    assert memory["n_samples_over"] == 0
    assert memory["peak_bytes"] <= memory["limit_bytes"]
    assert "samples over" in done.stdout


@pytest.mark.thorough
def test_a_worker_that_is_killed_costs_only_its_unit(busy: Workspace) -> None:
    run = busy.start(*BRIEF)
    wait_until_posing(busy, run)
    workers = [line for line in pids_of(busy) if "spawn_main" in line[1]]
    assert workers
    os.kill(workers[-1][0], signal.SIGKILL)
    output, _ = run.communicate()
    assert run.returncode == 0, output
    assert set(busy.states().values()) <= {"done", "done_with_warnings"}


def pids_of(workspace: Workspace) -> list[tuple[int, str]]:
    """Return (pid, command line) of the children of a run."""
    found = []
    for process in Path("/proc").iterdir():
        if process.name.isdigit() and int(process.name) != os.getpid():
            try:
                cwd = (process / "cwd").readlink()
                line = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            except OSError:
                continue
            if cwd == workspace.folder:
                found.append((int(process.name), line))
    return sorted(found)

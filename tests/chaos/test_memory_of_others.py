"""The limit follows what other programs and control groups leave, both ways, while videos are posed and drawn."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from main_job.conftest import SHORT_SEGMENTS, Workspace, finished_segments, wait_until_posing
from main_job.small_clips import cut
from waiting import wait_for

GROUP_BYTES = 2500 << 20
BALLAST_BYTES = 900 << 20
BALLAST = f"""
import sys
held = bytearray({BALLAST_BYTES})
held[::4096] = b"x" * len(held[::4096])
print(flush=True)
sys.stdin.read()
"""


class Group:
    """A control group for memory, below the one that the tests are in."""

    def __init__(self) -> None:
        lines = Path("/proc/self/cgroup").read_text().splitlines() if sys.platform == "linux" else []
        parts = [line.split(":", 2) for line in lines]
        place = next((path for _, names, path in parts if "memory" in names.split(",")), None)
        self.folder = Path(f"/sys/fs/cgroup/memory{place}") / "vidpose-test"
        if place is None or os.geteuid():
            pytest.skip("needs root and a control group for memory (version 1)")
        try:
            self.folder.mkdir(exist_ok=True)
            self.limit(GROUP_BYTES)
        except OSError as error:
            pytest.skip(f"control groups cannot be made here: {error}")

    def limit(self, n_bytes: int) -> None:
        (self.folder / "memory.limit_in_bytes").write_text(str(n_bytes))

    def start(self, *command: str, **details: object) -> subprocess.Popen[str]:
        enter = f'echo $$ > "{self.folder}/cgroup.procs" && exec "$@"'
        return subprocess.Popen(["sh", "-c", enter, "sh", *command], text=True, **details)  # type: ignore[call-overload,no-any-return]


@pytest.fixture
def group() -> Iterator[Group]:
    made = Group()
    yield made
    wait_for(lambda: not (made.folder / "cgroup.procs").read_text(), "the end of all processes of the group")
    made.folder.rmdir()


@pytest.mark.chaos
@pytest.mark.timeout(3600)
def test_the_limit_shrinks_and_grows_with_what_is_left(tmp_path: Path, group: Group) -> None:
    for number in range(6):  # equal clips would be posed once
        cut(tmp_path / "in" / f"{number}.mp4", 120 + number, size=(480, 560))
    (tmp_path / "short.yaml").write_text(SHORT_SEGMENTS)
    workspace = Workspace(tmp_path)
    command = workspace.command("--config", "short.yaml", "--memory_limit", "0.8", "--workers", "2")
    run = group.start(*command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    wait_until_posing(workspace, run, 2)
    other = group.start(sys.executable, "-c", BALLAST, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert other.stdout is not None
    other.stdout.readline()  # it holds its memory
    n_before = len(finished_segments(workspace))
    wait_for(lambda: run.poll() is not None or len(finished_segments(workspace)) > n_before + 8)
    other.communicate("")
    group.limit(3 * GROUP_BYTES // 2)
    said, _ = run.communicate()
    assert run.returncode == 0, said
    memory = workspace.report()["memory"]
    full_bytes = 0.8 * GROUP_BYTES
    assert memory["lowest_limit_bytes"] < full_bytes - BALLAST_BYTES / 4, "the other program was seen"
    assert memory["limit_bytes"] > 1.1 * full_bytes, "so was the wider group"
    assert memory["peak_bytes"] <= GROUP_BYTES
    assert memory["n_samples_over"] == 0, memory["excursions"]
    assert sum(memory["seconds_per_band"].values()) > 0
    assert {name.split()[0] for name in memory["measured_over_predicted"]} == {"pose", "render"}
    divisors = [change["batch_divisor"] for change in memory["credit_history"]]
    assert max(divisors) > 1, "units held fewer frames"
    assert divisors[-1] < max(divisors), "and more again"

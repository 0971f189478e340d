"""A disk that is full or read-only from any step on: a clear end, and the bytes of an undisturbed run after it."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from .conftest import SmallRun
from .test_crash_points import steps_to_try
from .warm_runs import Ended, Fault

KINDS = [Fault.FULL_FROM_THEN_ON, Fault.FULL_ONCE, Fault.READ_ONLY_FROM_THEN_ON]
GROWS = ("create", "write", "pwrite", "mkdir", "ftruncate", "posix_fallocate")


def what_is_wrong(ended: Ended, root: Path, what: str) -> list[str]:
    """A run either needed nothing of what failed, or says in a sentence which folder is full."""
    unclear = "Traceback" in ended.said or "unexpected" in ended.said
    named = not ended.code or str(root) in ended.said
    clear = ended.code in (0, 3, 4) and named and not unclear
    return [] if clear else [f"{what}: exit code {ended.code}: {ended.said}"]


def try_all(run: SmallRun, fault: Fault, numbers: list[int]) -> None:
    wrong = []
    for number in numbers:
        run.begin_again()
        ended = run.run(fault, number)
        what = f"{fault.name} at step {number} ({run.first.steps[number - 1]})"
        wrong += what_is_wrong(ended, run.workspace.folder / "a", what)
        wrong += run.check_resumed(what)
    assert not wrong, "\n".join(wrong)


def numbers_of(run: SmallRun) -> list[int]:
    steps = run.first.steps
    return [number for number in steps_to_try(steps)[:-1] if steps[number - 1].split()[1].startswith(GROWS)]


@pytest.mark.thorough
@pytest.mark.parametrize("fault", KINDS, ids=lambda fault: fault.name.lower())
def test_some_full_disks(small_run: SmallRun, fault: Fault) -> None:
    numbers = numbers_of(small_run)
    try_all(small_run, fault, numbers[fault :: len(numbers) // 4])


@pytest.mark.chaos
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("fault", KINDS, ids=lambda fault: fault.name.lower())
def test_every_full_disk(small_run: SmallRun, fault: Fault) -> None:
    try_all(small_run, fault, numbers_of(small_run))


@pytest.mark.chaos
@pytest.mark.timeout(7200)
def test_a_real_disk_of_any_size(small_run: SmallRun) -> None:
    disk = small_run.workspace.folder / "a"
    needed = sum(path.stat().st_size for path in disk.rglob("*") if path.is_file())
    small_run.begin_again()
    disk.mkdir()
    if (
        os.geteuid()
        or subprocess.run(["mount", "-t", "tmpfs", "none", disk], check=False, capture_output=True).returncode
    ):
        pytest.skip("needs the right to mount a file system")
    wrong: list[str] = []
    try:
        for size in range(8 << 10, 2 * needed, max(4 << 10, needed // 40 & ~4095)):
            resize(disk, size)
            ended = small_run.run()
            wrong += what_is_wrong(ended, disk, f"a disk of {size} bytes")
            if not ended.code:
                break
            started = (disk / "models" / ".vidpose").exists()
            if started and not (disk / "output" / "run_report.json").is_file():
                wrong.append(f"a disk of {size} bytes: no report")
            resize(disk, 4 * needed)
            wrong += small_run.check_resumed(f"a disk of {size} bytes")
            for path in disk.iterdir():
                subprocess.run(["rm", "-r", path], check=True)
        assert not ended.code
        assert not wrong, "\n".join(wrong)
    finally:
        subprocess.run(["umount", disk], check=True)
        disk.rmdir()


def resize(disk: Path, n_bytes: int) -> None:
    subprocess.run(["mount", "-o", f"remount,size={n_bytes}", disk], check=True)

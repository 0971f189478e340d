"""Results on a disk that cannot be written, or becomes full in the middle: a sentence, and nothing lost."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.leftovers import Leftovers

from .conftest import BusyWorkspace

pytestmark = [pytest.mark.slow, pytest.mark.chaos]


@pytest.fixture
def disk(busy: BusyWorkspace) -> Iterator[Path]:
    """A file system of its own for the results."""
    place = busy.folder / "a"
    place.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "none", place], check=False, capture_output=True)
    if os.geteuid() or mounted.returncode:
        pytest.skip("needs the right to mount a file system")
    yield place
    subprocess.run(["umount", "--lazy", place], check=True)


def remount(disk: Path, options: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{options}", disk], check=True)


def test_a_read_only_disk_is_refused_before_any_work(busy: BusyWorkspace, disk: Path) -> None:
    remount(disk, "ro")
    run = busy.begin()
    said, _ = run.communicate()
    assert run.returncode in (2, 4), said
    assert str(disk) in said
    assert "Traceback" not in said


@pytest.mark.parametrize("engine", ["inline", "distributed"])
def test_a_disk_becomes_full_in_the_middle(busy: BusyWorkspace, leftovers: Leftovers, disk: Path, engine: str) -> None:
    run, run_id = busy.posing("--engine", engine)
    remount(disk, f"size={16384 + sum(path.stat().st_blocks * 512 for path in disk.rglob('*'))}")
    said, _ = run.communicate()
    assert "unexpected" not in said
    assert "Traceback" not in said
    assert run.returncode in (3, 4), said
    assert str(disk) in said
    leftovers.check_none(run_id)
    remount(disk, "size=1g")
    busy.check_resumed()

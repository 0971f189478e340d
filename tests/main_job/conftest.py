"""Small clips and a way to run the command as a user does."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from waiting import wait_for

from .small_clips import cut, cut_crossing

PROJECT = Path(__file__).resolve().parents[2]
NOT_COMPARED = ("vidpose.log", "run_report.json", "run_report.txt", ".vidpose.lock")
SHORT_SEGMENTS = """\
segments: {chain_s: 1.8, length_s: 0.6, warmup_s: 0.3, min_warmup_frames: 5}
render: {part_s: 1.0}
no_plots: true
"""


@dataclass(frozen=True)
class Workspace:
    """A folder with videos in ``in/`` and results below ``name``."""

    folder: Path

    def command(self, *arguments: str, name: str = "a") -> list[str]:
        places = ["--output", f"{name}/output", "--models", f"{name}/models"]
        places += [] if "--video" in arguments else ["--input", "in"]
        return [sys.executable, str(PROJECT / "pipeline.py"), *places, *arguments]

    def run(self, *arguments: str, name: str = "a", timeout_s: float = 900) -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # noqa: PLW1510 - exit codes are what is tested
            self.command(*arguments, name=name), cwd=self.folder, capture_output=True, text=True, timeout=timeout_s
        )

    def start(self, *arguments: str, name: str = "a") -> subprocess.Popen[str]:
        return subprocess.Popen(
            self.command(*arguments, name=name),
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def report(self, name: str = "a") -> dict[str, Any]:
        report: dict[str, Any] = json.loads((self.folder / name / "output" / "run_report.json").read_bytes())
        return report

    def states(self, name: str = "a") -> dict[str, str]:
        return {entry["name"]: entry["state"] for entry in self.report(name)["videos"]}

    def bytes_of_results(self, name: str = "a") -> dict[str, str]:
        """Hash of every result, stored poses included; not of logs and reports, which tell of times."""
        root = self.folder / name
        return {
            path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(root.rglob("*"))
            if path.is_file() and not path.name.startswith(NOT_COMPARED) and "ledger.sqlite" not in path.name
        }


def processes_of(mark: str) -> list[str]:
    """Return the command lines of processes whose environment holds ``mark``."""
    found = []
    for process in Path("/proc").iterdir():
        if not process.name.isdigit() or int(process.name) == os.getpid():
            continue
        try:
            if mark.encode() in (process / "environ").read_bytes():
                found.append((process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace"))
        except OSError:
            continue
    return found


def finished_segments(workspace: Workspace, name: str = "a") -> list[Path]:
    """Files of the poses that are stored already."""
    poses = workspace.folder / name / "models" / ".vidpose" / "poses"
    return sorted(poses.rglob("segment_*.npz"))


def wait_until_posing(workspace: Workspace, run: subprocess.Popen[str], n_segments: int = 1) -> None:
    """Wait until a run has stored the poses of some segments."""

    def reached() -> bool:
        assert run.poll() is None, run.communicate()[0]
        return len(finished_segments(workspace)) >= n_segments

    wait_for(reached, f"{n_segments} finished segments")


def wait_until_gone(workspace: Workspace) -> None:
    """Wait until no process of a run is left."""
    wait_for(lambda: not processes_of(str(workspace.folder)), "the end of every process of the run")


@pytest.fixture(scope="session")
def small_clips(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Clips shorter and longer than a (short) chain, and one with two people who cross."""
    folder = tmp_path_factory.mktemp("small")
    cut(folder / "one.mp4", 20)
    cut(folder / "sub folder" / "two.mp4", 60)
    cut_crossing(folder / "cross.mp4", 36)
    return folder


@pytest.fixture
def workspace(tmp_path: Path, small_clips: Path) -> Workspace:
    """A fresh folder with the small clips as ``in/`` and a configuration with short segments."""
    (tmp_path / "in").symlink_to(small_clips, target_is_directory=True)
    (tmp_path / "short.yaml").write_text(SHORT_SEGMENTS)
    return Workspace(tmp_path)

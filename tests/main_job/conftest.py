"""Small drawn clips and a way to run the command as a user does."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from synthetic.clip import write_clip
from synthetic.crossings import crossing_scenes
from synthetic.motions import Squats, Tempo
from synthetic.sample import Variant, build_scene

PROJECT = Path(__file__).resolve().parents[2]
NOT_COMPARED = {"vidpose.log", "run_report.json", "run_report.txt", ".vidpose.lock"}
SHORT_SEGMENTS = """\
segments: {chain_s: 1.8, length_s: 0.6, warmup_s: 0.3, min_warmup_frames: 5}
render: {part_s: 1.0}
"""


@dataclass(frozen=True)
class Workspace:
    """A folder with videos in ``in/`` and results below ``name``."""

    folder: Path

    def command(self, *arguments: str, name: str = "a") -> list[str]:
        places = ["--output", f"{name}/output", "--models", f"{name}/models"]
        places += [] if "--video" in arguments else ["--input", "in"]
        return [sys.executable, str(PROJECT / "pipeline.py"), *places, *arguments]

    def run(self, *arguments: str, name: str = "a", timeout_s: float = 240) -> subprocess.CompletedProcess[str]:
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
            if path.is_file() and path.name not in NOT_COMPARED and "ledger.sqlite" not in path.name
        }


def draw(video: Path, *, seconds: float, size: tuple[int, int] = (320, 240), people: int = 1, fps: int = 25) -> None:
    """Draw a mannequin doing quick squats."""
    video.parent.mkdir(parents=True, exist_ok=True)
    variant = Variant(
        motion="squats",
        squats=Squats(tempo=Tempo(reps=max(1, round(seconds / 1.2)), period_s=1.2)),
        people=people,
        width_px=size[0],
        height_px=size[1],
        fps=Fraction(fps),
    )
    write_clip(build_scene(variant), video)


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


@pytest.fixture(scope="session")
def drawn_clips(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Drawn clips: one shorter and one longer than a (short) chain, and one with two people who cross."""
    folder = tmp_path_factory.mktemp("drawn")
    crossing = crossing_scenes()["cross_once"]
    write_clip(replace(crossing, fps=Fraction(12), width_px=480, height_px=270), folder / "cross.mp4")
    draw(folder / "one.mp4", seconds=1.2)
    draw(folder / "sub folder" / "two.mp4", seconds=3.6)
    return folder


@pytest.fixture
def workspace(tmp_path: Path, drawn_clips: Path) -> Workspace:
    """A fresh folder with the drawn clips as ``in/`` and a configuration with short segments."""
    (tmp_path / "in").symlink_to(drawn_clips, target_is_directory=True)
    (tmp_path / "short.yaml").write_text(SHORT_SEGMENTS)
    return Workspace(tmp_path)

"""A run that is small enough to be ended at each of its steps, and one that takes long enough to be disturbed."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import psutil
import pytest
from main_job.conftest import SHORT_SEGMENTS, Workspace, wait_until_posing
from main_job.small_clips import cut
from waiting import wait_for

from benchmarks.leftovers import Leftovers
from benchmarks.members import find_members

from .warm_runs import Ended, Fault, WarmRuns, warm_runs

N_FRAMES, FPS, SIZE_PX = 20, 25, (96, 112)
FOUR_SEGMENTS = """\
segments: {chain_s: 0.4, length_s: 0.2, warmup_s: 0.08, min_warmup_frames: 2}
render: {part_s: 0.5}
"""


class SmallRun:
    """One clip with its landmarks in a file: four segments in two chains, two parts of a picture, every table."""

    def __init__(self, folder: Path, warm: WarmRuns) -> None:
        self.workspace = Workspace(folder)
        self._warm = warm
        (folder / "short.yaml").write_text(FOUR_SEGMENTS)
        cut(folder / "in" / "clip.mp4", N_FRAMES, FPS, SIZE_PX)
        _write_landmarks(folder / "in" / "clip.npz")
        self.first = self.run()
        assert self.first.code == 0, self.first.said
        self.expected = self.workspace.bytes_of_results()

    def run(self, fault: Fault = Fault.COUNT, step: int = 0, root: Path | None = None) -> Ended:
        """Run with a fault at a step; ``root`` holds the results, by default ``a``."""
        folder = self.workspace.folder
        root = root or folder / "a"
        arguments = ["--input", str(folder / "in"), "--output", str(root / "output"), "--models", str(root / "models")]
        arguments += ["--config", str(folder / "short.yaml"), "--estimator", "file", "--workers", "1", "--no_plots"]
        return self._warm.run(root, [*arguments, "--engine", "inline"], fault, step)

    def begin_again(self) -> None:
        """Remove every result."""
        shutil.rmtree(self.workspace.folder / "a", ignore_errors=True)

    def check_resumed(self, what: str) -> list[str]:
        """Run once more without a fault; return how the results differ from those of a run that nothing disturbed."""
        again = self.run()
        found = self.workspace.bytes_of_results()
        different = sorted(name for name in found.keys() | self.expected if found.get(name) != self.expected.get(name))
        failed = [f"{what}, resumed: exit code {again.code}: {again.said}"] if again.code else []
        return failed + ([f"{what}: other bytes: {', '.join(different)}"] if different else [])


@pytest.fixture(scope="session")
def small_run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallRun]:
    """Start the small run's process once for all tests."""
    if shutil.which("cc") is None:
        pytest.skip("needs a C compiler")
    with warm_runs(tmp_path_factory.mktemp("warm")) as warm:
        yield SmallRun(tmp_path_factory.mktemp("small-run"), warm)


def _write_landmarks(path: Path) -> None:
    """Write 33 points that swing about their places."""
    chance = np.random.default_rng(0)
    times_s = np.arange(N_FRAMES) / FPS
    places, phases = chance.uniform(20, 80, (33, 2)), chance.uniform(0, 6, (33, 2))
    points = places + 3 * np.sin(4 * np.pi * times_s[:, None, None] + phases)
    rest = np.broadcast_to([0.0, 0.9], (N_FRAMES, 33, 2))
    image = np.concatenate([points, rest], axis=2).astype(np.float32)
    np.savez(path, timestamps_s=times_s, image_px=image, world_m=image[..., :3] / 100, frame_size=np.array(SIZE_PX))


OPTIONS = ("--config", "short.yaml", "--workers", "2", "--max_people", "1", "--no_video", "--no_plots")
N_CLIPS = 2


@dataclass(frozen=True)
class BusyWorkspace(Workspace):
    """Two clips, and what they give undisturbed; the environment of its runs can be added to."""

    expected: dict[str, str]
    environment: dict[str, str] = field(default_factory=dict)

    def begin(self, *arguments: str) -> subprocess.Popen[str]:
        """Start the command; its temporary files go to ``t``."""
        environment = os.environ | {"TMPDIR": str(self.folder / "t")} | self.environment
        return subprocess.Popen(
            self.command(*OPTIONS, *arguments),
            cwd=self.folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def posing(self, *arguments: str, n_segments: int = 1) -> tuple[subprocess.Popen[str], str]:
        """Start the command and wait until it is in the middle; also return its run's id."""
        run = self.begin(*arguments)
        wait_until_posing(self, run, n_segments)
        run_id = self.leftovers().run_id()
        assert run_id is not None
        return run, run_id

    def leftovers(self) -> Leftovers:
        """Return what looks for what the next run leaves."""
        return Leftovers(self.folder / "a" / "output", self.folder / "t")

    def misbehave(self, what: str, kind: str = "pose", video: str = "clip1.mp4", times: int | None = None) -> None:
        """Let the units of a video go wrong from now on."""
        counted = self.folder / "counted"
        counted.mkdir(exist_ok=True)
        fault = {"what": what, "kind": kind, "video": video, "times": times, "counted": str(counted)}
        self.environment["VIDPOSE_FAULT"] = json.dumps(fault)
        self._load_in_workers()

    def let_the_clock_jump(self) -> None:
        """Let the wall clock jump by a day, to and fro, from now on."""
        self.environment["VIDPOSE_CLOCK"] = "1"
        self._load_in_workers()

    def _load_in_workers(self) -> None:
        self.environment["PYTHONPATH"] = str(Path(__file__).parent / "in_workers")

    def check_complete(self, run: subprocess.Popen[str]) -> None:
        """Wait for the end of a run that lost nothing."""
        said, _ = run.communicate()
        assert run.returncode == 0, said
        assert "Traceback" not in said
        assert "unexpected" not in said
        assert self.bytes_of_results() == self.expected

    def check_resumed(self) -> None:
        """Run again without disturbance: the results are those of an undisturbed run."""
        self.environment.clear()
        self.check_complete(self.begin())


@pytest.fixture(scope="session")
def busy_results(tmp_path_factory: pytest.TempPathFactory) -> BusyWorkspace:
    """Results of an undisturbed run of the inline engine."""
    folder = tmp_path_factory.mktemp("busy")
    cut(folder / "in" / "clip0.mp4", 75, size=(144, 168))
    for k in range(1, N_CLIPS):
        box = b"\0\0\0\x0cfree" + bytes([k]) * 4  # other bytes, same pictures
        (folder / "in" / f"clip{k}.mp4").write_bytes((folder / "in" / "clip0.mp4").read_bytes() + box)
    (folder / "short.yaml").write_text(SHORT_SEGMENTS)
    done = Workspace(folder).run(*OPTIONS, "--engine", "inline")
    assert done.returncode == 0, done.stdout + done.stderr
    return BusyWorkspace(folder, Workspace(folder).bytes_of_results())


@pytest.fixture
def busy(tmp_path: Path, busy_results: BusyWorkspace) -> Iterator[BusyWorkspace]:
    """The clips in a fresh folder; processes that a failed test leaves are ended."""
    shutil.copytree(busy_results.folder / "in", tmp_path / "in")
    shutil.copy(busy_results.folder / "short.yaml", tmp_path / "short.yaml")
    (tmp_path / "t").mkdir()
    yield BusyWorkspace(tmp_path, busy_results.expected)
    for process in psutil.process_iter(["cwd"]):
        if process.info["cwd"] == str(tmp_path):
            process.send_signal(signal.SIGKILL)


@pytest.fixture
def leftovers(busy: BusyWorkspace) -> Leftovers:
    """What the machine held before the test's run."""
    return busy.leftovers()


def wait_for_member(run: subprocess.Popen[str], member: str) -> psutil.Process:
    """Wait until a run has a process of this part, return the youngest."""

    def found() -> list[psutil.Process]:
        assert run.poll() is None, f"the run ended without a process that is {member}: {run.communicate()[0]}"
        return find_members(run.pid, member)

    return wait_for(found, f"a process that is {member}")[-1]

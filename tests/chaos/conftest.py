"""A run that is small enough to be ended at each of its steps."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from main_job.conftest import Workspace
from main_job.small_clips import cut

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

"""How much the main job costs against the plain loop: OpenCV reads, MediaPipe estimates, nothing else.

``python benchmarks/main_job.py [VIDEO] [--rounds 3]`` runs both in turn, A B A B, and prints medians and ratios, so a
machine that is busy at times does not decide. vidpose is timed with its start-up and its files, the plain loop with
its imports.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import click

PROJECT = Path(__file__).resolve().parent.parent
PLAIN_LOOP = """
import sys, cv2
from mediapipe.python.solutions import pose
video = cv2.VideoCapture(sys.argv[1])
with pose.Pose(model_complexity=1, smooth_landmarks=False) as model:
    while True:
        good, frame = video.read()
        if not good:
            break
        model.process(cv2.cvtColor(frame, cv2.COLOR_BGR2RGB))
"""


def seconds(command: list[str]) -> float:
    """Run a command; return its wall time, s."""
    started = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - started


def vidpose_command(video: Path, folder: Path, *options: str) -> list[str]:
    """Return a call of vidpose with results in ``folder``."""
    places = ["--output", str(folder / "output"), "--models", str(folder / "models")]
    return [sys.executable, str(PROJECT / "pipeline.py"), "--video", str(video), *places, "--fresh", *options]


@click.command()
@click.argument(
    "video", type=click.Path(exists=True, path_type=Path), default=PROJECT / "public/mannequin_squat_raise.mp4"
)
@click.option("--rounds", default=3, show_default=True, help="How often each is run.")
def main(video: Path, rounds: int) -> None:
    """Print medians and ratios for VIDEO."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        ways = {
            "plain loop, poses only": [sys.executable, "-c", PLAIN_LOOP, str(video)],
            "vidpose inline, no video": vidpose_command(video, folder, "--engine", "inline", "--no_video"),
            "vidpose inline": vidpose_command(video, folder, "--engine", "inline"),
            "vidpose distributed": vidpose_command(video, folder),
        }
        times: dict[str, list[float]] = {name: [] for name in ways}
        for _ in range(rounds):
            for name, command in ways.items():
                times[name].append(seconds(command))
    plain = times["plain loop, poses only"]
    print(f"{'':<26} {'median s':>9} {'min':>7} {'max':>7}   time over plain loop, round by round")
    for name, values in times.items():
        ratios = " ".join(f"{value / base:.2f}" for value, base in zip(values, plain, strict=True))
        print(f"{name:<26} {statistics.median(values):>9.1f} {min(values):>7.1f} {max(values):>7.1f}   {ratios}")


if __name__ == "__main__":
    main()

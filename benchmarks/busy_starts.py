"""Whether runs start, and end with the same bytes, while everything else on the machine is busy.

::

    python -m benchmarks.busy_starts --runs 20 --load 40 --at_once 10

Starts ``load`` processes that compute without end, then the runs, some at a time, each of a clip of half a second
with the distributed engine; prints how each ended, and what it had to do without.
"""

from __future__ import annotations

import filecmp
import json
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import click

from benchmarks.fuzz import write_clip

SIZE_PX, N_FRAMES = (288, 336), 15
PIPELINE = Path(__file__).resolve().parents[1] / "pipeline.py"


@dataclass(frozen=True, slots=True)
class Ending:
    """How one run ended; ``engine`` says what did the work."""

    exit_code: int
    wall_s: float
    engine: str
    same_bytes: bool


def one_run(folder: Path, name: str, engine: str) -> tuple[int, float, str]:
    """Run on ``folder/in``; return the exit code, the wall time in s, and the engine by the report."""
    started_s = time.monotonic()
    places = ["--input", "in", "--output", f"{name}/output", "--models", f"{name}/models"]
    command = [sys.executable, str(PIPELINE), *places, "--engine", engine, "--workers", "1", "--no_plots", "--no_video"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    report = folder / name / "output" / "run_report.json"
    said = json.loads(report.read_bytes())["engine"] if report.is_file() else done.stdout + done.stderr
    return done.returncode, time.monotonic() - started_s, said


def tables(folder: Path) -> dict[str, Path]:
    """Return the written tables by their path below ``folder``."""
    return {path.relative_to(folder).as_posix(): path for path in folder.rglob("*.parquet")}


def ending_of(folder: Path, name: str, expected: dict[str, Path]) -> Ending:
    """Run once under load and compare the tables."""
    code, wall_s, engine = one_run(folder, name, "distributed")
    found = tables(folder / name)
    same = found.keys() == expected.keys() and all(
        filecmp.cmp(path, expected[key], shallow=False) for key, path in found.items()
    )
    return Ending(code, wall_s, engine, same)


@click.command()
@click.option("--runs", default=20, show_default=True)
@click.option("--load", default=40, show_default=True, help="Busy processes beside.")
@click.option("--at_once", default=10, show_default=True, help="Runs at the same time.")
def main(runs: int, load: int, at_once: int) -> None:
    """Start runs on a busy machine."""
    with tempfile.TemporaryDirectory() as scratch, ExitStack() as stack:
        folder = Path(scratch)
        (folder / "in").mkdir()
        write_clip(folder / "in" / "clip.mp4", ("mp4", "libx264", None), SIZE_PX, N_FRAMES)
        code, quiet_s, _ = one_run(folder, "expected", "inline")
        assert code == 0, "the run without load failed"
        expected = tables(folder / "expected")
        for _ in range(load):
            busy = subprocess.Popen([sys.executable, "-c", "while True: pass"])
            stack.callback(busy.kill)
        with ThreadPoolExecutor(at_once) as pool:
            endings = list(pool.map(lambda number: ending_of(folder, f"run{number}", expected), range(runs)))
    for number, ending in enumerate(endings):
        bytes_are = "same bytes" if ending.same_bytes else "OTHER BYTES"
        click.echo(f"{number:3d}  exit {ending.exit_code}  {ending.wall_s:6.0f} s  {bytes_are}  {ending.engine}")
    complete = sum(ending.exit_code == 0 and ending.same_bytes for ending in endings)
    click.echo(f"{complete} of {runs} complete, beside {load} busy processes, {at_once} at once")
    click.echo(
        f"wall time: median {sorted(e.wall_s for e in endings)[runs // 2]:.0f} s; inline, quiet: {quiet_s:.0f} s"
    )


if __name__ == "__main__":
    main()

"""A folder of thousands of clips: time and memory of a plan, and of a run that finds everything done.

``python -m benchmarks.many_clips [--clips 10000] [--folder FOLDER]``: the clips are copies of one of eight frames that
differ in their last bytes, so each is hashed, probed and planned. The first is processed by a run; the state of a
finished run is then laid for the others, with links to the first one's results and receipts with each clip's own keys,
because processing all of them takes hours. Figures are those of ``vidpose`` as a process of its own.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import click
import numpy as np
import psutil

from vidpose.config import Settings
from vidpose.engines.prober import Prober
from vidpose.state.layout import ANALYSIS_RECEIPT, RENDER_RECEIPT, Layout
from vidpose.state.ledger import Ledger
from vidpose.video.ahead import Pending, mapped_ahead
from vidpose.workflow.run import find_inputs, prepare
from vidpose.workflow.video_plan import Planner, ReadyVideo

_CLIPS_PER_FOLDER = 100
_PROGRAM = "from vidpose.cli import main; main()"
_N_CORES = os.cpu_count() or 1


@dataclass(frozen=True, slots=True)
class Cost:
    """What a process and its children took: seconds of the wall and of processors, and its own largest memory."""

    wall_s: float
    cpu_s: float
    peak_bytes: int


def make_clips(folder: Path, n_clips: int) -> None:
    """Write clips of eight frames that differ in a number after the end of the film, which every reader skips."""
    folder.mkdir(parents=True)
    first = folder.with_suffix(".mp4")
    with av.open(str(first), "w") as output:
        stream = output.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for number in range(8):
            frame = av.VideoFrame.from_ndarray(np.full((48, 64, 3), 9 * number, np.uint8), format="rgb24")
            frame.pts, frame.time_base = number, Fraction(1, 25)
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
    content = first.read_bytes()
    for number in range(n_clips):
        day = folder / f"day_{number // _CLIPS_PER_FOLDER:03d}"
        day.mkdir(exist_ok=True)
        text = f"{number:08d}".encode()
        (day / f"clip_{number:05d}.mp4").write_bytes(content + (8 + len(text)).to_bytes(4, "big") + b"free" + text)


def cost_of(*arguments: str | Path) -> Cost:
    """Run ``vidpose``; return what it took."""
    began_s, before = time.monotonic(), os.times()
    process = psutil.Popen([sys.executable, "-c", _PROGRAM, *map(str, arguments)], stdout=subprocess.DEVNULL)
    peak_bytes = 0
    while process.poll() is None:
        try:
            peak_bytes = max(peak_bytes, process.memory_info().rss)
        except psutil.NoSuchProcess:
            break
        time.sleep(0.05)
    if process.wait():
        raise click.ClickException(f"vidpose ended with exit code {process.returncode}")
    after = os.times()
    cpu_s = after.children_user + after.children_system - before.children_user - before.children_system
    return Cost(time.monotonic() - began_s, cpu_s, peak_bytes)


def lay_finished(settings: Settings) -> None:
    """Give every clip the results of the first, under its own keys, and the ledger what planning learns."""
    layout = Layout(settings.output, settings.models)
    found = find_inputs(settings).videos
    settings, estimator, _ = prepare(settings)
    with Ledger(layout.ledger) as ledger, Prober(settings.probing, 1 << 31, _N_CORES) as prober:
        planner = Planner(settings, layout, ledger, estimator, prober.probe)
        plans = (plan for plan in mapped_ahead(planner.plan, found, _N_CORES, 8) if not isinstance(plan, Pending))
        first = next(plans)
        for plan in plans:
            assert isinstance(plan, ReadyVideo), plan
            for folder_of, receipt, key in (
                (layout.tables_folder, ANALYSIS_RECEIPT, plan.keys.analysis),
                (layout.picture_folder, RENDER_RECEIPT, plan.keys.render),
            ):
                _copy(folder_of(first.found.output_name), folder_of(plan.name), receipt, key)


def _copy(source: Path, target: Path, receipt: str, key: str) -> None:
    target.mkdir(parents=True)
    for path in source.iterdir():
        if path.name != receipt:
            os.link(path, target / path.name)
    document = json.loads((source / receipt).read_bytes())
    (target / receipt).write_bytes(json.dumps(document | {"key": key}, indent=1, sort_keys=True).encode())


def figures(folder: Path, n_clips: int) -> Iterator[str]:
    """Yield one line per figure."""
    make_clips(folder / "one" / "in", 1)
    make_clips(folder / "many" / "in", n_clips)

    def where(name: str) -> list[str | Path]:
        return ["--input", folder / name / "in", "--output", folder / name / "out", "--models", folder / name / "mod"]

    def growth(many: Cost, one: Cost) -> str:
        grown = f"{many.peak_bytes >> 20} MiB, {(many.peak_bytes - one.peak_bytes) / 2**20:.0f} more than with one clip"
        return f"{many.wall_s:.1f} s, {many.cpu_s:.1f} s of {_N_CORES} processors; the driver peaks at {grown}"

    one = cost_of("run", "--dry_run", *where("one"))
    yield f"plan of {n_clips} clips: " + growth(cost_of("run", "--dry_run", *where("many")), one)
    cost_of("run", *where("one"))
    for name in ("out", "mod"):
        shutil.copytree(folder / "one" / name, folder / "many" / name)
    paths = dict(zip(("input", "output", "models"), where("many")[1::2], strict=True))
    lay_finished(Settings(**paths))
    one = cost_of("run", *where("one"))
    yield f"first run that finds {n_clips} clips done: " + growth(cost_of("run", *where("many")), one)
    yield f"second run that finds {n_clips} clips done: " + growth(cost_of("run", *where("many")), one)


@click.command()
@click.option("--clips", default=10_000, help="Number of clips.")
@click.option("--folder", type=click.Path(path_type=Path), help="Where they are made, and left; else a passing folder.")
def main(clips: int, folder: Path | None) -> None:
    """Print the figures."""
    with tempfile.TemporaryDirectory() as passing:
        for line in figures(folder or Path(passing), clips):
            click.echo(line)


if __name__ == "__main__":
    main()

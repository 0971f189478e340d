"""What do damaged files do to a run? ``make fuzz N=5000``, or ``python -m benchmarks.fuzz 5000``.

Folders of tiny videos in many formats, damaged at random (:mod:`benchmarks.mutations`), with good ones first, between
and last, are processed as a user would. It counts how each run ended, what was said of each file, and whether the good
ones gave the bytes that they give alone. Most folders are only probed and posed, by the same functions
(:mod:`benchmarks.posed_only`), which takes a fraction of the time. The same seed damages the same files in the same
way; a folder whose run did not go as promised is kept.
"""

from __future__ import annotations

import hashlib
import json
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import count as count_up
from itertools import islice
from pathlib import Path
from typing import Any

import av
import click
import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.mutations import mutated
from vidpose.resources import SAMPLE

PROJECT = Path(__file__).resolve().parents[1]
FORMATS = (
    ("mp4", "mp4", "libx264", "aac"),
    ("mp4", "mp4", "mpeg4", None),
    ("mp4", "mp4", "libx265", None),
    ("mov", "mov", "libx264", "pcm_s16le"),
    ("mov", "mov", "mjpeg", None),
    ("m4v", "mp4", "libx264", None),
    ("mkv", "matroska", "libx264", "aac"),
    ("mkv", "matroska", "mpeg4", None),
    ("webm", "webm", "libvpx-vp9", "libopus"),
    ("webm", "webm", "libvpx", None),
    ("avi", "avi", "mpeg4", "mp2"),
    ("avi", "avi", "mjpeg", None),
    ("ts", "mpegts", "libx264", "aac"),
    ("mts", "mpegts", "mpeg2video", None),
    ("ts", "mpeg", "mpeg2video", "mp2"),
    ("avi", "asf", "wmv2", None),
    ("mp4", "flv", "flv1", None),
    ("h264", "h264", "libx264", None),
)
"""Endings, formats (ffmpeg looks at the content), encoders of pictures and of sound."""
SIZES_PX = ((64, 48), (96, 112), (160, 120), (240, 280), (320, 240))
PATIENCE_S = 10.0
"""Wall time that a file may take on average in a run before the run counts as hung, on a busy machine (ours)."""
NOT_FORESEEN = ("failed", "worker_lost", "stalled")
"""Findings of what nobody thought of: counted as faults, though they cost one file only."""
GOOD_NAMES = ("0 first.mp4", "m between.mov", "z last.m4v")


@dataclass
class Figures:
    """What was counted over all runs."""

    n_runs: int = 0
    n_files: int = 0
    n_posed: int = 0
    n_ended_runs: int = 0
    n_hung_runs: int = 0
    n_without_verdict: int = 0
    n_good: int = 0
    n_good_equal: int = 0
    states: Counter[str] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        lines = [
            f"{self.n_files} damaged files in {self.n_runs} runs, {self.n_posed} of them posed",
            f"runs that ended early: {self.n_ended_runs}; that hung: {self.n_hung_runs}",
            f"files without a verdict: {self.n_without_verdict}",
            f"good files with the bytes that they give alone: {self.n_good_equal} of {self.n_good}",
            "states: " + ", ".join(f"{count} {name}" for name, count in self.states.most_common()),
            "findings: " + ", ".join(f"{count} {name}" for name, count in self.codes.most_common()),
            *self.faults,
        ]
        return "\n".join(lines)


def write_clip(path: Path, codecs: Sequence[str | None], size_px: tuple[int, int], n_frames: int) -> None:
    """Write the person of the sample, small and short; ``codecs`` are the format and the encoders."""
    container, picture, sound = codecs
    with av.open(str(path), "w", format=container) as output:
        stream = output.add_stream(str(picture), rate=Fraction(25))
        stream.width, stream.height = size_px
        stream.pix_fmt = "yuvj420p" if picture == "mjpeg" else "yuv420p"
        stream.codec_context.thread_count = 1
        if picture == "libx265":
            stream.codec_context.options = {"x265-params": "log-level=none:pools=1"}
        silent = output.add_stream(sound, rate=48000, layout="mono") if sound is not None else None
        for rgb in islice(_pictures(size_px), n_frames):
            output.mux(stream.encode(av.VideoFrame.from_ndarray(rgb, format="rgb24")))
        output.mux(stream.encode(None))
        if silent is not None:
            frame = av.AudioFrame.from_ndarray(np.zeros((1, 48000 * n_frames // 25), np.int16), "s16", "mono")
            frame.sample_rate = 48000
            output.mux(silent.encode(frame))
            output.mux(silent.encode(None))


def _pictures(size_px: tuple[int, int]) -> Iterator[NDArray[np.uint8]]:
    with av.open(str(SAMPLE)) as video:
        for frame in islice(video.decode(video=0), 30, None):
            yield cv2.resize(frame.to_ndarray(format="rgb24")[160:720, 400:880], size_px, interpolation=cv2.INTER_AREA)


def make_seeds(folder: Path) -> list[Path]:
    """Write a clip of every format that this build of ffmpeg can write."""
    made = []
    for number, (ending, *codecs) in enumerate(FORMATS):
        path = folder / f"{number:02d} {codecs[1]}.{ending}"
        try:
            write_clip(path, codecs, SIZES_PX[number % len(SIZES_PX)], 4 + number % 4)
        except (av.FFmpegError, ValueError) as error:
            print(f"not among the seeds: {path.name} ({error})")
            path.unlink(missing_ok=True)
        else:
            made.append(path)
    return made


def write_good(folder: Path) -> None:
    """Write the files that nothing is done to."""
    for number, name in enumerate(GOOD_NAMES):
        write_clip(folder / name, ("mp4" if number else "mov", "libx264", None), SIZES_PX[1 + number], 6 + number)


def write_damaged(folder: Path, seeds: Sequence[Path], n_files: int, chance: random.Random) -> dict[str, str]:
    """Write damaged files between the good ones; return what was done to each."""
    contents = [seed.read_bytes() for seed in seeds]
    done = {}
    for number in range(n_files):
        which = chance.randrange(len(seeds))
        content, how = mutated(contents, which, chance)
        name = f"{chance.choice('1gt')}{number:04d} {seeds[which].stem}{seeds[which].suffix}"
        (folder / name).write_bytes(content)
        done[name] = how
    return done


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run ended (``code`` is None when it hung), and what it left."""

    code: int | None
    said: str
    entries: list[dict[str, Any]]
    good: dict[str, str]


def run_over(folder: Path, arguments: Sequence[str] | None, patience_s: float) -> Ended:
    """Process ``folder/in`` by the command with some options, or only pose it when there are None."""
    models, report = folder / "models", folder / ("entries.json" if arguments is None else "output/run_report.json")
    command = [sys.executable, "-m", "benchmarks.posed_only", str(folder)]
    if arguments is not None:
        places = ["--input", str(folder / "in"), "--output", str(folder / "output"), "--models", str(models)]
        command = [sys.executable, str(PROJECT / "pipeline.py"), *places, "--no_plots", *arguments]
    said, code = folder / "said.txt", None
    with said.open("wb") as stream, suppress(subprocess.TimeoutExpired):
        code = subprocess.run(
            command, stdout=stream, stderr=stream, timeout=patience_s, check=False, cwd=PROJECT
        ).returncode
    entries = json.loads(report.read_bytes())["videos"] if report.is_file() else []
    if arguments is None:
        good = {entry["name"]: entry["poses"] for entry in entries if entry["name"] in GOOD_NAMES}
    else:
        good = {name: _digest(models / name) for name in GOOD_NAMES}
    return Ended(code, said.read_text(errors="replace"), entries, good)


def _digest(folder: Path) -> str:
    """Return a hash of the names and bytes in a folder."""
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def count(ended: Ended, names: set[str], alone: dict[str, str], figures: Figures) -> list[str]:
    """Count what a run did; return what it did not keep of what is promised."""
    figures.n_runs += 1
    figures.n_hung_runs += ended.code is None
    unclear = "unexpected error" in ended.said or "Traceback" in ended.said
    faults = []
    if ended.code not in (0, 3) or unclear:
        figures.n_ended_runs += ended.code is not None
        faults.append(f"the run ended with exit code {ended.code}: {ended.said[-500:]}")
    for entry in ended.entries:
        if entry["name"] not in GOOD_NAMES:
            faults += _count_entry(entry, figures)
    missing = names - {entry["name"] for entry in ended.entries}
    figures.n_without_verdict += len(missing)
    faults += [f"{name}: not in the report" for name in sorted(missing)[:3]]
    for name in GOOD_NAMES:
        figures.n_good += 1
        figures.n_good_equal += ended.good.get(name) == alone[name]
        if ended.good.get(name) != alone[name]:
            faults.append(f"{name}: other bytes than alone")
    return faults


def _count_entry(entry: dict[str, Any], figures: Figures) -> list[str]:
    codes = {finding["code"] for finding in entry["findings"]}
    figures.n_files += 1
    figures.states[entry["state"]] += 1
    figures.codes.update(codes)
    figures.n_posed += entry["frames"] > 0
    if entry["state"] not in ("done", "done_with_warnings", "skipped_unchanged") and not codes:
        figures.n_without_verdict += 1
        return [f"{entry['name']}: {entry['state']} without a reason"]
    return [f"{entry['name']}: {item['message']}" for item in entry["findings"] if item["code"] in NOT_FORESEEN]


@dataclass(frozen=True, slots=True)
class Plan:
    """How the damaged files are run over.

    Attributes
    ----------
    n_files
        Go on until so many were posed.
    seed
        Chooses what is damaged, and how.
    per_run
        Files in a run.
    whole
        One folder in so many is processed by the command, the others are only posed; of those that are, one in five
        is by Dask and Ray, draws, and follows four people.
    """

    n_files: int
    seed: int = 0
    per_run: int = 250
    whole: int = 5

    def arguments(self, number: int) -> list[str] | None:
        """Return the options of a run, or None when its files are only posed."""
        if number % self.whole:
            return None
        if number // self.whole % 5 == 4:
            return ["--max_people", "4"]
        return ["--max_people", "1", "--engine", "inline", "--no_video"]


def fuzz(place: Path, plan: Plan) -> Figures:
    """Run over damaged files, folder by folder; a folder whose run broke a promise stays."""
    for name in ("seeds", "good"):
        (place / name).mkdir(parents=True, exist_ok=True)
    seeds = make_seeds(place / "seeds")
    write_good(place / "good")
    figures, started_s, alone = Figures(), time.monotonic(), dict[str, dict[str, str]]()
    for number in count_up():
        arguments = plan.arguments(number)
        name = " ".join(arguments or ["posed only"])
        if name not in alone:
            alone[name] = _good_ones_alone(place, name, arguments)
        folder = place / f"run_{plan.seed}_{number:04d}"
        shutil.copytree(place / "good", folder / "in")
        damage = write_damaged(folder / "in", seeds, plan.per_run, random.Random(f"{plan.seed} {number}"))
        (folder / "damage.json").write_text(json.dumps(damage, indent=1))
        ended = run_over(folder, arguments, 600 + PATIENCE_S * plan.per_run)
        faults = count(ended, {*damage, *GOOD_NAMES}, alone[name], figures)
        figures.faults += [f"{folder.name} ({name}): {fault}" for fault in faults]
        if not faults:
            shutil.rmtree(folder)
        passed_s = time.monotonic() - started_s
        print(f"{passed_s:.0f} s: {figures.n_files} files, {figures.n_posed} posed", *faults, flush=True)
        if figures.n_posed >= plan.n_files:
            break
    return figures


def _good_ones_alone(place: Path, name: str, arguments: Sequence[str] | None) -> dict[str, str]:
    """Return what the good files give in a run of their own."""
    folder = place / f"alone {name}"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(place / "good", folder / "in")
    ended = run_over(folder, arguments, 600)
    if ended.code != 0:
        raise click.ClickException(f"the good files alone: exit code {ended.code}: {ended.said}")
    return ended.good


@click.command()
@click.argument("n_files", type=int, default=5000)
@click.option("--seed", type=int, default=0, show_default=True, help="Another seed damages in other ways.")
@click.option("--per_run", type=int, default=250, show_default=True, help="Files in a run.")
@click.option("--whole", type=int, default=5, show_default=True, help="One folder in so many is not only posed.")
@click.option("--scratch", type=click.Path(path_type=Path), help="Folder for the files [a temporary folder].")
def main(n_files: int, seed: int, per_run: int, whole: int, scratch: Path | None) -> None:
    """Damage videos until N_FILES of them were posed; exit code 1 when a promise was broken."""
    place = (scratch or Path(tempfile.mkdtemp(prefix="vidpose-fuzz-"))).resolve()
    figures = fuzz(place, Plan(n_files, seed, per_run, whole))
    print(figures)
    if figures.faults:
        sys.exit(1)
    if scratch is None:
        shutil.rmtree(place)


if __name__ == "__main__":
    main()

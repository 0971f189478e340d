"""Kill random processes of runs at random times, the driver too; ``python -m benchmarks.kills 100``.

Runs with Dask and Ray over two short clips. After a random part of the time that an undisturbed run takes, one of the
run's processes is killed, whichever part it plays; and again, until the run ends. A run that ends for
that is started again, until the results are complete; then they are compared with those of an undisturbed run, and the
next one starts from nothing. Ten seconds after every end of a driver nothing of its run may be left, unless its watcher
was killed as well: then the next run ends what is left. The same seed makes the same choices, as far as processes come
at the same times.
"""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import click
import psutil

from benchmarks.fuzz import PROJECT, write_clip
from benchmarks.leftovers import Leftovers
from benchmarks.members import MEMBERS, find_members

SETTINGS = """\
segments: {chain_s: 1.2, length_s: 0.4, warmup_s: 0.2, min_warmup_frames: 5}
render: {part_s: 0.8}
"""
OPTIONS = ("--workers", "2", "--max_people", "1", "--no_plots", "--redo_failures")
SIZE_PX, N_FRAMES = (144, 168), 60
NOT_COMPARED = ("vidpose.log", "run_report", ".vidpose.lock", "ledger.sqlite")
MOST_TRIES = 30
"""Starts until the results have to be complete."""


@dataclass
class Kills:
    """What was killed, and what became of it."""

    kills: list[str] = field(default_factory=list)
    ends: Counter[str] = field(default_factory=Counter)
    n_complete: int = 0
    faults: list[str] = field(default_factory=list)
    longest_s: float = 0.0

    def fault(self, text: str) -> None:
        """Note, and print at once, a promise that was broken."""
        self.faults.append(text)
        print(text, flush=True)

    def __str__(self) -> str:
        ends = ", ".join(f"{count} with {end}" for end, count in self.ends.most_common())
        who = Counter(line.split()[3] for line in self.kills)
        return "\n".join(
            [
                f"{len(self.kills)} kills: " + ", ".join(f"{count} {name}" for name, count in who.most_common()),
                f"ends of runs: {ends}; nothing left after at most {self.longest_s:.1f} s",
                f"{self.n_complete} times complete and equal; faults: {len(self.faults)}",
                *self.faults,
            ]
        )


class Bench:
    """A folder with two clips, and the run over it."""

    def __init__(self, folder: Path, chance: random.Random, kills: Kills) -> None:
        self._folder = folder
        self._chance = chance
        self._kills = kills
        (folder / "in").mkdir(parents=True)
        (folder / "t").mkdir()
        (folder / "short.yaml").write_text(SETTINGS)
        for number in range(2):
            write_clip(folder / "in" / f"clip{number}.mp4", ("mp4", "libx264", None), SIZE_PX, N_FRAMES - number)
        started_s = time.monotonic()
        code, said = self._wait(self._begin("--engine", "distributed"))
        if code:
            raise click.ClickException(f"the undisturbed run: exit code {code}: {said}")
        self._usual_s = time.monotonic() - started_s
        self._expected = self._results()

    def complete_once(self, n_kills: int) -> None:
        """Run, and kill, until the results are complete or ``n_kills`` kills were made; then compare."""
        shutil.rmtree(self._folder / "a")
        for _ in range(MOST_TRIES):
            code, said = self._run_and_kill(n_kills)
            if "Traceback" in said or "unexpected error" in said:
                self._kills.fault(f"after {self._kills.kills[-1:]}: {said}")
            if code == 0:
                break
        else:
            self._kills.fault(f"not complete after {MOST_TRIES} starts")
            return
        found = self._results()
        names = sorted(name for name in found.keys() | self._expected if found.get(name) != self._expected.get(name))
        if names:
            self._kills.fault(f"after {self._kills.kills[-3:]}: other bytes in {names}")
        else:
            self._kills.n_complete += 1
            print(f"complete and equal, {self._kills.n_complete} times", flush=True)

    def _run_and_kill(self, n_kills: int) -> tuple[int, str]:
        leftovers = Leftovers(self._folder / "a" / "output", self._folder / "t")
        run, started_s, run_id = self._begin(), time.monotonic(), None
        n_before = len(self._kills.kills)
        while run.poll() is None:
            with suppress(subprocess.TimeoutExpired):
                run.wait(self._chance.uniform(0, self._usual_s))
            with suppress(OSError, ValueError, KeyError):
                run_id = leftovers.run_id(run.pid) or run_id
            if run.poll() is None and run_id is not None and len(self._kills.kills) < n_kills:
                self._kill_one(run, time.monotonic() - started_s)
        code, said = self._wait(run)
        self._kills.ends["exit code 0" if code == 0 else "SIGKILL" if code < 0 else f"exit code {code}"] += 1
        killed = {line.split()[3] for line in self._kills.kills[n_before:]}
        if run_id is not None and not killed >= {"watcher", "driver"}:
            try:
                self._kills.longest_s = max(self._kills.longest_s, leftovers.check_none(run_id))
            except AssertionError as error:
                self._kills.fault(f"after {self._kills.kills[-1:]}: {error}")
        return code, said

    def _kill_one(self, run: subprocess.Popen[bytes], age_s: float) -> None:
        with suppress(psutil.Error):
            found = {member: find_members(run.pid, member) for member in MEMBERS}
            members = [*(name for name, processes in found.items() if processes), "driver"]
            member = self._chance.choice(members)
            victim = psutil.Process(run.pid) if member == "driver" else self._chance.choice(found[member])
            n_segments = len(list((self._folder / "a").rglob("segment_*.npz")))
            victim.kill()
            number = len(self._kills.kills) + 1
            self._kills.kills.append(f"{number} {age_s:.1f} s {member} with {n_segments} segments stored")
            print(self._kills.kills[-1], flush=True)

    def _begin(self, *arguments: str) -> subprocess.Popen[bytes]:
        places = ["--input", "in", "--output", "a/output", "--models", "a/models", "--config", "short.yaml"]
        with (self._folder / "said.txt").open("wb") as said:
            return subprocess.Popen(
                [sys.executable, str(PROJECT / "pipeline.py"), *places, *OPTIONS, *arguments],
                cwd=self._folder,
                stdout=said,
                stderr=said,
                env=os.environ | {"TMPDIR": str(self._folder / "t")},
            )

    def _wait(self, run: subprocess.Popen[bytes]) -> tuple[int, str]:
        return run.wait(), (self._folder / "said.txt").read_text(errors="replace")

    def _results(self) -> dict[str, str]:
        root = self._folder / "a"
        return {
            path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(root.rglob("*"))
            if path.is_file() and not path.name.startswith(NOT_COMPARED)
        }


@click.command()
@click.argument("n_kills", type=int, default=100)
@click.option("--seed", type=int, default=0, show_default=True, help="Another seed makes other choices.")
@click.option("--scratch", type=click.Path(path_type=Path), help="Folder for clips and results [a temporary folder].")
def main(n_kills: int, seed: int, scratch: Path | None) -> None:
    """Make N_KILLS kills, and print what became of the runs; exit code 1 when a promise was broken."""
    place = (scratch or Path(tempfile.mkdtemp(prefix="vidpose-kills-"))).resolve()
    kills = Kills()
    bench = Bench(place, random.Random(seed), kills)
    while len(kills.kills) < n_kills:
        bench.complete_once(n_kills)
    print(kills)
    if kills.faults:
        sys.exit(1)
    if scratch is None:
        shutil.rmtree(place)


if __name__ == "__main__":
    main()

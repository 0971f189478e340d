"""Contenders take turns, A B C A B C; each is timed from a common start; a round that others disturb is repeated."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from benchmarks.harness.machine import TreeWatch, busy_s, own_s, tree_s

PROJECT = Path(__file__).resolve().parent.parent.parent


MAX_OTHERS = 0.15
"""CPU of other processes, in cores, from which on a run counts as disturbed; ours."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One contender, once.

    Attributes
    ----------
    experiment, clip, contender
        What was measured.
    turn
        Number of the round, from 0.
    n_frames
        Frames in ``wall_s``, of all processes together.
    wall_s
        Time for them: from the common start, when all are warm, to the last process's last frame.
    whole_s
        From the start of the first process to the end of the last one.
    cpu_s
        CPU time in ``wall_s``.
    others
        CPU that everything else on the machine used meanwhile, in cores.
    attempts
        How often it was run because others disturbed; this is the quietest one.
    peak_bytes
        Largest memory of its processes together (proportional set size); 0 when not looked at.
    extra
        Whatever else a contender says of itself.
    """

    experiment: str
    clip: str
    contender: str
    turn: int
    n_frames: int
    wall_s: float
    whole_s: float
    cpu_s: float
    others: float
    attempts: int = 1
    peak_bytes: int = 0
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def ms_per_frame(self) -> float:
        """Wall time per frame, ms."""
        return 1000.0 * self.wall_s / self.n_frames


@dataclass(frozen=True, slots=True)
class Contender:
    """Something that can be run and timed; ``run`` does it once."""

    name: str
    run: Callable[[], Measured]


@dataclass(frozen=True, slots=True)
class Patience:
    """How often everything is run, and how often again when others disturb."""

    rounds: int = 3
    max_attempts: int = 3


def take_turns(
    contenders: Sequence[Contender],
    patience: Patience,
    where: tuple[str, str],
    tell: Callable[[Measured], None],
) -> tuple[list[Measured], dict[str, str]]:
    """Run every contender once per round.

    Parameters
    ----------
    contenders
        In the order of their turns.
    patience
        Number of rounds and of repetitions.
    where
        Names of the experiment and of the clip.
    tell
        Called with every result that is kept.

    Returns
    -------
    tuple
        What was measured, and why contenders are missing in it: one that fails is not tried again.
    """
    kept: list[Measured] = []
    failures: dict[str, str] = {}
    experiment, clip = where
    for turn in range(patience.rounds):
        for contender in contenders:
            if contender.name in failures:
                continue
            try:
                measured = _undisturbed(contender.run, patience)
            except RuntimeError as error:
                failures[contender.name] = str(error)
                continue
            kept.append(replace(measured, experiment=experiment, clip=clip, contender=contender.name, turn=turn))
            tell(kept[-1])
    return kept, failures


def _undisturbed(run: Callable[[], Measured], patience: Patience) -> Measured:
    """Run until nobody disturbs, or patience ends; return the quietest run."""
    best: Measured | None = None
    attempts = 0
    while attempts < patience.max_attempts and (best is None or best.others > MAX_OTHERS):
        attempts += 1
        measured = run()
        if best is None or measured.others < best.others:
            best = measured
    if best is None:
        raise ValueError(f"max_attempts: expected 1 or more, got {patience.max_attempts}")
    return replace(best, attempts=attempts)


def run_together(commands: Sequence[Sequence[str]]) -> Measured:
    """Run warm contenders side by side: they start their timed part together.

    Each command says ``ready`` on a line when it is warm, begins when it reads a line, and then says in one line of
    JSON how many frames it did (``n_frames``), when it ended (``end_s``, monotonic clock), its CPU time (``cpu_s``) and
    whatever else it has to say; it ends when its input ends.
    """
    started = time.monotonic()
    children: list[_Child] = []
    try:
        children += [_Child(command) for command in commands]
        for child in children:
            child.expect("ready")
        pids = [child.process.pid for child in children]
        before, spent, go = busy_s(), tree_s(pids) + own_s(), time.monotonic()
        for child in children:
            child.say("go")
        answers = [json.loads(child.line()) for child in children]
        others = (busy_s() - before) - (tree_s(pids) + own_s() - spent)
        others /= time.monotonic() - go
    finally:
        for child in children:
            child.end()
    known = {"n_frames", "end_s", "cpu_s"}
    return Measured(
        experiment="",
        clip="",
        contender="",
        turn=0,
        n_frames=sum(answer["n_frames"] for answer in answers),
        wall_s=max(answer["end_s"] for answer in answers) - go,
        whole_s=time.monotonic() - started,
        cpu_s=sum(answer["cpu_s"] for answer in answers),
        others=max(0.0, others),
        extra={key: value for answer in answers for key, value in answer.items() if key not in known},
    )


def run_command(command: Sequence[str], n_frames: int, *, memory: bool = False) -> Measured:
    """Run a command from its start to its end; all of it is timed.

    Raises
    ------
    RuntimeError
        When it fails, with the end of what it said.
    """
    before, spent, started = busy_s(), own_s(), time.monotonic()
    process = subprocess.Popen(
        command, cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, text=True
    )
    with TreeWatch(process.pid, memory) as watch:
        said, _ = process.communicate()
    wall = time.monotonic() - started
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}: {said[-2000:]}")
    cpu = max(own_s() - spent, watch.cpu_s)
    others = max(0.0, (busy_s() - before - cpu) / wall)
    return Measured("", "", "", 0, n_frames, wall, wall, cpu, others, peak_bytes=watch.peak_bytes)


class _Child:
    """A contender in a process of its own, with a line each way."""

    def __init__(self, command: Sequence[str]) -> None:
        full = [sys.executable, "-m", "benchmarks.contenders", *command]
        pipe = subprocess.PIPE
        self._complaints = tempfile.TemporaryFile()  # noqa: SIM115 - closed in end()
        self.process = subprocess.Popen(full, cwd=PROJECT, stdin=pipe, stdout=pipe, stderr=self._complaints, text=True)

    def line(self) -> str:
        """Return the next line said; a child that ends without one is an error."""
        line = self.process.stdout.readline() if self.process.stdout else ""
        if line:
            return line.strip()
        code = self.process.wait()
        self._complaints.seek(0)
        last = self._complaints.read().decode(errors="replace").strip()[-2000:]
        raise RuntimeError(f"{' '.join(map(str, self.process.args))} ended with {code}: {last}")  # type: ignore[arg-type]

    def expect(self, word: str) -> None:
        """Wait for one word on a line."""
        said = self.line()
        if said != word:
            raise RuntimeError(f"{self.process.args!r}: expected {word!r}, got {said!r}")

    def say(self, word: str) -> None:
        """Send a line."""
        if self.process.stdin:
            self.process.stdin.write(word + "\n")
            self.process.stdin.flush()

    def end(self) -> None:
        """Let it end; kill it when it does not."""
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe:
                with contextlib.suppress(BrokenPipeError):
                    pipe.close()
        try:
            self.process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self._complaints.close()

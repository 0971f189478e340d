"""A run that is ended at any of its steps on the disk, and run again, gives the bytes of a run that was not.

Steps are writes, syncs and changes of names, of Python, SQLite, Arrow and ffmpeg alike. What a crash loses is tried
three ways: nothing, one half of the write, and everything that no sync has brought to the disk (of a file's end, and of
new names). The first two are what happens to a process that is killed, the third to a machine that loses its power.
"""

from __future__ import annotations

import os
from itertools import pairwise

import pytest

from .conftest import SmallRun
from .warm_runs import Fault

LOSSES = [Fault.DIE, Fault.DIE_IN_THE_MIDDLE_OF_A_WRITE, Fault.DIE_AND_LOSE_WHAT_WAS_NOT_SYNCED]
EVERY_STEP = "VIDPOSE_EVERY_STEP" in os.environ
"""Try also the writes between the first and the last one into the same temporary file."""


def steps_to_try(steps: list[str], *, torn: bool = False) -> list[int]:
    """Return the numbers of the steps before which the disk is in a state of its own, and one behind the last."""
    done = [(kind, path) for _, kind, path in (step.split(" ", 2) for step in steps)]
    before_and_here = pairwise([("", ""), *done])
    return [
        number
        for number, (before, here) in enumerate(before_and_here, start=1)
        if EVERY_STEP or before != here or ".part" not in here[1]
        if not torn or "write" in here[0]
    ] + [len(steps) + 1]


def try_all(run: SmallRun, fault: Fault, numbers: list[int]) -> None:
    wrong = []
    for number in numbers:
        run.begin_again()
        ended = run.run(fault, number)
        what = f"{fault.name} at step {number} ({ended.steps[-1] if ended.steps else 'none'})"
        if ended.died != (number <= len(run.first.steps)):
            wrong.append(f"{what}: exit code {ended.code}: {ended.said}")
        wrong += run.check_resumed(what)
    assert not wrong, "\n".join(wrong)


@pytest.mark.thorough
@pytest.mark.parametrize("fault", LOSSES, ids=lambda fault: fault.name.lower())
def test_some_crashes(small_run: SmallRun, fault: Fault) -> None:
    numbers = steps_to_try(small_run.first.steps, torn=fault is Fault.DIE_IN_THE_MIDDLE_OF_A_WRITE)
    try_all(small_run, fault, numbers[LOSSES.index(fault) :: len(numbers) // 3])


@pytest.mark.chaos
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("fault", LOSSES, ids=lambda fault: fault.name.lower())
def test_every_crash(small_run: SmallRun, fault: Fault) -> None:
    try_all(small_run, fault, steps_to_try(small_run.first.steps, torn=fault is Fault.DIE_IN_THE_MIDDLE_OF_A_WRITE))


@pytest.mark.thorough
def test_steps_are_counted_alike(small_run: SmallRun) -> None:
    small_run.begin_again()
    again = small_run.run()
    assert [step.split()[1] for step in again.steps] == [step.split()[1] for step in small_run.first.steps]

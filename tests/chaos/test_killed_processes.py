"""Any process of a run may be killed in its middle, or stopped: nothing is lost, and soon nothing is left of it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess

import psutil
import pytest
from waiting import wait_for

from benchmarks.leftovers import Leftovers
from benchmarks.members import MEMBERS

from .conftest import BusyWorkspace, wait_for_member

pytestmark = [pytest.mark.slow, pytest.mark.chaos]


@pytest.mark.parametrize("member", MEMBERS)
def test_a_member_is_killed(busy: BusyWorkspace, leftovers: Leftovers, member: str) -> None:
    run, run_id = busy.posing()
    wait_for_member(run, member).kill()
    busy.check_complete(run)
    leftovers.check_none(run_id)


def test_the_driver_is_killed(busy: BusyWorkspace, leftovers: Leftovers) -> None:
    run, run_id = busy.posing()
    run.kill()
    run.communicate()
    leftovers.check_none(run_id)
    busy.check_resumed()


def test_the_next_run_clears_up_when_the_watcher_was_killed_too(busy: BusyWorkspace, leftovers: Leftovers) -> None:
    run, run_id = busy.posing()
    wait_for_member(run, "watcher").kill()
    run.kill()
    run.communicate()
    busy.check_resumed()
    leftovers.check_none(run_id)


def test_a_run_that_was_suspended_goes_on(busy: BusyWorkspace, leftovers: Leftovers) -> None:
    run, run_id = busy.posing()
    members = [psutil.Process(run.pid), *psutil.Process(run.pid).children(recursive=True)]
    for member in members:
        member.suspend()
    with pytest.raises(subprocess.TimeoutExpired):
        run.communicate(timeout=30)
    for member in members:
        member.resume()
    busy.check_complete(run)
    leftovers.check_none(run_id)


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)], ids=str
)
@pytest.mark.parametrize("times", [1, 2])
def test_a_signal(busy: BusyWorkspace, leftovers: Leftovers, number: signal.Signals, code: int, times: int) -> None:
    run, run_id = busy.posing()
    for n_sent in range(times):
        os.kill(run.pid, number)
        if n_sent + 1 < times:
            wait_for(lambda: f"{signal.Signals(number).name}:" in next(run.stdout or iter(())), "the first sentence")
    said, _ = run.communicate()
    assert run.returncode == code, said
    assert "Traceback" not in said
    leftovers.check_none(run_id)
    assert not any(".part" in name for name in busy.bytes_of_results())
    busy.check_resumed()


def test_a_second_run_is_refused_and_harms_nobody(busy: BusyWorkspace, leftovers: Leftovers) -> None:
    run, run_id = busy.posing()
    second = busy.begin("--engine", "inline")
    said, _ = second.communicate()
    assert second.returncode == 75, said
    assert str(run.pid) in said
    busy.check_complete(run)
    leftovers.check_none(run_id)


def test_the_wall_clock_jumps(busy: BusyWorkspace) -> None:
    busy.let_the_clock_jump()
    busy.check_complete(busy.begin())


@pytest.mark.parametrize("what", ["in", "a/output", "a/models", "a"])
def test_a_folder_vanishes(busy: BusyWorkspace, leftovers: Leftovers, what: str) -> None:
    run, run_id = busy.posing()
    shutil.rmtree(busy.folder / what, ignore_errors=True)
    said, _ = run.communicate()
    assert "unexpected error" not in said
    assert "Traceback" not in said
    assert run.returncode in (0, 3, 4), said
    leftovers.check_none(run_id)

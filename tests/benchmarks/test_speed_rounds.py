"""Turns, repetitions, and contenders in processes of their own."""

import subprocess
import sys
import time

import pytest

from benchmarks.harness.machine import TreeWatch, machine
from benchmarks.harness.rounds import Contender, Measured, Patience, run_command, take_turns


def quiet(seconds=1.0, others=0.0):
    return Measured("", "", "", 0, 10, seconds, seconds, seconds, others)


def fed(answers):
    """A contender that measures what it is told to."""
    rest = iter(answers)

    def run():
        answer = next(rest)
        if isinstance(answer, Exception):
            raise answer
        return answer

    return run


def test_contenders_take_turns():
    told = []
    ways = [Contender(name, fed([quiet(), quiet()])) for name in "AB"]
    kept, failures = take_turns(ways, Patience(2), ("models", "a.mp4"), told.append)
    assert [(one.contender, one.turn) for one in kept] == [("A", 0), ("B", 0), ("A", 1), ("B", 1)]
    assert {(one.experiment, one.clip) for one in kept} == {("models", "a.mp4")}
    assert (told, failures) == (kept, {})


def test_a_disturbed_run_is_repeated():
    way = Contender("A", fed([quiet(1.0, 0.9), quiet(2.0, 0.1)]))
    (one,), _ = take_turns([way], Patience(1), ("", ""), id)
    assert (one.wall_s, one.others, one.attempts) == (2.0, 0.1, 2)


def test_when_patience_ends_the_quietest_counts():
    way = Contender("A", fed([quiet(1.0, 0.9), quiet(2.0, 0.4), quiet(3.0, 0.5)]))
    (one,), _ = take_turns([way], Patience(1), ("", ""), id)
    assert (one.wall_s, one.attempts) == (2.0, 3)


def test_one_that_fails_is_told_and_costs_no_other():
    ways = [Contender("A", fed([RuntimeError("why")])), Contender("B", fed([quiet(), quiet()]))]
    kept, failures = take_turns(ways, Patience(2), ("", ""), id)
    assert [one.contender for one in kept] == ["B", "B"]
    assert failures == {"A": "why"}


def test_a_command_is_timed_whole_with_its_children():
    code = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'sum(range(10**7))'])"
    one = run_command([sys.executable, "-c", code], 5)
    assert one.n_frames == 5
    assert one.wall_s == one.whole_s > 0.05
    assert one.cpu_s > 0.05


def test_a_command_that_fails_says_why():
    with pytest.raises(RuntimeError, match=r"ended with 1: .*no such thing"):
        run_command([sys.executable, "-c", "raise SystemExit('no such thing')"], 1)


def test_memory_of_a_tree_is_seen():
    code = "import time; held = bytearray(64 << 20); time.sleep(0.8)"
    one = run_command([sys.executable, "-c", code], 1, memory=True)
    assert 64 << 20 < one.peak_bytes < 128 << 20


def test_a_process_that_ended_is_remembered_as_last_seen():
    code = "import time; until = time.monotonic() + 0.6\nwhile time.monotonic() < until: pass"
    process = subprocess.Popen([sys.executable, "-c", code])
    with TreeWatch(process.pid) as watch:
        process.wait()
        time.sleep(0.3)
    assert watch.cpu_s > 0.1


def test_the_machine_in_words():
    facts = machine()
    assert facts["cores"] >= 1
    assert facts["processor"]

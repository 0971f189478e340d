"""The loop over jobs and pools, on pools that finish units on demand."""

import time
from dataclasses import replace

import pytest
from fake_pools import FakeAdmission, FakeEngine, FakeObserver, FakePool, unit
from hypothesis import given
from hypothesis import strategies as st

from vidpose.engines.scheduler import MAX_TRIES, Concurrency, Scheduler, UnitFailed
from vidpose.engines.stop import StopRequest
from vidpose.errors import OutputError, VidposeError
from vidpose.governor.predict import UnitShape


class Stage:
    """One scheduler with everything around it, and what its jobs came to."""

    def __init__(self, *, capacity=2, fates=None, rule=None, look_ahead=30, n_at_once=1):
        self.pool = FakePool(capacity, fates, n_at_once)
        self.engine = FakeEngine(pose=self.pool, analyse=self.pool, render=self.pool)
        self.admission = FakeAdmission(rule) if rule else FakeAdmission()
        self.observer = FakeObserver()
        self.stop = StopRequest(lambda sentence: None)
        self.look_ahead = look_ahead
        self.ended = {}
        self.n_open = self.most_open = 0

    def job(self, name, *steps):
        """A job of several steps; each is a list of unit names. Its end is kept in ``ended``."""
        self.n_open += 1
        self.most_open = max(self.most_open, self.n_open)
        got = []
        self.ended[name] = "closed"
        try:
            for step in steps:
                values = yield [unit(each, video=name) for each in step]
                got.append([value["made"] for value in values])
            self.ended[name] = got
        except UnitFailed as failed:
            self.ended[name] = failed.failure.kind
        finally:
            self.n_open -= 1

    def run(self, *jobs):
        return self.run_iterator(iter(jobs))

    def run_iterator(self, jobs):
        Scheduler(self.engine, self.admission, self.observer, self.stop, Concurrency(self.look_ahead)).run(jobs)
        return self.ended


# --- the ordinary way ---------------------------------------------------------------------------------------------


def test_a_job_gets_its_values_in_the_order_it_asked():
    stage = Stage(capacity=3)
    ended = stage.run(stage.job("a", ["a1", "a2", "a3"], ["a4"], ["a5", "a6"]))
    assert ended == {"a": [["a1", "a2", "a3"], ["a4"], ["a5", "a6"]]}
    assert stage.pool.started[:3] == ["a1", "a2", "a3"]
    assert all(ends == [(None, True)] for ends in stage.observer.ends.values())


def test_units_start_in_the_order_of_the_jobs():
    stage = Stage(capacity=1)
    stage.run(*(stage.job(name, [f"{name}1", f"{name}2"]) for name in "abc"))
    assert stage.pool.started == ["a1", "a2", "b1", "b2", "c1", "c2"]
    assert stage.observer.started == stage.pool.started


def test_units_of_several_jobs_run_side_by_side():
    stage = Stage(capacity=3)
    stage.run(*(stage.job(name, [f"{name}1"]) for name in "abc"))
    assert stage.pool.beside == [[], ["a1"], ["a1", "b1"]]


@pytest.mark.parametrize("look_ahead", [1, 2, 5])
def test_no_more_jobs_are_open_than_the_look_ahead(look_ahead):
    stage = Stage(capacity=8, look_ahead=look_ahead)
    ended = stage.run(*(stage.job(f"s{k}", [f"{k}.1"], [f"{k}.2"]) for k in range(12)))
    assert stage.most_open == look_ahead
    assert len(ended) == 12
    assert "closed" not in ended.values()


def test_a_job_without_work_ends_at_once_and_starts_no_engine():
    stage = Stage(look_ahead=1)
    assert stage.run(*(stage.job(f"s{k}") for k in range(50))) == {f"s{k}": [] for k in range(50)}
    assert stage.engine.first == []


def test_no_jobs_end_the_run():
    assert Stage().run() == {}


def test_the_engine_is_started_with_the_first_unit():
    stage = Stage(capacity=1)
    stage.run(stage.job("empty"), stage.job("a", ["a1", "a2"]))
    assert stage.engine.first[0] == "a1"


def test_units_wait_while_the_pools_start_however_long(monkeypatch):
    monkeypatch.setattr("vidpose.engines.scheduler.STILL_S", 0.0)
    stage = Stage()
    stage.pool.capacity, stage.engine.is_starting = 0, True

    def start_at_last(engine):
        if stage.observer.n_ticks == 5:
            stage.pool.capacity = 2
        stage.observer.n_ticks += 1

    stage.observer.tick = start_at_last
    assert stage.run(stage.job("a", ["a1"])) == {"a": [["a1"]]}


def test_videos_are_posed_while_the_pool_that_analyses_starts():
    stage = Stage()
    analysts = FakePool(capacity=0)
    stage.engine.by_kind["analyse"], stage.engine.is_starting = analysts, True

    def start_at_last(engine):
        if {"a1", "b1"} <= set(stage.pool.started):
            analysts.capacity = 1

    def job(name):
        yield [unit(f"{name}1")]
        yield [unit(f"{name}2", kind="analyse")]

    stage.observer.tick = start_at_last
    stage.run(job("a"), job("b"))
    assert (stage.pool.started, sorted(analysts.started)) == (["a1", "b1"], ["a2", "b2"])


def test_each_unit_goes_to_the_pool_of_its_kind():
    stage = Stage()
    pools = {kind: FakePool() for kind in ("pose", "analyse", "render")}
    stage.engine.by_kind = pools

    def job():
        yield [unit("p", kind="pose")]
        yield [unit("a", kind="analyse")]
        yield [unit("r", kind="render")]

    stage.run(job())
    assert {kind: pool.started for kind, pool in pools.items()} == {"pose": ["p"], "analyse": ["a"], "render": ["r"]}


# --- memory -------------------------------------------------------------------------------------------------------


def test_a_unit_that_is_not_admitted_waits_and_is_asked_for_again():
    stage = Stage(capacity=4, rule=lambda name, running: len(running) < 2)
    stage.run(stage.job("a", ["a1", "a2", "a3", "a4"]))
    assert max(len(others) for others in stage.pool.beside) == 1
    assert sorted(stage.pool.started) == ["a1", "a2", "a3", "a4"]


def test_a_small_unit_may_pass_a_large_one():
    stage = Stage(capacity=2, rule=lambda name, running: name != "large" or not running)
    stage.run(stage.job("a", ["a1"]), stage.job("b", ["large"]), stage.job("c", ["c1"]))
    assert stage.pool.started == ["a1", "c1", "large"]


# --- the same work twice ------------------------------------------------------------------------------------------


def test_equal_units_of_two_jobs_are_done_once():
    stage = Stage(capacity=1)
    ended = stage.run(stage.job("a", ["same", "a1"]), stage.job("b", ["b1", "same"], ["b2"]))
    assert ended == {"a": [["same", "a1"]], "b": [["b1", "same"], ["b2"]]}
    assert stage.pool.started.count("same") == 1


def test_equal_units_in_one_step_are_done_once():
    stage = Stage()
    assert stage.run(stage.job("a", ["same", "same"])) == {"a": [["same", "same"]]}
    assert stage.pool.started == ["same"]


def test_a_shared_unit_that_fails_fails_all_its_jobs():
    stage = Stage(fates={"same": ["input"]})
    assert stage.run(stage.job("a", ["same"]), stage.job("b", ["same"])) == {"a": "input", "b": "input"}
    assert stage.pool.started == ["same"]


# --- failures -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "n_tries"),
    [("lost", 3), ("memory", 3), ("stalled", 2), ("input", 1), ("bug", 1), ("engine", 5)],
)
def test_how_often_a_unit_is_tried(kind, n_tries):
    stage = Stage(capacity=1, fates={"a1": [kind]})
    ended = stage.run(stage.job("a", ["a1"]), stage.job("b", ["b1"]))
    assert ended == {"a": kind, "b": [["b1"]]}
    assert stage.pool.started.count("a1") == n_tries == MAX_TRIES.get(kind, 1)
    assert stage.observer.ends["a1"] == [(kind, False)] * (n_tries - 1) + [(kind, True)]


@pytest.mark.parametrize("kind", sorted(MAX_TRIES))
def test_the_last_try_is_alone(kind):
    stage = Stage(capacity=3, fates={"bad": [kind]}, look_ahead=2)
    stage.pool.oldest_first = True
    ended = stage.run(stage.job("a", ["bad"]), *(stage.job(f"s{k}", [f"{k}"]) for k in range(8)))
    assert ended["a"] == kind
    assert all(ended[f"s{k}"] == [[f"{k}"]] for k in range(8))
    *earlier, last = [place for place, name in enumerate(stage.pool.started) if name == "bad"]
    assert stage.pool.beside[last] == [], "nothing ran when it started"
    assert all("bad" not in beside for beside in stage.pool.beside[last:]), "nothing started while it ran"
    assert stage.pool.started[last + 1 :] != [], "others were waiting"
    assert all("bad" in stage.pool.beside[place + 1] for place in earlier), "earlier tries were not alone"


def test_a_unit_that_has_to_be_alone_stays_so_when_it_then_fails_of_something_else():
    stage = Stage(capacity=3, fates={"bad": ["lost", "lost", "memory", "lost"]}, look_ahead=2)
    stage.pool.oldest_first = True
    assert stage.run(stage.job("a", ["bad"]), *(stage.job(f"s{k}", [f"{k}"]) for k in range(20)))["a"] == "lost"
    tries = [place for place, name in enumerate(stage.pool.started) if name == "bad"]
    assert len(tries) == 4
    assert [stage.pool.beside[place] for place in tries[2:]] == [[], []]
    assert all("bad" not in beside for beside in stage.pool.beside[tries[2] :])
    assert stage.pool.started[tries[3] + 1 :] != [], "others were waiting"


@pytest.mark.parametrize("n_failures", [1, 2])
def test_a_unit_that_succeeds_in_a_later_try_leaves_no_trace(n_failures):
    stage = Stage(fates={"a1": ["lost"] * n_failures + ["ok"]})
    assert stage.run(stage.job("a", ["a1", "a2"])) == {"a": [["a1", "a2"]]}
    assert stage.observer.ends["a1"] == [("lost", False)] * n_failures + [(None, True)]


def test_a_job_that_catches_a_failure_goes_on():
    stage = Stage(fates={"picture": ["bug"]})
    seen = []

    def job():
        yield [unit("numbers")]
        try:
            yield [unit("picture")]
        except UnitFailed as failed:
            seen.append((failed.failure.kind, failed.message))
        seen.append([value["made"] for value in (yield [unit("report")])])

    stage.run(job())
    assert seen == [("bug", "it was bug"), ["report"]]


def test_the_other_units_of_a_failed_job_are_taken_back():
    stage = Stage(capacity=1, fates={"a1": ["input"]})
    ended = stage.run(stage.job("a", ["a1", "a2", "a3"]), stage.job("b", ["a3", "b1"]))
    assert ended == {"a": "input", "b": [["a3", "b1"]]}
    assert stage.pool.started == ["a1", "a3", "b1"], "a2 is wanted by nobody, a3 by the other job"


def test_a_unit_that_nobody_wants_any_more_is_not_tried_again():
    # both end in one turn, the newest first: when a1 is lost, its job has failed already
    stage = Stage(capacity=2, n_at_once=2, fates={"a1": ["lost"], "a2": ["input"]})
    assert stage.run(stage.job("a", ["a1", "a2"]), stage.job("b", ["b1"])) == {"a": "input", "b": [["b1"]]}
    assert stage.pool.started == ["a1", "a2", "b1"]
    assert stage.observer.ends["a1"] == [("lost", True)]


def test_the_run_does_not_wait_for_units_that_nobody_wants():
    stage = Stage(capacity=2, fates={"a2": ["input"]})
    assert stage.run(stage.job("a", ["a1", "a2"])) == {"a": "input"}
    assert [item.id for item in stage.pool.running] == ["a1"]


def test_a_full_disk_ends_the_run_names_the_folder_and_closes_the_jobs():
    stage = Stage(capacity=1, fates={"b1": ["disk"]})
    with pytest.raises(OutputError, match="results: it was disk; free some space there and run the same command again"):
        stage.run(*(stage.job(name, [f"{name}1"], [f"{name}2"]) for name in "abc"))
    assert stage.ended == {"a": "closed", "b": "closed", "c": "closed"}


# --- stopping -----------------------------------------------------------------------------------------------------


def test_after_a_stop_running_units_end_and_nothing_new_begins():
    stage = Stage(capacity=2, look_ahead=3)
    turns = []

    def stop_in_the_second_turn():
        turns.append(None)
        if len(turns) == 2:
            stage.stop.signal_number = 2

    stage.pool.on_collect = stop_in_the_second_turn
    jobs = [stage.job(f"s{k}", [f"{k}.1"], [f"{k}.2"]) for k in range(6)]
    ended = stage.run(*jobs)
    assert stage.pool.running == []
    assert sorted(stage.observer.ends) == sorted(set(stage.pool.started))
    assert len(stage.pool.started) == 3, "two in the first turn, one in the second, none after"
    assert all(end == "closed" for end in ended.values())
    assert set(ended) == {"s0", "s1", "s2"}, "later jobs were never opened"


def test_a_job_whose_last_unit_ends_after_the_stop_is_complete():
    stage = Stage(capacity=1)
    stage.pool.on_collect = lambda: setattr(stage.stop, "signal_number", 2)
    assert stage.run(stage.job("a", ["a1"]), stage.job("b", ["b1"])) == {"a": [["a1"]], "b": "closed"}


def test_a_unit_lost_after_the_stop_is_not_started_again():
    stage = Stage(capacity=1, fates={"a1": ["lost"]})
    stage.pool.on_collect = lambda: setattr(stage.stop, "signal_number", 2)
    assert stage.run(stage.job("a", ["a1"])) == {"a": "closed"}
    assert stage.pool.started == ["a1"]


def test_a_stop_before_the_first_job_opens_none():
    stage = Stage()
    stage.stop.signal_number = 15
    assert stage.run(stage.job("a", ["a1"])) == {}


def test_when_the_grace_time_is_over_pools_are_told_to_cancel_and_jobs_hear_of_it():
    stage = Stage(capacity=1)
    turns = []

    def second_signal():
        turns.append(None)
        stage.stop.signal_number = 2
        stage.stop._cancel_now()  # what the timer of the grace time calls

    stage.pool.on_collect = second_signal
    assert stage.run(stage.job("a", ["a1"]), stage.job("b", ["b1"])) == {"a": "cancelled", "b": "closed"}
    assert stage.pool.cancelled
    assert stage.observer.ends["a1"] == [("cancelled", True)]


def test_units_that_never_end_are_left_behind_when_the_stop_is_overdue():
    stage = Stage(capacity=1, n_at_once=0)
    stage.stop._grace_s = -100.0

    def signalled():
        stage.stop.signal_number, stage.stop._asked_s = 2, time.monotonic()

    stage.pool.on_collect = signalled
    assert stage.run(stage.job("a", ["a1"])) == {"a": "closed"}


def test_a_stop_is_heard_between_thousands_of_jobs_without_work():
    stage = Stage(look_ahead=4)
    stage.pool.on_collect = lambda: setattr(stage.stop, "signal_number", 2)
    assert len(stage.run_iterator(stage.job(f"s{k}") for k in range(1000))) == 4


# --- jobs that are not known yet -------------------------------------------------------------------------------


def test_units_go_on_while_the_next_job_is_not_known_yet():
    stage = Stage(capacity=1)

    def jobs():
        yield stage.job("a", ["a1"], ["a2"])
        while stage.ended["a"] == "closed":  # as long as a large file is hashed
            yield None
        yield stage.job("b", ["b1"])

    stage.run_iterator(jobs())
    assert stage.ended == {"a": [["a1"], ["a2"]], "b": [["b1"]]}


def test_a_run_whose_units_are_taken_by_nobody_is_given_up(monkeypatch):
    monkeypatch.setattr("vidpose.engines.scheduler.STILL_S", 0.1)
    stage = Stage(capacity=0)  # every process has gone for good
    with pytest.raises(VidposeError, match="no process accepted work"):
        stage.run(stage.job("a", ["a1"]))
    assert stage.ended == {"a": "closed"}


def test_a_unit_that_waits_for_memory_for_too_long_fails_and_the_others_go_on(monkeypatch):
    monkeypatch.setattr("vidpose.engines.scheduler.STILL_S", 0.1)
    stage = Stage(capacity=1, rule=lambda name, running: name != "huge")
    assert stage.run(stage.job("a", ["huge"]), stage.job("b", ["b1"])) == {"a": "memory", "b": [["b1"]]}


# --- whatever happens ---------------------------------------------------------------------------------------------

NAMES = [f"u{k}" for k in range(6)]
fates = st.dictionaries(
    st.sampled_from(NAMES),
    st.lists(st.sampled_from(["ok", "lost", "memory", "stalled", "input", "bug"]), min_size=1, max_size=4),
)
jobs = st.lists(st.lists(st.lists(st.sampled_from(NAMES), min_size=1, max_size=3), max_size=3), min_size=1, max_size=6)


@given(fates, jobs, st.integers(1, 4), st.integers(1, 4), st.integers(1, 3))
def test_every_job_ends_with_its_values_or_a_failure(fates, jobs, capacity, look_ahead, n_at_once):
    stage = Stage(capacity=capacity, fates=fates, look_ahead=look_ahead, n_at_once=n_at_once)
    ended = stage.run(*(stage.job(f"s{k}", *steps) for k, steps in enumerate(jobs)))
    for number, steps in enumerate(jobs):
        end = ended[f"s{number}"]
        assert end == steps or end in {"lost", "memory", "stalled", "input", "bug"}
        names = {name for step in steps for name in step}
        if all(set(fates.get(name, ["ok"])) == {"ok"} for name in names):
            assert end == steps, "a job of good units never suffers from another one"
        if end == steps:
            assert all((None, True) in stage.observer.ends[name] for name in names)


# --- cores --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("n_units", "capacity", "n_cores", "threads"),
    [(1, 4, 4, [4]), (2, 4, 4, [2, 2]), (8, 4, 4, [1] * 8), (3, 1, 2, [2, 2, 2])],
)
def test_a_unit_gets_its_share_of_the_cores(n_units, capacity, n_cores, threads):
    stage = Stage(capacity=capacity)
    shape = UnitShape("pose", 640, 360, "h264", 5)

    def job():
        yield [replace(unit(f"u{number}"), shape=shape) for number in range(n_units)]

    given = []
    submit = stage.pool.submit

    def watched(item):
        given.append(item.n_threads)
        submit(item)

    stage.pool.submit = watched
    Scheduler(stage.engine, stage.admission, stage.observer, stage.stop, Concurrency(30, n_cores)).run(iter([job()]))
    assert given == threads

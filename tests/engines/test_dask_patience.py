"""How long a Dask worker may be silent before it is killed; without a cluster."""

import time
from dataclasses import replace
from types import SimpleNamespace

import pytest
from fake_pools import unit

from vidpose.engines.dask_pose import SILENT_FACTOR, DaskPool, _WorkerUnit
from vidpose.engines.patience import MOST_TIMES, stretched_s


def silent(n_frames, for_s):
    """A unit that told nothing for some seconds, on a process that is gone already."""
    made = replace(unit(f"silent:{n_frames}"), n_frames=n_frames)
    then_s = time.monotonic() - for_s
    return _WorkerUnit(made, None, "nowhere", None, then_s, then_s)


@pytest.fixture(autouse=True)
def quiet_machine(monkeypatch):
    monkeypatch.setattr("os.getloadavg", lambda: (0.5, 0.5, 0.5))


def test_a_busy_machine_is_given_longer_but_not_for_ever(monkeypatch):
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    assert stretched_s(100.0) == 100.0
    for load, times in ((2.0, 1.0), (8.0, 4.0), (900.0, MOST_TIMES)):
        monkeypatch.setattr("os.getloadavg", lambda load=load: (load, 0.0, 0.0))
        assert stretched_s(100.0) == 100.0 * times


@pytest.mark.parametrize(
    ("n_frames", "for_s", "killed_for"),
    [
        (500, 5.0, None),
        (500, 20.0, "stalled"),
        (0, 20.0, None),
        (0, 10.0 * SILENT_FACTOR + 5.0, "stalled"),
    ],
)
def test_joining_a_long_picture_is_given_longer_than_a_unit_that_counts_frames(n_frames, for_s, killed_for):
    pool = DaskPool(1, lambda unit_id, n: None, stall_s=10.0)
    pool._running["it"] = silent(n_frames, for_s)
    pool._kill_stalled()
    assert pool._running["it"].killed_for == killed_for


def test_a_cluster_whose_workers_do_not_come_back_has_broken(monkeypatch):
    pool = DaskPool(1, lambda unit_id, n: None)
    assert pool.collect() == []
    monkeypatch.setattr("vidpose.engines.dask_pose.REPLACE_S", 0.0)
    with pytest.raises(RuntimeError, match="no worker is left"):
        pool.collect()


def test_an_answer_that_is_slow_to_come_is_asked_for_again():
    errors = [UnboundLocalError("result"), TimeoutError()]

    def result(timeout):
        if errors:
            raise errors.pop()
        return "answer"

    pool = DaskPool(1, lambda unit_id, n: None)
    pool._cluster = SimpleNamespace(scheduler=SimpleNamespace(workers={"here": None}))
    future = SimpleNamespace(status="finished", result=result)
    assert pool._answer(_WorkerUnit(unit("a"), future, "here", 1, 0.0, 0.0)) == "answer"

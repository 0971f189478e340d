"""Ray that breaks: a killed part of it costs the unit that ran, never the run."""

import contextlib

import psutil
import pytest
from fake_pools import unit
from waiting import wait_for

from vidpose.engines.ray_biomech import RayPool
from vidpose.engines.reliable_pool import ReliablePool

# Ray leaves open what it shared with a process that was killed.
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")]


@pytest.fixture
def start_pool():
    """Return a function that starts a pool, which is closed at the end."""
    pools = []

    def start(pool=None):
        pools.append(pool or RayPool(1))
        pools[-1].start()
        return pools[-1]

    yield start
    for pool in pools:
        pool.close()


def outcome_of(pool):
    (outcome,) = wait_for(pool.collect, "the unit's outcome")
    return outcome


def answer_of(pool):
    """What a unit comes to that has nothing to do."""
    wait_for(lambda: pool.capacity)
    pool.submit(unit("empty", kind="analyse"))
    return outcome_of(pool)


def process_called(word):
    def is_called(process):
        with contextlib.suppress(psutil.Error):  # it may have ended
            return process.status() != psutil.STATUS_ZOMBIE and (
                word in process.name() or word in " ".join(process.cmdline()[:1])
            )
        return False

    return next(process for process in psutil.Process().children(recursive=True) if is_called(process))


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("part", "busy"),
    [("raylet", True), ("raylet", False), ("gcs_server", False), ("gcs_server", True)],
)
def test_ray_that_lost_a_vital_part_is_started_again(start_pool, request, part, busy):
    def inline():
        raise AssertionError("Ray did not start again")

    pool = start_pool(ReliablePool("Ray", lambda limit_s: RayPool(1, start_limit_s=limit_s), inline, 1, print))
    assert answer_of(pool).failure is None
    if busy:
        hung = process_called("ray::Analyst")
        hung.suspend()
        request.addfinalizer(lambda: hung.is_running() and hung.kill())  # nobody is left who knows it
        pool.submit(unit("a", kind="analyse"))
    victim = process_called(part)
    victim.kill()
    victim.wait()
    if busy:
        assert outcome_of(pool).failure.kind == "engine"
    else:
        wait_for(lambda: pool.collect() or pool.is_starting)
    assert pool.n_running == 0
    assert answer_of(pool).failure is None


@pytest.mark.thorough
def test_an_actor_that_dies_is_replaced(start_pool):
    pool = start_pool()
    assert answer_of(pool).failure is None
    process_called("ray::Analyst").kill()
    kinds = [outcome.failure and outcome.failure.kind for outcome in (answer_of(pool), answer_of(pool))]
    assert kinds[-1] is None
    assert kinds[0] in (None, "lost")


@pytest.mark.thorough
def test_an_actor_that_hangs_is_replaced(start_pool):
    pool = start_pool()
    assert answer_of(pool).failure is None
    process_called("ray::Analyst").suspend()
    pool._stall_s = 2.0
    hung = answer_of(pool)
    assert (hung.failure.kind, hung.failure.finding.code) == ("stalled", "stalled")
    pool._stall_s = 600.0
    assert answer_of(pool).failure is None


@pytest.mark.thorough
def test_a_long_temporary_folder_is_no_obstacle(start_pool, tmp_path, monkeypatch):
    folder = tmp_path / ("long" * 20)
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    assert answer_of(start_pool()).failure is None

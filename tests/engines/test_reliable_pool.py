"""What Dask or Ray may do wrong costs a try, never the run."""

from fake_pools import FakePool, unit
from waiting import wait_for

from vidpose.engines import reliable_pool
from vidpose.engines.reliable_pool import MAX_BREAKS, START_LIMITS_S, ReliablePool


class BreakingPool(FakePool):
    """Raises ``errors[method]`` where there is one."""

    def __init__(self, **errors):
        super().__init__()
        self.errors = errors
        self.closed = False

    def start(self):
        self._raise("start")

    def submit(self, item):
        self._raise("submit")
        super().submit(item)

    def collect(self):
        self._raise("collect")
        return super().collect()

    def idle_pids(self):
        self._raise("idle_pids")
        return [1]

    def close(self):
        self.closed = True

    def _raise(self, method):
        if method in self.errors:
            raise self.errors[method]


class Stage:
    """A reliable pool over pools that are given; remembers what was made and said."""

    def __init__(self, *pools):
        self.pools = list(pools)
        self.limits_s, self.said = [], []
        self.inline = FakePool()
        self.reliable = ReliablePool("Dask", self.make, lambda: self.inline, 2, self.said.append)
        self.reliable.start()
        wait_for(lambda: not self.reliable.is_starting)

    def make(self, limit_s):
        self.limits_s.append(limit_s)
        return self.pools[len(self.limits_s) - 1]

    def outcome_of(self, name):
        wait_for(lambda: self.reliable.capacity)
        self.reliable.submit(unit(name))
        (outcome,) = wait_for(self.reliable.collect)
        return outcome.failure and outcome.failure.kind


def test_a_pool_that_does_not_start_is_given_longer():
    broken = BreakingPool(start=SystemExit(1))
    stage = Stage(broken, BreakingPool())
    assert [low <= given for low, given in zip(START_LIMITS_S, stage.limits_s, strict=True)] == [True, True]
    assert broken.closed
    assert stage.said == []
    assert stage.outcome_of("a") is None


def test_a_pool_that_never_starts_is_replaced_by_this_process_and_the_user_is_told_once():
    stage = Stage(*(BreakingPool(start=RuntimeError("no port\nand a long story")) for _ in START_LIMITS_S))
    assert [stage.outcome_of(name) for name in "ab"] == [None, None]
    assert stage.inline.started == ["a", "b"]
    assert stage.said == ["Dask did not start (no port): its part is done in this process, as with --engine inline"]


def test_a_start_that_hangs_is_given_up(monkeypatch):
    monkeypatch.setattr(reliable_pool, "START_LIMITS_S", (0.05, 0.1))
    hanging = [BreakingPool() for _ in range(2)]
    for pool in hanging:
        pool.start = lambda: wait_for(lambda: stage.said)
    stage = Stage.__new__(Stage)
    stage.said = []
    Stage.__init__(stage, *hanging)
    assert stage.outcome_of("a") is None
    assert all(pool.closed for pool in hanging)


def test_whatever_a_pool_raises_loses_the_units_in_flight_and_starts_another_one():
    for method in ("submit", "collect"):
        broken = BreakingPool(**{method: UnboundLocalError("result")})  # as a cancelled gather of Dask once did
        stage = Stage(broken, BreakingPool())
        assert stage.outcome_of("a") == "engine"
        assert stage.reliable.n_running == 0
        assert stage.outcome_of("a") is None
        assert broken.closed


def test_a_pool_that_breaks_again_and_again_is_replaced_by_this_process():
    stage = Stage(*(BreakingPool(collect=OSError("gone")) for _ in range(MAX_BREAKS)))
    assert [stage.outcome_of("a") for _ in range(MAX_BREAKS + 1)] == ["engine"] * MAX_BREAKS + [None]
    assert len(stage.said) == 1


def test_a_question_that_is_not_answered_breaks_nothing():
    stage = Stage(BreakingPool(idle_pids=KeyError("worker")))
    assert stage.reliable.idle_pids() == []
    assert stage.outcome_of("a") is None


def test_an_answer_that_comes_after_its_unit_was_given_up_does_not_count():
    pool = BreakingPool()
    stage = Stage(pool)
    pool.running.append(unit("of an earlier try"))
    assert stage.reliable.collect() == []


def test_a_pool_that_is_closed_while_it_starts_is_not_started_again():
    stage = Stage(BreakingPool())
    stage.reliable.close()
    stage.reliable._broke(OSError("ended with the run"))
    stage.reliable._starting.join()
    assert (len(stage.limits_s), stage.said) == (1, [])

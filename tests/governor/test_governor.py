"""The governor with a meter fed from a list, a clock set by hand and a limit that is a number."""

import json
import time

import pytest
from waiting import wait_for

from vidpose.governor.governor import Action, Governor, GovernorSettings
from vidpose.governor.limits import MemoryLimit
from vidpose.governor.memory_report import MemoryReport
from vidpose.governor.meter import MemoryReading
from vidpose.governor.sizes import MIB
from vidpose.governor.worker_plan import WorkerPlan

LIMIT = 1000 * MIB
PLAN = WorkerPlan(n_workers=4, fixed_bytes=300 * MIB, unit_bytes=100 * MIB, why="made up")


class Clock:
    now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


class ListMeter:
    """Gives MiB from a list; the last one again and again."""

    def __init__(self, used_mib, per_process=None):
        self.used_mib = list(used_mib)
        self.per_process = per_process or {}
        self.limits_seen = []

    def read(self, now_s, limit_bytes):
        self.limits_seen.append(limit_bytes)
        used_mib = self.used_mib.pop(0) if len(self.used_mib) > 1 else self.used_mib[0]
        return MemoryReading(used_mib * MIB, self.per_process, 0, exact=True, approximate=False)


class FixedLimit:
    def __init__(self, limit_bytes=LIMIT, bound_by="fraction"):
        self.limit_bytes = limit_bytes
        self.bound_by = bound_by
        self.n_reads = 0

    def read(self, own_bytes):
        self.n_reads += 1
        return MemoryLimit(self.limit_bytes, "0.40 of 2.4 GiB RAM", 2500 * MIB, 0.4, self.bound_by)


def governor_of(used_mib, limits=None, per_process=None):
    clock = Clock()
    return Governor(ListMeter(used_mib, per_process), limits or FixedLimit(), PLAN, clock=clock), clock


def feed(governor, clock, n, step_s=0.25):
    for _ in range(n):
        governor.sample()
        clock.now_s += step_s


def test_one_unit_alone_may_fill_the_limit_and_none_is_admitted_above_it():
    governor, clock = governor_of([500])
    assert not governor.admits(1, 0, 0)  # nothing is known before the first sample
    feed(governor, clock, 1)
    assert governor.admits(700 * MIB, 0, 0)  # 300 MiB of 1000 are taken by the rest
    assert not governor.admits(701 * MIB, 0, 0)
    assert not governor.admits(1, 1, 1) or governor.credit > 1


def test_admission_counts_bytes_and_credit():
    governor, clock = governor_of([500])
    feed(governor, clock, 1)
    # 0.85 x 1000 - 300 = 550 MiB for units
    assert governor.admits(250 * MIB, 300 * MIB, 2)
    assert not governor.admits(251 * MIB, 300 * MIB, 2)
    assert not governor.admits(1, 0, 4)  # 4 workers


def test_credit_shrinks_under_load_and_comes_back():
    governor, clock = governor_of([500] + [900] * 9 + [500])
    feed(governor, clock, 1)
    assert (governor.credit, governor.batch_divisor) == (4, 1)
    feed(governor, clock, 9)
    assert (governor.credit, governor.batch_divisor) == (2, 4)
    assert not governor.admits(1, 1, 2)
    feed(governor, clock, 16)
    assert (governor.credit, governor.batch_divisor) == (4, 1)
    history = governor.report().credit_history
    assert [(change.credit, change.batch_divisor) for change in history] == [
        (3, 2), (2, 4), (3, 4), (4, 4), (4, 2), (4, 1)
    ]  # fmt: skip
    assert history[0].at_s == 0.25
    assert history[0].used_share == pytest.approx(0.9)


def test_orders_go_to_the_largest_worker_once():
    governor, clock = governor_of([980], per_process={1: 400, 10: 50, 11: 70, 12: 200, 13: 150})
    feed(governor, clock, 1)
    actions = governor.take_actions(idle_pids=[10, 11], busy_pids=[12, 13])
    assert actions == [Action("recycle", 11, 70), Action("kill", 12, 200)]
    assert governor.take_actions([10], [13]) == []
    report = governor.report()
    assert (report.n_recycles, report.n_kills) == (1, 1)


def test_an_order_waits_for_a_worker_but_not_longer_than_its_cause():
    governor, clock = governor_of([930, 930, 500])
    feed(governor, clock, 2)
    assert governor.take_actions([], [12]) == []
    assert [action.kind for action in governor.take_actions([10], [])] == ["recycle"]
    governor, clock = governor_of([980, 500])
    feed(governor, clock, 2)
    assert governor.take_actions([10], [12]) == []


def test_the_last_unit_survives_when_other_programs_took_the_memory():
    governor, clock = governor_of([980], limits=FixedLimit(bound_by="available"))
    feed(governor, clock, 1)
    assert governor.take_actions([], [12]) == []
    assert [action.kind for action in governor.take_actions([], [12, 13])] == ["kill"]
    own, clock = governor_of([980])
    feed(own, clock, 1)
    assert [action.kind for action in own.take_actions([], [12])] == ["kill"]


def test_the_limit_is_read_anew_every_five_seconds():
    limits = FixedLimit()
    governor, clock = governor_of([600], limits=limits)
    feed(governor, clock, 20)  # 0 to 4.75 s
    assert limits.n_reads == 1
    limits.limit_bytes = 600 * MIB
    feed(governor, clock, 1)
    assert limits.n_reads == 2
    assert governor.limit is not None
    assert governor.limit.limit_bytes == 600 * MIB
    assert governor.credit == 1
    report = governor.report()
    assert (report.limit_bytes, report.lowest_limit_bytes) == (600 * MIB, 600 * MIB)
    assert report.n_samples_over == 0  # 600 of 600 is not over


def test_without_samples_the_governor_turns_careful():
    governor, clock = governor_of([100])
    feed(governor, clock, 1)
    assert governor.credit == 4
    clock.now_s += 5.0
    assert governor.credit == 1
    feed(governor, clock, 1)
    assert governor.credit == 4


def test_report_of_a_known_course():
    used_mib = [500, 750, 820, 860, 930, 1000, 1001, 1100, 999, 500]
    governor, clock = governor_of(used_mib)
    feed(governor, clock, len(used_mib), step_s=0.5)
    report = governor.report()
    assert report.peak_bytes == 1100 * MIB
    assert (report.n_samples, report.n_exact, report.n_stale) == (10, 10, 0)
    assert (report.p50_bytes, report.p95_bytes) == (860 * MIB, 1100 * MIB)
    assert (report.n_samples_over, report.n_excursions) == (2, 1)
    excursion = report.excursions[0]
    assert (excursion.start_s, excursion.duration_s, excursion.peak_bytes) == (3.0, 1.0, 1100 * MIB)
    assert report.seconds_per_band == {
        "calm": 0.5, "hold": 0.5, "halve": 0.5, "shrink": 0.5, "recycle": 0.5, "kill": 2.0
    }  # fmt: skip
    assert report.why == "0.40 of 2.4 GiB RAM"
    assert report.sentence == (
        "memory peak 1.1 GiB of limit 1000 MiB; 2 of 10 samples over in 1 excursions, the longest 1.0 s"
    )
    assert MemoryReport(**{name: getattr(report, name) for name in report.__slots__}) == report
    assert json.loads(json.dumps(report.as_dict()))["excursions"][0]["duration_s"] == 1.0


def test_an_excursion_that_never_ends_is_reported():
    governor, clock = governor_of([1200])
    feed(governor, clock, 5)
    assert governor.report().excursions[0].duration_s == 1.0
    assert governor.report().n_excursions == 1


def test_two_excursions_are_two():
    governor, clock = governor_of([1200, 900, 1200, 900])
    feed(governor, clock, 4)
    assert [excursion.start_s for excursion in governor.report().excursions] == [0.0, 0.5]


def test_no_report_without_a_sample():
    with pytest.raises(RuntimeError, match="no memory sample"):
        governor_of([1])[0].report()


def test_the_thread_samples_until_the_end():
    meter = ListMeter([100], per_process={7: 5})
    settings = GovernorSettings(sample_every_s=0.001)
    with Governor(meter, FixedLimit(), PLAN, settings) as governor:
        wait_for(lambda: len(meter.limits_seen) >= 5, every_s=0.005)
        assert governor.process_bytes == {7: 5}
    n_samples = governor.report().n_samples
    assert n_samples >= 5
    assert meter.limits_seen[:2] == [None, LIMIT]  # the first reading is exact
    time.sleep(0.02)
    assert governor.report().n_samples == n_samples


def test_an_unreadable_system_is_noticed_at_the_start():
    class Broken:
        def read(self, now_s, limit_bytes):
            raise OSError("no /proc")

    with pytest.raises(OSError, match="no /proc"), Governor(Broken(), FixedLimit(), PLAN):
        pass

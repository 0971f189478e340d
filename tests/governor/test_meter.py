"""The meter on a made-up operating system, whose figures are known."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from vidpose.governor.meter import MeterSettings, TreeMeter
from vidpose.governor.readers import ProcessBytes

LIMIT = 10_000


class FakeReader:
    """Processes as plain numbers; ``gone`` are listed but cannot be read any more."""

    approximate = False

    def __init__(self) -> None:
        self.exact: dict[int, ProcessBytes] = {}
        self.quick: dict[int, int] = {}
        self.gone: set[int] = set()
        self.files: dict[tuple[int, int], Path] = {}
        self.error: OSError | None = None
        self.n_exact = 0

    def add(self, pid: int, own_bytes: int, quick_bytes: int, shared_bytes: int = 0) -> None:
        self.exact[pid], self.quick[pid] = ProcessBytes(own_bytes, shared_bytes), quick_bytes

    def tree(self, roots: Iterable[int]) -> frozenset[int]:
        if self.error is not None:
            raise self.error
        return frozenset(self.exact)

    def quick_bytes(self, pid: int) -> int | None:
        return None if pid in self.gone else self.quick[pid]

    def exact_bytes(self, pid: int) -> ProcessBytes | None:
        self.n_exact += 1
        return None if pid in self.gone else self.exact[pid]

    def shared_files(self, pids: Iterable[int]) -> dict[tuple[int, int], Path]:
        return dict(self.files)


@pytest.fixture
def reader() -> FakeReader:
    """A driver (PSS 600, RSS 1000) and a worker (300, 500): one and a half times as much RSS as PSS."""
    fake = FakeReader()
    fake.add(1, 600, 1000)
    fake.add(2, 300, 500)
    return fake


def meter_of(reader: FakeReader, cost_s: float = 0.0) -> TreeMeter:
    ticks = iter(range(10**6))
    return TreeMeter(reader, {1}, cost_clock=lambda: next(ticks) * cost_s)


def test_the_sum_is_own_shares_plus_shared_memory_once(reader):
    reader.add(3, 100, 100, shared_bytes=50)
    reader.add(4, 100, 100, shared_bytes=50)
    reading = meter_of(reader).read(0.0, LIMIT)
    assert reading.used_bytes == 600 + 300 + 100 + 100 + 100
    assert reading.shared_bytes == 100
    assert dict(reading.per_process) == {1: 600, 2: 300, 3: 100, 4: 100}


def test_the_estimate_starts_from_the_last_exact_reading(reader):
    meter = meter_of(reader)
    assert meter.read(0.0, LIMIT).used_bytes == 900
    unchanged = meter.read(0.25, LIMIT)
    assert (unchanged.used_bytes, unchanged.exact) == (900, False)  # not the 1500 of plain RSS
    reader.quick[2] += 70
    assert meter.read(0.5, LIMIT).used_bytes == 970
    reader.quick[2] -= 10_000
    assert meter.read(0.75, LIMIT).per_process[2] == 0  # never below nothing


def test_a_new_process_is_scaled_and_makes_the_next_reading_exact(reader):
    dear = meter_of(reader, cost_s=1.0)  # so dear that it is not repeated at once
    dear.read(0.0, LIMIT)
    reader.add(3, 111, 500)
    estimate = dear.read(0.25, LIMIT)
    assert not estimate.exact
    assert estimate.per_process[3] == 500 * 900 // 1500
    cheap = meter_of(reader)
    cheap.read(0.0, LIMIT)
    reader.add(4, 1, 1)
    assert cheap.read(0.25, LIMIT).exact


def test_exact_readings_come_in_time_and_near_thresholds(reader):
    meter = meter_of(reader)
    meter.read(0.0, LIMIT)
    assert not meter.read(2.9, LIMIT).exact
    assert meter.read(3.0, LIMIT).exact
    assert not meter.read(3.25, limit_bytes=1500).exact  # 0.60, more than a tenth below 0.70
    assert meter.read(3.5, limit_bytes=1400).exact  # 0.64


def test_dear_exact_readings_are_rationed_except_where_a_worker_may_die(reader):
    meter = meter_of(reader, cost_s=0.05)
    meter.read(0.0, LIMIT)
    assert not meter.read(0.25, limit_bytes=1150).exact  # 0.78: due only after 10 x 0.05 s
    assert meter.read(0.5, limit_bytes=1150).exact
    assert meter.read(0.51, limit_bytes=970).exact  # 0.93


def test_a_process_that_vanishes_is_skipped(reader):
    meter = meter_of(reader)
    reader.gone = {2}
    assert meter.read(0.0, LIMIT).used_bytes == 600
    reader.gone = {1, 2}
    assert meter.read(0.25, LIMIT).used_bytes == 0


def test_a_failed_reading_repeats_the_last_one(reader):
    meter = meter_of(reader)
    reader.error = OSError("no /proc")
    with pytest.raises(OSError, match=r"processes \[1\] cannot be read: no /proc"):
        meter.read(0.0, LIMIT)
    reader.error = None
    meter.read(0.25, LIMIT)
    reader.error = OSError("no /proc")
    again = meter.read(0.5, LIMIT)
    assert (again.used_bytes, again.stale, again.exact) == (900, True, False)
    reader.error = None
    assert not meter.read(0.75, LIMIT).stale


def test_a_growing_file_is_seen_by_the_estimate(reader, tmp_path):
    path = tmp_path / "store"
    path.write_bytes(b"\1" * 4096)
    reader.files = {(path.stat().st_dev, path.stat().st_ino): path}
    meter = meter_of(reader)
    before = meter.read(0.0, 10**9)
    with path.open("ab") as stream:
        stream.write(b"\1" * 65536)
        stream.flush()
        after = meter.read(0.25, 10**9)
    assert not after.exact
    grown = path.stat().st_blocks * 512 - before.shared_bytes
    assert after.shared_bytes - before.shared_bytes == grown > 0


def test_a_limit_of_nothing_is_no_division_by_zero(reader):
    meter = meter_of(reader)
    meter.read(0.0, LIMIT)
    assert meter.read(0.25, 0).exact


def test_thresholds_are_those_of_the_policy():
    assert MeterSettings().thresholds == (0.70, 0.80, 0.85, 0.92, 0.97)

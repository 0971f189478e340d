"""Pools, engine, admission and observer without processes: what a unit comes to is written down beforehand."""

from collections import defaultdict
from pathlib import Path
from types import SimpleNamespace

from vidpose.engines.tasks import Unit, UnitFailure, UnitOutcome
from vidpose.types.findings import Finding


def unit(name, *, kind="pose", video="clip.mp4"):
    return Unit(name, kind, task=SimpleNamespace(writes_into=Path("results")), video=video)


def failure(kind):
    return UnitFailure(kind, Finding("failed", f"it was {kind}", "fatal"), "traceback")


class FakePool:
    """Finishes units when it is asked, the newest first, so that order is never kept by accident, or the oldest.

    ``fates`` maps a unit's name to what its tries come to: ``"ok"`` or a kind of failure; the last one repeats.
    ``n_at_once`` is the number of units that end per turn.
    """

    def __init__(self, capacity=2, fates=None, n_at_once=1):
        self.capacity = capacity
        self.fates = {name: list(kinds) for name, kinds in (fates or {}).items()}
        self.n_at_once = n_at_once
        self.started = []
        self.beside = []  # for every start the names of the units that ran already
        self.running = []
        self.cancelled = False
        self.oldest_first = False
        self.on_collect = lambda: None

    @property
    def n_processes(self):
        return self.capacity

    @property
    def n_running(self):
        return len(self.running)

    def submit(self, item):
        assert len(self.running) < self.capacity
        self.beside.append([other.id for other in self.running])
        self.started.append(item.id)
        self.running.append(item)

    def collect(self):
        self.on_collect()
        place = 0 if self.oldest_first else -1
        return [self._end(self.running.pop(place)) for _ in range(min(self.n_at_once, len(self.running)))]

    def cancel(self):
        self.cancelled = True

    def _end(self, item):
        fates = self.fates.get(item.id, ["ok"])
        fate = fates.pop(0) if len(fates) > 1 else fates[0]
        if self.cancelled:
            fate = "cancelled"
        if fate == "ok":
            return UnitOutcome(item, {"made": item.id}, 1.0)
        return UnitOutcome(item, failure(fate), 1.0)


class FakeEngine:
    """Has its pools from the beginning; notes which unit came first."""

    def __init__(self, **by_kind):
        self.by_kind = by_kind
        self.first = []
        self.is_starting = False

    def ensure_started(self, first):
        self.first.append(first[0].id)

    @property
    def pools(self):
        return list({id(pool): pool for pool in self.by_kind.values()}.values())

    def pool(self, kind):
        return self.by_kind[kind]


class FakeAdmission:
    """Admits what ``rule(name, names that run)`` allows."""

    def __init__(self, rule=lambda name, running: True):
        self.rule = rule

    def admits(self, item, running):
        return self.rule(item.id, [other.id for other in running])

    def why_not_now(self, item):
        return f"{item.id} needs more"


class FakeObserver:
    """Remembers every end of a unit: ``ends[name]`` lists ``(kind of failure or None, final)``."""

    def __init__(self):
        self.started = []
        self.ends = defaultdict(list)
        self.n_ticks = 0

    def unit_started(self, item):
        self.started.append(item.id)

    def unit_ended(self, outcome, *, final):
        self.ends[outcome.unit.id].append((outcome.failure.kind if outcome.failure else None, final))

    def tick(self, engine):
        self.n_ticks += 1

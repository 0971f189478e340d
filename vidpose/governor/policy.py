"""What to do at a given use of memory: pure decisions, no clock, no process, no file.

Growing needs calm (below ``grow_below`` several times in a row), shrinking starts higher (``shrink_from``); in between
nothing moves. That gap keeps the number of units from swinging.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from enum import IntEnum
from itertools import pairwise
from typing import Literal


class Band(IntEnum):
    """How full the limit is, from empty to full."""

    CALM = 0
    HOLD = 1
    HALVE = 2
    SHRINK = 3
    RECYCLE = 4
    KILL = 5


@dataclass(frozen=True, slots=True)
class PolicySettings:
    """Thresholds as shares of the limit; the values come from a trial with leaking workers (ours).

    Attributes
    ----------
    grow_below
        Below this for ``calm_samples`` samples one more unit may run.
    halve_from
        From here on the frames held at once by a unit are halved.
    shrink_from
        From here on one unit fewer may run.
    recycle_from
        From here on one unit runs, and the largest idle worker is replaced.
    kill_from
        From here on the largest busy worker is ended.
    calm_samples
        Calm samples in a row that are needed before anything grows.
    act_every_s
        Time that must pass before the same kind of step is taken again, so that its effect can be seen.
    kill_every_s
        The same between two kills, whose effect is seen sooner.
    max_batch_divisor
        The batch is never divided by more.
    """

    grow_below: float = 0.70
    halve_from: float = 0.80
    shrink_from: float = 0.85
    recycle_from: float = 0.92
    kill_from: float = 0.97
    calm_samples: int = 4
    act_every_s: float = 2.0
    kill_every_s: float = 1.0
    max_batch_divisor: int = 16

    def __post_init__(self) -> None:
        if not (self.grow_below > 0.0 and all(low < high for low, high in pairwise(self.thresholds))):
            raise ValueError(f"thresholds: expected increasing shares above 0, got {self.thresholds}")
        if self.kill_from > 1.0:
            raise ValueError(f"kill_from: expected at most 1, got {self.kill_from}")

    @property
    def thresholds(self) -> tuple[float, ...]:
        """The lower bounds of all bands above ``CALM``."""
        return (self.grow_below, self.halve_from, self.shrink_from, self.recycle_from, self.kill_from)


@dataclass(frozen=True, slots=True)
class Observation:
    """What the policy knows.

    Attributes
    ----------
    used_share
        Memory in use over the limit in force; above 1 when it is exceeded.
    limit_is_own
        True when the limit is the user's share, False when other programs leave less than that.
    under_pressure
        True when the machine is short of memory; then at least the steps of ``SHRINK`` are taken.
    """

    used_share: float
    limit_is_own: bool = True
    under_pressure: bool = False


@dataclass(frozen=True, slots=True)
class PolicyState:
    """What the policy remembers; times are seconds of the caller's clock."""

    credit: int
    batch_divisor: int = 1
    n_calm: int = 0
    last_shrink_s: float = -math.inf
    last_halve_s: float = -math.inf
    last_recycle_s: float = -math.inf
    last_kill_s: float = -math.inf


@dataclass(frozen=True, slots=True)
class Decision:
    """A step that an engine has to take on a worker.

    ``spare_last`` is True when the only busy worker must be left alone: other programs took the memory, and killing
    the last unit again and again would blame it for what they did.
    """

    kind: Literal["recycle_idle", "kill_largest"]
    spare_last: bool = False


def band_of(used_share: float, settings: PolicySettings) -> Band:
    """Return the band that a use of memory lies in; a threshold belongs to the band above it."""
    return Band(sum(used_share >= threshold for threshold in settings.thresholds))


def decide(
    state: PolicyState, seen: Observation, now_s: float, n_workers: int, settings: PolicySettings
) -> tuple[PolicyState, tuple[Decision, ...]]:
    """Return the next state and the steps to take.

    Parameters
    ----------
    state
        What was returned last; ``credit`` is the number of units that may run at once, in [1, n_workers].
    seen
        The newest observation.
    now_s
        Time of the observation, never smaller than before.
    n_workers
        Number of workers that were started.
    settings
        Thresholds and pauses.
    """
    band = band_of(seen.used_share, settings)
    if seen.under_pressure:
        band = max(band, Band.SHRINK)
    if band == Band.CALM:
        return _grow(state, n_workers, settings), ()
    state = replace(state, n_calm=0)
    if band >= Band.HALVE:
        state = _halve(state, now_s, settings)
    if band >= Band.SHRINK:
        state = _shrink(state, band, now_s, settings)
    decisions: list[Decision] = []
    if band >= Band.RECYCLE and now_s - state.last_recycle_s >= settings.act_every_s:
        state = replace(state, last_recycle_s=now_s)
        decisions.append(Decision("recycle_idle"))
    if band >= Band.KILL and now_s - state.last_kill_s >= settings.kill_every_s:
        state = replace(state, last_kill_s=now_s)
        decisions.append(Decision("kill_largest", spare_last=not seen.limit_is_own))
    return state, tuple(decisions)


def is_worn(worker_bytes: int, fresh_bytes: int, n_units: int, max_growth: float = 1.5, max_units: int = 200) -> bool:
    """Return True when an idle worker should be replaced by a fresh one (guards against leaks; thresholds ours).

    Parameters
    ----------
    worker_bytes, fresh_bytes
        Memory of the idle worker now, and after its first unit.
    n_units
        Units that it has worked on.
    max_growth, max_units
        Where wear begins.
    """
    return worker_bytes > max_growth * fresh_bytes or n_units > max_units


def _grow(state: PolicyState, n_workers: int, settings: PolicySettings) -> PolicyState:
    """Undo one step after enough calm samples: units first, as they were taken last, then the batch."""
    if state.n_calm + 1 < settings.calm_samples:
        return replace(state, n_calm=state.n_calm + 1)
    if state.credit < n_workers:
        return replace(state, n_calm=0, credit=state.credit + 1)
    return replace(state, n_calm=0, batch_divisor=max(state.batch_divisor // 2, 1))


def _halve(state: PolicyState, now_s: float, settings: PolicySettings) -> PolicyState:
    if now_s - state.last_halve_s < settings.act_every_s or state.batch_divisor >= settings.max_batch_divisor:
        return state
    return replace(state, batch_divisor=state.batch_divisor * 2, last_halve_s=now_s)


def _shrink(state: PolicyState, band: Band, now_s: float, settings: PolicySettings) -> PolicyState:
    if now_s - state.last_shrink_s < settings.act_every_s or state.credit == 1:
        return state
    credit = 1 if band >= Band.RECYCLE else state.credit - 1
    return replace(state, credit=credit, last_shrink_s=now_s)

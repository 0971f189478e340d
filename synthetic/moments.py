"""Moments of a movement that are known exactly: take-offs and landings, foot strikes and toe-offs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol, runtime_checkable

from synthetic.motions import Phase
from vidpose.types.metrics import MetricSide


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment, named as in :class:`vidpose.types.metrics.Event`; ``time_s`` in seconds."""

    name: str
    side: MetricSide
    time_s: float


@runtime_checkable
class Eventful(Protocol):
    """A phase that knows its moments."""

    def moments(self) -> tuple[Moment, ...]:
        """Return the moments in time since the phase began."""


def moments_of(phases: Sequence[Phase], end_s: float) -> tuple[Moment, ...]:
    """Return the moments of phases one after the other, in clip time, up to ``end_s``, in order."""
    found: list[Moment] = []
    start_s = 0.0
    for phase in phases:
        if isinstance(phase, Eventful):
            found += [replace(moment, time_s=moment.time_s + start_s) for moment in phase.moments()]
        start_s += phase.duration_s
    return tuple(sorted((m for m in found if m.time_s <= end_s), key=lambda moment: moment.time_s))

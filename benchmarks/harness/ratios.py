"""From measurements to ratios: round by round, medians and spread per clip, geometric mean over clips. Pure."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.harness.rounds import MAX_OTHERS, Measured

Value = Callable[[Measured], float]


@dataclass(frozen=True, slots=True)
class Spread:
    """Median, least and largest of some numbers."""

    median: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True)
class Ratio:
    """One contender over another.

    Attributes
    ----------
    clips
        Spread over the rounds, per clip.
    overall
        Geometric mean of the clips' medians.
    disturbed
        Clips without a round in which nobody disturbed either contender.
    """

    clips: dict[str, Spread]
    overall: float
    disturbed: tuple[str, ...] = ()


def spread(values: Sequence[float]) -> Spread:
    """Return median, least and largest; at least one value."""
    return Spread(statistics.median(values), min(values), max(values), len(values))


def ratio(measured: Sequence[Measured], over: Sequence[str], under: Sequence[str], value: Value) -> Ratio | None:
    """Compare contenders that took turns.

    Parameters
    ----------
    measured
        Results of one experiment.
    over, under
        Names of contenders; values of several are added up, round by round.
    value
        What is compared.

    Returns
    -------
    Ratio or None
        None when no clip has all contenders. Rounds in which one is missing are left out, and so are rounds in which
        others disturbed one, unless there is no quiet round.
    """
    clips: dict[str, Spread] = {}
    disturbed = []
    wanted = (*over, *under)
    for clip in dict.fromkeys(one.clip for one in measured):
        table = {(one.contender, one.turn): one for one in measured if one.clip == clip}
        turns = [
            turn for turn in sorted({one.turn for one in table.values()}) if all((n, turn) in table for n in wanted)
        ]
        quiet = [turn for turn in turns if all(table[name, turn].others <= MAX_OTHERS for name in wanted)]
        if turns:
            ratios = [_total(table, over, turn, value) / _total(table, under, turn, value) for turn in quiet or turns]
            clips[clip] = spread(ratios)
            disturbed += [] if quiet else [clip]
    if not clips:
        return None
    return Ratio(clips, geometric_mean([one.median for one in clips.values()]), tuple(disturbed))


def _total(table: Mapping[tuple[str, int], Measured], names: Sequence[str], turn: int, value: Value) -> float:
    return sum(value(table[name, turn]) for name in names)


def geometric_mean(values: Sequence[float]) -> float:
    """Return the mean that treats twice as fast and half as fast alike."""
    return math.exp(statistics.fmean(math.log(value) for value in values))

"""Detects walking and running: feet put down in alternation, one ahead of the pelvis while the other is behind it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from vidpose.biomech.gait.legs import LegRun
from vidpose.biomech.gait.standing_foot import stands_after
from vidpose.biomech.gaps import contiguous_runs
from vidpose.types.arrays import FloatArray, IntArray

_UNCLEAR: Final = 0.15
"""Correlation between the pelvis' height and the feet's distance that says nothing (ours; walkers and runners have
0.7 and more)."""


@dataclass(frozen=True, slots=True)
class GaitSettings:
    """What counts as gait.

    Attributes
    ----------
    min_strikes
        Fewest foot strikes in a row. Ours: two strides are the least that repeats.
    min_step_s, max_step_s
        Time between the strikes of the two feet, s: 300 (sprint) to 55 steps per minute. Ours; slower alternation is
        an exercise (lunges).
    max_step_ratio
        Longest against median step time within a bout. Ours.
    min_ahead_bh, min_behind_bh
        How far before the pelvis a foot must be put, and how far behind it the other ankle must be then, body
        heights. Ours: a slow short step is 0.25 long; marching on the spot and kicks leave the other foot below.
    min_swing_bh
        Prominence of the foot's forward and backward turning points, body heights (ours).
    lift_bh
        Height over the floor above which a running foot is in the air, body heights. 6 cm of 1.75 m, as Pose2Sim's
        ``trc_gaitevents`` has it.
    walk_cadence_hz
        Steps per second below which it is walking where the pelvis does not tell (ours: 150 per minute).
    """

    min_strikes: int = 4
    min_step_s: float = 0.2
    max_step_s: float = 1.1
    max_step_ratio: float = 1.7
    min_ahead_bh: float = 0.03
    min_behind_bh: float = 0.06
    min_swing_bh: float = 0.08
    lift_bh: float = 0.035
    walk_cadence_hz: float = 2.5

    def __post_init__(self) -> None:
        if self.min_strikes < 2:
            raise ValueError(f"min_strikes: expected at least 2, got {self.min_strikes}")
        if not 0 < self.min_step_s < self.max_step_s:
            raise ValueError(f"min_step_s: expected above 0 and below {self.max_step_s}, got {self.min_step_s}")
        if not self.max_step_ratio > 1:
            raise ValueError(f"max_step_ratio: expected above 1, got {self.max_step_ratio}")
        for name in ("min_ahead_bh", "min_behind_bh", "min_swing_bh", "lift_bh", "walk_cadence_hz"):
            if not getattr(self, name) > 0:
                raise ValueError(f"{name}: expected above 0, got {getattr(self, name)}")

    @property
    def min_duration_s(self) -> float:
        """Shortest run that can hold enough strikes, s."""
        return self.min_strikes * self.min_step_s


@dataclass(frozen=True, slots=True)
class Bout:
    """A chain of steps.

    ``reach_s`` are the times at which a heel is farthest ahead of the pelvis, shape (k,), ``foot`` the foot of each
    (0 left, 1 right, by turns), ``running`` whether there is a flight between the steps.
    """

    run: LegRun
    reach_s: FloatArray
    foot: IntArray
    running: bool

    @property
    def step_s(self) -> float:
        """Median time of a step, s."""
        return float(np.median(np.diff(self.reach_s)))


def find_bouts(run: LegRun, settings: GaitSettings) -> list[Bout]:
    """Return the bouts of gait in a run, in order of time; empty for any other movement.

    Who walks backward puts the feet behind the pelvis. That looks the same with the way ahead reversed, so both ways
    are tried, and the one with more steps on standing feet counts.
    """
    ways = [_bouts_one_way(way, settings) for way in (run, run.turned())]
    return max(ways, key=lambda bouts: sum(len(bout.reach_s) for bout in bouts))  # the first of equals: forward


def _bouts_one_way(run: LegRun, settings: GaitSettings) -> list[Bout]:
    times, feet = _reaches(run, settings)
    stands = stands_after(run, times, feet, settings.max_step_s)
    times, feet = times[stands], feet[stands]
    return [
        Bout(run, times[chain], feet[chain], _is_running(run, times[chain], settings))
        for chain in _chains(times, feet, settings)
    ]


def turning_points(values: FloatArray, times_s: FloatArray, prominence: float) -> FloatArray:
    """Return the times of the maxima of a series, between frames, by a parabola through the three samples there.

    Parameters
    ----------
    values
        Shape (n,); NaN is missing, and no maximum is found beside it.
    times_s
        Seconds, shape (n,).
    prominence
        Least height over the surroundings.
    """
    from scipy.signal import find_peaks

    found: list[FloatArray] = []
    known = np.isfinite(values)
    for part in contiguous_runs(known, np.zeros(len(values), dtype=np.int64)):
        peaks, _ = find_peaks(values[part], prominence=prominence)
        found.append(_vertices(values, times_s, peaks + part.start))
    return np.concatenate(found) if found else np.empty(0)


def _vertices(values: FloatArray, times_s: FloatArray, peaks: IntArray) -> FloatArray:
    before, after = times_s[peaks] - times_s[peaks - 1], times_s[peaks + 1] - times_s[peaks]
    rising = (values[peaks] - values[peaks - 1]) / before
    falling = (values[peaks] - values[peaks + 1]) / after
    steep = rising + falling
    # where the slope, known half-way between the frames, passes zero
    slope_s = (before + after) / 2 * np.divide(rising, steep, out=np.full(len(peaks), 0.5), where=steep > 0)
    vertex_s: FloatArray = times_s[peaks] - before / 2 + slope_s
    return vertex_s


def _reaches(run: LegRun, settings: GaitSettings) -> tuple[FloatArray, IntArray]:
    """Return when a heel is farthest ahead while the other foot is behind, and whose heel, in order of time."""
    times: list[FloatArray] = []
    feet: list[IntArray] = []
    for foot in range(2):
        at_s = turning_points(run.heel[:, foot], run.times_s, settings.min_swing_bh)
        own = np.interp(at_s, run.times_s, run.ankle[:, foot])
        other = np.interp(at_s, run.times_s, run.ankle[:, 1 - foot])
        stride = (own >= settings.min_ahead_bh) & (other <= -settings.min_behind_bh)  # False for NaN
        times.append(at_s[stride])
        feet.append(np.full(int(stride.sum()), foot, dtype=np.int64))
    order = np.argsort(np.concatenate(times), kind="stable")
    return np.concatenate(times)[order], np.concatenate(feet)[order]


def _chains(times_s: FloatArray, feet: IntArray, settings: GaitSettings) -> list[slice]:
    """Return the stretches of strikes that come by turns at an even enough pace."""
    steps_s = np.diff(times_s)
    linked = (np.diff(feet) != 0) & (steps_s >= settings.min_step_s) & (steps_s <= settings.max_step_s)
    chains: list[slice] = []
    for part in contiguous_runs(linked, np.zeros(len(linked), dtype=np.int64)):
        even = steps_s[part] <= settings.max_step_ratio * np.median(steps_s[part])
        chains += [
            slice(part.start + inner.start, part.start + inner.stop + 1)
            for inner in contiguous_runs(even, np.zeros(len(even), dtype=np.int64))
        ]
    return [chain for chain in chains if chain.stop - chain.start >= settings.min_strikes]


def _is_running(run: LegRun, reach_s: FloatArray, settings: GaitSettings) -> bool:
    """Return whether the pelvis is high while the feet are far apart (flight) instead of low (both feet down).

    A walker's body is lowest when both feet are on the floor, a runner's highest between two contacts: the inverted
    pendulum and the bouncing ball of Cavagna, Heglund & Taylor (1977). The correlation as a test is ours.
    """
    inside = slice(*np.searchsorted(run.times_s, reach_s[[0, -1]]))
    apart, height = np.abs(run.ankle[inside, 0] - run.ankle[inside, 1]), run.pelvis[inside, 1]
    known = np.isfinite(apart) & np.isfinite(height)
    apart, height = apart[known], height[known]
    cadence_hz = (len(reach_s) - 1) / float(reach_s[-1] - reach_s[0])
    if len(apart) < 3 or np.ptp(apart) == 0 or np.ptp(height) == 0:
        return cadence_hz > settings.walk_cadence_hz
    step = np.clip(np.searchsorted(reach_s, run.times_s[inside][known], side="right"), 1, len(reach_s) - 1)
    apart, height = _centred(apart, step), _centred(height, step)  # the body may come nearer meanwhile
    together = float(np.sum(apart * height) / np.sqrt(np.sum(apart**2) * np.sum(height**2)))
    if abs(together) < _UNCLEAR:
        return cadence_hz > settings.walk_cadence_hz
    return together > 0


def _centred(values: FloatArray, group: IntArray) -> FloatArray:
    """Return the values less the mean of their group."""
    counts = np.maximum(np.bincount(group), 1)
    centred: FloatArray = values - (np.bincount(group, weights=values) / counts)[group]
    return centred

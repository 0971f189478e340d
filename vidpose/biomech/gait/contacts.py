"""When each foot meets the floor and leaves it, between frames."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from vidpose.biomech.gait.bouts import Bout, GaitSettings
from vidpose.types.arrays import FloatArray, IntArray

_HALF_STOPPED: Final = 0.5
"""Share of the floor's speed at which a foot counts as standing.

Ours: smoothing without lag spreads a sudden stop evenly to both sides, so half-way is when it happened. Zeni's turning
point itself is when the foot is as fast as the pelvis, some 0.03 s before the strike and after the toe-off.
"""
_REFINED_SHARE: Final = 0.4  # of a step time that the refined moment may be away from the turning point (ours)


@dataclass(frozen=True, slots=True)
class Contacts:
    """The contacts of a bout, one per foot strike.

    Attributes
    ----------
    bout
        Where they were found.
    strike_s, off_s
        When the foot meets the floor and when it leaves it, s, shape (k,); ``off_s`` is NaN where it was not seen.
    first_off_s
        When the second strike's foot left the floor for its swing to there, s; NaN when it was not seen.
    place
        Where the foot stood, forward from the picture's corner, body heights, shape (k,); NaN when it was not seen.
    floor_speed
        Speed of the floor against the pelvis, body heights per second; NaN when unknown.
    """

    bout: Bout
    strike_s: FloatArray
    off_s: FloatArray
    first_off_s: float
    place: FloatArray
    floor_speed: float

    @property
    def beat_s(self) -> FloatArray:
        """The moment of every step that the rhythm is taken from, s, shape (k,).

        Walking: the strike. Running: the heel's farthest point ahead, which is smoother than the strike.
        """
        return self.bout.reach_s if self.bout.running else self.strike_s

    @property
    def foot(self) -> IntArray:
        """Foot of every strike, 0 left, 1 right, shape (k,)."""
        return self.bout.foot


def find_contacts(bout: Bout, settings: GaitSettings) -> Contacts:
    """Return strikes and toe-offs of a bout.

    Walking: the heel's farthest point ahead of the pelvis and the toe's farthest behind it (Zeni, Richards &
    Higginson 2008), each moved to where the foot has half the floor's speed. Running, for which that is unsuitable:
    the foot's height over where it stands, and the same speed. A moment that cannot be refined stays the turning point.
    """
    speed, place = _floor(bout)
    find = _running_contact if bout.running else _walking_contact
    moments = [
        find(bout, int(foot), float(at_s), speed, settings) for foot, at_s in zip(bout.foot, bout.reach_s, strict=True)
    ]
    strike_s, off_s = np.array(moments).T
    first_off_s = find(bout, int(bout.foot[1]), float(bout.reach_s[0] - bout.step_s), speed, settings)[1]
    ordered = np.maximum.accumulate(strike_s) == strike_s
    if not bool(ordered.all()) or bool((np.diff(strike_s) <= 0).any()):
        strike_s = bout.reach_s  # a refinement that changes the order of steps is none
    off_s = np.where(off_s > strike_s, off_s, np.nan)
    if not strike_s[0] < first_off_s < strike_s[1] and not bout.running:
        first_off_s = float("nan")
    return Contacts(bout, strike_s, off_s, first_off_s, place, speed)


def _floor(bout: Bout) -> tuple[float, FloatArray]:
    """Return the floor's speed against the pelvis, and where every foot stood."""
    run, ends_s = bout.run, np.append(bout.reach_s, bout.reach_s[-1] + bout.step_s)
    speeds, places = np.full(len(bout.reach_s), np.nan), np.full(len(bout.reach_s), np.nan)
    for k, (start_s, step_s) in enumerate(zip(bout.reach_s, np.diff(ends_s), strict=True)):
        # the foot stands during most of the other one's swing, whatever the speed
        first, stop = np.searchsorted(run.times_s, (start_s + 0.35 * step_s, start_s + 0.85 * step_s))
        ankle, times_s = run.ankle[first:stop, bout.foot[k]], run.times_s[first:stop]
        if stop - first >= 2 and np.isfinite(ankle).all():
            speeds[k] = -(ankle[-1] - ankle[0]) / (times_s[-1] - times_s[0])
            places[k] = np.median(ankle + run.pelvis[first:stop, 0])
    known = speeds[np.isfinite(speeds)]
    return (float(np.median(known)) if len(known) else float("nan")), places


def _walking_contact(
    bout: Bout, foot: int, reach_s: float, floor_speed: float, settings: GaitSettings
) -> tuple[float, float]:
    run, step_s = bout.run, bout.step_s
    level, slack_s = -_HALF_STOPPED * floor_speed, _REFINED_SHARE * step_s
    refined = _crossings(run.times_s, run.heel[:, foot], level, reach_s, reach_s + slack_s, rising=False)
    strike_s = refined[0] if len(refined) else reach_s
    # the other foot's strike comes before the toe-off, the foot's own next reach after it
    first, stop = np.searchsorted(run.times_s, (reach_s + step_s, reach_s + 1.9 * step_s))
    # a foot that stands still after the last step has no toe-off, only noise
    behind = run.ankle[first:stop, foot] <= -settings.min_behind_bh
    toe = np.where(behind & np.isfinite(run.toe[first:stop, foot]), run.toe[first:stop, foot], np.inf)
    lowest = int(np.argmin(toe)) if len(toe) else 0
    if not 0 < lowest < len(toe) - 1 or not np.isfinite(toe[lowest]):
        return strike_s, float("nan")  # no turning point inside
    turn_s = float(run.times_s[first + lowest])
    refined = _crossings(run.times_s, run.toe[:, foot], level, turn_s - slack_s, turn_s + run.period_s, rising=True)
    return strike_s, refined[-1] if len(refined) else turn_s


def _running_contact(
    bout: Bout, foot: int, reach_s: float, floor_speed: float, settings: GaitSettings
) -> tuple[float, float]:
    run, step_s = bout.run, bout.step_s
    first, stop = np.searchsorted(run.times_s, (reach_s - 0.3 * step_s, reach_s + 1.3 * step_s))
    times_s, low = run.times_s[first:stop], run.low[first:stop, foot]
    standing = (times_s > reach_s) & (times_s < reach_s + step_s) & np.isfinite(low)
    if not standing.any():
        return reach_s, float("nan")
    lowest = int(np.argmin(np.where(standing, low, np.inf)))
    above = low - low[lowest] - settings.lift_bh
    before = np.flatnonzero(above[:lowest] > 0)
    after = np.flatnonzero(above[lowest:] > 0) + lowest
    strike_s = _crossed(times_s, above, int(before[-1])) if len(before) else reach_s
    off_s = _crossed(times_s, above, int(after[0]) - 1) if len(after) else float("nan")
    # near the floor, but not on it before the foot has slowed down to the floor's speed, nor after it has left it
    level, middle = -_HALF_STOPPED * floor_speed, (run.heel[:, foot] + run.toe[:, foot]) / 2
    slack_s = _REFINED_SHARE * step_s
    slowed = _first_slow(run.times_s, middle, level, (strike_s, strike_s + slack_s))
    leaving = _last_slow(run.times_s, run.toe[:, foot], level, (reach_s + 0.3 * step_s, off_s))
    return (strike_s if slowed is None else slowed), (off_s if leaving is None else leaving)


def _first_slow(times_s: FloatArray, place: FloatArray, level: float, span_s: tuple[float, float]) -> float | None:
    """Return when a foot that is too fast at first has slowed down to ``level``; None when it is slow at once."""
    falls = _crossings(times_s, place, level, *span_s, rising=False)
    rises = _crossings(times_s, place, level, *span_s, rising=True)
    return falls[0] if falls and (not rises or falls[0] < rises[0]) else None


def _last_slow(times_s: FloatArray, place: FloatArray, level: float, span_s: tuple[float, float]) -> float | None:
    """Return when a foot that is too fast in the end leaves ``level``; None when it is slow to the end."""
    falls = _crossings(times_s, place, level, *span_s, rising=False)
    rises = _crossings(times_s, place, level, *span_s, rising=True)
    return rises[-1] if rises and (not falls or rises[-1] > falls[-1]) else None


def _crossed(times_s: FloatArray, values: FloatArray, k: int) -> float:
    """Return when a line through the samples ``k`` and ``k + 1`` passes zero; NaN beside missing samples."""
    share = values[k] / (values[k] - values[k + 1])
    return float(times_s[k] + share * (times_s[k + 1] - times_s[k]))


def _crossings(
    times_s: FloatArray, place: FloatArray, speed: float, start_s: float, end_s: float, *, rising: bool
) -> list[float]:
    """Return when the speed of ``place`` passes ``speed`` in a span of time, in order."""
    first, stop = np.searchsorted(times_s, (start_s, end_s))
    first, stop = max(int(first) - 2, 0), min(int(stop) + 2, len(times_s))
    if stop - first < 3:
        return []
    sign = 1.0 if rising else -1.0
    excess = sign * (np.gradient(place[first:stop], times_s[first:stop]) - speed)
    with np.errstate(invalid="ignore"):
        passed = (excess[:-1] < 0) & (excess[1:] >= 0)
    moments = [_crossed(times_s[first:stop], excess, int(k)) for k in np.flatnonzero(passed)]
    return [moment for moment in moments if start_s <= moment <= end_s]


def stance_frames(contacts: Contacts, until: float) -> list[tuple[int, slice]]:
    """Return number of the strike and frames of the run from each strike to ``until`` of the contact (share)."""
    times_s = contacts.bout.run.times_s
    spans: list[tuple[int, slice]] = []
    for k in np.flatnonzero(np.isfinite(contacts.off_s)):
        end_s = contacts.strike_s[k] + until * (contacts.off_s[k] - contacts.strike_s[k])
        first, stop = np.searchsorted(times_s, (contacts.strike_s[k], end_s), side="left")
        spans.append((int(k), slice(int(first), int(stop))))
    return spans

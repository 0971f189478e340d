"""Evidence that a foot stands after its strike: it is the lower of the two, and the body passes over it.

Without it, a turning point of a foot in mid-swing, or of a foot that is seen wrongly, would count as a strike.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from vidpose.biomech.gait.legs import LegRun
from vidpose.types.arrays import BoolArray, FloatArray, IntArray

_PASSING: Final = (0.25, 0.75)
"""Share of a step in which the foot that has struck goes back against the pelvis (ours)."""
_STANCE: Final = (0.2, 0.5)
"""Share of a step in which the foot that has struck is the lower one (ours): before it a walker has both feet down,
after it a sprinter none."""
_FLOOR_QUANTILE: Final = 0.1  # of a foot's heights nearby: where it stands (ours)
_FLOOR_WINDOW_S: Final = 1.5  # before and after, s (ours): a stride on either side
_MIN_WAY_BH: Final = 0.03  # that it goes back meanwhile, body heights (ours)


def stands_after(run: LegRun, times_s: FloatArray, feet: IntArray, max_step_s: float) -> BoolArray:
    """Return for every time that a foot is farthest ahead whether it stands until the other one is, shape (k,).

    The last ones, after which the other foot is not seen to come ahead, are taken as standing.

    Parameters
    ----------
    run
        The legs.
    times_s
        When a foot is farthest ahead, s, in order, shape (k,).
    feet
        Whose foot, 0 left, 1 right, shape (k,).
    max_step_s
        Longest step, s.
    """
    stands = np.ones(len(times_s), dtype=bool)
    for k, (time_s, foot) in enumerate(zip(times_s.tolist(), feet.tolist(), strict=True)):
        following = times_s[k + 1 :][feet[k + 1 :] != foot]
        if len(following) and following[0] - time_s <= max_step_s:
            stands[k] = _stands(run, foot, time_s, float(following[0] - time_s))
    return stands


def _stands(run: LegRun, foot: int, time_s: float, step_s: float) -> bool:
    passing, stance = (
        slice(*np.searchsorted(run.times_s, (time_s + share[0] * step_s, time_s + share[1] * step_s)))
        for share in (_PASSING, _STANCE)
    )
    if min(passing.stop - passing.start - 1, stance.stop - stance.start) < 1:
        return True  # too few frames to tell
    back = run.ankle[passing.start, foot] - run.ankle[passing.stop - 1, foot]
    lift = np.mean(run.height[stance], axis=0) - _floor_near(run, time_s)
    return not (back < _MIN_WAY_BH or lift[foot] > lift[1 - foot])  # True for NaN


def _floor_near(run: LegRun, time_s: float) -> FloatArray:
    """Return the height at which each foot stands around a time, shape (2,)."""
    first, stop = np.searchsorted(run.times_s, (time_s - _FLOOR_WINDOW_S, time_s + _FLOOR_WINDOW_S))
    floor: FloatArray = np.quantile(run.height[first:stop], _FLOOR_QUANTILE, axis=0)
    return floor

"""How alike two people look, and who of two groups is most likely who.

A look is a list of histograms of colours, :data:`LOOK_PARTS` parts of equal length: torso, then legs. A part that could
not be seen is all zero and is left out of the comparison. Parts are compared by the Hellinger distance (E. Hellinger,
J. reine angew. Math. 136, 1909): 0 for equal histograms, 1 for those that share nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from scipy.optimize import linear_sum_assignment

from vidpose.types.arrays import FloatArray

LOOK_PARTS: Final = 2
_UNLIKELY: Final = 1e6  # stands for pairs that are out of the question; any number far above every real cost does


def look_distance(first: Sequence[float] | FloatArray, second: Sequence[float] | FloatArray) -> float:
    """Return how different two looks are, 0 to 1; NaN when they have no part in common.

    Parameters
    ----------
    first, second
        Looks of the same layout, see this module; empty when not known. Values are not negative, of any sum.
    """
    if not len(first) or len(first) != len(second):
        return float("nan")
    a = np.asarray(first, dtype=np.float64).reshape(LOOK_PARTS, -1)
    b = np.asarray(second, dtype=np.float64).reshape(LOOK_PARTS, -1)
    norm = np.sqrt(a.sum(axis=1) * b.sum(axis=1))
    known = norm > 0
    if not known.any():
        return float("nan")
    affinity = float(np.mean(np.sqrt(a * b).sum(axis=1)[known] / norm[known]))
    return float(np.sqrt(max(0.0, 1.0 - affinity)))


def assign(costs: FloatArray, max_cost: float) -> list[tuple[int, int]]:
    """Return pairs (row, column): as many as can be, with the least sum of costs, none above ``max_cost``.

    ``costs`` has shape (rows, columns); NaN marks pairs that are out of the question.
    """
    if not costs.size:
        return []
    possible = costs <= max_cost  # False for NaN
    rows, columns = linear_sum_assignment(np.where(possible, costs, _UNLIKELY))
    return [(int(row), int(column)) for row, column in zip(rows, columns, strict=True) if possible[row, column]]

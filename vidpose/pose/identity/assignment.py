"""Optimal assignment of one group to another, for example of people detected to people known."""

from __future__ import annotations

from typing import Final

import numpy as np

from vidpose.types.arrays import FloatArray

_IMPOSSIBLE: Final = 1e6  # stands for pairs that are ruled out; any number far above every real cost does


def assign(costs: FloatArray, max_cost: float) -> list[tuple[int, int]]:
    """Return pairs (row, column): as many as possible, at the least total cost, none above ``max_cost``.

    ``costs`` has shape (rows, columns); NaN marks pairs that are ruled out.
    """
    from scipy.optimize import linear_sum_assignment

    if not costs.size:
        return []
    possible = costs <= max_cost  # False for NaN
    rows, columns = linear_sum_assignment(np.where(possible, costs, _IMPOSSIBLE))
    return [(int(row), int(column)) for row, column in zip(rows, columns, strict=True) if possible[row, column]]

"""Which values may be stated."""

from __future__ import annotations

import math
from typing import Final

from vidpose.biomech.metrics.row import MetricRow, Unit
from vidpose.corpus.settings.dataset import FactSettings

_MAGNITUDES: Final[frozenset[Unit]] = frozenset({"s", "m", "m/s", "1/s", "body_heights", "body_heights/s"})
"""Units of amounts, which say nothing when they may as well be 0; an angle, a share or a score of 0 says something."""


def gate(row: MetricRow, value: float, uncertainty: float, n: int, settings: FactSettings) -> str:
    """Return why a measured value may not be stated; empty when it may.

    Parameters
    ----------
    row
        What the dictionary says of the metric.
    value, uncertainty
        In the shown unit; an unknown uncertainty is NaN.
    n
        Samples behind it.
    settings
        Limits.
    """
    if not math.isfinite(value):
        return "undefined"
    if n < settings.min_n:
        return "no_data"
    if row.unit in _MAGNITUDES and uncertainty > settings.max_relative_uncertainty * abs(value):
        return "below_noise"
    return ""

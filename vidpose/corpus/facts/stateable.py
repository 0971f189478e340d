"""Which values may be stated."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from vidpose.biomech.metrics.row import MetricRow, Unit

_MAGNITUDES: Final[frozenset[Unit]] = frozenset({"s", "m", "m/s", "1/s", "body_heights", "body_heights/s"})
"""Units of amounts, which say nothing when they may as well be 0; an angle, a share or a score of 0 says something."""


@dataclass(frozen=True, slots=True)
class FactSettings:
    """What becomes a fact.

    Attributes
    ----------
    athletes
        Video -> athlete. A video is named by its SHA-256 (at least its first 16 digits), or by its path relative to
        the input folder; :func:`vidpose.corpus.facts.read_facts.read_assignment` reads a CSV file. Facts carry a hash.
    exercises
        Video -> exercise, likewise; videos of one exercise are compared even when their athletes differ.
    min_n
        Fewest samples, events or cycles behind a value.
    max_relative_uncertainty
        Largest uncertainty of an amount (time, length, speed, frequency) as a share of it. Ours: at 1 the interval
        reaches 0, and the number carries no information.
    min_extreme_frames
        Fewest measured frames behind the extremes of an angle. Ours: half a second at 30 frames per second.
    min_extreme_share
        Least share of an angle's frames that must be measured, else its extreme may have been missed. Ours.
    max_pairs
        Most pairs of videos that are compared per athlete or exercise; neighbours in the order of their hashes.
    max_rows
        Most rows of one table; a larger one is refused instead of filling the memory.
    """

    athletes: Mapping[str, str] = field(default_factory=dict)
    exercises: Mapping[str, str] = field(default_factory=dict)
    min_n: int = 1
    max_relative_uncertainty: float = 1.0
    min_extreme_frames: int = 15
    min_extreme_share: float = 0.5
    max_pairs: int = 20
    max_rows: int = 50_000_000

    def __post_init__(self) -> None:
        for name in ("min_n", "min_extreme_frames", "max_rows"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name}: expected at least 1, got {getattr(self, name)}")
        if self.max_pairs < 0:
            raise ValueError(f"max_pairs: expected at least 0, got {self.max_pairs}")
        if not 0.0 < self.max_relative_uncertainty <= 10.0:
            raise ValueError(f"max_relative_uncertainty: expected 0 to 10, got {self.max_relative_uncertainty}")
        if not 0.0 <= self.min_extreme_share <= 1.0:
            raise ValueError(f"min_extreme_share: expected 0 to 1, got {self.min_extreme_share}")


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

"""How a gait metric follows from one sample per step: the statistic, and what the recording must show."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np

from vidpose.biomech.gait.legs import FEET
from vidpose.biomech.gait.samples import BoutSteps, Samples, is_oblique, step_times, travels
from vidpose.biomech.metrics.metric import Metric, Outcome
from vidpose.types.arrays import FloatArray
from vidpose.types.metrics import MetricSide

RUNNING_CONTACT_RATE_HZ: Final = 50.0
"""Ours: a runner's contact of 0.2 s then has ten frames; GaitLab calls it approximate below 120."""
_MIN_FOR_MEAN: Final = 2  # ours
_MIN_FOR_RHYTHM: Final = 3  # ours
_MAX_SCATTER: Final = 0.2
"""Coefficient of variation of one foot's step times above which steps were missed or movements are mixed. Ours: healthy
walkers have 0.02 to 0.06, patients and video at 30 frames per second up to 0.15."""
_MIN_FOR_SCATTER: Final = 5  # ours: below, a standard deviation says little


@dataclass(frozen=True, slots=True)
class Gait:
    """The bouts of the one kind of gait, walking or running, that is measured; metrics need at least one."""

    bouts: tuple[BoutSteps, ...]

    @property
    def running(self) -> bool:
        """Whether it is running."""
        return self.bouts[0].contacts.bout.running

    @property
    def irregular(self) -> bool:
        """Whether the step times of either foot scatter too much for one rhythm.

        Those of each foot are compared with their own mean, so that a limp is none.
        """
        steps = _joined([step_times(bout) for bout in self.bouts])
        scatter = [
            float(np.std(own, ddof=1) / np.mean(own))
            for foot in FEET
            if len(own := of_side(steps, foot).values) >= _MIN_FOR_RHYTHM
        ]
        return max(scatter, default=0.0) > _MAX_SCATTER

    @property
    def span_s(self) -> tuple[float, float]:
        """Time from the first to the last foot strike, s."""
        first, last = self.bouts[0].contacts, self.bouts[-1].contacts
        return float(first.strike_s[0]), float(last.strike_s[-1])


GaitMetric: TypeAlias = Metric[Gait]
Statistic: TypeAlias = tuple[float, float, int]
"""Value, half of its 95 % interval and number of samples; NaN when there are too few."""


def mean(samples: Samples) -> Statistic:
    """Return the mean of two samples or more."""
    return _mean(samples, _MIN_FOR_MEAN)


def mean_of_bouts(samples: Samples) -> Statistic:
    """Return the mean of samples of which each stands for a whole bout."""
    return _mean(samples, 1)


def deviation(samples: Samples) -> Statistic:
    """Return the standard deviation."""
    n = len(samples.values)
    return (float(np.std(samples.values, ddof=1)) if n >= _MIN_FOR_SCATTER else math.nan), math.nan, n


def variation(samples: Samples) -> Statistic:
    """Return the coefficient of variation."""
    spread, error, n = deviation(samples)
    return (spread / float(np.mean(samples.values)) if n >= _MIN_FOR_SCATTER else math.nan), error, n


def asymmetry(samples: Samples) -> Statistic:
    """Return the mean of the right foot less that of the left one, over the mean of both."""
    (left, left_error, n_left), (right, right_error, n_right) = (mean(of_side(samples, foot)) for foot in FEET)
    middle = (left + right) / 2
    return (right - left) / middle, float(np.hypot(left_error, right_error)) / middle, min(n_left, n_right)


@dataclass(frozen=True, slots=True)
class StepStatistic:
    """A statistic over the samples of all bouts, as the function of a metric.

    Attributes
    ----------
    samples
        The samples of one bout; None when it has none.
    statistic
        What is made of them.
    fine
        Whether running needs :data:`RUNNING_CONTACT_RATE_HZ`.
    in_side_view
        Whether the body must not be turned out of the side view.
    over_ground
        Whether the body must travel over the floor that the picture shows.
    """

    samples: Callable[[BoutSteps], Samples | None]
    statistic: Callable[[Samples], Statistic] = mean
    fine: bool = False
    in_side_view: bool = False
    over_ground: bool = False

    def __call__(self, gait: Gait, side: MetricSide) -> Outcome:
        """Return the statistic of a side, or why the gait does not show it."""
        if reason := self._obstacle(gait):
            return Outcome(reason=reason)
        start_s, end_s = gait.span_s
        of_bouts = [found for bout in gait.bouts if (found := self.samples(bout)) is not None]
        if not of_bouts:
            return Outcome(reason="no_events", start_s=start_s, end_s=end_s)
        value, error, n = self.statistic(of_side(_joined(of_bouts), side))
        reason = "" if math.isfinite(value) else "no_events"
        return Outcome(value, error, n, reason, start_s, end_s)

    def _obstacle(self, gait: Gait) -> str:
        recording = gait.bouts[0].recording
        if self.fine and gait.running and recording.rate_hz < 0.98 * RUNNING_CONTACT_RATE_HZ:
            return "frame_rate"
        if self.in_side_view and all(is_oblique(recording, bout.contacts) for bout in gait.bouts):
            return "view"
        if self.over_ground and not any(travels(bout.contacts) for bout in gait.bouts):
            return "in_place"
        return ""


def of_side(samples: Samples, side: MetricSide) -> Samples:
    """Return the finite samples of a foot; for ``both`` and ``none`` those of both feet."""
    kept = np.isfinite(samples.values)
    if side in FEET:
        kept &= samples.foot == FEET.index(side)
    return Samples(samples.values[kept], samples.foot[kept], samples.error[kept])


def _joined(parts: list[Samples]) -> Samples:
    return Samples(
        np.concatenate([part.values for part in parts]),
        np.concatenate([part.foot for part in parts]),
        np.concatenate([part.error for part in parts]),
    )


def _mean(samples: Samples, least: int) -> Statistic:
    n = len(samples.values)
    if n < least:
        return math.nan, math.nan, n
    return float(np.mean(samples.values)), _error_of_mean(samples.error), n


def _error_of_mean(errors: FloatArray) -> float:
    return float(np.sqrt(np.mean(errors**2) / len(errors)))

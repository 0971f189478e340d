"""Metrics of the base of support and of the margin of stability."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from vidpose.biomech.balance.balance_context import (
    BODY_LANDMARKS,
    FOOT_LANDMARKS,
    FORE_AFT,
    MIN_RATE_HZ,
    SIDEWAYS,
    BalanceContext,
    BalanceMetric,
    ImageAxis,
    select,
    why_no_lengths,
)
from vidpose.biomech.balance.base_of_support import base_of_support, margin_of_stability
from vidpose.biomech.balance.noise import CONFIDENCE_95
from vidpose.biomech.metrics.metric import Outcome
from vidpose.types.arrays import BoolArray
from vidpose.types.metrics import MetricSide

_SOURCE: Final = "Hof, Gazendam & Sinke, J Biomech 38 (2005) 1"


@dataclass(frozen=True, slots=True)
class SupportWidth:
    """The length of the base of support along an axis, during quiet standing."""

    axis: ImageAxis

    def __call__(self, context: BalanceContext, _: MetricSide) -> Outcome:
        """Return the median length, body heights."""
        if reason := why_no_lengths(context, of_feet=True):
            return Outcome(frames=context.standing, reason=reason)
        recording, contacts = context.recording, _supporting(context, self.axis)
        if context.contacts[context.standing].any() and not contacts[context.standing].any():
            return Outcome(frames=context.standing, reason="no_events")
        width = np.diff(base_of_support(recording, contacts), axis=1)[:, 0] / recording.local_height_px
        found = select(context, self.axis, context.standing, width, "not_static")
        if found.reason:
            return found
        noise = math.sqrt(2.0) * context.noise_bh
        return replace(found, value=float(np.median(width[found.frames])), uncertainty=CONFIDENCE_95 * noise)


@dataclass(frozen=True, slots=True)
class StabilityMargin:
    """The margin of stability along an axis that 95 % of the frames exceed."""

    axis: ImageAxis

    def __call__(self, context: BalanceContext, _: MetricSide) -> Outcome:
        """Return the 5th percentile of the margin, body heights."""
        if reason := why_no_lengths(context, of_feet=True):
            return Outcome(frames=context.standing, reason=reason)
        contacts = _supporting(context, self.axis)
        margin = margin_of_stability(context.com, context.recording, contacts, context.settings.support)
        found = select(context, self.axis, np.any(contacts, axis=1), margin, "no_events")
        return found if found.reason else replace(found, value=float(np.quantile(margin[found.frames], 0.05)))


def _supporting(context: BalanceContext, axis: ImageAxis) -> BoolArray:
    """Return the contacts that show the base of support; in front view a single foot shows no width."""
    if axis != SIDEWAYS:
        return context.contacts
    both = np.any(context.contacts[:, :2], axis=1) & np.any(context.contacts[:, 2:], axis=1)
    result: BoolArray = context.contacts & both[:, None]
    return result


def _along(axis: ImageAxis) -> Iterator[BalanceMetric]:
    on_the_floor, one_foot = (
        ("both feet", " Not given in single-leg stance, whose width a front view does not show.")
        if axis == SIDEWAYS
        else ("at least one foot", "")
    )
    yield BalanceMetric(
        id=f"base_of_support_{axis.key}",
        label=f"Base of support, {axis.words}",
        definition=f"Median {axis.words} distance between the outermost heel and toe landmarks in contact with the "
        "floor, during quiet standing",
        formula="median(max(x_foot) - min(x_foot)) / body height",
        unit="body_heights",
        positive="wider",
        zero="a single point",
        plane=axis.plane,
        views=axis.views,
        landmarks=FOOT_LANDMARKS,
        source=f"{_SOURCE}; one axis: ours",
        decimals=3,
        note=f"Measured between landmarks, not between the edges of the shoes.{one_foot}",
        compute=SupportWidth(axis),
    )
    yield BalanceMetric(
        id=f"margin_of_stability_{axis.key}",
        label=f"Margin of stability, {axis.words}",
        definition=f"Distance from the extrapolated centre of mass to the nearer {axis.words} boundary of the base of "
        f"support, as the 5th percentile over all frames with {on_the_floor} on the floor",
        formula="quantile(min(x_front - xcom, xcom - x_back), 0.05) / body height, xcom = x + v / sqrt(g / l)",
        unit="body_heights",
        positive="within the base of support",
        zero="at the boundary of the base of support",
        plane=axis.plane,
        views=axis.views,
        landmarks=BODY_LANDMARKS + FOOT_LANDMARKS,
        source=f"{_SOURCE}; one axis, pendulum of 1.29 hip heights: ours",
        still_camera=True,
        min_rate_hz=MIN_RATE_HZ,
        decimals=3,
        note="In gait the extrapolated centre of mass leaves the base of support in every step; this is no fault. "
        "Measured between landmarks; shoes extend about 0.03 body heights further sideways." + one_foot,
        compute=StabilityMargin(axis),
    )


SUPPORT_METRICS: Final[tuple[BalanceMetric, ...]] = (*_along(FORE_AFT), *_along(SIDEWAYS))
"""Metrics of support; those in metres are added to them."""

"""Facts that follow from measured ones: counts of events, extremes of angles, differences of sides and of videos."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from vidpose.corpus.example import Fact, FactKind
from vidpose.corpus.facts.fact_dictionary import EVENTS, EXTREMES, FACT_ROWS, event_metric, extreme_metric
from vidpose.corpus.facts.fact_table import fact_id
from vidpose.corpus.facts.tables import ANGLE_KEYS, AngleExtremes
from vidpose.corpus.settings.dataset import FactSettings
from vidpose.types.metrics import MetricSide

PERCENTAGE_POINTS: Final = "percentage points"
"""Unit of a difference of two shares: 5 % more would be something else."""

_COMPARED: Final[frozenset[FactKind]] = frozenset({"metric", "extreme"})


def event_facts(counts: Mapping[tuple[int, str, str], tuple[int, float, float]], group: str, stem: str) -> list[Fact]:
    """Return how often each event was found, per person and side.

    Parameters
    ----------
    counts
        By person, event and side: how many, time of the first and of the last, s.
    group, stem
        Split group; what the subject begins with.
    """
    facts = []
    for (person, event, side), (n, first_s, last_s) in sorted(counts.items()):
        if event not in EVENTS or side not in EVENTS[event][2]:
            continue  # an event of a newer version, which has no words yet
        subject, metric = f"{stem}/{person}", event_metric(event)
        row = FACT_ROWS[metric]
        facts.append(
            Fact(
                id=fact_id(subject, metric, side, "event_count"),
                group=group,
                subject=subject,
                metric=metric,
                label=row.label,
                kind="event_count",
                side=next(known for known in row.sides if known == side),
                value=float(n),
                unit=row.shown_unit,
                decimals=row.decimals,
                start_s=first_s,
                end_s=last_s,
                n=n,
            )
        )
    return facts


def extreme_facts(
    extremes: Mapping[tuple[int, str], AngleExtremes], group: str, stem: str, settings: FactSettings
) -> list[Fact]:
    """Return the largest and the smallest value of every joint angle and the moment of each.

    Parameters
    ----------
    extremes
        By person and angle of the angle tables.
    group, stem
        Split group; what the subject begins with.
    settings
        How many frames must have been measured.
    """
    facts = []
    for (person, key), found in sorted(extremes.items()):
        angle, side_name = ANGLE_KEYS[key]
        side: MetricSide = "left" if side_name == "left" else "right"
        reason = _extreme_reason(found, settings)
        moments = {"max": (found.highest_deg, found.highest_s), "min": (found.lowest_deg, found.lowest_s)}
        for end in EXTREMES:
            subject, row = f"{stem}/{person}", FACT_ROWS[extreme_metric(angle, end)]
            value, moment_s = (math.nan, math.nan) if reason else moments[end]
            facts.append(
                Fact(
                    id=fact_id(subject, row.id, side, "extreme"),
                    group=group,
                    subject=subject,
                    metric=row.id,
                    label=row.label,
                    kind="extreme",
                    side=side,
                    value=value,
                    unit=row.shown_unit,
                    decimals=row.decimals,
                    reason=reason,
                    start_s=moment_s,
                    end_s=moment_s,
                    n=found.n_measured,
                )
            )
    return facts


def side_differences(facts: Iterable[Fact]) -> list[Fact]:
    """Return right minus left for every measured metric that both sides have.

    Parameters
    ----------
    facts
        Facts of one video.
    """
    sides = {(fact.subject, fact.metric, fact.side): fact for fact in facts if fact.kind == "metric"}
    pairs = [
        (left, sides[subject, metric, "right"])
        for (subject, metric, side), left in sorted(sides.items())
        if side == "left" and (subject, metric, "right") in sides
    ]
    return [_difference(left, right, left.subject, left.group, "both") for left, right in pairs]


def video_differences(first: Sequence[Fact], second: Sequence[Fact]) -> list[Fact]:
    """Return second minus first for every metric of two videos in which one person each was measured.

    With several people it is not known who is who, so nothing is compared.

    Parameters
    ----------
    first, second
        Facts of two videos.
    """
    subjects = [{fact.subject for fact in facts} for facts in (first, second)]
    if any(len(one) != 1 for one in subjects):
        return []
    subject = "|".join(one.pop() for one in subjects)
    groups = (first[0].group, second[0].group)
    group = groups[0] if groups[0] == groups[1] else "|".join(groups)
    others = {(fact.metric, fact.side): fact for fact in second if fact.kind in _COMPARED}
    return [
        _difference(fact, others[fact.metric, fact.side], subject, group, fact.side)
        for fact in first
        if fact.kind in _COMPARED and (fact.metric, fact.side) in others
    ]


def _difference(one: Fact, other: Fact, subject: str, group: str, side: MetricSide) -> Fact:
    """Return ``other - one``; within the noise, or with an unknown one, there is no value."""
    value, uncertainty = other.value - one.value, math.hypot(one.uncertainty, other.uncertainty)
    reason = one.reason or other.reason
    if not reason and not abs(value) > uncertainty:  # False for NaN: what is not known to be beyond the noise is within
        reason = "below_noise"
    return Fact(
        id=fact_id(subject, one.metric, side, "difference"),
        group=group,
        subject=subject,
        metric=one.metric,
        label=one.label,
        kind="difference",
        side=side,
        value=math.nan if reason else value,
        unit=PERCENTAGE_POINTS if one.unit == "%" else one.unit,
        decimals=one.decimals,
        uncertainty=math.nan if reason else uncertainty,
        reason=reason,
        n=min(one.n, other.n),
        derived_from=(one.id, other.id),
    )


def _extreme_reason(found: AngleExtremes, settings: FactSettings) -> str:
    if found.n_measured < settings.min_extreme_frames:
        return "no_data" if found.n_measured == 0 else "too_short"
    return "" if found.n_measured >= settings.min_extreme_share * found.n_frames else "low_confidence"

"""A table of facts without videos: plausible numbers for every metric of the dictionary, seeded by name."""

from __future__ import annotations

import math
from typing import Final

from vidpose.biomech.metrics.row import MetricRow
from vidpose.corpus.example import Fact, FactKind
from vidpose.corpus.facts.derived import side_differences, video_differences
from vidpose.corpus.facts.fact_dictionary import EVENTS, FACT_DICTIONARY, FACT_ROWS, event_metric
from vidpose.corpus.facts.fact_table import fact_id
from vidpose.corpus.facts.references import reference_facts
from vidpose.corpus.settings.dataset import ReferenceRange
from vidpose.corpus.text.seeded_choice import SeededChoice
from vidpose.types.metrics import REASONS, MetricSide

RANGES: Final = {
    "°": (-20.0, 120.0),
    "s": (0.1, 1.4),
    "m": (0.05, 1.6),
    "m/s": (0.2, 6.0),
    "per minute": (80.0, 190.0),
    "body heights": (0.01, 0.9),
    "body heights/s": (0.05, 3.0),
    "%": (1.0, 80.0),
    "points of 100": (30.0, 99.0),
    "": (1.0, 12.0),
}
"""Values by unit for people: wide, so that texts meet small and large numbers, with and without a sign."""

_WITHHELD: Final = tuple(reason for reason in REASONS if reason not in ("", "below_noise"))
_MADE_REFERENCE: Final = ReferenceRange("cadence", 100.0, 130.0, "made for a test, 2020")


def made_facts(n_videos: int, seed: str = "made", share: float = 0.3) -> dict[str, Fact]:
    """Return the facts of some videos of one person each, pairs of which are compared.

    Parameters
    ----------
    n_videos
        Number of videos; two in a row belong to one athlete.
    seed
        Another word gives other numbers.
    share
        Share of the metrics that a video has a value for.
    """
    videos = [_video(number, seed, share) for number in range(n_videos)]
    facts = [fact for video in videos for fact in (*video, *side_differences(video))]
    for first, second in zip(videos[::2], videos[1::2], strict=False):
        facts += video_differences(first, second)
    facts += reference_facts([_MADE_REFERENCE], facts)
    return {fact.id: fact for fact in sorted(facts, key=lambda fact: fact.id)}


def _video(number: int, seed: str, share: float) -> list[Fact]:
    group = f"{SeededChoice(seed, str(number // 2)).below(16**8):08x}"
    subject = f"{SeededChoice(seed, 'video', str(number)).below(16**8):08x}/0"
    choice = SeededChoice(seed, subject)
    facts = []
    for row in FACT_DICTIONARY.values():
        stands, base = choice.chance(share), _between(RANGES[row.shown_unit], choice)
        facts += [_fact(row, side, (subject, group), base if stands else math.nan, choice) for side in row.sides]
    return facts


def _fact(row: MetricRow, side: MetricSide, owner: tuple[str, str], base: float, choice: SeededChoice) -> Fact:
    subject, group = owner
    kind = _kind(row.id)
    value = base * (0.85 + 0.3 * choice.share())
    value = float(round(value)) if row.unit == "count" and math.isfinite(value) else value
    moment_s = 12.0 * choice.share()
    stands = math.isfinite(value)
    return Fact(
        id=fact_id(subject, row.id, side, kind),
        group=group,
        subject=subject,
        metric=row.id,
        label=row.label,
        kind=kind,
        side=side,
        value=value,
        unit=row.shown_unit,
        decimals=row.decimals,
        uncertainty=abs(value) * 0.3 * choice.share() if stands and kind == "metric" else math.nan,
        reason="" if stands else choice.pick(_WITHHELD),
        start_s=moment_s,
        end_s=moment_s if kind == "extreme" else moment_s + 3.0,
        n=3 + choice.below(40),
    )


def _kind(metric: str) -> FactKind:
    if metric in {event_metric(name) for name in EVENTS}:
        return "event_count"
    return "extreme" if metric in FACT_ROWS else "metric"


def _between(limits: tuple[float, float], choice: SeededChoice) -> float:
    return limits[0] + (limits[1] - limits[0]) * choice.share()

"""Rows for the facts that no metric of the dictionary carries: counts of events and extremes of joint angles."""

from __future__ import annotations

from typing import Final

from vidpose.biomech.metric_dictionary import DICTIONARY
from vidpose.biomech.metrics.row import MetricRow
from vidpose.types.metrics import MetricSide
from vidpose.types.motion import Facing

EVENTS: Final[dict[str, tuple[str, str, tuple[MetricSide, ...]]]] = {
    "foot_strike": ("Foot strikes", "first contacts of the foot with the floor", ("left", "right")),
    "toe_off": ("Toe-offs", "moments in which the foot leaves the floor", ("left", "right")),
    "take_off": ("Take-offs", "moments in which both feet leave the floor for a jump", ("both",)),
    "landing": ("Landings", "first contacts of the feet with the floor after a jump", ("both",)),
}
"""Events that are counted: name for people, what they are, sides that they are found for."""

EXTREME_ANGLES: Final[dict[str, str]] = {
    "ankle_dorsiflexion": "ankle dorsiflexion",
    "knee_flexion": "knee flexion",
    "hip_flexion": "hip flexion",
    "shoulder_flexion": "shoulder flexion",
    "elbow_flexion": "elbow flexion",
    "wrist_flexion": "wrist flexion",
}
"""Joint angles whose extremes are facts, by their name in the angle tables without the side."""

EXTREMES: Final = {"max": "Largest", "min": "Smallest"}
_SIDES: Final[tuple[MetricSide, ...]] = ("left", "right")


def event_metric(name: str) -> str:
    """Return the key of the count of an event."""
    return f"event_{name}"


def extreme_metric(angle: str, end: str) -> str:
    """Return the key of an angle's extreme; ``end`` is a key of :data:`EXTREMES`."""
    return f"{angle}_{end}"


def _event_row(name: str) -> MetricRow:
    label, what, sides = EVENTS[name]
    return MetricRow(
        id=event_metric(name),
        label=label,
        definition=f"Number of {what}.",
        formula="count of the rows of the event table",
        unit="count",
        positive="more events",
        zero="none found",
        plane="any",
        landmarks=(),
        views=tuple(Facing),
        sides=sides,
        source="ours: event tables",
        decimals=0,
    )


def _extreme_row(angle: str, end: str) -> MetricRow:
    word = EXTREMES[end]
    return MetricRow(
        id=extreme_metric(angle, end),
        label=f"{word} {EXTREME_ANGLES[angle]}",
        definition=f"{word} {EXTREME_ANGLES[angle]} of the whole recording, from filtered and measured frames.",
        formula=f"{end}(angle)",
        unit="rad",
        positive="bent",
        zero="straight",
        plane="sagittal",
        landmarks=(),
        views=(Facing.RIGHT, Facing.LEFT),
        sides=_SIDES,
        source="ours: angle tables",
        decimals=0,
        note="A whole degree: a video angle from one camera is not better than a few degrees.",
    )


FACT_ROWS: Final[dict[str, MetricRow]] = {
    **{event_metric(name): _event_row(name) for name in EVENTS},
    **{extreme_metric(angle, end): _extreme_row(angle, end) for angle in EXTREME_ANGLES for end in EXTREMES},
}
"""Rows of facts beside the metric dictionary, by key."""

FACT_DICTIONARY: Final[dict[str, MetricRow]] = {**DICTIONARY, **FACT_ROWS}
"""Every row that a fact's ``metric`` can name."""

if len(FACT_DICTIONARY) != len(DICTIONARY) + len(FACT_ROWS):
    raise ValueError("a fact's key is a metric of the dictionary already")

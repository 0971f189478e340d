"""What the comparisons of the two sides mean, as data; one row per joint, quantity and index."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, Literal

from vidpose.biomech.metrics.row import MetricRow
from vidpose.biomech.smoothness.series import JOINTS, Joint
from vidpose.types.motion import Facing

Quantity = Literal["rom", "peak", "speed"]

SYMMETRY_VIEWS: Final = (Facing.FRONT, Facing.BACK)
"""From the side the body hides its far half."""

QUANTITIES: Final[tuple[tuple[Quantity, str, str, float], ...]] = (
    # key, label, what, lowest frame rate
    ("rom", "range of motion", "largest minus smallest {joint} angle of a cycle, mean over cycles", 10.0),
    ("peak", "peak", "largest {joint} angle of a cycle, mean over cycles", 10.0),
    ("speed", "mean speed", "mean absolute angular velocity of the {joint} in a cycle, mean over cycles", 20.0),
)
"""Rates ours: ten samples in a second keep the extremes of a one-second movement within 5 %; speeds need twice that."""

INDICES: Final = (
    # key, label, formula, source
    ("robinson", "symmetry index", "(R - L) / (0.5 (R + L))", "Robinson, Herzog & Nigg 1987, JMPT 10:172"),
    ("angle", "symmetry angle", "(45 - atan2(L, R)) / 90, in degrees", "Zifchock et al. 2008, Gait Posture 27:622"),
    (
        "nsi",
        "normalised symmetry index",
        "(R - L) / (max(0, all R, all L) - min(0, all R, all L))",
        "Queen et al. 2020, J Biomech 99:109531",
    ),
)
CAUTION_SHARE: Final = 0.10
LARGE_SHARE: Final = 0.15
"""Symmetry index of the range of motion that is called noticeable, and large: 10 and 15 % are the usual limits, the
latter "suggested as injury-risk indicator" (ISBS 2018). Conventions, not diagnoses."""

LAG_RATE_HZ: Final = 20.0
_NOISE_NOTE: Final = (
    "Absent unless the sides differ by more than twice their joint standard error and by 5 degrees, 15 "
    "where the angle is the included 3-D one (speed: by what that makes there and back over a cycle)."
)
_DEPTH_NOTE: Final = (
    "From the included 3-D angle: from the front this joint moves towards the camera, and depth is weak."
)


def _row(joint: Joint, key: str, note: str = "", **given: Any) -> MetricRow:
    return MetricRow(
        id=f"symmetry_{joint.name}_{key}",
        plane="frontal" if joint.frontal_plane else "any",
        landmarks=joint.landmarks,
        views=SYMMETRY_VIEWS,
        sides=("both",),
        note=" ".join(part for part in (note, "" if joint.frontal_plane else _DEPTH_NOTE) if part),
        **given,
    )


def _index_rows(joint: Joint) -> Iterator[MetricRow]:
    for quantity, words, what, rate_hz in QUANTITIES:
        for index, label, formula, source in INDICES:
            yield _row(
                joint,
                f"{quantity}_{index}",
                label=f"{joint.label}, {words}: {label}",
                definition=f"{label.capitalize()} of the two sides' {what.format(joint=joint.name)}.",
                formula=formula,
                unit="share",
                positive="larger on the right",
                zero="both sides the same",
                source=source,
                min_rate_hz=rate_hz,
                decimals=1,
                note=_NOISE_NOTE,
            )


def _level_row(joint: Joint) -> MetricRow:
    return _row(
        joint,
        "level",
        label=f"{joint.label}, difference between the sides",
        definition="0: none, small, or within the noise; 1: noticeable; 2: large.",
        formula="|symmetry index of the range of motion| below 10 %, from 10 %, from 15 %",
        unit="none",
        positive="larger difference",
        zero="no difference that counts",
        source="limits usual in sports medicine, ISBS 2018; noise gate ours",
        min_rate_hz=10.0,
        decimals=0,
        note="A convention, no diagnosis.",
    )


def _curve_rows(joint: Joint) -> Iterator[MetricRow]:
    yield _row(
        joint,
        "lag",
        label=f"{joint.label}, lag between the sides",
        definition="Time by which the right side is later than the pattern (together, or in turn) wants.",
        formula="argmax of the cross-correlation, minus half a cycle when the sides alternate",
        unit="s",
        positive="right side later",
        zero="in step, or exactly half a cycle apart",
        source="scipy.signal.correlate; pattern from the data, ours",
        min_rate_hz=LAG_RATE_HZ,
        decimals=3,
        note="Absent when the two curves are not alike (correlation below 0.7).",
    )
    yield _row(
        joint,
        "rmse",
        label=f"{joint.label}, distance of the sides' curves",
        definition="Root mean square of right minus left, the left moved by half a cycle when the sides alternate.",
        formula="sqrt(mean((R(t) - L(t - pattern))^2))",
        unit="rad",
        positive="curves differ",
        zero="curves are the same",
        source="usual; pattern from the data, ours",
        min_rate_hz=10.0,
        decimals=1,
        note="Absent unless above 5 degrees (3-D angles: 15) and twice the angles' joint noise.",
    )


def _rows_of(joint: Joint) -> Iterator[MetricRow]:
    yield from _index_rows(joint)
    yield _level_row(joint)
    yield from _curve_rows(joint)


METRICS: Final[tuple[MetricRow, ...]] = tuple(row for joint in JOINTS for row in _rows_of(joint))
"""Twelve rows per joint: three indices of three quantities, the level, lag and distance."""

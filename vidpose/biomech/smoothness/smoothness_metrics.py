"""What smoothness and consistency mean, as data; one row per moving point or joint and measure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from vidpose.biomech.conventions import ANY_VIEW
from vidpose.biomech.metrics.row import MetricRow
from vidpose.biomech.smoothness.series import JOINTS, Joint
from vidpose.types.metrics import MetricSide

BOTH_SIDES: Final[tuple[MetricSide, ...]] = ("left", "right")
POINTS: Final[tuple[tuple[str, str, str, tuple[MetricSide, ...]], ...]] = (
    # name, label, landmark or derived point, sides
    ("hand", "Hand path", "wrist", BOTH_SIDES),
    ("ankle_path", "Ankle path", "ankle", BOTH_SIDES),
    ("pelvis", "Pelvis path", "mid_hip", ("none",)),
)
"""Points whose way through the image is judged."""

MIN_RATE_HZ: Final = 24.0
"""Ours: 20 Hz carry the 10 Hz of the spectral arc length in theory; cinema's 24 leave a margin."""

MIN_RATE_OF_CURVES_HZ: Final = 10.0
"""Ours: a movement of one second, sampled ten times, keeps its extremes within 5 % (cos 18 degrees)."""

_SPARC: Final = "Balasubramanian et al. 2015, J NeuroEng Rehabil 12:112"
_LDLJ: Final = "Balasubramanian et al. 2015; Hogan & Sternad 2009, J Mot Behav 41:529"
_PER_CYCLE: Final = (
    "Taken per cycle of the side's own joints (per stride of a walk or run from the side) and never over a whole set. "
    "A cycle goes there and back, so it counts two pushes: compare it with the same movement only, not with published "
    "values of single reaches (about -1.5)."
)
_JERK_NOTE: Final = (
    "Noise and the filter's cut-off change it: compare only recordings that were filmed and filtered alike."
)
_ANGLE_CHOICE: Final = "The angle in the image where at least half of the frames have it, else the included 3-D angle."
_CYCLES: Final = "Cycles are those of the joint angle with the largest range; of a walk or run from the side, strides."
_OWN_CYCLES: Final = "ours: turning points of the joint angle with the largest range; strides as in gait"


def _smoothness_rows(
    name: str, label: str, what: str, landmarks: tuple[str, ...], sides: tuple[MetricSide, ...]
) -> Iterator[MetricRow]:
    measures = (
        ("sparc", "spectral arc length", "-integral of sqrt((1/w_c)^2 + (dV/dw)^2) dw, V = |FFT(v)| / max", _SPARC, ""),
        ("ldlj", "log dimensionless jerk", "-ln(T^3 / v_peak^2 * integral of (d2v/dt2)^2 dt)", _LDLJ, _JERK_NOTE),
    )
    through_image = any(name == point[0] for point in POINTS)
    for key, words, formula, source, caution in measures:
        note = f"{_PER_CYCLE} {caution}".strip()
        yield MetricRow(
            id=f"smoothness_{name}_{key}",
            label=f"{label}, {words}",
            definition=f"Median over the cycles of the {words} of {what}.",
            formula=formula,
            unit="none",
            positive="never; nearer to zero is smoother",
            zero="the limit of a perfectly smooth movement",
            plane="image",
            landmarks=landmarks,
            views=ANY_VIEW,
            sides=sides,
            source=source,
            min_rate_hz=MIN_RATE_HZ,
            still_camera=through_image,
            note=note,
        )
        yield MetricRow(
            id=f"smoothness_{name}_{key}_spread",
            label=f"{label}, {words}, spread",
            definition=f"Half the interquartile range over the cycles of the {words} of {what}.",
            formula="(75th - 25th percentile over cycles) / 2",
            unit="none",
            positive="cycles differ",
            zero="all cycles are equally smooth",
            plane="image",
            landmarks=landmarks,
            views=ANY_VIEW,
            sides=sides,
            source=f"{source}; spread ours",
            min_rate_hz=MIN_RATE_HZ,
            still_camera=through_image,
            note="Needs three cycles.",
        )


def _cycle_rows() -> Iterator[MetricRow]:
    yield MetricRow(
        id="cycle_count",
        label="Cycles found",
        definition="Number of whole cycles of the joint angle with the largest range; of a walk or run seen from "
        "the side, strides of the foot nearer to the camera.",
        formula="count of peaks between two low points",
        unit="count",
        positive="more cycles",
        zero="never given: without a cycle it is absent",
        plane="any",
        landmarks=("the joint that moves most",),
        views=ANY_VIEW,
        sides=("none",),
        source=_OWN_CYCLES,
        min_rate_hz=MIN_RATE_OF_CURVES_HZ,
        decimals=0,
        note="Says what the other numbers are made of; it is not the count of an exercise's repetitions.",
    )
    yield MetricRow(
        id="cycle_duration",
        label="Cycle duration",
        definition="Median time of one cycle, rest before and after it left out.",
        formula="median over cycles of (end - start)",
        unit="s",
        positive="slower",
        zero="impossible",
        plane="any",
        landmarks=("the joint that moves most",),
        views=ANY_VIEW,
        sides=("none",),
        source=_OWN_CYCLES,
        min_rate_hz=MIN_RATE_OF_CURVES_HZ,
    )
    yield MetricRow(
        id="consistency_duration_cv",
        label="Variation of cycle duration",
        definition="Standard deviation of the cycles' durations over their mean.",
        formula="SD / mean, n - 1 in the SD",
        unit="share",
        positive="uneven tempo",
        zero="all cycles last equally long",
        plane="any",
        landmarks=("the joint that moves most",),
        views=ANY_VIEW,
        sides=("none",),
        source=_OWN_CYCLES,
        min_rate_hz=MIN_RATE_OF_CURVES_HZ,
        decimals=1,
        note="Needs three cycles. Of a walk or run it is the variation of one foot's strides.",
    )


def _consistency_rows(joint: Joint) -> Iterator[MetricRow]:
    measures = (
        (
            "sd",
            "spread between cycles",
            "Mean over the cycle of the standard deviation between time-normalised cycles",
            "mean over 101 points of SD over cycles",
            "rad",
            "cycles differ",
            "all cycles are the same",
            "usual in gait analysis; 101 points",
            1,
        ),
        (
            "cmc",
            "coefficient of multiple correlation",
            "Likeness of the time-normalised cycles",
            "sqrt(1 - [S_within / T(G-1)] / [S_total / (GT-1)]), G cycles of T = 101 points",
            "none",
            "more alike, at most 1",
            "no more alike than chance",
            "Kadaba et al. 1989, J Orthop Res 7:849",
            3,
        ),
        (
            "rom_cv",
            "variation of the range of motion",
            "Standard deviation over mean of the cycles' ranges of motion",
            "SD / mean of (max - min) per cycle, n - 1 in the SD",
            "share",
            "uneven depth",
            "all cycles have the same range",
            "ours, as for the tempo",
            1,
        ),
    )
    for key, words, definition, formula, unit, positive, zero, source, decimals in measures:
        yield MetricRow(
            id=f"consistency_{joint.name}_{key}",
            label=f"{joint.label}, {words}",
            definition=f"{definition} of the {joint.name} angle.",
            formula=formula,
            unit=unit,  # type: ignore[arg-type]  # a literal of the table above
            positive=positive,
            zero=zero,
            plane="image",
            landmarks=joint.landmarks,
            views=ANY_VIEW,
            sides=BOTH_SIDES,
            source=source,
            min_rate_hz=MIN_RATE_OF_CURVES_HZ,
            decimals=decimals,
            note=f"Needs three cycles. {_CYCLES} {_ANGLE_CHOICE}",
        )


def _all_rows() -> Iterator[MetricRow]:
    for name, label, point, sides in POINTS:
        whose = "the middle of the hips'" if point == "mid_hip" else f"the {point}'s"
        yield from _smoothness_rows(name, label, f"{whose} speed in the image", (point,), sides)
    for joint in JOINTS:
        what = f"the {joint.name}'s angular speed"
        yield from _smoothness_rows(joint.name, joint.label, what, joint.landmarks, BOTH_SIDES)
    yield from _cycle_rows()
    for joint in JOINTS:
        yield from _consistency_rows(joint)


METRICS: Final[tuple[MetricRow, ...]] = tuple(_all_rows())
"""Points' smoothness, joints' smoothness, cycles, joints' consistency."""

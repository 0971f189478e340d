"""What is counted from vertical jumps, as data."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from vidpose.biomech.conventions import IMAGE_VIEWS
from vidpose.biomech.metrics.row import MetricRow

MIN_RATE_HZ: Final = 25.0
"""Ours: at 30 frames per second one frame of a flight of 0.5 s is 4.1 cm of height; below, jumps cannot be told."""

_COUNT: Final = MetricRow(
    id="jump_count",
    label="Jumps",
    definition="Number of vertical jumps from both legs whose take-off and landing were seen.",
    formula="count",
    unit="count",
    positive="more jumps",
    zero="none; then the other jump metrics are absent",
    plane="any",
    landmarks=("mid_hip", "neck", "heel", "foot_index"),
    views=IMAGE_VIEWS,
    sides=("none",),
    source="ours: both feet off the floor together, the centre of mass in free fall",
    min_rate_hz=MIN_RATE_HZ,
    decimals=0,
    note="Absent where none was found and the body falls all the same: a drop, a somersault, a leap, or a jump that "
    "was not seen from its take-off to its landing.",
)
_FLIGHT: Final = replace(
    _COUNT,
    id="jump_flight_time",
    label="Jump, flight time",
    definition="Mean time from take-off to landing.",
    formula="mean(landing - take_off)",
    unit="s",
    positive="longer",
    zero="none",
    source="ours: where a parabola through the toe's flight meets the toe's level on the floor",
    decimals=3,
    note="Both feet take off from and land on one level.",
)
_HEIGHT: Final = replace(
    _FLIGHT,
    id="jump_height_flight",
    label="Jump height from flight time",
    definition="Mean height from the time in the air; in metres without any scale, as gravity sets it.",
    formula="mean(g (landing - take_off)^2 / 8)",
    unit="m",
    positive="higher",
    source="Bosco, Luhtanen & Komi 1983",
    note="Too high when the legs are bent at landing. Uncertainty of one jump: g t dt / 4 with dt one frame.",
)
_RISE: Final = replace(
    _FLIGHT,
    id="jump_height_com",
    label="Jump height of the centre of mass",
    definition="Mean rise of the centre of mass from take-off to its highest place, by a parabola through its flight.",
    formula="mean(y_com(apex) - y_com(take_off))",
    unit="body_heights",
    positive="higher",
    landmarks=("mid_hip", "neck", "heel", "foot_index", "body"),
    source="ours: least-squares parabola, so that apex and take-off lie between frames",
    still_camera=True,
    note="Where the pose model puts the hips cancels out; that it finds a drawn mannequin 2 % too tall does not.",
)
_SINK: Final = replace(
    _RISE,
    id="countermovement_depth",
    label="Countermovement depth",
    definition="Mean distance that the middle of the hips sinks from standing to its lowest place before take-off.",
    formula="mean(q90(y_mid_hip before) - min(y_mid_hip))",
    positive="deeper",
    zero="a jump without countermovement",
    landmarks=("mid_hip", "neck", "heel", "foot_index"),
    source="ours, after the usual phases of the countermovement jump (McMahon et al. 2018)",
)


def _in_metres(row: MetricRow) -> MetricRow:
    return replace(row, id=f"{row.id}_m", label=f"{row.label} (m)", unit="m", needs_height=True)


METRICS: Final[tuple[MetricRow, ...]] = (
    _COUNT,
    _FLIGHT,
    _HEIGHT,
    replace(
        _HEIGHT,
        id="jump_height_flight_best",
        label="Best jump height from flight time",
        definition="Height of the highest jump from its time in the air.",
        formula="max(g (landing - take_off)^2 / 8)",
    ),
    replace(
        _HEIGHT,
        id="jump_take_off_speed",
        label="Take-off speed",
        definition="Mean upward speed at take-off that the time in the air needs.",
        formula="mean(g (landing - take_off) / 2)",
        unit="m/s",
        positive="faster",
        decimals=2,
        note="",
    ),
    _RISE,
    _in_metres(_RISE),
    _SINK,
    _in_metres(_SINK),
    replace(
        _SINK,
        id="jump_push_off_time",
        label="Push-off time",
        definition="Mean time from the hips' lowest place to take-off.",
        formula="mean(take_off - time of min(y_mid_hip))",
        unit="s",
        positive="slower",
        zero="none",
    ),
)
"""Every jump metric."""

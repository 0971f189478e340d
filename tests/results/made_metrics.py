"""A dictionary of three metrics, and values of two people with every kind of absence."""

import math

from vidpose.biomech.metrics.row import MetricRow
from vidpose.results.metric_tables import PersonMetrics
from vidpose.types.metrics import Event, MetricValue
from vidpose.types.motion import Facing


def made_row(metric_id, unit, sides=("none",), decimals=2):
    return MetricRow(
        id=metric_id,
        label=f"{metric_id.replace('_', ' ').capitalize()}, made",
        definition="made",
        formula="made",
        unit=unit,
        positive="more",
        zero="none",
        plane="any",
        landmarks=(),
        views=tuple(Facing),
        sides=sides,
        source="made",
        decimals=decimals,
    )


ROWS = {
    row.id: row
    for row in (
        made_row("knee_range", "rad", ("left", "right"), decimals=1),
        made_row("cadence", "1/s", decimals=1),
        made_row("jump_height", "m", decimals=3),
    )
}
VALUES = (
    MetricValue("knee_range", "left", math.radians(65.04), math.radians(1.234), "", 0.0, 3.0000004, 90),
    MetricValue("knee_range", "right", reason="one_side_hidden", start_s=0.0, end_s=3.0),
    MetricValue("cadence", "none", 2.5, math.nan, "", 0.5, 2.5, 4),
    MetricValue("jump_height", "none", reason="no_height"),
)
EVENTS = (Event("foot_strike", "left", 0.5123456789, 15, 0.01), Event("toe_off", "left", 0.9, 27))


def made_people(n=1):
    return [PersonMetrics(person, VALUES, EVENTS) for person in range(n)]

"""Metrics and events as plain JSON values, in the units that people read."""

from __future__ import annotations

from typing import Any, Final

from vidpose.biomech.metrics.row import MetricRow
from vidpose.results.video_result import finite
from vidpose.types.metrics import Event, MetricValue

STANDS: Final = "ok"
"""Status of a metric that has a value."""
_TIME_DECIMALS: Final = 6
_MORE_DIGITS: Final = 1  # a small uncertainty must not read 0


def metric_entry(value: MetricValue, row: MetricRow) -> dict[str, Any]:
    """Return one metric, rounded as its row of the dictionary says."""
    return {
        "metric": row.id,
        "side": value.side,
        "value": finite(value.value * row.factor, row.decimals),
        "uncertainty": finite(value.uncertainty * row.factor, row.decimals + _MORE_DIGITS),
        "unit": row.shown_unit,
        "status": value.reason or STANDS,
        "start_s": finite(value.start_s, _TIME_DECIMALS),
        "end_s": finite(value.end_s, _TIME_DECIMALS),
        "n": value.n,
    }


def event_entry(event: Event) -> dict[str, Any]:
    """Return one event."""
    return {
        "event": event.name,
        "side": event.side,
        "time_s": finite(event.time_s, _TIME_DECIMALS),
        "frame": event.frame,
        "uncertainty_s": finite(event.uncertainty_s, _TIME_DECIMALS),
    }

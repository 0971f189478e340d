"""The front door: the whole body's metrics of one recording, each with a value or with the reason why not."""

from __future__ import annotations

import math

from vidpose.biomech.balance.balance_context import BalanceContext, BalanceReading
from vidpose.biomech.balance.balance_metrics import METRIC_BY_ID, METRIC_TWIN, METRICS
from vidpose.biomech.balance.readings import read
from vidpose.biomech.balance.score import score
from vidpose.biomech.metrics.gates import absent, blocked
from vidpose.biomech.metrics.recording import Recording
from vidpose.biomech.metrics.row import MetricRow
from vidpose.types.metrics import MetricSide, MetricValue


def measure_balance(context: BalanceContext) -> tuple[MetricValue, ...]:
    """Return the whole body's metrics, one per row of :mod:`~vidpose.biomech.balance.balance_metrics` and side.

    Parameters
    ----------
    context
        Result of :func:`~vidpose.biomech.balance.balance_context.find_context`.
    """
    recording = context.recording
    found: list[MetricValue] = []
    plain: dict[str, BalanceReading] = {}
    for row in METRICS:
        if row.unit == "score":
            penalties = getattr(context.settings.score, row.id.replace("_score", ""))
            found.append(score(row.id, penalties, found))
            continue
        for side in row.sides:
            source = METRIC_BY_ID[row.id.removesuffix(METRIC_TWIN)]
            key = f"{source.id}/{side}"
            if key not in plain:
                plain[key] = read(context, source, side)
            found.extend(_given(recording, row, side, plain[key]))
    return tuple(found)


def _given(recording: Recording, row: MetricRow, side: MetricSide, reading: BalanceReading) -> tuple[MetricValue, ...]:
    """Return the value of a row from its reading in body heights or radians."""
    reason = blocked(row, recording, reading.frames if reading.frames.any() else None) or reading.reason
    if not reason and not math.isfinite(reading.value):
        reason = "no_data"
    if reason:
        return tuple(value for value in absent(row, reason, recording) if value.side == side)
    factor = recording.height_m if row.needs_height and recording.height_m else 1.0
    times_s = recording.times_s[reading.frames]
    return (
        MetricValue(
            row.id,
            side,
            value=reading.value * factor,
            uncertainty=reading.uncertainty * factor,
            start_s=float(times_s[0]),
            end_s=float(times_s[-1]),
            n=len(times_s),
        ),
    )

"""Every metric of balance and posture, in the order of the tables."""

from __future__ import annotations

from typing import Final

from vidpose.biomech.balance.balance_context import BalanceMetric
from vidpose.biomech.balance.com_metrics import COM_METRICS
from vidpose.biomech.balance.posture_metrics import POSTURE_METRICS
from vidpose.biomech.balance.score_metrics import SCORE_METRICS
from vidpose.biomech.balance.support_metrics import SUPPORT_METRICS
from vidpose.biomech.balance.sway_metrics import SWAY_METRICS
from vidpose.biomech.metrics.metric import in_metres
from vidpose.biomech.metrics.row import MetricRow

METRIC_TWIN: Final = "_metric"
"""Ending of the identifier of a metric in metres that is also given in body heights."""


def _with_twin(metric: BalanceMetric) -> tuple[BalanceMetric, ...]:
    return (metric, in_metres(metric, METRIC_TWIN)) if metric.unit.startswith("body_heights") else (metric,)


MEASURED: Final[tuple[BalanceMetric, ...]] = (
    *(each for metric in (*COM_METRICS, *SWAY_METRICS, *SUPPORT_METRICS) for each in _with_twin(metric)),
    *POSTURE_METRICS,
)
"""Metrics that are measured; scores are computed from their values."""

METRICS: Final[tuple[MetricRow, ...]] = (*MEASURED, *SCORE_METRICS)
"""Every metric of this room."""

"""The front door: the metrics of balance and posture of one recording, each with a value or a reason."""

from __future__ import annotations

from vidpose.biomech.balance.balance_context import BalanceContext
from vidpose.biomech.balance.balance_metrics import MEASURED
from vidpose.biomech.balance.score_metrics import SCORE_METRICS, ScoredValues
from vidpose.biomech.metrics.gates import always_open
from vidpose.biomech.metrics.metric import evaluate
from vidpose.types.metrics import MetricValue


def measure_balance(context: BalanceContext) -> tuple[MetricValue, ...]:
    """Return one value per metric of :mod:`~vidpose.biomech.balance.balance_metrics` and side, in that order.

    Parameters
    ----------
    context
        Result of :func:`~vidpose.biomech.balance.balance_context.find_context`.
    """
    recording = context.recording
    measured = tuple(evaluate(MEASURED, context, recording, always_open))
    scored = ScoredValues(measured, context.settings.score)
    return (*measured, *evaluate(SCORE_METRICS, scored, recording, always_open))

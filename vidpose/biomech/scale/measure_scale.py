"""The front door: what the picture shows of the camera, as metrics with a value or a reason."""

from __future__ import annotations

from vidpose.biomech.metrics.gates import blocked
from vidpose.biomech.metrics.metric import evaluate
from vidpose.biomech.metrics.recording import Recording
from vidpose.biomech.scale.scale_metrics import METRICS, CameraEvidence
from vidpose.biomech.scale.trust import Scale
from vidpose.types.metrics import MetricValue


def measure_scale(recording: Recording, scale: Scale) -> tuple[MetricValue, ...]:
    """Return one value per metric of :mod:`~vidpose.biomech.scale.scale_metrics`, in that order.

    Parameters
    ----------
    recording
        The movement; any length, also 0, and any pattern of missing samples.
    scale
        What is known; see :func:`~vidpose.biomech.scale.trust.find_scale_limits` for the findings that go with it.
    """
    evidence = CameraEvidence(recording, scale)
    return tuple(evaluate(METRICS, evidence, recording, lambda row: blocked(row, recording)))

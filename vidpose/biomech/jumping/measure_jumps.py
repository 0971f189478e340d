"""The front door of the jump analysis: a recording in, events and metrics out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from vidpose.biomech.jumping.flight import JumpSettings, find_flights
from vidpose.biomech.jumping.jump_metrics import METRICS, Jumps
from vidpose.biomech.jumping.observed import why_uncounted, why_unseen
from vidpose.biomech.jumping.other_flights import find_other_flights
from vidpose.biomech.metrics.gates import blocked
from vidpose.biomech.metrics.metric import evaluate
from vidpose.biomech.metrics.recording import Recording
from vidpose.biomech.metrics.row import MetricRow
from vidpose.biomech.scale.feet import why_no_feet
from vidpose.types.arrays import FloatArray
from vidpose.types.metrics import Event, MetricValue
from vidpose.types.skeleton import LANDMARK_INDEX

_FEET: Final = [LANDMARK_INDEX[f"{side}_{part}"] for side in ("left", "right") for part in ("heel", "foot_index")]


def find_jumps(
    recording: Recording, com_px: FloatArray, settings: JumpSettings, gait_s: Sequence[tuple[float, float]] = ()
) -> Jumps:
    """Return the jumps and the other flights, where the recording carries them.

    Parameters
    ----------
    recording
        The movement.
    com_px
        Centre of mass, pixels, shape (T, 2); NaN is missing.
    settings
        What counts as a jump.
    gait_s
        Beginning and end of every bout of walking or running, s: the flights of a runner are steps.
    """
    if obstacle := _obstacle(METRICS[0], recording):
        return Jumps((), uncounted=obstacle)
    flights = tuple(find_flights(recording, com_px, settings))
    others = find_other_flights(recording, com_px, flights, gait_s, settings)
    uncounted = why_uncounted(recording, com_px, settings)
    unseen = "" if uncounted or flights else why_unseen(recording, com_px, settings)
    return Jumps(flights, 1.0 / recording.rate_hz, others, uncounted, unseen)


def jump_events(recording: Recording, jumps: Jumps) -> tuple[Event, ...]:
    """Return take-offs and landings in order of time.

    Parameters
    ----------
    recording
        The movement.
    jumps
        Result of :func:`find_jumps`.
    """
    return tuple(
        Event(name, "both", time_s, int(np.argmin(np.abs(recording.times_s - time_s))), 1.0 / recording.rate_hz)
        for flight in jumps.flights
        for name, time_s in (("take_off", flight.take_off_s), ("landing", flight.landing_s))
    )


def measure_jumps(recording: Recording, jumps: Jumps) -> tuple[MetricValue, ...]:
    """Return one value per metric of :mod:`~vidpose.biomech.jumping.jump_metrics`, in that order.

    Parameters
    ----------
    recording
        The movement.
    jumps
        Result of :func:`find_jumps`.
    """
    return tuple(evaluate(METRICS, jumps, recording, lambda row: _obstacle(row, recording)))


def _obstacle(row: MetricRow, recording: Recording) -> str:
    """Return why jumps cannot be detected, or an empty string."""
    reason = blocked(row, recording)
    if not reason and not np.isfinite(recording.filtered.image_px[:, _FEET, 0]).any(axis=0).all():
        return why_no_feet(recording.filtered) or "low_confidence"
    return reason

"""The front door of the jump analysis: a recording in, events and metrics out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from vidpose.biomech.jumping.flight import GRAVITY_M_S2, Flight, JumpSettings, find_flights, why_unwatched
from vidpose.biomech.jumping.jump_metrics import METRICS
from vidpose.biomech.metrics.gates import absent, blocked, span_s
from vidpose.biomech.metrics.recording import Recording
from vidpose.biomech.metrics.row import MetricRow
from vidpose.biomech.scale.feet import why_no_feet
from vidpose.types.arrays import FloatArray
from vidpose.types.metrics import Event, MetricValue
from vidpose.types.skeleton import LANDMARK_INDEX

_FEET: Final = [LANDMARK_INDEX[f"{side}_{part}"] for side in ("left", "right") for part in ("heel", "foot_index")]


@dataclass(frozen=True, slots=True)
class Jumps:
    """The jumps in order of time; ``unwatched`` is why none of them says nothing, empty when it does."""

    flights: tuple[Flight, ...]
    unwatched: str = ""


def find_jumps(recording: Recording, com_px: FloatArray, settings: JumpSettings) -> Jumps:
    """Return the jumps, where the recording carries them.

    Parameters
    ----------
    recording
        The movement.
    com_px
        Centre of mass, pixels, shape (T, 2); NaN is missing.
    settings
        What counts as a jump.
    """
    obstacle = _obstacle(METRICS[0], recording)
    flights = () if obstacle else tuple(find_flights(recording, com_px, settings))
    return Jumps(flights, "" if flights else obstacle or why_unwatched(recording, com_px, settings))


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
    """Return one value per row of :data:`~vidpose.biomech.jumping.jump_metrics.METRICS`.

    Parameters
    ----------
    recording
        The movement.
    jumps
        Result of :func:`find_jumps`.
    """
    values: list[MetricValue] = []
    for row in METRICS:
        none_found = "" if jumps.flights else jumps.unwatched or ("" if row.id == "jump_count" else "no_events")
        reason = _obstacle(row, recording) or none_found
        values += absent(row, reason, recording) if reason else [_value(row, recording, jumps.flights)]
    return tuple(values)


def _obstacle(row: MetricRow, recording: Recording) -> str:
    """Return why jumps cannot be looked for, or an empty string."""
    reason = blocked(row, recording)
    if not reason and not np.isfinite(recording.filtered.image_px[:, _FEET, 0]).any(axis=0).all():
        return why_no_feet(recording.filtered) or "low_confidence"
    return reason


def _value(row: MetricRow, recording: Recording, flights: Sequence[Flight]) -> MetricValue:
    if row.id == "jump_count":
        start_s, end_s = span_s(recording)
        return MetricValue(row.id, "none", float(len(flights)), float("nan"), "", start_s, end_s, len(flights))
    start_s, end_s = flights[0].take_off_s, flights[-1].landing_s
    values, errors = _samples(row.id.removesuffix("_m"), flights, recording)
    known = np.isfinite(values)
    n = int(known.sum())
    if n == 0:
        return MetricValue(row.id, "none", reason="no_events", start_s=start_s, end_s=end_s)
    scale = recording.height_m if row.needs_height and recording.height_m is not None else 1.0
    if row.id == "jump_height_flight_best":
        best = int(np.nanargmax(values))
        return MetricValue(row.id, "none", float(values[best]), float(errors[best]), "", start_s, end_s, 1)
    error = float(np.sqrt(np.mean(errors[known] ** 2) / n))
    return MetricValue(row.id, "none", scale * float(np.mean(values[known])), scale * error, "", start_s, end_s, n)


def _samples(kind: str, flights: Sequence[Flight], recording: Recording) -> tuple[FloatArray, FloatArray]:
    """Return the value of every jump and half of its 95 % interval, each shape (n,)."""
    flight_s = np.array([flight.flight_s for flight in flights])
    frame_s = np.full(len(flights), 1.0 / recording.rate_hz)  # of a time between two events that are half of it off
    rise = np.array([flight.rise_bh for flight in flights])
    unknown = np.full(len(flights), np.nan)
    if kind == "jump_flight_time":
        return flight_s, frame_s
    if kind.startswith("jump_height_flight"):
        return GRAVITY_M_S2 * flight_s**2 / 8.0, GRAVITY_M_S2 * flight_s * frame_s / 4.0
    if kind == "jump_take_off_speed":
        return GRAVITY_M_S2 * flight_s / 2.0, GRAVITY_M_S2 * frame_s / 2.0
    if kind == "jump_height_com":
        # half a frame off at take-off, where the speed is twice the mean speed of the rise
        return rise, 2.0 * rise / (flight_s / 2.0) * frame_s / 2.0
    if kind == "countermovement_depth":
        return np.array([flight.sink_bh for flight in flights]), unknown
    return np.array([flight.push_s for flight in flights]), frame_s

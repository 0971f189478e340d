"""The front door: what the picture says about the camera, as metrics with a value or a reason."""

from __future__ import annotations

import math

import numpy as np

from vidpose.biomech.metrics.gates import absent, blocked, span_s
from vidpose.biomech.metrics.recording import Recording
from vidpose.biomech.points import named_points
from vidpose.biomech.scale.feet import why_no_feet
from vidpose.biomech.scale.floor import FloorLine
from vidpose.biomech.scale.scale_metrics import METRICS
from vidpose.biomech.scale.trust import PITCH_POINTS, Scale
from vidpose.types.mapped_arrays import frame_blocks
from vidpose.types.metrics import MetricValue


def measure_scale(recording: Recording, scale: Scale) -> tuple[MetricValue, ...]:
    """Return the metrics of the scale, one per row of :data:`~vidpose.biomech.scale.scale_metrics.METRICS`.

    Parameters
    ----------
    recording
        The movement; any length, also 0, and any pattern of missing samples.
    scale
        What is known; see :func:`~vidpose.biomech.scale.trust.find_scale_limits` for the findings that go with it.
    """
    floor = scale.floor
    n_frames = int(np.isfinite(recording.local_height_px).sum())
    readings = {
        "camera_roll": (floor.angle_rad, floor.half_width_rad, floor.n_contacts, _why_no_floor(recording, floor)),
        "size_change": (scale.size_change, math.nan, n_frames, "no_data"),
        "camera_pitch": (scale.pitch_rad, scale.pitch_half_width_rad, n_frames, _why_no_pitch(recording)),
    }
    start_s, end_s = span_s(recording)
    found: list[MetricValue] = []
    for row in METRICS:
        value, half_width, count, why_none = readings[row.id]
        reason = blocked(row, recording) or ("" if math.isfinite(value) else why_none)
        if reason:
            found.extend(absent(row, reason, recording))
        else:
            found.append(MetricValue(row.id, "none", value, half_width, "", start_s, end_s, count))
    return tuple(found)


def _why_no_floor(recording: Recording, floor: FloorLine) -> str:
    unseen = why_no_feet(recording.filtered)
    return unseen or ("low_confidence" if math.isfinite(floor.half_width_rad) else "no_events")


def _why_no_pitch(recording: Recording) -> str:
    """Return why there is no line from ankles to shoulders in space that stands upright."""
    world_m = recording.filtered.world_m
    if not any(np.isfinite(world_m[rows]).any() for rows in frame_blocks(recording.n_frames)):
        return "no_world"
    return "not_static" if np.isfinite(named_points(world_m, PITCH_POINTS)).all(axis=(1, 2)).any() else "no_data"

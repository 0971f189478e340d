"""The numbers of the whole body, in body heights and radians, one function per kind of metric."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Final

import numpy as np

from vidpose.biomech.balance.balance_context import BalanceContext, BalanceReading, select
from vidpose.biomech.balance.base_of_support import base_of_support, margin_of_stability
from vidpose.biomech.balance.noise import CONFIDENCE_95, centre_noise_bh
from vidpose.biomech.balance.posture import ALIGNMENT, LENGTH_BH
from vidpose.biomech.balance.standing import longest_run
from vidpose.biomech.balance.sway import ellipse_area, sway_path, sway_range, sway_rms
from vidpose.biomech.metrics.row import MetricRow
from vidpose.biomech.points import named_points
from vidpose.biomech.scale.feet import FOOT_POINTS, why_no_feet
from vidpose.types.arrays import BoolArray, FloatArray
from vidpose.types.metrics import MetricSide


def read(context: BalanceContext, row: MetricRow, side: MetricSide) -> BalanceReading:
    """Take a metric's frames, look whether they will do, and compute."""
    if "heel" in row.landmarks and (unseen := why_no_feet(context.recording.filtered)):
        return BalanceReading(context.standing, reason=unseen)
    if "view_from_above" in context.scale.doubts and row.unit != "rad":
        return BalanceReading(context.standing, reason="scale")
    if row.id.startswith("sway"):
        return _sway(context, row)
    if (row.id, side) in ALIGNMENT:
        return _posture(context, row, side)
    return _OF_BODY[row.id.removesuffix("_ap").removesuffix("_ml")](context, row)


def _com_height(context: BalanceContext, row: MetricRow) -> BalanceReading:
    recording = context.recording
    feet = named_points(recording.filtered.image_px, FOOT_POINTS)[:, :, 1]
    floor = np.where(context.contacts, feet, -np.inf).max(axis=1)
    height = (np.where(np.isfinite(floor), floor, np.nan) - context.com.image_px[:, 1]) / recording.local_height_px
    reading = select(context, row, context.standing, height, "not_static")
    if reading.reason:
        return reading
    noise = math.hypot(centre_noise_bh(context.noise_bh, recording.sex), context.noise_bh)
    return replace(reading, value=float(np.median(height[reading.frames])), uncertainty=CONFIDENCE_95 * noise)


def _com_vertical_range(context: BalanceContext, row: MetricRow) -> BalanceReading:
    up = -context.com.image_px[:, 1] / context.recording.body_height_px
    reading = _moving(context, row, up)
    if reading.reason:
        return reading
    noise = math.sqrt(2.0) * centre_noise_bh(context.noise_bh, context.recording.sex)
    return replace(reading, value=float(np.ptp(up[reading.frames])), uncertainty=CONFIDENCE_95 * noise)


def _com_speed(context: BalanceContext, row: MetricRow) -> BalanceReading:
    speed = np.hypot(*context.com.velocity_bh_s.T)
    reading = _moving(context, row, speed)
    if reading.reason:
        return reading
    of = np.mean if row.id.endswith("mean") else np.max
    return replace(reading, value=float(of(speed[reading.frames])))


def _moving(context: BalanceContext, row: MetricRow, values: FloatArray) -> BalanceReading:
    reading = select(context, row, context.recording.filtered.stretch >= 0, values, "no_data")
    return replace(reading, reason="scale") if context.scale.doubts and not reading.reason else reading


def _support(context: BalanceContext, row: MetricRow) -> BoolArray:
    """Return the contacts that show the base of support: from the front one foot alone has a length, but no width."""
    if row.plane != "frontal":
        return context.contacts
    both = np.any(context.contacts[:, :2], axis=1) & np.any(context.contacts[:, 2:], axis=1)
    result: BoolArray = context.contacts & both[:, None]
    return result


def _base_of_support(context: BalanceContext, row: MetricRow) -> BalanceReading:
    recording, contacts = context.recording, _support(context, row)
    if context.contacts[context.standing].any() and not contacts[context.standing].any():
        return BalanceReading(context.standing, reason="no_events")
    width = np.diff(base_of_support(recording, contacts), axis=1)[:, 0] / recording.local_height_px
    reading = select(context, row, context.standing, width, "not_static")
    if reading.reason:
        return reading
    noise = math.sqrt(2.0) * context.noise_bh
    return replace(reading, value=float(np.median(width[reading.frames])), uncertainty=CONFIDENCE_95 * noise)


def _margin_of_stability(context: BalanceContext, row: MetricRow) -> BalanceReading:
    contacts = _support(context, row)
    margin = margin_of_stability(context.com, context.recording, contacts, context.settings.support)
    reading = select(context, row, np.any(contacts, axis=1), margin, "no_events")
    return reading if reading.reason else replace(reading, value=float(np.quantile(margin[reading.frames], 0.05)))


def _posture(context: BalanceContext, row: MetricRow, side: MetricSide) -> BalanceReading:
    recording = context.recording
    angle = ALIGNMENT[row.id, side](recording.filtered.image_px, recording.facing)
    reading = select(context, row, context.standing, angle, "not_static")
    if reading.reason:
        return reading
    noise = math.sqrt(2.0) * context.noise_bh / LENGTH_BH[row.id]
    return replace(reading, value=float(np.median(angle[reading.frames])), uncertainty=CONFIDENCE_95 * noise)


def _sway(context: BalanceContext, row: MetricRow) -> BalanceReading:
    recording = context.recording
    reading = select(context, row, context.standing, context.com.image_px[:, 0], "not_static")
    if reading.reason:
        return reading
    run = longest_run(reading.frames, recording)
    times_s = recording.times_s[run]
    frames = np.zeros(recording.n_frames, dtype=bool)
    frames[run] = True
    duration_s = float(times_s[-1] - times_s[0])
    if duration_s < context.settings.sway.min_duration_s:
        return BalanceReading(frames, reason="too_short")
    places_bh = context.com.image_px[run] / np.nanmedian(recording.local_height_px[run])
    noise = CONFIDENCE_95 * centre_noise_bh(context.noise_bh, recording.sex)
    rms = sway_rms(places_bh[:, 0])
    if row.plane != "image" and rms < noise:
        return BalanceReading(frames, reason="below_noise")
    return replace(_sway_value(row, places_bh, duration_s, noise), frames=frames)


def _sway_value(row: MetricRow, places_bh: FloatArray, duration_s: float, noise: float) -> BalanceReading:
    across = places_bh[:, 0]
    none = np.zeros(0, dtype=bool)
    if row.id == "sway_ellipse_image":
        return BalanceReading(none, ellipse_area(places_bh * 100.0))
    kind = row.id.split("_")[1]
    if kind == "rms":
        rms = sway_rms(across)
        return BalanceReading(none, rms, rms - math.sqrt(max(rms**2 - noise**2, 0.0)))  # noise adds in squares
    if kind == "range":
        return BalanceReading(none, sway_range(across), math.sqrt(2.0) * noise)
    path = sway_path(across)
    return BalanceReading(none, path if kind == "path" else path / duration_s)


_OF_BODY: Final[dict[str, Callable[[BalanceContext, MetricRow], BalanceReading]]] = {
    "com_height": _com_height,
    "com_vertical_range": _com_vertical_range,
    "com_speed_mean": _com_speed,
    "com_speed_max": _com_speed,
    "base_of_support": _base_of_support,
    "margin_of_stability": _margin_of_stability,
}

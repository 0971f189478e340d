"""The numbers of the whole body, in body heights and radians, one function per kind of metric."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Final

import numpy as np

from vidpose.biomech.balance.noise import CONFIDENCE_95, centre_noise_bh
from vidpose.biomech.balance.posture import ALIGNMENT, LENGTH_BH
from vidpose.biomech.balance.scene import Reading, Scene, select
from vidpose.biomech.balance.standing import longest_run
from vidpose.biomech.balance.support import base_of_support, margin_of_stability
from vidpose.biomech.balance.sway import ellipse_area, sway_path, sway_range, sway_rms
from vidpose.biomech.metrics.row import MetricRow
from vidpose.biomech.points import named_points
from vidpose.biomech.scale.feet import FOOT_POINTS, why_no_feet
from vidpose.types.arrays import BoolArray, FloatArray
from vidpose.types.metrics import MetricSide


def read(scene: Scene, row: MetricRow, side: MetricSide) -> Reading:
    """Take a metric's frames, look whether they will do, and compute."""
    if "heel" in row.landmarks and (unseen := why_no_feet(scene.recording.filtered)):
        return Reading(scene.standing, reason=unseen)
    if "view_from_above" in scene.scale.doubts and row.unit != "rad":
        return Reading(scene.standing, reason="scale")
    if row.id.startswith("sway"):
        return _sway(scene, row)
    if (row.id, side) in ALIGNMENT:
        return _posture(scene, row, side)
    return _OF_BODY[row.id.removesuffix("_ap").removesuffix("_ml")](scene, row)


def _com_height(scene: Scene, row: MetricRow) -> Reading:
    recording = scene.recording
    feet = named_points(recording.filtered.image_px, FOOT_POINTS)[:, :, 1]
    floor = np.where(scene.contacts, feet, -np.inf).max(axis=1)
    height = (np.where(np.isfinite(floor), floor, np.nan) - scene.com.image_px[:, 1]) / recording.local_height_px
    reading = select(scene, row, scene.standing, height, "not_static")
    if reading.reason:
        return reading
    noise = math.hypot(centre_noise_bh(scene.noise_bh, recording.sex), scene.noise_bh)
    return replace(reading, value=float(np.median(height[reading.frames])), uncertainty=CONFIDENCE_95 * noise)


def _com_vertical_range(scene: Scene, row: MetricRow) -> Reading:
    up = -scene.com.image_px[:, 1] / scene.recording.body_height_px
    reading = _moving(scene, row, up)
    if reading.reason:
        return reading
    noise = math.sqrt(2.0) * centre_noise_bh(scene.noise_bh, scene.recording.sex)
    return replace(reading, value=float(np.ptp(up[reading.frames])), uncertainty=CONFIDENCE_95 * noise)


def _com_speed(scene: Scene, row: MetricRow) -> Reading:
    speed = np.hypot(*scene.com.velocity_bh_s.T)
    reading = _moving(scene, row, speed)
    if reading.reason:
        return reading
    of = np.mean if row.id.endswith("mean") else np.max
    return replace(reading, value=float(of(speed[reading.frames])))


def _moving(scene: Scene, row: MetricRow, values: FloatArray) -> Reading:
    reading = select(scene, row, scene.recording.filtered.stretch >= 0, values, "no_data")
    return replace(reading, reason="scale") if scene.scale.doubts and not reading.reason else reading


def _support(scene: Scene, row: MetricRow) -> BoolArray:
    """Return the contacts that show the base of support: from the front one foot alone has a length, but no width."""
    if row.plane != "frontal":
        return scene.contacts
    both = np.any(scene.contacts[:, :2], axis=1) & np.any(scene.contacts[:, 2:], axis=1)
    result: BoolArray = scene.contacts & both[:, None]
    return result


def _base_of_support(scene: Scene, row: MetricRow) -> Reading:
    recording, contacts = scene.recording, _support(scene, row)
    if scene.contacts[scene.standing].any() and not contacts[scene.standing].any():
        return Reading(scene.standing, reason="no_events")
    width = np.diff(base_of_support(recording, contacts), axis=1)[:, 0] / recording.local_height_px
    reading = select(scene, row, scene.standing, width, "not_static")
    if reading.reason:
        return reading
    noise = math.sqrt(2.0) * scene.noise_bh
    return replace(reading, value=float(np.median(width[reading.frames])), uncertainty=CONFIDENCE_95 * noise)


def _margin_of_stability(scene: Scene, row: MetricRow) -> Reading:
    contacts = _support(scene, row)
    margin = margin_of_stability(scene.com, scene.recording, contacts, scene.settings.support)
    reading = select(scene, row, np.any(contacts, axis=1), margin, "no_events")
    return reading if reading.reason else replace(reading, value=float(np.quantile(margin[reading.frames], 0.05)))


def _posture(scene: Scene, row: MetricRow, side: MetricSide) -> Reading:
    recording = scene.recording
    angle = ALIGNMENT[row.id, side](recording.filtered.image_px, recording.facing)
    reading = select(scene, row, scene.standing, angle, "not_static")
    if reading.reason:
        return reading
    noise = math.sqrt(2.0) * scene.noise_bh / LENGTH_BH[row.id]
    return replace(reading, value=float(np.median(angle[reading.frames])), uncertainty=CONFIDENCE_95 * noise)


def _sway(scene: Scene, row: MetricRow) -> Reading:
    recording = scene.recording
    reading = select(scene, row, scene.standing, scene.com.image_px[:, 0], "not_static")
    if reading.reason:
        return reading
    run = longest_run(reading.frames, recording)
    times_s = recording.times_s[run]
    frames = np.zeros(recording.n_frames, dtype=bool)
    frames[run] = True
    duration_s = float(times_s[-1] - times_s[0])
    if duration_s < scene.settings.sway.min_duration_s:
        return Reading(frames, reason="too_short")
    places_bh = scene.com.image_px[run] / np.nanmedian(recording.local_height_px[run])
    noise = CONFIDENCE_95 * centre_noise_bh(scene.noise_bh, recording.sex)
    rms = sway_rms(places_bh[:, 0])
    if row.plane != "image" and rms < noise:
        return Reading(frames, reason="below_noise")
    return replace(_sway_value(row, places_bh, duration_s, noise), frames=frames)


def _sway_value(row: MetricRow, places_bh: FloatArray, duration_s: float, noise: float) -> Reading:
    across = places_bh[:, 0]
    none = np.zeros(0, dtype=bool)
    if row.id == "sway_ellipse_image":
        return Reading(none, ellipse_area(places_bh * 100.0))
    kind = row.id.split("_")[1]
    if kind == "rms":
        rms = sway_rms(across)
        return Reading(none, rms, rms - math.sqrt(max(rms**2 - noise**2, 0.0)))  # noise adds in squares
    if kind == "range":
        return Reading(none, sway_range(across), math.sqrt(2.0) * noise)
    path = sway_path(across)
    return Reading(none, path if kind == "path" else path / duration_s)


_OF_BODY: Final[dict[str, Callable[[Scene, MetricRow], Reading]]] = {
    "com_height": _com_height,
    "com_vertical_range": _com_vertical_range,
    "com_speed_mean": _com_speed,
    "com_speed_max": _com_speed,
    "base_of_support": _base_of_support,
    "margin_of_stability": _margin_of_stability,
}

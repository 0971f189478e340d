"""Metrics of the centre of mass: its height, its vertical excursion and its speed."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from vidpose.biomech.balance.balance_context import (
    BODY_LANDMARKS,
    FOOT_LANDMARKS,
    IN_IMAGE,
    MIN_RATE_HZ,
    BalanceContext,
    BalanceMetric,
    select,
    why_no_lengths,
)
from vidpose.biomech.balance.noise import CONFIDENCE_95, centre_noise_bh
from vidpose.biomech.metrics.metric import Outcome
from vidpose.biomech.points import named_points
from vidpose.biomech.scale.feet import FOOT_POINTS
from vidpose.types.arrays import FloatArray
from vidpose.types.metrics import MetricSide


def com_height(context: BalanceContext, _: MetricSide) -> Outcome:
    """Return the median height above the lowest foot point in contact with the floor, during quiet standing."""
    if reason := why_no_lengths(context, of_feet=True):
        return Outcome(frames=context.standing, reason=reason)
    recording = context.recording
    feet = named_points(recording.filtered.image_px, FOOT_POINTS)[:, :, 1]
    floor = np.where(context.contacts, feet, -np.inf).max(axis=1)
    height = (np.where(np.isfinite(floor), floor, np.nan) - context.com.image_px[:, 1]) / recording.local_height_px
    found = select(context, IN_IMAGE, context.standing, height, "not_static")
    if found.reason:
        return found
    noise = math.hypot(centre_noise_bh(context.noise_bh, recording.sex), context.noise_bh)
    return replace(found, value=float(np.median(height[found.frames])), uncertainty=CONFIDENCE_95 * noise)


def com_vertical_range(context: BalanceContext, _: MetricSide) -> Outcome:
    """Return the highest less the lowest position over the whole recording."""
    up = -context.com.image_px[:, 1] / context.recording.body_height_px
    found = _whole_recording(context, up)
    if found.reason:
        return found
    noise = math.sqrt(2.0) * centre_noise_bh(context.noise_bh, context.recording.sex)
    return replace(found, value=float(np.ptp(up[found.frames])), uncertainty=CONFIDENCE_95 * noise)


@dataclass(frozen=True, slots=True)
class ComSpeed:
    """The speed in the image plane over the whole recording, summarised by ``statistic``."""

    statistic: Callable[[FloatArray], float]

    def __call__(self, context: BalanceContext, _: MetricSide) -> Outcome:
        """Return the statistic of the speed, body heights/s."""
        speed = np.hypot(*context.com.velocity_bh_s.T)
        found = _whole_recording(context, speed)
        return found if found.reason else replace(found, value=float(self.statistic(speed[found.frames])))


def _whole_recording(context: BalanceContext, values: FloatArray) -> Outcome:
    if reason := why_no_lengths(context):
        return Outcome(frames=context.standing, reason=reason)
    found = select(context, IN_IMAGE, context.recording.filtered.stretch >= 0, values, "no_data")
    return replace(found, reason="scale") if context.scale.doubts and not found.reason else found


_HEIGHT: Final = BalanceMetric(
    id="com_height",
    label="Height of the centre of mass",
    definition="Median height of the centre of mass above the lowest foot landmark in contact with the floor, "
    "during quiet standing",
    formula="median(y_foot - y_com) / body height",
    unit="body_heights",
    positive="higher",
    zero="at floor level",
    plane=IN_IMAGE.plane,
    views=IN_IMAGE.views,
    landmarks=BODY_LANDMARKS + FOOT_LANDMARKS,
    source="body-segment masses: de Leva, J Biomech 29 (1996) 1223; landmarks ours",
    decimals=3,
    note="Biased by the pose model: for a rendered mannequin it is 0.03 too low in side view (hips and knees are "
    "estimated 0.02 too low, heels and toes 0.01 too high, and stature 2 % too tall), and within 0.005 of the true "
    "value in front view.",
    compute=com_height,
)
_EXCURSION: Final = replace(
    _HEIGHT,
    id="com_vertical_range",
    label="Vertical excursion of the centre of mass",
    definition="Difference between the highest and the lowest position of the centre of mass over the whole recording",
    formula="(max(y_com) - min(y_com)) / body height",
    positive="larger excursion",
    zero="no vertical movement",
    still_camera=True,
    landmarks=BODY_LANDMARKS,
    note="Walking towards the camera also shifts a person within the image: not given when the person's size changes.",
    compute=com_vertical_range,
)
_SPEED: Final = replace(
    _EXCURSION,
    id="com_speed_mean",
    label="Mean speed of the centre of mass",
    definition="Mean speed of the centre of mass in the image plane over the whole recording",
    formula="mean(|d(x, y)_com / dt|) / body height",
    unit="body_heights/s",
    positive="faster",
    zero="at rest",
    min_rate_hz=MIN_RATE_HZ,
    note="Movement towards or away from the camera is not captured; movement of the camera is added.",
    compute=ComSpeed(np.mean),
)

COM_METRICS: Final[tuple[BalanceMetric, ...]] = (
    _HEIGHT,
    _EXCURSION,
    _SPEED,
    replace(
        _SPEED,
        id="com_speed_max",
        label="Peak speed of the centre of mass",
        definition="Highest speed of the centre of mass in the image plane during the recording",
        formula="max(|d(x, y)_com / dt|) / body height",
        compute=ComSpeed(np.max),
    ),
)
"""Metrics of the centre of mass; those in metres are added to them."""

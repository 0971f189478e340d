"""The metrics of walking and running."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from vidpose.biomech.conventions import SIDE_VIEWS
from vidpose.biomech.gait.samples import (
    cadences,
    contact_times,
    double_supports,
    duty_factors,
    flight_times,
    oscillations,
    overstrides,
    shank_angles,
    speeds,
    stance_knee_flexions,
    step_lengths,
    step_times,
    stride_lengths,
    stride_times,
    swing_times,
    trunk_leans,
)
from vidpose.biomech.gait.step_statistics import (
    RUNNING_CONTACT_RATE_HZ,
    GaitMetric,
    StepStatistic,
    asymmetry,
    deviation,
    mean_of_bouts,
    variation,
)
from vidpose.biomech.metrics.metric import in_metres
from vidpose.types.metrics import MetricSide

RHYTHM_RATE_HZ: Final = 15.0
"""Ours: five frames per step of a runner; the moments lie between frames."""
_CONTACT_RATE_HZ: Final = 25.0
"""Stenum, Rossi & Roemmich (2021) measured 0.02 s error of a walker's stance and swing at 25 frames per second."""

_SIDES: Final[tuple[MetricSide, ...]] = ("left", "right")
_BOTH: Final[tuple[MetricSide, ...]] = ("both",)
_BODY: Final[tuple[MetricSide, ...]] = ("none",)
_RUNNERS: Final = "In running it requires 50 frames per second."
_NOT_SHOWN: Final = (
    "Not given on a treadmill, with a camera that follows the person, or when the body is turned 30 degrees or more "
    "out of the side view."
)

_STEP_TIME: Final = GaitMetric(
    id="step_time",
    label="Step time",
    definition="Mean time from a foot strike of the other foot to the next foot strike of this foot.",
    formula="mean(strike[k] - strike[k-1])",
    unit="s",
    positive="longer",
    zero="does not occur",
    plane="sagittal",
    landmarks=("mid_hip", "heel", "foot_index", "ankle"),
    views=SIDE_VIEWS,
    sides=(*_SIDES, "both"),
    source="Zeni, Richards & Higginson 2008; moments refined, ours",
    min_rate_hz=RHYTHM_RATE_HZ,
    decimals=3,
    note="In running, steps are timed by the instant at which the heel is farthest ahead of the pelvis.",
    compute=StepStatistic(step_times),
)
_VARIATION: Final = replace(
    _STEP_TIME,
    id="step_time_cv",
    label="Step time, coefficient of variation",
    definition="Standard deviation of all step times divided by their mean; it includes the measurement scatter.",
    formula="sd / mean",
    unit="share",
    positive="more variable",
    zero="no variability",
    sides=_BOTH,
    decimals=1,
    compute=StepStatistic(step_times, variation),
)
_CONTACT: Final = replace(
    _STEP_TIME,
    id="contact_time",
    label="Contact time (stance)",
    definition="Mean time from foot strike to toe-off of the same foot.",
    formula="mean(off[k] - strike[k])",
    min_rate_hz=_CONTACT_RATE_HZ,
    sides=_SIDES,
    note=_RUNNERS,
    compute=StepStatistic(contact_times, fine=True),
)
_LENGTH: Final = replace(
    _STEP_TIME,
    id="step_length",
    label="Step length",
    definition="Mean distance along the floor from the position of the other foot to the next position of this foot.",
    formula="mean(place[k] - place[k-1])",
    unit="body_heights",
    positive="forward",
    zero="no forward progress",
    source="ours: from the position of the ankle in mid-stance; Stenum et al. 2021 report an error of 0.05 m per step "
    "on video",
    still_camera=True,
    note=_NOT_SHOWN,
    compute=StepStatistic(step_lengths, in_side_view=True, over_ground=True),
)
_STRIDE_LENGTH: Final = replace(
    _LENGTH,
    id="stride_length",
    label="Stride length",
    definition="Mean distance along the floor between two successive positions of the same foot.",
    formula="mean(place[k] - place[k-2])",
    sides=_BOTH,
    compute=StepStatistic(stride_lengths, in_side_view=True, over_ground=True),
)
_SPEED: Final = replace(
    _LENGTH,
    id="gait_speed",
    label="Gait speed",
    definition="Displacement of the pelvis from the first to the last step, divided by the time between them.",
    formula="(pelvis[end] - pelvis[start]) / (end - start)",
    unit="body_heights/s",
    sides=_BODY,
    compute=StepStatistic(speeds, mean_of_bouts, in_side_view=True, over_ground=True),
)
_OSCILLATION: Final = replace(
    _LENGTH,
    id="vertical_oscillation",
    label="Vertical oscillation of the pelvis",
    definition="Difference between the highest and the lowest position of the pelvis within a step, averaged over all "
    "steps.",
    formula="mean(max(y_pelvis) - min(y_pelvis))",
    positive="larger oscillation",
    zero="no vertical movement",
    sides=_BODY,
    source="Folland et al. 2017 (as pelvis displacement); here of the midpoint of the hips",
    note="",
    compute=StepStatistic(oscillations),
)

METRICS: Final[tuple[GaitMetric, ...]] = (
    replace(
        _STEP_TIME,
        id="cadence",
        label="Cadence",
        definition="Step frequency: the inverse of the slope of a line fitted to the times of the steps.",
        formula="1 / slope(time of step k over k)",
        unit="1/s",
        positive="higher step frequency",
        sides=_BODY,
        decimals=1,
        compute=StepStatistic(cadences, mean_of_bouts),
    ),
    _STEP_TIME,
    replace(
        _VARIATION,
        id="step_time_sd",
        label="Step time, standard deviation",
        definition="Standard deviation of all step times; it includes the measurement scatter.",
        formula="sd(strike[k] - strike[k-1])",
        unit="s",
        decimals=3,
        compute=StepStatistic(step_times, deviation),
    ),
    _VARIATION,
    replace(
        _VARIATION,
        id="step_time_asymmetry",
        label="Step time, right minus left",
        definition="Mean step time of the right foot minus that of the left foot, divided by the mean of both.",
        formula="(right - left) / ((right + left) / 2)",
        positive="the right foot's steps take longer",
        zero="symmetrical step times",
        compute=StepStatistic(step_times, asymmetry),
    ),
    replace(
        _STEP_TIME,
        id="stride_time",
        label="Stride time",
        definition="Mean time between two successive foot strikes of the same foot.",
        formula="mean(strike[k] - strike[k-2])",
        compute=StepStatistic(stride_times),
    ),
    replace(
        _VARIATION,
        id="stride_time_cv",
        label="Stride time, coefficient of variation",
        definition="Standard deviation of all stride times divided by their mean; it includes the measurement scatter.",
        compute=StepStatistic(stride_times, variation),
    ),
    _CONTACT,
    replace(
        _CONTACT,
        id="swing_time",
        label="Swing time",
        definition="Mean time from toe-off to the next foot strike of the same foot.",
        formula="mean(strike[k+2] - off[k])",
        compute=StepStatistic(swing_times, fine=True),
    ),
    replace(
        _CONTACT,
        id="duty_factor",
        label="Duty factor (stance share)",
        definition="Mean proportion of the stride during which the foot is on the floor.",
        formula="mean((off[k] - strike[k]) / (strike[k+2] - strike[k]))",
        unit="share",
        decimals=1,
        note=f"Above 50 % in walking, below 50 % in running. {_RUNNERS}",
        compute=StepStatistic(duty_factors, fine=True),
    ),
    replace(
        _CONTACT,
        id="double_support",
        label="Double support",
        definition="Mean proportion of the stride during which both feet are on the floor; walking only.",
        formula="mean((off[k] - strike[k+1] + off[k+1] - strike[k+2]) / (strike[k+2] - strike[k]))",
        unit="share",
        sides=_BOTH,
        decimals=1,
        note="",
        compute=StepStatistic(double_supports),
    ),
    replace(
        _CONTACT,
        id="step_flight_time",
        label="Flight time per step",
        definition="Mean time from toe-off of one foot to foot strike of the other foot; running only.",
        formula="mean(strike[k+1] - off[k])",
        sides=_BOTH,
        min_rate_hz=RUNNING_CONTACT_RATE_HZ,
        note="",
        compute=StepStatistic(flight_times),
    ),
    _LENGTH,
    in_metres(_LENGTH),
    _STRIDE_LENGTH,
    in_metres(_STRIDE_LENGTH),
    _SPEED,
    in_metres(_SPEED),
    _OSCILLATION,
    in_metres(_OSCILLATION),
    replace(
        _STEP_TIME,
        id="gait_trunk_lean",
        label="Trunk lean in gait",
        definition="Mean angle of the line from the midpoint of the hips to the midpoint of the shoulders relative to "
        "the vertical, over whole steps.",
        formula="mean(atan2(forward, up))",
        unit="rad",
        positive="leaning forward",
        zero="upright",
        landmarks=("mid_hip", "neck"),
        sides=_BODY,
        source="Souza 2016; the vertical is that of the image",
        decimals=1,
        note="",
        compute=StepStatistic(trunk_leans, in_side_view=True),
    ),
    replace(
        _CONTACT,
        id="overstride",
        label="Foot ahead of the hips at contact",
        definition="Mean horizontal distance by which the ankle is ahead of the midpoint of the hips at foot strike, "
        "relative to leg length (0.491 body heights).",
        formula="mean((x_ankle - x_mid_hip) at strike) / leg",
        unit="share",
        positive="the foot lands ahead of the hips",
        zero="under the hips",
        source="Souza 2016; relative to leg length: ours",
        decimals=1,
        compute=StepStatistic(overstrides, fine=True, in_side_view=True),
    ),
    replace(
        _CONTACT,
        id="shank_angle_at_contact",
        label="Shank angle at contact",
        definition="Mean angle of the line from knee to ankle relative to the vertical at foot strike.",
        formula="mean(atan2(forward, down) at strike)",
        unit="rad",
        positive="the ankle ahead of the knee",
        zero="vertical",
        landmarks=("mid_hip", "heel", "foot_index", "knee", "ankle"),
        source="Souza 2016 (tibia angle at loading)",
        decimals=1,
        compute=StepStatistic(shank_angles, fine=True, in_side_view=True),
    ),
    replace(
        _CONTACT,
        id="peak_stance_knee_flexion",
        label="Peak knee flexion in stance",
        definition="Largest knee flexion during the first 60 % of the contact, averaged over all contacts.",
        formula="mean(max(knee flexion))",
        unit="rad",
        positive="flexed",
        zero="straight",
        landmarks=("hip", "knee", "ankle", "heel", "foot_index"),
        source="Souza 2016; the 60 % ours: later the knee flexes for the swing",
        decimals=1,
        compute=StepStatistic(stance_knee_flexions, fine=True),
    ),
)
"""Every gait metric, in the order of the tables."""

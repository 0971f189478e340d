"""What is counted from the steps of a walk or a run, as data."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from vidpose.biomech.conventions import SIDE_VIEWS
from vidpose.biomech.metrics.row import MetricRow
from vidpose.types.metrics import MetricSide

RHYTHM_RATE_HZ: Final = 15.0
"""Ours: five frames per step of a runner; the moments lie between frames."""
CONTACT_RATE_HZ: Final = 25.0
"""Stenum, Rossi & Roemmich (2021) measured 0.02 s error of a walker's stance and swing at 25 frames per second."""
RUNNING_CONTACT_RATE_HZ: Final = 50.0
"""Ours: a runner's contact of 0.2 s then has ten frames; GaitLab calls it approximate below 120."""

_SIDES: Final[tuple[MetricSide, ...]] = ("left", "right")
_PAIR: Final[tuple[MetricSide, ...]] = ("both",)
_BODY: Final[tuple[MetricSide, ...]] = ("none",)
_RUNNERS: Final = "For a runner it needs 50 frames per second."
_ON_THE_SPOT: Final = "Absent on a treadmill, with a camera that follows, and 30 degrees or more out of the side view."

_RHYTHM: Final = MetricRow(
    id="step_time",
    label="Step time",
    definition="Mean time from a foot strike of the other foot to the next one of this foot.",
    formula="mean(strike[k] - strike[k-1])",
    unit="s",
    positive="slower steps",
    zero="none",
    plane="sagittal",
    landmarks=("mid_hip", "heel", "foot_index", "ankle"),
    views=SIDE_VIEWS,
    sides=(*_SIDES, "both"),
    source="Zeni, Richards & Higginson 2008; moments refined, ours",
    min_rate_hz=RHYTHM_RATE_HZ,
    decimals=3,
    note="A runner's steps are timed by the heel's farthest point ahead of the pelvis.",
)
_CONTACT: Final = replace(_RHYTHM, min_rate_hz=CONTACT_RATE_HZ, sides=_SIDES, note=_RUNNERS)
_LENGTH: Final = replace(
    _RHYTHM,
    unit="body_heights",
    positive="forward",
    source="ours: from where the ankle stands in mid-stance; Stenum et al. 2021 report 0.05 m error per step on video",
    still_camera=True,
    note=_ON_THE_SPOT,
)
_BODY_HEIGHT: Final = replace(_LENGTH, sides=_BODY, note="")


def _in_metres(row: MetricRow) -> MetricRow:
    return replace(row, id=f"{row.id}_m", label=f"{row.label} (m)", unit="m", needs_height=True)


_STEP_LENGTH: Final = replace(
    _LENGTH,
    id="step_length",
    label="Step length",
    definition="Mean distance along the floor from where the other foot stood to where this foot stands next.",
    formula="mean(place[k] - place[k-1])",
)
_STRIDE_LENGTH: Final = replace(
    _LENGTH,
    id="stride_length",
    label="Stride length",
    definition="Mean distance along the floor between two places of the same foot.",
    formula="mean(place[k] - place[k-2])",
    sides=_PAIR,
)
_SPEED: Final = replace(
    _LENGTH,
    id="gait_speed",
    label="Speed",
    definition="Distance of the pelvis from the first to the last step over the time.",
    formula="(pelvis[end] - pelvis[start]) / (end - start)",
    unit="body_heights/s",
    sides=_BODY,
)
_OSCILLATION: Final = replace(
    _BODY_HEIGHT,
    id="vertical_oscillation",
    label="Vertical oscillation of the pelvis",
    definition="Mean over the steps of the pelvis' highest less its lowest place within the step.",
    formula="mean(max(y_pelvis) - min(y_pelvis))",
    positive="more up and down",
    zero="the pelvis glides",
    source="Folland et al. 2017 (as pelvis displacement); of the middle of the hips here",
    decimals=3,
)

METRICS: Final[tuple[MetricRow, ...]] = (
    replace(
        _RHYTHM,
        id="cadence",
        label="Cadence",
        definition="Steps per time: one over the slope of a line through the times of the steps.",
        formula="1 / slope(time of step k over k)",
        unit="1/s",
        positive="more steps",
        sides=_BODY,
        decimals=1,
    ),
    _RHYTHM,
    replace(
        _RHYTHM,
        id="step_time_sd",
        label="Step time, standard deviation",
        definition="Standard deviation of all step times; the measurement's scatter is part of it.",
        formula="sd(strike[k] - strike[k-1])",
        positive="less even",
        sides=_PAIR,
    ),
    replace(
        _RHYTHM,
        id="step_time_cv",
        label="Step time, coefficient of variation",
        definition="Standard deviation of all step times over their mean; the measurement's scatter is part of it.",
        formula="sd / mean",
        unit="share",
        positive="less even",
        sides=_PAIR,
        decimals=1,
    ),
    replace(
        _RHYTHM,
        id="step_time_asymmetry",
        label="Step time, right less left",
        definition="Mean step time of the right foot less that of the left, over the mean of both.",
        formula="(right - left) / ((right + left) / 2)",
        unit="share",
        positive="the right foot's steps take longer",
        zero="even steps",
        sides=_PAIR,
        decimals=1,
    ),
    replace(
        _RHYTHM,
        id="stride_time",
        label="Stride time",
        definition="Mean time between two foot strikes of the same foot.",
        formula="mean(strike[k] - strike[k-2])",
    ),
    replace(
        _RHYTHM,
        id="stride_time_cv",
        label="Stride time, coefficient of variation",
        definition="Standard deviation of all stride times over their mean; the measurement's scatter is part of it.",
        formula="sd / mean",
        unit="share",
        positive="less even",
        sides=_PAIR,
        decimals=1,
    ),
    replace(
        _CONTACT,
        id="contact_time",
        label="Contact time (stance)",
        definition="Mean time from foot strike to toe-off of the same foot.",
        formula="mean(off[k] - strike[k])",
    ),
    replace(
        _CONTACT,
        id="swing_time",
        label="Swing time",
        definition="Mean time from toe-off to the next foot strike of the same foot.",
        formula="mean(strike[k+2] - off[k])",
    ),
    replace(
        _CONTACT,
        id="duty_factor",
        label="Duty factor (stance share)",
        definition="Mean share of the stride in which the foot is on the floor.",
        formula="mean((off[k] - strike[k]) / (strike[k+2] - strike[k]))",
        unit="share",
        decimals=1,
        note=f"Above 50 % walking, below running. {_RUNNERS}",
    ),
    replace(
        _CONTACT,
        id="double_support",
        label="Double support",
        definition="Mean share of the stride in which both feet are on the floor; walking only.",
        formula="mean((off[k] - strike[k+1] + off[k+1] - strike[k+2]) / (strike[k+2] - strike[k]))",
        unit="share",
        sides=_PAIR,
        decimals=1,
        note="",
    ),
    replace(
        _CONTACT,
        id="step_flight_time",
        label="Flight time of a step",
        definition="Mean time from the toe-off of a foot to the strike of the other one; running only.",
        formula="mean(strike[k+1] - off[k])",
        sides=_PAIR,
        min_rate_hz=RUNNING_CONTACT_RATE_HZ,
        note="",
    ),
    _STEP_LENGTH,
    _in_metres(_STEP_LENGTH),
    _STRIDE_LENGTH,
    _in_metres(_STRIDE_LENGTH),
    _SPEED,
    replace(_in_metres(_SPEED), unit="m/s"),
    _OSCILLATION,
    _in_metres(_OSCILLATION),
    replace(
        _BODY_HEIGHT,
        id="gait_trunk_lean",
        label="Trunk lean in gait",
        definition="Mean angle of the line from the middle of the hips to that of the shoulders from the vertical, "
        "over whole steps.",
        formula="mean(atan2(forward, up))",
        unit="rad",
        positive="leaning forward",
        zero="upright",
        still_camera=False,
        landmarks=("mid_hip", "neck"),
        source="Souza 2016; vertical is that of the picture",
        decimals=1,
    ),
    replace(
        _CONTACT,
        id="overstride",
        label="Foot ahead of the hips at contact",
        definition="Mean distance of the ankle ahead of the middle of the hips at foot strike, over the leg "
        "(0.491 body heights).",
        formula="mean((x_ankle - x_mid_hip) at strike) / leg",
        unit="share",
        positive="the foot lands ahead",
        zero="under the hips",
        source="Souza 2016; as a share of leg length ours",
        decimals=1,
    ),
    replace(
        _CONTACT,
        id="shank_angle_at_contact",
        label="Shank angle at contact",
        definition="Mean angle of the line from knee to ankle from the vertical at foot strike.",
        formula="mean(atan2(forward, down) at strike)",
        unit="rad",
        positive="the ankle ahead of the knee",
        zero="vertical",
        landmarks=("mid_hip", "heel", "foot_index", "knee", "ankle"),
        source="Souza 2016 (tibia angle at loading)",
        decimals=1,
    ),
    replace(
        _CONTACT,
        id="peak_stance_knee_flexion",
        label="Peak knee flexion in stance",
        definition="Mean over the contacts of the largest knee flexion in the first 60 % of the contact.",
        formula="mean(max(knee flexion))",
        unit="rad",
        positive="bent",
        zero="straight",
        landmarks=("hip", "knee", "ankle", "heel", "foot_index"),
        source="Souza 2016; the 60 % ours: later the knee bends for the swing",
        decimals=1,
    ),
)
"""Every gait metric."""

FINE_IN_RUNNING: Final = frozenset(
    {
        "contact_time",
        "swing_time",
        "duty_factor",
        "overstride",
        "shank_angle_at_contact",
        "peak_stance_knee_flexion",
    }
)
"""Metrics that need :data:`RUNNING_CONTACT_RATE_HZ` when the gait is a run."""

"""What the video of one person can answer, question by question, in the words of a coach."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from vidpose.biomech.gaps import frame_period_s
from vidpose.types.arrays import BoolArray
from vidpose.types.grades import Answer, Grade, Question
from vidpose.types.metrics import MetricSide, MetricValue
from vidpose.types.motion import Facing, MotionAnalysis

_YES_SHARE: Final = 0.8
"""Share of the frames with the person in which an angle must be valid for ``yes`` (ours)."""
_ROUGH_SHARE: Final = 0.4
"""The same for ``rough`` (ours)."""
_OBLIQUE_RAD: Final = float(np.radians(30.0))  # as for the finding view_oblique
_AROUND_S: Final = 0.2  # before and after the largest flexion, which must be valid there, too (ours)
_ROUGH_HEIGHT: Final = 0.2  # uncertainty over jump height above which it is rough (ours)
_JOINTS: Final[dict[Question, tuple[str, ...]]] = {
    "knee depth": ("knee",),
    "hip": ("hip",),
    "ankle": ("ankle",),
    "arms": ("shoulder", "elbow"),
}
_BOTH_SHARE: Final = 0.5  # of the frames with the person in which both sides are valid (ours)
_UNSURE: Final = "unsure"
_COMPARED: Final = ("hip", "knee", "shoulder", "elbow")
_NO_DISTANCES: Final = {
    "scale_changes": "distance to the camera changes",
    "view_from_above": "camera tilted",
    "floor_moves": "camera or treadmill moves",
}
_SHORT_REASONS: Final = {
    "no_data": "no landmarks",
    "low_confidence": "feet not seen well",
    "too_short": "too short",
    "frame_rate": "too few frames per second",
    "view": "not seen from the side",
    "no_feet": "no feet in the pose model",
    "no_events": "not seen from take-off to landing",
    "interrupted": "cut or absence",
    "unclear": "too weak to tell",
    "irregular": "steps missed or mixed",
    "in_place": "body stays in place",
    "scale": "distance to the camera changes",
}
"""Reasons of metrics in a few words."""


def grade_answers(analysis: MotionAnalysis) -> tuple[Grade, ...]:
    """Return one grade per question, always in the same order.

    Parameters
    ----------
    analysis
        The person.
    """
    there = analysis.filtered.stretch >= 0
    if not there.any():
        questions: tuple[Question, ...] = (*_JOINTS, "left-right", "gait", "jumps", "distances")
        return tuple(Grade(question, "no", "no person") for question in questions)
    metrics = {(value.metric_id, value.side): value for value in analysis.metrics}
    return (
        *_of_joints(analysis, there),
        _left_right(analysis, there),
        _gait(metrics),
        _jumps(metrics),
        _distances(analysis),
    )


@dataclass(frozen=True, slots=True)
class _JointView:
    """How well the better side of a joint is seen: shares of the frames with the person, and the usual error, deg."""

    valid: float
    given: float
    error_deg: float
    whole: bool


def _of_joints(analysis: MotionAnalysis, there: BoolArray) -> Iterator[Grade]:
    for question, joints in _JOINTS.items():
        seen = [_joint_view(analysis, joint, there) for joint in joints]
        worst = min(seen, key=lambda view: (view.valid, view.given))
        error = f"± {worst.error_deg:.0f}°" if np.isfinite(worst.error_deg) else ""
        if worst.valid >= _YES_SHARE and worst.whole:
            yield Grade(question, "yes", error)
        elif worst.valid >= _YES_SHARE:
            yield Grade(question, "rough", "largest flexion not seen")
        elif worst.valid >= _ROUGH_SHARE:
            yield Grade(question, "rough", f"{worst.valid:.0%} of the time, {_why_not(analysis, there)}")
        elif worst.given >= _YES_SHARE:
            yield Grade(question, "rough", f"{error}, {_why_not(analysis, there)}")
        else:
            yield Grade(question, "no", _why_not(analysis, there))


def _joint_view(analysis: MotionAnalysis, joint: str, there: BoolArray) -> _JointView:
    best = analysis.best
    if best is None:
        return _JointView(0.0, 0.0, float("nan"), False)
    views = []
    for side in "rl":
        column = best.ids.index(f"{joint}_{side}")
        valid, known = best.valid[there, column], np.isfinite(best.values_rad[there, column])
        used = valid if valid.mean() >= _ROUGH_SHARE else known
        errors = best.expected_error_rad[there, column][used]
        error_deg = float(np.rad2deg(np.median(errors))) if len(errors) else float("nan")
        whole = _extreme_is_seen(analysis, np.where(there, best.values_rad[:, column], np.nan), best.valid[:, column])
        views.append(_JointView(float(valid.mean()), float(known.mean()), error_deg, whole))
    return max(views, key=lambda view: (view.valid, view.given))


def _extreme_is_seen(analysis: MotionAnalysis, values_rad: np.ndarray, valid: BoolArray) -> bool:
    """Return whether the frames around the largest valid flexion are mostly valid: else a larger one was missed."""
    flexion = np.where(valid, values_rad, np.nan)
    if not np.isfinite(flexion).any():
        return False
    times_s = analysis.filtered.timestamps_s
    top = int(np.nanargmax(flexion))
    around = np.abs(times_s - times_s[top]) <= _AROUND_S + frame_period_s(times_s)
    return bool(valid[around].mean() >= 1 - 1 / 3)


def _why_not(analysis: MotionAnalysis, there: BoolArray) -> str:
    """Return the first thing that is in the way, in a few words."""
    codes = {finding.code for finding in analysis.findings}
    if "person_rarely_found" in codes:
        return "person rarely found"
    if "cut_by_edge" in codes:
        return "cut by the edge"
    facing = analysis.facing[there]
    for view, words in ((Facing.FRONT, "front view"), (Facing.BACK, "view from behind")):
        if np.mean(facing == view) > 0.5:
            return words
    yaw = analysis.yaw_rad[there]
    if np.isfinite(yaw).any() and float(np.nanmedian(yaw)) > _OBLIQUE_RAD:
        return "oblique view"
    return _UNSURE


def _left_right(analysis: MotionAnalysis, there: BoolArray) -> Grade:
    shares = {one.joint: one.n_frames / there.sum() for one in analysis.side_differences}
    joints = [joint for joint in _COMPARED if shares.get(f"{joint}_flexion", 0.0) >= _BOTH_SHARE]
    if len(joints) == len(_COMPARED):
        return Grade("left-right", "yes")
    if joints:
        return Grade("left-right", "rough", f"{' and '.join(joints)} only")
    why = _why_not(analysis, there)
    return Grade("left-right", "no", "one side hidden" if why == _UNSURE else why)


def _gait(metrics: Mapping[tuple[str, MetricSide], MetricValue]) -> Grade:
    cadence = metrics.get(("cadence", "none"))
    if cadence is None:
        return Grade("gait", "no", "not measured")
    if cadence.reason == "not_cyclic":
        return Grade("gait", "none")
    if cadence.reason:
        return Grade("gait", "no", _short(cadence.reason))
    contact, length = metrics.get(("contact_time", "left")), metrics.get(("step_length", "both"))
    parts = (("contact times", contact), ("lengths", length))
    missing = [f"no {words}" for words, value in parts if value is not None and value.reason]
    answer: Answer = "rough" if missing else "yes"
    said = [f"{60 * cadence.value:.0f} ± {max(60 * cadence.uncertainty, 1):.0f} steps/min"]
    speed = metrics.get(("gait_speed", "none"))
    said += ["backward"] if speed is not None and speed.value < 0 else []
    return Grade("gait", answer, ", ".join([*said, *missing]))


def _jumps(metrics: Mapping[tuple[str, MetricSide], MetricValue]) -> Grade:
    counts = {name: metrics.get((f"{name}_count", "none")) for name in ("jump", "hop", "leap")}
    seen = [f"{one.value:.0f} {name}{'s' * (one.value != 1)}" for name, one in counts.items() if one and one.value > 0]
    height = metrics.get(("jump_height_flight", "none"))
    jump = counts["jump"]
    if jump is None:
        return Grade("jumps", "no", "not measured")
    if height is not None and not height.reason:
        exact = height.uncertainty <= _ROUGH_HEIGHT * height.value
        said = [*seen] if not jump.reason else [f"number unknown, {_short(jump.reason)}"]
        return Grade(
            "jumps", "yes" if exact else "rough", ", ".join([*said, f"± {max(100 * height.uncertainty, 1):.0f} cm"])
        )
    if seen:
        return Grade("jumps", "rough", f"{', '.join(seen)}, no height")
    return Grade("jumps", "no", _short(jump.reason)) if jump.reason else Grade("jumps", "none")


def _distances(analysis: MotionAnalysis) -> Grade:
    warned = [finding.code for finding in analysis.findings if finding.code in _NO_DISTANCES]
    if warned:
        return Grade("distances", "no", _NO_DISTANCES[warned[0]])
    if any(value.reason == "camera_moves" for value in analysis.metrics):  # how it moves could not be measured
        return Grade("distances", "no", "camera moves")
    return Grade("distances", "yes", "in body heights" if analysis.speed_m_s is None else "in metres")


def _short(reason: str) -> str:
    return _SHORT_REASONS.get(reason, reason.replace("_", " "))

"""Walking straight ahead: feet that stay where they were put, hips that glide over them, arms that swing against them.

The feet are planned first and the legs follow by inverse kinematics, so a foot on the floor does not slide. The form
of the gait is ours; it follows the description in Perry & Burnfield, Gait Analysis (2010): heel first, flat at
mid-stance, heel off before the other foot lands. Lengths are shares of stature.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar, Final

import numpy as np
from scipy.interpolate import PchipInterpolator

from synthetic.body import ANKLE_HEIGHT, FOOT, SHANK, SOLE_HEIGHT, THIGH, JointAngles
from synthetic.moments import Moment
from synthetic.motions import RELAXED_ELBOW_RAD, RELAXED_SHOULDER_RAD, Repetition, eased, relaxed
from vidpose.types.arrays import FloatArray
from vidpose.types.metrics import MetricSide

REACH: Final = THIGH + SHANK
SWING_SHARE: Final = 0.80
"""Share of a step in which only one foot stands."""
CLEARANCE: Final = 0.020
"""How far the foot is lifted in mid-swing."""
_ANKLE_ABOVE_SOLE: Final = ANKLE_HEIGHT - SOLE_HEIGHT
_TOE_AHEAD: Final = 0.68 * FOOT
_HEEL_BEHIND: Final = 0.24 * FOOT
_FULL_STEP: Final = 0.40
"""Step for which the angles of the foot and the arms below are meant; shorter steps get smaller ones."""
_HEEL_OFF_RAD: Final = float(np.radians(38.0))
_HEEL_STRIKE_RAD: Final = float(np.radians(17.0))
_EASY_REACH: Final = 0.97 * REACH
_LEAN_RAD: Final = float(np.radians(3.0))


@dataclass(frozen=True, slots=True)
class Walk:
    """Walk ahead and stop with the feet together; the right foot goes first.

    Attributes
    ----------
    steps
        Number of steps, at least two; the first and the last bring the hips half as far as the others.
    step
        Length of a step, shares of stature (0.35 to 0.45 is usual).
    step_s
        Time of a step, s.
    arm_swing_deg
        How far the arms swing forward and back in a full step.
    """

    steps: int = 6
    step: float = 0.40
    step_s: float = 0.5
    arm_swing_deg: float = 24.0
    turn_rad: ClassVar[float] = 0.0

    def __post_init__(self) -> None:
        if self.steps < 2 or not 0.0 < self.step <= 0.5 or self.step_s <= 0:
            raise ValueError("Walk: expected at least 2 steps, a step in (0, 0.5] of stature and a time above 0")

    @property
    def duration_s(self) -> float:
        """Length of all steps."""
        return self.steps * self.step_s

    @property
    def travel(self) -> float:
        """How far ahead the walk ends."""
        return (self.steps - 1) * self.step

    def pose(self, t_s: FloatArray) -> JointAngles:
        """Return the walk at ``t_s``."""
        beat = np.clip(t_s / self.step_s, 0.0, float(self.steps))
        pelvis = self._pelvis(beat)
        lean = _LEAN_RAD * self._amount(beat)
        legs = [self._leg(beat, pelvis, lean, side) for side in range(2)]
        hip, knee, ankle = (np.stack(angle, axis=1) for angle in zip(*legs, strict=True))
        shoulder, plane, elbow = self._arms(beat)
        return replace(
            relaxed(len(t_s)),
            hip=hip,
            knee=knee,
            ankle=ankle,
            trunk_lean=lean,
            shoulder=shoulder,
            shoulder_plane=plane,
            elbow=elbow,
            pelvis=pelvis,
        )

    def repetitions(self) -> tuple[Repetition, ...]:
        """Return none: steps are no repetitions."""
        return ()

    def moments(self) -> tuple[Moment, ...]:
        """Return when each foot leaves the floor and when it lands, in time since the phase began."""
        found: list[Moment] = []
        for k in range(self.steps):
            side: MetricSide = "left" if k % 2 else "right"
            middle_s, half_s = (k + 0.5) * self.step_s, SWING_SHARE / 2 * self.step_s
            found += [Moment("toe_off", side, middle_s - half_s), Moment("foot_strike", side, middle_s + half_s)]
        return tuple(found)

    def _amount(self, beat: FloatArray) -> FloatArray:
        """Return 0 while standing at either end and 1 after the first step until before the last."""
        return eased(beat) * eased(self.steps - beat)

    def _pelvis(self, beat: FloatArray) -> FloatArray:
        """Return how far ahead the hips are: evenly faster in the first step, evenly slower in the last."""
        first, last = np.clip(beat, 0.0, 1.0), np.clip(self.steps - beat, 0.0, 1.0)
        return self.step * (beat - first + first**2 / 2 - 0.5 + last - last**2 / 2)

    def _hip_height(self, beat: FloatArray) -> FloatArray:
        """Return the hips' height over the flat foot's ankle: lowest when both feet are down, highest between."""
        # a straight leg over half a step ahead loses step² / 8 / REACH = 0.25 step² of its height
        bob = 0.10 * self.step**2 * np.cos(2.0 * np.pi * beat)
        height: FloatArray = REACH - self._amount(beat) * (0.15 * self.step**2 + 0.006 + bob)
        return height

    def _leg(
        self, beat: FloatArray, pelvis: FloatArray, lean: FloatArray, side: int
    ) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return hip, knee and ankle angle of a leg, each shape (T,); ``side`` 0 is the right."""
        foot, sole, lifted = self._foot(beat, side)
        # the sole turns about the toe when the heel is up and about the heel when the toe is up
        edge = np.where(sole < 0, _TOE_AHEAD, -_HEEL_BEHIND)
        ahead = foot + edge - edge * np.cos(sole) - _ANKLE_ABOVE_SOLE * np.sin(sole) - pelvis
        below = self._hip_height(beat) - (
            _ANKLE_ABOVE_SOLE * np.cos(sole) - edge * np.sin(sole) - _ANKLE_ABOVE_SOLE + lifted
        )
        reach = _spanned(np.hypot(ahead, below), self._amount(beat))
        knee = np.pi - _corner(THIGH, SHANK, reach)
        thigh = np.arctan2(ahead, below) + _corner(THIGH, reach, SHANK)
        return thigh + lean, knee, sole - (thigh - knee)

    def _foot(self, beat: FloatArray, side: int) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return where the flat foot's ankle is ahead, the sole's angle (toes up positive) and its lift."""
        size = min(self.step / _FULL_STEP, 1.0)
        at, lifted = np.zeros_like(beat), np.zeros_like(beat)
        knots: list[tuple[float, float]] = [(0.0, 0.0)]
        for k in range(side, self.steps, 2):
            start, end = k + (1.0 - SWING_SHARE) / 2, k + (1.0 + SWING_SHARE) / 2
            way = self.step * (min(k + 1, self.steps - 1) - max(k - 1, 0))
            swing = (beat - start) / (end - start)
            at += way * _swung(swing)
            lifted += CLEARANCE * size * np.sin(np.pi * np.clip(swing, 0.0, 1.0)) ** 2
            if k:
                knots += [(start - 0.45, 0.0), (start, -_HEEL_OFF_RAD * size)]
            strike = _HEEL_STRIKE_RAD * size if k < self.steps - 1 else 0.0
            knots += [(start + 0.30 * (end - start), -_HEEL_OFF_RAD * size * (1.0 if k else 0.4)), (end, strike)]
            knots.append((end + 0.18, 0.0))
        knots.append((self.steps + 1.0, 0.0))
        beats, angles = zip(*knots, strict=True)
        return at, PchipInterpolator(beats, angles)(beat), lifted

    def _arms(self, beat: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return shoulder, its plane and elbow, each shape (T, 2): each arm goes with the leg of the other side."""
        size = min(self.step / _FULL_STEP, 1.0) * self._amount(beat)
        left = np.radians(self.arm_swing_deg) * size * -np.cos(np.pi * beat)
        forward = np.stack([-left, left], axis=1)
        aside = np.sin(RELAXED_SHOULDER_RAD)
        elevation = np.arcsin(np.clip(np.hypot(np.sin(forward), aside), 0.0, 1.0))
        bent = RELAXED_ELBOW_RAD + 0.25 * size[:, None] + 0.4 * np.maximum(forward, 0.0)
        return elevation, np.arctan2(np.sin(forward), aside), bent


@dataclass(frozen=True, slots=True)
class WalkBackward:
    """The same walk with time reversed: the feet are put behind the body, toes first, and leave the floor before it."""

    walk: Walk = Walk()
    turn_rad: ClassVar[float] = 0.0

    @property
    def duration_s(self) -> float:
        """Length of all steps."""
        return self.walk.duration_s

    @property
    def travel(self) -> float:
        """How far ahead the walk ends; negative."""
        return -self.walk.travel

    def pose(self, t_s: FloatArray) -> JointAngles:
        """Return the walk at ``t_s``."""
        ahead = self.walk.pose(self.duration_s - t_s)
        return replace(ahead, pelvis=ahead.pelvis - self.walk.travel)

    def repetitions(self) -> tuple[Repetition, ...]:
        """Return none: steps are no repetitions."""
        return ()

    def moments(self) -> tuple[Moment, ...]:
        """Return when each foot leaves the floor and when it lands, in time since the phase began."""
        other = {"toe_off": "foot_strike", "foot_strike": "toe_off"}
        ahead = reversed(self.walk.moments())
        return tuple(Moment(other[one.name], one.side, self.duration_s - one.time_s) for one in ahead)


def _spanned(distance: FloatArray, amount: FloatArray) -> FloatArray:
    """Return what a leg spans of the ``distance`` from hip to ankle; all of it where ``amount`` is 0.

    Near a straight knee a millimetre is many degrees, so walking legs straighten ever more slowly: the exponential
    cap is the usual "soft" inverse kinematics.
    """
    slack = REACH - _EASY_REACH
    soft = np.minimum(distance, _EASY_REACH) - slack * np.expm1(-np.maximum(distance - _EASY_REACH, 0.0) / slack)
    spanned: FloatArray = np.clip(amount * soft + (1.0 - amount) * distance, 0.3 * REACH, REACH)
    return spanned


def _swung(share: FloatArray) -> FloatArray:
    """Return 0 to 1 with zero velocity at both ends; slower in the middle than :func:`eased`, as a swinging foot is."""
    s = np.clip(share, 0.0, 1.0)
    smooth: FloatArray = s**2 * (3.0 - 2.0 * s)
    return smooth


def _corner(first: FloatArray | float, second: FloatArray | float, opposite: FloatArray | float) -> FloatArray:
    """Return the angle between two sides of a triangle (law of cosines), rad."""
    cosine = (np.square(first) + np.square(second) - np.square(opposite)) / (2.0 * np.multiply(first, second))
    angle: FloatArray = np.arccos(np.clip(cosine, -1.0, 1.0))
    return angle

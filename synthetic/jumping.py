"""Vertical jumps with a countermovement: the flight is a parabola whose beginning, end and height are known exactly.

The arms hang still and no joint moves in the air, so every point of the body, and with it the centre of mass of any
mass model, flies the same parabola: it takes off at ``flight_s`` before the landing, with speed ``g flight_s / 2``,
and rises by ``g flight_s² / 8``. On the floor the toes stay where they are and the legs follow by inverse kinematics.
The form of the jump is ours. Lengths are shares of stature unless the name says metres.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import ClassVar, Final

import numpy as np
from scipy.interpolate import BPoly

from synthetic.body import (
    ANKLE_HEIGHT,
    FOOT,
    SHANK,
    SOLE_HEIGHT,
    STANCE,
    THIGH,
    TOE_OUT_RAD,
    JointAngles,
)
from synthetic.moments import Moment
from synthetic.motions import Repetition, Stand, eased, relaxed
from synthetic.scene import REFERENCE_STATURE_M, Actor, Camera, Scene
from vidpose.types.arrays import BoolArray, FloatArray, IntArray

GRAVITY_M_S2: Final = 9.80665
REACH: Final = THIGH + SHANK
_ANKLE_ABOVE_SOLE: Final = ANKLE_HEIGHT - SOLE_HEIGHT
_TOE_AHEAD: Final = 0.68 * FOOT
TIPTOE_RAD: Final = float(np.radians(-40.0))
"""The sole's angle in the air, heel up."""
_KNEE_GIVE: Final = 0.012 * REACH
"""How much shorter than straight the legs are in the air: knees bent by about 18 degrees."""
_WAIT_S: Final = 0.35
_CROUCH_S: Final = 0.55
_ABSORB_S: Final = 0.28
_RECOVER_S: Final = 0.55


@dataclass(frozen=True, slots=True)
class VerticalJumps:
    """Jumps on the spot, one per period.

    Attributes
    ----------
    reps
        Number of jumps.
    flight_s
        Time in the air of the first jump, s.
    flight_drift_s
        What each later jump adds to it, s.
    period_s
        Time from one quiet stand to the next, s.
    depth
        How far the hips sink before the push-off, shares of stature; they sink 0.7 of it after the landing.
    trunk_lean_deg
        Lean of the trunk at the lowest point.
    stature_m
        Standing height of the actor, m: gravity does not scale with the body.
    """

    reps: int = 3
    flight_s: float = 0.50
    flight_drift_s: float = 0.0
    period_s: float = 3.0
    depth: float = 0.17
    trunk_lean_deg: float = 32.0
    stature_m: float = REFERENCE_STATURE_M
    turn_rad: ClassVar[float] = 0.0
    travel: ClassVar[float] = 0.0

    def __post_init__(self) -> None:
        if self.reps < 1 or min(self.flights_s) < 0.1 or self.depth <= 0 or self.stature_m <= 0:
            raise ValueError("VerticalJumps: expected a jump, flights of 0.1 s or more, a depth and a stature above 0")
        if max(self._end_s(k) for k in range(self.reps)) > self.period_s:
            raise ValueError("VerticalJumps: expected a period_s that holds the longest jump")

    @property
    def duration_s(self) -> float:
        """Length of all jumps."""
        return self.reps * self.period_s

    @property
    def flights_s(self) -> tuple[float, ...]:
        """Time in the air of every jump, s."""
        return tuple(self.flight_s + k * self.flight_drift_s for k in range(self.reps))

    @property
    def heights_m(self) -> tuple[float, ...]:
        """Rise of the centre of mass in the air of every jump, m."""
        return tuple(GRAVITY_M_S2 * flight**2 / 8.0 for flight in self.flights_s)

    def moments(self) -> tuple[Moment, ...]:
        """Return take-off and landing of every jump, in time since the phase began."""
        found: list[Moment] = []
        for k, flight_s in enumerate(self.flights_s):
            up_s = k * self.period_s + self._take_off_s(k)
            found += [Moment("take_off", "both", up_s), Moment("landing", "both", up_s + flight_s)]
        return tuple(found)

    def repetitions(self) -> tuple[Repetition, ...]:
        """Return the jumps; the extreme is the highest point."""
        return tuple(
            Repetition(
                "vertical_jump",
                k + 1,
                k * self.period_s + _WAIT_S,
                k * self.period_s + self._take_off_s(k) + flight_s / 2,
                k * self.period_s + self._end_s(k),
            )
            for k, flight_s in enumerate(self.flights_s)
        )

    def pose(self, t_s: FloatArray) -> JointAngles:
        """Return the jump at ``t_s``."""
        index = np.clip(np.floor(t_s / self.period_s), 0, self.reps - 1).astype(np.int64)
        local_s = t_s - index * self.period_s
        height, sole, airborne = self._course(local_s, index)
        # squared, so that the lean has no corner where the hips pass their standing height
        sunk = np.clip(-height / self.depth, 0.0, 1.0) ** 2
        back = -0.055 * sunk
        hip, knee, ankle = legs_for(height, sole, back)
        lean = np.radians(self.trunk_lean_deg) * sunk
        lift = np.where(airborne, self._flown(local_s, index), 0.0)
        both = (1, 2)
        return replace(
            relaxed(len(t_s)),
            hip=np.tile((hip + lean)[:, None], both),
            knee=np.tile(knee[:, None], both),
            ankle=np.tile(ankle[:, None], both),
            trunk_lean=lean,
            lift=lift,
            pelvis=back,
        )

    def _speed(self, k: int) -> float:
        """Return the speed at take-off, statures per second."""
        return GRAVITY_M_S2 * self.flights_s[k] / 2.0 / self.stature_m

    def _push_s(self, k: int) -> float:
        """Return the time from the lowest point to take-off: the mean speed is 0.55 of the last."""
        return (self.depth + LEG_RISE) / (0.55 * self._speed(k))

    def _take_off_s(self, k: int) -> float:
        return _WAIT_S + _CROUCH_S + self._push_s(k)

    def _end_s(self, k: int) -> float:
        return self._take_off_s(k) + self.flights_s[k] + _ABSORB_S + _RECOVER_S

    def _flown(self, local_s: FloatArray, index: IntArray) -> FloatArray:
        """Return the height of the parabola over its beginning, shape (T,)."""
        up_s = np.array([self._take_off_s(k) for k in range(self.reps)])[index]
        flight_s = np.array(self.flights_s)[index]
        since_s = np.clip(local_s - up_s, 0.0, flight_s)
        flown: FloatArray = GRAVITY_M_S2 / 2.0 * since_s * (flight_s - since_s) / self.stature_m
        return flown

    def _course(self, local_s: FloatArray, index: IntArray) -> tuple[FloatArray, FloatArray, BoolArray]:
        """Return the hips' height over standing without the flight, the sole's angle and who is in the air."""
        height, sole = np.zeros_like(local_s), np.zeros_like(local_s)
        airborne = np.zeros(len(local_s), dtype=np.bool_)
        for k in range(self.reps):
            frames = index == k
            times_s = local_s[frames]
            up_s, flight_s = self._take_off_s(k), self.flights_s[k]
            down_s, push_s = up_s + flight_s, self._push_s(k)
            height[frames] = course_through(times_s, self._knots(k))
            raised = eased((times_s - (up_s - 0.55 * push_s)) / (0.55 * push_s))
            lowered = eased((times_s - down_s) / (0.5 * _ABSORB_S))
            sole[frames] = TIPTOE_RAD * (raised - lowered)
            airborne[frames] = (times_s > up_s) & (times_s < down_s)
        return height, sole, airborne

    def _knots(self, k: int) -> list[tuple[float, tuple[float, float, float]]]:
        """Return times with height, speed and acceleration; in the air the pose is held."""
        up_s, speed = self._take_off_s(k), self._speed(k)
        down_s, gravity = up_s + self.flights_s[k], GRAVITY_M_S2 / self.stature_m
        return [
            (_WAIT_S, (0.0, 0.0, 0.0)),
            (_WAIT_S + _CROUCH_S, (-self.depth, 0.0, speed / self._push_s(k))),
            (up_s, (LEG_RISE, speed, -gravity)),
            (down_s, (LEG_RISE, -speed, -gravity)),
            (down_s + _ABSORB_S, (-0.7 * self.depth, 0.0, speed / _ABSORB_S)),
            (down_s + _ABSORB_S + _RECOVER_S, (0.0, 0.0, 0.0)),
        ]


def jumping_scenes() -> dict[str, Scene]:
    """Return the scenes by name.

    ============== ====================================================================
    vertical_jumps three jumps from the side, 24, 31 and 38 cm, 120 frames per second
    ============== ====================================================================
    """
    jumps = VerticalJumps(reps=3, flight_s=0.44, flight_drift_s=0.06)
    actor = Actor((Stand(0.5), jumps, Stand(0.5)), stature_m=jumps.stature_m)
    camera = Camera(stature_share=0.55)
    return {"vertical_jumps": Scene((actor,), camera, width_px=960, height_px=720, fps=Fraction(120))}


def _ankle(sole: FloatArray | float) -> tuple[FloatArray, FloatArray]:
    """Return how far ahead of and above its place on the flat foot the ankle is; the toe stays."""
    ahead = np.cos(TOE_OUT_RAD) * (_TOE_AHEAD * (1.0 - np.cos(sole)) - _ANKLE_ABOVE_SOLE * np.sin(sole))
    above = _ANKLE_ABOVE_SOLE * (np.cos(sole) - 1.0) - _TOE_AHEAD * np.sin(sole)
    return ahead, above


def _rise() -> float:
    """Return how much higher than in standing the hips are at take-off."""
    ahead, above = (float(part) for part in _ankle(TIPTOE_RAD))
    span = REACH - _KNEE_GIVE
    return float(above + np.sqrt(span**2 - ahead**2 - STANCE**2) - np.sqrt(REACH**2 - STANCE**2))


LEG_RISE: Final = _rise()


def legs_for(height: FloatArray, sole: FloatArray, hips_ahead: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return hip (against the vertical), knee and ankle angle that put the hips there, rad, each shape (T,)."""
    ahead, above = _ankle(sole)
    vertical = np.sqrt(REACH**2 - STANCE**2) + height - above
    # the leg leans outwards by STANCE: in its own plane it is longer than the hips are high
    below = np.sqrt(vertical**2 + STANCE**2)
    reach = np.minimum(np.hypot(ahead - hips_ahead, below), REACH)
    knee = np.pi - _corner(THIGH, SHANK, reach)
    thigh = np.arctan2(ahead - hips_ahead, below) + _corner(THIGH, reach, SHANK)
    return thigh, knee, sole - (thigh - knee)


def _corner(first: FloatArray | float, second: FloatArray | float, opposite: FloatArray | float) -> FloatArray:
    """Return the angle between two sides of a triangle (law of cosines), rad."""
    cosine = (np.square(first) + np.square(second) - np.square(opposite)) / (2.0 * np.multiply(first, second))
    angle: FloatArray = np.arccos(np.clip(cosine, -1.0, 1.0))
    return angle


def course_through(times_s: FloatArray, knots: list[tuple[float, tuple[float, float, float]]]) -> FloatArray:
    """Return the quintic course through the knots, held before the first, after the last and between 3rd and 4th."""
    at_s = np.array([time for time, _ in knots])
    states = [list(state) for _, state in knots]
    result = np.zeros_like(times_s)
    for k in range(len(knots) - 1):
        inside = (times_s >= at_s[k]) & (times_s < at_s[k + 1])
        flying = states[k][0] == states[k + 1][0]
        piece = BPoly.from_derivatives(at_s[k : k + 2], states[k : k + 2])
        result[inside] = states[k][0] if flying else piece(times_s[inside])
    return result

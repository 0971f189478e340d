"""Hops in place, on both legs or on one: flights too short for a jump, one right after the other.

Every flight is a parabola of known length; between two of them the forefoot stays on the floor and the leg follows by
inverse kinematics, as in :mod:`synthetic.jumping`. Lengths are shares of stature.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar, Final

import numpy as np

from synthetic.body import JointAngles
from synthetic.jumping import GRAVITY_M_S2, LEG_RISE, TIPTOE_RAD, course_through, legs_for
from synthetic.moments import Moment
from synthetic.motions import Repetition, eased, relaxed
from synthetic.scene import REFERENCE_STATURE_M
from vidpose.types.arrays import BoolArray, FloatArray
from vidpose.types.metrics import MetricSide

_WAIT_S: Final = 0.3
_CROUCH_S: Final = 0.4
_RECOVER_S: Final = 0.5
_FREE_HIP_RAD: Final = float(np.radians(15.0))
_FREE_KNEE_RAD: Final = float(np.radians(80.0))


@dataclass(frozen=True, slots=True)
class Hops:
    """Hops on the spot.

    Attributes
    ----------
    reps
        Number of hops.
    flight_s, contact_s
        Time in the air, and on the floor between two hops, s.
    one_leg
        Whether the left leg is held up.
    """

    reps: int = 10
    flight_s: float = 0.2
    contact_s: float = 0.25
    one_leg: bool = False
    turn_rad: ClassVar[float] = 0.0
    travel: ClassVar[float] = 0.0

    def __post_init__(self) -> None:
        if self.reps < 1 or min(self.flight_s, self.contact_s) <= 0:
            raise ValueError("Hops: expected a hop, and times above 0")

    @property
    def duration_s(self) -> float:
        """Length of all hops."""
        return self._take_off_s(self.reps - 1) + self.flight_s + 2 * _RECOVER_S

    def moments(self) -> tuple[Moment, ...]:
        """Return take-off and landing of every hop, in time since the phase began."""
        side: MetricSide = "right" if self.one_leg else "both"
        starts_s = [self._take_off_s(k) for k in range(self.reps)]
        return tuple(
            Moment(name, side, time_s)
            for up_s in starts_s
            for name, time_s in (("take_off", up_s), ("landing", up_s + self.flight_s))
        )

    def repetitions(self) -> tuple[Repetition, ...]:
        """Return none: the moments tell them."""
        return ()

    def pose(self, t_s: FloatArray) -> JointAngles:
        """Return the hop at ``t_s``."""
        since_s, airborne = self._since_take_off(t_s)
        up_s, down_s = self._take_off_s(0), self._take_off_s(self.reps - 1) + self.flight_s
        sole = TIPTOE_RAD * (eased((t_s - up_s) / 0.15 + 1.0) - eased((t_s - down_s - 0.1) / 0.2))
        hip, knee, ankle = legs_for(course_through(t_s, self._knots()), sole, np.zeros_like(t_s))
        flown = GRAVITY_M_S2 / 2.0 * since_s * (self.flight_s - since_s) / REFERENCE_STATURE_M
        lifted = eased(t_s / _WAIT_S) - eased((t_s - down_s - _RECOVER_S) / _RECOVER_S)
        free = lifted * self.one_leg
        return replace(
            relaxed(len(t_s)),
            hip=np.stack([hip, hip * (1 - free) + _FREE_HIP_RAD * free], axis=1),
            knee=np.stack([knee, knee * (1 - free) + _FREE_KNEE_RAD * free], axis=1),
            ankle=np.stack([ankle, ankle], axis=1),
            lift=np.where(airborne, flown, 0.0),
        )

    def _take_off_s(self, k: int) -> float:
        return _WAIT_S + _CROUCH_S + self._push_s + k * (self.flight_s + self.contact_s)

    @property
    def _speed(self) -> float:
        return GRAVITY_M_S2 * self.flight_s / 2.0 / REFERENCE_STATURE_M

    @property
    def _depth(self) -> float:
        """Return how far the hips sink between two hops: half as fast on average as at landing."""
        return max(self._speed * self.contact_s / 4.0 - LEG_RISE, 0.005)

    @property
    def _push_s(self) -> float:
        return (self._depth + LEG_RISE) / (0.55 * self._speed)

    def _knots(self) -> list[tuple[float, tuple[float, float, float]]]:
        speed, gravity = self._speed, GRAVITY_M_S2 / REFERENCE_STATURE_M
        lowest = (-self._depth, 0.0, 2.0 * speed / self.contact_s)
        knots = [(_WAIT_S, (0.0, 0.0, 0.0)), (_WAIT_S + _CROUCH_S, (-self._depth, 0.0, speed / self._push_s))]
        for k in range(self.reps):
            up_s = self._take_off_s(k)
            down_s = up_s + self.flight_s
            knots += [(up_s, (LEG_RISE, speed, -gravity)), (down_s, (LEG_RISE, -speed, -gravity))]
            knots.append((down_s + self.contact_s / 2.0, lowest))
        return [*knots, (knots[-1][0] + _RECOVER_S, (0.0, 0.0, 0.0))]

    def _since_take_off(self, t_s: FloatArray) -> tuple[FloatArray, BoolArray]:
        """Return the time since the last take-off, and whether the body is in the air."""
        since_s = t_s - self._take_off_s(0)
        number = np.clip(np.floor(since_s / (self.flight_s + self.contact_s)), 0, self.reps - 1)
        since_s = since_s - number * (self.flight_s + self.contact_s)
        return since_s, (since_s > 0) & (since_s < self.flight_s)

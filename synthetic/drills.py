"""Jumping jacks and front kicks, for which a frame more or less matters, and deadlifts. Their form is ours."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import ClassVar, Final

import numpy as np

from synthetic.body import JointAngles
from synthetic.motions import Repetition, Squats, Tempo, eased, relaxed
from vidpose.types.arrays import FloatArray

_RAISED: Final = ((0.04, 0.30, 1.0), (0.64, 0.32, -1.0))
_BENT: Final = ((0.06, 0.28, 1.0), (0.34, 0.16, -0.95), (0.51, 0.13, 0.80), (0.64, 0.30, -0.85))
"""Movements of a kick one after the other: begin and length in shares of the period, and by how much."""
_ANKLE_RANGE_RAD: Final = float(np.radians(30.0))


@dataclass(frozen=True, slots=True)
class JumpingJacks:
    """Feet apart and arms overhead, and back, with a hop each way.

    ``top_deg`` is how high the arms go, ``apart_deg`` how far each leg goes outwards and ``hop`` how high the feet
    leave the floor, a share of stature.
    """

    tempo: Tempo = field(default_factory=lambda: Tempo(4, 0.9, out_share=0.46, hold_share=0.04, back_share=0.46))
    top_deg: float = 160.0
    apart_deg: float = 20.0
    hop: float = 0.03
    turn_rad: ClassVar[float] = 0.0
    travel: ClassVar[float] = 0.0

    @property
    def duration_s(self) -> float:
        """Length of all repetitions."""
        return self.tempo.duration_s

    def pose(self, t_s: FloatArray) -> JointAngles:
        """Return the jumping jack at ``t_s``."""
        amount = self.tempo.excursion(t_s)[0]
        calm, both = relaxed(len(t_s)), amount[:, None]
        return replace(
            calm,
            shoulder=calm.shoulder + both * (np.radians(self.top_deg) - calm.shoulder),
            hip_abduction=both * np.radians([self.apart_deg] * 2),
            lift=self.hop * 4.0 * amount * (1.0 - amount),
        )

    def repetitions(self) -> tuple[Repetition, ...]:
        """Return the jacks; the extreme is the time with the arms overhead."""
        return self.tempo.repetitions("jumping_jack")


@dataclass(frozen=True, slots=True)
class FrontKicks:
    """The knee is pulled up, the shank snaps forward and back, the foot goes down; right and left by turns.

    ``period_s`` is the time of one kick; ``hip_deg`` is how far the thigh rises from the vertical, ``knee_deg`` how far
    the knee bends before the kick. With the defaults the knee extends at about 1000 degrees per second.
    """

    reps: int = 4
    period_s: float = 1.0
    hip_deg: float = 98.0
    knee_deg: float = 94.0
    turn_rad: ClassVar[float] = 0.0
    travel: ClassVar[float] = 0.0

    @property
    def duration_s(self) -> float:
        """Length of all kicks."""
        return self.reps * self.period_s

    def pose(self, t_s: FloatArray) -> JointAngles:
        """Return the kick at ``t_s``."""
        index = np.clip(np.floor(t_s / self.period_s), 0, self.reps - 1)
        share = t_s / self.period_s - index
        kicks = np.stack([index % 2 == 0, index % 2 == 1], axis=1)
        raised, bent = _course(share, _RAISED), _course(share, _BENT)
        thigh, knee = np.radians(self.hip_deg) * raised, np.radians(self.knee_deg) * bent
        # the sole stays level as long as the ankle can do it: otherwise heel or toes dip into the floor
        ankle = _ANKLE_RANGE_RAD * np.tanh((knee - thigh) / _ANKLE_RANGE_RAD)
        lean = np.radians(-8.0) * raised
        calm, guard = relaxed(len(t_s)), raised[:, None]
        return replace(
            calm,
            hip=kicks * thigh[:, None] + lean[:, None],  # the standing leg stays upright
            knee=kicks * knee[:, None],
            ankle=kicks * ankle[:, None],
            trunk_lean=lean,
            shoulder=calm.shoulder + guard * np.radians(25.0),
            shoulder_plane=guard * np.radians([75.0, 75.0]),
            elbow=calm.elbow + guard * np.radians(85.0),
        )

    def repetitions(self) -> tuple[Repetition, ...]:
        """Return the kicks; the extreme is the time with the leg stretched out."""
        return tuple(
            Repetition("front_kick", k + 1, *(float(self.period_s * (k + share)) for share in (0.0, 0.5, 0.96)))
            for k in range(self.reps)
        )


@dataclass(frozen=True, slots=True)
class Deadlifts:
    """Bending down to a bar on the floor and up again, the arms hanging; ``depth_deg`` is the knee flexion below."""

    tempo: Tempo = field(default_factory=lambda: Tempo(3, 2.4))
    depth_deg: float = 76.0
    trunk_lean_deg: float = 60.0
    dorsiflexion_deg: float = 12.0
    turn_rad: ClassVar[float] = 0.0
    travel: ClassVar[float] = 0.0

    @property
    def duration_s(self) -> float:
        """Length of all repetitions."""
        return self.tempo.duration_s

    def pose(self, t_s: FloatArray) -> JointAngles:
        """Return the lift at ``t_s``."""
        lean_deg, depth_deg, dorsiflexion_deg = self.trunk_lean_deg, self.depth_deg, self.dorsiflexion_deg
        squat = Squats(self.tempo, depth_deg, trunk_lean_deg=lean_deg, dorsiflexion_deg=dorsiflexion_deg).pose(t_s)
        calm, amount = relaxed(len(t_s)), self.tempo.excursion(t_s)[0][:, None]
        hanging = calm.shoulder + amount * (np.radians(lean_deg) - calm.shoulder)
        return replace(squat, shoulder=hanging, shoulder_plane=amount * np.radians([86.0, 86.0]))

    def repetitions(self) -> tuple[Repetition, ...]:
        """Return the lifts; the extreme is the time below."""
        return self.tempo.repetitions("deadlift")


def _course(share: FloatArray, moves: tuple[tuple[float, float, float], ...]) -> FloatArray:
    """Return the sum of eased movements at shares of a period, shape (T,)."""
    course = np.zeros_like(share)
    for begin, length, amount in moves:
        course += amount * eased((share - begin) / length)
    return course

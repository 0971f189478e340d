"""Movements as functions of time: squats, arm raises, standing, turning, marching on the spot, and their sequence.

Every phase begins and ends in the same relaxed standing pose, so that any sequence joins without a jump, and is
sampled at any times, so that the same movement can be drawn at any frame rate.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar, Final, Protocol

import numpy as np

from synthetic.body import HIP_HALF_WIDTH, SHANK, THIGH, JointAngles, joined, straight, turned
from vidpose.types.arrays import BoolArray, FloatArray, IntArray

RELAXED_SHOULDER_RAD: Final = float(np.radians(9.0))
RELAXED_ELBOW_RAD: Final = float(np.radians(10.0))


@dataclass(frozen=True, slots=True)
class Repetition:
    """One repetition; times in seconds. ``extreme_s`` is the middle of the turning point (bottom or top)."""

    exercise: str
    number: int
    start_s: float
    extreme_s: float
    end_s: float


class Phase(Protocol):
    """A stretch of movement."""

    @property
    def duration_s(self) -> float:
        """Length of the phase."""

    @property
    def turn_rad(self) -> float:
        """How far the heading has changed at the end."""

    @property
    def travel(self) -> float:
        """How far ahead the body's place has moved at the end, shares of stature; a turn does not bend the way."""

    def pose(self, t_s: FloatArray) -> JointAngles:
        """Return the joint angles at times since the phase began; heading is relative to the beginning."""

    def repetitions(self) -> tuple[Repetition, ...]:
        """Return the repetitions, in time since the phase began."""


@dataclass(frozen=True, slots=True)
class Tempo:
    """How repetitions follow each other: out, hold, back, rest (the remainder of the period)."""

    reps: int = 6
    period_s: float = 2.2
    out_share: float = 0.42
    hold_share: float = 0.08
    back_share: float = 0.38

    @property
    def duration_s(self) -> float:
        """Length of all repetitions."""
        return self.reps * self.period_s

    def excursion(self, t_s: FloatArray) -> tuple[FloatArray, IntArray]:
        """Return the share of the way out (0 to 1) and the repetition's index (from 0), each shape (T,)."""
        index = np.clip(np.floor(t_s / self.period_s), 0, self.reps - 1)
        phase = t_s / self.period_s - index
        out = eased(phase / self.out_share)
        back = eased((phase - self.out_share - self.hold_share) / self.back_share)
        return out - back, index.astype(np.int64)

    def repetitions(self, exercise: str) -> tuple[Repetition, ...]:
        """Return the repetitions with their times."""
        extreme = self.out_share + self.hold_share / 2
        end = self.out_share + self.hold_share + self.back_share
        return tuple(
            Repetition(exercise, k + 1, *(float(self.period_s * (k + share)) for share in (0.0, extreme, end)))
            for k in range(self.reps)
        )


@dataclass(frozen=True, slots=True)
class Stand:
    """Stand still."""

    duration_s: float
    turn_rad: float = 0.0
    travel: ClassVar[float] = 0.0

    def pose(self, t_s: FloatArray) -> JointAngles:
        """Return the relaxed pose."""
        return relaxed(len(t_s))

    def repetitions(self) -> tuple[Repetition, ...]:
        """Return none."""
        return ()


@dataclass(frozen=True, slots=True)
class Squats:
    """Squats with both feet flat on the floor and the arms held forward for balance.

    ``depth_deg`` is the knee flexion at the bottom, ``depth_drift_deg`` what each later repetition adds to it (minus:
    they become shallower). ``asymmetry_deg`` is how much less the left knee bends; the pelvis tilts accordingly.
    ``dorsiflexion_deg``, ``trunk_lean_deg`` and ``knee_valgus_deg`` are reached at the bottom.
    """

    tempo: Tempo = Tempo()
    depth_deg: float = 100.0
    depth_drift_deg: float = 0.0
    dorsiflexion_deg: float = 26.0
    trunk_lean_deg: float = 38.0
    knee_valgus_deg: float = 0.0
    asymmetry_deg: float = 0.0
    turn_rad: float = 0.0
    travel: ClassVar[float] = 0.0

    @property
    def duration_s(self) -> float:
        """Length of all repetitions."""
        return self.tempo.duration_s

    def pose(self, t_s: FloatArray) -> JointAngles:
        """Return the squat at ``t_s``."""
        amount, index = self.tempo.excursion(t_s)
        knee_right = amount * np.radians(self.depth_deg + index * self.depth_drift_deg)
        knee_left = np.maximum(knee_right - amount * np.radians(self.asymmetry_deg), 0.0)
        ankle_right = amount * np.radians(self.dorsiflexion_deg)
        ankle_left = _dorsiflexion_for(knee_left, _hip_ahead_of_ankle(knee_right, ankle_right))
        knee, ankle = np.stack([knee_right, knee_left], axis=1), np.stack([ankle_right, ankle_left], axis=1)
        height = THIGH * np.cos(knee - ankle) + SHANK * np.cos(ankle)
        tilt = np.clip((height[:, 0] - height[:, 1]) / (2 * HIP_HALF_WIDTH), -1.0, 1.0)
        lean = amount * np.radians(self.trunk_lean_deg)
        calm = relaxed(len(t_s))
        both = amount[:, None]
        return replace(
            calm,
            knee=knee,
            ankle=ankle,
            hip=knee - ankle + lean[:, None],
            knee_valgus=both * np.radians([self.knee_valgus_deg] * 2),
            trunk_lean=lean,
            pelvis_roll=np.arcsin(tilt),
            shoulder=calm.shoulder + both * (np.radians(88.0) - calm.shoulder),
            shoulder_plane=both * np.radians([84.0, 84.0]),
        )

    def repetitions(self) -> tuple[Repetition, ...]:
        """Return the squats."""
        return self.tempo.repetitions("squat")


@dataclass(frozen=True, slots=True)
class ArmRaises:
    """Arms raised to ``top_deg`` and lowered; sideways (plane 0°) or forward (plane 90°).

    ``asymmetry_deg`` is how much lower the left arm stays.
    """

    tempo: Tempo = Tempo(reps=4, period_s=2.0)
    top_deg: float = 168.0
    plane_deg: float = 0.0
    asymmetry_deg: float = 0.0
    turn_rad: float = 0.0
    travel: ClassVar[float] = 0.0

    @property
    def duration_s(self) -> float:
        """Length of all repetitions."""
        return self.tempo.duration_s

    def pose(self, t_s: FloatArray) -> JointAngles:
        """Return the raise at ``t_s``."""
        amount = self.tempo.excursion(t_s)[0][:, None]
        calm = relaxed(len(t_s))
        top = np.radians([self.top_deg, self.top_deg - self.asymmetry_deg])
        return replace(
            calm,
            shoulder=calm.shoulder + amount * (top - calm.shoulder),
            shoulder_plane=np.broadcast_to(amount * np.radians(self.plane_deg), calm.shoulder.shape),
        )

    def repetitions(self) -> tuple[Repetition, ...]:
        """Return the raises."""
        return self.tempo.repetitions("arm_raise")


@dataclass(frozen=True, slots=True)
class March:
    """Knees lifted in turn on the spot, arms swinging; ``turn_deg`` turns the body meanwhile."""

    steps: int = 8
    step_s: float = 0.5
    lift_deg: float = 50.0
    arm_swing_deg: float = 25.0
    turn_deg: float = 0.0
    travel: ClassVar[float] = 0.0

    @property
    def duration_s(self) -> float:
        """Length of all steps."""
        return self.steps * self.step_s

    @property
    def turn_rad(self) -> float:
        """How far the heading has changed at the end."""
        return float(np.radians(self.turn_deg))

    def pose(self, t_s: FloatArray) -> JointAngles:
        """Return the march at ``t_s``; the right foot lifts first."""
        step = np.clip(np.floor(t_s / self.step_s), 0, self.steps - 1)
        lift = np.sin(np.pi * np.clip(t_s / self.step_s - step, 0.0, 1.0)) ** 2
        right = step % 2 == 0
        sides = np.stack([np.where(right, lift, 0.0), np.where(right, 0.0, lift)], axis=1)
        calm = relaxed(len(t_s))
        swing = sides[:, ::-1]  # the arm of the other side goes forward
        return replace(
            calm,
            hip=sides * np.radians(self.lift_deg),
            knee=sides * np.radians(self.lift_deg * 1.3),
            ankle=-sides * np.radians(self.lift_deg * 0.3),
            shoulder=calm.shoulder + swing * np.radians(self.arm_swing_deg),
            shoulder_plane=swing * np.pi / 2,
            heading=self.turn_rad * eased(t_s / self.duration_s),
        )

    def repetitions(self) -> tuple[Repetition, ...]:
        """Return none: steps are no repetitions."""
        return ()


@dataclass(frozen=True, slots=True)
class Performance:
    """A sequence of phases, sampled.

    ``place`` is where each frame's phase began, ahead and to the right of the first place as seen from the first
    heading, shares of stature, shape (T, 2). ``turning`` is True while the heading changes, shape (T,); repetitions
    are in clip time.
    """

    angles: JointAngles
    place: FloatArray
    turning: BoolArray
    repetitions: tuple[Repetition, ...]


def perform(phases: tuple[Phase, ...], times_s: FloatArray) -> Performance:
    """Sample phases, one after the other, at increasing ``times_s``; after the last one its end is held."""
    parts: list[JointAngles] = []
    places: list[FloatArray] = []
    turning: list[BoolArray] = []
    repetitions: list[Repetition] = []
    start_s, heading_rad, place = 0.0, 0.0, np.zeros(2)
    for k, phase in enumerate(phases):
        end_s = np.inf if k == len(phases) - 1 else start_s + phase.duration_s
        local_s = np.minimum(times_s[(times_s >= start_s) & (times_s < end_s)] - start_s, phase.duration_s)
        parts.append(turned(phase.pose(local_s), heading_rad))
        places.append(np.tile(place, (len(local_s), 1)))
        turning.append(np.full(len(local_s), phase.turn_rad != 0.0))
        repetitions += [
            replace(r, start_s=r.start_s + start_s, extreme_s=r.extreme_s + start_s, end_s=r.end_s + start_s)
            for r in phase.repetitions()
        ]
        place = place + phase.travel * np.array([np.cos(heading_rad), np.sin(heading_rad)])
        start_s, heading_rad = float(end_s), heading_rad + phase.turn_rad
    return Performance(joined(parts), np.concatenate(places), np.concatenate(turning), tuple(repetitions))


def relaxed(n_frames: int) -> JointAngles:
    """Return the standing pose with the arms a little away from the body."""
    pose = straight(n_frames)
    return replace(pose, shoulder=pose.shoulder + RELAXED_SHOULDER_RAD, elbow=pose.elbow + RELAXED_ELBOW_RAD)


def eased(share: FloatArray) -> FloatArray:
    """Return 0 to 1 with zero velocity and acceleration at both ends (minimum jerk, Flash & Hogan 1985)."""
    s = np.clip(share, 0.0, 1.0)
    smooth: FloatArray = s**3 * (10.0 - 15.0 * s + 6.0 * s**2)
    return smooth


def _hip_ahead_of_ankle(knee_rad: FloatArray, ankle_rad: FloatArray) -> FloatArray:
    """Return how far the hip is in front of the ankle when the foot is flat, shares of stature."""
    ahead: FloatArray = SHANK * np.sin(ankle_rad) - THIGH * np.sin(knee_rad - ankle_rad)
    return ahead


def _dorsiflexion_for(knee_rad: FloatArray, hip_ahead: FloatArray) -> FloatArray:
    """Return the dorsiflexion that puts the hip at ``hip_ahead``: the other foot must not slide.

    Solves (shank + thigh cos k) sin d - thigh sin k cos d = hip_ahead for d.
    """
    a, b = SHANK + THIGH * np.cos(knee_rad), THIGH * np.sin(knee_rad)
    lean: FloatArray = np.arcsin(np.clip(hip_ahead / np.hypot(a, b), -1.0, 1.0)) + np.arctan2(b, a)
    return lean

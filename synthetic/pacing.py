"""Slow and fast scenes: what may be estimated in fewer frames, and what may not."""

from __future__ import annotations

from fractions import Fraction

from synthetic.drills import FrontKicks, JumpingJacks
from synthetic.motions import Phase, Squats, Stand, Tempo
from synthetic.scene import Actor, Scene


def paced_scenes() -> dict[str, Scene]:
    """Return the scenes by name.

    =========== ============================================================
    slow_squat  one squat in eight seconds, 30 frames per second
    fast_jacks  jumping jacks towards the camera, 60 frames per second
    fast_kicks  front kicks from the side, 60 frames per second
    =========== ============================================================
    """
    return {
        "slow_squat": _scene(Squats(tempo=Tempo(reps=1, period_s=8.0)), facing_deg=0.0, fps=30),
        "fast_jacks": _scene(JumpingJacks(), facing_deg=90.0, fps=60),
        "fast_kicks": _scene(FrontKicks(), facing_deg=0.0, fps=60),
    }


def _scene(phase: Phase, facing_deg: float, fps: int) -> Scene:
    actor = Actor((Stand(0.5), phase, Stand(0.5)), facing_deg=facing_deg)
    return Scene((actor,), width_px=960, height_px=540, fps=Fraction(fps))

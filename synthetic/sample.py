"""Ready-made scenes: the sample in ``public/`` and its variants."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Final, Literal

import numpy as np

from synthetic.motions import ArmRaises, March, Phase, Squats, Stand, Tempo
from synthetic.scene import Actor, Camera, Occluder, Outfit, Scene
from vidpose.errors import UsageError

Motion = Literal["sample", "squats", "arm_raises", "march", "stand"]

_OTHER_OUTFITS: Final = (
    Outfit(skin=(150, 104, 78), hair=(30, 26, 26), shirt=(72, 138, 84), shorts=(48, 48, 52), shoes=(206, 74, 60)),
    Outfit(shirt=(236, 190, 70), shorts=(96, 42, 62), hair=(150, 108, 60), shoes=(60, 64, 72)),
)


@dataclass(frozen=True, slots=True)
class Variant:
    """What may differ from the sample.

    ``speed`` makes all movements faster (2.0: twice as fast). Of ``people`` persons each further one stands beside
    and behind the first and does the same half a second later. ``occlude`` puts a pillar in front of the first
    person's back and hips.
    """

    motion: Motion = "sample"
    squats: Squats = field(default_factory=lambda: Squats(depth_drift_deg=-2.0))
    raises: ArmRaises = field(default_factory=lambda: ArmRaises(asymmetry_deg=8.0))
    speed: float = 1.0
    people: int = 1
    occlude: bool = False
    camera: Camera = field(default_factory=Camera)
    facing_deg: float = 0.0
    width_px: int = 1280
    height_px: int = 720
    fps: Fraction = Fraction(30)


def sample_scene() -> Scene:
    """Return the scene of ``public/mannequin_squat_raise.mp4``.

    Six squats seen from the right side (each a little shallower), a turn to the camera, four arm raises to overhead
    (the left arm stays 8° lower).
    """
    return build_scene(Variant())


def build_scene(variant: Variant) -> Scene:
    """Return the scene of a variant."""
    if variant.people < 1 or variant.speed <= 0:
        raise UsageError("people must be at least 1 and speed above 0")
    outfits = (Outfit(), *_OTHER_OUTFITS)
    actors = tuple(
        Actor(
            phases=(Stand(0.5 * k), *_phases(variant)) if k else _phases(variant),
            stature_m=1.75 - 0.06 * (k % 3),
            x_m=_place_m(k),
            z_m=-0.45 * k,
            facing_deg=variant.facing_deg,
            outfit=outfits[k % len(outfits)],
        )
        for k in range(variant.people)
    )
    return Scene(
        actors=actors,
        camera=variant.camera,
        occluders=(Occluder(),) if variant.occlude else (),
        width_px=variant.width_px,
        height_px=variant.height_px,
        fps=variant.fps,
    )


def _place_m(k: int) -> float:
    """Return 0, 1.15, -1.15, 2.3, ... : right and left of the first person in turn."""
    return 1.15 * ((k + 1) // 2) * (1.0 if k % 2 else -1.0) if k else 0.0


def _phases(variant: Variant) -> tuple[Phase, ...]:
    pace = 1.0 / variant.speed
    squats = replace(variant.squats, tempo=_at_pace(variant.squats.tempo, pace))
    raises = replace(variant.raises, tempo=_at_pace(variant.raises.tempo, pace))
    turn_deg = float(np.round(90.0 - variant.facing_deg, 6))
    turn = March(steps=4, step_s=0.4 * pace, lift_deg=28.0, arm_swing_deg=10.0, turn_deg=turn_deg)
    rest = Stand(0.6)
    choices: dict[Motion, tuple[Phase, ...]] = {
        "sample": (Stand(0.8), squats, rest, turn, rest, raises, rest),
        "squats": (rest, squats, rest),
        "arm_raises": (rest, raises, rest),
        "march": (rest, March(steps=10, step_s=0.5 * pace), rest),
        "stand": (Stand(4.0),),
    }
    return choices[variant.motion]


def _at_pace(tempo: Tempo, pace: float) -> Tempo:
    return replace(tempo, period_s=tempo.period_s * pace)

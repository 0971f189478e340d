"""Scenes in which people walk past each other, meet, leave and come back: what following several people must survive.

Everybody is about 350 pixels tall or taller, so that pose models see them well.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from synthetic.motions import March, Phase, Squats, Stand, Tempo
from synthetic.scene import Actor, Camera, Outfit, Scene
from synthetic.walking import Walk

_CAMERA: Final = Camera(stature_share=0.74, floor_share=0.90)
_ABOUT_TURN: Final = March(steps=3, step_s=0.3, lift_deg=14.0, arm_swing_deg=6.0, turn_deg=180.0)

_RED: Final = Outfit()
_NEARLY_RED: Final = Outfit(shirt=(214, 100, 74), shorts=(46, 52, 84), hair=(54, 40, 34))
_GREEN: Final = Outfit(
    skin=(150, 104, 78), hair=(30, 26, 26), shirt=(72, 138, 84), shorts=(48, 48, 52), shoes=(206, 74, 60)
)
_YELLOW: Final = Outfit(shirt=(236, 190, 70), shorts=(96, 42, 62), hair=(150, 108, 60), shoes=(60, 64, 72))


def crossing_scenes() -> dict[str, Scene]:
    """Return the scenes by name; the truth lists the persons in the scene's order.

    ============= ================================================================================
    cross_once    two people walk past each other, the second nearer to the camera
    cross_twice   the same, and back again
    lookalikes    as ``cross_once``, in almost the same clothes
    meet          two people walk up to each other, turn and go back: nobody crosses
    leave         the first walks out of the picture and comes back while the second squats
    three         the first and the third cross behind and before the second, who stands still
    ============= ================================================================================
    """
    return {
        "cross_once": _scene(*_crossing(_RED, _GREEN)),
        "cross_twice": _crossing_twice(),
        "lookalikes": _scene(*_crossing(_RED, _NEARLY_RED)),
        "meet": _meeting(),
        "leave": _leaving(),
        "three": _three(),
    }


def alone(scene: Scene, person: int) -> Scene:
    """Return the same clip, frame for frame, with one person of the scene only."""
    return replace(scene, actors=(scene.actors[person],), duration_s=float(scene.n_frames / scene.fps))


def _scene(*actors: Actor) -> Scene:
    return Scene(actors, camera=_CAMERA, width_px=960, height_px=540)


def _from_left(phases: tuple[Phase, ...], x_m: float, z_m: float, outfit: Outfit) -> Actor:
    return Actor(phases, stature_m=1.78, x_m=x_m, z_m=z_m, facing_deg=0.0, outfit=outfit)


def _from_right(phases: tuple[Phase, ...], x_m: float, z_m: float, outfit: Outfit) -> Actor:
    return Actor(phases, stature_m=1.70, x_m=x_m, z_m=z_m, facing_deg=180.0, outfit=outfit)


def _crossing(behind: Outfit, before: Outfit) -> tuple[Actor, Actor]:
    way = (Stand(0.3), Walk(6, step=0.36), Stand(0.7))
    return _from_left(way, -1.5, -0.55, behind), _from_right(way, 1.5, 0.55, before)


def _crossing_twice() -> Scene:
    there = Walk(6, step=0.36, step_s=0.4)
    way = (Stand(0.2), there, _ABOUT_TURN, there, Stand(0.1))
    return _scene(_from_left(way, -1.5, -0.55, _RED), _from_right(way, 1.5, 0.55, _YELLOW))


def _meeting() -> Scene:
    ahead = Walk(3, step=0.30)
    way = (Stand(0.3), ahead, Stand(0.2), _ABOUT_TURN, ahead, Stand(0.3))
    return _scene(_from_left(way, -1.45, -0.2, _GREEN), _from_right(way, 1.45, 0.2, _YELLOW))


def _leaving() -> Scene:
    out = Walk(5, step=0.32, step_s=0.45)
    way = (Stand(0.3), out, _ABOUT_TURN, out, Stand(0.3))
    squats = (Stand(0.5), Squats(tempo=Tempo(reps=2, period_s=2.4), depth_deg=80.0), Stand(0.7))
    squatter = Actor(squats, stature_m=1.70, x_m=-0.8, z_m=-0.3, outfit=_GREEN)
    return _scene(_from_left(way, 0.5, 0.3, _YELLOW), squatter)


def _three() -> Scene:
    way = (Stand(0.3), Walk(6, step=0.36), Stand(0.7))
    still = Actor((Stand(4.0),), stature_m=1.84, x_m=0.1, facing_deg=70.0, outfit=_GREEN)
    return _scene(_from_left(way, -1.55, -0.85, _RED), still, _from_right(way, 1.58, 0.85, _YELLOW))

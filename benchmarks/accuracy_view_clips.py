"""The clips that view validity is measured on: rendered mannequins with known angles, and real clips; posed once.

Poses are kept in a folder as ``.npz`` files, so that a second run only analyses. A rendered clip is drawn, encoded,
decoded and posed like any video; the drawn file is not kept.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final

import numpy as np

from synthetic.clip import write_clip
from synthetic.drills import Deadlifts, FrontKicks, JumpingJacks
from synthetic.motions import ArmRaises, March, Phase, Squats, Stand, Tempo
from synthetic.objects import bench
from synthetic.scene import Actor, Board, Camera, Occluder, Outfit, Plate, Scene, Thing, act
from synthetic.walking import Walk
from vidpose.biomech.validity.best import BEST_IDS, flexion_of
from vidpose.pose.estimator import FramePose, PoseSettings
from vidpose.pose.opening import open_estimator
from vidpose.types.arrays import FloatArray
from vidpose.types.pose import PoseTrack
from vidpose.video.decode import VideoReader
from vidpose.video.probe import probe

YAWS_DEG: Final = (0, 15, 30, 45, 60, 75, 90)
MOTIONS: Final[dict[str, tuple[Phase, ...]]] = {
    "squat": (Stand(0.2), Squats(tempo=Tempo(reps=2, period_s=2.0)), Stand(0.2)),
    "march": (March(steps=6),),
    "walk": (Stand(0.2), Walk(steps=4)),
    "raise": (Stand(0.2), ArmRaises(tempo=Tempo(reps=1, period_s=2.0), plane_deg=60.0)),
}
CALIBRATION: Final[dict[str, tuple[tuple[Phase, ...], Outfit]]] = {
    "kicks": ((Stand(0.2), FrontKicks(reps=4)), Outfit(shirt=(60, 90, 160), shorts=(30, 30, 30))),
    "dip": (
        (Squats(tempo=Tempo(reps=2, period_s=1.5), depth_deg=75.0, trunk_lean_deg=22.0, knee_valgus_deg=6.0),),
        Outfit(shirt=(200, 200, 200), shorts=(90, 40, 40)),
    ),
    "jacks": (
        (JumpingJacks(tempo=Tempo(3, 1.1, out_share=0.46, hold_share=0.04, back_share=0.46)),),
        Outfit(skin=(120, 80, 60)),
    ),
    "highknees": (
        (March(steps=6, step_s=0.45, lift_deg=80.0, arm_swing_deg=45.0),),
        Outfit(shirt=(40, 120, 60), shorts=(160, 160, 150)),
    ),
    "wave": (
        (Stand(0.2), ArmRaises(tempo=Tempo(reps=1, period_s=1.8), plane_deg=20.0, asymmetry_deg=15.0)),
        Outfit(),
    ),
}
"""Movements and clothes that the widths of the expected error are fitted to; none of them is in :data:`MOTIONS`."""
CALIBRATION_VIEWS: Final = (
    (0, False), (10, False), (40, False), (60, False), (80, False), (-30, False), (-60, False), (25, True), (50, True),
)  # fmt: skip
"""Yaw of the camera in degrees, negative towards the back, and whether something hides the person."""
HIDDEN: Final = Occluder(left=0.455, right=0.485)
"""A narrow pillar before the middle of the body."""
THING_YAWS_DEG: Final = (0, 15, 30)
_LIFT: Final = (Stand(0.3), Deadlifts(Tempo(1, 2.4)), Stand(0.3))
_SQUAT: Final = (Stand(0.3), Squats(tempo=Tempo(1, 2.2)), Stand(0.3))
_BOX: Final = (Board(-0.22, 0.36, 0.0, 0.24),)
THINGS: Final[dict[str, tuple[tuple[Phase, ...], tuple[Thing, ...]]]] = {
    "lift_plate": (_LIFT, (Plate(-0.06, -0.1, 0.25, carried_by="right_wrist"),)),
    "lift_small_plate": (_LIFT, (Plate(-0.1, -0.14, 0.25, 0.17, "right_wrist", (150, 40, 40)),)),
    "squat_plate": (_SQUAT, (Plate(0.02),)),
    "squat_bench": (_SQUAT, bench(0.15)),
    "squat_box": (_SQUAT, _BOX),
    "squat_bar": (_SQUAT, (Board(-0.6, 0.9, 0.40, 0.52, 0.4, (170, 172, 176)), Board(-0.6, -0.52, 0.0, 1.9, 0.4))),
    "march_box": ((March(steps=4),), _BOX),
}
"""Things that hide the near leg, and the movements behind them."""
CALIBRATION_THINGS: Final[dict[str, tuple[tuple[Phase, ...], tuple[Thing, ...], Outfit]]] = {
    "deep_lift_plate": (
        (Stand(0.3), Deadlifts(Tempo(1, 2.0), 92.0, 48.0, 18.0), Stand(0.2)),
        (Plate(-0.04, -0.1, 0.3, 0.225, "right_wrist", (190, 170, 50)),),
        Outfit(shirt=(60, 90, 160), shorts=(30, 30, 30)),
    ),
    "dip_plate": (
        (Stand(0.2), Squats(tempo=Tempo(1, 1.8), depth_deg=75.0, trunk_lean_deg=22.0), Stand(0.2)),
        (Plate(-0.05, 0.2, 0.4, 0.2, colour=(30, 60, 120)),),
        Outfit(shirt=(200, 200, 200), shorts=(90, 40, 40)),
    ),
    "highknees_bench": (
        (March(steps=5, step_s=0.45, lift_deg=80.0, arm_swing_deg=45.0),),
        bench(0.0, 0.4, 0.40),
        Outfit(shirt=(40, 120, 60), shorts=(160, 160, 150)),
    ),
    "kicks_box": (
        (FrontKicks(reps=2),),
        (Board(-0.3, 0.2, 0.0, 0.32, 0.4, (140, 110, 80)),),
        Outfit(skin=(120, 80, 60)),
    ),
}
"""The same with movements, things and clothes for fitting; none of them is in :data:`THINGS`."""
_SIZE_PX: Final = (640, 480)


@dataclass(frozen=True, slots=True)
class KnownClip:
    """A posed clip with the true flexion, degrees, shape (T,), of the joints of which it is known (``knee_r``)."""

    name: str
    track: PoseTrack
    truth_deg: dict[str, FloatArray]


def mannequin_scene(motion: str, yaw_deg: float, hidden: bool) -> Scene:
    """Return a person who faces right, seen by a camera that stands ``yaw_deg`` towards the front."""
    travels = motion == "walk"
    return Scene(
        (Actor(MOTIONS[motion], x_m=-1.0 if travels else 0.0),),
        camera=Camera(yaw_deg=float(yaw_deg), stature_share=0.6 if travels else 0.69),
        occluders=(HIDDEN,) if hidden else (),
        width_px=_SIZE_PX[0],
        height_px=_SIZE_PX[1],
    )


def mannequin_clips(scratch: Path, yaws_deg: tuple[int, ...] = YAWS_DEG) -> Iterator[tuple[KnownClip, str, int, bool]]:
    """Yield every mannequin clip with its motion, yaw in degrees and whether something hides the person."""
    for motion in MOTIONS:
        for yaw_deg in yaws_deg:
            for hidden in (False, True):
                scene = mannequin_scene(motion, yaw_deg, hidden)
                name = f"{motion}_{yaw_deg:+03d}{'_hidden' if hidden else ''}"
                yield _known_clip(scene, name, scratch), motion, yaw_deg, hidden


def calibration_clips(scratch: Path) -> Iterator[tuple[KnownClip, str, int, bool]]:
    """Yield the clips that the expected error's widths are fitted to, as :func:`mannequin_clips` yields its own."""
    for motion, (phases, outfit) in CALIBRATION.items():
        for yaw_deg, hidden in CALIBRATION_VIEWS:
            scene = Scene(
                (Actor(phases, outfit=outfit),),
                camera=Camera(yaw_deg=float(yaw_deg), stature_share=0.66),
                occluders=(HIDDEN,) if hidden else (),
                width_px=_SIZE_PX[0],
                height_px=_SIZE_PX[1],
            )
            name = f"{motion}_{yaw_deg:+03d}{'_hidden' if hidden else ''}"
            yield _known_clip(scene, name, scratch), motion, yaw_deg, hidden


def thing_clips(scratch: Path) -> Iterator[tuple[KnownClip, str, int, bool]]:
    """Yield the clips with things before the near leg, as :func:`mannequin_clips` yields its own."""
    for name, (phases, things) in THINGS.items():
        for yaw_deg in THING_YAWS_DEG:
            yield _behind_things(name, Actor(phases), things, yaw_deg, scratch)


def calibration_thing_clips(scratch: Path) -> Iterator[tuple[KnownClip, str, int, bool]]:
    """Yield the clips with things that expected errors are fitted to, as :func:`mannequin_clips` yields its own."""
    for name, (phases, things, outfit) in CALIBRATION_THINGS.items():
        for yaw_deg in (5, 25):
            yield _behind_things(name, Actor(phases, outfit=outfit), things, yaw_deg, scratch)


def _behind_things(
    name: str, actor: Actor, things: tuple[Thing, ...], yaw_deg: int, scratch: Path
) -> tuple[KnownClip, str, int, bool]:
    camera = Camera(yaw_deg=float(yaw_deg), stature_share=0.66)
    scene = Scene((actor,), camera=camera, things=things, width_px=_SIZE_PX[0], height_px=_SIZE_PX[1])
    return _known_clip(scene, f"{name}_{yaw_deg:+03d}", scratch), name, yaw_deg, True


def _known_clip(scene: Scene, name: str, scratch: Path) -> KnownClip:
    stage_m = act(scene, scene.actors[0])[1].landmarks_m
    known = {joint: np.rad2deg(flexion_of(joint, stage_m)) for joint in BEST_IDS}
    return KnownClip(name, _posed_scene(scene, name, scratch), known)


def posed(video: Path, estimator: str, cache: Path) -> PoseTrack:
    """Return the landmarks of person 0, from ``cache`` when they are there."""
    if not cache.is_file():
        cache.parent.mkdir(parents=True, exist_ok=True)
        track = _pose(video, PoseSettings(estimator=estimator, max_people=1))
        np.savez(cache, **{item.name: getattr(track, item.name) for item in fields(track)})  # type: ignore[arg-type]
    with np.load(cache) as file:
        return PoseTrack(**dict(file))


def _posed_scene(scene: Scene, name: str, scratch: Path) -> PoseTrack:
    cache = scratch / f"{name}.npz"
    if cache.is_file():
        return posed(Path(name), "blazepose", cache)
    with tempfile.TemporaryDirectory(prefix="vidpose-views-") as folder:
        video = Path(folder) / f"{name}.mp4"
        write_clip(scene, video, sound=False)
        return posed(video, "blazepose", cache)


def _pose(video: Path, settings: PoseSettings) -> PoseTrack:
    frames: list[tuple[int, float, bool]] = []
    poses: list[FramePose] = []
    with open_estimator(settings, video) as estimator, VideoReader(probe(video, "0" * 64).source) as reader:
        for batch in reader.batches(4):
            for frame in batch:
                people = {person.person: person.pose for person in estimator.estimate(frame.picture, frame.time_s)}
                frames.append((frame.pts, frame.time_s, frame.corrupt))
                poses.append(people.get(0, FramePose.missing()))
    pts, times, corrupt = zip(*frames, strict=True)
    names = [item.name for item in fields(FramePose)]
    arrays: dict[str, Any] = {name: np.stack([getattr(pose, name) for pose in poses]) for name in names}
    return PoseTrack(
        pts=np.array(pts), timestamps_s=np.array(times), corrupt=np.array(corrupt, dtype=np.bool_), **arrays
    )

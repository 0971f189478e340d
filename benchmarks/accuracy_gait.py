"""How well steps and jumps are timed: ``python -m benchmarks.accuracy_gait --help``.

Rendered mannequins with exactly known foot strikes, toe-offs, take-offs and landings go through the real pose stage;
the same movements as noisy ideal landmarks show what the pose model adds. Real clips give the cadence of a treadmill
run, counted from pixels without a pose model, and movements that are no gait.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from fractions import Fraction
from pathlib import Path
from typing import Final

import numpy as np

from synthetic.clip import write_clip
from synthetic.drills import FrontKicks, JumpingJacks
from synthetic.jumping import GRAVITY_M_S2, jumping_scenes
from synthetic.moments import Moment, moments_of
from synthetic.motions import ArmRaises, March, Phase, Squats, Stand
from synthetic.scene import REFERENCE_STATURE_M, Actor, Camera, Scene, act, project
from synthetic.walking import Walk
from vidpose.biomech.analysis import AnalysisSettings, analyse
from vidpose.biomech.balance.centre_of_mass import centre_of_mass
from vidpose.biomech.body_size import local_height_px, pose_height_px
from vidpose.biomech.gait.bouts import GaitSettings
from vidpose.biomech.gait.measure_gait import find_gait, gait_events, measure_gait
from vidpose.biomech.jumping.flight import JumpSettings
from vidpose.biomech.jumping.measure_jumps import Jumps, find_jumps, jump_events, measure_jumps
from vidpose.biomech.metrics.recording import Recording
from vidpose.pose.estimator import FramePose, PoseSettings
from vidpose.pose.opening import open_estimator
from vidpose.types.metrics import Event, MetricValue
from vidpose.types.pose import PoseTrack
from vidpose.video.decode import VideoReader
from vidpose.video.probe import probe

RUN: Final = "gaitlab_male_side.mp4"
RUN_CADENCE: Final = 168.9  # steps per minute, from the clip's truth file
DEMO: Final = "sports2d_demo.mp4"
NOISE_PX: Final = 1.5  # of ideal landmarks; the person is some 360 pixels tall
BARS: Final = {
    "cadence_error_per_min": 1.5,
    "events_within_a_frame": 0.95,
    "step_time_error_s": 0.03,
    "jump_height_error_m": 0.03,
}
WALKS: Final = {
    "walk_right_30": (Walk(steps=7), 0.0, 30),
    "walk_left_30": (Walk(steps=7, step=0.35, step_s=0.55), 180.0, 30),
    "walk_brisk_30": (Walk(steps=7, step=0.43, step_s=0.45), 0.0, 30),
    "walk_right_60": (Walk(steps=7, step=0.37, step_s=0.5), 0.0, 60),
}
OTHERS: Final[dict[str, tuple[Phase, float]]] = {
    "squats": (Squats(), 0.0),
    "arm_raises": (ArmRaises(), 90.0),
    "standing": (Stand(4.0), 0.0),
    "march_on_the_spot": (March(steps=12), 0.0),
    "jumping_jacks": (JumpingJacks(), 90.0),
    "front_kicks": (FrontKicks(), 0.0),
}
JUMP_RATES_HZ: Final = (120, 60, 30)


@dataclass(frozen=True, slots=True)
class Line:
    """One figure: ``passed`` is None where there is no bar."""

    clip: str
    figure: str
    value: float
    passed: bool | None = None

    def __str__(self) -> str:
        verdict = {True: "ok", False: "MISSED", None: ""}[self.passed]
        return f"{self.clip:28} {self.figure:34} {self.value:9.4f}  {verdict}"


def main() -> int:
    """Print the figures; return 1 when a bar is missed."""
    parser = argparse.ArgumentParser(description="Accuracy of steps and jumps.")
    parser.add_argument("--folder", type=Path, help="Folder with the real clips; without it they are left out.")
    parser.add_argument("--scratch", type=Path, help="Folder that keeps poses for the next run.")
    parser.add_argument("--json", type=Path, help="File for the figures.")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="vidpose-gait-") as temporary:
        lines = []
        for line in _lines(given.folder, given.scratch or Path(temporary)):
            print(line, flush=True)
            lines.append(line)
    if given.json:
        rows = [{item.name: getattr(line, item.name) for item in fields(line)} for line in lines]
        given.json.write_text(json.dumps(rows, indent=1) + "\n")
    return int(any(line.passed is False for line in lines))


def _lines(folder: Path | None, scratch: Path) -> Iterator[Line]:
    errors: dict[str, list[tuple[float, float]]] = {"ideal": [], "posed": []}
    for name, (walk, facing_deg, rate_hz) in WALKS.items():
        scene = walk_scene(walk, facing_deg, rate_hz)
        for kind, track in (("ideal", ideal(scene)), ("posed", posed_scene(scene, name, scratch))):
            recording = recording_of(track)
            errors[kind] += event_errors(recording, scene)
            wrong_s = abs(_value(_gait(recording), "step_time", "both") - walk.step_s)
            yield _below(f"{name} {kind}", "step_time_error_s", wrong_s)
    for kind, found in errors.items():
        within = float(np.mean([error <= frame for error, frame in found]))
        name = "events_within_a_frame"
        yield Line(f"walks {kind}, {len(found)} events", name, within, within >= BARS[name])
        yield Line(f"walks {kind}", "event error, 95th percentile, s", float(np.quantile([e for e, _ in found], 0.95)))
    for name, (phase, facing_deg) in OTHERS.items():
        scene = Scene((Actor((Stand(0.5), phase, Stand(0.5)), facing_deg=facing_deg),), width_px=640, height_px=480)
        for kind, track in (("ideal", ideal(scene)), ("posed", posed_scene(scene, name, scratch))):
            n_events = len(_steps(recording_of(track)))
            yield Line(f"{name} {kind}", "gait events", n_events, n_events == 0)
    yield from _jump_lines(scratch)
    if folder:
        yield from _real_lines(folder, scratch)


def _jump_lines(scratch: Path) -> Iterator[Line]:
    scene = jumping_scenes()["vertical_jumps"]
    moments = moments_of(scene.actors[0].phases, np.inf)
    flights_s = np.array([m.time_s for m in moments[1::2]]) - np.array([m.time_s for m in moments[::2]])
    true_m = GRAVITY_M_S2 * flights_s**2 / 8
    whole = posed_scene(scene, "vertical_jumps", scratch)
    for rate_hz in JUMP_RATES_HZ:
        every = int(scene.fps) // rate_hz
        slower = PoseTrack(**{item.name: getattr(whole, item.name)[::every] for item in fields(whole)})
        for kind, track in (("ideal", ideal(replace(scene, fps=Fraction(rate_hz)))), ("posed", slower)):
            recording, clip = recording_of(track), f"vertical_jumps {rate_hz} {kind}"
            events = jump_events(recording, _jumps(recording))
            yield Line(clip, "jumps found, of 3", len(events) / 2, len(events) == 6)
            times_s = np.array([event.time_s for event in events])
            heights_m = GRAVITY_M_S2 * (times_s[1::2] - times_s[::2]) ** 2 / 8
            if len(heights_m) == len(true_m):
                yield _below(clip, "jump_height_error_m", float(np.max(np.abs(heights_m - true_m))))
            rise_m = _value(measure_jumps(recording, _jumps(recording)), "jump_height_com_m", "none")
            yield _below(clip, "jump_height_error_m", abs(rise_m - float(true_m.mean())), " (mean com rise)")


def _real_lines(folder: Path, scratch: Path) -> Iterator[Line]:
    (runner,) = posed(folder / RUN, scratch / "run", 1).values()
    values = _gait(recording_of(runner))
    yield Line(RUN, "cadence per minute", 60 * _value(values, "cadence", "none"))
    yield _below(RUN, "cadence_error_per_min", abs(60 * _value(values, "cadence", "none") - RUN_CADENCE))
    for person, track in posed(folder / DEMO, scratch / "demo", 4).items():
        recording = recording_of(track)
        events, jumps = _steps(recording), jump_events(recording, _jumps(recording))
        # the first person does jumping jacks and a somersault
        yield Line(f"{DEMO} person {person}", "gait events", len(events), len(events) == 0 if person == 0 else None)
        yield Line(f"{DEMO} person {person}", "jump events", len(jumps), len(jumps) == 0)
        if events:
            cadence = 60 * _value(_gait(recording), "cadence", "none")
            yield Line(f"{DEMO} person {person}", "cadence per minute", cadence)


def _gait(recording: Recording) -> tuple[MetricValue, ...]:
    return measure_gait(recording, find_gait(recording, GaitSettings()))


def _steps(recording: Recording) -> tuple[Event, ...]:
    return gait_events(recording, find_gait(recording, GaitSettings()))


def _jumps(recording: Recording) -> Jumps:
    return find_jumps(recording, centre_of_mass(recording).image_px, JumpSettings())


def _below(clip: str, bar: str, value: float, remark: str = "") -> Line:
    return Line(clip, bar + remark, value, value <= BARS[bar])  # NaN misses


def _value(values: tuple[MetricValue, ...], metric_id: str, side: str) -> float:
    return next(float(v.value) for v in values if (v.metric_id, v.side) == (metric_id, side))


def event_errors(recording: Recording, scene: Scene) -> list[tuple[float, float]]:
    """Return for every true steady event the distance of the nearest found one, and the frame period, s.

    The first step out of standing and the last one into it are left out: those feet do not swing from behind the body
    to before it, so they are no steps of gait here.
    """
    found = _steps(recording)
    frame_s = 1.0 / float(scene.fps)
    errors: list[tuple[float, float]] = []
    for moment in _steady(moments_of(scene.actors[0].phases, np.inf)):
        away_s = [abs(e.time_s - moment.time_s) for e in found if (e.name, e.side) == (moment.name, moment.side)]
        errors.append((min(away_s, default=np.inf), frame_s))
    return errors


def _steady(moments: tuple[Moment, ...]) -> list[Moment]:
    strikes = [m for m in moments if m.name == "foot_strike"][:-1]
    return strikes + [m for m in moments if m.name == "toe_off"][1:-1]


def walk_scene(walk: Walk, facing_deg: float, rate_hz: int) -> Scene:
    """Return a person who walks across the picture."""
    ahead = 1.0 if facing_deg == 0.0 else -1.0
    start_m = -ahead * walk.travel * REFERENCE_STATURE_M / 2
    actor = Actor((Stand(0.3), walk, Stand(0.3)), x_m=start_m, facing_deg=facing_deg)
    return Scene((actor,), Camera(stature_share=0.5), width_px=1280, height_px=720, fps=Fraction(rate_hz))


def recording_of(track: PoseTrack) -> Recording:
    """Return what metrics are computed from, for somebody of the mannequin's height."""
    result = analyse(track, AnalysisSettings(), REFERENCE_STATURE_M)
    filtered = result.filtered
    return Recording(
        filtered=filtered,
        estimated=track.estimated,
        angles=result.angles,
        angle_precision_rad=np.full(result.angles.values_rad.shape, np.nan),
        facing=result.facing,
        yaw_rad=np.full(track.n_frames, np.nan),
        local_height_px=local_height_px(pose_height_px(filtered.image_px), track.timestamps_s, filtered.stretch),
        body_height_px=result.body_height_px,
        height_m=REFERENCE_STATURE_M,
    )


def ideal(scene: Scene) -> PoseTrack:
    """Return the first actor's projected landmarks with noise."""
    landmarks_m = act(scene, scene.actors[0])[1].landmarks_m
    noise_px = NOISE_PX * np.random.default_rng(0).normal(size=(*landmarks_m.shape[:2], 2))
    hips_m = landmarks_m[:, 23:25].mean(axis=1, keepdims=True)
    sure = np.ones(landmarks_m.shape[:2])
    return PoseTrack(
        pts=np.arange(scene.n_frames),
        timestamps_s=scene.times_s,
        image_px=project(scene, landmarks_m)[0] + noise_px,
        z_rel=np.zeros_like(sure),
        visibility=sure,
        presence=sure,
        world_m=(landmarks_m - hips_m) * np.array([1.0, -1.0, -1.0]),
        corrupt=np.zeros(scene.n_frames, dtype=np.bool_),
    )


def posed_scene(scene: Scene, name: str, scratch: Path) -> PoseTrack:
    """Return the landmarks of the first actor after drawing, encoding, decoding and the pose model."""
    with tempfile.TemporaryDirectory(prefix="vidpose-gait-") as folder:
        video = Path(folder) / f"{name}.mp4"
        if not any((scratch / name).glob("*.npz")):
            write_clip(scene, video, sound=False)
        return posed(video, scratch / name, 1)[0]


def posed(video: Path, cache: Path, max_people: int) -> dict[int, PoseTrack]:
    """Return the landmarks of every person, from ``cache`` when they are there."""
    if not any(cache.glob("*.npz")):
        cache.mkdir(parents=True, exist_ok=True)
        for person, track in _pose(video, max_people).items():
            np.savez(cache / f"{person}.npz", **{item.name: getattr(track, item.name) for item in fields(track)})
    tracks: dict[int, PoseTrack] = {}
    for file in sorted(cache.glob("*.npz")):
        with np.load(file) as arrays:
            tracks[int(file.stem)] = PoseTrack(**dict(arrays))
    return tracks


def _pose(video: Path, max_people: int) -> dict[int, PoseTrack]:
    frames: list[tuple[int, float, bool]] = []
    poses: list[dict[int, FramePose]] = []
    settings = PoseSettings(max_people=max_people)
    with open_estimator(settings, video) as estimator, VideoReader(probe(video, "0" * 64).source) as reader:
        for batch in reader.batches(4):
            for frame in batch:
                poses.append({p.person: p.pose for p in estimator.estimate(frame.picture, frame.time_s)})
                frames.append((frame.pts, frame.time_s, frame.corrupt))
    pts, times_s, corrupt = (np.array(column) for column in zip(*frames, strict=True))
    names = [item.name for item in fields(FramePose)]
    return {
        person: PoseTrack(
            pts=pts,
            timestamps_s=times_s,
            corrupt=corrupt,
            **{
                name: np.stack([getattr(pose.get(person, FramePose.missing()), name) for pose in poses])
                for name in names
            },
        )
        for person in sorted({person for pose in poses for person in pose})
    }


if __name__ == "__main__":
    raise SystemExit(main())

"""How well real people who cross are told apart: on clips into which another person was pasted.

``python -m benchmarks.people_real [FOLDER]`` makes the clips from those in FOLDER and prints, per person: how often the
identity was exchanged, in how many frames they were missed though they are found when alone, what share of the
landmarks was withheld; then errors over the landmarks that were not, all in torso lengths:

*moved* is the distance of a landmark in the crossing from the same landmark when the person is alone, near the other
one and away from them. *grain* is what the same person's landmarks move, alone, when each grey level changes by -1, 0
or 1: nobody can be better than that. *error* is the distance from joints that come from elsewhere, where there are
such: triangulated from four cameras (Pose2Sim), or of another network (tfjs-models). The same landmarks when alone give
*error / alone*, which is what the bar is about, over all frames and over those near the other one. For whoever has no
such joints it is estimated, in brackets, from *moved* and the mean error of those who have, as if the two were
independent of each other: sqrt(1 + (moved / error)^2). Every clip is followed with several grains, which give ranges.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Final

import click
import numpy as np

from benchmarks.composites import (
    Crossing,
    Cut,
    Footage,
    crossing_frames,
    cut_out,
    empty_room,
    guest_frames,
    picture,
    widened,
)
from benchmarks.people import JOINTS, MAX_RATIO, Answers, Person, answers, judge, several
from vidpose.pose.blazepose.detector import BlazePoseDetector
from vidpose.pose.blazepose.person_estimator import BlazePoseEstimator
from vidpose.pose.estimator import PoseSettings
from vidpose.types.arrays import ByteArray, FloatArray
from vidpose.types.picture import Picture
from vidpose.types.skeleton import LANDMARK_NAMES

GRAINS: Final = (1, 2, 3)
STANDER: Final = Footage("tfjs_pose_1.mp4", 0, 100)
RUNNER: Final = Footage("gaitlab_male_side.mp4", 0, 90)
BALANCER: Final = Footage("pose2sim_single_cam01.mp4", 0, 100, share=0.5, and_back=True)
BALANCER_BACK: Final = Footage("pose2sim_single_cam04.mp4", 0, 100, share=0.5, and_back=True)
_LAWN: Final = (0, 490, 1768, 994)  # below the roof on which somebody else stands
WALKER: Final = Footage("sports2d_demo.mp4", 64, 164, _LAWN)
WALKER_SOON: Final = Footage("sports2d_demo.mp4", 64, 154, _LAWN)
# Whoever is before is larger and stands lower, as the nearer one does. Nobody is faster than people
# walk.
CROSSINGS: Final = (
    Crossing("walker before stander", STANDER, WALKER, True, 0.70, (-377, 157)),
    Crossing("walker behind stander", STANDER, WALKER, False, 0.60, (-282, 186)),
    Crossing("runner before stander", STANDER, RUNNER, True, 0.45, (430, -94), (-8, 0)),
    Crossing("runner behind stander", STANDER, RUNNER, False, 0.40, (444, -46), (-8, 0)),
    Crossing("walker before runner", RUNNER, WALKER_SOON, True, 1.60, (-1290, 556), margin_px=240),
    Crossing("walker behind runner", RUNNER, WALKER_SOON, False, 1.35, (-960, 621), margin_px=240),
    Crossing("same man before", BALANCER, BALANCER_BACK, True, 1.0, (20, 20), (5.5, 0), 400, Fraction(60)),
    Crossing("same man behind", BALANCER, BALANCER_BACK, False, 0.8, (77, 100), (5.5, 0), 400, Fraction(60)),
)
_NAMES: Final = tuple(LANDMARK_NAMES[joint] for joint in JOINTS)
Clip = tuple[Crossing, Cut, Cut, ByteArray]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was made of one person with one grain: compared with themselves alone, and with joints from elsewhere."""

    itself: Person
    elsewhere: Person | None


def sources(crossings: Sequence[Crossing], folder: Path) -> Iterator[Clip]:
    """Yield each crossing with its host, its guest and the host's empty room."""
    cuts: dict[Footage, Cut] = {}
    rooms: dict[Footage, ByteArray] = {}
    for crossing in crossings:
        for footage in {crossing.host, crossing.guest} - cuts.keys():
            cuts[footage] = cut_out(footage, folder)
        if crossing.host not in rooms:
            rooms[crossing.host] = empty_room(cuts[crossing.host])
        host, room = widened(cuts[crossing.host], rooms[crossing.host], crossing.margin_px)
        yield crossing, host, cuts[crossing.guest], room


def outcomes(clip: Clip, folder: Path) -> list[tuple[Outcome, Outcome]]:
    """Return what was made of host and guest of a clip, for each grain."""
    crossing, host, guest, room = clip
    lone = [host.frames[: crossing.n_frames], list(guest_frames(crossing, room, guest))]
    both = list(crossing_frames(crossing, host, guest))
    truths = [landmarks(_alone(frames, crossing, None)) for frames in lone]
    joints = elsewhere(crossing, folder / "../truth")
    found = []
    for grain in GRAINS:
        singles = [_alone(frames, crossing, grain) for frames in lone]
        followed = answers(several(BlazePoseDetector(PoseSettings())), _film(both, crossing, grain))
        itself = judge(followed, truths, singles)
        known = [truth if other is None else other for truth, other in zip(truths, joints, strict=True)]
        others = judge(followed, known, singles)
        first, second = (
            Outcome(person, None if joint is None else other)
            for person, other, joint in zip(itself, others, joints, strict=True)
        )
        found.append((first, second))
    return found


def _alone(frames: Iterable[ByteArray], crossing: Crossing, grain: int | None) -> Answers:
    return answers(BlazePoseEstimator(PoseSettings()), _film(frames, crossing, grain))


def _film(frames: Iterable[ByteArray], crossing: Crossing, grain: int | None) -> Iterator[tuple[Picture, float]]:
    generator = None if grain is None else np.random.default_rng(grain)
    for number, rgb in enumerate(frames):
        yield picture(rgb, generator), float(number / crossing.fps)


def landmarks(single: Answers) -> FloatArray:
    """Return the landmarks of somebody alone, shape (T, 33, 2), pixels; NaN where they were not found."""
    nobody = np.full((len(LANDMARK_NAMES), 2), np.nan)
    return np.stack([frame[0].image_px.astype(np.float64) if 0 in frame else nobody for frame in single])


def elsewhere(crossing: Crossing, folder: Path) -> list[FloatArray | None]:
    """Return the joints of host and guest that come from elsewhere, shape (T, 33, 2), pixels; NaN for all others."""
    placings = [np.array([[1.0, 0.0, crossing.margin_px], [0.0, 1.0, 0.0]])] * crossing.n_frames
    host = _placed(_joints(crossing.host, folder), placings)
    guest = _placed(_joints(crossing.guest, folder), [crossing.placing(frame) for frame in range(crossing.n_frames)])
    return [host, guest]


def _placed(px: FloatArray | None, placings: Sequence[FloatArray]) -> FloatArray | None:
    if px is None:
        return None
    placed = [at @ placing[:, :2].T + placing[:, 2] for at, placing in zip(px, placings, strict=False)]
    return np.stack(placed)


def _joints(footage: Footage, folder: Path) -> FloatArray | None:
    name = Path(footage.file).stem
    csv_file, json_file = folder / f"{name}_projected_px.csv", folder / f"{name}.json"
    if footage.file in (BALANCER.file, BALANCER_BACK.file):
        with csv_file.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        short = [name[0].upper() + name.partition("_")[2].capitalize() for name in _NAMES]
        values = [[(float(row[f"{name}_x"]), float(row[f"{name}_y"])) for name in short] for row in rows]
    elif footage.file == STANDER.file:
        frames = json.loads(json_file.read_text(encoding="utf-8"))
        values = [[(frame[name]["x"], frame[name]["y"]) for name in _NAMES] for frame in frames]
    else:
        return None
    px = np.full((len(values), len(LANDMARK_NAMES), 2), np.nan)
    px[:, list(JOINTS)] = np.array(values) * footage.share
    return np.stack(footage.shown(list(px[footage.start : footage.stop])))


def mean(people: Sequence[Person], apart: bool | None, *, alone: bool = False) -> FloatArray:
    """Return the mean error of each, of the frames near others (``apart`` False), away from them (True) or of all."""
    means = []
    for person in people:
        errors = np.array(person.alone if alone else person.errors)
        means.append(errors.mean() if apart is None else errors[np.array(person.apart) == apart].mean())
    return np.array(means)


def lines(folder: Path) -> Iterator[str]:
    """Yield a line per person and a last one."""
    found: dict[tuple[str, str], list[Outcome]] = {}
    for clip in sources(CROSSINGS, folder):
        for role, of_one in zip(("host", "guest"), zip(*outcomes(clip, folder), strict=True), strict=True):
            found[clip[0].name, role] = list(of_one)
    known = [outcome.elsewhere for of_one in found.values() for outcome in of_one if outcome.elsewhere is not None]
    error = float(mean(known, None, alone=True).mean())
    yield (
        f"{'clip':22} {'person':6} {'switches':>8} {'missed':>6} {'withheld':>8}   {'moved near':>11} {'away':>6} "
        f"{'grain':>6}   {'error / alone':>16}  {'near the other':>16}"
    )
    for (name, role), of_one in found.items():
        yield f"{name:22} {role:6} {_line(of_one, error)}"
    n_switches = sum(outcome.itself.n_switches for of_one in found.values() for outcome in of_one)
    ratios = [_ratios([outcome.elsewhere for outcome in of_one], None).mean() for of_one in found.values()]
    direct = [ratio for ratio in ratios if np.isfinite(ratio)]
    yield (
        f"identity switches {n_switches} in {len(GRAINS)} x {len(CROSSINGS)} clips (bar 0); mean error alone "
        f"{error:.3f}; error / alone: median {np.median(direct):.2f}, greatest {max(direct):.2f} (bar {MAX_RATIO})"
    )


def _line(found: Sequence[Outcome], error: float) -> str:
    people = [outcome.itself for outcome in found]
    near, moved = mean(people, False), mean(people, None)
    ratios = []
    for apart, of_all in ((None, moved), (False, near)):
        values = _ratios([outcome.elsewhere for outcome in found], apart)
        if np.isfinite(values).all():
            ratios.append(f"{values.mean():.2f} ({values.min():.2f}-{values.max():.2f})")
        else:
            ratios.append(f"[{np.sqrt(1.0 + (of_all.mean() / error) ** 2):.2f}]{'':10}")
    return (
        f"{sum(person.n_switches for person in people):8} {np.mean([person.n_missed for person in people]):6.1f} "
        f"{np.mean([np.mean(person.withheld) for person in people]):8.1%}   "
        f"{near.mean():.3f}±{np.ptp(near) / 2:.3f} {mean(people, True).mean():6.3f} "
        f"{mean(people, None, alone=True).mean():6.3f}   {ratios[0]:>16}  {ratios[1]:>16}"
    )


def _ratios(people: Sequence[Person | None], apart: bool | None) -> FloatArray:
    """Return error / error alone of each, NaN without joints from elsewhere."""
    known = [person for person in people if person is not None]
    if not known:
        return np.array([np.nan])
    return mean(known, apart) / mean(known, apart, alone=True)


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), default=Path(__file__).parents[2] / "shared/data/videos")
def main(folder: Path) -> None:
    """Print how well real people who cross are told apart; FOLDER holds the shared clips."""
    for line in lines(folder):
        print(line, flush=True)


if __name__ == "__main__":
    main()

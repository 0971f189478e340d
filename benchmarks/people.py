"""How well several people are told apart: on rendered clips with people who cross, and on the shared clips.

``python -m benchmarks.people [FOLDER]`` prints, per rendered clip, how often an identity was exchanged and how far each
person's landmarks are from the truth compared with the same person rendered alone, and what share of the landmarks was
withheld (visibility 0, because they jumped; errors are over the others); per shared clip in FOLDER, how many people
were found. A person counts as found under a number as in CLEAR MOT (Bernardin and Stiefelhagen 2008, EURASIP J.
Image Video Process., 246309): who was found under it before keeps it as long as the distance stays below the limit;
the others are assigned with the least sum of distances.
"""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import click
import numpy as np

from synthetic.clip import truth_path, write_clip
from synthetic.crossings import alone, crossing_scenes
from vidpose.pose.blazepose.detector import BlazePoseDetector
from vidpose.pose.blazepose.follower import Follower
from vidpose.pose.blazepose.landmarker import BlazePoseLandmarker
from vidpose.pose.blazepose.person_estimator import BlazePoseEstimator
from vidpose.pose.estimator import FramePose, PoseEstimator, PoseSettings
from vidpose.pose.identity.assignment import assign
from vidpose.pose.regions import Detection, Detector
from vidpose.pose.tracking.people_estimator import PeopleEstimator
from vidpose.types.arrays import FloatArray
from vidpose.types.picture import Picture
from vidpose.types.skeleton import LANDMARK_INDEX, LANDMARK_NAMES
from vidpose.video.decode import VideoReader
from vidpose.video.probe import probe

SHARED_CLIPS: Final = (
    "sports2d_demo.mp4",
    "pose2sim_multi_cam02.mp4",
    "mmpose_demo.mp4",
    "pose2sim_single_cam01.mp4",
    "pose2sim_single_cam04.mp4",
    "gaitlab_male_side.mp4",
    "tfjs_pose_1.mp4",
    "tfjs_pose_squats.mp4",
)
SEVERAL: Final = PoseSettings(max_people=4)
MAX_ERROR: Final = 0.7  # torso lengths, mean over the joints; beyond, a pose is not that person's
MAX_RATIO: Final = 1.15
APART: Final = 1.5  # torso lengths between trunks from which on people do not hide each other
JOINTS: Final = tuple(
    LANDMARK_INDEX[f"{side}_{joint}"]
    for joint in ("shoulder", "elbow", "wrist", "hip", "knee", "ankle")
    for side in ("left", "right")
)
TRUNK: Final = tuple(LANDMARK_INDEX[f"{side}_{joint}"] for joint in ("shoulder", "hip") for side in ("left", "right"))
Answers = list[dict[int, FramePose]]


class CountingDetector:
    """A detector that counts how often it was asked."""

    def __init__(self, settings: PoseSettings) -> None:
        self._detector = BlazePoseDetector(settings)
        self.n_calls = 0

    def detect(self, picture: Picture) -> Sequence[Detection]:
        """Ask the detector."""
        self.n_calls += 1
        return self._detector.detect(picture)


@dataclass
class Person:
    """What was made of one person of a clip; errors in torso lengths, one per frame in which they were found.

    ``alone`` is the error of the same landmarks when nobody else is there, ``apart`` is True where nobody was near,
    ``withheld`` is the share of landmarks that were withheld.
    """

    numbers: list[int] = field(default_factory=list)
    n_missed: int = 0
    errors: list[float] = field(default_factory=list)
    alone: list[float] = field(default_factory=list)
    apart: list[bool] = field(default_factory=list)
    withheld: list[float] = field(default_factory=list)

    @property
    def n_switches(self) -> int:
        """How often they went on under another number."""
        return int(np.count_nonzero(np.diff(self.numbers)))

    def ratios(self) -> tuple[float, float, float]:
        """Return error / error alone: median over frames, mean where nobody was near, mean over all frames."""
        errors, alone_, apart = np.array(self.errors), np.array(self.alone), np.array(self.apart)
        return (
            float(np.median(errors) / np.median(alone_)),
            float(errors[apart].mean() / alone_[apart].mean()),
            float(errors.mean() / alone_.mean()),
        )


def follow(clip: Path) -> tuple[Answers, int]:
    """Return everybody in every frame, by number, and how many times a detector was run."""
    detector = CountingDetector(SEVERAL)
    return _answers(clip, several(detector)), detector.n_calls


def several(detector: Detector) -> PeopleEstimator:
    """Return what follows up to four people."""
    return PeopleEstimator(SEVERAL, detector, BlazePoseLandmarker(SEVERAL), lambda: Follower(SEVERAL))


def _answers(clip: Path, estimator: PoseEstimator) -> Answers:
    with VideoReader(probe(clip, "0" * 64).source) as reader:
        frames = (frame for batch in reader.batches(4) for frame in batch)
        return answers(estimator, ((frame.picture, frame.time_s) for frame in frames))


def answers(estimator: PoseEstimator, frames: Iterable[tuple[Picture, float]]) -> Answers:
    """Return everybody in every frame, by number; frames come with their times in seconds."""
    with estimator:
        return [{one.person: one.pose for one in estimator.estimate(picture, time_s)} for picture, time_s in frames]


def error(pose: FramePose, truth_px: FloatArray, joints: Sequence[int] = JOINTS) -> float:
    """Return the mean distance of the joints from the truth, shape (33, 2), in torso lengths of the truth."""
    torso_px = np.hypot(*_torso(truth_px))
    apart = np.hypot(*(pose.image_px[list(joints)] - truth_px[list(joints)]).T)
    return float(apart.mean() / torso_px)


def _torso(truth_px: FloatArray) -> FloatArray:
    left_top, right_top, left_low, right_low = truth_px[list(TRUNK)]
    torso: FloatArray = (left_top + right_top - left_low - right_low) / 2
    return torso


def judge(followed: Answers, truths: Sequence[FloatArray], singles: Sequence[Answers]) -> list[Person]:
    """Return what was made of each person; truths have shape (T, 33, 2)."""
    people = [Person() for _ in truths]
    before: dict[int, int] = {}
    for frame, found in enumerate(followed):
        now = [truth[frame] for truth in truths]
        before |= (hits := _hits(found, now, before))
        for who, person in enumerate(people):
            single = singles[who][frame].get(0)
            if who not in hits:
                person.n_missed += single is not None
                continue
            person.numbers.append(hits[who])
            pose = found[hits[who]]
            joints = [joint for joint in JOINTS if pose.visibility[joint] > 0.0]
            if single is not None:
                person.withheld.append(1.0 - len(joints) / len(JOINTS))
            if single is not None and joints:
                person.errors.append(error(pose, now[who], joints))
                person.alone.append(error(single, now[who], joints))
                person.apart.append(_nearest(who, now) > APART)
    return people


def _hits(found: Mapping[int, FramePose], now: Sequence[FloatArray], before: Mapping[int, int]) -> dict[int, int]:
    """Return the number under which each person is found."""
    numbers = list(found)
    costs = np.array([[error(found[number], truth) for number in numbers] for truth in now])
    costs = costs.reshape(len(now), len(numbers))
    hits = {who: n for who, n in before.items() if n in numbers and costs[who, numbers.index(n)] < MAX_ERROR}
    for who, number in hits.items():
        costs[who, :] = np.nan
        costs[:, numbers.index(number)] = np.nan
    return hits | {who: numbers[column] for who, column in assign(costs, MAX_ERROR)}


def _nearest(who: int, now: Sequence[FloatArray]) -> float:
    middles = np.array([truth[list(TRUNK)].mean(axis=0) for truth in now])
    others = np.delete(middles, who, axis=0)
    return float(np.hypot(*(others - middles[who]).T).min(initial=np.inf) / np.hypot(*_torso(now[who])))


def read_truth(clip: Path) -> list[FloatArray]:
    """Return the landmarks of each person, shape (T, 33, 2), pixels."""
    truth: dict[str, Any] = json.loads(truth_path(clip).read_text(encoding="utf-8"))
    return [
        np.stack([np.array(person["landmarks_px"][name]).T for name in LANDMARK_NAMES], axis=1)
        for person in truth["persons"]
    ]


def crossing_lines(folder: Path) -> Iterator[str]:
    """Render the clips into a folder and yield a line per person."""
    n_switches, medians, means = 0, [], []
    yield (
        f"{'clip':12} {'person':>6} {'numbers':8} {'switches':>8} {'missed':>6} {'withheld':>8}   "
        "error / alone: median  apart   mean"
    )
    for name, scene in crossing_scenes().items():
        clip = folder / f"{name}.mp4"
        write_clip(scene, clip, sound=False)
        singles = []
        for who in range(len(scene.actors)):
            single = folder / f"{name}_{who}.mp4"
            write_clip(alone(scene, who), single, sound=False)
            singles.append(_answers(single, BlazePoseEstimator(PoseSettings())))
        followed, n_detections = follow(clip)
        for who, person in enumerate(judge(followed, read_truth(clip), singles)):
            median, apart, mean = person.ratios()
            numbers = ",".join(str(number) for number in sorted(set(person.numbers)))
            yield (
                f"{name:12} {who:6} {numbers:8} {person.n_switches:8} {person.n_missed:6} "
                f"{np.mean(person.withheld):8.1%}   "
                f"{median:21.2f} {apart:6.2f} {mean:6.2f}"
            )
            n_switches += person.n_switches
            medians.append(median)
            means.append((mean, name))
        yield f"{'':12} {n_detections / len(followed):.3f} detections per frame"
    worst, where = max(means)
    yield (
        f"identity switches {n_switches} (bar 0); greatest error / alone: median {max(medians):.2f}, "
        f"mean {worst:.2f} in {where} (bar {MAX_RATIO})"
    )


def shared_lines(folder: Path) -> Iterator[str]:
    """Yield a line per shared clip."""
    yield f"{'clip':26} {'frames':>6} {'people: median':>14} {'max':>3}  {'detections/frame':>16}  frames by number"
    for name in SHARED_CLIPS:
        if not (folder / name).is_file():
            continue
        followed, n_detections = follow(folder / name)
        counts = [len(found) for found in followed]
        seen = Counter(number for found in followed for number in found)
        yield (
            f"{name:26} {len(followed):6} {np.median(counts):14.0f} {max(counts):3}  "
            f"{n_detections / len(followed):16.3f}  {dict(sorted(seen.items()))}"
        )


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), default=Path(__file__).parents[2] / "shared/data/videos")
def main(folder: Path) -> None:
    """Print how well people are told apart; FOLDER holds the shared clips."""
    with tempfile.TemporaryDirectory(prefix="vidpose-people-") as scratch:
        for line in crossing_lines(Path(scratch)):
            print(line, flush=True)
    for line in shared_lines(folder):
        print(line, flush=True)


if __name__ == "__main__":
    main()

"""How equal the fast estimator is to MediaPipe's own graph, in percent of the torso's length.

``python benchmarks/equality.py FOLDER`` reads the shared single-person clips in FOLDER. Two questions are asked:

open loop
    MediaPipe says where it looks in each frame; both networks read that square. What differs is the crop's rounding.
closed loop
    Both follow the person on their own. MediaPipe is not equal to itself here: when its input changes by one grey
    level, invisibly, its landmarks move. So the difference to it is compared with its difference to itself.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, replace
from pathlib import Path
from typing import Any, Final

import click
import numpy as np

from vidpose.errors import EstimatorError
from vidpose.pose.blazepose.landmarker import BlazePoseLandmarker
from vidpose.pose.blazepose.person_estimator import BlazePoseEstimator, describe
from vidpose.pose.estimator import FramePose, PoseSettings
from vidpose.pose.regions import Region
from vidpose.types.arrays import ByteArray, FloatArray
from vidpose.types.picture import Picture
from vidpose.types.skeleton import LANDMARK_INDEX
from vidpose.video.decode import VideoReader
from vidpose.video.probe import probe

SINGLE_PERSON: Final = (
    "pose2sim_single_cam01.mp4",
    "pose2sim_single_cam04.mp4",
    "gaitlab_male_side.mp4",
    "tfjs_pose_1.mp4",
    "tfjs_pose_squats.mp4",
)
SEEDS: Final = (1, 2, 3)
MAX_OPEN_LOOP_PERCENT: Final = 0.3
MAX_CLOSED_LOOP_RATIO: Final = 1.4
Answer = FramePose | None


class ReferenceGraph:
    """MediaPipe's graph, which also tells where it looked.

    Parameters
    ----------
    smooth
        With MediaPipe's smoothing of landmarks.
    seed
        None for the picture as it is; a number adds -1, 0 or 1 to every value of it, at random.
    """

    def __init__(self, smooth: bool = False, seed: int | None = None) -> None:
        os.environ.setdefault("GLOG_minloglevel", "2")
        from mediapipe.python.solution_base import SolutionBase

        self._noise = None if seed is None else np.random.default_rng(seed)
        self._graph = SolutionBase(
            binary_graph_path="mediapipe/modules/pose_landmark/pose_landmark_cpu.binarypb",
            side_inputs={
                "model_complexity": 1,
                "smooth_landmarks": smooth,
                "enable_segmentation": False,
                "smooth_segmentation": False,
                "use_prev_landmarks": True,
            },
            outputs=["pose_landmarks", "pose_world_landmarks", "pose_rect"],
        )

    def close(self) -> None:
        """End the graph's threads."""
        self._graph.close()

    def estimate(self, rgb: ByteArray) -> tuple[Answer, Region | None]:
        """Return the person and the square in which they were looked for."""
        if self._noise is not None:
            noisy = rgb.astype(np.int16) + self._noise.integers(-1, 2, rgb.shape, dtype=np.int16)
            rgb = np.clip(noisy, 0, 255).astype(np.uint8)
        result = self._graph.process({"image": rgb})
        height_px, width_px = rgb.shape[:2]
        region = _region(result.pose_rect, width_px, height_px)
        if result.pose_landmarks is None:
            return None, region
        points = result.pose_landmarks.landmark
        image = np.array([(p.x * width_px, p.y * height_px, p.z, p.visibility) for p in points], dtype=np.float32)
        world = np.array([(p.x, p.y, p.z) for p in result.pose_world_landmarks.landmark], dtype=np.float32)
        pose = FramePose(image[:, :2], image[:, 2], image[:, 3], np.full(len(image), np.nan, np.float32), world)
        return pose, region


def _region(rect: Any, width_px: int, height_px: int) -> Region | None:
    if rect is None:
        return None
    return Region(rect.x_center * width_px, rect.y_center * height_px, rect.width * width_px, rect.rotation)


@dataclass(frozen=True, slots=True)
class Difference:
    """How far one series of poses is from another: percent of the torso per landmark, knees in degrees.

    ``n_one_sided`` counts frames in which only one of the two found somebody.
    """

    mean_percent: float
    p95_percent: float
    median_frame_percent: float
    knee_deg: float
    n_one_sided: int


def difference(ours: Sequence[Answer], theirs: Sequence[Answer]) -> Difference:
    """Compare two series, frame by frame."""
    pairs = [(a, b) for a, b in zip(ours, theirs, strict=True) if a is not None and b is not None]
    n_one_sided = sum((a is None) != (b is None) for a, b in zip(ours, theirs, strict=True))
    percent = np.array(
        [100.0 * np.linalg.norm(a.image_px - b.image_px, axis=1) / torso_px(b.image_px) for a, b in pairs]
    )
    knees_rad = np.array([knee_angles_rad(a.world_m) - knee_angles_rad(b.world_m) for a, b in pairs])
    return Difference(
        mean_percent=float(percent.mean()),
        p95_percent=float(np.percentile(percent, 95)),
        median_frame_percent=float(np.median(percent.mean(axis=1))),
        knee_deg=float(np.degrees(np.abs(knees_rad)).mean()),
        n_one_sided=n_one_sided,
    )


def torso_px(image_px: FloatArray) -> float:
    """Return the distance from mid-shoulder to mid-hip."""
    ends = [
        image_px[[LANDMARK_INDEX[f"left_{name}"], LANDMARK_INDEX[f"right_{name}"]]].mean(axis=0)
        for name in ("shoulder", "hip")
    ]
    return float(np.linalg.norm(ends[0] - ends[1]))


def knee_angles_rad(world_m: FloatArray) -> FloatArray:
    """Return the included angles of the left and the right knee, shape (2,)."""
    angles = []
    for side in ("left", "right"):
        hip, knee, ankle = (world_m[LANDMARK_INDEX[f"{side}_{name}"]] for name in ("hip", "knee", "ankle"))
        thigh, shank = hip - knee, ankle - knee
        angles.append(np.arctan2(np.linalg.norm(np.cross(thigh, shank)), thigh @ shank))
    return np.array(angles)


def pictures(video: Path, limit: int | None = None) -> Iterator[Picture]:
    """Yield the first frames of a video."""
    with VideoReader(probe(video, "").source) as reader:
        for number, batch in enumerate(reader.batches(1)):
            if limit is not None and number >= limit:
                return
            yield batch[0].picture


@dataclass(frozen=True, slots=True)
class Ours:
    """The fast estimator in one precision, in both loops."""

    estimator: BlazePoseEstimator
    landmarker: BlazePoseLandmarker

    @classmethod
    def opened(cls, settings: PoseSettings) -> Ours:
        """Open it for one video."""
        return cls(BlazePoseEstimator(settings), BlazePoseLandmarker(settings))

    def closed_loop(self, picture: Picture) -> Answer:
        """Follow the person alone."""
        people = self.estimator.estimate(picture, 0.0)
        return people[0].pose if people else None

    def open_loop(self, picture: Picture, region: Region | None) -> Answer:
        """Read the square in which the graph looked."""
        return None if region is None else self.landmarker.landmarks(picture, [region])[0].pose


def compare(
    video: Path, settings: Sequence[PoseSettings], seeds: Sequence[int] = SEEDS, limit: int | None = None
) -> dict[str, list[Answer]]:
    """Run the graph, its noisy twins and the fast estimator over a video.

    Parameters
    ----------
    video
        The file.
    settings
        One for each precision; smoothing has to be the same in all.
    seeds
        One noisy twin for each.
    limit
        Greatest number of frames.

    Returns
    -------
    dict
        Answers per frame: ``graph``, ``noise SEED``, ``PRECISION open`` and ``PRECISION closed``.
    """
    smooth = settings[0].smooth_landmarks
    graph = ReferenceGraph(smooth)
    noisy = {f"noise {seed}": ReferenceGraph(smooth, seed) for seed in seeds}
    ours = {wanted.precision: Ours.opened(wanted) for wanted in settings}
    frames: list[dict[str, Answer]] = []
    for picture in pictures(video, limit):
        rgb = picture.rgb()
        pose, region = graph.estimate(rgb)
        answers = {"graph": pose} | {name: twin.estimate(rgb)[0] for name, twin in noisy.items()}
        for precision, one in ours.items():
            answers[f"{precision} open"] = one.open_loop(picture, region if pose is not None else None)
            answers[f"{precision} closed"] = one.closed_loop(picture)
        frames.append(answers)
    for opened in (graph, *noisy.values()):
        opened.close()
    return {name: [answers[name] for answers in frames] for name in frames[0]}


def noise_floor(answers: Mapping[str, list[Answer]]) -> Difference:
    """Return the difference of the graph to itself, the median of each figure over the noisy twins."""
    runs = [difference(series, answers["graph"]) for name, series in answers.items() if name.startswith("noise")]
    medians = np.median([astuple(run) for run in runs], axis=0).tolist()
    return Difference(*medians[:-1], n_one_sided=round(medians[-1]))


def print_difference(name: str, found: Difference, verdict: str = "") -> None:
    """Print one line."""
    print(
        f"    {name:<22}{found.mean_percent:7.3f}{found.p95_percent:8.3f}{found.median_frame_percent:8.3f}"
        f"{found.knee_deg:8.2f}{found.n_one_sided:6d}  {verdict}"
    )


def print_video(video: Path, settings: Sequence[PoseSettings], limit: int | None) -> bool:
    """Print all figures of a video; return whether the default precision keeps its bars with smoothing off."""
    good = True
    for smooth in (False, True):
        answers = compare(video, [replace(one, smooth_landmarks=smooth) for one in settings], SEEDS, limit)
        floor = noise_floor(answers)
        print(f"  MediaPipe's smoothing {'on' if smooth else 'off'}")
        print_difference("graph, noisy input", floor)
        for precision in (one.precision for one in settings):
            opened = difference(answers[f"{precision} open"], answers["graph"])
            closed = difference(answers[f"{precision} closed"], answers["graph"])
            ratio = closed.median_frame_percent / floor.median_frame_percent
            judged = precision == "f32" and not smooth
            if not smooth:
                print_difference(f"{precision} open loop", opened, f"bar: mean {MAX_OPEN_LOOP_PERCENT}" * judged)
            bar = f", bar {MAX_CLOSED_LOOP_RATIO}" * judged
            print_difference(f"{precision} closed loop", closed, f"{ratio:.2f} x noise{bar}")
            if judged:
                good = opened.mean_percent <= MAX_OPEN_LOOP_PERCENT and ratio <= MAX_CLOSED_LOOP_RATIO
    return good


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--frames", "limit", type=click.IntRange(min=2), help="Only so many frames of each clip.")
def main(folder: Path, limit: int | None) -> None:
    """Compare both estimators on the single-person clips in FOLDER; fail when f32 misses a bar."""
    settings = [PoseSettings(estimator="blazepose", device="cpu")]
    fast = replace(settings[0], precision="fast")
    try:
        describe(fast)
        settings.append(fast)
    except EstimatorError as error:
        print(f"precision fast is left out: {error}")
    print(f"{'percent of torso':<26}{'mean':>7}{'p95':>8}{'frame':>8}{'knee °':>8}{'alone':>6}")
    missed = []
    for name in SINGLE_PERSON:
        print(name)
        if not print_video(folder / name, settings, limit):
            missed.append(name)
    if missed:
        raise SystemExit(f"a bar was missed: {', '.join(missed)}")


if __name__ == "__main__":
    main()

"""The experiments: which contenders take turns on which clips."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from benchmarks.experiments.job import ALONE, difference, job
from benchmarks.harness.clips import PROJECT, Clip, find_clip, looped
from benchmarks.harness.rounds import Contender, Measured, Patience, run_command, run_together

N_CORES = len(os.sched_getaffinity(0))
DISTRIBUTED = ("--engine", "distributed")
INLINE = ("--engine", "inline")
FIRST_GRAPH = """
import sys, cv2
from mediapipe.python.solutions import pose
with pose.Pose(model_complexity=1) as model:
    model.process(cv2.cvtColor(cv2.VideoCapture(sys.argv[1]).read()[1], cv2.COLOR_BGR2RGB))
"""
FIRST_OURS = """
import sys
from pathlib import Path
from vidpose.pose.estimator import PoseSettings
from vidpose.pose.opening import open_estimator
from vidpose.video.decode import VideoReader
from vidpose.video.probe import probe
path = Path(sys.argv[1])
settings = PoseSettings(estimator="blazepose", max_people=1, precision=sys.argv[2])
with VideoReader(probe(path, "").source) as reader, open_estimator(settings, path, 1) as estimator:
    estimator.estimate(next(reader.batches(1))[0].picture, 0.0)
"""


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is measured.

    Attributes
    ----------
    folder
        Where the clips are.
    scratch
        Where looped clips are kept.
    n_frames
        Least number of frames of a clip.
    clips
        Names of the clips for speed; the project's sample stands in for those that are missing.
    minutes
        Lengths of footage for cost against length.
    rounds, attempts
        How often everything is run, and how often at most when others disturb.
    """

    folder: Path
    scratch: Path
    n_frames: int = 600
    clips: tuple[str, ...] = ("pose2sim_single_cam04.mp4", "sports2d_demo.mp4")
    minutes: tuple[int, ...] = (1, 5, 20)
    rounds: int = 3
    attempts: int = 3

    def clip(self, name: str, n_frames: int | None = None, copy: int = 0) -> Clip:
        """Return one looped clip."""
        return looped(find_clip(name, self.folder), n_frames or self.n_frames, self.scratch, copy)

    @property
    def patience(self) -> Patience:
        """For what takes seconds."""
        return Patience(self.rounds, self.attempts)

    @property
    def shorter(self) -> Patience:
        """For what takes minutes."""
        return Patience(max(1, self.rounds - 1), min(2, self.attempts))

    @property
    def names(self) -> list[str]:
        """Names of the clips for speed, none that would stand for the same file as another."""
        return list({find_clip(name, self.folder): name for name in reversed(self.clips)}.values())[::-1]


@dataclass(frozen=True, slots=True)
class Experiment:
    """Contenders that take turns on one clip."""

    name: str
    clip: str
    contenders: tuple[Contender, ...]
    patience: Patience


def models(effort: Effort) -> Iterable[Experiment]:
    """Poses only, in steady state: the plain loop; MediaPipe, vidpose and the floor in a process per core."""
    for name in effort.names:
        clip = effort.clip(name)
        ways = [
            ("naive", "naive", 1),
            ("pose_f32", "pose_f32", N_CORES),
            ("pose_fast", "pose_fast", N_CORES),
            ("naive_draw", "naive_draw", 1),
            ("graphs", "naive", N_CORES),
            ("decode", "decode", N_CORES),
            ("inference_f32", "inference_f32", N_CORES),
            ("inference_fast", "inference_fast", N_CORES),
            ("pose_people", "pose_people", N_CORES),
            ("pose_f32_alone", "pose_f32", 1),
        ]
        contenders = tuple(Contender(label, _together(kind, clip, n)) for label, kind, n in ways)
        yield Experiment("models", clip.name, contenders, effort.patience)


def whole_job(effort: Effort) -> Iterable[Experiment]:
    """Numbers and annotated videos with sound: the cost of two further clips, against the plain loop that draws."""
    for name in effort.names:
        clips = [effort.clip(name, copy=copy) for copy in range(2 * N_CORES)]
        small = ("--render_height", "720")
        fast = ("--precision", "fast")
        contenders = (
            Contender("naive_draw", _together("naive_draw", clips[0], 1)),
            Contender("job", partial(_more_clips, clips)),
            Contender("job_720", partial(_more_clips, clips, *small)),
            Contender("job_fast", partial(_more_clips, clips, *fast)),
            Contender("job_720_fast", partial(_more_clips, clips, *small, *fast)),
        )
        yield Experiment("job", clips[0].name, contenders, effort.shorter)


def cold(effort: Effort) -> Iterable[Experiment]:
    """One clip of ten seconds, from the start of the program to its finished files."""
    for name in effort.names:
        source = effort.clip(name, 1)
        clip = effort.clip(name, round(10 * source.rate_hz))
        contenders = (
            Contender("naive_draw", _together("naive_draw", clip, 1)),
            Contender("job", partial(job, [clip], *ALONE)),
            Contender("naive", _together("naive", clip, 1)),
            Contender("numbers", partial(job, [clip], *ALONE, "--no_video")),
        )
        yield Experiment("cold", clip.name, contenders, effort.patience)


def cores(effort: Effort) -> Iterable[Experiment]:
    """A folder without annotated videos, on one core and on all cores."""
    clips = [effort.clip("gaitlab_male_side.mp4", copy=copy) for copy in range(2 * N_CORES)]
    options = ("--no_video",)
    contenders = (
        Contender("one_core", partial(_more_clips, clips, *options, "--workers", "1", one_core=True)),
        Contender("all_cores", partial(_more_clips, clips, *options)),
    )
    yield Experiment("cores", clips[0].name, contenders, effort.shorter)


def start(effort: Effort) -> Iterable[Experiment]:
    """Time to start, before the first frame."""
    shortest = effort.clip("tfjs_pose_1.mp4", 1)
    clip = str(shortest.path)
    contenders = (
        Contender("the interpreter", partial(_python, "pass")),
        Contender("vidpose --help", partial(run_command, [sys.executable, str(PROJECT / "pipeline.py"), "--help"], 1)),
        Contender("plain loop to its first pose", partial(_python, FIRST_GRAPH, clip)),
        Contender("ours to the first pose, f32", partial(_python, FIRST_OURS, clip, "f32")),
        Contender("ours to the first pose, fast", partial(_python, FIRST_OURS, clip, "fast")),
        Contender(f"job over {shortest.n_frames} small frames, inline", partial(job, [shortest], *ALONE, *INLINE)),
        Contender(f"job over {shortest.n_frames} small frames, Dask", partial(job, [shortest], *ALONE, *DISTRIBUTED)),
    )
    yield Experiment("start", shortest.name, contenders, effort.patience)


def stages(effort: Effort) -> Iterable[Experiment]:
    """CPU time of every stage, one process, one thread."""
    for name in effort.names:
        clip = effort.clip(name)
        contenders = tuple(Contender(kind, _together(kind, clip, 1)) for kind in ("stages_f32", "stages_fast"))
        yield Experiment("stages", clip.name, contenders, effort.patience)


def length(effort: Effort) -> Iterable[Experiment]:
    """One video of one, five and twenty minutes: numbers only, with the memory of all processes together."""
    name = "tfjs_pose_1.mp4"
    shortest = effort.clip(name, 1)
    videos = {minutes: effort.clip(name, round(60 * minutes * shortest.rate_hz)) for minutes in effort.minutes}
    contenders = tuple(
        Contender(f"{minutes}_min", partial(_longer, clip, shortest)) for minutes, clip in videos.items()
    )
    yield Experiment("length", shortest.name, contenders, Patience(1, min(2, effort.attempts)))


EXPERIMENTS: dict[str, Callable[[Effort], Iterable[Experiment]]] = {
    "models": models,
    "job": whole_job,
    "cold": cold,
    "cores": cores,
    "start": start,
    "stages": stages,
    "length": length,
}


def _together(kind: str, clip: Clip, n: int) -> Callable[[], Measured]:
    return partial(run_together, [[kind, str(clip.path)]] * n)


def _more_clips(clips: Sequence[Clip], *options: str, one_core: bool = False) -> Measured:
    """Return what the second half of the clips costs on top of the first."""
    more = job(clips, *ALONE, *DISTRIBUTED, *options, one_core=one_core)
    return difference(more, job(clips[: len(clips) // 2], *ALONE, *DISTRIBUTED, *options, one_core=one_core))


def _python(code: str, *arguments: str) -> Measured:
    return run_command([sys.executable, "-c", code, *arguments], 1)


def _longer(clip: Clip, shortest: Clip) -> Measured:
    """Return what a long video costs more than the shortest one."""
    options = (*ALONE, *DISTRIBUTED, "--no_video")
    return difference(job([clip], *options, memory=True), job([shortest], *options))

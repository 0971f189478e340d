"""Time the drawing of annotated videos alone, against a loop that reads with OpenCV, draws with MediaPipe, writes mp4v.

``python -m benchmarks.render CLIP [CLIP ...]``: each clip is looped to 600 frames; both take turns; medians are
printed. Nobody is looked for: a made figure moves in the picture, the same for both. Ours runs in two processes, as on
two cores in a run, and sound and joining are timed too.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import click
import numpy as np

from benchmarks.harness.clips import looped
from benchmarks.harness.machine import busy_s, own_s, tree_s
from vidpose.biomech.analysis import AnalysisSettings, analyse
from vidpose.planning.parts import Part, plan_parts
from vidpose.types.pose import PoseTrack
from vidpose.types.skeleton import LANDMARK_NAMES, N_LANDMARKS
from vidpose.types.video import VideoIndex
from vidpose.video.encode import RenderSettings
from vidpose.video.mux import join_parts
from vidpose.video.overlay import Overlay, OverlaySettings
from vidpose.video.probe import probe
from vidpose.video.render_part import PartJob, render_part
from vidpose.video.surface import picture_size

# Offsets from the middle of the body in body heights, right side; the left one is mirrored.
_HALF = {
    "ear": (-0.03, -0.47), "shoulder": (-0.13, -0.31), "elbow": (-0.26, -0.23), "wrist": (-0.39, -0.26),
    "hip": (-0.08, 0.03), "knee": (-0.16, 0.23), "ankle": (-0.14, 0.44), "heel": (-0.13, 0.48),
    "foot_index": (-0.23, 0.49), "pinky": (-0.44, -0.25), "index": (-0.45, -0.27), "thumb": (-0.42, -0.29),
    "eye": (-0.02, -0.48), "eye_inner": (-0.01, -0.48), "eye_outer": (-0.03, -0.48),
}  # fmt: skip
_PEAK_SHARE = 0.1


def figure_px(index: VideoIndex) -> np.ndarray:
    """Return the landmarks of somebody three quarters as high as the picture, shape (n_frames, 33, 2)."""
    unit = np.zeros((N_LANDMARKS, 2))
    for number, name in enumerate(LANDMARK_NAMES):
        side, _, part = name.partition("_")
        x, y = _HALF.get(part, (0.0, -0.46))
        unit[number] = (x if side == "right" else -x if side == "left" else 0.0, y)
    time_s = index.timestamps_s[:, None]
    swing = np.zeros((index.n_frames, N_LANDMARKS, 2))
    swing[..., 0] = _PEAK_SHARE * np.sin(2 * np.pi * time_s + np.arange(N_LANDMARKS))
    middle = np.array([index.width_px, index.height_px]) / 2
    return middle + (unit + 0.3 * swing) * 0.75 * index.height_px


def overlay_of(index: VideoIndex, settings: RenderSettings) -> Overlay:
    """Analyse the made figure and prepare its drawing."""
    n = index.n_frames
    ones, none = np.ones((n, N_LANDMARKS)), np.zeros((n, N_LANDMARKS, 3))
    times_s = index.timestamps_s
    track = PoseTrack(index.pts, times_s, figure_px(index), 0 * ones, ones, ones, none, np.zeros(n, bool))
    size = (index.width_px, index.height_px)
    motion = analyse(track, AnalysisSettings())
    return Overlay([motion], times_s, size, OverlaySettings(), picture_size(index.source, settings.height_px))


def warm(index: VideoIndex, settings: RenderSettings) -> int:
    """Import everything and prepare the drawing, which a run's workers have done when the second part comes."""
    global _OVERLAY  # noqa: PLW0603 - what a worker process keeps between parts
    _OVERLAY = overlay_of(index, settings)
    time.sleep(0.5)  # so that the other process gets its turn
    return 0


_OVERLAY: Overlay


def draw_one(index: VideoIndex, settings: RenderSettings, folder: Path, part: Part) -> Path:
    """Render one part in a worker."""
    path = folder / f"{part.number:03d}.part"
    render_part(PartJob(index.source, part, settings), path, _OVERLAY.draw)
    return path


def ours(index: VideoIndex, settings: RenderSettings, folder: Path) -> tuple[float, float]:
    """Return wall time and CPU time of parts and joining in two warm processes, ms per frame."""
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        list(pool.map(partial(warm, index), [settings, settings]))
        pids = [process.pid for process in pool._processes.values()]
        spent, started = own_s() + tree_s(pids), time.perf_counter()
        parts = list(pool.map(partial(draw_one, index, settings, folder), plan_parts(index, settings.part_s)))
        join_parts(index.source, parts, folder / "ours.mp4", settings)
        wall, cpu = time.perf_counter() - started, own_s() + tree_s(pids) - spent
    return 1000 * wall / index.n_frames, 1000 * cpu / index.n_frames


def naive(path: Path, index: VideoIndex, folder: Path) -> tuple[float, float]:
    """Return wall time and CPU time of the plain loop in one process, ms per frame; OpenCV uses the other cores."""
    answer = folder / "naive.json"
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        pool.submit(naive_loop, path, index, folder / "naive.mp4", answer).result()
    return tuple(json.loads(answer.read_text()))


def naive_loop(path: Path, index: VideoIndex, final: Path, answer: Path) -> None:
    """Read, draw and write as everybody's first script does, without looking for anybody."""
    import cv2
    from mediapipe.framework.formats.landmark_pb2 import NormalizedLandmark, NormalizedLandmarkList
    from mediapipe.python.solutions import drawing_utils, pose

    size = (index.width_px, index.height_px)
    people = [
        NormalizedLandmarkList(landmark=[NormalizedLandmark(x=x, y=y, visibility=1, presence=1) for x, y in points])
        for points in figure_px(index) / size
    ]
    spent, started = own_s(), time.perf_counter()
    video = cv2.VideoCapture(str(path))
    writer = cv2.VideoWriter(str(final), cv2.VideoWriter.fourcc(*"mp4v"), video.get(cv2.CAP_PROP_FPS), size)
    for person in people:
        good, frame = video.read()
        if not good:
            break
        drawing_utils.draw_landmarks(frame, person, pose.POSE_CONNECTIONS)
        writer.write(frame)
    writer.release()
    wall, cpu = time.perf_counter() - started, own_s() - spent
    answer.write_text(json.dumps([1000 * wall / index.n_frames, 1000 * cpu / index.n_frames]))


def disturbed(run: Callable[[], tuple[float, float]]) -> tuple[float, float, float]:
    """Return what a run says of itself, and how many cores others used meanwhile."""
    before, spent, started = busy_s(), own_s(), time.perf_counter()
    wall, cpu = run()
    elapsed = time.perf_counter() - started
    return wall, cpu, max(0.0, busy_s() - before - (own_s() - spent)) / elapsed


@click.command()
@click.argument("clips", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--rounds", default=3, show_default=True)
@click.option("--frames", default=600, show_default=True, help="Least number of frames of a looped clip.")
def main(clips: tuple[Path, ...], rounds: int, frames: int) -> None:
    """Print milliseconds per frame, wall and CPU, and how many cores others used."""
    small = RenderSettings(height_px=720)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        for clip in clips:
            made = looped(clip, frames, folder)
            index = probe(made.path, "")
            runs: dict[str, Callable[[], tuple[float, float]]] = {
                "naive read+draw+mp4v": partial(naive, made.path, index, folder),
                "vidpose, full size": partial(ours, index, RenderSettings(), folder),
                "vidpose, 720 lines": partial(ours, index, small, folder),
            }
            seen: dict[str, list[tuple[float, float, float]]] = {name: [] for name in runs}
            for _ in range(rounds):
                for name, run in runs.items():
                    seen[name].append(disturbed(run))
            print(f"{clip.name}: {index.width_px}x{index.height_px} {index.codec}, {index.n_frames} frames")
            for name, values in seen.items():
                wall, cpu, others = (statistics.median(column) for column in zip(*values, strict=True))
                print(f"  {name:22s} wall {wall:6.2f} ms, cpu {cpu:6.2f} ms, others {others:.2f} cores", flush=True)


if __name__ == "__main__":
    sys.exit(main())

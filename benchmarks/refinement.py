"""Does refining the world landmarks bring the joint angles nearer to the truth? ``python -m benchmarks.refinement``.

Known are the included angles in 3-D of two real clips (pose2sim, from four cameras, itself about 5 degrees off) and of
rendered mannequins seen from the side to the front, with and without something before them. The mannequins' truth are
the joints that they were drawn from. Posing takes a few minutes; with ``--scratch`` a second run takes seconds.
"""

from __future__ import annotations

import csv
import json
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter
from typing import Final

import click
import numpy as np

from benchmarks.accuracy_view_clips import YAWS_DEG, mannequin_clips, mannequin_scene, posed
from benchmarks.harness.clips import SHARED
from synthetic.scene import act
from vidpose.biomech.angles import included_angle
from vidpose.biomech.filtering import FilterSettings, filter_movement
from vidpose.biomech.points import named_points
from vidpose.biomech.validity.refine import RefineSettings, refine_world
from vidpose.types.arrays import FloatArray
from vidpose.types.pose import FilteredTrack, PoseTrack

JOINTS: Final = {
    "knee": ("hip", "knee", "ankle"),
    "hip": ("shoulder", "hip", "knee"),
    "elbow": ("shoulder", "elbow", "wrist"),
}
SIDES: Final = ("right", "left")
VARIANTS: Final = {"world": None, "picture": RefineSettings(depth_share=0.0), "refined": RefineSettings()}
"""As estimated; with x and y from the picture; and with depth from constant bone lengths."""
BAR: Final = 0.10
"""Share by which the mean error must fall, or refinement is to be switched off."""

Angles = dict[str, FloatArray]


@dataclass(frozen=True, slots=True)
class Row:
    """Mean absolute error in degrees of one variant in a group of clips, by joint, both sides together."""

    group: str
    variant: str
    error_deg: dict[str, float]

    @property
    def mean_deg(self) -> float:
        """Mean over the joints."""
        return float(np.mean(list(self.error_deg.values())))


def angles_deg(world_m: FloatArray) -> Angles:
    """Return the included angles of both sides, degrees, by joint and side: ``knee_r``."""
    found = {}
    for joint, points in JOINTS.items():
        for side in SIDES:
            corner = named_points(world_m, [f"{side}_{point}" for point in points])
            found[f"{joint}_{side[0]}"] = np.rad2deg(included_angle(corner[:, 0], corner[:, 1], corner[:, 2]))
    return found


def real_cases(videos: Path, truth: Path, scratch: Path) -> Iterator[tuple[str, PoseTrack, Angles]]:
    """Yield the pose2sim clips with their known angles."""
    columns = {f"{joint}_{side[0]}": f"{joint}_{side[0]}" for joint in JOINTS for side in SIDES}
    columns |= {f"hip_{side[0]}": f"hip_{side[0]}_3pt(shoulder-hip-knee)" for side in SIDES}
    with truth.open(newline="") as file:
        rows = list(csv.DictReader(file))
    known = {name: 180.0 - np.array([float(row[column] or "nan") for row in rows]) for name, column in columns.items()}
    for camera in ("cam01", "cam04"):
        video = videos / f"pose2sim_single_{camera}.mp4"
        yield f"pose2sim {camera}", posed(video, "blazepose", scratch / f"blazepose_{camera}.npz"), known


def mannequin_cases(scratch: Path) -> Iterator[tuple[str, PoseTrack, Angles]]:
    """Yield the rendered clips with the angles between the joints that they were drawn from."""
    for clip, motion, yaw_deg, hidden in mannequin_clips(scratch, YAWS_DEG):
        scene = mannequin_scene(motion, yaw_deg, hidden)
        known = angles_deg(act(scene, scene.actors[0])[1].landmarks_m)
        yield "mannequin, hidden" if hidden else f"mannequin {yaw_deg:2d} deg", clip.track, known


def errors_deg(track: FilteredTrack, known: Angles, settings: RefineSettings | None) -> dict[str, list[FloatArray]]:
    """Return the absolute errors of every joint, one array per side."""
    found = angles_deg(track.world_m if settings is None else refine_world(track, settings))
    n_frames = min(len(track.timestamps_s), *(len(values) for values in known.values()))
    return {
        joint: [np.abs(found[name][:n_frames] - known[name][:n_frames]) for name in (f"{joint}_r", f"{joint}_l")]
        for joint in JOINTS
    }


def compare(cases: list[tuple[str, FilteredTrack, Angles]]) -> list[Row]:
    """Return the errors by group of clips and variant."""
    rows = []
    for group in dict.fromkeys(name for name, _, _ in cases):
        for variant, settings in VARIANTS.items():
            of_clips = [errors_deg(track, known, settings) for name, track, known in cases if name == group]
            merged = {joint: np.concatenate([side for one in of_clips for side in one[joint]]) for joint in JOINTS}
            rows.append(Row(group, variant, {joint: float(np.nanmean(error)) for joint, error in merged.items()}))
    return rows


def cut(rows: list[Row], variant: str, kind: str) -> float:
    """Return by what share a variant lowers the mean error of all groups of a kind."""
    before, after = (
        np.mean([row.mean_deg for row in rows if row.variant == name and row.group.startswith(kind)])
        for name in ("world", variant)
    )
    return float(1.0 - after / before)


def _milliseconds_per_frame(track: FilteredTrack) -> float:
    best = np.inf
    for _ in range(3):
        start = perf_counter()
        refine_world(track)
        best = min(best, perf_counter() - start)
    return 1e3 * best / len(track.timestamps_s)


@click.command()
@click.option("--folder", type=click.Path(path_type=Path), default=SHARED, help="Folder with the real clips.")
@click.option("--scratch", type=click.Path(path_type=Path), help="Folder for poses [a temporary folder].")
@click.option("--json", "json_file", type=click.Path(path_type=Path), help="Write the figures to this file too.")
def main(folder: Path, scratch: Path | None, json_file: Path | None) -> None:
    """Print the table; fail when refinement lowers the error of real or rendered people by less than the bar."""
    with tempfile.TemporaryDirectory(prefix="vidpose-refinement-") as temporary:
        place = scratch or Path(temporary)
        truth = folder.parent / "truth" / "pose2sim_single_flexion_deg.csv"
        kinds = ["mannequin"]
        raw = list(mannequin_cases(place))
        if truth.is_file():
            raw, kinds = [*real_cases(folder, truth, place), *raw], ["pose2sim", "mannequin"]
        else:
            print(f"{truth} was not found: rendered people only")
    cases = [(name, filter_movement(track, FilterSettings()).track, known) for name, track, known in raw]
    rows = compare(cases)
    print("mean absolute error of included angles in 3-D, degrees, both sides")
    print(f"{'clips':20} {'landmarks':9} {'knee':>6} {'hip':>6} {'elbow':>6} {'mean':>6}")
    for row in rows:
        joints = " ".join(f"{value:6.1f}" for value in row.error_deg.values())
        print(f"{row.group:20} {row.variant:9} {joints} {row.mean_deg:6.1f}")
    cuts = {f"{kind}, {variant}": cut(rows, variant, kind) for kind in kinds for variant in ("picture", "refined")}
    for name, share in cuts.items():
        print(f"error lower by {share:4.0%}: {name}")
    print(f"{_milliseconds_per_frame(max(cases, key=lambda case: len(case[1].timestamps_s))[1]):.4f} ms per frame")
    if json_file is not None:
        json_file.write_text(json.dumps({"rows": [asdict(row) for row in rows], "cuts": cuts}, indent=2) + "\n")
    sys.exit(0 if all(cuts[f"{kind}, refined"] >= BAR for kind in kinds) else 1)


if __name__ == "__main__":
    main()

"""Whether stated errors are true: stated against true error in ten bins, and what is called valid but is not.

``python -m benchmarks.accuracy_reliability --mannequin --data FOLDER --scratch FOLDER`` prints, for rendered people at
a yaw of 0 to 30 degrees without and with things before the near leg, for the two real oblique clips of Pose2Sim, and
for three takes of Keraal (:mod:`benchmarks.keraal_clips`): the best flexion's true root-mean-square error in ten bins
of equal numbers by its stated error, the share of valid values that are off by more than 15 degrees, and how the
stated error ranks the frames of one joint in one clip (Spearman, the mean over joints and clips).
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import click
import numpy as np
import pandas as pd
from scipy.stats import spearmanr

from benchmarks.accuracy_view_clips import THING_YAWS_DEG, KnownClip, mannequin_clips, thing_clips
from benchmarks.accuracy_views import LARGE_DEG, SMALL_DEG, judge, pose2sim_table
from benchmarks.keraal_clips import keraal_clips

_N_BINS: Final = 10
_MIN_FRAMES: Final = 20
_MIN_SCATTER_DEG: Final = 0.5
"""Joints whose error hardly changes in a clip cannot be ranked."""


def judged(clips: Iterable[tuple[KnownClip, str, int, bool]]) -> pd.DataFrame:
    """Return the frames of rendered clips."""
    return pd.concat([judge(clip) for clip, *_ in clips], ignore_index=True)


def keraal_table(folder: Path) -> pd.DataFrame:
    """Return the frames of the takes, the median difference of every joint and take taken out of the truth."""
    frames = pd.concat([judge(clip) for clip in keraal_clips(folder)], ignore_index=True)
    difference = (frames["best"] - frames["true"]).groupby([frames["clip"], frames["joint"]]).transform("median")
    frames["true"] += difference
    frames["best_off"] = (frames["best"] - frames["true"]).abs()
    return frames


def curve(frames: pd.DataFrame) -> pd.DataFrame:
    """Return stated and true root-mean-square error and the share of valid values in bins of the stated error."""
    known = frames[frames["best_off"].notna() & frames["best_expected"].notna()]
    bins = np.minimum(known["best_expected"].rank(method="first", pct=True) * _N_BINS, _N_BINS - 1e-9).astype(int)
    square = known.assign(stated=known["best_expected"] ** 2, true_=known["best_off"] ** 2).groupby(bins)
    result = np.sqrt(square[["stated", "true_"]].mean()).rename(columns={"true_": "true"})
    return result.assign(valid=square["best_valid"].mean(), n=square.size()).rename_axis("bin")


def ranking(frames: pd.DataFrame) -> float:
    """Return the mean Spearman correlation of stated and true error over the joints of each clip."""
    found = []
    for _, part in frames.groupby(["clip", "joint"]):
        known = part[part["best_off"].notna() & part["best_expected"].notna()]
        if len(known) >= _MIN_FRAMES and known["best_off"].std() >= _MIN_SCATTER_DEG:
            found.append(spearmanr(known["best_expected"], known["best_off"]).statistic)
    return float(np.nanmean(found)) if found else float("nan")


def bars(frames: pd.DataFrame) -> dict[str, float]:
    """Return what the bars ask for, of all joints and of the knees."""
    figures: dict[str, float] = {}
    for name, part in (("all", frames), ("knee", frames[frames["joint"].str.startswith("knee")])):
        if not len(part):
            continue
        valid, off = part["best_valid"].astype(bool), part["best_off"]
        figures |= {
            f"{name}_valid_share": float(valid.mean()),
            f"{name}_off_by_15_of_valid": float((off[valid] > LARGE_DEG).mean()),
            f"{name}_invalid_of_large": float((~valid)[off > LARGE_DEG].mean()),
            f"{name}_valid_of_small": float(valid[off <= SMALL_DEG].mean()),
        }
    return figures | {"spearman_within_joint_and_clip": ranking(frames)}


def _tables(mannequin: bool, data: Path | None, scratch: Path) -> Iterator[tuple[str, pd.DataFrame]]:
    if mannequin:
        plain = [one for one in mannequin_clips(scratch, THING_YAWS_DEG) if not one[3]]
        yield "rendered, nothing hidden, yaw 0 to 30", judged(plain)
        yield "rendered, things before the near leg, yaw 0 to 30", judged(thing_clips(scratch))
    if data is not None:
        yield "pose2sim, yaw 51 and 72", pose2sim_table(data, scratch, "blazepose")
        yield "keraal, arms from the front, 2-D without visibility", keraal_table(data / "motion" / "keraal")


@click.command()
@click.option("--mannequin", is_flag=True, help="Rendered people with known angles.")
@click.option("--data", type=click.Path(path_type=Path, exists=True), help="Folder with videos/, truth/ and motion/.")
@click.option("--scratch", type=click.Path(path_type=Path), help="Keep poses here.")
def main(mannequin: bool, data: Path | None, scratch: Path | None) -> None:
    """Print reliability curves and bars."""
    with tempfile.TemporaryDirectory(prefix="vidpose-reliability-") as temporary:
        for name, frames in _tables(mannequin, data, scratch or Path(temporary)):
            print(f"\n{name}\nroot-mean-square error of the best flexion, degrees")
            print(curve(frames).round(2).to_string())
            for figure, value in bars(frames).items():
                print(f"{figure:40} {value:8.3f}", flush=True)


if __name__ == "__main__":
    main()

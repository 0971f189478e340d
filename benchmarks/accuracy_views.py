"""How far joint angles are off, by joint and view, and whether vidpose knows it.

``python -m benchmarks.accuracy_views --mannequin --pose2sim FOLDER`` prints the tables. FOLDER holds ``videos/`` with
``pose2sim_single_cam01.mp4`` and ``_cam04.mp4`` and ``truth/pose2sim_single_flexion_deg.csv``. Poses are kept in the
folder of ``--scratch``, so that a second run only analyses. :mod:`benchmarks.accuracy_widths` prints what the widths of
the expected error were fitted to.

Every flexion is measured as :mod:`vidpose.biomech.validity.best` defines it, in the picture (image), between the
model's world landmarks (world), between refined world landmarks (refined), and as vidpose would give it (best).
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import click
import numpy as np
import pandas as pd
from scipy.stats import spearmanr

from benchmarks.accuracy_view_clips import KnownClip, mannequin_clips, posed
from vidpose.biomech.analysis import AnalysisSettings, analyse
from vidpose.biomech.body_size import local_height_px, pose_height_px
from vidpose.biomech.conventions import ANGLE_IDS
from vidpose.biomech.smoothing import sampling_rate_hz
from vidpose.biomech.validity.angle_estimates import AngleInputs
from vidpose.biomech.validity.best import BEST_IDS, best_flexion, flexion_candidates
from vidpose.biomech.validity.precision import angle_precision, butterworth_noise_gain, landmark_noise
from vidpose.biomech.validity.refine import refine_world
from vidpose.biomech.validity.support import AngleSupportSettings, assess_support, doubtful_landmarks
from vidpose.biomech.validity.swaps import find_swaps
from vidpose.biomech.validity.yaw import known_view
from vidpose.types.motion import AngleStatus, BestSource

KINDS: Final = ("image", "world", "refined")
LARGE_DEG: Final = 15.0
SMALL_DEG: Final = 8.0
TABLE_IDS: Final = {"ankle": "ankle_dorsiflexion"} | {
    joint: f"{joint}_flexion" for joint in ("knee", "hip", "elbow", "shoulder")
}
_GIVEN: Final = (AngleStatus.MEASURED, AngleStatus.IMPUTED)


def judge(clip: KnownClip, limits: AngleSupportSettings | None = None) -> pd.DataFrame:
    """Return a row per frame and joint: true flexion, flexion and expected error of every kind and of the best."""
    limits = limits or AngleSupportSettings()
    settings = AnalysisSettings(support=limits)
    analysis = analyse(clip.track, settings)
    filtered = analysis.filtered
    height_px = local_height_px(pose_height_px(filtered.image_px), filtered.timestamps_s, filtered.stretch)
    view = known_view(filtered, height_px)
    inputs = AngleInputs(filtered, refine_world(filtered), clip.track.visibility, height_px, view)
    gain = butterworth_noise_gain(sampling_rate_hz(filtered.timestamps_s), settings.butterworth)
    precision = angle_precision(filtered, landmark_noise(clip.track, filtered, gain, height_px))
    swaps = find_swaps(clip.track.image_px.astype(np.float64), filtered.timestamps_s, filtered.stretch)
    doubtful = doubtful_landmarks(swaps, len(height_px))
    support = assess_support(inputs, analysis.facing, precision, doubtful, limits)
    everything = replace(limits, max_shown_error_rad=float("inf"))
    best, whatever = (best_flexion(inputs, doubtful, each) for each in (limits, everything))
    tables = []
    for joint, truth_deg in clip.truth_deg.items():
        column = ANGLE_IDS.index(f"{TABLE_IDS[joint[:-2]]}{joint[-2:]}")
        place = BEST_IDS.index(joint)
        values, errors = flexion_candidates(joint, inputs, limits.errors)
        table = {
            "clip": clip.name,
            "joint": joint,
            "true": truth_deg,
            "best": np.rad2deg(whatever.values_rad[:, place]),
            "best_expected": np.rad2deg(whatever.expected_error_rad[:, place]),
            "best_valid": best.valid[:, place],
            "source": [BestSource(code).name.lower() for code in whatever.source[:, place]],
            "image_valid": support.supported[:, column] & np.isin(analysis.angles.status[:, column], _GIVEN),
            "image_precision": np.rad2deg(precision[:, column]),
        }
        for kind, value, error in zip(KINDS, values, errors, strict=True):
            table |= {kind: np.rad2deg(value), f"{kind}_expected": np.rad2deg(error)}
        tables.append(pd.DataFrame(table))
    joined = pd.concat(tables, ignore_index=True)
    for kind in (*KINDS, "best"):
        joined[f"{kind}_off"] = (joined[kind] - joined["true"]).abs()
    return joined


def mannequin_table(scratch: Path) -> pd.DataFrame:
    """Return the frames of all mannequin clips."""
    parts = [
        judge(clip).assign(motion=motion, yaw=yaw_deg, hidden=hidden)
        for clip, motion, yaw_deg, hidden in mannequin_clips(scratch)
    ]
    return pd.concat(parts, ignore_index=True)


def pose2sim_table(folder: Path, scratch: Path, estimator: str) -> pd.DataFrame:
    """Return the frames of the two real clips."""
    truth = pd.read_csv(folder / "truth" / "pose2sim_single_flexion_deg.csv")
    names = {column.split("_3pt")[0]: column for column in truth.columns}
    parts = []
    for camera in ("cam01", "cam04"):
        video = folder / "videos" / f"pose2sim_single_{camera}.mp4"
        track = posed(video, estimator, scratch / f"{estimator}_{camera}.npz")
        known = {
            f"{joint}_{side}": truth[names[f"{joint}_{side}"]].to_numpy(dtype=float)
            for joint in ("knee", "hip", "elbow")
            for side in "rl"
        }
        parts.append(judge(KnownClip(camera, track, known)))
    return pd.concat(parts, ignore_index=True)


def mannequin_lines(table: pd.DataFrame) -> Iterator[str]:
    """Yield errors by joint and yaw."""
    table = table.assign(what=table["joint"].str[:-2], near=np.where(table["joint"].str[-1] == "r", "near", "far"))
    for hidden, part in table.groupby("hidden"):
        yield f"\nMean absolute error, degrees, by yaw ({'pillar before the body' if hidden else 'nothing hidden'})"
        for kind in (*KINDS, "best"):
            pivot = part.pivot_table(index=["what", "near"], columns="yaw", values=f"{kind}_off")
            yield f"{kind}\n{pivot.round(1).to_string()}"
        pivot = part.pivot_table(index=["what", "near"], columns="yaw", values="best_valid", aggfunc="mean")
        yield f"share of frames in which best is valid\n{pivot.round(2).to_string()}"


def mannequin_bars(table: pd.DataFrame) -> dict[str, float]:
    """Return what the bars ask for."""
    knee = table[table["joint"].str.startswith("knee")]
    found: dict[str, float] = {}
    for kind in ("image", "best"):
        off, given = knee[f"{kind}_off"], knee[f"{kind}_valid"]
        found |= {
            f"knee_{kind}_invalid_of_large": float((~given)[off > LARGE_DEG].mean()),
            f"knee_{kind}_valid_of_small": float(given[off <= SMALL_DEG].mean()),
            f"knee_{kind}_valid_of_small_yaw_0_30": float(given[(off <= SMALL_DEG) & (knee["yaw"].abs() <= 30)].mean()),
            f"knee_{kind}_mae_deg": float(off.mean()),
            f"knee_{kind}_mae_valid_deg": float(off[given].mean()),
        }
    for kind in (*KINDS, "best"):
        found[f"{kind}_inside_band"] = inside_band(table, kind, f"{kind}_expected")
    found["best_valid_inside_band"] = inside_band(table[table["best_valid"]], "best", "best_expected")
    found["image_inside_precision_band"] = inside_band(table, "image", "image_precision")
    return found


def inside_band(table: pd.DataFrame, kind: str, spread: str) -> float:
    """Return the share of errors within 1.96 times the spread, the mean error of each clip and joint taken out."""
    error = table[kind] - table["true"]
    scatter = error - error.groupby([table["clip"], table["joint"]]).transform("mean")
    known = scatter.notna() & table[spread].notna()
    return float((scatter.abs() <= 1.96 * table[spread])[known].mean())


def pair_table(table: pd.DataFrame) -> pd.DataFrame:
    """Return MAE, bias, r and expected error per joint, camera and kind; what is valid of the best, and its MAE."""
    rows = []
    for (camera, joint), part in table.groupby(["clip", "joint"]):
        row: dict[str, Any] = {"camera": camera, "joint": joint}
        for kind in (*KINDS, "best"):
            row |= {
                f"{kind}_mae": part[f"{kind}_off"].mean(),
                f"{kind}_bias": (part[kind] - part["true"]).mean(),
                f"{kind}_r": part[kind].corr(part["true"]),
                f"{kind}_expected": part[f"{kind}_expected"].mean(),
            }
        given = part["best_valid"]
        row |= {
            "source": part["source"].mode()[0],
            "valid": given.mean(),
            "valid_mae": part["best_off"][given].mean(),
            "pair": bool(given.mean() >= 0.5),
        }
        rows.append(row)
    return pd.DataFrame(rows)


def pose2sim_bars(pairs: pd.DataFrame, frames: pd.DataFrame) -> dict[str, float]:
    """Return what the bars ask for; a pair is valid when the best is valid in at least half of its frames."""
    plain = min(pairs["image_mae"].mean(), pairs["world_mae"].mean())
    stacked = [pairs[[f"{kind}_expected", f"{kind}_mae"]].to_numpy() for kind in KINDS]
    valid = pairs[pairs["pair"]]
    given = frames[frames["best_valid"]]
    return {
        "image_mae_deg": pairs["image_mae"].mean(),
        "world_mae_deg": pairs["world_mae"].mean(),
        "refined_mae_deg": pairs["refined_mae"].mean(),
        "best_mae_deg": pairs["best_mae"].mean(),
        "gain_on_better_plain_kind": 1.0 - pairs["best_mae"].mean() / plain,
        "n_valid_pairs": len(valid),
        "largest_mae_of_valid_deg": valid["valid_mae"].max(),
        "n_valid_pairs_above_15_deg": int((valid["best_mae"] > LARGE_DEG).sum()),
        "valid_share_of_frames": frames["best_valid"].mean(),
        "valid_mae_deg": given["best_off"].mean(),
        "invalid_of_large": float((~frames["best_valid"])[frames["best_off"] > LARGE_DEG].mean()),
        "spearman_pairs_and_kinds": spearmanr(*np.concatenate(stacked).T).statistic,
        "spearman_pairs_best": spearmanr(pairs["best_expected"], pairs["best_mae"]).statistic,
        "spearman_frames_best": spearmanr(frames["best_expected"], frames["best_off"], nan_policy="omit").statistic,
    }


@click.command()
@click.option("--mannequin", is_flag=True, help="Rendered people with known angles.")
@click.option("--pose2sim", type=click.Path(path_type=Path, exists=True), help="Folder with videos/ and truth/.")
@click.option("--estimator", default="mediapipe", show_default=True, help="Pose model for the real clips.")
@click.option("--scratch", type=click.Path(path_type=Path), help="Keep poses here.")
@click.option("--json", "report", type=click.Path(path_type=Path), help="Save the figures.")
def main(mannequin: bool, pose2sim: Path | None, estimator: str, scratch: Path | None, report: Path | None) -> None:
    """Print errors by joint and view, and how well they are predicted."""
    figures: dict[str, Any] = {}
    with tempfile.TemporaryDirectory(prefix="vidpose-views-") as temporary:
        kept = scratch or Path(temporary)
        if mannequin:
            table = mannequin_table(kept)
            for line in mannequin_lines(table):
                print(line, flush=True)
            figures["mannequin"] = mannequin_bars(table)
        if pose2sim is not None:
            frames = pose2sim_table(pose2sim, kept, estimator)
            pairs = pair_table(frames)
            with pd.option_context("display.width", 250, "display.max_columns", 40):
                print(pairs.round(2).to_string(index=False))
            figures["pose2sim"] = pose2sim_bars(pairs, frames)
            figures["pose2sim_pairs"] = json.loads(pairs.to_json(orient="records"))
    for part in ("mannequin", "pose2sim"):
        for name, value in figures.get(part, {}).items():
            print(f"{part:10} {name:40} {value:8.3f}")
    if report is not None:
        report.write_text(json.dumps(figures, indent=1, default=float) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

"""How often a difference between the sides is found, and how often one is seen that is not there (Monte Carlo).

Ten repetitions seen from the front at 30 Hz, 3 % scatter between repetitions and 2 % between the sides of one, white
noise of 1 % of the trunk's length on every landmark coordinate, filtered at 6 Hz as in the analysis. Run:
``python -m benchmarks.accuracy_symmetry --json``.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict, dataclass
from typing import Final

import numpy as np

from vidpose.biomech.angles import ForeshorteningSettings, compute_angles
from vidpose.biomech.conventions import ANGLE_IDS
from vidpose.biomech.derivatives import angular_velocity
from vidpose.biomech.metrics.recording import Recording
from vidpose.biomech.smoothing import ButterworthSettings, lowpass
from vidpose.biomech.symmetry.measure_symmetry import SymmetrySettings, measure_symmetry
from vidpose.types.arrays import FloatArray
from vidpose.types.motion import AngleSeries, Facing
from vidpose.types.pose import FilteredTrack, Status
from vidpose.types.skeleton import LANDMARK_INDEX, N_LANDMARKS

RATE_HZ: Final = 30.0
PERIOD_S: Final = 2.0
N_REPS: Final = 10
STATURE_M: Final = 1.75
PX_PER_M: Final = 300.0
TRUNK_M, LIMB_M = 0.288 * STATURE_M, 0.186 * STATURE_M
THIGH_M, SHANK_M = 0.245 * STATURE_M, 0.246 * STATURE_M
NOISE_SHARE: Final = 0.01
_SIDES: Final = (("right", -1.0), ("left", 1.0))


@dataclass(frozen=True, slots=True)
class Rates:
    """What came of one case.

    ``flagged_share`` is the share of trials with a level of at least 1 (symmetry index of 10 % or more, above the
    noise), ``large_share`` that of level 2, ``mean_index`` the mean symmetry index of the trials that have one.
    """

    joint: str
    injected: float
    range_deg: float
    n_trials: int
    flagged_share: float
    large_share: float
    mean_index: float | None


CASES: Final = (
    ("shoulder", 0.0, 150.0),
    ("shoulder", 0.15, 150.0),
    ("shoulder", -0.15, 90.0),
    ("shoulder", 0.15, 60.0),
    ("shoulder", 0.0, 30.0),
    ("knee", 0.0, 100.0),
    ("knee", 0.15, 120.0),
    ("knee", 0.15, 80.0),
)
"""Joint, injected symmetry index of the range of motion, range in degrees. The knee bends towards the camera: a
difference below 15 degrees (15 % of 80) is not claimed there, by design."""


def flexion(rng: np.random.Generator, injected: float, range_deg: float) -> FloatArray:
    """Return both sides' angle over the set, radians, shape (T, 2): right, left."""
    n = round(PERIOD_S * RATE_HZ)
    shape = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(n) / n)
    tops = np.deg2rad(range_deg) * rng.normal(1.0, 0.03, (N_REPS, 1)) * rng.normal(1.0, 0.02, (N_REPS, 2))
    tops *= (1 + injected / 2, 1 - injected / 2)
    rest = np.zeros((15, 2))
    return np.concatenate([rest, *(shape[:, None] * top for top in tops), rest])


def recorded(rng: np.random.Generator, joint: str, injected: float, range_deg: float) -> Recording:
    """Return one noisy set as the analysis would hand it on."""
    angle = flexion(rng, injected, range_deg)
    times_s = np.arange(len(angle)) / RATE_HZ
    exact = _arms(angle) if joint == "shoulder" else _legs(angle)
    noise_m = NOISE_SHARE * TRUNK_M
    points = {name: place + rng.normal(0.0, noise_m, place.shape) for name, place in exact.items()}
    world_m = np.full((len(angle), N_LANDMARKS, 3), np.nan)
    for name, place in points.items():
        world_m[:, LANDMARK_INDEX[name]] = lowpass(place, times_s, ButterworthSettings())
    image_px = world_m[:, :, :2] * PX_PER_M + (640.0, 400.0)
    status = np.where(np.isfinite(image_px[:, :, 0]), Status.MEASURED, Status.MISSING)
    track = FilteredTrack(times_s, image_px, world_m, status, np.zeros(len(angle), dtype=np.int64))
    facing = np.full(len(angle), Facing.FRONT, dtype=np.uint8)
    height_px = np.full(len(angle), STATURE_M * PX_PER_M)
    values_rad, states = compute_angles(track, facing, height_px, ForeshorteningSettings())
    velocity = angular_velocity(values_rad, times_s, track.stretch, facing)
    left_over = noise_m * np.sqrt(2 * ButterworthSettings().cutoff_hz / RATE_HZ)
    ends_m = (LIMB_M, TRUNK_M) if joint == "shoulder" else (THIGH_M, SHANK_M)
    precision = np.full(values_rad.shape, left_over * np.hypot(np.sqrt(2) / ends_m[0], np.sqrt(2) / ends_m[1]))
    return Recording(
        filtered=track,
        estimated=np.ones(len(angle), dtype=bool),
        angles=AngleSeries(ANGLE_IDS, values_rad, velocity, states),
        angle_precision_rad=precision,
        facing=facing,
        yaw_rad=np.full(len(angle), np.pi / 2),
        local_height_px=height_px,
        body_height_px=STATURE_M * PX_PER_M,
    )


def rates(joint: str, injected: float, range_deg: float, n_trials: int, seed: int = 0) -> Rates:
    """Return how often the difference of one case is flagged."""
    rng = np.random.default_rng(seed)
    levels, indices = [], []
    for _ in range(n_trials):
        recording = recorded(rng, joint, injected, range_deg)
        found = {value.metric_id: value for value in measure_symmetry(recording, SymmetrySettings())}
        levels.append(found[f"symmetry_{joint}_level"].value)
        indices.append(found[f"symmetry_{joint}_rom_robinson"].value)
    known = np.asarray(indices)[np.isfinite(indices)]
    level = np.nan_to_num(np.asarray(levels))
    return Rates(
        joint,
        injected,
        range_deg,
        n_trials,
        flagged_share=float((level >= 1).mean()),
        large_share=float((level >= 2).mean()),
        mean_index=float(known.mean()) if len(known) else None,
    )


def _arms(angle: FloatArray) -> dict[str, FloatArray]:
    """Return arms that are raised sideways before the camera, metres, x right, y down."""
    points = {}
    zero = np.zeros(len(angle))
    for column, (side, out) in enumerate(_SIDES):
        shoulder = np.stack([zero + 0.14 * out, zero, zero], axis=1)
        raised = np.stack([out * np.sin(angle[:, column]), np.cos(angle[:, column]), zero], axis=1)
        points[f"{side}_shoulder"] = shoulder
        points[f"{side}_elbow"] = shoulder + LIMB_M * raised
        points[f"{side}_hip"] = np.stack([zero + 0.12 * out, zero + TRUNK_M, zero], axis=1)
    return points


def _legs(angle: FloatArray) -> dict[str, FloatArray]:
    """Return legs whose knees bend towards the camera, metres, x right, y down, z away."""
    points = {}
    zero = np.zeros(len(angle))
    for column, (side, out) in enumerate(_SIDES):
        knee = np.stack([zero + 0.12 * out, zero, zero], axis=1)
        bent = np.stack([zero, np.cos(angle[:, column]), np.sin(angle[:, column])], axis=1)
        points[f"{side}_knee"] = knee
        points[f"{side}_hip"] = knee - (0.0, THIGH_M, 0.0)
        points[f"{side}_ankle"] = knee + SHANK_M * bent
    return points


def main() -> None:
    """Print the table, or the same as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="machine-readable")
    parser.add_argument("--trials", type=int, default=300)
    options = parser.parse_args()
    found = [rates(*case, n_trials=options.trials) for case in CASES]
    if options.json:
        print(json.dumps({"benchmark": "symmetry", "cases": [asdict(one) for one in found]}, indent=2))
        return
    for one in found:
        index = "-" if one.mean_index is None else f"{one.mean_index:+.3f}"
        print(
            f"{one.joint:9s} injected {one.injected:+.0%} of {one.range_deg:g} deg: flagged {one.flagged_share:.1%}, "
            f"large {one.large_share:.1%}, mean index {index}  ({one.n_trials} trials)"
        )


if __name__ == "__main__":
    main()

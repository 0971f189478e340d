"""What every filter does to joint angles and accelerations that are known exactly.

``python -m benchmarks.filters`` moves the joints of a flat body in harmonics of 1, 2 and 3 Hz, adds noise of 1 % of the
trunk, 2 % outliers and 5 % gaps, and filters the landmarks in every way at 30, 60 and 120 frames per second, at the
variable rate of a phone, and with a quarter of the samples badly seen. Bars: the error of the angles is at most half of
the unfiltered one, peaks lose at most 2 degrees, the angles lag by at most half a frame, and no value is where none may
be or missing where one must be. ``none`` shows what outlier test and gap filling do alone; it has no bar.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import click
import numpy as np

from benchmarks.harmonic_motion import HEIGHT_PX, JOINTS, SHIFT_RAD, Spoiling, joint_rad, spoiled
from vidpose.biomech.angles import ForeshorteningSettings, compute_angles
from vidpose.biomech.conventions import ANGLE_IDS
from vidpose.biomech.derivatives import angular_acceleration
from vidpose.biomech.filtering import FilterResult, FilterSettings, filter_movement
from vidpose.biomech.smoothing import ButterworthSettings
from vidpose.types.arrays import BoolArray, FloatArray
from vidpose.types.motion import Facing
from vidpose.types.pose import FilteredTrack, PoseTrack, Status

BAR_CUT, BAR_PEAK_DEG, BAR_LAG_FRAMES = 0.5, 2.0, 0.5
METHODS: Final = {
    "none": FilterSettings(method="none"),
    "butterworth": FilterSettings(),
    "butterworth auto": FilterSettings(butterworth=ButterworthSettings(cutoff_hz="auto")),
    "kalman": FilterSettings(method="kalman"),
    "gcv_spline": FilterSettings(method="gcv_spline"),
}
SIDE_JOINTS: Final = tuple((joint, side) for joint in JOINTS for side in SHIFT_RAD)
_COLUMNS: Final = [ANGLE_IDS.index(f"{joint}_{side}") for joint, side in SIDE_JOINTS]


@dataclass(frozen=True, slots=True)
class Figures:
    """What one method does in one scene.

    ``rmse_deg`` and ``unfiltered_deg`` are errors of the joint angles, ``cut`` the share that the filter takes away.
    ``peak_loss_deg`` is how much the angles' turning points of a cycle fall short of the true ones on average, the
    worst joint; ``lag_frames`` the delay, the worst joint. ``n_leaks`` counts values where none may be and missing ones
    where one must be. ``acceleration_r`` is the correlation with the true angular acceleration, all joints together.
    """

    scene: str
    method: str
    cutoff_hz: float | None
    unfiltered_deg: float
    rmse_deg: float
    cut: float
    peak_loss_deg: float
    lag_frames: float
    n_leaks: int
    acceleration_r: float
    ms_per_frame: float

    @property
    def meets(self) -> bool:
        """Whether all bars are met."""
        return (
            self.cut >= BAR_CUT
            and self.peak_loss_deg <= BAR_PEAK_DEG
            and abs(self.lag_frames) <= BAR_LAG_FRAMES
            and self.n_leaks == 0
        )


def scenes(duration_s: float) -> Iterator[tuple[str, FloatArray, Spoiling]]:
    """Yield name, times and what is wrong."""
    for rate_hz in (30, 60, 120):
        yield f"{rate_hz} Hz", np.arange(round(duration_s * rate_hz)) / rate_hz, Spoiling()
    steps_s = np.random.default_rng(7).choice([1 / 30, 1 / 60], p=[0.7, 0.3], size=round(duration_s * 36))
    yield "variable", np.cumsum(steps_s), Spoiling()
    yield "badly seen", np.arange(round(duration_s * 30)) / 30, Spoiling(badly_seen_share=0.25)


def joint_angles_rad(track: FilteredTrack) -> FloatArray:
    """Return the joint angles of the track, shape (T, joints), as in ``SIDE_JOINTS``."""
    return _angles_rad(track)[:, _COLUMNS]


def _angles_rad(track: FilteredTrack) -> FloatArray:
    n_frames = len(track.timestamps_s)
    facing = np.full(n_frames, Facing.RIGHT, dtype=np.uint8)
    height_px = np.full(n_frames, HEIGHT_PX)
    values_rad, _ = compute_angles(track, facing, height_px, ForeshorteningSettings())
    return values_rad


def unfiltered(track: PoseTrack) -> FilteredTrack:
    """Return the track as it was estimated, outliers included."""
    known = np.isfinite(track.image_px).all(axis=2)
    return FilteredTrack(
        timestamps_s=track.timestamps_s,
        image_px=track.image_px.astype(np.float64),
        world_m=track.world_m.astype(np.float64),
        status=np.where(known, Status.MEASURED, Status.MISSING).astype(np.uint8),
        stretch=np.zeros(track.n_frames, dtype=np.int64),
    )


def measure(name: str, method: str, times_s: FloatArray, spoiling: Spoiling, seed: int) -> Figures:
    """Filter one spoiled movement in one way and compare it with the truth."""
    track, too_long = spoiled(times_s, spoiling, seed)
    started_s = time.process_time()
    result = filter_movement(track, METHODS[method])
    cost_s = time.process_time() - started_s
    truth = np.stack([joint_rad(joint, side, times_s) for joint, side in SIDE_JOINTS], axis=1)
    error = joint_angles_rad(result.track) - truth
    before_deg = _rms_deg(joint_angles_rad(unfiltered(track)) - truth)
    rmse_deg = _rms_deg(error)
    slope = np.stack([joint_rad(joint, side, times_s, 1) for joint, side in SIDE_JOINTS], axis=1)
    used = result.smoothing.method in {"butterworth", "kalman"}
    return Figures(
        scene=name,
        method=method,
        cutoff_hz=round(result.cutoff.cutoff_hz, 2) if used else None,
        unfiltered_deg=before_deg,
        rmse_deg=rmse_deg,
        cut=1 - rmse_deg / before_deg,
        peak_loss_deg=peak_loss_deg(truth, error, times_s),
        lag_frames=lag_s(slope, error) / float(np.median(np.diff(times_s))),
        n_leaks=_leaks(result, too_long),
        acceleration_r=_acceleration_r(result.track),
        ms_per_frame=1000.0 * cost_s / len(times_s),
    )


def _rms_deg(error_rad: FloatArray) -> float:
    return float(np.rad2deg(np.sqrt(np.nanmean(error_rad**2))))


def peak_loss_deg(truth: FloatArray, error: FloatArray, times_s: FloatArray) -> float:
    """Return the usual shortfall at the turning points of the cycles; the first and the last cycle are left out.

    It is read where the true turning points are, so that noise does not add to them, and the median over the cycles, so
    that a wrong sample that was taken for a good one counts as an error but not as a loss.
    """
    losses = []
    cycle = np.floor(times_s - times_s[0]).astype(int)
    for joint in range(truth.shape[1]):
        for highest in (True, False):
            rows = [np.flatnonzero(cycle == number) for number in range(1, int(cycle[-1]))]
            turns = [row[(np.argmax if highest else np.argmin)(truth[row, joint])] for row in rows]
            losses.append(np.nanmedian(error[turns, joint]) * (-1.0 if highest else 1.0))
    return float(np.rad2deg(np.max(losses)))


def lag_s(slope: FloatArray, error: FloatArray) -> float:
    """Return the delay of the joint that lags most, by least squares of error = -delay * slope."""
    known = np.isfinite(error)
    delays = -np.sum(np.where(known, error * slope, 0.0), axis=0) / np.sum(np.where(known, slope**2, 0.0), axis=0)
    return float(delays[np.argmax(np.abs(delays))])


def _leaks(result: FilterResult, too_long: BoolArray) -> int:
    """Count values in gaps that may not be filled or without a status that allows them, and missing ones with one."""
    finite = np.isfinite(result.track.image_px).all(axis=2)
    allowed = np.isin(result.track.status, (Status.MEASURED, Status.IMPUTED))
    return int(np.count_nonzero(finite != allowed) + np.count_nonzero(finite & too_long))


def _acceleration_r(track: FilteredTrack) -> float:
    times_s = track.timestamps_s
    facing = np.full(len(times_s), Facing.RIGHT, dtype=np.uint8)
    found = angular_acceleration(_angles_rad(track), times_s, track.stretch, facing)[:, _COLUMNS]
    true = np.stack([joint_rad(joint, side, times_s, 2) for joint, side in SIDE_JOINTS], axis=1)
    known = np.isfinite(found)
    return float(np.corrcoef(found[known], true[known])[0, 1])


def line(one: Figures) -> str:
    """Return one row of the table."""
    cutoff = "" if one.cutoff_hz is None else f"{one.cutoff_hz:.1f}"
    bar = "" if one.method == "none" else "met" if one.meets else "MISSED"
    return (
        f"{one.scene:11} {one.method:17} {cutoff:>6} {one.unfiltered_deg:10.2f} {one.rmse_deg:6.2f} {one.cut:6.0%} "
        f"{one.peak_loss_deg:6.2f} {one.lag_frames:6.2f} {one.n_leaks:5d} {one.acceleration_r:7.3f} "
        f"{one.ms_per_frame:6.3f}  {bar}"
    )


@click.command()
@click.option("--json", "json_file", type=click.Path(path_type=Path), help="Write the figures to this file too.")
@click.option("--seed", default=0, show_default=True, help="Of the noise.")
@click.option("--duration_s", default=20.0, show_default=True, help="Of every movement.")
def main(json_file: Path | None, seed: int, duration_s: float) -> None:
    """Print what every filter does to known movements; fail when one misses a bar."""
    print("                              cut-off unfiltered   RMSE          peak    lag        accel.")
    print("scene       method                Hz        deg    deg    cut   loss frames leaks       r ms/frame")
    made = []
    for name, times_s, spoiling in scenes(duration_s):
        for method in METHODS:
            made.append(measure(name, method, times_s, spoiling, seed))
            print(line(made[-1]))
    if json_file is not None:
        json_file.write_text(json.dumps([asdict(one) for one in made], indent=2) + "\n")
    sys.exit(0 if all(one.meets for one in made if one.method != "none") else 1)


if __name__ == "__main__":
    main()

"""Differences between the two sides of one person's body, where both sides can be assessed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np

from vidpose.biomech.conventions import SIDE_VIEWS
from vidpose.biomech.gaps import contiguous_runs
from vidpose.biomech.metrics.gates import blocked
from vidpose.biomech.metrics.metric import evaluate
from vidpose.biomech.metrics.recording import Recording
from vidpose.biomech.metrics.row import MetricRow
from vidpose.biomech.smoothness.cycles import CycleSettings, movement_cycles
from vidpose.biomech.smoothness.series import JOINTS, AngleTrace, BodySide, Joint, image_trace, included_trace
from vidpose.biomech.symmetry.compare import ComparedSides
from vidpose.biomech.symmetry.symmetry_metrics import METRICS, SYMMETRY_VIEWS
from vidpose.types.arrays import BoolArray, IntArray
from vidpose.types.metrics import MetricValue

_SIDES: Final[tuple[BodySide, BodySide]] = ("right", "left")
_MIN_SHARE: Final = 0.5


@dataclass(frozen=True, slots=True)
class SymmetrySettings:
    """Comparison of the sides.

    Attributes
    ----------
    cycles
        What counts as a cycle.
    min_seen_s
        Both sides must be seen for so long together, s. Ours: shorter than any repetition.
    min_difference_deg
        Smaller differences of angles in the image are below the noise, degrees: about the error of single-camera
        angles in good views (Cosoli 2026: -2 +- 6 degrees).
    min_difference_3d_deg
        The same for included 3-D angles, degrees. Ours: depth from one camera is off by a side's own bias, which no
        repetition averages out; a jumping jack filmed from the front had knees 31 % apart.
    noise_factor
        A difference must exceed its standard error by this factor; 2 is about 95 %.
    """

    cycles: CycleSettings = field(default_factory=CycleSettings)
    min_seen_s: float = 1.0
    min_difference_deg: float = 5.0
    min_difference_3d_deg: float = 15.0
    noise_factor: float = 2.0

    def __post_init__(self) -> None:
        for name in ("min_seen_s", "min_difference_deg", "min_difference_3d_deg", "noise_factor"):
            if not getattr(self, name) > 0:
                raise ValueError(f"{name}: expected more than 0, got {getattr(self, name)}")


def measure_symmetry(recording: Recording, settings: SymmetrySettings) -> tuple[MetricValue, ...]:
    """Compare the two sides of every joint over the frames in which both are seen and valid.

    Parameters
    ----------
    recording
        One person's movement, any length.
    settings
        Limits of what is compared.

    Returns
    -------
    tuple of MetricValue
        One per metric of :mod:`~vidpose.biomech.symmetry.symmetry_metrics`, in that order. Indices are ``below_noise``
        where the sides do not differ by more than the measurement can tell; the level is 0 there, as that was
        assessed. Where the noise is not known, neither is given.
    """
    facing_us = (recording.filtered.stretch >= 0) & np.isin(recording.facing, SYMMETRY_VIEWS)
    cycles = movement_cycles(recording, facing_us, settings.cycles)
    joints = {joint.name: _compared_sides(recording, joint, facing_us, cycles, settings) for joint in JOINTS}
    return tuple(evaluate(METRICS, joints, recording, lambda row: _obstacle(row, recording, facing_us)))


def _obstacle(row: MetricRow, recording: Recording, facing_us: BoolArray) -> str:
    """Return why no joint's sides can be compared, or an empty string."""
    reason = blocked(row, recording, facing_us if facing_us.any() else None)
    present = recording.filtered.stretch >= 0
    if reason == "view" and np.isin(recording.facing[present], SIDE_VIEWS).mean() >= _MIN_SHARE:
        return "one_side_hidden"
    return reason


def _compared_sides(
    recording: Recording, joint: Joint, facing_us: BoolArray, cycles: IntArray, settings: SymmetrySettings
) -> ComparedSides | str:
    """Return the two sides of a joint, or why they cannot be compared."""
    trace = image_trace if joint.frontal_plane else included_trace
    right, left = (trace(recording, joint, side) for side in _SIDES)
    if reason := _hidden(right, left, facing_us):
        return reason
    both = facing_us & np.isfinite(right.velocity_rad_s) & np.isfinite(left.velocity_rad_s)
    label = recording.filtered.stretch * 8 + recording.facing
    run = max(contiguous_runs(both, label), key=lambda one: one.stop - one.start, default=slice(0, 0))
    if run.stop - run.start < 2 or np.ptp(recording.times_s[run]) < settings.min_seen_s:
        return "too_short"
    least_deg = settings.min_difference_deg if joint.frontal_plane else settings.min_difference_3d_deg
    least_rad = float(np.deg2rad(least_deg))
    cycles = _whole_cycles(cycles, both)
    return ComparedSides(recording.times_s, right, left, both, run, cycles, least_rad, settings.noise_factor)


def _hidden(right: AngleTrace, left: AngleTrace, facing_us: BoolArray) -> str:
    """Return why the two sides cannot be compared, or an empty string."""
    if not facing_us.any():
        return "view"
    known = [np.isfinite(side.values_rad[facing_us]) for side in (right, left)]
    if not known[0].any() and not known[1].any():
        return "low_confidence" if right.doubtful or left.doubtful else "no_data"
    if (known[0] & known[1]).mean() >= _MIN_SHARE:
        return ""
    return "one_side_hidden" if max(one.mean() for one in known) >= _MIN_SHARE else "low_confidence"


def _whole_cycles(cycles: IntArray, both: BoolArray) -> IntArray:
    """Return the cycles in which both sides are valid in every frame."""
    total = np.concatenate([[0], np.cumsum(both)])
    n_frames = cycles[:, 1] - cycles[:, 0] + 1
    result: IntArray = cycles[total[cycles[:, 1] + 1] - total[cycles[:, 0]] == n_frames]
    return result

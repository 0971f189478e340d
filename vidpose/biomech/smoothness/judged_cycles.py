"""What the cycles of a movement give: one number per cycle and score, and the curves of the joints."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from vidpose.biomech.metrics.recording import Recording
from vidpose.biomech.smoothness.consistency import MIN_CYCLES, N_POINTS, normalised_cycles
from vidpose.biomech.smoothness.cycles import CycleSettings
from vidpose.biomech.smoothness.jerk import log_dimensionless_jerk
from vidpose.biomech.smoothness.profiles import Moving, complete_cycles, even_profile, extents
from vidpose.biomech.smoothness.spectral import SpectralSettings, spectral_arc_length
from vidpose.types.arrays import FloatArray, IntArray
from vidpose.types.metrics import MetricSide


@dataclass(frozen=True, slots=True)
class SmoothnessSettings:
    """What smoothness and consistency are measured on.

    Attributes
    ----------
    cycles
        What counts as a cycle.
    spectral
        Constants of the spectral arc length.
    min_path_bh
        A point that stays within less than this during a cycle is not assessed, body heights. Ours: five times the
        model's landmark noise of about 1 % of body height; below it the profile is noise.
    min_range_deg
        A joint that moves through less during a cycle is not assessed, degrees. Ours: as for the cycles themselves.
    min_measured_share
        Share of a cycle's samples that must be measured, not filled in: interpolation looks smooth (ours).
    """

    cycles: CycleSettings = field(default_factory=CycleSettings)
    spectral: SpectralSettings = field(default_factory=SpectralSettings)
    min_path_bh: float = 0.05
    min_range_deg: float = 15.0
    min_measured_share: float = 0.8

    def __post_init__(self) -> None:
        if not self.min_path_bh >= 0:
            raise ValueError(f"min_path_bh: expected at least 0, got {self.min_path_bh}")
        if not self.min_range_deg >= 0:
            raise ValueError(f"min_range_deg: expected at least 0, got {self.min_range_deg}")
        if not 0 <= self.min_measured_share <= 1:
            raise ValueError(f"min_measured_share: expected 0 to 1, got {self.min_measured_share}")


@dataclass(frozen=True, slots=True)
class ProfileScore:
    """A measure of smoothness.

    Attributes
    ----------
    key, label, formula, source, caution
        In identifiers; for people.
    of
        The score of one cycle from its velocity, shape (n, d), and its rate, Hz.
    """

    key: str
    label: str
    formula: str
    source: str
    caution: str
    of: Callable[[FloatArray, float, SmoothnessSettings], float]


def _sparc(velocity: FloatArray, rate_hz: float, settings: SmoothnessSettings) -> float:
    speed = np.sqrt(np.einsum("ij,ij->i", velocity, velocity))
    return spectral_arc_length(speed, rate_hz, settings.spectral)


def _ldlj(velocity: FloatArray, rate_hz: float, _: SmoothnessSettings) -> float:
    return log_dimensionless_jerk(velocity, rate_hz)


SCORES: Final = (
    ProfileScore(
        "sparc",
        "spectral arc length",
        "-integral of sqrt((1/w_c)^2 + (dV/dw)^2) dw, V = |FFT(v)| / max",
        "Balasubramanian et al. 2015, J NeuroEng Rehabil 12:112",
        "",
        _sparc,
    ),
    ProfileScore(
        "ldlj",
        "log dimensionless jerk",
        "-ln(T^3 / v_peak^2 * integral of (d2v/dt2)^2 dt)",
        "Balasubramanian et al. 2015; Hogan & Sternad 2009, J Mot Behav 41:529",
        "Affected by noise and by the cut-off of the filter: compare only recordings that were filmed and filtered "
        "alike.",
        _ldlj,
    ),
)
"""Every measure of smoothness; each is taken of every part."""


@dataclass(frozen=True, slots=True)
class JudgedPart:
    """A point or joint of one side.

    ``reason`` is why it has no usable cycles, empty when it has ``n_cycles`` of them. ``scores`` has one number per
    cycle for each of :data:`SCORES`, NaN where undefined; ``curves``, shape (n, 101), and ``ranges``, shape (n,), are
    empty below :data:`~vidpose.biomech.smoothness.consistency.MIN_CYCLES` cycles, and for points.
    """

    n_cycles: int
    reason: str
    scores: Mapping[str, FloatArray]
    curves: FloatArray
    ranges: FloatArray


@dataclass(frozen=True, slots=True)
class JudgedMovement:
    """All parts of one person's movement by name and side, and when the cycles begin and end, s, shape (n, 2).

    ``frame_s`` is the time between two frames where cycles begin and end at frames; 0 where between them.
    """

    parts: Mapping[tuple[str, MetricSide], JudgedPart]
    cycles_s: FloatArray
    start_s: float
    end_s: float
    frame_s: float = 0.0


def judge_point(recording: Recording, moving: Moving, cycles: IntArray, settings: SmoothnessSettings) -> JudgedPart:
    """Return what the cycles of a point give.

    Parameters
    ----------
    recording
        The movement.
    moving
        The point.
    cycles
        First and last frame of every cycle, shape (n, 2).
    settings
        What is assessed.
    """
    usable, reason = _usable(moving, cycles, settings, settings.min_path_bh)
    scores = _scores(recording, moving, usable, settings)
    return JudgedPart(len(usable), reason, scores, np.empty((0, N_POINTS)), np.empty(0))


def judge_joint(recording: Recording, moving: Moving, cycles: IntArray, settings: SmoothnessSettings) -> JudgedPart:
    """Return what the cycles of a joint give; parameters as for :func:`judge_point`."""
    usable, reason = _usable(moving, cycles, settings, float(np.deg2rad(settings.min_range_deg)))
    compared = usable if len(usable) >= MIN_CYCLES else usable[:0]
    return JudgedPart(
        len(usable),
        reason,
        _scores(recording, moving, usable, settings),
        normalised_cycles(moving.position[:, 0], recording.times_s, compared),
        extents(moving, compared),
    )


def _usable(moving: Moving, cycles: IntArray, settings: SmoothnessSettings, min_extent: float) -> tuple[IntArray, str]:
    """Return the cycles with data and movement, and why there are none."""
    if len(cycles) == 0:
        return cycles, "not_cyclic"
    complete = cycles[complete_cycles(moving, cycles, settings.min_measured_share)]
    if len(complete) == 0:
        return complete, "low_confidence"
    moved = complete[extents(moving, complete) >= min_extent]
    return moved, "" if len(moved) else "not_moving"


def _scores(
    recording: Recording, moving: Moving, cycles: IntArray, settings: SmoothnessSettings
) -> dict[str, FloatArray]:
    found = {score.key: np.empty(len(cycles)) for score in SCORES}
    for row, cycle in enumerate(cycles):
        velocity, rate_hz = even_profile(moving.velocity, recording.times_s, cycle)
        for score in SCORES:
            found[score.key][row] = score.of(velocity, rate_hz, settings)
    return found

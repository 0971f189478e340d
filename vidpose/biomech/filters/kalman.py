"""Kalman smoother with constant acceleration, samples weighted by the model's confidence.

Model
    Position, velocity and acceleration per coordinate; the acceleration drifts by white jerk of density q. A sample has
    variance r / visibility: what the pose model hardly sees counts less. Samples in gaps are filled by PCHIP and count
    as little as :data:`~vidpose.biomech.filters.run.FILLED_WEIGHT`. No state is known beforehand (diffuse prior).
Trust
    Only the ratio counts, ``trust = r / q`` in units of the frame period to the fifth. It is not set but follows from
    the cut-off: at visibility 1 the smoother has no phase and leaves 1 / (1 + trust * (w * period)^6), so
    ``trust = (sqrt(2) - 1) / (w_cutoff * period)^6`` gives -3 dB at the cut-off, at any frame rate. At 30 frames per
    second and 6 Hz that is 0.11, at 120 frames per second 431; a fixed ratio (Pose2Sim's 500) is another
    filter at every frame rate. Samples of visibility v are smoothed at v^(1/6) of the cut-off.
Own code
    The forward and backward passes of Rauch, Tung & Striebel (1965, AIAA J. 3, 1445) yield the minimum of a banded
    quadratic form, here a quintic smoothing spline (Wahba 1978, J. R. Stat. Soc. B 40, 364), which LAPACK solves at
    once. filterpy and statsmodels step through the samples of one series in Python: 165 series per person would cost
    them tens of milliseconds per frame. A test holds that both ways give the same numbers.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vidpose.biomech.filters.quintic import ORDER, QuinticSystem, smoothness_of, spaced
from vidpose.biomech.filters.run import FILLED_WEIGHT, Run
from vidpose.biomech.gaps import interpolate
from vidpose.types.arrays import FloatArray


@dataclass(frozen=True, slots=True)
class KalmanSettings:
    """How much single samples are trusted.

    Attributes
    ----------
    min_visibility
        Visibilities below this count as this much, so that no sample has an infinite variance. Ours: such samples are
        rejected before by default.
    """

    min_visibility: float = 0.05

    def __post_init__(self) -> None:
        if not 0 < self.min_visibility <= 1:
            raise ValueError(f"min_visibility: expected more than 0, at most 1, got {self.min_visibility}")


def kalman_smooth(run: Run, cutoff_hz: float, settings: KalmanSettings) -> FloatArray:
    """Return the smoothed positions at all frames of the run.

    Parameters
    ----------
    run
        Samples of one landmark.
    cutoff_hz
        -3 dB for samples of full visibility.
    settings
        See :class:`KalmanSettings`.

    Returns
    -------
    FloatArray
        Shape (m, k); up to three frames come back as they are.
    """
    keep = spaced(run.frame_times_s)
    times_s, values = run.frame_times_s[keep], run.filled()[keep]
    if len(times_s) <= ORDER:
        return run.filled()
    weights = np.full(len(run.frame_times_s), FILLED_WEIGHT)
    weights[run.measured] = np.clip(run.visibility, settings.min_visibility, 1.0)
    trust = smoothness_of(cutoff_hz, float(np.median(np.diff(times_s))))
    smooth = values - QuinticSystem.of(times_s).misfit(values, weights[keep], trust)
    return smooth if keep.all() else interpolate(smooth, times_s, run.frame_times_s)

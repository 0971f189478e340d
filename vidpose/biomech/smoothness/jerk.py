"""Log dimensionless jerk (LDLJ): how much the acceleration changes, freed of duration and size."""

from __future__ import annotations

import numpy as np

from vidpose.types.arrays import FloatArray

_MIN_SAMPLES = 4  # a second difference and something to sum over


def log_dimensionless_jerk(velocity: FloatArray, rate_hz: float) -> float:
    """Return the log dimensionless jerk of one movement; nearer to zero is smoother.

    -ln(T^3 / v_peak^2 * integral of |d2v/dt2|^2 dt), T the number of samples over the rate (Balasubramanian et al.
    2015; Hogan & Sternad 2009). The velocity keeps its sign, because the size of a velocity has a kink wherever it
    turns. Noise counts as jerk: give it filtered movements only, and compare only movements that were filmed and
    filtered alike. Own code because the authors' package ``monalysa`` would be a dependency for a few lines; a test
    compares the two.

    Parameters
    ----------
    velocity
        Any unit, evenly sampled, no NaN, shape (n, d).
    rate_hz
        Samples per second.

    Returns
    -------
    float
        NaN for fewer than four samples, for rest and for a velocity without any change.
    """
    if len(velocity) < _MIN_SAMPLES:
        return float("nan")
    peak_squared = float(np.max(np.einsum("ij,ij->i", velocity, velocity)))
    second = np.diff(velocity, n=2, axis=0) * rate_hz**2
    cost = float(np.vdot(second, second)) / rate_hz
    if peak_squared == 0.0 or cost == 0.0:
        return float("nan")
    duration_s = len(velocity) / rate_hz
    return float(-np.log(duration_s**3 / peak_squared * cost))

"""Spectral arc length (SPARC): how many separate pushes a movement is made of, whatever its speed and length."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vidpose.types.arrays import FloatArray


@dataclass(frozen=True, slots=True)
class SpectralSettings:
    """Constants of the spectral arc length; Balasubramanian et al. 2015 (doi 10.1186/s12984-015-0090-9).

    Attributes
    ----------
    highest_hz
        No part of the spectrum above it counts, Hz.
    amplitude_share
        The spectrum ends where it falls below this share of its peak for good.
    padding_levels
        The profile is filled up with zeros to its next power of two times 2 to this power.
    """

    highest_hz: float = 10.0
    amplitude_share: float = 0.05
    padding_levels: int = 4

    def __post_init__(self) -> None:
        if not self.highest_hz > 0:
            raise ValueError(f"highest_hz: expected more than 0, got {self.highest_hz}")
        if not 0 < self.amplitude_share < 1:
            raise ValueError(f"amplitude_share: expected between 0 and 1, got {self.amplitude_share}")
        if self.padding_levels < 0:
            raise ValueError(f"padding_levels: expected at least 0, got {self.padding_levels}")


def spectral_arc_length(speed: FloatArray, rate_hz: float, settings: SpectralSettings) -> float:
    """Return the spectral arc length of one movement's speed profile; nearer to zero is smoother.

    The length of the curve of the normalised magnitude spectrum up to the cut-off, the frequency axis scaled to 1,
    times -1 (Balasubramanian et al. 2015). Own code because the authors' package ``monalysa`` would be a dependency
    for a dozen lines; a test compares the two.

    Parameters
    ----------
    speed
        At least 0, any unit (the measure has none), evenly sampled, no NaN, shape (n,).
    rate_hz
        Samples per second; more than twice ``settings.highest_hz``.
    settings
        Cut-offs and padding.

    Returns
    -------
    float
        Below zero; NaN for a profile of fewer than two samples or of zeros, and where the rate is too low.
    """
    if len(speed) < 2 or rate_hz < 2 * settings.highest_hz or not np.any(speed > 0):
        return float("nan")
    n_padded = 2 ** (int(np.ceil(np.log2(len(speed)))) + settings.padding_levels)
    magnitude = np.abs(np.fft.rfft(speed, n_padded))
    magnitude /= magnitude.max()
    step_hz = rate_hz / n_padded
    heard = magnitude[: int(np.floor(settings.highest_hz / step_hz + 1e-9)) + 1]
    last = int(np.flatnonzero(heard >= settings.amplitude_share)[-1])
    if last == 0:
        return float("nan")
    steps = np.diff(heard[: last + 1])
    return float(-np.sum(np.hypot(1.0 / last, steps)))

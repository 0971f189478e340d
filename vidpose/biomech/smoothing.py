"""Zero-phase Butterworth low-pass with its stated cut-off, on true time stamps."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

import numpy as np

from vidpose.biomech.gaps import interpolate
from vidpose.types.arrays import FloatArray

_MAX_CUTOFF_PER_RATE: Final = 0.45  # above it the filter changes nothing that the sampling has left
_UNIFORM_PERIODS: Final = 0.05  # a time may stand this far from the even grid, frame periods ...
_UNIFORM_S: Final = 1.1e-3  # ... or this far, s: Matroska rounds time stamps to 1 ms
_MIN_SAMPLES: Final = 3


@dataclass(frozen=True, slots=True)
class ButterworthSettings:
    """Low-pass filter of the landmarks.

    Attributes
    ----------
    cutoff_hz
        Frequency at which the whole filter, both passes together, leaves 1/sqrt(2) of the amplitude (-3 dB).
        6 Hz suits strength exercises and walking; running and throwing need 10 to 15 Hz. ``"auto"`` finds one per
        person from the data, see :mod:`vidpose.biomech.filters.person`; the functions here need a number.
    order
        Order of both passes together; even.
    """

    cutoff_hz: float | Literal["auto"] = 6.0
    order: int = 4

    def __post_init__(self) -> None:
        if self.cutoff_hz != "auto" and not self.cutoff_hz > 0:
            raise ValueError(f"cutoff_hz: expected more than 0, or auto, got {self.cutoff_hz}")
        if self.order < 2 or self.order % 2:
            raise ValueError(f"order: expected an even number of at least 2, got {self.order}")


def fixed_cutoff_hz(settings: ButterworthSettings) -> float:
    """Return the cut-off as a number.

    Raises
    ------
    ValueError
        When it has yet to be found from the data.
    """
    if settings.cutoff_hz == "auto":
        raise ValueError("cutoff_hz: expected a number, got auto; find the number first, see biomech.filters.person")
    return settings.cutoff_hz


def can_filter(rate_hz: float, settings: ButterworthSettings) -> bool:
    """Return whether the sampling rate is high enough for the cut-off."""
    return fixed_cutoff_hz(settings) < _MAX_CUTOFF_PER_RATE * rate_hz


def longest_period_s(settings: ButterworthSettings) -> float:
    """Return the time between samples from which on the rate is too low for the cut-off."""
    return _MAX_CUTOFF_PER_RATE / fixed_cutoff_hz(settings)


def sampling_rate_hz(timestamps_s: FloatArray) -> float:
    """Return one over the frame period: the mean one of even time stamps, else the median one."""
    if is_uniform(timestamps_s):
        return float((len(timestamps_s) - 1) / (timestamps_s[-1] - timestamps_s[0]))
    return float(1.0 / np.median(np.diff(timestamps_s)))


def is_uniform(timestamps_s: FloatArray) -> bool:
    """Return whether the times lie on an even grid, rounding to milliseconds aside; shape (n,), n >= 2."""
    even = np.linspace(timestamps_s[0], timestamps_s[-1], len(timestamps_s))
    period_s = even[1] - even[0]
    return bool(np.max(np.abs(timestamps_s - even)) <= max(_UNIFORM_S, _UNIFORM_PERIODS * period_s))


def lowpass(values: FloatArray, timestamps_s: FloatArray, settings: ButterworthSettings) -> FloatArray | None:
    """Filter one uninterrupted run.

    Uneven runs are resampled to an even grid by PCHIP, filtered and read back at their own times by a cubic spline.

    Parameters
    ----------
    values
        Shape (n, k), no NaN.
    timestamps_s
        Seconds, shape (n,), strictly increasing.
    settings
        Cut-off and order.

    Returns
    -------
    FloatArray or None
        Shape (n, k); a run of fewer than three samples comes back as it is. None when the frame rate is too low.
    """
    from scipy.interpolate import CubicSpline

    if len(timestamps_s) < _MIN_SAMPLES:
        return values
    rate_hz = sampling_rate_hz(timestamps_s)
    if not can_filter(rate_hz, settings):
        return None
    if is_uniform(timestamps_s):
        return _two_passes(values, rate_hz, settings)
    span_s = timestamps_s[-1] - timestamps_s[0]
    grid_s = np.linspace(timestamps_s[0], timestamps_s[-1], max(_MIN_SAMPLES, round(span_s * rate_hz) + 1))
    grid_rate_hz = (len(grid_s) - 1) / span_s
    smooth = _two_passes(interpolate(values, timestamps_s, grid_s), grid_rate_hz, settings)
    result: FloatArray = np.asarray(CubicSpline(grid_s, smooth, axis=0)(timestamps_s), dtype=np.float64)
    return result


def design_cutoff_hz(rate_hz: float, settings: ButterworthSettings) -> float:
    """Return the cut-off that one pass must have so that two passes have -3 dB at ``cutoff_hz``.

    Two passes square the gain, so one pass must leave 2^(-1/4) there: a Butterworth filter of order n reaches that at
    (sqrt(2) - 1)^(1 / 2n) of its cut-off (0.802 for n = 2; Winter 2009, Biomechanics, 3.4.4.2). The factor holds on
    the analogue frequency axis, hence the tangent of the bilinear transform.
    """
    one_pass = settings.order // 2
    correction = (np.sqrt(2.0) - 1.0) ** (1.0 / (2.0 * one_pass))
    analogue = np.tan(np.pi * fixed_cutoff_hz(settings) / rate_hz) / correction
    return float(rate_hz / np.pi * np.arctan(analogue))


@lru_cache(maxsize=256)
def _sections(rate_hz: float, settings: ButterworthSettings) -> FloatArray:
    """Design one pass; the landmarks of a video share it."""
    from scipy.signal import butter

    sections = butter(settings.order // 2, design_cutoff_hz(rate_hz, settings), fs=rate_hz, output="sos")
    return np.asarray(sections, dtype=np.float64)


def _two_passes(values: FloatArray, rate_hz: float, settings: ButterworthSettings) -> FloatArray:
    from scipy.signal import sosfiltfilt

    sections = _sections(rate_hz, settings)
    memory = int(np.ceil(rate_hz / fixed_cutoff_hz(settings))) * settings.order
    padding = min(max(9, memory), len(values) - 1)  # long enough for the start-up to die away, if there is room
    result: FloatArray = np.asarray(sosfiltfilt(sections, values, axis=0, padlen=padding), dtype=np.float64)
    return result

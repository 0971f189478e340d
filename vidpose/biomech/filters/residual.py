"""The cut-off that the data ask for: residual analysis.

R(f) is the root mean square of what a low-pass filter with cut-off f takes away. Where f is above the movement, only
noise is taken away and R follows a line; that line, extended to f = 0, tells the noise sigma. The cut-off is where R
equals it: there the movement that is lost weighs as much as the noise that is let through (Winter 2009, Biomechanics,
3.4.4.3; Wells & Winter 1980).

Ours: the line is drawn through R^2. White noise has its power spread evenly, so R^2 falls nearly straight up to 0.4 of
the frame rate (the noise comes out a tenth too small, since the filter narrows towards half the rate), while R itself
is straight only far below that, which 30 frames per second do not leave room for. The line starts at the lowest
frequency from which on the rest is straight.

The method sees noise as whatever is spread evenly. Badly estimated fast limbs at 30 frames per second, such as swapped
legs of a runner, look like that down to low frequencies, and the cut-off comes out low: 4.5 Hz on a clip where 10 to 12
are advised. A sport's own cut-off is the better choice where the sport is known.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np

from vidpose.biomech.smoothing import ButterworthSettings, lowpass
from vidpose.types.arrays import FloatArray, frozen

_LAST_PER_RATE: Final = 0.4  # of the frame rate; nearer to half of it the filter's own shape bends the line
_MIN_TAIL: Final = 6  # points of the line
_MIN_SAMPLES: Final = 32  # ours: shorter runs hold too few periods of slow movements
_STRAIGHT: Final = 0.995  # correlation of the tail with a line; 0.99 to 0.9995 move the cut-offs of real clips by 1 Hz


@dataclass(frozen=True, slots=True)
class ResidualSettings:
    """Limits of the cut-off and of the frequencies that are tried.

    Attributes
    ----------
    min_cutoff_hz, max_cutoff_hz
        The cut-off stays between them. Ours: 3 Hz is the lower end of the advice for walking, 15 Hz the upper end for
        running and throwing (Sports2D).
    step_hz, last_hz
        Frequencies are tried from ``step_hz`` in such steps up to ``last_hz`` or 0.4 of the frame rate. Ours: no
        landmark moves faster than 25 Hz, and what a pose model's noise holds above says little about that below.
    """

    min_cutoff_hz: float = 3.0
    max_cutoff_hz: float = 15.0
    step_hz: float = 0.5
    last_hz: float = 25.0

    def __post_init__(self) -> None:
        if not 0 < self.min_cutoff_hz <= self.max_cutoff_hz:
            raise ValueError(
                f"min_cutoff_hz: expected more than 0 and at most max_cutoff_hz, got {self.min_cutoff_hz} "
                f"and {self.max_cutoff_hz}"
            )
        if not 0 < self.step_hz < self.last_hz:
            raise ValueError(f"step_hz: expected more than 0 and less than last_hz, got {self.step_hz}")


@dataclass(frozen=True, slots=True)
class ResidualCurve:
    """Residual over cut-off.

    Attributes
    ----------
    frequencies_hz
        Cut-offs that were tried, shape (n,).
    residual
        R, root mean square of what they take away, in the unit of the values, shape (n,).
    noise
        Standard deviation of the noise, where the line meets f = 0; NaN when there is no line.
    """

    frequencies_hz: FloatArray
    residual: FloatArray
    noise: float

    def __post_init__(self) -> None:
        n = len(self.frequencies_hz)
        for name in ("frequencies_hz", "residual"):
            object.__setattr__(self, name, frozen(getattr(self, name), np.float64, (n,), name))


def residual_cutoff(
    values: FloatArray,
    timestamps_s: FloatArray,
    settings: ResidualSettings | None = None,
    order: int = 4,
) -> tuple[float, ResidualCurve]:
    """Find the cut-off of one run.

    Parameters
    ----------
    values
        Shape (n,) or (n, k); no NaN. Coordinates share one cut-off.
    timestamps_s
        Seconds, shape (n,), strictly increasing.
    settings
        See :class:`ResidualSettings`.
    order
        Order of the Butterworth filter, both passes.

    Returns
    -------
    tuple
        Cut-off, Hz, within the limits; NaN when the run is too short or its frame rate too low. The curve.
    """
    columns = values[:, None] if values.ndim == 1 else values
    return pooled_cutoff([(columns, timestamps_s)], settings or ResidualSettings(), order)


def pooled_cutoff(
    runs: Iterable[tuple[FloatArray, FloatArray]], settings: ResidualSettings, order: int
) -> tuple[float, ResidualCurve]:
    """Find one cut-off for several runs of one landmark; see :func:`residual_cutoff`.

    Parameters
    ----------
    runs
        Values, shape (n, k), and times, shape (n,), of every run; the short ones are left out.
    settings
        See :class:`ResidualSettings`.
    order
        Order of the Butterworth filter, both passes.
    """
    useful = [(values, times) for values, times in runs if len(times) >= _MIN_SAMPLES]
    # the mean rate: on uneven times nothing is measured above half of it, and the noise is no longer white
    lowest_rate_hz = min((float((len(times) - 1) / np.ptp(times)) for _, times in useful), default=0.0)
    last_hz = min(settings.last_hz, _LAST_PER_RATE * lowest_rate_hz)
    frequencies_hz = np.float64(settings.step_hz) * np.arange(1, int(last_hz / settings.step_hz) + 1)
    if len(frequencies_hz) < _MIN_TAIL:
        return float("nan"), ResidualCurve(np.empty(0), np.empty(0), float("nan"))
    squares, n_values = np.zeros(len(frequencies_hz)), 0
    for values, times in useful:
        n_values += values.size
        for number, cutoff_hz in enumerate(frequencies_hz.tolist()):
            smooth = lowpass(values, times, ButterworthSettings(cutoff_hz, order))
            squares[number] += 0.0 if smooth is None else float(np.sum((values - smooth) ** 2))
    power = squares / n_values
    noise_power = _noise_power(frequencies_hz, power)
    curve = ResidualCurve(frequencies_hz, np.sqrt(power), float(np.sqrt(noise_power)))
    cutoff_hz = _crossing_hz(frequencies_hz, power, noise_power)
    return float(np.clip(cutoff_hz, settings.min_cutoff_hz, settings.max_cutoff_hz)), curve


def _noise_power(frequencies_hz: FloatArray, power: FloatArray) -> float:
    """Return the square of the noise: where the line through the straight tail of R^2 meets f = 0."""
    n = len(power)
    intercept = 0.0
    for start in range(n - _MIN_TAIL + 1):
        tail = slice(start, n)
        if np.ptp(power[tail]) == 0:
            return float(power[-1])  # the filter takes nothing away: no noise
        intercept = float(np.polyfit(frequencies_hz[tail], power[tail], 1)[1])
        if np.corrcoef(frequencies_hz[tail], power[tail])[0, 1] <= -_STRAIGHT:
            break
    return max(intercept, 0.0)


def _crossing_hz(frequencies_hz: FloatArray, power: FloatArray, noise_power: float) -> float:
    """Return the lowest frequency at which the residual is as small as the noise; the last one when none is."""
    below = np.flatnonzero(power <= noise_power)
    if len(below) == 0:
        return float(frequencies_hz[-1])
    first = int(below[0])
    if first == 0:
        return float(frequencies_hz[0])
    high, low = power[first - 1], power[first]
    share = (high - noise_power) / (high - low) if high > low else 1.0
    return float(frequencies_hz[first - 1] + share * (frequencies_hz[first] - frequencies_hz[first - 1]))

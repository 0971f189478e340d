"""Samples at a constant rate, for formats that know no other time.

A clip whose stamps lie on a straight line keeps its frames; one with a variable rate is interpolated inside every
uninterrupted run of samples, never across a gap.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Final

import numpy as np

from vidpose.biomech.gaps import contiguous_runs, interpolate
from vidpose.types.arrays import BoolArray, FloatArray, IntArray
from vidpose.types.mapped_arrays import allocate, to_readonly

MAX_OFF_LINE_S: Final = 1e-3
"""Stamps this near to a constant rate count as constant (ours: containers that round to milliseconds are off by that;
at 500 degrees/s it is half a degree)."""
MAX_OFF_LINE_PERIODS: Final = 0.25  # ours: so that at high rates no frame is taken for its neighbour
MAX_GROWTH: Final = 4.0
"""Most rows per frame that resampling may make of a video whose stamps leap (ours: days of nothing are no file)."""
_WHOLE_RATE: Final = 0.02  # ours: 29.97 and 30.1 Hz are resampled to 30
_VALUES_AT_ONCE: Final = 100_000  # the interpolator needs many times the memory of its values
_EDGE: Final = 1e-6  # samples; rounding must not push a run's last sample out


@dataclass(frozen=True, slots=True)
class UniformTimes:
    """Times at a constant rate.

    Attributes
    ----------
    first_s
        Time of the first sample, s.
    rate_hz
        Samples per second.
    n
        Number of samples.
    exact
        Whether sample k is frame k of the video, nothing being interpolated.
    """

    first_s: float
    rate_hz: float
    n: int
    exact: bool

    def at_s(self, samples: slice) -> FloatArray:
        """Return the times of consecutive samples, s."""
        times: FloatArray = self.first_s + np.arange(samples.start, samples.stop) / self.rate_hz
        return times


def uniform_times(timestamps_s: FloatArray, rate_hz: float | None = None) -> UniformTimes | None:
    """Return constant-rate times for a video.

    Parameters
    ----------
    timestamps_s
        Time of every frame, s, shape (T,), strictly increasing.
    rate_hz
        Rate to resample to; None keeps the frames where that is possible and else takes the usual rate of the clip.

    Returns
    -------
    UniformTimes or None
        None when there are fewer than two frames, or when the stamps leap so far that the file would be mostly empty.
    """
    n = len(timestamps_s)
    if n < 2:
        return None
    first_s, span_s = float(timestamps_s[0]), float(timestamps_s[-1] - timestamps_s[0])
    mean_hz = (n - 1) / span_s
    for candidate in (*_nominal_rates(mean_hz), mean_hz):
        on_line = _is_on_line(timestamps_s, candidate)
        if on_line and (rate_hz is None or np.isclose(rate_hz, candidate, rtol=1e-4)):
            return UniformTimes(first_s, candidate, n, exact=True)
    usual_hz = 1.0 / float(np.median(np.diff(timestamps_s)))
    wanted_hz = rate_hz if rate_hz is not None else _declared(usual_hz)
    n_samples = int(span_s * wanted_hz + _EDGE) + 1
    if n_samples > MAX_GROWTH * n * max(1.0, wanted_hz / usual_hz):
        return None
    return UniformTimes(first_s, wanted_hz, n_samples, exact=False)


def resample(values: FloatArray, timestamps_s: FloatArray, stretch: IntArray, uniform: UniformTimes) -> FloatArray:
    """Return the samples at constant times.

    Parameters
    ----------
    values
        Shape (T, n, d); NaN is missing, in all d coordinates at once.
    timestamps_s
        Seconds, shape (T,).
    stretch
        Stretch of every frame, shape (T,); nothing is interpolated across two.
    uniform
        The wanted times.

    Returns
    -------
    FloatArray
        Shape (``uniform.n``, n, d); NaN wherever no uninterrupted run of samples covers the time. The array itself
        is returned when the frames are kept.
    """
    if uniform.exact:
        return values
    result = allocate((uniform.n, *values.shape[1:]), fill=np.nan)
    for (start, stop), columns in _runs(np.all(np.isfinite(values), axis=2), stretch).items():
        known_s = timestamps_s[start:stop]
        place = (known_s[[0, -1]] - uniform.first_s) * uniform.rate_hz
        wanted = np.arange(int(np.ceil(place[0] - _EDGE)), int(np.floor(place[1] + _EDGE)) + 1)
        if len(wanted) == 0:
            continue
        wanted_s = np.clip(uniform.first_s + wanted / uniform.rate_hz, known_s[0], known_s[-1])
        width = max(1, _VALUES_AT_ONCE // (stop - start))
        for few in (columns[at : at + width] for at in range(0, len(columns), width)):
            known = values[start:stop, few].reshape(stop - start, -1)
            given = known if len(known) == 1 else interpolate(known, known_s, wanted_s)
            result[wanted[:, None], few] = given.reshape(len(wanted), len(few), -1)
    return to_readonly(result)


def _runs(valid: BoolArray, stretch: IntArray) -> dict[tuple[int, int], list[int]]:
    """Return the columns that share each uninterrupted run of frames ``(start, stop)``."""
    columns_of: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
    for column in range(valid.shape[1]):
        for run in contiguous_runs(valid[:, column], stretch):
            columns_of[run.start, run.stop].append(column)
    return columns_of


def _is_on_line(timestamps_s: FloatArray, rate_hz: float) -> bool:
    ideal_s = timestamps_s[0] + np.arange(len(timestamps_s)) / rate_hz
    allowed_s = min(MAX_OFF_LINE_S + 1e-9, MAX_OFF_LINE_PERIODS / rate_hz)
    return bool(np.abs(timestamps_s - ideal_s).max() <= allowed_s)


def _nominal_rates(rate_hz: float) -> tuple[float, ...]:
    """Return the whole rate and the NTSC rate (n x 1000 / 1001) next to a rate."""
    nominal = (float(round(rate_hz)), round(rate_hz * 1.001) / 1.001)
    return tuple(sorted((rate for rate in nominal if rate > 0), key=lambda rate: abs(rate - rate_hz)))


def _declared(rate_hz: float) -> float:
    whole = float(round(rate_hz))
    return whole if whole > 0 and abs(whole - rate_hz) <= _WHOLE_RATE * rate_hz else float(f"{rate_hz:.4g}")

"""Which filter smooths the landmarks, and what each needs."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final, Literal, get_args

from vidpose.biomech.filters.kalman import KalmanSettings, kalman_smooth
from vidpose.biomech.filters.run import Run
from vidpose.biomech.filters.spline import GcvSettings, gcv_spline
from vidpose.biomech.smoothing import ButterworthSettings, can_filter, fixed_cutoff_hz, lowpass, sampling_rate_hz
from vidpose.types.arrays import FloatArray

Method = Literal["butterworth", "kalman", "gcv_spline", "none"]
"""How landmarks are smoothed.

``butterworth``
    Zero-phase low-pass with its stated cut-off; the default, and what most studies report.
``kalman``
    Smoother with constant acceleration at the same cut-off, samples weighted by visibility; for landmarks that are
    badly seen at times.
``gcv_spline``
    Quintic spline whose smoothness the data choose, per landmark and run.
``none``
    Short gaps are filled, nothing is smoothed.
"""

_MIN_SAMPLES: Final = 3


@dataclass(frozen=True, slots=True)
class Smoothing:
    """The chosen filter and the settings of all.

    Attributes
    ----------
    method
        See :data:`Method`.
    butterworth
        Cut-off and order; the Kalman smoother has the same cut-off.
    kalman, gcv_spline
        See there.
    """

    method: Method = "butterworth"
    butterworth: ButterworthSettings = field(default_factory=ButterworthSettings)
    kalman: KalmanSettings = field(default_factory=KalmanSettings)
    gcv_spline: GcvSettings = field(default_factory=GcvSettings)

    def __post_init__(self) -> None:
        check_method(self.method)

    @property
    def carried(self) -> ButterworthSettings | None:
        """The filter that the frame rate must carry: the lowest one for the spline, None where nothing is smoothed."""
        if self.method == "none":
            return None
        if self.method == "gcv_spline":
            return replace(self.butterworth, cutoff_hz=self.gcv_spline.min_cutoff_hz)
        return self.butterworth


def check_method(method: str) -> None:
    """Refuse what is not a :data:`Method`."""
    if method not in get_args(Method):
        raise ValueError(f"method: expected one of {', '.join(get_args(Method))}, got {method!r}")


def smooth_run(run: Run, smoothing: Smoothing) -> FloatArray | None:
    """Smooth one run of one landmark and fill its gaps.

    Parameters
    ----------
    run
        Samples and times.
    smoothing
        The filter; its cut-off is a number.

    Returns
    -------
    FloatArray or None
        Shape (m, k), no NaN; None when the frame rate is too low for the filter.
    """
    if smoothing.method == "butterworth":
        return lowpass(run.filled(), run.frame_times_s, smoothing.butterworth)
    carried = smoothing.carried
    if carried is None or len(run.sample_times_s) < _MIN_SAMPLES:
        return run.filled()
    if not can_filter(sampling_rate_hz(run.frame_times_s), carried):
        return None
    if smoothing.method == "kalman":
        return kalman_smooth(run, fixed_cutoff_hz(carried), smoothing.kalman)
    return gcv_spline(run, smoothing.gcv_spline)

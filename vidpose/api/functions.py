"""Plain functions on arrays: joint angles, filters, centre of mass, gait and jump events. NaN in, NaN out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from vidpose.api.analyse import analyse
from vidpose.api.landmarks import in_33
from vidpose.biomech.angles import included_angle
from vidpose.biomech.balance.centre_of_mass import velocity, weighted_place
from vidpose.biomech.filters.kalman import KalmanSettings, kalman_smooth
from vidpose.biomech.filters.residual import residual_cutoff
from vidpose.biomech.filters.run import Run
from vidpose.biomech.filters.spline import GcvSettings
from vidpose.biomech.filters.spline import gcv_spline as smoothing_spline
from vidpose.biomech.gaps import GapSettings, contiguous_runs, interpolate, linked_spans
from vidpose.biomech.jumping.flight import GRAVITY_M_S2
from vidpose.biomech.metrics.recording import Sex
from vidpose.biomech.smoothing import ButterworthSettings, lowpass
from vidpose.errors import UsageError
from vidpose.types.arrays import BoolArray, FloatArray

if TYPE_CHECKING:
    import pandas as pd

    from vidpose.api.landmarks import LandmarkSource, LayoutChoice

_MIN_KALMAN_SAMPLES: Final = 4


def joint_angle(
    proximal: npt.ArrayLike, joint: npt.ArrayLike, distal: npt.ArrayLike, *, degrees: bool = True
) -> FloatArray:
    """Return the angle between two body segments that meet in a joint.

    It is the included angle: 180 degrees where the segments are in line, such as a straight knee. Flexion, as in the
    tables, is 180 degrees minus it.

    Parameters
    ----------
    proximal, joint, distal
        Points in any unit, shape (..., 2) or (..., 3), for example hip, knee and ankle; NaN is missing.
    degrees
        Whether the angle is in degrees; radians otherwise.

    Returns
    -------
    numpy.ndarray
        0 to 180 degrees, shape (...); NaN where a point is missing or two points coincide.

    Raises
    ------
    UsageError
        When the points do not have 2 or 3 coordinates each.

    Examples
    --------
    >>> import vidpose
    >>> float(vidpose.joint_angle(proximal=(0, 0), joint=(0, 1), distal=(1, 1)))
    90.0
    >>> hip, knee, ankle = [[0, 0, 0], [0, 0, 0]], [[0, 1, 0], [0, 1, 0]], [[0, 2, 0], [float("nan"), 2, 0]]
    >>> vidpose.joint_angle(hip, knee, ankle).tolist()
    [180.0, nan]
    """
    points = np.broadcast_arrays(*(np.asarray(point, dtype=np.float64) for point in (proximal, joint, distal)))
    shape = points[0].shape
    if not shape or shape[-1] not in (2, 3):
        raise UsageError(f"joint_angle: expected points of shape (..., 2) or (..., 3), got {shape}")
    flat = [np.zeros((int(np.prod(shape[:-1])), 3)) for _ in points]
    for target, point in zip(flat, points, strict=True):
        target[:, : shape[-1]] = point.reshape(-1, shape[-1])
    angle = included_angle(*flat).reshape(shape[:-1])
    return np.rad2deg(angle) if degrees else angle


def butterworth(values: npt.ArrayLike, time_s: npt.ArrayLike, *, cutoff_hz: float = 6.0, order: int = 4) -> FloatArray:
    """Low-pass filter without delay: a Butterworth filter forwards and backwards, on the true times.

    Parameters
    ----------
    values
        Shape (T, ...), any unit; NaN is missing, and nothing is filtered across it.
    time_s
        Seconds, shape (T,), strictly increasing; uneven times are resampled and read back.
    cutoff_hz
        Frequency at which both passes together leave 1/sqrt(2) of the amplitude (Winter 2009, 3.4.4.2).
    order
        Order of both passes together, even.

    Returns
    -------
    numpy.ndarray
        Same shape; NaN where ``values`` is. Runs of fewer than three samples come back as they are.

    Raises
    ------
    UsageError
        When the frame rate is too low for the cut-off.

    See Also
    --------
    vidpose.fill_gaps : Fills short gaps before.
    vidpose.residual_cutoff_hz : Finds a cut-off.

    Examples
    --------
    >>> import numpy as np, vidpose
    >>> time_s = np.arange(300) / 100
    >>> slow, fast = np.sin(2 * np.pi * 1 * time_s), np.sin(2 * np.pi * 25 * time_s)
    >>> smooth = vidpose.butterworth(slow + 0.1 * fast, time_s, cutoff_hz=6)
    >>> bool(np.abs(smooth - slow)[30:-30].max() < 0.01)
    True
    """
    settings = _settings(ButterworthSettings, cutoff_hz=cutoff_hz, order=order)

    def smooth(run: FloatArray, times: FloatArray, _: None) -> FloatArray:
        result = lowpass(run, times, settings)
        if result is None:
            rate_hz = 1.0 / float(np.median(np.diff(times)))
            raise UsageError(
                f"cutoff_hz: {cutoff_hz:g} Hz needs more than {cutoff_hz / 0.45:.1f} frames per second, got "
                f"{rate_hz:.1f}"
            )
        return result

    return _each_run(values, time_s, smooth)


def kalman(
    values: npt.ArrayLike, time_s: npt.ArrayLike, *, cutoff_hz: float = 6.0, confidence: npt.ArrayLike | None = None
) -> FloatArray:
    """Smooth with a Kalman smoother of constant acceleration that trusts samples by their confidence.

    Parameters
    ----------
    values
        Shape (T, ...), any unit; NaN is missing, and nothing is smoothed across it.
    time_s
        Seconds, shape (T,), strictly increasing.
    cutoff_hz
        Frequency at which samples of full confidence keep 1/sqrt(2) of their amplitude.
    confidence
        0 to 1, shape (T,); None counts every sample fully.

    Returns
    -------
    numpy.ndarray
        Same shape; NaN where ``values`` is. Runs of up to three samples come back as they are.

    Notes
    -----
    Rauch, Tung & Striebel (1965), computed as a quintic smoothing spline (Wahba 1978).

    Examples
    --------
    >>> import numpy as np, vidpose
    >>> time_s = np.arange(90) / 30
    >>> heights = np.where(np.arange(90) == 40, np.nan, 1.0)
    >>> np.flatnonzero(np.isnan(vidpose.kalman(heights, time_s))).tolist()
    [40]
    """
    trust = np.ones(len(np.asarray(time_s))) if confidence is None else np.asarray(confidence, dtype=np.float64)

    def smooth(run: FloatArray, times: FloatArray, visibility: FloatArray | None) -> FloatArray:
        if len(times) < _MIN_KALMAN_SAMPLES or visibility is None:
            return run
        return kalman_smooth(Run(run, times, times, visibility), cutoff_hz, KalmanSettings())

    return _each_run(values, time_s, smooth, trust)


def gcv_spline(
    values: npt.ArrayLike, time_s: npt.ArrayLike, *, min_cutoff_hz: float = 3.0, max_cutoff_hz: float = 15.0
) -> FloatArray:
    """Smooth with a quintic spline whose smoothness the data choose by generalised cross-validation.

    Parameters
    ----------
    values
        Shape (T, ...), any unit; NaN is missing, and nothing is smoothed across it.
    time_s
        Seconds, shape (T,), strictly increasing.
    min_cutoff_hz, max_cutoff_hz
        Lowest and highest cut-off that may be chosen.

    Returns
    -------
    numpy.ndarray
        Same shape; NaN where ``values`` is. Runs of up to three samples come back as they are.

    Notes
    -----
    Craven & Wahba (1979); Woltring's GCVSPL.

    Examples
    --------
    >>> import numpy as np, vidpose
    >>> time_s = np.arange(120) / 60
    >>> noisy = np.sin(2 * np.pi * time_s) + np.random.default_rng(1).normal(0, 0.02, 120)
    >>> bool(np.std(vidpose.gcv_spline(noisy, time_s) - np.sin(2 * np.pi * time_s)) < 0.015)
    True
    """
    settings = _settings(GcvSettings, min_cutoff_hz=min_cutoff_hz, max_cutoff_hz=max_cutoff_hz)

    def smooth(run: FloatArray, times: FloatArray, _: None) -> FloatArray:
        return smoothing_spline(Run(run, times, times, np.ones(len(times))), settings)

    return _each_run(values, time_s, smooth)


def residual_cutoff_hz(values: npt.ArrayLike, time_s: npt.ArrayLike) -> float:
    """Return the cut-off that a residual analysis finds in the data (Winter 2009, 3.4.4.3).

    Parameters
    ----------
    values
        Shape (T,) or (T, k), any unit; the longest run without NaN is used, its columns together.
    time_s
        Seconds, shape (T,), strictly increasing.

    Returns
    -------
    float
        3 to 15 Hz; NaN when the run is too short or the frame rate too low.

    Examples
    --------
    >>> import numpy as np, vidpose
    >>> time_s = np.arange(600) / 120
    >>> noisy = np.sin(2 * np.pi * time_s) + np.random.default_rng(1).normal(0, 0.02, 600)
    >>> 3 <= vidpose.residual_cutoff_hz(noisy, time_s) <= 15
    True
    """
    series, times = _series(values, time_s)
    known: BoolArray = np.asarray(np.isfinite(series).all(axis=1))
    runs = list(contiguous_runs(known, np.zeros(len(times), dtype=np.int64)))
    if not runs:
        return float("nan")
    longest = max(runs, key=lambda run: run.stop - run.start)
    return residual_cutoff(series[longest], times[longest])[0]


def fill_gaps(values: npt.ArrayLike, time_s: npt.ArrayLike, *, max_gap_s: float = 0.25) -> FloatArray:
    """Fill short gaps by shape-preserving cubics, which never overshoot (PCHIP; Fritsch & Butland 1984).

    Parameters
    ----------
    values
        Shape (T, ...), any unit; NaN is missing. Each column is filled by itself.
    time_s
        Seconds, shape (T,), strictly increasing.
    max_gap_s
        Longest missing time that is filled, s.

    Returns
    -------
    numpy.ndarray
        Same shape; longer gaps, and what is missing at either end, stay NaN.

    Examples
    --------
    >>> import numpy as np, vidpose
    >>> nan = np.nan
    >>> vidpose.fill_gaps([nan, 1, nan, 3, nan, nan, nan, 7], np.arange(8) / 10, max_gap_s=0.1).tolist()
    [nan, 1.0, 2.0, 3.0, nan, nan, nan, 7.0]
    """
    series, times = _series(values, time_s)
    settings = _settings(GapSettings, max_gap_s=max_gap_s)
    result = series.copy()
    one_stretch = np.zeros(len(times), dtype=np.int64)
    for column in range(series.shape[1]):
        known: BoolArray = np.isfinite(series[:, column])
        for first, last in zip(*linked_spans(known, times, one_stretch, settings), strict=True):
            frames = slice(int(first), int(last) + 1)
            good = known[frames]
            if not good.all():
                filled = interpolate(series[frames][good, column, None], times[frames][good], times[frames])
                result[frames, column] = filled[:, 0]
    return result.reshape(np.shape(values))


def derivative(values: npt.ArrayLike, time_s: npt.ArrayLike) -> FloatArray:
    """Return the rate of change by central differences, second order also on uneven times.

    Parameters
    ----------
    values
        Shape (T, ...), any unit; NaN is missing. Smooth before: differences make noise louder.
    time_s
        Seconds, shape (T,), strictly increasing.

    Returns
    -------
    numpy.ndarray
        Unit per second, same shape; NaN where ``values`` is and in runs of fewer than three samples.

    Examples
    --------
    >>> import numpy as np, vidpose
    >>> time_s = np.arange(5) / 10
    >>> vidpose.derivative(3 * time_s, time_s).round(6).tolist()
    [3.0, 3.0, 3.0, 3.0, 3.0]
    """

    def slope(run: FloatArray, times: FloatArray, _: None) -> FloatArray:
        return velocity(run, times, np.zeros(len(times), dtype=np.int64))

    return _each_run(values, time_s, slope)


def centre_of_mass(
    landmarks: npt.ArrayLike, *, layout: str | Sequence[str | None] = "blazepose33", sex: Sex = "mean"
) -> FloatArray:
    """Return the whole body's centre of mass from the landmarks of its segments.

    Parameters
    ----------
    landmarks
        Pixels or metres, shape (T, K, 2) or (T, K, 3); NaN is missing.
    layout
        The order of the landmarks, see :func:`vidpose.analyse`. It must have heels, toes, index and little fingers,
        which only ``"blazepose33"`` does.
    sex
        Whose masses: ``"female"``, ``"male"`` or ``"mean"``.

    Returns
    -------
    numpy.ndarray
        Same unit, shape (T, 2) or (T, 3); NaN where a landmark that carries mass is missing.

    Notes
    -----
    P. de Leva, J Biomech 29 (1996) 1223. :func:`vidpose.analyse` gives a centre of mass also where hands or the far
    side are hidden, and says how much of it is substituted.

    Examples
    --------
    >>> import numpy as np, vidpose
    >>> vidpose.centre_of_mass(np.full((2, 33, 2), 5.0)).round(6).tolist()
    [[5.0, 5.0], [5.0, 5.0]]
    """
    return weighted_place(in_33(landmarks, layout), sex)


def gait_events(
    landmarks: LandmarkSource,
    time_s: npt.ArrayLike | None = None,
    *,
    layout: LayoutChoice | None = None,
    **settings: Any,
) -> pd.DataFrame:
    """Return foot strikes and toe-offs of walking and running seen from the side.

    Parameters
    ----------
    landmarks, time_s, layout
        See :func:`vidpose.analyse`; heels and toes are needed.
    **settings
        See :func:`vidpose.analyse`.

    Returns
    -------
    pandas.DataFrame
        ``event`` (``foot_strike``, ``toe_off``), ``side``, ``time_s`` (between frames), ``frame``, ``uncertainty_s``
        (half of the 95 % interval); no rows where there is no gait.

    Notes
    -----
    Zeni, Richards & Higginson (2008) for walking; the foot's height and speed for running. See ``docs/metrics.md``.

    Examples
    --------
    >>> import numpy as np, vidpose
    >>> vidpose.gait_events(np.full((60, 33, 2), np.nan), np.arange(60) / 30).empty  # nobody walks
    True
    """
    events = analyse(landmarks, time_s, layout=layout, **settings).events
    return events[events["event"].isin(["foot_strike", "toe_off"])].reset_index(drop=True)


def jumps(
    landmarks: LandmarkSource,
    time_s: npt.ArrayLike | None = None,
    *,
    layout: LayoutChoice | None = None,
    **settings: Any,
) -> pd.DataFrame:
    """Return vertical jumps from both legs with their height by flight time.

    Parameters
    ----------
    landmarks, time_s, layout
        See :func:`vidpose.analyse`; heels and toes are needed.
    **settings
        See :func:`vidpose.analyse`.

    Returns
    -------
    pandas.DataFrame
        One row per jump: ``take_off_s``, ``landing_s``, ``flight_s``, ``height_m`` = g * flight_s^2 / 8 (Bosco,
        Luhtanen & Komi 1983); no rows where nobody jumps.

    Examples
    --------
    >>> import numpy as np, vidpose
    >>> vidpose.jumps(np.full((60, 33, 2), np.nan), np.arange(60) / 30).columns.tolist()
    ['take_off_s', 'landing_s', 'flight_s', 'height_m']
    """
    import pandas as pd

    events = analyse(landmarks, time_s, layout=layout, **settings).events
    factor = float(settings.get("slow_motion", 1.0))
    times = {name: events.loc[events["event"] == name, "time_s"].to_numpy() for name in ("take_off", "landing")}
    flight_s = (times["landing"] - times["take_off"]) / factor
    return pd.DataFrame(
        {
            "take_off_s": times["take_off"],
            "landing_s": times["landing"],
            "flight_s": flight_s,
            "height_m": GRAVITY_M_S2 * flight_s**2 / 8.0,
        }
    )


def _settings(kind: Any, **values: Any) -> Any:
    try:
        return kind(**values)
    except ValueError as error:
        raise UsageError(str(error)) from None


def _series(values: npt.ArrayLike, time_s: npt.ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Return the values as shape (T, n), and the times."""
    array, times = np.asarray(values, dtype=np.float64), np.asarray(time_s, dtype=np.float64)
    if array.ndim == 0 or times.shape != array.shape[:1]:
        raise UsageError(f"time_s: expected one time per sample, got {times.shape} for values of shape {array.shape}")
    if not (np.isfinite(times).all() and bool((np.diff(times) > 0).all())):
        raise UsageError("time_s: expected finite, strictly increasing times, s")
    return array.reshape(len(array), -1), times


def _each_run(
    values: npt.ArrayLike, time_s: npt.ArrayLike, smooth: Callable[..., FloatArray], trust: FloatArray | None = None
) -> FloatArray:
    """Return ``smooth(run, times, trust)`` of every run without NaN of every column; NaN elsewhere."""
    series, times = _series(values, time_s)
    result = np.full(series.shape, np.nan)
    for column in range(series.shape[1]):
        known = np.isfinite(series[:, column])
        for run in contiguous_runs(known, np.zeros(len(times), dtype=np.int64)):
            part = None if trust is None else trust[run]
            result[run, column] = smooth(series[run, column, None], times[run], part)[:, 0]
    return result.reshape(np.shape(values))

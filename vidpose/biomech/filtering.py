"""Rejection of untrusted samples, gap filling and smoothing: from the estimated to the filtered track."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np

from vidpose.biomech.body_size import local_height_px, pose_height_px
from vidpose.biomech.confidence import ConfidenceSettings, HampelSettings, outliers, trusted_samples, where_trusted
from vidpose.biomech.discontinuities import find_discontinuities
from vidpose.biomech.filters.choice import Method, Smoothing, check_method, smooth_run
from vidpose.biomech.filters.kalman import KalmanSettings
from vidpose.biomech.filters.person import PersonCutoff, person_cutoff
from vidpose.biomech.filters.residual import ResidualSettings
from vidpose.biomech.filters.run import Run
from vidpose.biomech.filters.spline import GcvSettings
from vidpose.biomech.gaps import GapSettings, linked_spans, number_stretches
from vidpose.biomech.long_series import per_landmark
from vidpose.biomech.picture_edge import outside_picture
from vidpose.biomech.sampled import estimate_interval_s
from vidpose.biomech.smoothing import ButterworthSettings, longest_period_s
from vidpose.types.arrays import BoolArray, ByteArray, Float32Array, FloatArray, IntArray
from vidpose.types.footage import Footage
from vidpose.types.pose import FilteredTrack, PoseTrack, Status
from vidpose.types.skeleton import LANDMARK_INDEX


@dataclass(frozen=True, slots=True)
class FilterSettings:
    """Settings of rejection, gap filling and smoothing; see the parts.

    ``method`` chooses the filter, see :data:`~vidpose.biomech.filters.choice.Method`; the cut-off of ``butterworth``
    is that of the Kalman smoother too, and ``residual`` limits it when it is ``auto``.
    """

    confidence: ConfidenceSettings = field(default_factory=ConfidenceSettings)
    hampel: HampelSettings = field(default_factory=HampelSettings)
    gaps: GapSettings = field(default_factory=GapSettings)
    butterworth: ButterworthSettings = field(default_factory=ButterworthSettings)
    method: Method = "butterworth"
    kalman: KalmanSettings = field(default_factory=KalmanSettings)
    gcv_spline: GcvSettings = field(default_factory=GcvSettings)
    residual: ResidualSettings = field(default_factory=ResidualSettings)

    def __post_init__(self) -> None:
        check_method(self.method)

    @property
    def smoothing(self) -> Smoothing:
        """The chosen filter."""
        return Smoothing(self.method, self.butterworth, self.kalman, self.gcv_spline)


@dataclass(frozen=True, slots=True)
class FilterResult:
    """The filtered track, and how it was obtained.

    Attributes
    ----------
    track
        Filtered landmarks.
    unfiltered_share
        Share of its samples whose frame rate, or rate of estimates, is too low for the filter, 0 to 1.
    discontinuities
        Frames at which the whole body jumps to another place.
    smoothing
        The filter that was used; its cut-off is a number.
    cutoff
        Source of the cut-off. The spline and ``none`` do not use it.
    """

    track: FilteredTrack
    unfiltered_share: float
    discontinuities: list[int]
    smoothing: Smoothing
    cutoff: PersonCutoff


def filter_movement(track: PoseTrack, settings: FilterSettings, footage: Footage | None = None) -> FilterResult:
    """Reject what is not trusted, fill short gaps, and smooth every uninterrupted run.

    Frames in which no pose was estimated are filled like gaps, see :mod:`vidpose.biomech.sampled`.

    Parameters
    ----------
    track
        Landmarks as estimated, at the times of the real movement (see :mod:`vidpose.biomech.filters.slow_motion`).
    settings
        Thresholds, filter and cut-off.
    footage
        The size of the picture, outside which nothing is measured, and where a new stretch must begin; discontinuities
        of the track are found here.
    """
    footage = footage or Footage()
    good, stretch, discontinuities = _sort_out(track, settings, footage)
    runs = _Runs(track, stretch, settings.gaps)
    cutoff = person_cutoff(
        lambda name: runs.filled(track.image_px, good, LANDMARK_INDEX[name]), settings.butterworth, settings.residual
    )
    butterworth = replace(settings.butterworth, cutoff_hz=cutoff.cutoff_hz)
    smoothing = replace(settings.smoothing, butterworth=butterworth)

    smooth_px, unfiltered = _smooth(track.image_px, good, runs, smoothing)
    smooth_m, _ = _smooth(track.world_m, good & np.isfinite(track.world_m).all(axis=2), runs, smoothing)
    known = np.all(np.isfinite(smooth_px), axis=2)
    filtered = FilteredTrack(
        timestamps_s=track.timestamps_s,
        image_px=smooth_px,
        world_m=smooth_m,
        status=_status(track, good, known, footage),
        stretch=stretch,
    )
    n_samples = int(known.sum())
    return FilterResult(filtered, unfiltered / n_samples if n_samples else 0.0, discontinuities, smoothing, cutoff)


def _sort_out(track: PoseTrack, settings: FilterSettings, footage: Footage) -> tuple[BoolArray, IntArray, list[int]]:
    """Return which samples are good, shape (T, 33), the stretch of every frame, shape (T,), and the discontinuities."""
    times = track.timestamps_s
    trusted = trusted_samples(track, settings.confidence, footage.frame_size)
    image_px = where_trusted(track.image_px, trusted)
    discontinuities = find_discontinuities(image_px, times, settings.hampel.half_window_s)
    stretch = number_stretches(np.any(trusted, axis=1), times, [*footage.breaks, *discontinuities], settings.gaps)
    height_px = local_height_px(pose_height_px(image_px), times, stretch)
    good = trusted & ~outliers(image_px, times, stretch, height_px, settings.hampel)
    return good, stretch, discontinuities


@dataclass(frozen=True, slots=True)
class _Runs:
    """Finds the runs of a landmark that are long enough to be smoothed."""

    track: PoseTrack
    stretch: IntArray
    gaps: GapSettings

    def of(self, values: Float32Array, good: BoolArray, landmark: int) -> Iterator[tuple[slice, Run]]:
        """Yield the frames and the samples of every run over more than two frames; values of shape (T, 33, k)."""
        times = self.track.timestamps_s
        first, last = linked_spans(good[:, landmark], times, self.stretch, self.gaps)
        long = last - first >= 2
        for start, stop in zip(first[long].tolist(), (last[long] + 1).tolist(), strict=True):
            frames = slice(start, stop)
            known = good[frames, landmark]
            samples = values[frames, landmark][known].astype(np.float64)
            visibility = self.track.visibility[frames, landmark][known]
            yield frames, Run(samples, times[frames][known], times[frames], visibility)

    def filled(self, values: Float32Array, good: BoolArray, landmark: int) -> Iterator[tuple[FloatArray, FloatArray]]:
        """Yield the values without gaps and the times of every run."""
        for _, run in self.of(values, good, landmark):
            yield run.filled(), run.frame_times_s


def _smooth(values: Float32Array, good: BoolArray, runs: _Runs, smoothing: Smoothing) -> tuple[FloatArray, int]:
    """Fill and smooth every run of every landmark; NaN outside the runs; count samples left unfiltered."""
    coarse = _coarse(runs.track, smoothing)
    n_refused = 0  # samples of runs that are too slow for the filter, the coarse ones aside

    def smoothed(landmark: int) -> FloatArray:
        nonlocal n_refused
        alone = good[:, landmark]
        result = np.full((len(values), values.shape[2]), np.nan)
        result[alone] = values[alone, landmark]  # runs of one or two frames stay so
        for frames, run in runs.of(values, good, landmark):
            smooth = smooth_run(run, smoothing)
            n_refused += 0 if smooth is not None else int((~coarse[frames]).sum())
            result[frames] = run.filled() if smooth is None else smooth
        return result

    n_frames, n_landmarks, n_axes = values.shape
    result = per_landmark(smoothed, n_frames, n_landmarks, n_axes)
    return result, n_refused + int(np.isfinite(result[coarse, :, 0]).sum())


def _coarse(track: PoseTrack, smoothing: Smoothing) -> BoolArray:
    """Return where frames were left out on request and the estimates are too far apart for the filter, shape (T,)."""
    if smoothing.carried is None:
        return np.zeros(track.n_frames, dtype=np.bool_)
    interval_s = estimate_interval_s(track.timestamps_s, track.estimated)
    coarse: BoolArray = interval_s >= longest_period_s(smoothing.carried)
    return coarse


def _status(track: PoseTrack, good: BoolArray, known: BoolArray, footage: Footage) -> ByteArray:
    estimated = np.isfinite(track.image_px).all(axis=2)
    status = np.where(estimated, Status.REJECTED, Status.MISSING).astype(np.uint8)
    status[outside_picture(track.image_px, footage.frame_size)] = Status.OUTSIDE
    status[known] = Status.IMPUTED
    status[good] = Status.MEASURED
    return status

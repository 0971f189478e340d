"""From the pose model's track to the track that numbers are computed from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from vidpose.biomech.body_size import local_height_px, pose_height_px
from vidpose.biomech.confidence import ConfidenceSettings, HampelSettings, outliers, trusted_samples
from vidpose.biomech.gaps import GapSettings, interpolate, linked_runs, number_stretches
from vidpose.biomech.jumps import find_jumps
from vidpose.biomech.sampled import estimate_interval_s
from vidpose.biomech.smoothing import ButterworthSettings, longest_period_s, lowpass
from vidpose.types.arrays import BoolArray, ByteArray, FloatArray, IntArray
from vidpose.types.pose import FilteredTrack, PoseTrack, Status


@dataclass(frozen=True, slots=True)
class FilterSettings:
    """What is trusted, filled and smoothed; see the parts."""

    confidence: ConfidenceSettings = field(default_factory=ConfidenceSettings)
    hampel: HampelSettings = field(default_factory=HampelSettings)
    gaps: GapSettings = field(default_factory=GapSettings)
    butterworth: ButterworthSettings = field(default_factory=ButterworthSettings)


def filter_track(
    track: PoseTrack, settings: FilterSettings, breaks: Sequence[int] = ()
) -> tuple[FilteredTrack, float, list[int]]:
    """Reject what is not trusted, fill short gaps, and low-pass filter every uninterrupted run.

    Frames in which no pose was estimated are filled like gaps, see :mod:`vidpose.biomech.sampled`.

    Parameters
    ----------
    track
        Landmarks as estimated.
    settings
        Thresholds and cut-off.
    breaks
        Frame numbers at which a new stretch must begin; those where the body jumps are found here.

    Returns
    -------
    tuple
        The filtered track; the share of its samples whose frame rate, or rate of estimates, is too low for the filter,
        0 to 1; the frames at which the whole body is suddenly elsewhere.
    """
    times = track.timestamps_s
    trusted = trusted_samples(track, settings.confidence)
    image_px = np.where(trusted[:, :, None], track.image_px.astype(np.float64), np.nan)
    jumps = find_jumps(image_px, times, settings.hampel.half_window_s)
    stretch = number_stretches(trusted.any(axis=1), times, [*breaks, *jumps], settings.gaps)
    height_px = local_height_px(pose_height_px(image_px), times, stretch)
    good = trusted & ~outliers(image_px, times, stretch, height_px, settings.hampel)

    coarse = estimate_interval_s(times, track.estimated) >= longest_period_s(settings.butterworth)
    smooth_px, unfiltered = _smooth(image_px, good, stretch, _Times(times, coarse), settings)
    world_m = track.world_m.astype(np.float64)
    smooth_m, _ = _smooth(world_m, good & np.isfinite(world_m).all(axis=2), stretch, _Times(times, coarse), settings)
    status = _status(track, good, np.isfinite(smooth_px).all(axis=2))
    filtered = FilteredTrack(timestamps_s=times, image_px=smooth_px, world_m=smooth_m, status=status, stretch=stretch)
    n_samples = int(np.isfinite(smooth_px[:, :, 0]).sum())
    return filtered, unfiltered / n_samples if n_samples else 0.0, jumps


@dataclass(frozen=True, slots=True)
class _Times:
    """When the frames are, s, and where the estimates are too far apart for the filter, each of shape (T,)."""

    timestamps_s: FloatArray
    coarse: BoolArray


def _smooth(
    values: FloatArray, good: BoolArray, stretch: IntArray, when: _Times, settings: FilterSettings
) -> tuple[FloatArray, int]:
    """Fill and filter every run of every landmark; NaN outside the runs; count samples left unfiltered."""
    result = np.full(values.shape, np.nan)
    n_unfiltered = 0
    for landmark in range(values.shape[1]):
        for run in linked_runs(good[:, landmark], when.timestamps_s, stretch, settings.gaps):
            frames = slice(int(run[0]), int(run[-1]) + 1)
            times = when.timestamps_s[frames]
            samples = values[run, landmark]
            if len(run) < len(times):
                samples = interpolate(samples, when.timestamps_s[run], times)
            smooth = lowpass(samples, times, settings.butterworth)
            n_unfiltered += len(times) if smooth is None else int(when.coarse[frames].sum())
            result[frames, landmark] = samples if smooth is None else smooth
    return result, n_unfiltered


def _status(track: PoseTrack, good: BoolArray, known: BoolArray) -> ByteArray:
    estimated = np.isfinite(track.image_px).all(axis=2)
    status = np.where(estimated, Status.REJECTED, Status.MISSING).astype(np.uint8)
    status[known] = Status.IMPUTED
    status[good] = Status.MEASURED
    return status

"""Which samples of the pose model are trusted: confidence, damaged frames, outliers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vidpose.biomech.long_series import per_frame
from vidpose.biomech.picture_edge import outside_picture
from vidpose.biomech.rolling import time_windows, window_quantile
from vidpose.types.arrays import BoolArray, Float32Array, FloatArray, IntArray
from vidpose.types.pose import PoseTrack

_MAD_TO_SIGMA = 1.4826  # standard deviation of a normal distribution per median absolute deviation


@dataclass(frozen=True, slots=True)
class ConfidenceSettings:
    """Trust in single samples.

    Attributes
    ----------
    min_visibility
        A landmark below this visibility is rejected. 0.3 is the keypoint threshold of Sports2D.
    """

    min_visibility: float = 0.3

    def __post_init__(self) -> None:
        if not 0 <= self.min_visibility <= 1:
            raise ValueError(f"min_visibility: expected 0 to 1, got {self.min_visibility}")


@dataclass(frozen=True, slots=True)
class HampelSettings:
    """Outlier test: far from the median of its neighbours in time (Hampel identifier).

    Attributes
    ----------
    half_window_s
        Neighbours reach this far on either side, s; 0.11 gives 7 samples at 30 Hz, as in Sports2D.
    n_sigma
        Distance in robust standard deviations. Ours: the spread of 7 samples is itself so uncertain that the usual
        2 rejects more than a tenth of good normal data, and 3 is only safe together with the floor below.
    min_distance_bh
        A sample closer than this to the median is never rejected, body heights. Ours: 0.03 is 5 cm on an adult,
        several times the jitter of the model; what is smaller is left to the low-pass filter. The floor also
        protects the turning points of fast movements, where neighbours agree closely and the extreme stands out.
    min_samples
        Fewer samples in the window say nothing, so the test is skipped (below about 19 Hz).
    """

    half_window_s: float = 0.11
    n_sigma: float = 3.0
    min_distance_bh: float = 0.03
    min_samples: int = 5

    def __post_init__(self) -> None:
        if min(self.half_window_s, self.n_sigma, self.min_distance_bh) < 0:
            raise ValueError("hampel: expected half_window_s, n_sigma and min_distance_bh of at least 0")


def trusted_samples(
    track: PoseTrack, settings: ConfidenceSettings, frame_size: tuple[int, int] | None = None
) -> BoolArray:
    """Return True where a landmark was estimated in the picture, is visible enough and its frame is sound.

    A coordinate of exactly 0 is a valid value. An unknown visibility (NaN) is not trusted.

    Parameters
    ----------
    track
        Landmarks as estimated.
    settings
        See there.
    frame_size
        See :func:`~vidpose.biomech.picture_edge.outside_picture`.

    Returns
    -------
    BoolArray
        Shape (T, 33).
    """
    estimated = np.isfinite(track.image_px).all(axis=2)
    visible = track.visibility >= settings.min_visibility
    trusted: BoolArray = estimated & visible & ~track.corrupt[:, None] & ~outside_picture(track.image_px, frame_size)
    return trusted


def where_trusted(positions: FloatArray | Float32Array, trusted: BoolArray, dtype: type = np.float64) -> FloatArray:
    """Return the positions of trusted samples as numbers of a type, NaN elsewhere, shape of ``positions``.

    Parameters
    ----------
    positions
        Shape (T, n, d).
    trusted
        Result of :func:`trusted_samples`, shape (T, n).
    dtype
        Type of the result.
    """
    return per_frame(lambda block, ok: np.where(ok[:, :, None], block.astype(dtype), np.nan), positions, trusted)


def outliers(
    positions_px: FloatArray,
    timestamps_s: FloatArray,
    stretch: IntArray,
    height_px: FloatArray,
    settings: HampelSettings,
) -> BoolArray:
    """Return True where x or y lies far from the median of its neighbours in time.

    Parameters
    ----------
    positions_px
        Pixels, shape (T, n, 2); NaN where the sample is not trusted.
    timestamps_s
        Seconds, shape (T,).
    stretch
        Number of the stretch of every frame, shape (T,).
    height_px
        Standing height of the person around every frame, shape (T,); without it (NaN) nothing is rejected.
    settings
        See :class:`HampelSettings`.

    Returns
    -------
    BoolArray
        Shape (T, n).
    """
    n_frames, n_points, _ = positions_px.shape
    flat = positions_px.reshape(n_frames, n_points * 2)
    flags = np.zeros(flat.shape, dtype=np.bool_)
    for rows, windows in time_windows(flat, timestamps_s, stretch, settings.half_window_s):
        median, counts = window_quantile(windows, 0.5)
        spread, _ = window_quantile(np.abs(windows - median[:, None]), 0.5)
        distance = np.abs(flat[rows] - median)
        flags[rows] = (
            (counts >= settings.min_samples)
            & (distance > settings.n_sigma * _MAD_TO_SIGMA * spread)
            & (distance > settings.min_distance_bh * height_px[rows, None])
        )
    result: BoolArray = np.any(flags.reshape(n_frames, n_points, 2), axis=2)
    return result

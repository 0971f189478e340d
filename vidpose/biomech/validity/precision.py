"""Precision of every angle: its standard deviation due to landmark noise. It says nothing about bias.

The noise of a landmark is estimated from the data: the residual that the low-pass filter removed within a window, times
the ratio of the white noise that the filter passes to the noise that it removes. It is propagated to the angle by the
exact derivatives of the angle's formula (first order; landmarks independent).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np

from vidpose.biomech.angles import lines
from vidpose.biomech.conventions import ANGLES, AngleRow
from vidpose.biomech.long_series import per_frame, per_landmark
from vidpose.biomech.points import DERIVED_POINTS, named_points
from vidpose.biomech.smoothing import ButterworthSettings, can_filter, design_cutoff_hz
from vidpose.biomech.validity.windows import rolling_rms, window_frames
from vidpose.types.arrays import Float32Array, FloatArray
from vidpose.types.pose import FilteredTrack, PoseTrack, Status
from vidpose.types.skeleton import LANDMARK_INDEX

MODEL_STATURE_M: Final = 1.70
"""Stature of the body of the world landmarks: their trunk and thighs over the usual shares of stature (ours)."""

_N_FREQUENCIES: Final = 2048
_MIN_SINE: Final = 1e-9


@dataclass(frozen=True, slots=True)
class PrecisionSettings:
    """Estimation of landmark noise.

    Attributes
    ----------
    half_window_s
        Noise is the root mean square over this time on either side, s.
    floor_bh
        Least standard deviation of a coordinate of a fully visible landmark, body heights; divided by its visibility.
        Ours: half a pixel of BlazePose's 256-pixel input, in which a person is about 200 pixels tall.
    min_visibility
        Visibility below which the floor grows no further.
    """

    half_window_s: float = 1.0
    floor_bh: float = 0.0025
    min_visibility: float = 0.3

    def __post_init__(self) -> None:
        if not self.half_window_s > 0:
            raise ValueError(f"half_window_s: expected more than 0, got {self.half_window_s}")
        if not self.floor_bh >= 0:
            raise ValueError(f"floor_bh: expected at least 0, got {self.floor_bh}")
        if not 0 < self.min_visibility <= 1:
            raise ValueError(f"min_visibility: expected above 0 to 1, got {self.min_visibility}")


@dataclass(frozen=True, slots=True)
class LandmarkNoise:
    """Standard deviation of every filtered coordinate; NaN where it cannot be estimated.

    Attributes
    ----------
    image_px
        Pixels, shape (T, 33, 2).
    world_m
        Metres, shape (T, 33, 3).
    """

    image_px: FloatArray
    world_m: FloatArray


def butterworth_noise_gain(rate_hz: float, settings: ButterworthSettings) -> float:
    """Return the ratio of the noise in the filtered series to the noise removed, both as standard deviations.

    White noise has equal power at all frequencies; the zero-phase filter passes the share G^2 of it and removes
    (1 - G)^2, where G is the gain of both passes.

    Parameters
    ----------
    rate_hz
        Sampling rate, Hz.
    settings
        The filter.

    Returns
    -------
    float
        NaN when the rate is too low for the filter, so that nothing was removed.
    """
    kept, removed = _noise_power(rate_hz, settings)
    return float(np.sqrt(kept / removed))


def unfiltered_noise_gain(rate_hz: float, settings: ButterworthSettings) -> float:
    """Return the ratio of the noise before filtering to the noise that a Butterworth filter removes."""
    return float(np.sqrt(1.0 / _noise_power(rate_hz, settings)[1]))


def _noise_power(rate_hz: float, settings: ButterworthSettings) -> tuple[float, float]:
    """Return the shares of white noise's power that the filter passes and removes; NaN when it cannot be used."""
    from scipy.signal import butter, sosfreqz

    if not rate_hz > 0 or not can_filter(rate_hz, settings):
        return float("nan"), float("nan")
    sections = butter(settings.order // 2, design_cutoff_hz(rate_hz, settings), fs=rate_hz, output="sos")
    _, one_pass = sosfreqz(sections, worN=_N_FREQUENCIES)
    gain = np.abs(one_pass) ** 2
    return float(np.mean(gain**2)), float(np.mean((1.0 - gain) ** 2))


def landmark_noise(
    track: PoseTrack,
    filtered: FilteredTrack,
    noise_gain: float,
    height_px: FloatArray,
    settings: PrecisionSettings | None = None,
) -> LandmarkNoise:
    """Return the noise left in the filtered landmarks.

    Parameters
    ----------
    track, filtered
        Landmarks before and after filtering.
    noise_gain
        Ratio of noise passed to noise removed, see :func:`butterworth_noise_gain`.
    height_px
        Standing height around every frame, pixels, shape (T,).
    settings
        Window and floor.

    Returns
    -------
    LandmarkNoise
        NaN where the landmark is not measured (interpolated samples have no noise of their own), and everywhere when
        ``noise_gain`` is NaN.
    """
    settings = settings or PrecisionSettings()
    measured = filtered.status == Status.MEASURED
    window = window_frames(filtered.timestamps_s, filtered.stretch, settings.half_window_s)

    def noise_of(raw: Float32Array, smooth: FloatArray, unit: FloatArray | float, landmark: int) -> FloatArray:
        removed = per_frame(lambda before, after: before[:, landmark] - after[:, landmark], raw, smooth)
        removed[~measured[:, landmark]] = np.nan
        visibility = np.nan_to_num(track.visibility[:, landmark, None].astype(np.float64))
        floor = settings.floor_bh / np.clip(visibility, settings.min_visibility, 1.0) * unit
        noise = np.maximum(noise_gain * rolling_rms(removed, window), floor)
        return np.where(np.isfinite(removed), noise, np.nan)

    image_px = partial(noise_of, track.image_px, filtered.image_px, height_px[:, None])
    world_m = partial(noise_of, track.world_m, filtered.world_m, MODEL_STATURE_M)
    return LandmarkNoise(
        image_px=per_landmark(image_px, *filtered.image_px.shape),
        world_m=per_landmark(world_m, *filtered.world_m.shape),
    )


def left_by_spline(
    raw: LandmarkNoise, removed: LandmarkNoise, shares: tuple[FloatArray, FloatArray], least: LandmarkNoise
) -> LandmarkNoise:
    """Return the noise left by a spline whose smoothness was chosen for each landmark.

    The share of the noise that it removed gives its smoothness, and thereby the share that it left.

    Parameters
    ----------
    raw
        Noise before filtering.
    removed
        Noise that the spline removed.
    shares
        See :func:`vidpose.biomech.filters.spline.noise_shares`.
    least
        Floor.
    """
    left = []
    for all_of_it, gone, floor in (
        (raw.image_px, removed.image_px, least.image_px),
        (raw.world_m, removed.world_m, least.world_m),
    ):
        with np.errstate(divide="ignore", invalid="ignore"):  # no noise, nothing removed: the floor holds
            share = np.minimum(gone / all_of_it, 1.0) ** 2
        left.append(np.fmax(all_of_it * np.sqrt(np.interp(share, *shares)), floor))
    return LandmarkNoise(*left)


def angle_precision(filtered: FilteredTrack, noise: LandmarkNoise) -> FloatArray:
    """Return the standard deviation of every angle from landmark noise.

    Parameters
    ----------
    filtered
        Landmarks that the angles were computed from.
    noise
        See :func:`landmark_noise`.

    Returns
    -------
    FloatArray
        Radians, columns as :data:`vidpose.biomech.conventions.ANGLES`, shape (T, n); NaN where it cannot be
        estimated. Also given for angles that are withheld.
    """
    return per_frame(_precision, filtered.image_px, filtered.world_m, noise.image_px, noise.world_m)


def _precision(image_px: FloatArray, world_m: FloatArray, noise_px: FloatArray, noise_m: FloatArray) -> FloatArray:
    result = np.empty((len(image_px), len(ANGLES)))
    for column, row in enumerate(ANGLES):
        if row.kind == "included_3d":
            gradient, sigma = _included_gradient(named_points(world_m, row.points)), noise_m
        else:
            gradient, sigma = _image_gradient(named_points(image_px, row.points)), noise_px
        result[:, column] = np.sqrt(_variance(row, gradient, sigma))
    return result


def _image_gradient(points: FloatArray) -> FloatArray:
    """Return the derivative of the angle between (or of) lines in the image by its points, shape (T, n, 2).

    A line (x, y) has the direction atan2(y, x), whose derivative is (-y, x) / (x^2 + y^2). Mirroring and offsets
    change nothing but the sign.
    """
    directions = []
    for line in lines(points):
        square = (line**2).sum(axis=1, keepdims=True)
        with np.errstate(divide="ignore", invalid="ignore"):
            directions.append(np.where(square > 0, np.stack([-line[:, 1], line[:, 0]], axis=1) / square, np.nan))
    gradient = np.zeros(points.shape)
    n_points = points.shape[1]
    gradient[:, 0] += directions[0]
    gradient[:, 1] -= directions[0]
    if len(directions) > 1:
        gradient[:, 2] -= directions[1]
        gradient[:, 1 if n_points == 3 else 3] += directions[1]
    return gradient


def _included_gradient(points: FloatArray) -> FloatArray:
    """Return the derivative of the angle at the middle point by its three points, shape (T, 3, 3).

    It is (u cos - v) / (|a| sin) for the end of the line a with direction u, and likewise for the other. In a
    straight or folded joint the direction of the steepest change is any across the line; its size is 1 / |a|.
    """
    ends = [points[:, 0] - points[:, 1], points[:, 2] - points[:, 1]]
    lengths = [np.linalg.norm(end, axis=1, keepdims=True) for end in ends]
    with np.errstate(divide="ignore", invalid="ignore"):
        first, last = (np.where(size > 0, end / size, np.nan) for end, size in zip(ends, lengths, strict=True))
    cosine = (first * last).sum(axis=1, keepdims=True)
    sine = np.linalg.norm(np.cross(first, last), axis=1, keepdims=True)
    gradient = np.zeros(points.shape)
    across = _across(first)
    places = ((0, first, last, lengths[0], across), (2, last, first, lengths[1], -np.sign(cosine) * across))
    for place, along, other, size, any_way in places:
        bent = (along * cosine - other) / np.maximum(sine, _MIN_SINE)
        gradient[:, place] = np.where(sine > _MIN_SINE, bent, any_way) / np.where(size > 0, size, np.nan)
    gradient[:, 1] = -gradient[:, 0] - gradient[:, 2]
    return gradient


def _across(unit: FloatArray) -> FloatArray:
    """Return a unit vector across each of ``unit``, shape (T, 3)."""
    steep = np.abs(unit[:, :1]) > 0.5
    other = np.cross(unit, np.where(steep, [[0.0, 1.0, 0.0]], [[1.0, 0.0, 0.0]]))
    result: FloatArray = other / np.linalg.norm(other, axis=1, keepdims=True)
    return result


def _variance(row: AngleRow, gradient: FloatArray, sigma: FloatArray) -> FloatArray:
    """Return the sum over landmarks of (derivative x noise)^2; a landmark behind two points is counted once."""
    by_landmark: dict[int, FloatArray] = {}
    for place, name in enumerate(row.points):
        members: Sequence[str] = DERIVED_POINTS.get(name, (name,))
        for member in members:
            index = LANDMARK_INDEX[member]
            share = gradient[:, place] / len(members)
            by_landmark[index] = by_landmark[index] + share if index in by_landmark else share
    total = np.zeros(len(gradient))
    for index, derivative in by_landmark.items():
        total += ((derivative * sigma[:, index]) ** 2).sum(axis=1)
    return total

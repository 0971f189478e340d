"""When lengths in the image cannot be compared, let alone converted to metres."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from vidpose.biomech.metrics.recording import Recording
from vidpose.biomech.points import named_points
from vidpose.biomech.rolling import rolling_quantile
from vidpose.biomech.scale.feet import FOOT_POINTS
from vidpose.biomech.scale.floor import FloorLine, FloorSettings, find_floor
from vidpose.types.arrays import BoolArray, FloatArray
from vidpose.types.findings import Finding

_LINES: Final = (
    ("left_knee", "left_ankle"),
    ("right_knee", "right_ankle"),
    ("left_hip", "left_knee"),
    ("right_hip", "right_knee"),
    ("mid_hip", "neck"),
    ("neck", "head"),
)
PITCH_POINTS: Final = ("neck", "left_ankle", "right_ankle", "mid_hip")
"""Points of the line that is vertical in a standing person, and where legs and trunk meet."""
_MAX_BEND_RAD: Final = float(np.deg2rad(20.0))  # between legs and trunk of somebody who stands upright (ours)
_MAX_DEPTH_ERROR_RAD: Final = float(np.deg2rad(20.0))  # of the model's body before a level camera (ours)
_MIN_FOOT_DEPTH_M: Final = 0.06  # root mean square: a foot that points at the camera has 0.1 (ours)
_SAMPLES_HZ: Final = 10.0  # fast enough for a person who approaches the camera
_HALF_WINDOW_S: Final = 1.0
_MIN_MODEL_M: Final = 0.5  # of the lines above: less, and noise decides (ours)


@dataclass(frozen=True, slots=True)
class TrustSettings:
    """Limits of what a fixed scale can bear.

    Attributes
    ----------
    max_size_change
        Largest change of the person's size in pixels, share of its median. Ours: real exercises in front of a fixed
        camera give up to a tenth through foreshortening and the model's own doing, a walk of 3 m towards it half.
    max_pitch_rad
        Largest angle at which the camera looks down or up at the person. Ours: at 30 degrees upright lengths are 13 %
        short; the model's depth shows up to 15 degrees for a level camera.
    max_roll_rad
        Largest slope of the floor without a finding. Ours: the tolerance of posture angles.
    floor
        When the floor's direction is known.
    """

    max_size_change: float = 0.15
    max_pitch_rad: float = float(np.deg2rad(30.0))
    max_roll_rad: float = float(np.deg2rad(2.0))
    floor: FloorSettings = field(default_factory=FloorSettings)

    def __post_init__(self) -> None:
        for name in ("max_size_change", "max_pitch_rad", "max_roll_rad"):
            if not getattr(self, name) > 0:
                raise ValueError(f"{name}: expected more than 0, got {getattr(self, name)}")


def size_change(recording: Recording) -> float:
    """Return by how much the person's size in pixels changes, from the 5th to the 95th percentile over the median.

    Perspective enlarges a person who approaches the camera. Two estimates must agree, so the smaller change counts:
    the height from body-segment lengths, which also shrinks when thighs point at the camera, and the pixels per metre
    of the model's body, which also follow the model's errors of depth. Without world landmarks the first decides. NaN
    when the height is never known.
    """
    by_height = _spread(recording.local_height_px)
    by_model = _spread(_pixels_per_model_metre(recording))
    return min(by_height, by_model) if np.isfinite(by_model) else by_height


def _spread(sizes: FloatArray) -> float:
    known = sizes[np.isfinite(sizes)]
    if len(known) == 0:
        return float("nan")
    low, middle, high = np.quantile(known, (0.05, 0.5, 0.95))
    return float((high - low) / middle)


def _pixels_per_model_metre(recording: Recording) -> FloatArray:
    """Return pixels per metre of the model's body, a median over two seconds, in about ten frames per second."""
    track = recording.filtered
    rows = slice(None, None, max(1, round(recording.rate_hz / _SAMPLES_HZ)))
    image_px, world_m = track.image_px[rows], track.world_m[rows, :, :2]  # as the camera sees the model's body
    pixels, metres = np.zeros(len(image_px)), np.zeros(len(image_px))
    for line in _LINES:
        length_px, length_m = (
            np.linalg.norm(np.diff(named_points(p, line), axis=1)[:, 0], axis=1) for p in (image_px, world_m)
        )
        known = np.isfinite(length_px) & np.isfinite(length_m)
        pixels += np.where(known, length_px, 0.0)
        metres += np.where(known, length_m, 0.0)
    enough = metres > _MIN_MODEL_M
    ratio = np.where(enough, pixels / np.where(enough, metres, 1.0), np.nan)
    return rolling_quantile(ratio[:, None], track.timestamps_s[rows], track.stretch[rows], _HALF_WINDOW_S, 0.5)[:, 0]


def camera_pitch(recording: Recording) -> tuple[float, float]:
    """Return the angle at which the camera looks down at the person, rad, and half its 95 % interval; NaN when unknown.

    The line from the ankles to the shoulders, in the model's space, is vertical in a standing person; it leans
    towards a camera that looks down. Only frames count in which it is about as long as when standing, and in which
    legs and trunk lean alike: who bends leans with the trunk alone. The model's depth is weak: level cameras give up
    to 15 degrees; more is believed only if the feet do not contradict, see :func:`floor_pitch`. Its errors last for
    many frames, so the interval is the middle 95 % of single frames' leans and not that of a mean.
    """
    upright = stands_upright(recording)
    if not upright.any():
        return float("nan"), float("nan")
    low, middle, high = np.quantile(_lean(_ankles_to_neck(recording)[upright]), (0.025, 0.5, 0.975))
    floor = floor_pitch(recording)
    if abs(middle) > _MAX_DEPTH_ERROR_RAD and floor * np.sign(middle) < abs(middle) / 2.0:  # False for NaN
        return float("nan"), float("nan")
    return float(middle), float(high - low) / 2.0


def stands_upright(recording: Recording) -> BoolArray:
    """Return in which frames the body stands upright and straight in the model's space, shape (T,)."""
    neck, left, right, hips = np.moveaxis(named_points(recording.filtered.world_m, PITCH_POINTS), 1, 0)
    ankles, line = (left + right) / 2.0, _ankles_to_neck(recording)
    length = np.linalg.norm(line, axis=1)
    if not np.isfinite(length).any():
        return np.zeros(len(length), dtype=np.bool_)
    with np.errstate(invalid="ignore"):
        upright = (length >= 0.9 * np.nanquantile(length, 0.95)) & (-line[:, 1] > 0.5 * length)
        straight: BoolArray = upright & (np.abs(_lean(hips - ankles) - _lean(neck - hips)) <= _MAX_BEND_RAD)
    return straight


def _ankles_to_neck(recording: Recording) -> FloatArray:
    neck, left, right, _ = np.moveaxis(named_points(recording.filtered.world_m, PITCH_POINTS), 1, 0)
    line: FloatArray = neck - (left + right) / 2.0
    return line


def _lean(line: FloatArray) -> FloatArray:
    """Return the angle of an upward line towards the camera, rad, shape (T,)."""
    lean: FloatArray = np.arctan2(-line[:, 2], -line[:, 1])
    return lean


def floor_pitch(recording: Recording) -> float:
    """Return the angle at which the camera looks down at the floor under the feet, rad; NaN when unknown.

    Heels and toes of a standing person lie in one plane. Where they are at different depths, a camera that looks down
    sees the farther ones higher: the slope of height over depth, by least squares over all frames.
    """
    feet = named_points(recording.filtered.world_m, FOOT_POINTS)
    feet = feet[np.isfinite(feet).all(axis=(1, 2))]
    if len(feet) == 0:
        return float("nan")
    off = feet - feet.mean(axis=1, keepdims=True)
    up, away = -off[:, :, 1].ravel(), off[:, :, 2].ravel()
    if np.sqrt(np.mean(away**2)) < _MIN_FOOT_DEPTH_M:
        return float("nan")
    return float(np.arctan2(up @ away, away @ away))


@dataclass(frozen=True, slots=True)
class Scale:
    """What is known about the camera from the picture.

    ``size_change`` as :func:`size_change` has it, ``pitch_rad`` and ``pitch_half_width_rad`` as :func:`camera_pitch`;
    NaN when unknown. ``doubts`` are finding codes: why lengths in the picture cannot be compared; empty when they can.
    """

    floor: FloorLine
    size_change: float
    pitch_rad: float
    pitch_half_width_rad: float
    doubts: tuple[str, ...]


def assess_scale(recording: Recording, settings: TrustSettings, contacts: BoolArray) -> Scale:
    """Return everything that lengths and the metrics of the scale hang on.

    Parameters
    ----------
    recording
        The movement.
    settings
        Limits.
    contacts
        Result of :func:`~vidpose.biomech.scale.feet.foot_contacts` for the floor.
    """
    change, pitch = size_change(recording), camera_pitch(recording)
    doubts = []
    if change > settings.max_size_change:
        doubts.append("scale_changes")
    if abs(pitch[0]) > settings.max_pitch_rad:
        doubts.append("view_from_above")
    return Scale(find_floor(recording, settings.floor, contacts), change, *pitch, tuple(doubts))


def find_scale_limits(scale: Scale, settings: TrustSettings) -> Iterator[Finding]:
    """Yield what limits lengths, heights and metres.

    Parameters
    ----------
    scale
        What is known.
    settings
        Limits.
    """
    floor = scale.floor
    if "scale_changes" in scale.doubts:
        yield Finding(
            "scale_changes",
            f"the person's height in the image changes by {scale.size_change:.0%}, and with it the pixels per metre",
            details={"size_change": scale.size_change, "limit": settings.max_size_change},
        )
    if "view_from_above" in scale.doubts:
        pitch_deg = float(np.rad2deg(scale.pitch_rad))
        yield Finding(
            "view_from_above",
            f"the camera looks {'down' if pitch_deg > 0 else 'up'} at the person by about {abs(pitch_deg):.0f} degrees",
            details={"pitch_deg": pitch_deg, "limit_deg": float(np.rad2deg(settings.max_pitch_rad))},
        )
    if abs(floor.angle_rad) - floor.half_width_rad > settings.max_roll_rad:
        roll_deg = float(np.rad2deg(floor.angle_rad))
        yield Finding(
            "camera_rolled",
            f"the floor is inclined by {roll_deg:.1f} degrees in the image; angles to the vertical are off by as much",
            details={"roll_deg": roll_deg, "half_width_deg": float(np.rad2deg(floor.half_width_rad))},
        )

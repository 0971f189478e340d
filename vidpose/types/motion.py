"""Results of the analysis of one person: angles, velocities, speeds, metrics and summaries."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum

import numpy as np

from vidpose.types.arrays import BoolArray, ByteArray, FloatArray, frozen, not_given
from vidpose.types.findings import Finding
from vidpose.types.metrics import Event, MetricValue
from vidpose.types.pose import FilteredTrack
from vidpose.types.skeleton import N_LANDMARKS


class Facing(IntEnum):
    """Direction that the person faces in the image."""

    UNKNOWN = 0
    RIGHT = 1
    LEFT = 2
    FRONT = 3  # towards the camera
    BACK = 4  # away from the camera


class AngleStatus(IntEnum):
    """Origin of an angle, or why it is withheld (then its value is NaN)."""

    MISSING = 0  # a needed landmark is missing
    MEASURED = 1  # all needed landmarks are measured
    IMPUTED = 2  # at least one needed landmark is interpolated over a short gap
    REJECTED = 3  # a needed landmark was estimated but rejected
    WITHHELD_VIEW = 4  # the angle is not defined in this view
    WITHHELD_SHORT = 5  # body segment too short in the image (it points at the camera)
    WITHHELD_IMPOSSIBLE = 6  # outside the joint's possible range: other plane of movement, or a wrong landmark
    WITHHELD_UNCERTAIN = 7  # the expected error is too large
    WITHHELD_OUTSIDE = 8  # a needed landmark lies outside the picture


@dataclass(frozen=True, slots=True)
class AngleSeries:
    """All angles of one person over time.

    Attributes
    ----------
    ids
        Angle identifiers of :mod:`vidpose.biomech.conventions`, length n.
    values_rad
        Radians, shape (T, n); NaN where ``status`` is neither MEASURED nor IMPUTED.
    velocity_rad_s
        First derivative, shape (T, n); NaN at the same places and in stretches that are too short.
    status
        :class:`AngleStatus`, shape (T, n).
    acceleration_rad_s2
        Second derivative, shape (T, n); NaN as the first. NaN everywhere when left out, here and below.
    precision_rad
        Standard deviation due to landmark noise, shape (T, n). It says nothing about bias.
    expected_error_rad
        Expected root-mean-square error in this view, bias included, shape (T, n).
    valid
        True where the expected error is small enough for the value to be relied on, shape (T, n). When left out, every
        value is valid.
    """

    ids: tuple[str, ...]
    values_rad: FloatArray
    velocity_rad_s: FloatArray
    status: ByteArray
    acceleration_rad_s2: FloatArray = field(default_factory=not_given)
    precision_rad: FloatArray = field(default_factory=not_given)
    expected_error_rad: FloatArray = field(default_factory=not_given)
    valid: BoolArray = field(default_factory=not_given)

    def __post_init__(self) -> None:
        n = len(self.ids)
        if np.size(self.valid) == 0:
            object.__setattr__(self, "valid", np.isfinite(self.values_rad))
        nowhere = np.broadcast_to(np.nan, (len(self.values_rad), n))  # takes no memory
        for name in ("values_rad", "velocity_rad_s", "acceleration_rad_s2", "precision_rad", "expected_error_rad"):
            given = getattr(self, name)
            values = frozen(given, np.float64, (None, n), name) if np.size(given) else nowhere
            object.__setattr__(self, name, values)
        object.__setattr__(self, "status", frozen(self.status, np.uint8, (None, n), "status"))
        object.__setattr__(self, "valid", frozen(self.valid, np.bool_, (None, n), "valid"))


class BestSource(IntEnum):
    """Source of a best flexion, or why there is none."""

    MISSING = 0  # a needed landmark is missing
    IMAGE = 1  # angle between the lines in the image
    WORLD = 2  # angle between the lines of the model's world landmarks
    REFINED = 3  # the same of the refined world landmarks
    WITHHELD = 4  # the expected error of every source is too large
    OUTSIDE = 5  # a needed landmark lies outside the picture


@dataclass(frozen=True, slots=True)
class BestAngles:
    """The best-supported flexion of every joint; see :mod:`vidpose.biomech.validity.best` for definitions.

    Attributes
    ----------
    ids
        Joint and side, such as ``knee_r``, length m.
    values_rad
        Radians, shape (T, m); NaN where ``source`` is MISSING, WITHHELD or OUTSIDE.
    source
        :class:`BestSource`, shape (T, m); one source per joint and stretch.
    expected_error_rad
        Expected root-mean-square error, bias included, shape (T, m); also where the value is withheld.
    valid
        True where the value is valid, shape (T, m).
    """

    ids: tuple[str, ...]
    values_rad: FloatArray
    source: ByteArray
    expected_error_rad: FloatArray
    valid: BoolArray

    def __post_init__(self) -> None:
        m = len(self.ids)
        for name in ("values_rad", "expected_error_rad"):
            object.__setattr__(self, name, frozen(getattr(self, name), np.float64, (None, m), name))
        object.__setattr__(self, "source", frozen(self.source, np.uint8, (None, m), "source"))
        object.__setattr__(self, "valid", frozen(self.valid, np.bool_, (None, m), "valid"))


@dataclass(frozen=True, slots=True)
class AngleSummary:
    """Summary of one angle over the whole video.

    ``*_rad`` refer to valid values, NaN when there are none; ``range_rad`` is the range of motion, max - min.
    ``valid_share`` is the share of frames with a valid value, ``value_share`` that with any value, ``measured_share``
    that with one that is not interpolated.
    ``withheld`` counts frames by the name of an :class:`AngleStatus` that withheld the value.
    """

    angle_id: str
    min_rad: float
    max_rad: float
    mean_rad: float
    range_rad: float
    valid_share: float
    value_share: float
    measured_share: float
    withheld: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SideDifference:
    """Right minus left of one joint, over frames where both sides are valid.

    ``mean_rad`` is the mean of (right - left), ``range_rad`` the difference of the two ranges of motion,
    ``n_frames`` the number of frames used. NaN when ``n_frames`` is 0.
    """

    joint: str
    mean_rad: float
    range_rad: float
    n_frames: int


@dataclass(frozen=True, slots=True)
class MotionAnalysis:
    """The analysis of one person.

    Attributes
    ----------
    filtered
        The filtered landmarks that everything else is computed from.
    facing
        :class:`Facing` per frame, shape (T,).
    angles
        The 12 joint, 14 segment and the included 3-D angles.
    speed_bh_s
        Speed of every landmark in the image, body heights per second, shape (T, 33).
    speed_m_s
        The same in metres per second when the person's height is known, else None.
    body_height_px
        Standing height in pixels estimated from body-segment lengths; NaN when it cannot be estimated.
    summaries
        One per angle, in the order of ``angles.ids``.
    side_differences
        One per joint that has a left and a right angle.
    findings
        What limits the results.
    yaw_rad
        Rotation of the body out of the side view, 0 (side) to pi/2 (front, back), shape (T,); NaN where unknown.
    best
        The best-supported flexion of every joint, or None when it was not computed.
    com_px
        Centre of mass in the image, pixels, shape (T, 2); NaN where it is unknown.
    com_velocity_bh_s
        Its velocity, body heights per second, x right, y down, shape (T, 2).
    metrics
        One entry per metric and side of the dictionary, with a value or a reason.
    events
        Foot strikes, toe-offs, take-offs and landings, in order of time.
    """

    filtered: FilteredTrack
    facing: ByteArray
    angles: AngleSeries
    speed_bh_s: FloatArray
    speed_m_s: FloatArray | None
    body_height_px: float
    summaries: tuple[AngleSummary, ...]
    side_differences: tuple[SideDifference, ...]
    findings: tuple[Finding, ...] = ()
    yaw_rad: FloatArray = field(default_factory=not_given)
    best: BestAngles | None = None
    com_px: FloatArray = field(default_factory=not_given)
    com_velocity_bh_s: FloatArray = field(default_factory=not_given)
    metrics: tuple[MetricValue, ...] = ()
    events: tuple[Event, ...] = ()

    def __post_init__(self) -> None:
        n = len(self.filtered.timestamps_s)
        object.__setattr__(self, "facing", frozen(self.facing, np.uint8, (n,), "facing"))
        object.__setattr__(self, "speed_bh_s", frozen(self.speed_bh_s, np.float64, (n, N_LANDMARKS), "speed_bh_s"))
        if self.speed_m_s is not None:
            object.__setattr__(self, "speed_m_s", frozen(self.speed_m_s, np.float64, (n, N_LANDMARKS), "speed_m_s"))
        shapes: dict[str, tuple[int, ...]] = {"yaw_rad": (n,), "com_px": (n, 2), "com_velocity_bh_s": (n, 2)}
        for name, shape in shapes.items():
            value = getattr(self, name)
            value = value if np.size(value) else np.full(shape, np.nan)
            object.__setattr__(self, name, frozen(value, np.float64, shape, name))

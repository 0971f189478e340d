"""What the analysis of one person's track yields: angles, velocities, speeds and their summary."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum

import numpy as np

from vidpose.types.arrays import ByteArray, FloatArray, frozen
from vidpose.types.findings import Finding
from vidpose.types.pose import FilteredTrack
from vidpose.types.skeleton import N_LANDMARKS


class Facing(IntEnum):
    """Where the person looks, as seen in the image."""

    UNKNOWN = 0
    RIGHT = 1
    LEFT = 2
    FRONT = 3  # towards the camera
    BACK = 4  # away from the camera


class AngleStatus(IntEnum):
    """Where an angle comes from, or why it is withheld (then its value is NaN)."""

    MISSING = 0  # a needed landmark is missing
    MEASURED = 1  # all needed landmarks are measured
    IMPUTED = 2  # at least one needed landmark is interpolated over a short gap
    REJECTED = 3  # a needed landmark was estimated but not trusted
    WITHHELD_VIEW = 4  # the angle needs another view of the person
    WITHHELD_SHORT = 5  # body segment too short in the image (it points at the camera)
    WITHHELD_IMPOSSIBLE = 6  # no joint does that: it moves in another plane, or a landmark is wrong


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
    """

    ids: tuple[str, ...]
    values_rad: FloatArray
    velocity_rad_s: FloatArray
    status: ByteArray

    def __post_init__(self) -> None:
        n = len(self.ids)
        for name, dtype in (("values_rad", np.float64), ("velocity_rad_s", np.float64), ("status", np.uint8)):
            object.__setattr__(self, name, frozen(getattr(self, name), dtype, (None, n), name))


@dataclass(frozen=True, slots=True)
class AngleSummary:
    """One angle over the whole video.

    ``*_rad`` are NaN when no frame is valid. ``range_rad`` is the range of motion, max - min.
    ``valid_share`` is the share of frames with a value, ``measured_share`` the share without interpolation.
    ``withheld`` counts frames by the name of an :class:`AngleStatus` that withheld the value.
    """

    angle_id: str
    min_rad: float
    max_rad: float
    mean_rad: float
    range_rad: float
    valid_share: float
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
    """Everything that the analysis of one person yields.

    Attributes
    ----------
    filtered
        The track that all numbers are computed from.
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
        What limits the numbers.
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

    def __post_init__(self) -> None:
        n = len(self.filtered.timestamps_s)
        object.__setattr__(self, "facing", frozen(self.facing, np.uint8, (n,), "facing"))
        object.__setattr__(self, "speed_bh_s", frozen(self.speed_bh_s, np.float64, (n, N_LANDMARKS), "speed_bh_s"))
        if self.speed_m_s is not None:
            object.__setattr__(self, "speed_m_s", frozen(self.speed_m_s, np.float64, (n, N_LANDMARKS), "speed_m_s"))

"""Which angles the view supports in which frames, and their expected error."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from vidpose.biomech.angles import wrap
from vidpose.biomech.conventions import ANGLES, SIDE_VIEWS, AngleRow
from vidpose.biomech.points import DERIVED_POINTS
from vidpose.biomech.validity.angle_estimates import (
    IMAGE,
    WORLD,
    AngleInputs,
    ErrorSettings,
    estimate_joint_angle,
    floor_rad,
    guessed_rad,
    lines_between,
    unexplained_tilt_rad,
)
from vidpose.biomech.validity.swaps import GROUPS, Swap
from vidpose.biomech.validity.windows import rolling_rms, window_frames
from vidpose.types.arrays import BoolArray, ByteArray, FloatArray, frozen
from vidpose.types.skeleton import LANDMARK_INDEX, N_LANDMARKS


@dataclass(frozen=True, slots=True)
class AngleSupportSettings:
    """When an angle is valid, and when it is withheld.

    Attributes
    ----------
    max_error_rad
        Largest expected error of a valid value, with the unexplained tilt of the body segments added in quadrature
        (:mod:`vidpose.biomech.validity.angle_estimates`). Ours: with 10 degrees, at least 95 % of the frames of
        rendered people in which the error of the knee angle exceeds 15 degrees are not valid.
    max_shown_error_rad
        Values with a larger expected error are withheld. Ours: 20 degrees, a third of the knee's range in walking.
        Between the two limits a value is given but not valid.
    min_gain
        The best flexion is taken from the refined world landmarks, which combine the image with the model's depth,
        unless the expected error of another source is smaller than this share of theirs. Ours.
    errors
        Widths of the expected error.
    """

    max_error_rad: float = float(np.deg2rad(10.0))
    max_shown_error_rad: float = float(np.deg2rad(20.0))
    min_gain: float = 0.8
    errors: ErrorSettings = field(default_factory=ErrorSettings)

    def __post_init__(self) -> None:
        if not 0 < self.max_error_rad <= self.max_shown_error_rad:
            raise ValueError(f"max_error_rad: expected above 0, up to max_shown_error_rad, got {self.max_error_rad}")
        if not 0 < self.min_gain <= 1:
            raise ValueError(f"min_gain: expected above 0 to 1, got {self.min_gain}")


@dataclass(frozen=True, slots=True)
class Support:
    """Validity of every angle of :data:`vidpose.biomech.conventions.ANGLES`.

    Attributes
    ----------
    shown
        True where the angle is not withheld, shape (T, n).
    supported
        True where it is valid, shape (T, n).
    expected_error_rad
        Expected root-mean-square error, bias included, shape (T, n); NaN where a landmark is missing.
    """

    shown: BoolArray
    supported: BoolArray
    expected_error_rad: FloatArray

    def __post_init__(self) -> None:
        n = len(ANGLES)
        for name in ("shown", "supported"):
            object.__setattr__(self, name, frozen(getattr(self, name), np.bool_, (None, n), name))
        errors = frozen(self.expected_error_rad, np.float64, (None, n), "expected_error_rad")
        object.__setattr__(self, "expected_error_rad", errors)


def assess_support(
    inputs: AngleInputs,
    facing: ByteArray,
    precision_rad: FloatArray,
    doubtful: BoolArray | None = None,
    settings: AngleSupportSettings | None = None,
) -> Support:
    """Return which angles are valid, which are withheld, and their expected error.

    A joint's angle is compared with the other estimates of it (:mod:`vidpose.biomech.validity.angle_estimates`). A
    body segment's angle is compared with that of the refined world segment, turned about the vertical until the
    image plane is the plane that the angle belongs to: the sagittal one in side views, the frontal one in front and
    back views.

    Parameters
    ----------
    inputs
        Landmarks. Where the view is unknown, no image angle is valid.
    facing
        :class:`vidpose.types.motion.Facing` per frame, shape (T,): the plane that body segments belong to. The views in
        which an angle is defined are given by :attr:`AngleRow.views`.
    precision_rad
        Standard deviation from landmark noise (:mod:`vidpose.biomech.validity.precision`), shape (T, n); it is added.
    doubtful
        Landmarks whose side is uncertain, see :func:`doubtful_landmarks`, shape (T, 33); None for none.
    settings
        Limits.
    """
    settings = settings or AngleSupportSettings()
    errors = np.empty((len(facing), len(ANGLES)))
    shown = np.zeros(errors.shape, dtype=np.bool_)
    supported = np.zeros(errors.shape, dtype=np.bool_)
    seen = np.isfinite(inputs.view).all(axis=1)
    for column, row in enumerate(ANGLES):
        if row.kind == "body_segment_2d":
            error, unexplained = _segment_error(row, inputs, facing, settings.errors)
        else:
            kind = WORLD if row.kind == "included_3d" else IMAGE
            estimates = estimate_joint_angle(row, inputs, settings.errors)
            error, unexplained = estimates.expected_rad[kind], estimates.unexplained_tilt_rad
        noise_rad = precision_rad[:, column]
        errors[:, column] = error = np.hypot(error, np.where(np.isfinite(noise_rad), noise_rad, 0.0))
        with np.errstate(invalid="ignore"):
            supported[:, column] = np.hypot(error, unexplained) <= settings.max_error_rad
            shown[:, column] = error <= settings.max_shown_error_rad
        if row.kind != "included_3d":
            supported[:, column] &= seen
        if doubtful is not None:
            in_doubt = doubtful[:, landmarks_of(row)].any(axis=1)
            supported[in_doubt, column] = shown[in_doubt, column] = False
    return Support(shown, supported, errors)


def doubtful_landmarks(swaps: Sequence[Swap], n_frames: int) -> BoolArray:
    """Return the landmarks whose sides are swapped, shape (n_frames, 33)."""
    result = np.zeros((n_frames, N_LANDMARKS), dtype=np.bool_)
    for swap in swaps:
        columns = [LANDMARK_INDEX[f"{side}_{joint}"] for side in ("left", "right") for joint in GROUPS[swap.group]]
        result[swap.start : swap.stop, columns] = True
    return result


def landmarks_of(row: AngleRow) -> list[int]:
    """Return the landmarks behind a row's points."""
    return sorted({LANDMARK_INDEX[part] for name in row.points for part in DERIVED_POINTS.get(name, (name,))})


def _segment_error(
    row: AngleRow, inputs: AngleInputs, facing: ByteArray, settings: ErrorSettings
) -> tuple[FloatArray, FloatArray]:
    """Return the expected error and the unexplained tilt, as for joints, each of shape (T,)."""
    ends = (row.points[0], row.points[1])
    image, space = lines_between((ends,), inputs.filtered.image_px, inputs.refined_m)
    side, front = inputs.view[:, 0], inputs.view[:, 1]
    from_side = np.isin(facing, SIDE_VIEWS)
    # rotated into the side (or front) view, a point has the horizontal coordinate x cos + z sin of the missing rotation
    cosine = np.abs(np.where(from_side, side, front))
    sine = np.where(from_side, -np.sign(side) * front, np.sign(front) * side)
    turned = np.column_stack([space[:, 0] * cosine + space[:, 2] * sine, space[:, 1]])
    period_rad = float(np.deg2rad(row.period_deg))
    apart = np.abs(wrap(_direction(turned) - _direction(image), -period_rad / 2, period_rad))
    unexplained = unexplained_tilt_rad(image, space, row.lines[0], inputs.height_px, settings)
    blind = ~np.isfinite(space).all(axis=1)
    other = np.where(blind, unexplained, apart)
    window = window_frames(inputs.filtered.timestamps_s, inputs.filtered.stretch, settings.half_window_s)
    floor = np.hypot(floor_rad(row.points, cosine, inputs, settings), guessed_rad(ends, row.lines[0], inputs, settings))
    expected = settings.network_factor * rolling_rms(np.hypot(floor, other), window)
    known = np.isfinite(image).all(axis=1)
    return np.where(known, expected, np.nan), np.where(blind, 0.0, rolling_rms(unexplained, window))


def _direction(line: FloatArray) -> FloatArray:
    known = (line != 0).any(axis=1)
    result: FloatArray = np.where(known, np.arctan2(line[:, 1], line[:, 0]), np.nan)
    return result

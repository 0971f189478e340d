"""The best-supported flexion of every joint, with its source and expected error.

Hip, knee and elbow: pi minus the angle shoulder-hip-knee, hip-knee-ankle, shoulder-elbow-wrist; 0 straight, never
negative. Shoulder: angle elbow-shoulder-hip; 0 hanging. Ankle: pi / 2 minus the angle between heel-toe and
ankle-knee; 0 at right angles, toes up positive.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from vidpose.biomech.conventions import ANGLE_BY_ID, AngleRow
from vidpose.biomech.gaps import contiguous_runs
from vidpose.biomech.points import worst_status
from vidpose.biomech.validity.angle_estimates import (
    IMAGE,
    REFINED,
    WORLD,
    AngleInputs,
    ErrorSettings,
    angle_between,
    ends_of,
    estimate_joint_angle,
    line_between,
)
from vidpose.biomech.validity.support import AngleSupportSettings, landmarks_of
from vidpose.types.arrays import BoolArray, FloatArray, IntArray
from vidpose.types.motion import BestAngles, BestSource
from vidpose.types.pose import FilteredTrack, Status

_JOINTS: Final[tuple[tuple[str, str, float, int], ...]] = (
    # joint, row whose lines it is measured between, flexion = offset + sign x angle between the lines
    ("hip", "hip_included_3d", np.pi, -1),
    ("knee", "knee_included_3d", np.pi, -1),
    ("ankle", "ankle_dorsiflexion", np.pi / 2, -1),
    ("shoulder", "shoulder_included_3d", 0.0, 1),
    ("elbow", "elbow_included_3d", np.pi, -1),
)
BEST_IDS: Final[tuple[str, ...]] = tuple(f"{joint}_{side}" for joint, *_ in _JOINTS for side in "rl")
_ROWS: Final = (IMAGE, WORLD, REFINED)
_SOURCES: Final = (BestSource.IMAGE, BestSource.WORLD, BestSource.REFINED)


def best_flexion(
    inputs: AngleInputs, doubtful: BoolArray | None = None, settings: AngleSupportSettings | None = None
) -> BestAngles:
    """Return the flexion with the smallest expected error.

    Parameters
    ----------
    inputs
        Landmarks.
    doubtful
        Landmarks whose side is uncertain, shape (T, 33); None for none. Joints that need them are withheld.
    settings
        Limits.
    """
    settings = settings or AngleSupportSettings()
    n_frames = len(inputs.height_px)
    values = np.empty((n_frames, len(BEST_IDS)))
    valid = np.zeros(values.shape, dtype=np.bool_)
    errors = np.empty(values.shape)
    source = np.full(values.shape, BestSource.MISSING, dtype=np.uint8)
    for column, name in enumerate(BEST_IDS):
        row, offset_rad, sign = _row_of(name)
        estimates = estimate_joint_angle(row, inputs, settings.errors)
        candidates, expected = (
            offset_rad + sign * estimates.angles_rad[list(_ROWS)],
            estimates.expected_rad[list(_ROWS)],
        )
        chosen = _choose(expected, inputs.filtered, settings)
        frames = np.arange(n_frames)
        value, error = candidates[chosen, frames], expected[chosen, frames]
        known = np.isfinite(value) & np.isfinite(error)
        with np.errstate(invalid="ignore"):
            given = known & (error <= settings.max_shown_error_rad)
            good = np.hypot(error, estimates.unexplained_tilt_rad) <= settings.max_error_rad
        if doubtful is not None:
            given &= ~doubtful[:, landmarks_of(row)].any(axis=1)
        valid[:, column] = given & good
        values[:, column] = np.where(given, value, np.nan)
        errors[:, column] = np.where(known, error, np.nan)
        source[worst_status(inputs.filtered.status, row.points) == Status.OUTSIDE, column] = BestSource.OUTSIDE
        source[known, column] = BestSource.WITHHELD
        source[given, column] = np.asarray(_SOURCES, dtype=np.uint8)[chosen[given]]
    return BestAngles(BEST_IDS, values, source, errors, valid)


def flexion_candidates(name: str, inputs: AngleInputs, settings: ErrorSettings) -> tuple[FloatArray, FloatArray]:
    """Return a joint's flexion from image, world and refined world landmarks, and the expected errors, each (3, T)."""
    row, offset_rad, sign = _row_of(name)
    estimates = estimate_joint_angle(row, inputs, settings)
    return offset_rad + sign * estimates.angles_rad[list(_ROWS)], estimates.expected_rad[list(_ROWS)]


def flexion_of(name: str, positions: FloatArray) -> FloatArray:
    """Return the flexion of a joint, radians, shape (T,), from landmarks of shape (T, 33, 2 or 3)."""
    row, offset_rad, sign = _row_of(name)
    first, second = (line_between(positions, ends) for ends in ends_of(row))
    result: FloatArray = offset_rad + sign * angle_between(first, second)
    return result


def _row_of(name: str) -> tuple[AngleRow, float, int]:
    joint, side = name.rsplit("_", maxsplit=1)
    _, row_id, offset_rad, sign = next(entry for entry in _JOINTS if entry[0] == joint)
    return ANGLE_BY_ID[f"{row_id}_{side}"], offset_rad, sign


def _choose(expected: FloatArray, filtered: FilteredTrack, settings: AngleSupportSettings) -> IntArray:
    """Return the row of the best source per frame, the same in a whole stretch, shape (T,)."""
    chosen = np.zeros(expected.shape[1], dtype=np.int64)
    for frames in contiguous_runs(filtered.stretch >= 0, filtered.stretch):
        known = np.isfinite(expected[:, frames])
        count = known.sum(axis=1)
        mean = np.where(known, expected[:, frames], 0.0).sum(axis=1) / np.maximum(count, 1)
        usable = (count > 0) & (2 * count >= count.max())
        mean = np.where(usable, mean, np.inf)
        favourite = _ROWS.index(REFINED)
        mean[favourite] *= settings.min_gain
        chosen[frames] = int(np.argmin(mean))
    return chosen

"""Angles over the whole video, and the differences between right and left."""

from __future__ import annotations

import numpy as np

from vidpose.types.arrays import BoolArray, ByteArray, FloatArray
from vidpose.types.motion import AngleSeries, AngleStatus, AngleSummary, SideDifference

_RIGHT, _LEFT = "_r", "_l"
_NOT_A_JOINT = ("foot", "shank", "thigh", "arm", "forearm")
_NOWHERE = float("nan")


def summarise(angles: AngleSeries, estimated: BoolArray) -> tuple[AngleSummary, ...]:
    """Return one summary per angle, in the order of ``angles.ids``.

    Parameters
    ----------
    angles
        The series.
    estimated
        False where a frame was left out on request, shape (T,). Interpolated values of such frames are included, but
        shares and counts refer to the estimated frames.
    """
    return tuple(
        _summary(angle_id, angles.values_rad[:, column], angles.valid[:, column], angles.status[:, column], estimated)
        for column, angle_id in enumerate(angles.ids)
    )


def side_differences(angles: AngleSeries) -> tuple[SideDifference, ...]:
    """Return right minus left of every joint, over the frames in which both sides are valid."""
    values_rad = np.where(angles.valid, angles.values_rad, np.nan)
    column = {angle_id: index for index, angle_id in enumerate(angles.ids)}
    joints = [angle_id.removesuffix(_RIGHT) for angle_id in angles.ids if angle_id.endswith(_RIGHT)]
    return tuple(
        _difference(joint, values_rad[:, column[joint + _RIGHT]], values_rad[:, column[joint + _LEFT]])
        for joint in joints
        if joint not in _NOT_A_JOINT
    )


def _summary(
    angle_id: str, values_rad: FloatArray, is_valid: BoolArray, status: ByteArray, estimated: BoolArray
) -> AngleSummary:
    n_frames = max(int(estimated.sum()), 1)
    known = np.isfinite(values_rad)
    valid = values_rad[known & is_valid]
    counts = {state.name: int(np.count_nonzero((status == state) & estimated)) for state in AngleStatus}
    has_value = {AngleStatus.MEASURED.name, AngleStatus.IMPUTED.name}
    return AngleSummary(
        angle_id=angle_id,
        min_rad=float(valid.min()) if len(valid) else _NOWHERE,
        max_rad=float(valid.max()) if len(valid) else _NOWHERE,
        mean_rad=float(valid.mean()) if len(valid) else _NOWHERE,
        range_rad=float(np.ptp(valid)) if len(valid) else _NOWHERE,
        valid_share=int((known & is_valid & estimated).sum()) / n_frames,
        value_share=int((known & estimated).sum()) / n_frames,
        measured_share=counts[AngleStatus.MEASURED.name] / n_frames,
        withheld={name: count for name, count in counts.items() if count and name not in has_value},
    )


def _difference(joint: str, right_rad: FloatArray, left_rad: FloatArray) -> SideDifference:
    both = np.isfinite(right_rad) & np.isfinite(left_rad)
    n_frames = int(both.sum())
    if n_frames == 0:
        return SideDifference(joint=joint, mean_rad=_NOWHERE, range_rad=_NOWHERE, n_frames=0)
    right, left = right_rad[both], left_rad[both]
    return SideDifference(
        joint=joint,
        mean_rad=float(np.mean(right - left)),
        range_rad=float(np.ptp(right) - np.ptp(left)),
        n_frames=n_frames,
    )

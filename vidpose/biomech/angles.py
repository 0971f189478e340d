"""Angles of the filtered track by the table of conventions, each with its status."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from vidpose.biomech.body_size import STATURE_SHARES
from vidpose.biomech.conventions import ANGLES, SIDE_VIEWS, AngleRow
from vidpose.biomech.long_series import per_frame_each
from vidpose.biomech.points import named_points, worst_status
from vidpose.types.arrays import BoolArray, ByteArray, FloatArray
from vidpose.types.motion import AngleStatus, Facing
from vidpose.types.pose import FilteredTrack, Status

_STATUS_OF_SAMPLE = {
    Status.MISSING: AngleStatus.MISSING,
    Status.MEASURED: AngleStatus.MEASURED,
    Status.IMPUTED: AngleStatus.IMPUTED,
    Status.REJECTED: AngleStatus.REJECTED,
    Status.OUTSIDE: AngleStatus.WITHHELD_OUTSIDE,
}


@dataclass(frozen=True, slots=True)
class ForeshorteningSettings:
    """Body segments that point at the camera.

    Attributes
    ----------
    min_length_share
        An image angle is withheld where one of its body segments is shorter than this share of its usual length
        (Drillis & Contini times the person's height). Ours: at a quarter, the body segment stands 75 degrees out of
        the image plane and a landmark error of 1 % of stature turns a shank by about 10 degrees.
    """

    min_length_share: float = 0.25

    def __post_init__(self) -> None:
        if not 0 <= self.min_length_share < 1:
            raise ValueError(f"min_length_share: expected 0 to below 1, got {self.min_length_share}")


def wrap(angle_rad: FloatArray, lower_rad: float, period_rad: float) -> FloatArray:
    """Bring angles into (lower, lower + period]; NaN stays NaN."""
    upper_rad = lower_rad + period_rad
    wrapped: FloatArray = upper_rad - np.mod(upper_rad - angle_rad, period_rad)
    return wrapped


def image_angle(row: AngleRow, points: FloatArray, mirrored: BoolArray) -> FloatArray:
    """Return one angle in the image.

    Parameters
    ----------
    row
        Its convention.
    points
        The row's points in pixels, y down, shape (T, n, 2); NaN is missing.
    mirrored
        True where the picture is mirrored, shape (T,).

    Returns
    -------
    FloatArray
        Radians, shape (T,); NaN where a point is missing or a line has no length.
    """
    flip = np.where(mirrored, -1.0, 1.0)
    measured, *reference = lines(points)
    raw = _direction(measured, flip)
    if reference:
        raw = raw - _direction(reference[0], flip)
    value = (raw + np.deg2rad(row.offset_deg)) * row.scale
    return wrap(value, float(np.deg2rad(row.lower_deg)), float(np.deg2rad(row.period_deg)))


def included_angle(first: FloatArray, vertex: FloatArray, last: FloatArray) -> FloatArray:
    """Return the angle at ``vertex`` between two points, radians in [0, pi], shape (T,).

    Parameters
    ----------
    first, vertex, last
        Metres, shape (T, 3); NaN in, NaN out, also where two points coincide.
    """
    a, b = first - vertex, last - vertex
    sine = np.linalg.norm(np.cross(a, b), axis=1)
    cosine = np.einsum("ij,ij->i", a, b)
    known = (sine != 0) | (cosine != 0)
    result: FloatArray = np.where(known, np.arctan2(sine, cosine), np.nan)
    return result


def lines(points: FloatArray) -> list[FloatArray]:
    """Return the measured line and, if any, the reference line of a row's points, each of shape (T, 2)."""
    if points.shape[1] == 2:
        return [points[:, 0] - points[:, 1]]
    if points.shape[1] == 3:
        return [points[:, 0] - points[:, 1], points[:, 2] - points[:, 1]]
    return [points[:, 0] - points[:, 1], points[:, 2] - points[:, 3]]


def is_mirrored(row: AngleRow, facing: ByteArray) -> BoolArray:
    """Return where the picture is mirrored for this angle, shape (T,).

    One angle is mirrored as a whole, the trunk included; so the camera's position and roll do not matter.
    """
    mirrored: BoolArray = facing == Facing.LEFT
    if row.side == "right":
        mirrored = mirrored | (facing == Facing.FRONT)
    if row.side == "left":
        mirrored = mirrored | (facing == Facing.BACK)
    return mirrored


def compute_angles(
    track: FilteredTrack, facing: ByteArray, height_px: FloatArray, settings: ForeshorteningSettings
) -> tuple[FloatArray, ByteArray]:
    """Return all angles of the table.

    Parameters
    ----------
    track
        Filtered landmarks.
    facing
        :class:`Facing` per frame, shape (T,).
    height_px
        Standing height around every frame, pixels, shape (T,); where NaN, only lines of no length are withheld.
    settings
        When a body segment is too short.

    Returns
    -------
    tuple
        Radians, shape (T, n), NaN where withheld or missing; :class:`AngleStatus`, shape (T, n).
    """
    names = [item.name for item in fields(FilteredTrack)]

    def of_block(facing: ByteArray, height_px: FloatArray, *series: Any) -> tuple[FloatArray, ByteArray]:
        block = FilteredTrack(**dict(zip(names, series, strict=True)))
        return _angles(block, facing, height_px, settings)

    values, status = per_frame_each(of_block, facing, height_px, *(getattr(track, name) for name in names))
    return values, status


def _angles(
    track: FilteredTrack, facing: ByteArray, height_px: FloatArray, settings: ForeshorteningSettings
) -> tuple[FloatArray, ByteArray]:
    values = np.empty((len(facing), len(ANGLES)))
    status = np.empty((len(facing), len(ANGLES)), dtype=np.uint8)
    for column, row in enumerate(ANGLES):
        if row.kind == "included_3d":
            value, state = _included(row, track)
        else:
            value, state = _in_image(row, track, facing, height_px, settings)
        given = (state == AngleStatus.MEASURED) | (state == AngleStatus.IMPUTED)
        values[:, column] = np.where(given, value, np.nan)
        status[:, column] = state
    return values, status


def _included(row: AngleRow, track: FilteredTrack) -> tuple[FloatArray, ByteArray]:
    points = named_points(track.world_m, row.points)
    value = included_angle(points[:, 0], points[:, 1], points[:, 2])
    state = _landmark_status(row, track)
    trusted = (state == AngleStatus.MEASURED) | (state == AngleStatus.IMPUTED)
    state[trusted & ~np.isfinite(value)] = AngleStatus.MISSING  # the model gives no world landmarks
    return value, state


def _in_image(
    row: AngleRow,
    track: FilteredTrack,
    facing: ByteArray,
    height_px: FloatArray,
    settings: ForeshorteningSettings,
) -> tuple[FloatArray, ByteArray]:
    points = named_points(track.image_px, row.points)
    value = image_angle(row, points, is_mirrored(row, facing))
    state = _landmark_status(row, track)
    trusted = (state == AngleStatus.MEASURED) | (state == AngleStatus.IMPUTED)
    in_view = np.isin(facing, row.views)
    short = ~np.isfinite(value)
    for line, name in zip(lines(points), row.lines, strict=True):
        usual_px = STATURE_SHARES[name] * height_px
        short |= np.hypot(line[:, 0], line[:, 1]) < settings.min_length_share * usual_px
    state[trusted & ~_is_possible(row, value, np.isin(facing, SIDE_VIEWS))] = AngleStatus.WITHHELD_IMPOSSIBLE
    state[trusted & short] = AngleStatus.WITHHELD_SHORT
    state[trusted & ~in_view] = AngleStatus.WITHHELD_VIEW
    return value, state


def _is_possible(row: AngleRow, value: FloatArray, from_the_side: BoolArray) -> BoolArray:
    """Return where a joint can take the value; body segments can point anywhere.

    In a front or back view the sign of a bent elbow depends on how the upper arm is rotated, so only the upper limit
    holds there: no elbow is more than folded.
    """
    if row.possible_deg is None:
        return np.ones(len(value), dtype=bool)
    low, high = np.deg2rad(row.possible_deg)
    with np.errstate(invalid="ignore"):
        possible: BoolArray = ((value >= low) | ~from_the_side) & (value <= high)
    return possible


def _landmark_status(row: AngleRow, track: FilteredTrack) -> ByteArray:
    of_samples = worst_status(track.status, row.points)
    state = np.zeros(len(of_samples), dtype=np.uint8)
    for sample, angle in _STATUS_OF_SAMPLE.items():
        state[of_samples == sample] = angle
    return state


def _direction(line: FloatArray, flip: FloatArray) -> FloatArray:
    known = (line[:, 0] != 0) | (line[:, 1] != 0)
    result: FloatArray = np.where(known, np.arctan2(line[:, 1], line[:, 0] * flip), np.nan)
    return result

"""Several estimates of the same joint angle, and the expected error derived from their disagreement.

A joint angle can be estimated from the image, from the model's world landmarks, from the refined world landmarks, and,
for legs, from the image stretched by the body's yaw, as if they moved in the sagittal plane. These estimates fail in
different ways: the image when a body segment points out of it, world landmarks when the model misses depth, the
stretched image when a leg moves sideways. The expected error of an estimate is therefore its root-mean-square distance
from the others, with a floor for their common error, which grows with the rotation out of the side view and with low
visibility. For legs, a share of the flexion is added: the more a bent leg points out of the image, the more of its
flexion all estimates miss. Where a body segment has not its usual length, one of its ends is guessed
(:mod:`vidpose.biomech.validity.segment_lengths`), which adds to the error.

The widths were set on rendered people in views from the side to front and back, with and without a pillar in front of
them: the share for legs was fitted to kicks, dips, jumping jacks and high knees, and chosen among some thirty variants
on squats, marching and walking as well (``python -m benchmarks.accuracy_widths --mannequin`` prints the
effect of other widths on both sets). Earlier, some forty rules and limits, and three of the later ones, were also tried
by hand on two real oblique clips with known angles: the results reported for these clips are descriptive, not a test.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np

from vidpose.biomech.body_size import STATURE_SHARES
from vidpose.biomech.conventions import AngleRow
from vidpose.biomech.long_series import per_frame_each
from vidpose.biomech.points import DERIVED_POINTS, named_points
from vidpose.biomech.validity.segment_lengths import LengthSettings, length_error_rad
from vidpose.biomech.validity.windows import rolling_rms, window_frames
from vidpose.types.arrays import BoolArray, Float32Array, FloatArray
from vidpose.types.pose import FilteredTrack
from vidpose.types.skeleton import LANDMARK_INDEX

Ends = tuple[str, str]
"""Two named points; the line goes from the second to the first."""

IMAGE, WORLD, REFINED, TURNED = range(4)
"""Rows of the estimates of an angle."""

_SEGMENTS_OF_INCLUDED: Final[dict[str, tuple[str, str]]] = {
    "ankle": ("shank", "foot"),
    "knee": ("thigh", "shank"),
    "hip": ("trunk", "thigh"),
    "shoulder": ("arm", "trunk"),
    "elbow": ("arm", "forearm"),
}
_MODEL_LENGTHS: Final[dict[str, float]] = {"shoulders": 0.20, "pelvis": 0.126, "foot": 0.12}
"""Distances between the model's landmarks, shares of stature, where they differ from anatomy (measured, ours)."""
_RISE_RAD: Final = float(np.deg2rad(10.0))
"""Before the largest yaw at which lengths are checked, over which ``unchecked_rad`` rises."""
_FRONTAL_RAD: Final = float(np.deg2rad(72.0))
"""Rotation out of the side view from which a view becomes a front view for arms."""
_NOT_NEGATIVE: Final = (
    *("floor_rad", "turned_rad", "bent_share", "hidden_rad", "hidden_leg_rad"),
    *("half_window_s", "unchecked_rad", "network_factor"),
)
_STRAIGHT_RAD: Final[dict[str, float]] = {"ankle": np.pi / 2, "knee": np.pi, "hip": np.pi}
"""Angle between the two lines of an extended joint of the leg."""


@dataclass(frozen=True, slots=True)
class ErrorSettings:
    """Expected error of an angle.

    Attributes
    ----------
    floor_rad
        Common error of all estimates in a side view with everything visible. Ours: 4 degrees, the error that remains
        on rendered people in side views.
    turned_rad
        Addition for legs up to the front or back view, and for body segments up to the view perpendicular to their
        plane (times 1 - cos of the rotation). Ours: 8 degrees.
    bent_share
        Addition for legs, in quadrature: this share of the flexion, times the sine of the rotation out of the side
        view. Ours: 0.2. Of knee angles with an error above 15 degrees in the image, 98 % are withheld in squats,
        marching and walking, 95 % without it; the movements of the fit, nearly all withheld either way, favour more.
    hidden_rad
        Error at a visibility of 0, proportionally less above; added in quadrature. Ours: 30 degrees.
    hidden_leg_rad
        The same for hip, knee and ankle. Ours: 10 degrees (maximum likelihood gives 8, and 28 for elbows): in side
        views the model always reports a low visibility of the far leg, which is nevertheless accurate to 8 degrees.
    full_share
        A body segment that is shorter in the image than this share of its usual length points out of the image plane;
        the part of that tilt that the depth of its landmarks does not explain adds to the error. Ours: 0.9, as body
        proportions vary.
    max_turn_rad
        Largest rotation for which the image is stretched; beyond it noise would be more than doubled. Ours: 70 degrees.
    half_window_s
        The expected error is the root mean square over this time on either side, as estimates also agree by chance
        where their curves cross. Ours: a quarter of a second.
    lengths
        Addition, in quadrature, where a body segment has not its usual length.
    unchecked_rad
        Addition, in quadrature, where the view is too oblique for that check: all of it beyond
        ``lengths.max_yaw_rad``, none of it ten degrees before; for elbows not in front views, in which arms are often
        raised in the image plane, and not for shoulders. Ours: 12 degrees, which hips, knees and elbows of two real
        clips at a yaw of 51 and 72 degrees are off on average, however well the estimates agree.
    network_factor
        Factor of all expected errors: 1 for the network that they were fitted to
        (:mod:`vidpose.biomech.validity.network_fits`).
    """

    floor_rad: float = float(np.deg2rad(4.0))
    turned_rad: float = float(np.deg2rad(8.0))
    bent_share: float = 0.2
    hidden_rad: float = float(np.deg2rad(30.0))
    hidden_leg_rad: float = float(np.deg2rad(10.0))
    full_share: float = 0.9
    max_turn_rad: float = float(np.deg2rad(70.0))
    half_window_s: float = 0.25
    lengths: LengthSettings = field(default_factory=LengthSettings)
    unchecked_rad: float = float(np.deg2rad(12.0))
    network_factor: float = 1.0

    def __post_init__(self) -> None:
        for name in _NOT_NEGATIVE:
            if not getattr(self, name) >= 0:
                raise ValueError(f"{name}: expected at least 0, got {getattr(self, name)}")
        if not 0 < self.full_share <= 1:
            raise ValueError(f"full_share: expected above 0 to 1, got {self.full_share}")
        if not 0 <= self.max_turn_rad < np.pi / 2:
            raise ValueError(f"max_turn_rad: expected 0 to below pi / 2, got {self.max_turn_rad}")


@dataclass(frozen=True, slots=True)
class AngleInputs:
    """Landmarks of one person from which angles and their errors are estimated.

    Attributes
    ----------
    filtered
        Landmarks in pixels and in metres.
    refined_m
        World landmarks of constant bone length (:mod:`vidpose.biomech.validity.refine`), shape (T, 33, 3); NaN without.
    visibility
        Shape (T, 33); NaN counts as hidden.
    height_px
        Standing height around every frame, pixels, shape (T,).
    view
        (side, front) of :func:`vidpose.biomech.validity.yaw.known_view`, shape (T, 2); NaN where it is not known.
    """

    filtered: FilteredTrack
    refined_m: FloatArray
    visibility: Float32Array
    height_px: FloatArray
    view: FloatArray


@dataclass(frozen=True, slots=True)
class AngleEstimates:
    """All estimates of the angle between the two lines of a joint.

    Attributes
    ----------
    angles_rad
        Radians in [0, pi], rows :data:`IMAGE`, :data:`WORLD`, :data:`REFINED`, :data:`TURNED`, shape (4, T); NaN where
        a landmark is missing or the estimate does not apply.
    expected_rad
        Expected error of each, shape (4, T).
    unexplained_tilt_rad
        Tilt out of the image that the depth of the two lines does not explain, see :func:`unexplained_tilt_rad`, shape
        (T,). It enters the decision whether an angle is valid, not the expected error: usual lengths are those of an
        average build, so it does not rank errors between joints. Without world landmarks it is part of the expected
        error, for want of anything better, and 0 here.
    """

    angles_rad: FloatArray
    expected_rad: FloatArray
    unexplained_tilt_rad: FloatArray


def estimate_joint_angle(row: AngleRow, inputs: AngleInputs, settings: ErrorSettings) -> AngleEstimates:
    """Estimate the angle of a joint in every way.

    Parameters
    ----------
    row
        A row of the table of conventions that is not a body segment's.
    inputs
        Landmarks.
    settings
        Widths of the expected error.
    """
    joint = row.id.split("_", maxsplit=1)[0]
    ends = ends_of(row)
    found = lines_between(ends, inputs.filtered.image_px, inputs.filtered.world_m, inputs.refined_m)
    image, world, refined = found[:2], found[2:4], found[4:]
    angles = [angle_between(*pair) for pair in (image, world, refined)]
    flat = np.maximum(np.abs(inputs.view[:, 0]), np.cos(settings.max_turn_rad))  # NaN stays NaN
    stretched = [line / np.column_stack([flat, np.ones(len(flat))]) for line in image]
    angles.append(angle_between(*stretched) if joint in _STRAIGHT_RAD else np.full(len(flat), np.nan))
    table = np.stack(angles)
    unexplained, guessed = np.zeros(len(flat)), np.zeros(len(flat))
    for pair, line, space, name in zip(ends, image, refined, row.lines or _SEGMENTS_OF_INCLUDED[joint], strict=True):
        unexplained = np.hypot(unexplained, unexplained_tilt_rad(line, space, name, inputs.height_px, settings))
        guessed = np.hypot(guessed, guessed_rad(pair, name, inputs, settings))
    blind = ~np.isfinite(table[[WORLD, REFINED]]).any(axis=0)
    floor = np.hypot(_joint_floor_rad(row, joint, inputs, settings), np.where(blind, unexplained, 0.0))
    floor = np.hypot(floor, guessed)
    window = window_frames(inputs.filtered.timestamps_s, inputs.filtered.stretch, settings.half_window_s)
    expected = np.hypot(_disagreement(table), floor)
    expected = np.hypot(rolling_rms(expected.T, window).T, _missed_rad(joint, table, inputs, settings))
    expected *= settings.network_factor
    return AngleEstimates(
        table, np.where(np.isfinite(table), expected, np.nan), np.where(blind, 0.0, rolling_rms(unexplained, window))
    )


def _joint_floor_rad(row: AngleRow, joint: str, inputs: AngleInputs, settings: ErrorSettings) -> FloatArray:
    if joint in _STRAIGHT_RAD:
        side, of_leg = np.abs(inputs.view[:, 0]), replace(settings, hidden_rad=settings.hidden_leg_rad)
        return np.hypot(floor_rad(row.points, side, inputs, of_leg), _unchecked_rad(side, settings))
    floor = floor_rad(row.points, np.ones(len(inputs.view)), inputs, settings)
    if joint != "elbow":
        return floor
    frontal = np.clip((_yaw_of_side(inputs.view[:, 0]) - _FRONTAL_RAD) / _RISE_RAD, 0.0, 1.0)
    return np.hypot(floor, (1.0 - frontal) * _unchecked_rad(inputs.view[:, 0], settings))


def _unchecked_rad(side: FloatArray, settings: ErrorSettings) -> FloatArray:
    """Return the error where the view is too oblique for lengths to be checked, radians, shape (T,)."""
    share = np.clip((_yaw_of_side(side) - settings.lengths.max_yaw_rad) / _RISE_RAD + 1.0, 0.0, 1.0)
    result: FloatArray = settings.unchecked_rad * share
    return result


def _yaw_of_side(side: FloatArray) -> FloatArray:
    """Return the rotation out of the side view, radians, of its cosine, shape (T,); unknown counts as a front view."""
    result: FloatArray = np.arccos(np.clip(np.where(np.isfinite(side), np.abs(side), 0.0), 0.0, 1.0))
    return result


def _missed_rad(joint: str, table: FloatArray, inputs: AngleInputs, settings: ErrorSettings) -> FloatArray:
    """Return the flexion of a leg that all estimates miss, radians, shape (T,); unknown views count as front views."""
    if joint not in _STRAIGHT_RAD:
        return np.zeros(table.shape[1])
    bent = np.abs(_STRAIGHT_RAD[joint] - np.where(np.isfinite(table[REFINED]), table[REFINED], table[IMAGE]))
    front = np.abs(inputs.view[:, 1])
    result: FloatArray = settings.bent_share * bent * np.where(np.isfinite(front), front, 1.0)
    return result


def floor_rad(
    points: tuple[str, ...], in_plane: FloatArray, inputs: AngleInputs, settings: ErrorSettings
) -> FloatArray:
    """Return the common error of all estimates, radians, shape (T,).

    Parameters
    ----------
    points
        Named points that the angle needs.
    in_plane
        Cosine of the rotation between the angle's plane and the image plane, shape (T,); NaN counts as 0. It is 1 for
        arms, which move in no fixed plane of the body.
    inputs
        Landmarks.
    settings
        Widths.
    """
    turn = 1.0 - np.where(np.isfinite(in_plane), in_plane, 0.0)
    members = sorted({LANDMARK_INDEX[part] for name in points for part in DERIVED_POINTS.get(name, (name,))})
    seen = inputs.visibility[:, members].min(axis=1).astype(np.float64)
    hidden = 1.0 - np.clip(np.where(np.isfinite(seen), seen, 0.0), 0.0, 1.0)
    result: FloatArray = np.hypot(settings.floor_rad + settings.turned_rad * turn, settings.hidden_rad * hidden)
    return result


def guessed_rad(ends: Ends, body_segment: str, inputs: AngleInputs, settings: ErrorSettings) -> FloatArray:
    """Return :func:`~vidpose.biomech.validity.segment_lengths.length_error_rad` of a body segment, shape (T,)."""
    px, height_px, side = inputs.filtered.image_px, inputs.height_px, inputs.view[:, 0]
    return length_error_rad(ends, body_segment, px, height_px, side, settings.lengths)


def unexplained_tilt_rad(
    line: FloatArray, space: FloatArray, body_segment: str, height_px: FloatArray, settings: ErrorSettings
) -> FloatArray:
    """Return the tilt of a body segment out of the image that the depth of its landmarks does not explain.

    The length in the image over the usual length is the cosine of the tilt; without world landmarks none of it is
    explained.

    Parameters
    ----------
    line, space
        The body segment in the image, pixels, shape (T, 2), and in refined world landmarks, shape (T, 3).
    body_segment
        Its name, a key of :data:`vidpose.biomech.body_size.STATURE_SHARES`.
    height_px
        Standing height around every frame, pixels, shape (T,).
    settings
        Gives the share of the usual length that counts as full.

    Returns
    -------
    FloatArray
        Radians, 0 where the depth explains the length, shape (T,); NaN where the line or the height is missing.
    """
    usual_share = _MODEL_LENGTHS.get(body_segment, STATURE_SHARES[body_segment])
    full_px = settings.full_share * usual_share * height_px
    known = full_px > 0
    share = np.hypot(line[:, 0], line[:, 1]) / np.where(known, full_px, 1.0)
    tilt = np.where(known, np.arccos(np.clip(share, 0.0, 1.0)), np.nan)
    explained = np.arctan2(np.abs(space[:, 2]), np.hypot(space[:, 0], space[:, 1]))
    result: FloatArray = np.maximum(tilt - np.where(np.isfinite(explained), explained, 0.0), 0.0)
    return result


def angle_between(first: FloatArray, second: FloatArray) -> FloatArray:
    """Return the angle between vectors of two or three coordinates, radians in [0, pi], shape (T,); NaN in, NaN out."""
    x, y = first[:, 0], first[:, 1]
    u, v = second[:, 0], second[:, 1]
    dot, square = x * u + y * v, (x * v - y * u) ** 2
    if first.shape[1] == 3:
        z, w = first[:, 2], second[:, 2]
        dot = dot + z * w
        square = square + (y * w - z * v) ** 2 + (z * u - x * w) ** 2
    known = (dot != 0) | (square != 0)
    result: FloatArray = np.where(known, np.arctan2(np.sqrt(square), dot), np.nan)
    return result


def line_between(positions: FloatArray, ends: Ends) -> FloatArray:
    """Return the line between two named points, in their unit, shape (T, 2) or (T, 3)."""
    points = named_points(positions, ends)
    result: FloatArray = points[:, 0] - points[:, 1]
    return result


def lines_between(ends: Sequence[Ends], *positions: FloatArray) -> tuple[FloatArray, ...]:
    """Return :func:`line_between` for each of the positions and, within these, for each pair of ends."""
    return per_frame_each(
        lambda *blocks: tuple(line_between(block, pair) for block in blocks for pair in ends), *positions
    )


def ends_of(row: AngleRow) -> tuple[Ends, Ends]:
    """Return the ends of a joint's two lines."""
    points = row.points
    return (points[0], points[1]), (points[2], points[1] if len(points) == 3 else points[3])


def _disagreement(table: FloatArray) -> FloatArray:
    """Return the root-mean-square distance of every row from the other rows, shape (k, T); 0 without others."""
    known: BoolArray = np.isfinite(table)
    values = np.where(known, table, 0.0)
    others = np.maximum(known.sum(axis=0) - 1, 1)
    gaps = [np.where(known & known[k], (values - values[k]) ** 2, 0.0) for k in range(len(table))]
    result: FloatArray = np.sqrt(np.sum(gaps, axis=0) / others)
    return result

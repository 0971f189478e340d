"""The same joint angle measured in several ways, and what error their disagreement lets expect.

A joint's angle can be taken from the picture, from the model's world landmarks, from the refined world landmarks, and,
for legs, from the picture stretched by the body's turn, as if they moved in the sagittal plane. These ways fail
differently: the picture when a body segment stands out of it, world landmarks when the model misses depth, the
stretched picture when a leg goes sideways. So the error to be expected of one of them is taken to be its
root-mean-square distance from the others, with a floor for what they get wrong together, which grows with the turn
out of the side view and with how far landmarks are hidden. A leg adds a share of its flexion: the more of a bent leg
stands out of the picture, the more of its flexion all ways miss together.

The widths were set on rendered people, seen from the side to front and back, with and without a pillar before them:
what legs add was fitted to kicks, dips, jacks and high knees, and chosen among some thirty variants on squats, marching
and walking as well (``python -m benchmarks.accuracy_views --mannequin --calibration`` prints what other widths would
do, on both sets). Earlier, some forty rules and limits were tried by hand on two real oblique clips with known angles
too, and three of the later ones: what is told about these clips is a description, not a test.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from vidpose.biomech.body_size import STATURE_SHARES
from vidpose.biomech.conventions import AngleRow
from vidpose.biomech.long_series import per_frame_each
from vidpose.biomech.points import DERIVED_POINTS, named_points
from vidpose.biomech.validity.windows import rolling_rms, window_frames
from vidpose.types.arrays import BoolArray, Float32Array, FloatArray
from vidpose.types.pose import FilteredTrack
from vidpose.types.skeleton import LANDMARK_INDEX

Ends = tuple[str, str]
"""Two named points; the line goes from the second to the first."""

IMAGE, WORLD, REFINED, TURNED = range(4)
"""Rows of the ways in which an angle is measured."""

_SEGMENTS_OF_INCLUDED: Final[dict[str, tuple[str, str]]] = {
    "ankle": ("shank", "foot"),
    "knee": ("thigh", "shank"),
    "hip": ("trunk", "thigh"),
    "shoulder": ("arm", "trunk"),
    "elbow": ("arm", "forearm"),
}
_MODEL_LENGTHS: Final[dict[str, float]] = {"shoulders": 0.20, "pelvis": 0.126, "foot": 0.12}
"""Distance of the model's landmarks, shares of stature, where they lie inside what is tabled (measured, ours)."""
_STRAIGHT_RAD: Final[dict[str, float]] = {"ankle": np.pi / 2, "knee": np.pi, "hip": np.pi}
"""Angle between the lines of a leg's joint that is not bent."""


@dataclass(frozen=True, slots=True)
class ErrorSettings:
    """How large an error is to be expected.

    Attributes
    ----------
    floor_rad
        What is wrong in every way of measuring, in a side view with everything visible. Ours: 4 degrees, what is left
        on rendered people in side views.
    turned_rad
        What is added for legs until the front or back view, and for body segments until the view across their plane
        (with 1 - cos of the turn). Ours: 8 degrees.
    bent_share
        What is added for legs, in quadrature: this share of the flexion, times the sine of the turn. Ours: 0.2. Of
        knees that are wrong by more than 15 degrees in the picture, 98 % are withheld in squats, marching and walking,
        95 % without it; the movements of the fit, where either withholds nearly all, are likelier with more.
    hidden_rad
        Error at a visibility of 0, in proportion above it; added in quadrature. Ours: 30 degrees.
    hidden_leg_rad
        The same for hip, knee and ankle. Ours: 10 degrees (largest likelihood asks for 8, of elbows for 28): the model
        calls the far leg badly visible in every side view, where it is right to 8 degrees all the same.
    full_share
        A body segment that is shorter in the picture than this share of its usual length stands out of the picture;
        what the depth of its landmarks does not tell of that counts against its angles. Ours: 0.9, for builds differ.
    max_turn_rad
        The picture is not stretched by more than this turn asks for: beyond, noise is stretched to twice its size
        and more. Ours: 70 degrees.
    half_window_s
        The expected error is the root mean square over this time on either side: where the ways of measuring cross,
        they agree by chance. Ours: a quarter of a second.
    """

    floor_rad: float = float(np.deg2rad(4.0))
    turned_rad: float = float(np.deg2rad(8.0))
    bent_share: float = 0.2
    hidden_rad: float = float(np.deg2rad(30.0))
    hidden_leg_rad: float = float(np.deg2rad(10.0))
    full_share: float = 0.9
    max_turn_rad: float = float(np.deg2rad(70.0))
    half_window_s: float = 0.25

    def __post_init__(self) -> None:
        for name in ("floor_rad", "turned_rad", "bent_share", "hidden_rad", "hidden_leg_rad", "half_window_s"):
            if not getattr(self, name) >= 0:
                raise ValueError(f"{name}: expected at least 0, got {getattr(self, name)}")
        if not 0 < self.full_share <= 1:
            raise ValueError(f"full_share: expected above 0 to 1, got {self.full_share}")
        if not 0 <= self.max_turn_rad < np.pi / 2:
            raise ValueError(f"max_turn_rad: expected 0 to below pi / 2, got {self.max_turn_rad}")


@dataclass(frozen=True, slots=True)
class AngleInputs:
    """One person's landmarks as angles are judged from them.

    Attributes
    ----------
    filtered
        Landmarks in the picture and in metres.
    refined_m
        World landmarks of constant bone length (:mod:`vidpose.biomech.validity.refine`), shape (T, 33, 3); NaN without.
    visibility
        Shape (T, 33); NaN where the model does not say counts as hidden.
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
    """One joint's angle between its two lines, measured in every way.

    Attributes
    ----------
    angles_rad
        Radians in [0, pi], rows :data:`IMAGE`, :data:`WORLD`, :data:`REFINED`, :data:`TURNED`, shape (4, T); NaN where
        a landmark is missing or the way does not apply.
    expected_rad
        Error to be expected of each, shape (4, T).
    unexplained_tilt_rad
        What the lengths of the two lines in the picture leave open, see :func:`unexplained_tilt_rad`, shape (T,). It
        belongs to the decision whether an angle is given, not to the expected error: lengths are those of an average
        build, so it does not rank errors between joints. Without world landmarks there is nothing better; there it
        is part of the expected error, and 0 here.
    """

    angles_rad: FloatArray
    expected_rad: FloatArray
    unexplained_tilt_rad: FloatArray


def estimate_joint_angle(row: AngleRow, inputs: AngleInputs, settings: ErrorSettings) -> AngleEstimates:
    """Measure a joint in every way.

    Parameters
    ----------
    row
        A row of the table of conventions that is not a body segment's.
    inputs
        Landmarks.
    settings
        Errors.
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
    untold = np.zeros(len(flat))
    for line, space, name in zip(image, refined, row.lines or _SEGMENTS_OF_INCLUDED[joint], strict=True):
        untold = np.hypot(untold, unexplained_tilt_rad(line, space, name, inputs.height_px, settings))
    blind = ~np.isfinite(table[[WORLD, REFINED]]).any(axis=0)
    floor = np.hypot(_joint_floor_rad(row, joint, inputs, settings), np.where(blind, untold, 0.0))
    window = window_frames(inputs.filtered.timestamps_s, inputs.filtered.stretch, settings.half_window_s)
    expected = np.hypot(_disagreement(table), floor)
    expected = np.hypot(rolling_rms(expected.T, window).T, _missed_rad(joint, table, inputs, settings))
    return AngleEstimates(
        table, np.where(np.isfinite(table), expected, np.nan), np.where(blind, 0.0, rolling_rms(untold, window))
    )


def _joint_floor_rad(row: AngleRow, joint: str, inputs: AngleInputs, settings: ErrorSettings) -> FloatArray:
    if joint in _STRAIGHT_RAD:
        return floor_rad(
            row.points, np.abs(inputs.view[:, 0]), inputs, replace(settings, hidden_rad=settings.hidden_leg_rad)
        )
    return floor_rad(row.points, np.ones(len(inputs.view)), inputs, settings)


def _missed_rad(joint: str, table: FloatArray, inputs: AngleInputs, settings: ErrorSettings) -> FloatArray:
    """Return the flexion of a leg that no way of measuring sees, radians, shape (T,); unknown views count as front."""
    if joint not in _STRAIGHT_RAD:
        return np.zeros(table.shape[1])
    bent = np.abs(_STRAIGHT_RAD[joint] - np.where(np.isfinite(table[REFINED]), table[REFINED], table[IMAGE]))
    front = np.abs(inputs.view[:, 1])
    result: FloatArray = settings.bent_share * bent * np.where(np.isfinite(front), front, 1.0)
    return result


def floor_rad(
    points: tuple[str, ...], in_plane: FloatArray, inputs: AngleInputs, settings: ErrorSettings
) -> FloatArray:
    """Return what every way of measuring gets wrong, radians, shape (T,).

    Parameters
    ----------
    points
        Named points that the angle needs.
    in_plane
        Cosine of the turn between the angle's plane and the picture, shape (T,); NaN counts as 0. Arms keep to no
        plane of the body, so theirs is 1.
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


def unexplained_tilt_rad(
    line: FloatArray, space: FloatArray, body_segment: str, height_px: FloatArray, settings: ErrorSettings
) -> FloatArray:
    """Return how much farther a body segment stands out of the picture than the depth of its landmarks tells.

    Its length in the picture over the usual one is the cosine of how far it stands out; without world landmarks
    nothing of that is told.

    Parameters
    ----------
    line, space
        The body segment in the picture, pixels, shape (T, 2), and in refined world landmarks, shape (T, 3).
    body_segment
        What it is, a key of :data:`vidpose.biomech.body_size.STATURE_SHARES`.
    height_px
        Standing height around every frame, pixels, shape (T,).
    settings
        Share of the usual length that counts as full.

    Returns
    -------
    FloatArray
        Radians, 0 where the depth explains the length, shape (T,); NaN where the line or the height is missing.
    """
    usual_share = _MODEL_LENGTHS.get(body_segment, STATURE_SHARES[body_segment])
    full_px = settings.full_share * usual_share * height_px
    known = full_px > 0
    share = np.hypot(line[:, 0], line[:, 1]) / np.where(known, full_px, 1.0)
    stands_out = np.where(known, np.arccos(np.clip(share, 0.0, 1.0)), np.nan)
    told = np.arctan2(np.abs(space[:, 2]), np.hypot(space[:, 0], space[:, 1]))
    result: FloatArray = np.maximum(stands_out - np.where(np.isfinite(told), told, 0.0), 0.0)
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

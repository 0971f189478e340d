"""Body segments whose length in the image is not their own usual one: one of their ends is guessed.

A joint behind a plate, a bench or another limb is estimated somewhere, often with full visibility. The body segment
that ends there then has a length that it should not have. A leg that moves in the sagittal plane has one length in
every frame once the image is stretched by the body's yaw; its usual length is the upper quantile over the recording, of
the longer side, as the near one may be hidden throughout. An arm can point anywhere, so only a length above the usual
one is implausible. The share that is missing or too much moved one end by as much, and the direction of the body
segment by about that share in radians.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from vidpose.biomech.body_size import STATURE_SHARES
from vidpose.biomech.long_series import per_frame_each
from vidpose.biomech.points import named_points
from vidpose.types.arrays import FloatArray
from vidpose.types.skeleton import mirrored

_LEG: Final = ("thigh", "shank")
_ARM: Final = ("arm", "forearm")


@dataclass(frozen=True, slots=True)
class LengthSettings:
    """When the length of a body segment is implausible, and what that costs.

    Attributes
    ----------
    tolerance
        Share of the usual length that a length may deviate. Ours: 0.12; visible legs of rendered people stay
        within it.
    error_rad
        Expected error per share beyond it, rad. Ours: 1, as if an end were displaced across the body segment by as much
        as along it.
    usual_quantile
        The usual length is this quantile over the recording. Ours: guessing shortens more often than it lengthens.
    least_share
        The usual length is at least this share of that of an average build, also for who is hidden throughout. Ours:
        body proportions vary.
    max_yaw_rad
        Legs are checked up to this rotation out of the side view. Ours: 50 degrees; beyond it stretching the image
        more than enlarges its noise by a half, and their errors are large anyway.
    """

    tolerance: float = 0.12
    error_rad: float = 1.0
    usual_quantile: float = 0.9
    least_share: float = 0.9
    max_yaw_rad: float = float(np.deg2rad(50.0))

    def __post_init__(self) -> None:
        for name in ("tolerance", "error_rad", "least_share"):
            if not getattr(self, name) >= 0:
                raise ValueError(f"{name}: expected at least 0, got {getattr(self, name)}")
        if not 0 <= self.usual_quantile <= 1:
            raise ValueError(f"usual_quantile: expected 0 to 1, got {self.usual_quantile}")
        if not 0 <= self.max_yaw_rad < np.pi / 2:
            raise ValueError(f"max_yaw_rad: expected 0 to below pi / 2, got {self.max_yaw_rad}")


def length_error_rad(
    ends: tuple[str, str],
    body_segment: str,
    image_px: FloatArray,
    height_px: FloatArray,
    side_view: FloatArray,
    settings: LengthSettings,
) -> FloatArray:
    """Return the error of a body segment's direction that its length in the image implies.

    Parameters
    ----------
    ends
        Two landmarks.
    body_segment
        Its name, a key of :data:`vidpose.biomech.body_size.STATURE_SHARES`.
    image_px
        Landmarks, pixels, shape (T, 33, 2).
    height_px
        Standing height around every frame, pixels, shape (T,).
    side_view
        Cosine of the rotation out of the side view, shape (T,); NaN where it is unknown.
    settings
        See there.

    Returns
    -------
    FloatArray
        Radians, shape (T,); 0 where the length is plausible, unknown, or cannot be judged in this view.
    """
    if body_segment not in (*_LEG, *_ARM):
        return np.zeros(len(height_px))
    leg = body_segment in _LEG
    facing = np.abs(side_view) >= np.cos(settings.max_yaw_rad) if leg else np.ones(len(height_px), dtype=np.bool_)
    flat = np.where(facing & leg, np.abs(side_view), 1.0)
    other = tuple(mirrored(name) for name in ends)
    length, length_of_other = per_frame_each(
        lambda px, height, cosine: tuple(_length_bh(px, pair, height, cosine) for pair in (ends, other)),
        image_px, height_px, flat,
    )  # fmt: skip
    usual = settings.least_share * STATURE_SHARES[body_segment]
    for side in (length, length_of_other):
        known = side[facing & np.isfinite(side)]
        usual = max(usual, float(np.quantile(known, settings.usual_quantile))) if len(known) else usual
    deviation = length / usual - 1.0
    size = np.abs(deviation) if leg else deviation
    with np.errstate(invalid="ignore"):
        beyond = np.where(facing & (size > settings.tolerance), size - settings.tolerance, 0.0)
    result: FloatArray = settings.error_rad * beyond
    return result


def _length_bh(image_px: FloatArray, ends: tuple[str, ...], height_px: FloatArray, cosine: FloatArray) -> FloatArray:
    """Return the length between two landmarks in the image stretched by the yaw, body heights, shape (T,)."""
    points = named_points(image_px, ends)
    line = points[:, 0] - points[:, 1]
    with np.errstate(divide="ignore", invalid="ignore"):
        result: FloatArray = np.hypot(line[:, 0] / cosine, line[:, 1]) / np.where(height_px > 0, height_px, np.nan)
    return result

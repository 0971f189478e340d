"""Yaw: how far the body is rotated out of the side view, and where the view is unknown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from vidpose.biomech.facing import FacingSettings, smooth_view, view_evidence
from vidpose.biomech.long_series import per_frame
from vidpose.biomech.points import named_points
from vidpose.biomech.rolling import rolling_quantile
from vidpose.types.arrays import BoolArray, FloatArray
from vidpose.types.pose import FilteredTrack

_TRUNK: Final = ("left_shoulder", "right_shoulder", "left_hip", "right_hip")
_FOOT: Final = ("knee", "ankle", "heel", "foot_index")


@dataclass(frozen=True, slots=True)
class ViewSettings:
    """When the view counts as known.

    Attributes
    ----------
    min_head_side
        Without world landmarks and feet only the head indicates which side is visible, and people turn their heads. The
        quartiles of its evidence within the window must have the same sign and exceed this value (sine of the
        rotation). Ours.
    min_front
        In a front or back view the visible side does not matter: from this width of the shoulders on (share of their
        full width) the view is known without it. Ours.
    """

    min_head_side: float = 0.3
    min_front: float = 0.8

    def __post_init__(self) -> None:
        for name in ("min_head_side", "min_front"):
            if not 0 <= getattr(self, name) <= 1:
                raise ValueError(f"{name}: expected 0 to 1, got {getattr(self, name)}")


def known_view(
    filtered: FilteredTrack,
    height_px: FloatArray,
    facing: FacingSettings | None = None,
    settings: ViewSettings | None = None,
) -> FloatArray:
    """Return (side, front) of :func:`vidpose.biomech.facing.smooth_view` where the evidence is sound.

    The view combines all evidence: world landmarks of shoulders and hips, direction of the feet, width of the
    shoulders, position of the nose relative to the ears. Where a model gives neither world landmarks nor feet, only the
    nose indicates which side is visible; there the view is known while the evidence of the nose is steady, or while
    the shoulders are so wide that the side does not matter.

    Parameters
    ----------
    filtered
        Filtered landmarks.
    height_px
        Standing height around every frame, pixels, shape (T,).
    facing
        Length of the window over which evidence is collected.
    settings
        See there.

    Returns
    -------
    FloatArray
        Unit length, shape (T, 2); NaN where the view is not known.
    """
    facing, settings = facing or FacingSettings(), settings or ViewSettings()
    view = smooth_view(filtered, height_px, facing)
    evidence = view_evidence(filtered, height_px)[:, :1]
    half_s = facing.half_window_s
    low, high = (
        rolling_quantile(evidence, filtered.timestamps_s, filtered.stretch, half_s, share)[:, 0]
        for share in (0.25, 0.75)
    )
    with np.errstate(invalid="ignore"):
        steady = (low >= settings.min_head_side) | (high <= -settings.min_head_side)
        frontal = np.abs(view[:, 1]) >= settings.min_front
        sound = _is_informed(filtered, half_s) | steady | frontal
    result: FloatArray = np.where(sound[:, None], view, np.nan)
    return result


def yaw_of(view: FloatArray) -> FloatArray:
    """Return the turn out of the side view, radians in [0, pi / 2], shape (T,), of (side, front), shape (T, 2)."""
    result: FloatArray = np.arctan2(np.abs(view[:, 1]), np.abs(view[:, 0]))
    return result


def _is_informed(filtered: FilteredTrack, half_window_s: float) -> BoolArray:
    """Return where world landmarks or a foot are present in at least half of the window, shape (T,)."""
    present = per_frame(_has_evidence, filtered.image_px, filtered.world_m)[:, None]
    share = rolling_quantile(present, filtered.timestamps_s, filtered.stretch, half_window_s, 0.5)[:, 0]
    result: BoolArray = share >= 0.5
    return result


def _has_evidence(image_px: FloatArray, world_m: FloatArray) -> FloatArray:
    """Return 1 where world landmarks or a foot are present, 0 elsewhere, shape (T,)."""
    world = np.all(np.isfinite(named_points(world_m, _TRUNK)), axis=(1, 2))
    left, right = (
        np.all(np.isfinite(named_points(image_px, [f"{side}_{name}" for name in _FOOT])), axis=(1, 2))
        for side in ("left", "right")
    )
    present: FloatArray = (world | left | right).astype(np.float64)
    return present

"""The base of support, and the distance of the body from its boundary: along the picture's horizontal.

One camera sees one horizontal axis: fore and aft from the side, sideways from the front. So the base of support is no
polygon here but a stretch of that axis, and the margin of stability is the one of that axis.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np

from vidpose.biomech.balance.centre_of_mass import CentreOfMass
from vidpose.biomech.metrics.recording import Recording
from vidpose.biomech.points import named_points
from vidpose.biomech.scale.feet import FOOT_POINTS, ContactSettings
from vidpose.types.arrays import BoolArray, FloatArray

GRAVITY_M_S2: Final = 9.80665
_TROCHANTER_HEIGHT: Final = 0.530  # hip height, share of stature; Drillis & Contini in Winter (2009)


@dataclass(frozen=True, slots=True)
class BaseOfSupportSettings:
    """The pendulum that the body is taken for.

    Attributes
    ----------
    pendulum_hip_heights
        Length of the pendulum, heights of the hip above the floor. Hof et al. (2005) give 1.24 and 1.34 for the two
        planes; their mean is within 2 % of either's time constant.
    assumed_height_m
        Standing height when it is not known, m; ten per cent more or less change the velocity's part by five.
    contact
        When a foot point rests on the floor.
    """

    pendulum_hip_heights: float = 1.29
    assumed_height_m: float = 1.70
    contact: ContactSettings = field(default_factory=ContactSettings)

    def __post_init__(self) -> None:
        for name in ("pendulum_hip_heights", "assumed_height_m"):
            if not getattr(self, name) > 0:
                raise ValueError(f"{name}: expected more than 0, got {getattr(self, name)}")


def base_of_support(recording: Recording, contacts: BoolArray) -> FloatArray:
    """Return the leftmost and rightmost place where a foot rests, pixels, shape (T, 2); NaN where none does.

    The ends are the landmarks of heels and toes, in the middle of the foot's width: seen from the front, shoes reach
    about 3 % of stature further on either side.
    """
    x = named_points(recording.filtered.image_px, FOOT_POINTS)[:, :, 0]
    left = np.where(contacts, x, np.inf).min(axis=1)
    right = np.where(contacts, x, -np.inf).max(axis=1)
    return np.where(np.any(contacts, axis=1)[:, None], np.stack([left, right], axis=1), np.nan)


def extrapolated_centre(com: CentreOfMass, recording: Recording, settings: BaseOfSupportSettings) -> FloatArray:
    """Return the extrapolated centre of mass along the picture's horizontal, x + v / w0, pixels, shape (T,).

    w0 = sqrt(g / l) is the body's eigenfrequency as a pendulum of length l: A. L. Hof, M. G. J. Gazendam, W. E. Sinke,
    The condition for dynamic stability, J Biomech 38 (2005) 1. NaN where the place or the velocity is.
    """
    height_m = recording.height_m or settings.assumed_height_m
    length_m = settings.pendulum_hip_heights * _TROCHANTER_HEIGHT * height_m
    ahead_bh = com.velocity_bh_s[:, 0] * np.sqrt(length_m / GRAVITY_M_S2)
    extrapolated: FloatArray = com.image_px[:, 0] + ahead_bh * recording.body_height_px
    return extrapolated


def margin_of_stability(
    com: CentreOfMass, recording: Recording, contacts: BoolArray, settings: BaseOfSupportSettings
) -> FloatArray:
    """Return the distance from the extrapolated centre of mass to the nearer end of the base of support.

    Returns
    -------
    FloatArray
        Body heights, shape (T,); positive inside, negative outside (the person must step or fall), NaN where no foot
        rests or the centre of mass or its velocity is unknown.
    """
    ends = base_of_support(recording, contacts)
    extrapolated = extrapolated_centre(com, recording, settings)
    return np.minimum(extrapolated - ends[:, 0], ends[:, 1] - extrapolated) / recording.local_height_px

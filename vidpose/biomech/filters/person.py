"""One cut-off frequency for a person, from the landmarks of the limbs."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from vidpose.biomech.filters.residual import ResidualCurve, ResidualSettings, pooled_cutoff
from vidpose.biomech.smoothing import ButterworthSettings, fixed_cutoff_hz
from vidpose.types.arrays import FloatArray

KEY_LANDMARKS: Final = tuple(
    f"{side}_{joint}" for joint in ("elbow", "wrist", "hip", "knee", "ankle") for side in ("left", "right")
)
"""Landmarks that are analysed: those of the limbs' angles. Eyes, mouth and fingers say little about the movement."""

_QUANTILE: Final = 0.75  # ours: fast limbs must keep their movement, but one badly seen landmark must not decide

RunsOf = Callable[[str], Iterable[tuple[FloatArray, FloatArray]]]
"""Gives the filled values, shape (n, k), and times, s, of every run of a landmark."""


@dataclass(frozen=True, slots=True)
class PersonCutoff:
    """Which cut-off a person's landmarks are filtered with, and where it comes from.

    Attributes
    ----------
    cutoff_hz
        The cut-off, Hz.
    source
        ``given`` by the settings, found by ``residual`` analysis, or the ``default`` because there are too few samples.
    landmark_hz
        Cut-off frequency of every key landmark, Hz; only those for which one was found.
    curves
        Their residuals, by landmark.
    """

    cutoff_hz: float
    source: Literal["given", "residual", "default"]
    landmark_hz: dict[str, float]
    curves: dict[str, ResidualCurve]


def person_cutoff(runs_of: RunsOf, butterworth: ButterworthSettings, settings: ResidualSettings) -> PersonCutoff:
    """Return the cut-off of the settings or, when that is ``auto``, the upper quartile of the key landmarks' cut-offs.

    Parameters
    ----------
    runs_of
        Gives a landmark's runs in the image, before they are smoothed.
    butterworth
        Cut-off and order.
    settings
        Limits of what is found.
    """
    if butterworth.cutoff_hz != "auto":
        return PersonCutoff(butterworth.cutoff_hz, "given", {}, {})
    found = {name: pooled_cutoff(runs_of(name), settings, butterworth.order) for name in KEY_LANDMARKS}
    known = {name: result for name, result in found.items() if np.isfinite(result[0])}
    if not known:
        return PersonCutoff(fixed_cutoff_hz(ButterworthSettings()), "default", {}, {})
    landmark_hz = {name: cutoff_hz for name, (cutoff_hz, _) in known.items()}
    cutoff_hz = float(np.quantile(list(landmark_hz.values()), _QUANTILE))
    return PersonCutoff(cutoff_hz, "residual", landmark_hz, {name: curve for name, (_, curve) in known.items()})

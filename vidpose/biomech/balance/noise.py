"""How far landmarks, and with them the centre of mass, are off by chance: precision, not bias."""

from __future__ import annotations

from typing import Final

import numpy as np

from vidpose.biomech.balance.mass import landmark_weights
from vidpose.biomech.body_size import STATURE_SHARES
from vidpose.biomech.metrics.recording import Recording, Sex

CONFIDENCE_95: Final = 1.96
"""Half width of the 95 % interval in standard deviations of a normal distribution."""

_LEGS: Final = (("thigh_r", "thigh"), ("thigh_l", "thigh"), ("shank_r", "shank"), ("shank_l", "shank"))


def landmark_noise_bh(recording: Recording) -> float:
    """Return the standard deviation of a landmark's place along one axis, body heights; NaN when unknown.

    A line of length L between two landmarks of deviation s turns by sqrt(2) s / L; so the stated precision of the
    angles of thighs and shanks tells s. The median over frames and body segments.
    """
    ids = recording.angles.ids
    found = [
        recording.angle_precision_rad[:, ids.index(angle_id)] * STATURE_SHARES[line] / np.sqrt(2.0)
        for angle_id, line in _LEGS
        if angle_id in ids
    ]
    known = np.concatenate([values[np.isfinite(values)] for values in found]) if found else np.empty(0)
    return float(np.median(known)) if len(known) else float("nan")


def centre_noise_bh(noise_bh: float, sex: Sex) -> float:
    """Return the standard deviation of the centre of mass along one axis, body heights; NaN when unknown.

    Landmarks are taken to err independently, so it is the root of the sum of squared weights times that of a landmark.

    Parameters
    ----------
    noise_bh
        Standard deviation of a landmark, body heights.
    sex
        Whose masses.
    """
    return noise_bh * float(np.sqrt(np.sum(landmark_weights(sex) ** 2)))

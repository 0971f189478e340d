"""Where the centre of mass is in the picture, and how fast it moves."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vidpose.biomech.balance.mass import landmark_weights
from vidpose.biomech.balance.substitution import substitute
from vidpose.biomech.gaps import contiguous_runs
from vidpose.biomech.long_series import per_frame_each
from vidpose.biomech.metrics.recording import Recording, Sex
from vidpose.types.arrays import ByteArray, FloatArray, IntArray, frozen

_MIN_SAMPLES = 3  # central differences need both neighbours


@dataclass(frozen=True, slots=True)
class CentreOfMass:
    """The centre of mass over time.

    Attributes
    ----------
    image_px
        x (right) and y (down), pixels, shape (T, 2); NaN where a landmark that carries much of the mass is missing.
    velocity_bh_s
        Its velocity in the picture, x to the right and y DOWN as in the picture, body heights/s, shape (T, 2); NaN in
        runs of fewer than three frames and without a body height.
    substituted
        Share of the body's mass that hangs on landmarks with a stand-in, shape (T,); NaN where there is no centre of
        mass in the picture. See :mod:`vidpose.biomech.balance.substitution`.
    """

    image_px: FloatArray
    velocity_bh_s: FloatArray
    substituted: FloatArray

    def __post_init__(self) -> None:
        n = len(self.image_px)
        for name, shape in (
            ("image_px", (n, 2)),
            ("velocity_bh_s", (n, 2)),
            ("substituted", (n,)),
        ):
            object.__setattr__(self, name, frozen(getattr(self, name), np.float64, shape, name))


def centre_of_mass(recording: Recording) -> CentreOfMass:
    """Return the centre of mass of one person's movement.

    Parameters
    ----------
    recording
        The movement; its ``sex`` chooses the masses.
    """
    track = recording.filtered
    image_px, stand_ins = _with_stand_ins(recording)
    velocity_px_s = velocity(image_px, track.timestamps_s, _label(track.stretch, stand_ins))
    return CentreOfMass(
        image_px=image_px,
        velocity_bh_s=velocity_px_s / recording.body_height_px,
        substituted=np.where(np.isfinite(image_px[:, 0]), _substituted_share(stand_ins, recording.sex), np.nan),
    )


def _with_stand_ins(recording: Recording) -> tuple[FloatArray, IntArray]:
    """Return the centre of mass, pixels, shape (T, 2), and the stand-ins of every frame, shape (T,)."""

    def of_block(image_px: FloatArray, facing: ByteArray) -> tuple[FloatArray, IntArray]:
        filled, bits = substitute(image_px, facing)
        return weighted_place(filled, recording.sex), bits

    place, bits = per_frame_each(of_block, recording.filtered.image_px, recording.facing)
    return place, bits


def weighted_place(positions: FloatArray, sex: Sex) -> FloatArray:
    """Return the centre of mass of landmarks without substitution, shape (T, d).

    Parameters
    ----------
    positions
        Pixels or metres, shape (T, 33, d); NaN is missing.
    sex
        Whose masses.

    Returns
    -------
    FloatArray
        Same unit; NaN where a landmark that carries mass is missing.
    """
    weights = landmark_weights(sex)
    carries = np.flatnonzero(weights)
    place: FloatArray = np.einsum("tld,l->td", positions[:, carries], weights[carries])
    return place


def velocity(positions: FloatArray, timestamps_s: FloatArray, label: IntArray) -> FloatArray:
    """Return the first derivative by central differences (second order on uneven times), shape (T, d).

    Parameters
    ----------
    positions
        Shape (T, d); NaN is missing.
    timestamps_s
        Seconds, shape (T,).
    label
        Nothing is differentiated across a change of it, shape (T,).
    """
    result = np.full(positions.shape, np.nan)
    for run in contiguous_runs(np.all(np.isfinite(positions), axis=1), label):
        if run.stop - run.start >= _MIN_SAMPLES:
            result[run] = np.gradient(positions[run], timestamps_s[run], axis=0)
    return result


def _label(stretch: IntArray, stand_ins: IntArray) -> IntArray:
    """Number the pairs of stretch and stand-ins: a new stand-in moves the centre of mass of a still person."""
    if len(stretch) == 0:
        return stretch
    changes = (np.diff(stretch) != 0) | (np.diff(stand_ins) != 0)
    return np.concatenate([[0], np.cumsum(changes)])


def _substituted_share(stand_ins: IntArray, sex: Sex) -> FloatArray:
    weights = landmark_weights(sex)
    share = np.zeros(len(stand_ins))
    for landmark in np.flatnonzero(weights):
        share += weights[landmark] * (stand_ins >> landmark & 1)
    return share

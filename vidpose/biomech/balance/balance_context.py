"""What all metrics of balance and posture share: the recording, what follows from it, and the frames that qualify."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Final, TypeAlias

import numpy as np

from vidpose.biomech.balance.base_of_support import BaseOfSupportSettings
from vidpose.biomech.balance.centre_of_mass import CentreOfMass, centre_of_mass
from vidpose.biomech.balance.noise import landmark_noise_bh
from vidpose.biomech.balance.score import ScoreSettings
from vidpose.biomech.balance.standing import StandingSettings, standing_still
from vidpose.biomech.balance.sway import SwaySettings
from vidpose.biomech.conventions import IMAGE_VIEWS, SIDE_VIEWS
from vidpose.biomech.metrics.metric import Metric, Outcome
from vidpose.biomech.metrics.recording import Recording
from vidpose.biomech.metrics.row import Plane
from vidpose.biomech.scale.feet import foot_contacts, why_no_feet
from vidpose.biomech.scale.trust import Scale, TrustSettings, assess_scale
from vidpose.types.arrays import BoolArray, FloatArray
from vidpose.types.motion import Facing

BODY_LANDMARKS: Final = ("head", "shoulder", "elbow", "wrist", "hip", "knee", "ankle")
FOOT_LANDMARKS: Final = ("heel", "foot_index")
MIN_RATE_HZ: Final = 15.0
"""Lowest frame rate of speeds: it carries the 6 Hz that the filter leaves."""

_MIN_FRAMES: Final = 3
_MIN_KNOWN_SHARE: Final = 0.5  # of the frames that a metric is taken from, ours


@dataclass(frozen=True, slots=True)
class ImageAxis:
    """A direction within the image, and the views of the person in which the image shows it.

    ``key`` stands in identifiers, ``words`` in texts.
    """

    key: str
    words: str
    plane: Plane
    views: tuple[Facing, ...]


IN_IMAGE: Final = ImageAxis("image", "image-plane", "image", IMAGE_VIEWS)
FORE_AFT: Final = ImageAxis("ap", "anteroposterior", "sagittal", SIDE_VIEWS)
SIDEWAYS: Final = ImageAxis("ml", "mediolateral", "frontal", (Facing.FRONT, Facing.BACK))


@dataclass(frozen=True, slots=True)
class BalanceSettings:
    """All settings of the whole body's metrics.

    Attributes
    ----------
    standing, sway, support, score, trust
        See there.
    max_turn_rad
        A plane is seen when the body is turned out of it by at most this. Ours: at 30 degrees a length along the
        picture's horizontal is 13 % short.
    """

    standing: StandingSettings = field(default_factory=StandingSettings)
    sway: SwaySettings = field(default_factory=SwaySettings)
    support: BaseOfSupportSettings = field(default_factory=BaseOfSupportSettings)
    score: ScoreSettings = field(default_factory=ScoreSettings)
    trust: TrustSettings = field(default_factory=TrustSettings)
    max_turn_rad: float = math.pi / 6

    def __post_init__(self) -> None:
        if not 0 < self.max_turn_rad <= math.pi / 4:
            raise ValueError(f"max_turn_rad: expected more than 0 and at most pi / 4, got {self.max_turn_rad}")


@dataclass(frozen=True, slots=True)
class BalanceContext:
    """The recording and what follows from it.

    ``contacts`` says which foot points are in contact with the floor, shape (T, 4); ``standing`` where the person
    stands still, shape (T,); ``scale`` whether lengths can be compared; ``noise_bh`` is
    :func:`~vidpose.biomech.balance.noise.landmark_noise_bh`.
    """

    recording: Recording
    com: CentreOfMass
    contacts: BoolArray
    standing: BoolArray
    scale: Scale
    noise_bh: float
    settings: BalanceSettings


BalanceMetric: TypeAlias = Metric[BalanceContext]


def find_context(recording: Recording, settings: BalanceSettings) -> BalanceContext:
    """Return the recording with everything that several metrics need.

    Parameters
    ----------
    recording
        The movement; any length, also 0, and any pattern of missing samples.
    settings
        Limits and weights.
    """
    support, floor = settings.support.contact, settings.trust.floor.contact
    contacts = {each: foot_contacts(recording, each) for each in {support, floor}}
    return BalanceContext(
        recording,
        centre_of_mass(recording),
        contacts[support],
        standing_still(recording, settings.standing),
        assess_scale(recording, settings.trust, contacts[floor]),
        landmark_noise_bh(recording),
        settings,
    )


def why_no_lengths(context: BalanceContext, of_feet: bool = False) -> str:
    """Return why lengths in the picture, or feet, cannot be measured; an empty string when they can."""
    if of_feet and (unseen := why_no_feet(context.recording.filtered)):
        return unseen
    return "scale" if "view_from_above" in context.scale.doubts else ""


def select(
    context: BalanceContext, axis: ImageAxis, candidates: BoolArray, values: FloatArray, why_none: str
) -> Outcome:
    """Return the frames among the candidates that show the axis and have a value, or why they do not suffice.

    Parameters
    ----------
    context
        The recording and what follows from it.
    axis
        Must lie in the image plane.
    candidates
        Frames that the metric is about, shape (T,).
    values
        Shape (T,); NaN is missing.
    why_none
        Reason when there are no candidates.

    Returns
    -------
    Outcome
        Its ``frames`` are those to compute from; without a reason, the value is still to be filled in.
    """
    if not candidates.any():
        return Outcome(frames=candidates, reason=why_none)
    seen = candidates & _plane_seen(context, axis)
    known = seen & np.isfinite(values)
    if not seen.any():
        return Outcome(frames=candidates, reason="view")
    if not known.any():
        return Outcome(frames=seen, reason="no_data")
    if known.sum() < _MIN_KNOWN_SHARE * seen.sum():
        return Outcome(frames=seen, reason="low_confidence")
    return Outcome(frames=known, reason="too_short" if known.sum() < _MIN_FRAMES else "")


def _plane_seen(context: BalanceContext, axis: ImageAxis) -> BoolArray:
    """Return where the axis lies in the image plane, shape (T,)."""
    recording = context.recording
    seen: BoolArray = np.isin(recording.facing, axis.views)
    if axis.plane in {"sagittal", "frontal"}:
        turn = recording.yaw_rad if axis.views == SIDE_VIEWS else np.pi / 2 - recording.yaw_rad
        with np.errstate(invalid="ignore"):
            seen &= turn <= context.settings.max_turn_rad
    return seen

"""What all metrics of the whole body share: the recording, what follows from it, and which frames will do."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from vidpose.biomech.balance.base_of_support import BaseOfSupportSettings
from vidpose.biomech.balance.centre_of_mass import CentreOfMass, centre_of_mass
from vidpose.biomech.balance.noise import landmark_noise_bh
from vidpose.biomech.balance.score import ScoreSettings
from vidpose.biomech.balance.standing import StandingSettings, standing_still
from vidpose.biomech.balance.sway import SwaySettings
from vidpose.biomech.conventions import SIDE_VIEWS
from vidpose.biomech.metrics.recording import Recording
from vidpose.biomech.metrics.row import MetricRow
from vidpose.biomech.scale.feet import foot_contacts
from vidpose.biomech.scale.trust import Scale, TrustSettings, assess_scale
from vidpose.types.arrays import BoolArray, FloatArray

_MIN_FRAMES: Final = 3
_MIN_KNOWN_SHARE: Final = 0.5  # of the frames that a metric looks at, ours


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

    ``contacts`` says which foot points rest, shape (T, 4); ``standing`` where the person stands still, shape (T,);
    ``scale`` whether lengths can be compared; ``noise_bh`` is :func:`~vidpose.biomech.balance.noise.landmark_noise_bh`.
    """

    recording: Recording
    com: CentreOfMass
    contacts: BoolArray
    standing: BoolArray
    scale: Scale
    noise_bh: float
    settings: BalanceSettings


@dataclass(frozen=True, slots=True)
class BalanceReading:
    """A number of one metric in body heights or radians, or the reason why there is none; ``frames`` it looked at."""

    frames: BoolArray
    value: float = math.nan
    uncertainty: float = math.nan
    reason: str = ""


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


def select(
    context: BalanceContext, row: MetricRow, wanted: BoolArray, values: FloatArray, why_none: str
) -> BalanceReading:
    """Return the frames that are wanted, in view and known, with a reason when they will not do."""
    if not wanted.any():
        return BalanceReading(wanted, reason=why_none)
    seen = wanted & _plane_seen(context, row)
    known = seen & np.isfinite(values)
    if not seen.any():
        return BalanceReading(wanted, reason="view")
    if not known.any():
        return BalanceReading(seen, reason="no_data")
    if known.sum() < _MIN_KNOWN_SHARE * seen.sum():
        return BalanceReading(seen, reason="low_confidence")
    return BalanceReading(known, reason="too_short" if known.sum() < _MIN_FRAMES else "")


def _plane_seen(context: BalanceContext, row: MetricRow) -> BoolArray:
    """Return where the camera sees the row's plane, shape (T,)."""
    recording = context.recording
    seen: BoolArray = np.isin(recording.facing, row.views)
    if row.plane in {"sagittal", "frontal"}:
        turn = recording.yaw_rad if row.views == SIDE_VIEWS else np.pi / 2 - recording.yaw_rad
        with np.errstate(invalid="ignore"):
            seen &= turn <= context.settings.max_turn_rad
    return seen

"""Everything that is measured of one person's movement as a whole: the values of the metric dictionary, and events."""

from __future__ import annotations

from dataclasses import dataclass, field

from vidpose.biomech.balance.centre_of_mass import CentreOfMass, centre_of_mass
from vidpose.biomech.balance.measure import measure_balance
from vidpose.biomech.balance.scene import BalanceSettings
from vidpose.biomech.gait.bouts import GaitSettings
from vidpose.biomech.gait.measure import find_gait_events, measure_gait
from vidpose.biomech.jumping.flight import JumpSettings
from vidpose.biomech.jumping.measure import find_jump_events, measure_jumps
from vidpose.biomech.metrics.recording import Recording
from vidpose.biomech.scale.measure import measure_scale
from vidpose.biomech.scale.trust import find_scale_limits
from vidpose.biomech.smoothness.measure import SmoothnessSettings, measure_smoothness
from vidpose.biomech.symmetry.measure import SymmetrySettings, measure_symmetry
from vidpose.types.findings import Finding
from vidpose.types.metrics import Event, MetricValue


@dataclass(frozen=True, slots=True)
class MeasureSettings:
    """Settings of all rooms of the metric dictionary."""

    balance: BalanceSettings = field(default_factory=BalanceSettings)
    gait: GaitSettings = field(default_factory=GaitSettings)
    jumping: JumpSettings = field(default_factory=JumpSettings)
    symmetry: SymmetrySettings = field(default_factory=SymmetrySettings)
    smoothness: SmoothnessSettings = field(default_factory=SmoothnessSettings)


@dataclass(frozen=True, slots=True)
class Measured:
    """What was measured.

    Attributes
    ----------
    metrics
        One value per row and side of :data:`~vidpose.biomech.metrics.dictionary.DICTIONARY`, in its order.
    events
        In order of time.
    com
        The centre of mass over time.
    findings
        What limits the numbers.
    """

    metrics: tuple[MetricValue, ...]
    events: tuple[Event, ...]
    com: CentreOfMass
    findings: tuple[Finding, ...]


def measure(recording: Recording, settings: MeasureSettings) -> Measured:
    """Measure one person's movement.

    Parameters
    ----------
    recording
        The movement; any length, also 0, and any pattern of missing samples.
    settings
        See there.
    """
    com = centre_of_mass(recording)
    metrics = (
        *measure_scale(recording, settings.balance.trust),
        *measure_balance(recording, settings.balance),
        *measure_gait(recording, settings.gait),
        *measure_jumps(recording, settings.jumping, com.image_px),
        *measure_symmetry(recording, settings.symmetry),
        *measure_smoothness(recording, settings.smoothness),
    )
    events = (
        *find_gait_events(recording, settings.gait),
        *find_jump_events(recording, settings.jumping, com.image_px),
    )
    in_order = tuple(sorted(events, key=lambda event: (event.time_s, event.name, event.side)))
    return Measured(metrics, in_order, com, tuple(find_scale_limits(recording, settings.balance.trust)))

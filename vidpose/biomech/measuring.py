"""Everything that is measured of one person's movement as a whole: metrics and events."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from vidpose.biomech.balance.balance_context import BalanceSettings, find_context
from vidpose.biomech.balance.centre_of_mass import CentreOfMass
from vidpose.biomech.balance.measure_balance import measure_balance
from vidpose.biomech.floor_motion import find_floor_motion
from vidpose.biomech.gait.bouts import GaitSettings
from vidpose.biomech.gait.measure_gait import find_gait, gait_events, gait_spans_s, measure_gait, strides
from vidpose.biomech.jumping.flight import JumpSettings
from vidpose.biomech.jumping.measure_jumps import find_jumps, jump_events, measure_jumps
from vidpose.biomech.metric_dictionary import DICTIONARY
from vidpose.biomech.metrics.gates import blocked
from vidpose.biomech.metrics.metric import Metric, evaluate
from vidpose.biomech.metrics.movement import Movement
from vidpose.biomech.metrics.recording import Recording
from vidpose.biomech.scale.measure_scale import measure_scale
from vidpose.biomech.scale.trust import find_scale_limits
from vidpose.biomech.smoothness.judged_cycles import SmoothnessSettings
from vidpose.biomech.smoothness.measure_smoothness import measure_smoothness
from vidpose.biomech.symmetry.measure_symmetry import SymmetrySettings, measure_symmetry
from vidpose.errors import UsageError
from vidpose.types.findings import Finding
from vidpose.types.metrics import Event, MetricValue

CustomMetric: TypeAlias = Metric[Movement]
"""A metric from outside the dictionary."""


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
        One value per row and side of :data:`~vidpose.biomech.metric_dictionary.DICTIONARY`, in its order, and those of
        custom metrics behind them.
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


def measure(recording: Recording, settings: MeasureSettings, custom: Sequence[CustomMetric] = ()) -> Measured:
    """Measure one person's movement.

    Parameters
    ----------
    recording
        The movement; any length, also 0, and any pattern of missing samples.
    settings
        See there.
    custom
        Metrics of the caller's own. Their functions are called only where view, frame rate, height and landmarks allow
        it.

    Raises
    ------
    UsageError
        When a custom metric has the identifier of another one, or its function returns no outcome.
    """
    context = find_context(recording, settings.balance)
    gait = find_gait(recording, settings.gait)
    jumps = find_jumps(recording, context.com.image_px, settings.jumping, gait_spans_s(gait))
    moments = (*gait_events(recording, gait), *jump_events(recording, jumps))
    events = tuple(sorted(moments, key=lambda event: (event.time_s, event.name, event.side)))
    movement = Movement(recording, events, context.com.image_px, context.com.velocity_bh_s)
    metrics = (
        *measure_scale(recording, context.scale),
        *measure_balance(context),
        *measure_gait(recording, gait),
        *measure_jumps(recording, jumps),
        *measure_symmetry(recording, settings.symmetry),
        *measure_smoothness(recording, settings.smoothness, strides(recording, gait)),
        *evaluate(_checked(custom), movement, recording, lambda row: blocked(row, recording), all_landmarks=True),
    )
    findings = (
        *find_scale_limits(context.scale, settings.balance.trust),
        *find_floor_motion(recording, context.contacts, gait),
    )
    return Measured(metrics, events, context.com, findings)


def _checked(custom: Sequence[CustomMetric]) -> Sequence[CustomMetric]:
    taken = set(DICTIONARY)
    for metric in custom:
        if metric.id in taken:
            raise UsageError(f"metrics: expected a new identifier, got {metric.id!r} again; rename it")
        taken.add(metric.id)
    return custom

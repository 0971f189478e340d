"""The metrics of vertical jumps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

import numpy as np

from vidpose.biomech.conventions import IMAGE_VIEWS
from vidpose.biomech.jumping.flight import GRAVITY_M_S2, Flight, height_by_flight_m
from vidpose.biomech.jumping.other_flights import Kind, OtherFlight
from vidpose.biomech.metrics.metric import Metric, Outcome, in_metres
from vidpose.types.arrays import FloatArray
from vidpose.types.metrics import MetricSide

_MIN_RATE_HZ: Final = 25.0
"""Ours: at 30 frames per second one frame of a flight of 0.5 s is 4.1 cm of height; below, jumps are not reliable."""
_MAX_UNCLEAR: Final = 0.25
"""Most unclear flights per counted one that are an uncertainty; more, and there is no number (ours)."""


@dataclass(frozen=True, slots=True)
class Jumps:
    """The jumps, and the other flights, in order of time.

    ``frame_s`` is the time between frames, s. ``uncounted`` is why they cannot be counted, ``unseen`` why the absence
    of jumps does not mean that there was none; empty when they can, and when it does.
    """

    flights: tuple[Flight, ...]
    frame_s: float = float("nan")
    others: tuple[OtherFlight, ...] = ()
    uncounted: str = ""
    unseen: str = ""

    @property
    def flight_s(self) -> FloatArray:
        """Time in the air of every jump, s, shape (n,)."""
        return np.array([flight.flight_s for flight in self.flights])

    def n_others(self, *kinds: Kind, clear: bool = True) -> int:
        """Return how many other flights of some kinds are clear, or unclear."""
        return sum(other.kind in kinds and other.clear == clear for other in self.others)


JumpMetric: TypeAlias = Metric[Jumps]
Samples: TypeAlias = tuple[FloatArray, FloatArray | float]
"""The value of every jump, shape (n,), and half of its 95 % interval."""


def flight_times(jumps: Jumps) -> Samples:
    """Return the time in the air; a time between two events that are half a frame off is off by one frame."""
    return jumps.flight_s, jumps.frame_s


def heights(jumps: Jumps) -> Samples:
    """Return the height that the time in the air takes, m."""
    return height_by_flight_m(jumps.flight_s), GRAVITY_M_S2 * jumps.flight_s * jumps.frame_s / 4.0


def take_off_speeds(jumps: Jumps) -> Samples:
    """Return the speed that the time in the air takes, m/s."""
    return GRAVITY_M_S2 * jumps.flight_s / 2.0, GRAVITY_M_S2 * jumps.frame_s / 2.0


def rises(jumps: Jumps) -> Samples:
    """Return the rise of the centre of mass, body heights; at take-off, half a frame off, it is twice as fast."""
    rise = np.array([flight.rise_bh for flight in jumps.flights])
    return rise, 2.0 * rise / (jumps.flight_s / 2.0) * jumps.frame_s / 2.0


def countermovements(jumps: Jumps) -> Samples:
    """Return how far the hips sink before take-off, body heights."""
    return np.array([flight.sink_bh for flight in jumps.flights]), float("nan")


def push_off_times(jumps: Jumps) -> Samples:
    """Return the time from the lowest position of the hips to take-off, s."""
    return np.array([flight.push_s for flight in jumps.flights]), jumps.frame_s


def jump_count(jumps: Jumps, _: MetricSide) -> Outcome:
    """Return the number of jumps."""
    n = len(jumps.flights)
    if not n and jumps.n_others("hop", "leap"):
        return Outcome(reason=jumps.uncounted or "other_flights")
    return _counted(jumps, n, 0 if n else jumps.n_others("hop", "leap", clear=False))


@dataclass(frozen=True, slots=True)
class OtherCount:
    """The number of other flights of one kind, as the function of a metric."""

    kind: Kind

    def __call__(self, jumps: Jumps, _: MetricSide) -> Outcome:
        """Return the number."""
        return _counted(jumps, jumps.n_others(self.kind), jumps.n_others(self.kind, clear=False))


def _counted(jumps: Jumps, n: int, n_unclear: int) -> Outcome:
    """Return a number that a few unclear flights leave uncertain, or the reason why it cannot be told."""
    if reason := jumps.uncounted or ("" if n else jumps.unseen):
        return Outcome(reason=reason)
    if n_unclear > _MAX_UNCLEAR * n:
        return Outcome(reason="unclear")
    return Outcome(float(n), float(n_unclear) if n_unclear else float("nan"), n)


@dataclass(frozen=True, slots=True)
class OfJumps:
    """The mean over all jumps, or the largest value, as the function of a metric."""

    samples: Callable[[Jumps], Samples]
    best: bool = False

    def __call__(self, jumps: Jumps, _: MetricSide) -> Outcome:
        """Return the mean or the best of the jumps whose value is known."""
        if not jumps.flights:
            return Outcome(reason=jumps.uncounted or "no_events")
        start_s, end_s = jumps.flights[0].take_off_s, jumps.flights[-1].landing_s
        values, each_error = self.samples(jumps)
        errors = np.broadcast_to(each_error, values.shape)
        known = np.isfinite(values)
        n = int(known.sum())
        if n == 0:
            return Outcome(reason="no_events", start_s=start_s, end_s=end_s)
        if self.best:
            top = int(np.nanargmax(values))
            return Outcome(float(values[top]), float(errors[top]), 1, "", start_s, end_s)
        error = float(np.sqrt(np.mean(errors[known] ** 2) / n))
        return Outcome(float(np.mean(values[known])), error, n, "", start_s, end_s)


_COUNT: Final = JumpMetric(
    id="jump_count",
    label="Number of jumps",
    definition="Number of vertical jumps from both legs of which take-off and landing were observed.",
    formula="count",
    unit="count",
    positive="more jumps",
    zero="no jump; then the other jump metrics are not given",
    landmarks=("mid_hip", "neck", "heel", "foot_index"),
    views=IMAGE_VIEWS,
    source="ours: both feet off the floor together, the centre of mass in free fall",
    min_rate_hz=_MIN_RATE_HZ,
    decimals=0,
    note="Not given when feet, trunk and centre of mass are not followed all the time; when no jump was detected "
    "although the body falls (a drop, a somersault, a leap, or a jump that was not observed from take-off to landing); "
    "and when hops or leaps are all that was seen. The uncertainty is the number of flights too weak to be told.",
    compute=jump_count,
)
_HOPS: Final = replace(
    _COUNT,
    id="hop_count",
    label="Number of hops",
    definition="Number of flights in place that are no vertical jumps for height: shorter than 0.25 s, from or to one "
    "leg, or with the feet landing wider or narrower than they took off, such as hops, rope skipping, jumping jacks.",
    positive="more hops",
    zero="no hop",
    source="ours: both feet rise by 0.016 body heights or more, and the centre of mass with them, in about free fall",
    note="Not given when feet, trunk and centre of mass are not followed all the time, nor when more weak flights than "
    "a quarter of the number were seen. The uncertainty is the number of flights too weak to be told.",
    compute=OtherCount("hop"),
)
_FLIGHT: Final = replace(
    _COUNT,
    id="jump_flight_time",
    label="Flight time of the jump",
    definition="Mean time from take-off to landing.",
    formula="mean(landing - take_off)",
    unit="s",
    positive="longer",
    zero="does not occur",
    source="ours: where a parabola through the toe's flight meets the toe's level on the floor",
    decimals=3,
    note="Assumes take-off and landing at the same level.",
    compute=OfJumps(flight_times),
)
_HEIGHT: Final = replace(
    _FLIGHT,
    id="jump_height_flight",
    label="Jump height from flight time",
    definition="Mean jump height calculated from flight time; in metres without any scale, as it follows from gravity.",
    formula="mean(g (landing - take_off)^2 / 8)",
    unit="m",
    positive="higher",
    source="Bosco, Luhtanen & Komi 1983",
    note="Overestimated when the legs are flexed at landing. Uncertainty of one jump: g t dt / 4 with dt one frame.",
    compute=OfJumps(heights),
)
_RISE: Final = replace(
    _FLIGHT,
    id="jump_height_com",
    label="Jump height of the centre of mass",
    definition="Mean rise of the centre of mass from take-off to its apex, from a parabola fitted to its flight.",
    formula="mean(y_com(apex) - y_com(take_off))",
    unit="body_heights",
    positive="higher",
    landmarks=("head", "shoulder", "elbow", "wrist", "hip", "knee", "ankle", "heel", "foot_index"),
    source="ours: least-squares parabola, so that apex and take-off lie between frames",
    still_camera=True,
    note="Errors in the position of the hips cancel out; an overestimated stature does not (2 % for a rendered "
    "mannequin).",
    compute=OfJumps(rises),
)
_SINK: Final = replace(
    _RISE,
    id="countermovement_depth",
    label="Countermovement depth",
    definition="Mean downward displacement of the midpoint of the hips from standing to its lowest position before "
    "take-off.",
    formula="mean(q90(y_mid_hip before) - min(y_mid_hip))",
    positive="deeper",
    zero="a jump without countermovement",
    landmarks=("mid_hip", "neck", "heel", "foot_index"),
    source="ours, after the usual phases of the countermovement jump (McMahon et al. 2018)",
    compute=OfJumps(countermovements),
)

METRICS: Final[tuple[JumpMetric, ...]] = (
    _COUNT,
    _HOPS,
    replace(
        _HOPS,
        id="leap_count",
        label="Number of leaps",
        definition="Number of flights that carry the hips across the image at 0.7 body heights per second or more, "
        "such as from one leg to the other, without those of a run.",
        positive="more leaps",
        zero="no leap",
        still_camera=True,
        compute=OtherCount("leap"),
    ),
    _FLIGHT,
    _HEIGHT,
    replace(
        _HEIGHT,
        id="jump_height_flight_best",
        label="Best jump height from flight time",
        definition="Height of the highest jump, calculated from its flight time.",
        formula="max(g (landing - take_off)^2 / 8)",
        compute=OfJumps(heights, best=True),
    ),
    replace(
        _HEIGHT,
        id="jump_take_off_speed",
        label="Take-off speed",
        definition="Mean vertical take-off speed calculated from flight time.",
        formula="mean(g (landing - take_off) / 2)",
        unit="m/s",
        positive="faster",
        decimals=2,
        note="",
        compute=OfJumps(take_off_speeds),
    ),
    _RISE,
    in_metres(_RISE),
    _SINK,
    in_metres(_SINK),
    replace(
        _SINK,
        id="jump_push_off_time",
        label="Push-off time",
        definition="Mean time from the lowest position of the hips to take-off.",
        formula="mean(take_off - time of min(y_mid_hip))",
        unit="s",
        positive="longer",
        zero="does not occur",
        compute=OfJumps(push_off_times),
    ),
)
"""Every jump metric, in the order of the tables."""

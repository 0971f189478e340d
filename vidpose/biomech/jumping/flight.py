"""When both feet are off the floor together and the body flies a parabola: vertical jumps from both legs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from vidpose.biomech.gaps import contiguous_runs, frame_period_s
from vidpose.biomech.metrics.recording import Recording
from vidpose.biomech.points import named_points
from vidpose.types.arrays import BoolArray, FloatArray
from vidpose.types.motion import Facing

GRAVITY_M_S2: Final = 9.80665
USUAL_HEIGHT_M: Final = 1.7
"""Stands in for an unknown height where only the order of magnitude counts."""
JUMP_POINTS: Final = ("left_heel", "right_heel", "left_foot_index", "right_foot_index", "mid_hip", "neck")
_UPRIGHT_BH: Final = 0.12  # hips up to shoulders, of 0.29; ours: a lean of 65 degrees; a somersault is no such jump
_CORE_SHARE: Final = 0.45  # of the toe's height: above it, smoothing has not rounded the parabola's ends off (ours)
_MARGIN_SHARE: Final = 0.12  # of the flight at either end that the body's parabola leaves out, for the same reason
_MIN_SAMPLES: Final = 4  # one more than a parabola has coefficients
_FLOOR_QUANTILE: Final = 0.1  # ours: the toe's level on the floor, robust against a few wrong frames
_HELD_UP_BH: Final = 0.07
"""Height over the other one at which a foot is held up, body heights. Ours: 12 cm of 1.75 m; perspective lifts the
farther foot by up to 0.04."""
_FLOOR_S: Final = 0.6  # before take-off and after landing in which the toe is on the floor for most of the time


@dataclass(frozen=True, slots=True)
class JumpSettings:
    """What counts as a jump.

    Attributes
    ----------
    lift_bh
        Height of both feet over the floor above which they are off it, body heights. Ours: 5 cm of 1.75 m, the
        scatter of a foot landmark.
    min_flight_s, max_flight_s
        Time in the air, s. Ours: 0.25 s are 8 cm, hops of jumping jacks are shorter; 1.1 s are 1.5 m.
    max_uneven_s
        Longest time between the two feet at take-off and at landing, s. Ours: runners have a step time.
    max_spread_bh
        How much farther apart, or nearer together, the feet may land than they took off, body heights. Ours: jumping
        jacks and split jumps are no jumps for height.
    gravity_ratio
        Least and most measured acceleration over gravity. Ours: wide enough for an unknown height.
    floor_window_s
        Time around a frame in which the feet are on the floor at least once, s; longer than any flight.
    """

    lift_bh: float = 0.03
    min_flight_s: float = 0.25
    max_flight_s: float = 1.1
    max_uneven_s: float = 0.12
    max_spread_bh: float = 0.1
    gravity_ratio: tuple[float, float] = (0.6, 1.5)
    floor_window_s: float = 2.6

    def __post_init__(self) -> None:
        if not 0 < self.lift_bh < 0.2:
            raise ValueError(f"lift_bh: expected above 0 and below 0.2, got {self.lift_bh}")
        if not 0 < self.min_flight_s < self.max_flight_s:
            raise ValueError(f"min_flight_s: expected above 0 and below {self.max_flight_s}, got {self.min_flight_s}")
        for name in ("max_uneven_s", "max_spread_bh"):
            if not getattr(self, name) > 0:
                raise ValueError(f"{name}: expected above 0, got {getattr(self, name)}")
        if not 0 < self.gravity_ratio[0] < 1 < self.gravity_ratio[1]:
            raise ValueError(f"gravity_ratio: expected a value below and one above 1, got {self.gravity_ratio}")
        if not self.floor_window_s > 2 * self.max_flight_s:
            raise ValueError(f"floor_window_s: expected above {2 * self.max_flight_s}, got {self.floor_window_s}")


@dataclass(frozen=True, slots=True)
class Flight:
    """A jump.

    ``take_off_s`` and ``landing_s`` are times, s; ``rise_bh`` is how much the centre of mass rises from take-off to its
    highest place, body heights; ``sink_bh`` how far the hips sink before the push-off, body heights,
    and ``push_s`` the time from their lowest place to take-off, s, both NaN without a quiet beginning in the picture.
    """

    take_off_s: float
    landing_s: float
    rise_bh: float
    sink_bh: float
    push_s: float

    @property
    def flight_s(self) -> float:
        """Time in the air, s."""
        return self.landing_s - self.take_off_s


@dataclass(frozen=True, slots=True)
class Body:
    """One uninterrupted run; heights in body heights, up positive: feet (n, 2) left and right, hips and mass (n,).

    ``apart`` is how far the left toe is to the right of the right one in the picture, ``across`` the place of the hips
    along the picture, body heights, shape (n,); ``seen`` are the feet to time flights by.
    """

    times_s: FloatArray
    heel: FloatArray
    toe: FloatArray
    hip: FloatArray
    mass: FloatArray
    apart: FloatArray
    across: FloatArray
    seen: tuple[int, ...]


def height_by_flight_m(flight_s: FloatArray) -> FloatArray:
    """Return the jump height that times in the air take, m: g t^2 / 8 (Bosco, Luhtanen & Komi 1983); NaN stays NaN."""
    height_m: FloatArray = GRAVITY_M_S2 * flight_s**2 / 8.0
    return height_m


def find_flights(recording: Recording, com_px: FloatArray, settings: JumpSettings) -> list[Flight]:
    """Return the jumps of a recording in order of time.

    Both feet must leave the floor and land together, the trunk stay upright and the centre of mass fall with about
    gravity's acceleration. Take-off and landing are where a parabola through the toe's flight meets the toe's level
    on the floor, so they lie between frames and smoothing does not shift them.

    Parameters
    ----------
    recording
        The movement.
    com_px
        Centre of mass, pixels, shape (T, 2); NaN is missing.
    settings
        What counts as a jump.
    """
    flights: list[Flight] = []
    for body in bodies_of(recording, com_px):
        for frames in _airborne(body, settings):
            flight = _flight(body, frames)
            if flight is not None and _is_free_fall(body, flight, recording.height_m, settings):
                flights.append(flight)
    return flights


def bodies_of(recording: Recording, com_px: FloatArray) -> list[Body]:
    """Return the runs of frames in which feet, trunk and centre of mass are known and the trunk is upright."""
    points = named_points(recording.filtered.image_px, JUMP_POINTS)
    with np.errstate(invalid="ignore"):
        upright = points[:, 4, 1] - points[:, 5, 1] >= _UPRIGHT_BH * recording.body_height_px
    valid = upright & np.isfinite(points).all(axis=(1, 2)) & np.isfinite(com_px).all(axis=1)
    bodies: list[Body] = []
    for frames in contiguous_runs(valid, recording.filtered.stretch):
        if frames.stop - frames.start < 2 * _MIN_SAMPLES:
            continue
        up = -points[frames, :, 1] / recording.body_height_px
        mass = -com_px[frames, 1] / recording.body_height_px
        apart = (points[frames, 2, 0] - points[frames, 3, 0]) / recording.body_height_px
        across = points[frames, 4, 0] / recording.body_height_px
        seen = _near_feet(int(np.bincount(recording.facing[frames]).argmax()))
        bodies.append(Body(recording.times_s[frames], up[:, :2], up[:, 2:4], up[:, 4], mass, apart, across, seen))
    return bodies


def _near_feet(facing: int) -> tuple[int, ...]:
    """Return the feet to time the flight by: in a side view the other one is half hidden."""
    near = {int(Facing.RIGHT): (1,), int(Facing.LEFT): (0,)}
    return near.get(facing, (0, 1))


def _airborne(body: Body, settings: JumpSettings) -> list[slice]:
    """Return the frames of every time that both feet are off the floor, left and landed on together."""
    off = heights_over_floor(body, settings) > settings.lift_bh
    whole = np.zeros(len(off), dtype=np.int64)
    found: list[slice] = []
    for frames in contiguous_runs(np.all(off, axis=1), whole):
        start, stop = frames.start, frames.stop
        if start == 0 or stop == len(off):
            continue  # take-off or landing was not seen
        inside = settings.min_flight_s / 2 <= body.times_s[stop - 1] - body.times_s[start] <= settings.max_flight_s
        spread = abs(float(body.apart[stop - 1] - body.apart[start]))
        together = _together(off, frames, body.times_s, settings.max_uneven_s)
        if inside and together and spread <= settings.max_spread_bh and _from_both_legs(body, frames, settings):
            found.append(frames)
    return found


def heights_over_floor(body: Body, settings: JumpSettings) -> FloatArray:
    """Return how high each foot is over its lowest place nearby in time, body heights, shape (n, 2)."""
    from scipy.ndimage import minimum_filter1d

    low = np.minimum(body.heel, body.toe)
    size = max(3, round(settings.floor_window_s / frame_period_s(body.times_s)))
    above: FloatArray = low - minimum_filter1d(low, size, axis=0, mode="nearest")
    return above


def _together(off: BoolArray, frames: slice, times_s: FloatArray, max_uneven_s: float) -> bool:
    """Return whether neither foot was off the floor long before the other one was, or long after."""
    early = int(np.searchsorted(times_s, times_s[frames.start] - max_uneven_s)) - 1
    late = int(np.searchsorted(times_s, times_s[frames.stop - 1] + max_uneven_s, side="right"))
    if early < 0 or late >= len(off):
        return False
    before, after = ~off[early : frames.start], ~off[frames.stop : late + 1]
    return bool(before.any(axis=0).all() and after.any(axis=0).all())


def _from_both_legs(body: Body, frames: slice, settings: JumpSettings) -> bool:
    """Return whether the feet are about as low as each other before take-off and after landing: neither is held up."""
    low, times_s = np.minimum(body.heel, body.toe), body.times_s
    early, late = np.searchsorted(
        times_s, (times_s[frames.start] - settings.max_uneven_s, times_s[frames.stop - 1] + settings.max_uneven_s)
    )
    ends = low[early : frames.start], low[frames.stop : late + 1]
    return all(float(np.ptp(end.min(axis=0))) <= _HELD_UP_BH for end in ends)


def _flight(body: Body, frames: slice) -> Flight | None:
    """Return the jump around the frames with both feet off the floor; None when no parabola fits."""
    moments = [_toe_moments(body.times_s, body.toe[:, foot], frames) for foot in body.seen]
    take_off_s, landing_s = (float(np.mean(side)) for side in zip(*moments, strict=True))
    if not take_off_s < landing_s:  # NaN as well
        return None
    fit = _parabola(body.times_s, body.mass, take_off_s, landing_s)
    if fit is None:
        return None
    apex_s = take_off_s - fit[1] / (2.0 * fit[0])
    rise_bh = -fit[0] * (apex_s - take_off_s) ** 2
    sink_bh, push_s = _countermovement(body, take_off_s)
    return Flight(take_off_s, landing_s, float(rise_bh), sink_bh, push_s)


def _toe_moments(times_s: FloatArray, toe: FloatArray, frames: slice) -> tuple[float, float]:
    """Return when the toe's parabola leaves the floor and comes back, s; NaN when it does not."""
    missing = float("nan"), float("nan")
    around = np.searchsorted(times_s, (times_s[frames.start] - _FLOOR_S, times_s[frames.stop - 1] + _FLOOR_S))
    before, after = toe[around[0] : frames.start], toe[frames.stop : around[1]]
    if not len(before) or not len(after):
        return missing
    floors = float(np.quantile(before, _FLOOR_QUANTILE)), float(np.quantile(after, _FLOOR_QUANTILE))
    flown, flown_s = toe[frames], times_s[frames]
    core = flown - max(floors) > _CORE_SHARE * (flown.max() - max(floors))
    if core.sum() < _MIN_SAMPLES:
        return missing
    middle_s = float(flown_s[core].mean())
    curve, slope, level = np.polyfit(flown_s[core] - middle_s, flown[core], 2)
    if curve >= 0:
        return missing
    vertex_s, top = middle_s - slope / (2.0 * curve), level - slope**2 / (4.0 * curve)
    if top <= max(floors):
        return missing
    half_s = [float(np.sqrt((floor - top) / curve)) for floor in floors]
    return vertex_s - half_s[0], vertex_s + half_s[1]


def _parabola(
    times_s: FloatArray, mass: FloatArray, take_off_s: float, landing_s: float
) -> tuple[float, float, float] | None:
    """Return the coefficients, highest power first, of the centre of mass' height over the time since take-off."""
    margin_s = _MARGIN_SHARE * (landing_s - take_off_s)
    first, stop = np.searchsorted(times_s, (take_off_s + margin_s, landing_s - margin_s))
    if stop - first < _MIN_SAMPLES:
        return None
    curve, slope, level = np.polyfit(times_s[first:stop] - take_off_s, mass[first:stop], 2)
    return (float(curve), float(slope), float(level)) if curve < 0 < slope else None


def _is_free_fall(body: Body, flight: Flight, height_m: float | None, settings: JumpSettings) -> bool:
    fit = _parabola(body.times_s, body.mass, flight.take_off_s, flight.landing_s)
    if fit is None or not settings.min_flight_s <= flight.flight_s <= settings.max_flight_s:
        return False
    ratio = -2.0 * fit[0] * (height_m or USUAL_HEIGHT_M) / GRAVITY_M_S2
    return settings.gravity_ratio[0] <= ratio <= settings.gravity_ratio[1]


_LOOK_BACK_S: Final = 1.0  # ours: from the lowest place to take-off it takes a third of that
_QUIET_S: Final = 1.2  # ours: before the lowest place; holds the descent and the stand before it


def _countermovement(body: Body, take_off_s: float) -> tuple[float, float]:
    """Return how far the hips sink before take-off, body heights, and the time from there to take-off, s."""
    first, stop = np.searchsorted(body.times_s, (take_off_s - _LOOK_BACK_S, take_off_s))
    if stop - first < 2:
        return float("nan"), float("nan")
    bottom = int(first + np.argmin(body.hip[first:stop]))
    bottom_s = float(body.times_s[bottom])
    quiet = int(np.searchsorted(body.times_s, bottom_s - _QUIET_S))
    if quiet == 0:  # the beginning is not in the picture
        return float("nan"), float("nan")
    standing = float(np.quantile(body.hip[quiet : bottom + 1], 0.9))
    return standing - float(body.hip[bottom]), take_off_s - bottom_s

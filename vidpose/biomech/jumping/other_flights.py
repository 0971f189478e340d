"""Flights that are no vertical jumps: hops in place and leaps, and what looks like one, too weakly to count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Literal

import numpy as np

from vidpose.biomech.gaps import frame_period_s
from vidpose.biomech.jumping.flight import (
    GRAVITY_M_S2,
    USUAL_HEIGHT_M,
    Body,
    Flight,
    JumpSettings,
    bodies_of,
    heights_over_floor,
)
from vidpose.biomech.metrics.recording import Recording
from vidpose.types.arrays import FloatArray

_LIFT_BH: Final = 0.016
"""Rise of both feet from which a flight is counted, body heights. Ours: 2.8 cm of 1.75 m."""
_WEAK_LIFT_BH: Final = 0.011  # from which nobody can say that there was none; noise stays below (ours)
_FLOOR_SHARE: Final = 0.3
"""Least share of the feet's height over the floor by which they rise and sink (ours): less where the beginning or end
of a flight is not in the picture."""
_BODY_SHARE: Final = 0.5  # of the feet's rise by which the centre of mass rises at least: feet alone are landmark noise
_GRAVITY_RATIO: Final = (0.5, 2.0)
"""Least and most acceleration of the centre of mass over gravity. Ours, wider than for jumps: rendered hops of 0.16 s
at 30 frames per second have 1.0, jumping jacks 0.65 to 0.9; walkers, and who is lifted, stay below 0.45."""
_TRAVEL_BH_S: Final = 0.7
"""Speed of the hips across the picture from which a flight is a leap, body heights/s (ours): that of a slow walk."""
_RUN_STEPS: Final = 4  # leaps in a row, each within _RUN_STEP_S of the last, are the steps of a run (ours)
_RUN_STEP_S: Final = 0.6

Kind = Literal["hop", "leap"]


@dataclass(frozen=True, slots=True)
class OtherFlight:
    """A time in which no foot is on the floor; ``apex_s`` is its middle, s. ``clear``: it is beyond noise."""

    kind: Kind
    apex_s: float
    clear: bool


def find_other_flights(
    recording: Recording,
    com_px: FloatArray,
    jumps: Sequence[Flight],
    gait_s: Sequence[tuple[float, float]],
    settings: JumpSettings,
) -> tuple[OtherFlight, ...]:
    """Return the flights of a recording that are neither vertical jumps nor steps, in order of time.

    Parameters
    ----------
    recording
        The movement.
    com_px
        Centre of mass, pixels, shape (T, 2); NaN is missing.
    jumps
        The vertical jumps.
    gait_s
        Beginning and end of every bout of walking or running, s.
    settings
        What counts as a jump.
    """
    taken = [(jump.take_off_s, jump.landing_s) for jump in jumps] + list(gait_s)
    found = [
        flight
        for body in bodies_of(recording, com_px)
        for flight in _of_body(body, recording.height_m or USUAL_HEIGHT_M, settings)
        if not any(start_s <= flight.apex_s <= end_s for start_s, end_s in taken)
    ]
    return _without_running(found)


def _of_body(body: Body, height_m: float, settings: JumpSettings) -> list[OtherFlight]:
    from scipy.signal import find_peaks

    lower = heights_over_floor(body, settings).min(axis=1)  # 0 while a foot is on the floor
    window = max(3, 2 * round(settings.max_flight_s / frame_period_s(body.times_s)) + 1)
    peaks, facts = find_peaks(lower, prominence=_WEAK_LIFT_BH, wlen=window)
    valleys = [int(first + np.argmin(lower[first:last])) for first, last in pairwise(peaks.tolist())]
    found: list[OtherFlight] = []
    for k, peak in enumerate(peaks.tolist()):
        bases = (
            max(int(facts["left_bases"][k]), valleys[k - 1] if k else 0),
            min(int(facts["right_bases"][k]), valleys[k] if k < len(valleys) else len(lower)),
        )
        rise = float(lower[peak] - max(lower[bases[0]], lower[bases[1]]))
        inside = _above(lower, peak, float(lower[peak]) - rise / 2, bases)
        if not _flies(body, inside, bases, rise, height_m):
            continue
        way, time_s = np.ptp(body.across[inside]), np.ptp(body.times_s[inside])
        kind: Kind = "leap" if way >= _TRAVEL_BH_S * time_s > 0 else "hop"
        clear = rise >= _LIFT_BH and rise >= _FLOOR_SHARE * lower[peak]
        found.append(OtherFlight(kind, float(body.times_s[peak]), bool(clear)))
    return found


def _above(values: FloatArray, peak: int, level: float, bases: tuple[int, int]) -> slice:
    """Return the frames around a peak that are above a level."""
    before = np.flatnonzero(values[bases[0] : peak] <= level)
    after = np.flatnonzero(values[peak : bases[1] + 1] <= level)
    start = bases[0] + int(before[-1]) + 1 if len(before) else bases[0]
    return slice(start, peak + int(after[0]) if len(after) else bases[1] + 1)


def _flies(body: Body, inside: slice, bases: tuple[int, int], rise: float, height_m: float) -> bool:
    """Return whether the whole body rises with the feet and falls about as fast as gravity makes it."""
    if float(body.mass[inside].max() - body.mass[list(bases)].max()) < _BODY_SHARE * rise:
        return False
    middle = (inside.start + inside.stop) // 2
    reach = max(2, (inside.stop - inside.start) // 2)
    frames = slice(max(middle - reach, 0), middle + reach + 1)
    times_s = body.times_s[frames] - body.times_s[middle]
    curve = float(np.polyfit(times_s, body.mass[frames], 2)[0]) if len(times_s) > 3 else 0.0
    ratio = -2.0 * curve * height_m / GRAVITY_M_S2
    return _GRAVITY_RATIO[0] <= ratio <= _GRAVITY_RATIO[1]


def _without_running(found: Sequence[OtherFlight]) -> tuple[OtherFlight, ...]:
    """Return the flights without runs of leaps that follow each other as quickly as steps do."""
    kept: list[OtherFlight] = []
    chain: list[OtherFlight] = []
    for flight in (*found, OtherFlight("hop", float("inf"), False)):
        if chain and (flight.kind != "leap" or flight.apex_s - chain[-1].apex_s > _RUN_STEP_S):
            kept += chain if len(chain) < _RUN_STEPS else []
            chain = []
        if flight.kind == "leap":
            chain.append(flight)
        else:
            kept.append(flight)
    return tuple(kept[:-1])

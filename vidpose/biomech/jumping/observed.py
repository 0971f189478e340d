"""Whether jumps, hops and leaps could have been seen: a count, and above all a count of zero, claims that they were."""

from __future__ import annotations

from typing import Final

import numpy as np

from vidpose.biomech.gaps import contiguous_runs
from vidpose.biomech.jumping.flight import JUMP_POINTS, JumpSettings, bodies_of, heights_over_floor
from vidpose.biomech.metrics.recording import Recording
from vidpose.biomech.points import named_points
from vidpose.types.arrays import BoolArray, FloatArray

_MIN_OBSERVED_SHARE: Final = 0.5  # of the frames with the person, ours, as for views
_FALL_S: Final = 0.15
"""Hips and feet that all sink by :data:`_FALL_BH` within this time, s, fall (ours)."""
_FALL_BH: Final = 0.15
"""Body heights. Ours: 1.75 m/s on average, a fall of 0.3 m; walkers' and runners' hips sink by 0.05, those of a person
who squats move away from the feet."""


def why_uncounted(recording: Recording, com_px: FloatArray, settings: JumpSettings) -> str:
    """Return why jumps, hops and leaps cannot be counted, or an empty string when they can.

    Feet, trunk and centre of mass must be known together in half of the frames with the person, once for as long as
    the shortest flight with its take-off and landing takes, and never be unknown for so long in between (ours): a
    flight could hide there.

    Parameters
    ----------
    recording
        The movement.
    com_px
        Centre of mass, pixels, shape (T, 2); NaN is missing.
    settings
        What counts as a jump.
    """
    least_s = settings.min_flight_s + 2.0 * settings.max_uneven_s
    times_s, stretch = recording.times_s, recording.filtered.stretch
    known = np.all(np.isfinite(named_points(recording.filtered.image_px, JUMP_POINTS)), axis=(1, 2))
    there, seen = stretch >= 0, known & np.all(np.isfinite(com_px), axis=1)
    longest_s, observed_s = (
        max((float(np.ptp(times_s[run])) for run in contiguous_runs(frames, stretch)), default=0.0)
        for frames in (there, seen)
    )
    if longest_s < least_s:
        return "too_short"
    if observed_s < least_s or seen.sum() < _MIN_OBSERVED_SHARE * there.sum():
        return "low_confidence"
    if len(np.unique(stretch[there])) > 1:
        return "interrupted"
    return "low_confidence" if _longest_gap_s(seen, times_s) >= least_s else ""


def _longest_gap_s(seen: BoolArray, times_s: FloatArray) -> float:
    """Return the longest time between two frames that are seen."""
    return float(np.max(np.diff(times_s[seen]), initial=0.0))


def why_unseen(recording: Recording, com_px: FloatArray, settings: JumpSettings) -> str:
    """Return why there may have been a flight although none was found, or an empty string.

    A body that falls has left the floor: a drop, a somersault, a leap, or a jump whose take-off or landing was not
    seen. Where both feet are above the floor for longer than any flight, the floor itself is not known: the person
    walks towards the camera or away from it, and its level in the image changes.

    Parameters
    ----------
    recording, com_px, settings
        As for :func:`why_uncounted`.
    """
    if _falls(recording):
        return "no_events"
    for body in bodies_of(recording, com_px):
        aloft = heights_over_floor(body, settings).min(axis=1) > settings.lift_bh
        for run in contiguous_runs(aloft, np.zeros(len(aloft), dtype=np.int64)):
            if float(np.ptp(body.times_s[run])) > settings.max_flight_s:
                return "scale"
    return ""


def _falls(recording: Recording) -> bool:
    """Return whether hips, heels and toes once sink together as fast as only gravity makes them."""
    down = named_points(recording.filtered.image_px, JUMP_POINTS[:5])[:, :, 1] / recording.body_height_px
    times_s, stretch = recording.times_s, recording.filtered.stretch
    later = np.minimum(np.searchsorted(times_s, times_s + _FALL_S), len(times_s) - 1)
    with np.errstate(invalid="ignore"):
        sunk = (down[later] - down >= _FALL_BH).all(axis=1)  # False for NaN
    in_time = times_s[later] - times_s <= 1.5 * _FALL_S  # not across a gap
    return bool((sunk & in_time & (stretch[later] == stretch)).any())

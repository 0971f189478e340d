"""One joint's two sides compared: indices of quantities per cycle, their level, and the curves."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from vidpose.biomech.metrics.metric import Outcome
from vidpose.biomech.smoothness.profiles import over_cycles
from vidpose.biomech.smoothness.series import AngleTrace
from vidpose.biomech.symmetry.curves import Alignment, align
from vidpose.biomech.symmetry.indices import Side
from vidpose.types.arrays import BoolArray, FloatArray, IntArray

CAUTION_SHARE: Final = 0.10
LARGE_SHARE: Final = 0.15
"""Symmetry index of the range of motion that is called noticeable, and large: 10 and 15 % are the usual limits, the
latter "suggested as injury-risk indicator" (ISBS 2018). Conventions, not diagnoses."""
_Z95: Final = 1.96
_MOVES_FACTOR: Final = 2.0  # a joint moves when its range is twice the least difference that counts (ours)
_ALIKE: Final = 0.7  # correlation from which on two curves have a lag rather than a different shape (ours)
_INDEPENDENT_HZ: Final = 10.0  # samples of filtered landmark noise that are independent, per second (ours)


@dataclass(frozen=True, slots=True)
class ComparedSides:
    """The two sides of one joint.

    Attributes
    ----------
    times_s
        Seconds, shape (T,).
    right, left
        The same angle of both sides.
    both
        True where both are valid and the view shows both, shape (T,).
    run
        The longest uninterrupted run of such frames.
    cycles
        First and last frame of the cycles that lie in such frames, shape (n, 2); the run counts as one without any.
    least_rad
        Smaller differences of the angle are below the noise, rad.
    noise_factor
        A difference must exceed its standard error by this factor.
    """

    times_s: FloatArray
    right: AngleTrace
    left: AngleTrace
    both: BoolArray
    run: slice
    cycles: IntArray
    least_rad: float
    noise_factor: float

    @property
    def pieces(self) -> IntArray:
        """The cycles, or the run where there are none, shape (n, 2)."""
        return self.cycles if len(self.cycles) else np.array([[self.run.start, self.run.stop - 1]])

    @property
    def span_s(self) -> tuple[float, float]:
        """Time from the first to the last frame that is compared, s."""
        return float(self.times_s[self.pieces[0, 0]]), float(self.times_s[self.pieces[-1, 1]])

    @property
    def noise_rad(self) -> tuple[float, float]:
        """Standard deviation of one frame's angle on the right and on the left, NaN when unknown."""
        right, left = (_median(side.precision_rad[self.both]) for side in (self.right, self.left))
        return right, left

    @property
    def piece_s(self) -> float:
        """Median duration of the pieces, s."""
        return float(np.median(self.times_s[self.pieces[:, 1]] - self.times_s[self.pieces[:, 0]]))


@dataclass(frozen=True, slots=True)
class ComparedQuantity:
    """What is compared of every cycle.

    Attributes
    ----------
    key, label, what
        In identifiers; for people; in definitions, with ``{joint}``.
    min_rate_hz
        Lowest frame rate, Hz.
    of_cycles
        Its values, shape (n, 2): right, left.
    noise
        Its standard deviation from that of one frame's angle and the duration of a cycle.
    least
        Its least difference from that of an angle and the duration of a cycle.
    """

    key: str
    label: str
    what: str
    min_rate_hz: float
    of_cycles: Callable[[ComparedSides], FloatArray]
    noise: Callable[[float, float], float]
    least: Callable[[float, float], float]


@dataclass(frozen=True, slots=True)
class Index:
    """How the difference between two sides is expressed.

    Attributes
    ----------
    key, label, formula, source
        In identifiers; for people.
    of
        Value and standard error from both sides and the values of every cycle.
    one_sign
        Whether it needs a quantity that is positive on both sides.
    """

    key: str
    label: str
    formula: str
    source: str
    of: Callable[[Side, Side, FloatArray], tuple[float, float]]
    one_sign: bool = False


def ranges_of_motion(sides: ComparedSides) -> FloatArray:
    """Return largest minus smallest angle of every cycle, rad, shape (n, 2): right, left."""
    values = _angles(sides)
    return peaks(sides) - over_cycles(np.minimum, values, sides.pieces)


def peaks(sides: ComparedSides) -> FloatArray:
    """Return the largest angle of every cycle, rad, shape (n, 2): right, left."""
    return over_cycles(np.maximum, _angles(sides), sides.pieces)


def mean_speeds(sides: ComparedSides) -> FloatArray:
    """Return the mean absolute angular velocity of every cycle, rad/s, shape (n, 2): right, left."""
    speeds = np.abs(np.stack([sides.right.velocity_rad_s, sides.left.velocity_rad_s], axis=1))
    pieces = sides.pieces
    n_frames = (pieces[:, 1] - pieces[:, 0] + 1)[:, None]
    return over_cycles(np.add, speeds, pieces) / n_frames


def side_index(sides: ComparedSides, quantity: ComparedQuantity, index: Index) -> Outcome:
    """Return an index of how far a quantity differs between the sides.

    Parameters
    ----------
    sides
        The two sides.
    quantity, index
        What is compared, and how.
    """
    if not _moved(sides).any():
        return Outcome(reason="not_moving")
    if len(sides.cycles) == 0:  # extremes of one movement that does not come back hang on single frames
        return Outcome(reason="not_cyclic")
    values, least = quantity.of_cycles(sides), quantity.least(sides.least_rad, sides.piece_s)
    right, left = (
        _mean_of(values[:, column], quantity.noise(noise_rad, sides.piece_s))
        for column, noise_rad in enumerate(sides.noise_rad)
    )
    error = float(np.hypot(right.error, left.error))
    if not math.isfinite(error):  # one cycle, at a rate that the filter cannot tell the noise by: nothing was assessed
        return Outcome(reason="frame_rate")
    difference = abs(right.value - left.value)
    if not (difference >= least and difference > sides.noise_factor * error):
        return Outcome(reason="below_noise")
    if index.one_sign and (right.value * left.value < 0 or right.value + left.value < least):
        return Outcome(reason="undefined")
    value, standard_error = index.of(right, left, values)
    return _outcome(value, _Z95 * standard_error, len(values))


def level(sides: ComparedSides, quantity: ComparedQuantity, index: Index) -> Outcome:
    """Return how large the difference is: 0, 1 from :data:`CAUTION_SHARE` on, 2 from :data:`LARGE_SHARE` on."""
    found = side_index(sides, quantity, index)
    if found.reason == "below_noise":
        return Outcome(0.0, n=len(sides.pieces))
    if found.reason:
        return found
    size = abs(found.value)
    return replace(found, value=float(size >= CAUTION_SHARE) + float(size >= LARGE_SHARE), uncertainty=math.nan)


def lag(sides: ComparedSides) -> Outcome:
    """Return how much later the right side is than the pattern of the movement implies, s."""
    aligned = _aligned(sides)
    if isinstance(aligned, str):
        return Outcome(reason=aligned)
    if aligned.correlation < _ALIKE:
        return Outcome(reason="undefined")
    even_s, right, _ = _even_curves(sides)
    speed_rad_s = float(np.sqrt(np.mean(np.gradient(right, even_s) ** 2)))
    independent = max(1.0, _INDEPENDENT_HZ * float(even_s[-1] - even_s[0]))
    error = _Z95 * float(np.hypot(*sides.noise_rad)) / speed_rad_s / float(np.sqrt(independent))
    return _outcome(aligned.lag_s, error, aligned.n)


def curve_distance(sides: ComparedSides) -> Outcome:
    """Return the root mean square difference between the two curves, rad."""
    aligned = _aligned(sides)
    if isinstance(aligned, str):
        return Outcome(reason=aligned)
    noise_rad = float(np.hypot(*sides.noise_rad))
    if not math.isfinite(noise_rad):
        return Outcome(reason="frame_rate")
    if aligned.difference_rad < max(sides.least_rad, sides.noise_factor * noise_rad):
        return Outcome(reason="below_noise")
    return _outcome(aligned.difference_rad, math.nan, aligned.n)


def _angles(sides: ComparedSides) -> FloatArray:
    return np.stack([sides.right.values_rad, sides.left.values_rad], axis=1)


def _moved(sides: ComparedSides) -> BoolArray:
    """Return which side moves, shape (2,): right, left."""
    moved: BoolArray = ranges_of_motion(sides).mean(axis=0) >= _MOVES_FACTOR * sides.least_rad
    return moved


def _mean_of(values: FloatArray, noise: float) -> Side:
    """Return the mean over cycles and its standard error: the scatter between cycles, at least the angles' noise.

    NaN as error when neither is known.
    """
    scatter = float(np.std(values, ddof=1)) if len(values) > 1 else math.nan
    return Side(float(values.mean()), float(np.fmax(scatter, noise) / np.sqrt(len(values))))


def _even_curves(sides: ComparedSides) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return evenly spaced times of the run, s, and the right and the left angle at them, rad, each of shape (n,)."""
    times_s = sides.times_s[sides.run]
    even_s = np.linspace(times_s[0], times_s[-1], len(times_s))
    right, left = (np.interp(even_s, times_s, one.values_rad[sides.run]) for one in (sides.right, sides.left))
    return even_s, right, left


def _aligned(sides: ComparedSides) -> Alignment | str:
    """Return how the two curves are aligned, or why this cannot be determined."""
    if not _moved(sides).all():
        return "not_moving"
    even_s, right, left = _even_curves(sides)
    rate_hz = (len(even_s) - 1) / float(even_s[-1] - even_s[0])
    return align(right, left, rate_hz, _cycle_s(sides)) or "too_short"


def _cycle_s(sides: ComparedSides) -> float:
    """Return the time from cycle to cycle, s; NaN for fewer than three, which do not make a rhythm."""
    cycles = sides.cycles
    return float(np.median(np.diff(sides.times_s[cycles].mean(axis=1)))) if len(cycles) >= 3 else math.nan


def _outcome(value: float, uncertainty: float, n: int) -> Outcome:
    return Outcome(value, uncertainty, n) if math.isfinite(value) else Outcome(reason="undefined")


def _median(values: FloatArray) -> float:
    known = values[np.isfinite(values)]
    return float(np.median(known)) if len(known) else math.nan

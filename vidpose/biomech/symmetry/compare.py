"""One joint's two sides compared: quantities per cycle, indices above the noise, and the curves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from vidpose.biomech.smoothness.profiles import over_cycles
from vidpose.biomech.smoothness.series import AngleTrace
from vidpose.biomech.symmetry.curves import align
from vidpose.biomech.symmetry.indices import Side, normalised_index, robinson, symmetry_angle
from vidpose.biomech.symmetry.symmetry_metrics import CAUTION_SHARE, INDICES, LARGE_SHARE, QUANTITIES
from vidpose.types.arrays import BoolArray, FloatArray, IntArray

_KEYS: Final = (*(f"{quantity[0]}_{index[0]}" for quantity in QUANTITIES for index in INDICES), "level", "lag", "rmse")
_Z95: Final = 1.96
_MOVES_FACTOR: Final = 2.0  # a joint moves when its range is twice the least difference that counts (ours)
_LIKE: Final = 0.7  # correlation from which on two curves have a lag rather than a different shape (ours)
_INDEPENDENT_HZ: Final = 10.0  # samples of filtered landmark noise that say something new, per second (ours)


@dataclass(frozen=True, slots=True)
class Number:
    """A value with its uncertainty and the number of cycles or samples behind it, or a reason."""

    value: float = float("nan")
    uncertainty: float = float("nan")
    n: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Compared:
    """What is compared.

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
    """

    times_s: FloatArray
    right: AngleTrace
    left: AngleTrace
    both: BoolArray
    run: slice
    cycles: IntArray

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


def compare(seen: Compared, min_difference_deg: float, noise_factor: float) -> dict[str, Number]:
    """Return every number of one joint by the key behind its name.

    Parameters
    ----------
    seen
        The two sides.
    min_difference_deg
        Smaller differences are below the noise.
    noise_factor
        A difference must exceed its standard error by this factor.
    """
    least_rad = float(np.deg2rad(min_difference_deg))
    piece_s = float(np.median(seen.times_s[seen.pieces[:, 1]] - seen.times_s[seen.pieces[:, 0]]))
    per_cycle = _quantities(seen)
    if per_cycle["rom"].mean(axis=0).max() < _MOVES_FACTOR * least_rad:
        return dict.fromkeys(_KEYS, Number(reason="not_moving"))
    made = _curves(seen, per_cycle["rom"], (least_rad, noise_factor))
    if len(seen.cycles) == 0:  # extremes of one movement that does not come back hang on single frames
        return dict.fromkeys(_KEYS, Number(reason="not_cyclic")) | made
    noise = {
        "rom": [np.sqrt(2.0) * one for one in seen.noise_rad],  # the difference of two extremes
        "peak": list(seen.noise_rad),
        "speed": [2.0 * np.sqrt(2.0) * one / piece_s for one in seen.noise_rad],  # there and back
    }
    least = {"rom": least_rad, "peak": least_rad, "speed": 2.0 * least_rad / piece_s}
    for quantity, values in per_cycle.items():
        sides = [_mean_of(values[:, column], noise[quantity][column]) for column in range(2)]
        found = _indices(sides, values, least[quantity], noise_factor)
        made |= {f"{quantity}_{index}": number for index, number in found.items()}
    made["level"] = _level(made["rom_robinson"], len(seen.pieces))
    return made


def _quantities(seen: Compared) -> dict[str, FloatArray]:
    """Return range, peak and mean speed of every cycle, each of shape (n, 2): right, left."""
    values = np.stack([seen.right.values_rad, seen.left.values_rad], axis=1)
    speeds = np.abs(np.stack([seen.right.velocity_rad_s, seen.left.velocity_rad_s], axis=1))
    pieces = seen.pieces
    highest = over_cycles(np.maximum, values, pieces)
    n_frames = (pieces[:, 1] - pieces[:, 0] + 1)[:, None]
    return {
        "rom": highest - over_cycles(np.minimum, values, pieces),
        "peak": highest,
        "speed": over_cycles(np.add, speeds, pieces) / n_frames,
    }


def _mean_of(values: FloatArray, noise: float) -> Side:
    """Return the mean over cycles and its standard error: the scatter between cycles, at least the angles' noise.

    NaN as error when neither is known.
    """
    scatter = float(np.std(values, ddof=1)) if len(values) > 1 else float("nan")
    return Side(float(values.mean()), float(np.fmax(scatter, noise) / np.sqrt(len(values))))


def _indices(sides: list[Side], values: FloatArray, least: float, noise_factor: float) -> dict[str, Number]:
    right, left = sides
    difference = abs(right.value - left.value)
    n = len(values)
    error = float(np.hypot(right.error, left.error))
    if not np.isfinite(error):  # one cycle, at a rate that the filter cannot tell the noise by: nothing was assessed
        return dict.fromkeys(("robinson", "angle", "nsi"), Number(n=n, reason="frame_rate"))
    if not (difference >= least and difference > noise_factor * error):
        return dict.fromkeys(("robinson", "angle", "nsi"), Number(n=n, reason="below_noise"))
    indices = {
        "robinson": robinson(right, left),
        "angle": symmetry_angle(right, left),
        "nsi": normalised_index(right, left, float(values.min()), float(values.max())),
    }
    made = {key: _number(value, _Z95 * error, n) for key, (value, error) in indices.items()}
    if right.value * left.value < 0 or right.value + left.value < least:
        made["robinson"] = Number(n=n, reason="undefined")
    return made


def _level(index: Number, n: int) -> Number:
    if index.reason == "below_noise":
        return Number(0.0, n=n)
    if index.reason:
        return index
    size = abs(index.value)
    return Number(float(size >= CAUTION_SHARE) + float(size >= LARGE_SHARE), n=n)


def _curves(seen: Compared, ranges_rad: FloatArray, limits: tuple[float, float]) -> dict[str, Number]:
    least_rad, noise_factor = limits
    moved = ranges_rad.mean(axis=0) >= _MOVES_FACTOR * least_rad
    if not moved.all():
        return dict.fromkeys(("lag", "rmse"), Number(reason="not_moving"))
    times_s = seen.times_s[seen.run]
    even_s = np.linspace(times_s[0], times_s[-1], len(times_s))
    right, left = (np.interp(even_s, times_s, one.values_rad[seen.run]) for one in (seen.right, seen.left))
    rate_hz = (len(even_s) - 1) / float(even_s[-1] - even_s[0])
    aligned = align(right, left, rate_hz, _cycle_s(seen))
    if aligned is None:
        return dict.fromkeys(("lag", "rmse"), Number(reason="too_short"))
    noise_rad = float(np.hypot(*seen.noise_rad))
    speed_rad_s = float(np.sqrt(np.mean(np.gradient(right, even_s) ** 2)))
    independent = max(1.0, _INDEPENDENT_HZ * float(even_s[-1] - even_s[0]))
    lag = Number(n=aligned.n, reason="undefined")
    if aligned.correlation >= _LIKE:
        lag = _number(aligned.lag_s, _Z95 * noise_rad / speed_rad_s / float(np.sqrt(independent)), aligned.n)
    if not np.isfinite(noise_rad):
        return {"lag": lag, "rmse": Number(n=aligned.n, reason="frame_rate")}
    if aligned.difference_rad < max(least_rad, noise_factor * noise_rad):
        return {"lag": lag, "rmse": Number(n=aligned.n, reason="below_noise")}
    return {"lag": lag, "rmse": _number(aligned.difference_rad, float("nan"), aligned.n)}


def _cycle_s(seen: Compared) -> float:
    """Return the time from cycle to cycle, s; NaN for fewer than three, which do not make a rhythm."""
    cycles = seen.cycles
    if len(cycles) < 3:
        return float("nan")
    return float(np.median(np.diff(seen.times_s[cycles].mean(axis=1))))


def _number(value: float, uncertainty: float, n: int) -> Number:
    return Number(value, uncertainty, n) if np.isfinite(value) else Number(n=n, reason="undefined")


def _median(values: FloatArray) -> float:
    known = values[np.isfinite(values)]
    return float(np.median(known)) if len(known) else float("nan")

"""The filters that MediaPipe's graph applies to landmarks, on its own clock.

Sources: Casiez, Roussel and Vogel, "1€ filter" (CHI 2012); MediaPipe's ``one_euro_filter.cc`` and
``low_pass_filter.cc``. The Python solution tells its graph that 33 333 µs pass from frame to frame, whatever the
video's rate, and so does this module: the filters have to reproduce the graph, not real time. Only where frames are
skipped on purpose, which the graph cannot do, a step states how many of those periods it spans.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from vidpose.types.arrays import FloatArray

FRAME_PERIOD_S: Final = 33_333e-6


@dataclass(frozen=True, slots=True)
class OneEuroSettings:
    """Cut-off at rest (Hz), growth of the cut-off with speed (Hz per unit of scaled speed), cut-off of the speed."""

    min_cutoff_hz: float
    beta: float
    speed_cutoff_hz: float = 1.0


class OneEuro:
    """One-Euro filter over an array of values, one step per frame that is estimated."""

    def __init__(self, settings: OneEuroSettings) -> None:
        self._settings = settings
        self._raw: FloatArray | None = None
        self._value: FloatArray | None = None
        self._speed: FloatArray | None = None

    def reset(self) -> None:
        """Discard all values."""
        self._raw = self._value = self._speed = None

    def step(self, raw: FloatArray, scale: float = 1.0, n_periods: float = 1.0) -> FloatArray:
        """Return the filtered values.

        Parameters
        ----------
        raw
            The frame's values, any shape, the same at every step.
        scale
            Makes speeds comparable: one over the size of the body, in the unit of the values.
        n_periods
            Time since the step before, in :data:`FRAME_PERIOD_S`.
        """
        settings = self._settings
        if self._raw is None or self._value is None or self._speed is None:
            self._raw, self._value, self._speed = raw, raw, np.zeros_like(raw)
            return raw
        period_s = n_periods * FRAME_PERIOD_S
        speed = (raw - self._raw) * (scale / period_s)
        share = _share(settings.speed_cutoff_hz, period_s)
        self._speed = share * speed + (1.0 - share) * self._speed
        cutoff_hz = settings.min_cutoff_hz + settings.beta * np.abs(self._speed)
        shares = _shares(cutoff_hz, period_s)
        self._raw, self._value = raw, shares * raw + (1.0 - shares) * self._value
        return self._value

    def export(self) -> list[Any] | None:
        """Return the state as plain JSON values; None when there is none."""
        if self._raw is None or self._value is None or self._speed is None:
            return None
        return [self._raw.tolist(), self._value.tolist(), self._speed.tolist()]

    def restore(self, state: list[Any] | None) -> None:
        """Continue from an exported state."""
        self.reset()
        if state is not None:
            self._raw, self._value, self._speed = (np.asarray(part, dtype=np.float64) for part in state)


class LowPass:
    """Exponential average with a fixed share of the new value per :data:`FRAME_PERIOD_S`."""

    def __init__(self, share: float) -> None:
        self._share = share
        self._value: FloatArray | None = None

    def reset(self) -> None:
        """Discard the average."""
        self._value = None

    def step(self, raw: FloatArray, n_periods: float = 1.0) -> FloatArray:
        """Return the average including the frame's values; see :meth:`OneEuro.step`."""
        kept = (1.0 - self._share) ** n_periods
        share = self._share if n_periods == 1.0 else 1.0 - kept  # 1 - (1 - share) is not the share to the last bit
        self._value = raw if self._value is None else share * raw + kept * self._value
        return self._value

    def export(self) -> list[Any] | None:
        """Return the state as plain JSON values; None when there is none."""
        return None if self._value is None else self._value.tolist()

    def restore(self, state: list[Any] | None) -> None:
        """Continue from an exported state."""
        self._value = None if state is None else np.asarray(state, dtype=np.float64)


def _share(cutoff_hz: float, period_s: float) -> float:
    """Return the share of the new value in a first-order low-pass with this cut-off."""
    return 1.0 / (1.0 + 1.0 / (2.0 * math.pi * cutoff_hz * period_s))


def _shares(cutoff_hz: FloatArray, period_s: float) -> FloatArray:
    shares: FloatArray = 1.0 / (1.0 + 1.0 / (2.0 * math.pi * period_s * cutoff_hz))
    return shares

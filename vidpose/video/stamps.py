"""Strictly increasing time stamps, by the same rule when a file is indexed and when it is decoded.

The rule: a stamp that is not later than the one before becomes the one before plus one tick. It leaves all correct
stamps unchanged, assumes no rate, and moves a frame by as little as the time base allows.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Final

import numpy as np

from vidpose.types.arrays import IntArray
from vidpose.types.findings import Finding
from vidpose.types.video import Timing, VideoSource

DEFAULT_RATE_HZ: Final[Fraction] = Fraction(25)
"""Frame rate when a stream states none; ffmpeg's default."""
_SANE_RATES_HZ: Final[tuple[int, int]] = (1, 1000)
# Ours: up to this share of packets may lack a stamp (the second field of a frame, a broken packet); the stamps of the
# others are still used.
_MAX_MISSING_SHARE: Final[float] = 0.1
# Ours: when half of the stamps have to be repaired, none is used.
_MAX_REPAIRED_SHARE: Final[float] = 0.5


@dataclass(frozen=True, slots=True)
class StreamStamps:
    """Timing information of a demuxed stream.

    Attributes
    ----------
    pts
        Presentation stamps of the shown packets that have one, in the order of the file, ticks.
    n_frames
        Number of shown packets.
    dts_falls
        Whether decoding stamps decrease somewhere: recordings were joined, so stamps cannot be sorted.
    has_clock
        False for formats without time stamps, such as raw H.264.
    rate_hz
        Frame rate that the stream states, None when it states none.
    time_base
        Seconds per tick.
    """

    pts: IntArray
    n_frames: int
    dts_falls: bool
    has_clock: bool
    rate_hz: Fraction | None
    time_base: Fraction


@dataclass(frozen=True, slots=True)
class SettledStamps:
    """The stamps used from here on: strictly increasing ticks, and how they were obtained."""

    pts: IntArray
    timing: Timing
    assumed_period: int
    findings: tuple[Finding, ...]


class Stamper:
    """Gives each decoded frame its stamp."""

    def __init__(self, source: VideoSource) -> None:
        self._assumed_period = source.assumed_period if source.timing == "assumed" else 0
        self._last: int | None = None
        self._n_stamped = 0

    @property
    def upcoming(self) -> int:
        """Stamp of the next frame when stamps are assumed, ticks."""
        return self._n_stamped * self._assumed_period

    def stamp(self, pts: int | None) -> tuple[int, bool]:
        """Return the stamp of the next frame, ticks, and whether it was repaired."""
        if self._assumed_period:
            self._n_stamped += 1
            return (self._n_stamped - 1) * self._assumed_period, False
        fits = pts is not None and (self._last is None or pts > self._last)
        if fits and pts is not None:
            self._last = pts
        else:
            self._last = 0 if self._last is None else self._last + 1
        return self._last, not fits


def settle_stamps(stream: StreamStamps) -> SettledStamps:
    """Return the time stamps of a stream's frames, as stated, repaired or assumed.

    Parameters
    ----------
    stream
        The demuxed stream.

    Returns
    -------
    SettledStamps
        One stamp per shown frame. When the file has no usable stamps, frame k gets k periods.
    """
    present = np.sort(stream.pts)
    n_missing = stream.n_frames - len(present)
    if not stream.has_clock or n_missing > _MAX_MISSING_SHARE * stream.n_frames:
        return _assumed(stream, "timestamps_assumed", "the stream carries no presentation time stamps")
    if stream.dts_falls:
        return _assumed(stream, "timestamps_repaired", "decoding times decrease within the stream")
    increasing, n_repaired = _increasing(present)
    if n_repaired > _MAX_REPAIRED_SHARE * len(present):
        reason = f"{n_repaired} of {len(present)} time stamps do not increase"
        return _assumed(stream, "timestamps_assumed", reason)
    findings: tuple[Finding, ...] = ()
    if n_repaired:
        message = (
            f"{n_repaired} of {len(present)} time stamps did not increase; each was set one tick after the one before"
        )
        findings = (Finding("timestamps_repaired", message, details={"n_repaired": n_repaired}),)
    return SettledStamps(increasing, "container", 0, findings)


def _increasing(ordered: IntArray) -> tuple[IntArray, int]:
    """Apply the rule to stamps in display order; also return how many were changed."""
    places = np.arange(len(ordered))
    stamps: IntArray = np.maximum.accumulate(ordered - places) + places
    return stamps, int(np.count_nonzero(stamps != ordered))


def _assumed(stream: StreamStamps, code: str, reason: str) -> SettledStamps:
    low, high = _SANE_RATES_HZ
    known = stream.rate_hz is not None and low <= stream.rate_hz <= high
    rate_hz = stream.rate_hz if known and stream.rate_hz is not None else DEFAULT_RATE_HZ
    period = max(1, round(1 / (rate_hz * stream.time_base)))
    message = f"{reason}; {float(rate_hz):g} frames per second assumed{'' if known else ' (the stream states no rate)'}"
    finding = Finding(code, message, details={"rate_hz": float(rate_hz), "rate_known": known})
    return SettledStamps(np.arange(stream.n_frames) * period, "assumed", period, (finding,))

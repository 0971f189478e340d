"""The entries of ``exports.json``: one for each file that was written or could not be."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

import numpy as np

from vidpose.results.exports.resampling import UniformTimes
from vidpose.types.arrays import ByteArray
from vidpose.types.metrics import REASONS

TimeSpan = tuple[float, float]


@dataclass(frozen=True, slots=True)
class FileNote:
    """One file.

    Attributes
    ----------
    file
        Its name.
    kind
        Its format.
    person
        Number of the person; None for a file about all people.
    content
        What the numbers are.
    unit
        Their unit.
    rows
        Number of samples.
    rate_hz
        Samples per second; None where the times are those of the frames.
    resampled
        Whether samples are interpolated between frames; else row k is a frame of the video.
    first_frame
        Number of the first row's frame, from 0; None when resampled.
    span_s
        Time of the first and of the last row.
    names
        The series in the file.
    absent
        Series that are not in it, with their usual status, in the words of the tables.
    gap_free_s
        First and last time of every stretch in which no series has a gap.
    """

    file: str
    kind: str
    person: int | None
    content: str
    unit: str
    rows: int
    rate_hz: float | None = None
    resampled: bool = False
    first_frame: int | None = None
    span_s: TimeSpan | None = None
    names: tuple[str, ...] = ()
    absent: dict[str, str] = field(default_factory=dict)
    gap_free_s: tuple[TimeSpan, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return plain JSON values."""
        return dataclasses.asdict(self)


@dataclass(frozen=True, slots=True)
class AbsentFile:
    """A requested file that cannot be written; ``reason`` is a key of :data:`~vidpose.types.metrics.REASONS`."""

    file: str
    kind: str
    person: int | None
    reason: str

    def as_dict(self) -> dict[str, Any]:
        """Return plain JSON values, with the meaning of the reason."""
        return dataclasses.asdict(self) | {"meaning": REASONS[self.reason]}


def spans_s(uniform: UniformTimes, runs: Sequence[slice]) -> tuple[TimeSpan, ...]:
    """Return the first and the last time of each run of samples, s."""
    times = [uniform.at_s(run) for run in runs]
    return tuple((round(float(run[0]), 6), round(float(run[-1]), 6)) for run in times)


def usual_status(status: ByteArray, codes: type[IntEnum], given: Sequence[IntEnum]) -> str:
    """Return the most frequent of the status codes that mean "no value", as a word of the tables.

    Parameters
    ----------
    status
        Codes, shape (n,).
    codes
        What they mean.
    given
        Those that mean that there is a value.
    """
    counts = np.bincount(status, minlength=len(codes))
    counts[list(given)] = 0
    return codes(int(counts.argmax())).name.lower()

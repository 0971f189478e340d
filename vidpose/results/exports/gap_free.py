"""Stretches without any gap, for formats and programs that know no missing value."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from vidpose.biomech.gaps import contiguous_runs
from vidpose.results.exports.export_settings import ExportSettings
from vidpose.results.exports.resampling import UniformTimes
from vidpose.types.arrays import BoolArray, FloatArray, IntArray


@dataclass(frozen=True, slots=True)
class GapFree:
    """What can be written without gaps.

    Attributes
    ----------
    columns
        Numbers of the series that are there most of the time.
    dropped
        Numbers of the others.
    runs
        Consecutive samples in which all of ``columns`` are there.
    """

    columns: tuple[int, ...]
    dropped: tuple[int, ...]
    runs: tuple[slice, ...]


def gap_free(valid: BoolArray, label: IntArray, rate_hz: float, settings: ExportSettings) -> GapFree:
    """Choose the series that are there most of the time and find where all of them are.

    Parameters
    ----------
    valid
        True where a series has a value, shape (T, n).
    label
        Stretch of every sample, shape (T,); a run ends where it changes.
    rate_hz
        Samples per second.
    settings
        What "most of the time" is, and the shortest run.
    """
    present = valid.any(axis=1)
    share = valid.sum(axis=0) / max(int(present.sum()), 1)
    kept = np.flatnonzero(share >= settings.min_valid_share)
    dropped = np.flatnonzero(share < settings.min_valid_share)
    complete = np.all(valid[:, kept], axis=1) if len(kept) else np.zeros(len(valid), np.bool_)
    shortest = max(2, int(np.ceil(settings.min_run_s * rate_hz)))  # one row is no motion
    runs = tuple(run for run in contiguous_runs(complete, label) if run.stop - run.start >= shortest)
    return GapFree(tuple(kept.tolist()), tuple(dropped.tolist()), runs)


def stretch_at(uniform: UniformTimes, timestamps_s: FloatArray, stretch: IntArray) -> IntArray:
    """Return the stretch that each sample belongs to, shape (``uniform.n``,): that of the last frame before it."""
    if uniform.exact:
        return stretch
    times_s = uniform.at_s(slice(0, uniform.n))
    place = np.searchsorted(timestamps_s, times_s + 1e-9, side="right") - 1
    return stretch[np.clip(place, 0, len(stretch) - 1)]


def span_of(valid: BoolArray) -> slice:
    """Return the samples from the first to the last one with any value; an empty slice when there is none."""
    rows = np.flatnonzero(valid.any(axis=1))
    return slice(int(rows[0]), int(rows[-1]) + 1) if len(rows) else slice(0, 0)


def numbered(file: str, parts: GapFree) -> Iterator[tuple[str, slice]]:
    """Yield a file name and the samples of every stretch; a single one keeps the plain name.

    Parameters
    ----------
    file
        The plain name.
    parts
        The stretches.
    """
    path = Path(file)
    for number, rows in enumerate(parts.runs, start=1):
        yield (f"{path.stem}_part_{number:03d}{path.suffix}" if len(parts.runs) > 1 else file), rows
